"""What of a notebook has to run when nobody looks at what it shows: all that an answer may come from.

A released notebook also holds the course's own lines, between the questions, that show a figure, a table or a sentence.
Where only the answers are wanted, such a line need not run if nothing that runs reads what it makes. What a trainee
typed always runs, and so does a line of the course's that the trainee has changed: only whole statements at the end of
cells that stand as they were released are left out, so that an error stops a cell where it would have stopped it.

Feedback (``check("question", answer)``) is something to look at, too: in its place the answer is looked up and no more.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from playbook.parsing import parse


def _names(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


#: Functions of Python's own that change nothing.
_BUILTINS = _names(
    "abs all any bool dict enumerate float int len list max min print range reversed round set sorted str sum",
    "tuple zip",
)
#: Methods, of tables mostly, that give something new and change nothing.
_METHODS = _names(
    "abs agg assign astype clip column copy corr count crosstab cumsum day_name diff div drop dropna eq expected",
    "fillna ge groupby gt head idxmax idxmin isin isna isnull items itertuples join lt le map max mean median",
    "melt merge min mul nlargest notna nsmallest nunique pivot pivot_table prod quantile rank reindex rename",
    "rename_axis reset_index round set_index shift size sort_index sort_values std sub sum tail to_dict to_list",
    "to_numpy tolist totals unstack value_counts where values keys DataFrame Series MonthEnd Timestamp each_month",
)
#: Rooms whose functions take what they are given and change nothing of it.
_FUNCTIONS_OF = ("playbook.market", "playbook.simulator", "playbook.chapters.")
#: The same of functions in other rooms, by name.
_FUNCTIONS = {"playbook.exercises.defending": ("set_levers", "start_plan", "versions", "wind_tunnel")}
#: Functions that keep what they gave: where one was called before, the next call costs nothing.
_KEEPING = _names(
    "ahp_weights bench_supply best_selection best_sequence business_reference_value clean_phones cluster_profiles",
    "entry_indicators fit_sbg gate_numbers industry_table launch_ratios like_for_like moving_rates pairs_of",
    "ramp_table rise_before rival_field similarity simulate",
)
#: What reads or changes names without naming them, or looks at what was run and shown.
_NAMELESS = _names(
    "eval exec globals locals vars dir compile get_ipython __import__ __main__ setattr delattr sys inspect gc",
    "importlib IPython builtins ctypes In Out _ __ ___ _i _ii _iii _oh _ih _dh",
)
#: What tells how a cell is run: where an error stands in it, what it was called through, what runs beside it.
_TELLING = _names("asyncio traceback linecache logging tracemalloc breakpoint pdb")
_COUNTED = re.compile(r"_i?\d+\Z")
_WORD = re.compile(r"[^\W\d]\w*")
#: What may read the notes that `check` keeps.
_READS_NOTES = frozenset(("open", "Path", "pathlib", "io", "os"))
_CHECK = "check"
#: Characters of source: a longer notebook is made to hurt, and runs whole.
_MOST_CHARS = 200_000

_HARMLESS = (
    ast.Expr, ast.Assign, ast.If, ast.For, ast.Pass,
    ast.Name, ast.Constant, ast.Attribute, ast.Subscript, ast.Slice, ast.Starred, ast.keyword,
    ast.List, ast.Tuple, ast.Set, ast.Dict, ast.JoinedStr, ast.FormattedValue,
    ast.BinOp, ast.BoolOp, ast.UnaryOp, ast.Compare, ast.IfExp, ast.Call, ast.Lambda, ast.arguments, ast.arg,
    ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.comprehension,
    ast.expr_context, ast.operator, ast.boolop, ast.unaryop, ast.cmpop,
)  # fmt: skip


@dataclass(frozen=True)
class _Statement:
    """One statement of a cell.

    Attributes:
        start: where it begins in the cell's source, in characters.
        end: where it ends.
        reads: names that it may read.
        binds: names that it gives a value, or whose value it changes.
        passing: names that it reads and that mean something in the statement alone.
        calls: names that it calls, and that must mean what they meant in the release.
        harmless: it does nothing but that.
        writes: it may write into something that is not the cell's own.
        asks: arguments of its call of `check`, where it is only that; else "".
    """

    start: int
    end: int
    reads: frozenset[str]
    binds: frozenset[str]
    passing: frozenset[str]
    calls: frozenset[str]
    harmless: bool
    writes: bool
    asks: str = ""


@dataclass(frozen=True)
class _Cell:
    """A cell taken apart.

    Attributes:
        source: as handed in.
        statements: None where it is no Python.
        words: names, attributes and modules that it speaks of; all its words where it is no Python.
        imports: names that it imports from where functions change nothing.
        nameless: whether it may read names that cannot be seen in it.
        keeps_notes: whether it may read what `check` notes.
    """

    source: str
    statements: tuple[_Statement, ...] | None
    words: frozenset[str]
    imports: frozenset[str]
    nameless: bool
    keeps_notes: bool


def only_needed(
    cells: Sequence[tuple[int, str]], given: Collection[str], answers: Collection[str], beginning: int = 0
) -> dict[int, str]:
    """What runs in place of cells, by their index, where only answers are wanted; cells that run whole are left out.

    Args:
        cells: index and source of each code cell, as handed in.
        given: sources of the course's own cells, as released.
        answers: names of the variables to take out.
        beginning: cells that run whole in any case, because many notebooks begin with them.
    """
    read = _read_all(cells)
    if read is None or any(cell.nameless for cell in read):
        return {}
    own = [cell for cell, (_index, source) in zip(read, cells, strict=True) if source not in given]
    functions = _BUILTINS.union(*(cell.imports for cell in read if cell.source in given))
    functions -= {name for cell in own for name in _bound(cell)}
    quiet = _check_is_only_asked(read)
    kept = [
        len(cell.statements or ()) if source not in given or place < beginning or cell.statements is None
        else _least(cell.statements, functions)
        for place, (cell, (_index, source)) in enumerate(zip(read, cells, strict=True))
    ]  # fmt: skip
    _keep_what_is_read(read, kept, set(answers))
    found = {}
    for place, (cell, (index, source)) in enumerate(zip(read, cells, strict=True)):
        if place >= beginning and cell.statements is not None:
            needed = _text(cell, kept[place], quiet)
            if needed != source:
                found[index] = needed
    return found


def runs_directly(cells: Sequence[tuple[int, str]]) -> bool:
    """Whether a notebook's cells may be run all at once and as plain Python, because it cannot tell the difference.

    It reads nothing of what was run and shown, nor where an error came from, and leaves no tasks to run between cells.

    Args:
        cells: index and source of each code cell, as handed in.
    """
    read = _read_all(cells)
    return read is not None and not any(cell.nameless or cell.words & _TELLING for cell in read)


def ahead(given: Sequence[str], beginning: int) -> tuple[str, ...]:
    """What can be run before any notebook comes, for what functions keep of it.

    Of the course's own cells after the beginning, the statements that follow from it and from each other alone, as far as
    functions that keep what they gave are called in them, or need what they bind.

    Args:
        given: sources of the course's own cells, in order. beginning: how many every notebook begins with.

    Returns:
        Sources to run one after the other, with tables of their own: they may write into them.
    """
    read = [_read(source) for source in given]
    functions = _BUILTINS.union(*(cell.imports for cell in read))
    known = functions.union(*(_bound(cell) for cell in read[:beginning]))
    following: list[tuple[_Cell, _Statement]] = []
    for cell in read[beginning:]:
        for one in cell.statements or ():
            if one.harmless and one.calls <= functions and one.reads <= known | one.binds | one.passing:
                following.append((cell, one))
                known |= one.binds
            else:
                known -= one.binds
    wanted: set[str] = set()
    chosen = []
    for cell, one in reversed(following):
        if one.calls & _KEEPING or one.binds & wanted:
            wanted |= one.reads
            chosen.append(cell.source[one.start : one.end])
    return tuple(reversed(chosen))


def _read_all(cells: Sequence[tuple[int, str]]) -> list[_Cell] | None:
    """Every cell taken apart, or nothing where that is too much."""
    if sum(len(source) for _index, source in cells) > _MOST_CHARS:
        return None
    return [_read(source) for _index, source in cells]


def _keep_what_is_read(read: Sequence[_Cell], kept: list[int], live: set[str]) -> None:
    """Keep more statements of each cell until every name that is read has all that gives it a value."""
    counted = [0] * len(read)
    changed = True
    while changed:
        changed = False
        for place, cell in enumerate(read):
            if cell.statements is None:
                live |= cell.words
                continue
            for statement in cell.statements[counted[place] : kept[place]]:
                changed |= not statement.reads <= live
                live |= statement.reads
            counted[place] = kept[place]
            for at in range(len(cell.statements) - 1, kept[place] - 1, -1):
                if not cell.statements[at].binds.isdisjoint(live):
                    kept[place], changed = at + 1, True
                    break


def _text(cell: _Cell, kept: int, quiet: bool) -> str:
    """A cell's first statements as they stand in it, with feedback that is only asked for left out."""
    assert cell.statements is not None
    if not kept:
        return ""
    statements = cell.statements[:kept]
    text, at = [], 0
    for statement in statements:
        if quiet and statement.asks:
            text += [cell.source[at : statement.start], statement.asks]
            at = statement.end
    whole = kept == len(cell.statements)
    return "".join([*text, cell.source[at:] if whole else cell.source[at : statements[-1].end]])


