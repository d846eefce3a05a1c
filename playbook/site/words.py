"""The catalogue of what the kit says: gather its sentences, compile translations, hand them to scripts.

    python -m playbook.site.words           # gather anew, and tell what is new and what is gone (make words)

``playbook/locale/playbook.pot`` lists every sentence with the place where it is said. A translation stands
in ``playbook/locale/<code>/LC_MESSAGES/playbook.po``; gathering brings it up to date and compiles it.
"""

from __future__ import annotations

import functools
import gettext
import io
import json
import re
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from playbook.errors import PlaybookError
from playbook.places import course_root
from playbook.words import DOMAIN, catalogue

#: The catalogue without a translation, and the folder beside it that holds the languages.
TEMPLATE = Path("playbook") / "locale" / f"{DOMAIN}.pot"
#: How sentences are marked; the numbers say which arguments are text, c which is the context.
KEYWORDS: dict[str, Any] = {
    "_": None,
    "N_": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "say": None,
    "sayMany": (1, 2),
}
_HEADER = """# What the kit says, in English. Made by `make words`; do not edit.
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

"""
#: What a plural rule may be made of before it is handed to a script.
_RULE = re.compile(r"plural\s*=\s*([n0-9\s()?:&|!=<>%+*/-]+)")


def gather(root: Path) -> Catalog:
    """Every sentence of a checkout, as `[tool.babel]` in pyproject.toml says where to look."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    methods = [(one["pattern"], one["method"]) for one in project["tool"]["babel"]["mappings"]]
    found = Catalog(project=project["project"]["name"], charset="utf-8", fuzzy=False)
    for folder in ("playbook", "book/_static"):
        for file, line, said, notes, context in extract_from_dir(
            root / folder, methods, keywords=KEYWORDS, comment_tags=("Words:",)
        ):
            place = f"{folder}/{Path(file).as_posix()}"
            found.add(said, locations=[(place, line)], auto_comments=notes, context=context)
    return found


def template_text(found: Catalog) -> str:
    """The text of the catalogue's file: by the place where a sentence is said, without what changes each time."""
    stream = io.BytesIO()
    write_po(stream, found, omit_header=True, include_lineno=False, sort_by_file=True, width=0)
    return _HEADER + stream.getvalue().decode("utf-8")


def key_of(message: Message) -> tuple[str, str]:
    """What tells messages apart: the sentence, and what is meant by it."""
    return (message.id if isinstance(message.id, str) else message.id[0]), message.context or ""


def read(path: Path, code: str | None = None) -> Catalog:
    """A catalogue from its file."""
    with path.open("rb") as stream:
        return read_po(stream, locale=code)


def translations(root: Path) -> Iterator[tuple[str, Path]]:
    """The languages there are: the code and the file of each."""
    for path in sorted((root / TEMPLATE).parent.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        yield path.parents[1].name, path


def update(root: Path, tell: Callable[[str], None] = print) -> None:
    """Gather the sentences anew, bring every translation up to date and compile it; tell what changed."""
    found = gather(root)
    path = root / TEMPLATE
    before = {key_of(one) for one in read(path) if one.id} if path.is_file() else set()
    now = {key_of(one) for one in found if one.id}
    for sign, keys in (("new ", now - before), ("gone", before - now)):
        for sentence, context in sorted(keys):
            tell(f"{sign} {sentence!r}" + (f" ({context})" if context else ""))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(template_text(found), encoding="utf-8")
    tell(f"{len(now)} messages in {TEMPLATE}")
    template = read(path)
    for code, po in translations(root):
        translated = read(po, code)
        translated.update(template, no_fuzzy_matching=True)
        with po.open("wb") as stream:
            write_po(stream, translated, width=0, ignore_obsolete=True)
        with po.with_suffix(".mo").open("wb") as stream:
            write_mo(stream, translated)
        open_ = sum(1 for one in translated if one.id and not one.string)
        tell(f"{code}: {open_} of {len(now)} messages wait for a translation")


@functools.cache
def _said_by_scripts() -> tuple[tuple[str, ...], ...]:
    """The sentences of the site's scripts, each with its plural if it has one."""
    package = Path(__file__).resolve().parents[1]
    scripts = [*package.rglob("*.js"), *(package.parent / "book" / "_static").glob("*.js")]
    found = set()
    for script in scripts:
        with script.open("rb") as stream:
            for _line, said, _notes, _context in extract("javascript", stream, KEYWORDS):
                found.add((said,) if isinstance(said, str) else tuple(said))
    return tuple(sorted(found))


def script() -> str:
    """``say.js`` with the catalogue of the language that is spoken."""
    text = Path(__file__).with_name("say.js").read_text(encoding="utf-8")
    text = re.sub(r"^//.*\n", "", text, flags=re.MULTILINE)
    spoken = catalogue()
    if spoken is None:
        return text
    return text.replace("var catalogue = {};", f"var catalogue = {_for_script(spoken)};")


def _for_script(spoken: gettext.NullTranslations) -> str:
    rule = _RULE.search(spoken.info().get("plural-forms", ""))
    plural = rule[1].strip() if rule else "n != 1"
    several = [n for n in range(1000) if n != 1]
    messages: dict[str, str | list[str]] = {}
    for one, *many in _said_by_scripts():
        if many:
            forms = _forms(spoken, one, many[0], [1, *several])
            if forms != [one, many[0]]:
                messages[one] = forms
        elif (said := spoken.gettext(one)) != one:
            messages[one] = said
    text = json.dumps(messages, ensure_ascii=False).replace("<", "\\u003c")
    return f"{{ plural: function (n) {{ return Number({plural}); }}, messages: {text} }}"


def _forms(spoken: gettext.NullTranslations, one: str, many: str, counts: list[int]) -> list[str]:
    """The forms of a sentence by the number of each, as far as small counts ask for them."""
    place = getattr(spoken, "plural", lambda n: int(n != 1))
    forms: Mapping[int, str] = {place(n): spoken.ngettext(one, many, n) for n in counts}
    return [forms.get(number, many) for number in range(max(forms) + 1)]


if __name__ == "__main__":
    try:
        update(course_root("pyproject.toml"))
    except PlaybookError as error:
        sys.exit(f"Error {error}")
