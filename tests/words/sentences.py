"""Find what speaks to people and bypasses the catalogue, in Python, JavaScript and HTML."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from babel.messages.jslexer import tokenize

#: Functions that take a sentence to the catalogue.
MARKERS = {"_", "N_", "ngettext", "pgettext"}
JS_MARKERS = {"say", "sayMany"}
#: What shows its text to people, even one word of it: calls by which arguments are text, and keywords.
SHOWING = {
    "PlaybookError": (0,),
    "NoteView": (0,),
    "Problem": (1,),
    "Constraint": (2,),
    "set_title": (0,),
    "set_xlabel": (0,),
    "set_ylabel": (0,),
    "suptitle": (0,),
}
SHOWN = {"description", "tooltip", "remedy", "label"}
#: Calls whose texts are for programs or for those who program.
SILENT = {"lazy_names", "ValueError", "TypeError", "AttributeError", "RuntimeError", "compile"}
_WORD = re.compile(r"[\W\d_]*[^\W\d_]{2,}(?:[’'-]\w+)*[\W_]*")
_TAG = re.compile(r"<[^<>]*>")
_SPOKEN_ATTRIBUTE = re.compile(r'(?:aria-label|alt|title|placeholder)=(?:"([^"]*)"|\'([^\']*)\')')


@dataclass(frozen=True)
class Sentence:
    """Something that reads as said to people: where it stands, what encloses it, and its text."""

    line: int
    within: str
    text: str


def speaks(text: str, least: int = 2) -> bool:
    """Whether a text reads as words to people: at least so many of them, tags and styles left out."""
    attributes = ["".join(found) for found in _SPOKEN_ATTRIBUTE.findall(text)]
    plain = " ".join([_TAG.sub(" ", text), *attributes])
    if ("<" in plain and ">" not in plain) or re.search(r"[\w-]+:[^\s;]+;|\\[wsdb]|\(\?", plain):
        plain = " ".join(attributes)  # the beginning of a tag, a style, a pattern
    words = [word for word in plain.replace("{}", " ").split() if not set(word) & set("=/_|")]
    return sum(bool(_WORD.fullmatch(word)) for word in words) >= least


def in_python(source: str) -> Iterator[Sentence]:
    """Texts of Python code that bypass the catalogue."""
    yield from _Python().look(ast.parse(source))


class _Python:
    def __init__(self) -> None:
        self._names: list[str] = []

    def look(self, node: ast.AST, least: int = 2) -> Iterator[Sentence]:
        text = text_of(node)
        if text is not None:
            if speaks(text, least):
                yield Sentence(node.lineno, ".".join(self._names), text)
            for part in getattr(node, "values", ()):
                if isinstance(part, ast.FormattedValue):
                    yield from self.look(part.value)
        elif isinstance(node, ast.Call):
            yield from self._call(node)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module):
            named = not isinstance(node, ast.Module)
            if named:
                self._names.append(node.name)
            for child in ast.iter_child_nodes(node):
                if not (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)):
                    yield from self.look(child)
            if named:
                self._names.pop()
        elif isinstance(node, ast.IfExp):
            yield from self.look(node.test)
            yield from self.look(node.body, least)
            yield from self.look(node.orelse, least)
        else:
            for child in ast.iter_child_nodes(node):
                yield from self.look(child)

    def _call(self, node: ast.Call) -> Iterator[Sentence]:
        name = called(node)
        if name in MARKERS or name in SILENT:
            return
        yield from self.look(node.func)
        for place, argument in enumerate(node.args):
            yield from self.look(argument, 1 if place in SHOWING.get(name, ()) else 2)
        for keyword in node.keywords:
            yield from self.look(keyword.value, 1 if keyword.arg in SHOWN else 2)


def called(node: ast.Call) -> str:
    """The name of what is called."""
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def text_of(node: ast.AST) -> str | None:
    """The text of a string, with {} where an f-string has a value; None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


def misuses(source: str) -> Iterator[Sentence]:
    """Marked sentences that cannot be translated: built at run time, said at import, inside an f-string, hidden."""
    tree = ast.parse(source)
    marks = {node for node in ast.walk(tree) if isinstance(node, ast.Call) and called(node) in MARKERS}
    for node in marks:
        if any(isinstance(argument, ast.JoinedStr | ast.BinOp) for argument in node.args):
            yield Sentence(node.lineno, "built", ast.unparse(node))
    for outer in ast.walk(tree):
        if isinstance(outer, ast.JoinedStr):
            for node in ast.walk(outer):
                if node in marks and isinstance(node.args[0], ast.Constant):
                    yield Sentence(node.lineno, "inside an f-string", ast.unparse(node))
    for node in _at_import(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in MARKERS - {"N_"}
        ):
            yield Sentence(node.lineno, "said at import", ast.unparse(node))
    if any(node.func.id == "_" for node in marks if isinstance(node.func, ast.Name)):
        for node in ast.walk(tree):
            bound = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id == "_"
            if bound or (isinstance(node, ast.arg) and node.arg == "_"):
                yield Sentence(node.lineno, "hidden", "_")


def _at_import(node: ast.AST) -> Iterator[ast.AST]:
    """What runs when a module is imported: everything but the bodies of functions."""
    for name, value in ast.iter_fields(node):
        if name == "body" and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield child
                yield from _at_import(child)


def in_javascript(source: str) -> Iterator[Sentence]:
    """Texts of a script that bypass the catalogue."""
    open_, marked, before = 0, [], ""
    for token in tokenize(source, jsx=False):
        if token.type in ("linecomment", "multilinecomment", "whitespace"):
            continue
        if token.value == "(":
            open_ += 1
            if before in JS_MARKERS:
                marked.append(open_)
        elif token.value == ")":
            if marked and marked[-1] == open_:
                marked.pop()
            open_ -= 1
        elif token.type in ("string", "template_string") and not marked:
            text = re.sub(r"\$\{[^{}]*\}", "{}", token.value[1:-1])
            if speaks(text):
                yield Sentence(token.lineno, "", text)
        before = token.value


def in_html(source: str) -> Iterator[Sentence]:
    """Texts of a page's template that bypass the catalogue; {{ … }} and what code puts for $… go through it."""
    parser = _Page()
    parser.feed(re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\$\w+", "", source, flags=re.DOTALL))
    yield from parser.found


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Sentence] = []
        self._code = False

    def _note(self, text: str) -> None:
        if speaks(text, 1):
            self.found.append(Sentence(self.getpos()[0], "", text.strip()))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._code = tag in ("script", "style")
        for name, value in attributes:
            if name in ("alt", "aria-label", "title", "placeholder"):
                self._note(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._code = False

    def handle_data(self, data: str) -> None:
        if not self._code:
            self._note(data)