def _least(statements: Sequence[_Statement], functions: frozenset[str]) -> int:
    """How many statements of a given cell run in any case: all up to the last that does more than bind and show."""
    for at in range(len(statements) - 1, -1, -1):
        one = statements[at]
        if one.writes or not (one.harmless and one.calls <= functions):
            return at + 1
    return 0


def _check_is_only_asked(read: Sequence[_Cell]) -> bool:
    """Whether nothing depends on what `check` does: it is bound once, and then called in lines of its own."""
    bound = 0
    for cell in read:
        if cell.keeps_notes or (cell.statements is None and _CHECK in cell.words):
            return False
        for statement in cell.statements or ():
            bound += _CHECK in statement.binds
            if _CHECK in statement.reads and not statement.asks:
                return False
    return bound == 1 and _CHECK in _bound(read[0])


def _bound(cell: _Cell) -> frozenset[str]:
    if cell.statements is None:
        return cell.words
    return frozenset().union(*(statement.binds for statement in cell.statements))


@functools.lru_cache(maxsize=2048)
def _read(source: str) -> _Cell:
    try:
        tree = (
            None if "\f" in source or "\r" in source else parse(source)
        )  # lines that Python counts otherwise
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        tree = None
    if tree is None:
        words = frozenset(_WORD.findall(source))
        magic = any(sign in source for sign in "%!?")
        return _Cell(
            source, None, words, frozenset(), magic or _nameless(words), not words.isdisjoint(_READS_NOTES)
        )
    lines = _Lines(source)
    made, words, imports = set[str](), set[str](), set[str]()
    statements = tuple(_statement(node, lines, made, words) for node in tree.body)
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            all_of, some_of = (
                f"{node.module}.".startswith(_FUNCTIONS_OF),
                _FUNCTIONS.get(node.module or "", ()),
            )
            imports.update(one.asname or one.name for one in node.names if all_of or one.name in some_of)
    notes = "exercises" in words or not words.isdisjoint(_READS_NOTES)
    return _Cell(source, statements, frozenset(words), frozenset(imports), _nameless(words), notes)


def _nameless(words: Collection[str]) -> bool:
    return not _NAMELESS.isdisjoint(words) or any(map(_COUNTED.match, words))


class _Lines:
    """A source's lines, to find out where a node stands in it."""

    def __init__(self, source: str):
        self.source, self.lines = source, source.split("\n")
        self.begins = [0]
        for line in self.lines:
            self.begins.append(self.begins[-1] + len(line) + 1)

    def place(self, line: int, column: int) -> int:
        """Characters before a place that Python gives as line and bytes."""
        text = self.lines[line - 1]
        return self.begins[line - 1] + (column if text.isascii() else len(text.encode()[:column].decode()))

    def alone(self, node: ast.stmt) -> bool:
        """Whether a statement shares its lines with no other."""
        rest = self.lines[node.end_lineno - 1].encode()[node.end_col_offset :].decode().strip()  # type: ignore[operator]
        return node.col_offset == 0 and (not rest or rest.startswith("#"))


def _statement(node: ast.stmt, lines: _Lines, made: set[str], words: set[str]) -> _Statement:
    """One statement taken apart.

    Args:
        made: names to which the cell itself has given something new, so that to change it changes nothing else; follows.
        words: names, attributes and modules that the cell speaks of; follows.
    """
    start = lines.place(node.lineno, node.col_offset)
    end = lines.place(node.end_lineno or 0, node.end_col_offset or 0)
    reads, binds, calls, strings = set[str](), set[str](), set[str](), list[str]()
    inner, passing = set[int](), set[str]()
    harmless, writes = True, False
    for part in ast.walk(node):
        harmless = harmless and isinstance(part, _HARMLESS)
        if isinstance(part, ast.Name):
            words.add(part.id)
            if not isinstance(part.ctx, ast.Store):
                reads.add(part.id)
            else:
                (passing if id(part) in inner else binds).add(part.id)
        elif isinstance(part, (ast.Attribute, ast.Subscript)):
            if isinstance(part, ast.Attribute):
                words.add(part.attr)
            if not isinstance(part.ctx, ast.Load):
                binds.add(root := _root(part))
                writes = writes or root not in made
        elif isinstance(part, ast.Call):
            harmless = _only_gives(part, calls) and harmless
        elif isinstance(part, ast.Constant):
            if isinstance(part.value, str):
                strings.append(part.value)
        elif isinstance(part, ast.comprehension):  # walked before its own names
            inner.update(id(name) for name in ast.walk(part.target))
        elif isinstance(part, ast.AugAssign):
            reads.add(_root(part.target))
        else:
            _note_rare(part, binds, words)
    if "query" in words:
        reads.update(word for text in strings for word in _WORD.findall(text))
    made -= binds
    if isinstance(node, ast.Assign):
        new, still = _is_new(node.value), not writes  # what it writes into was new before
        made |= {target.id for target in node.targets if isinstance(target, ast.Name) and new}
        made |= {_root(target) for target in node.targets if isinstance(target, ast.Subscript) and still}
    asks = _asks(node) if lines.alone(node) else ""
    sets = map(frozenset, (reads, binds, passing, calls))
    return _Statement(start, end, *sets, harmless, writes, asks)


def _note_rare(part: ast.AST, binds: set[str], words: set[str]) -> None:
    """What binds a name otherwise than by an assignment."""
    if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        binds.add(part.name)
    elif isinstance(part, (ast.Import, ast.ImportFrom)):
        binds.update((alias.asname or alias.name).partition(".")[0] for alias in part.names)
        names = [*(alias.name for alias in part.names), getattr(part, "module", None) or ""]
        words.update(word for name in names for word in name.split("."))
    elif isinstance(part, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and part.name:
        binds.add(part.name)


def _is_new(value: ast.expr) -> bool:
    """Whether what an expression gives is nobody else's: a result, chosen columns or rows, a table of the case."""
    if isinstance(value, ast.Attribute):
        return isinstance(value.value, ast.Name) and value.value.id == "case"
    if isinstance(value, ast.Subscript):
        return isinstance(value.slice, (ast.List, ast.Compare))
    return isinstance(
        value, (ast.Call, ast.BinOp, ast.Compare, ast.List, ast.Dict, ast.ListComp, ast.DictComp)
    )


def _root(node: ast.expr) -> str:
    """The name that a chain of dots and brackets begins with, or nothing."""
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _only_gives(call: ast.Call, calls: set[str]) -> bool:
    """Whether a call is of a method that changes nothing, or of a function that is then in `calls`."""
    if isinstance(call.func, ast.Name):
        calls.add(call.func.id)
        return True
    changes = any(keyword.arg in (None, "inplace") for keyword in call.keywords)
    return isinstance(call.func, ast.Attribute) and call.func.attr in _METHODS and not changes


def _asks(node: ast.stmt) -> str:
    """What stands in the place of a call of `check`: its arguments are looked up as they would be."""
    call = node.value if isinstance(node, ast.Expr) else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id != _CHECK:
        return ""
    if (
        call.keywords
        or not call.args
        or not all(isinstance(one, (ast.Name, ast.Constant)) for one in call.args)
    ):
        return ""
    return f"if [{', '.join(map(ast.unparse, call.args))}]: pass"
