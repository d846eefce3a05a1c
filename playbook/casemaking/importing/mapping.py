"""The mapping of an import: proposed from the files, put right and confirmed by a person, kept as YAML."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from playbook.casemaking.cells import slashed
from playbook.casemaking.importing.files import Export, form_of, read_export
from playbook.casemaking.importing.sources import ACCOUNTS, COLUMNS, DEALS, REGISTRY, columns_of
from playbook.casemaking.importing.written import read_written
from playbook.cases.columns import CHANNELS, OWNERS, RIVALS
from playbook.cases.sheet import heading
from playbook.errors import PlaybookError

ASK = "?"
STAGES = ("S1", "S2", "S3", "S4", "won", "lost")
SOURCES_OF_ACCOUNTS = ("registry", "exhibition", "referral", "web")
UNITS = ("yuan", "10k")
#: How days with strokes are written: 1/31/2026 or 31/1/2026.
ORDERS = ("month first", "day first")
#: Columns of deals that hold days.
_DAYS = ("created", "closed")
#: What is said of a value of which nobody knows what it means: its cells stay empty.
UNKNOWN = "unknown"
YES_NO = ("yes", "no")
#: What a kind of file must hold.
NEEDED = {ACCOUNTS: ("name",), DEALS: ("account", "stage", "created"), REGISTRY: ()}
#: Columns that name a competitor.
_RIVALRY = ("comp_installed", "competitor")
#: Columns of accounts that hold yes or no.
FLAGS = ("need", "export", "decision_maker_known", "quote_asked")
#: field of a kind of file → what its values may become.
VALUES: dict[tuple[str, str], tuple[str, ...]] = {
    (ACCOUNTS, "source"): (*SOURCES_OF_ACCOUNTS, UNKNOWN),
    **{(ACCOUNTS, name): (*YES_NO, UNKNOWN) for name in FLAGS},
    (ACCOUNTS, "comp_installed"): (*RIVALS, "none"),
    (DEALS, "stage"): STAGES,
    (DEALS, "status"): ("won", "lost", "open"),
    (DEALS, "grade"): ("A", "B", "C", UNKNOWN),
    (DEALS, "channel"): (*CHANNELS, UNKNOWN),
    (DEALS, "competitor"): (*RIVALS, "none", UNKNOWN),
    (DEALS, "loss_reason"): ("price", "competitor", "no_decision", "timing", UNKNOWN),
    (REGISTRY, "owner_type"): (*OWNERS, UNKNOWN),
}
#: Kind of file → columns of which the mapping says what their values mean.
_ANSWERED = {
    kind: [*(name for of, name in VALUES if of == kind), *(["district"] if kind == REGISTRY else [])]
    for kind in COLUMNS
}
#: Words in a value that say what it means; the first that fits.
_MEANS = {
    "source": (
        (r"web|online|search|social|网|搜索|线上", "web"),
        (r"exhib|event|fair|trade ?show|展", "exhibition"),
        (r"refer|partner|word of mouth|介绍|推荐", "referral"),
        (r"list|import|registry|purchased|名录|导入", "registry"),
    ),
    "stage": (
        (r"^(?:closed ?won|won)$|赢单|成交", "won"),
        (r"^(?:closed ?lost|lost)$|输单|丢单|无效", "lost"),
        (r"appointment|prospecting|初步|线索", "S1"),
        (r"qualif|needs analysis|需求", "S2"),
        (r"presentation|value proposition|方案", "S3"),
        (r"decision|contract|proposal|negotiation|报价|谈判|合同", "S4"),
    ),
    "status": (
        (r"^wi?on$|^win|赢|成交", "won"),
        (r"los[et]|输|丢|无效|作废", "lost"),
        (r"open|progress|进行|跟进", "open"),
    ),
    "owner_type": (
        (r"国有|全民", "state"),
        (r"外商|外国|港澳台|中外|台港澳|外资", "foreign"),
        (r"集体", "collective"),
        (r"自然人|私营|个体|个人独资", "private"),
    ),
    "grade": tuple((rf"^(?:grade )?{one}(?:级|类|[（(].*)?$", one) for one in "ABC"),
    "channel": (
        (r"salon|沙龙|会销", "salon"),
        (r"refer|转介|推荐", "referral"),
        (r"online|web|线上|网", "online"),
        (r"partner|代理|渠道|伙伴", "partner"),
        (r"direct|直销", "direct"),
    ),
    "loss_reason": (
        (r"price|budget|expensive|价格|预算|太贵", "price"),
        (r"compet|竞", "competitor"),
        (r"timing|later|时机|暂缓|推迟", "timing"),
        (r"no (?:decision|response)|未决|无回复|没有决定", "no_decision"),
    ),
    "comp_installed": ((r"^(?:none|no|无|没有|未使用)$", "none"),),
    "competitor": ((r"^(?:none|no|无|没有)$", "none"),),
    **dict.fromkeys(
        FLAGS,
        ((r"^(?:yes|y|true|1|是|有|√)$", "yes"), (r"^(?:no|n|false|0|否|无|没有|×)$", "no")),
    ),
}
_HEADING = """# How the files become a case. Look through it, put right what is wrong, replace every ? and set confirmed: true.
# columns: what we look for, and the heading that holds it ("" where none does: the column will be absent). Your own
#   system may hold more than its makers foresee, such as who needs the product: then write its heading there.
# units: yuan, or 10k for 万元; days: month first where 1/31/2026 is a day in January, else day first. stage: S1 to S4, won, lost. status: won, lost, open. source: {sources}.
# owner_type: {owners}. competitor, comp_installed: K1 to K5, or none. grade: A, B, C.
# Where nobody knows what a value means, write unknown (not for a stage): its cells stay empty.
# district: a district of the city, where the file writes another. firms: a firm as your system calls it, and as the
#   registry does, where the two names do not agree.
"""


@dataclass(frozen=True)
class Mapped:
    """A confirmed mapping, with the files it is about.

    Attributes:
        files: kind → export. columns: kind → what we look for → heading, as it is compared.
        values: kind → field → value of the file → ours. units: of revenue, of amount, and how days are written.
        firms: a firm's name in the customer system → its name in the registry, where the two do not agree.
        region: folder with the city's public tables, where the city does not ship.
    """

    city: str
    case: str
    files: Mapping[str, Export]
    columns: Mapping[str, Mapping[str, str]]
    values: Mapping[str, Mapping[str, Mapping[str, str]]]
    units: Mapping[str, str]
    firms: Mapping[str, str] = field(default_factory=dict)
    region: str = ""

    def meaning(self, kind: str, name: str, text: str) -> str | None:
        """What a cell means in our words; None where it is empty, or nobody knows."""
        told = self.values.get(kind, {}).get(name, {}).get(text) or (guessed(name, text) if text else None)
        return None if told in (None, UNKNOWN, ASK) else told


def propose(files: Mapping[str, Path], city: str, case: str, region: Path | None = None) -> str:
    """A mapping for some files, as YAML; what cannot be known is asked for with a question mark.

    Args:
        city: a case's name, or that of a region's city.
        region: folder with the public tables of a city that does not ship.

    Raises:
        PlaybookError: a file can't be read or has no form that is known.
    """
    told: dict[str, Any] = {"confirmed": False, "city": city, "case": case}
    if region:
        told["region"] = str(region)
    units: dict[str, str] = {}
    told["files"] = {}
    read = {kind: (export := read_export(path), form_of(export, kind)) for kind, path in files.items()}
    found = {kind: columns_of(source, export.headings) for kind, (export, source) in read.items()}
    rivals = _rivals((read[kind][0], columns) for kind, columns in found.items())
    for kind, (export, source) in read.items():
        path, columns = files[kind], found[kind]
        values = {
            name: _proposed(of, name, _texts(export, columns[name]), rivals)
            for of, name in VALUES
            if of == kind and columns.get(name)
        }
        if kind == REGISTRY:
            values["district"] = {}
        units |= {ask: ASK for ask in ("revenue", "amount") if _holds(export, columns.get(ask, ""))}
        if kind == DEALS and (order := _order(export, columns)):
            units["days"] = order
        told["files"][kind] = {"file": str(path), "form": source.name, "columns": columns, "values": values}
    told["units"] = units
    if REGISTRY in files:
        told["firms"] = {}
    text = yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=110)
    return _HEADING.format(sources=", ".join(SOURCES_OF_ACCOUNTS), owners=", ".join(OWNERS)) + text


def _holds(export: Export, column: str) -> bool:
    """Whether any cell of a column says something."""
    return bool(column) and any(cells.get(heading(column)) for _number, cells in export.lines)


def _order(export: Export, columns: Mapping[str, str]) -> str:
    """How a file's days are written, by numbers that are no month; `?` if that can't be told, "" without strokes."""
    texts = (text for name in _DAYS for text in _texts(export, columns.get(name) or ""))
    pairs = [pair for text in texts if (pair := slashed(text))]
    if not pairs:
        return ""
    no_month = [any(pair[place] > 12 for pair in pairs) for place in (1, 0)]
    return ASK if no_month[0] == no_month[1] else ORDERS[no_month.index(True)]


def _texts(export: Export, column: str) -> list[str]:
    """What a column says, the commonest first."""
    counts = Counter(text for _number, cells in export.lines if (text := cells.get(heading(column), "")))
    return [text for text, _count in counts.most_common()]


def guessed(name: str, text: str) -> str | None:
    """What a value of a field says by its own words, or None."""
    for words, ours in _MEANS.get(name, ()):
        if re.search(words, text, re.IGNORECASE):
            return ours
    return None


def _rivals(read: Iterable[tuple[Export, Mapping[str, str]]]) -> dict[str, str]:
    """A code for each competitor that any column names: the same one in all of them, the file's own where it has them."""
    names = [
        text
        for export, columns in read
        for name in _RIVALRY
        if columns.get(name)
        for text in _texts(export, columns[name])
        if not guessed(name, text)
    ]
    left = iter([code for code in RIVALS if code not in names])
    return {text: text if text in RIVALS else next(left, ASK) for text in dict.fromkeys(names)}


def _proposed(kind: str, name: str, texts: Sequence[str], rivals: Mapping[str, str]) -> dict[str, str]:
    """The values of a column, the commonest first, and what each probably means: our own words mean themselves."""
    codes = rivals if name in _RIVALRY else {}
    ours = VALUES[kind, name]
    return {text: text if text in ours else guessed(name, text) or codes.get(text, ASK) for text in texts}


def read_mapping(path: Path) -> Mapped:
    """A mapping that a person has confirmed.

    Raises:
        PlaybookError: it can't be read, has words that mean nothing, is not confirmed, or still asks something: all of it
            is named at once.
    """
    told = read_written(path, COLUMNS, _ANSWERED, ("revenue", "amount", "days"))
    files = told["files"]
    columns = {
        kind: {f: heading(str(c or "")) for f, c in one["columns"].items()} for kind, one in files.items()
    }
    values = {
        kind: {
            f: {str(k): _word(v) for k, v in (all or {}).items()}
            for f, all in (one.get("values") or {}).items()
        }
        for kind, one in files.items()
    }
    firms = {str(ours): str(theirs) for ours, theirs in (told.get("firms") or {}).items()}
    units = {str(name): _word(unit) for name, unit in (told.get("units") or {}).items()}
    city, case, confirmed = str(told["city"]), str(told["case"]), told["confirmed"]
    asked = _asked(values, units)
    if asked:
        raise PlaybookError(
            f"the mapping still asks: {'; '.join(asked[:20])}",
            where=str(path),
            remedy="replace every ? there",
        )
    if confirmed is not True:
        raise PlaybookError(
            "the mapping is not confirmed", where=str(path), remedy="look through it and set confirmed: true"
        )
    exports = {
        kind: read_export(Path(str(one["file"])), tuple(columns[kind].values()))
        for kind, one in files.items()
    }
    _check_columns(columns, exports, path)
    if unsaid := _unsaid(columns, exports, values, units):
        raise PlaybookError(
            f"the mapping does not say {'; '.join(unsaid[:20])}",
            where=str(path),
            remedy="write it there, under values of that file or under units",
        )
    return Mapped(city, case, exports, columns, values, units, firms, str(told.get("region") or ""))


def check_same(mapped: Mapped, files: Mapping[str, Path], where: Path) -> None:
    """Refuse a call that names other files than the mapping: they would not be read.

    Args:
        files: kind → file that the call names. where: the mapping.

    Raises:
        PlaybookError: names each that differs.
    """
    differ = [
        f"{kind} {mapped.files[kind].path if kind in mapped.files else 'no file'}, not {path}"
        for kind, path in files.items()
        if kind not in mapped.files or mapped.files[kind].path.resolve() != path.resolve()
    ]
    if differ:
        raise PlaybookError(
            f"the mapping has {'; '.join(differ)}",
            where=str(where),
            remedy="write the file that you mean there, or delete the mapping and call again: it is proposed anew",
        )


def _word(value: object) -> str:
    """A value as it was typed: YAML takes yes and no for true and false."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _unsaid(
    columns: Mapping[str, Mapping[str, str]],
    exports: Mapping[str, Export],
    values: Mapping[str, Mapping[str, Mapping[str, str]]],
    units: Mapping[str, str],
) -> list[str]:
    """What a file says and the mapping does not, as where a heading was added or the file is a newer one."""
    unsaid = [
        f"the unit of {name}, {' or '.join(UNITS)}"
        for kind, name in ((ACCOUNTS, "revenue"), (DEALS, "amount"))
        if kind in exports and name not in units and _holds(exports[kind], columns[kind].get(name, ""))
    ]
    if DEALS in exports and "days" not in units and _order(exports[DEALS], columns[DEALS]):
        unsaid.append(f"how days are written, {' or '.join(ORDERS)}: write days there")
    for (kind, name), allowed in VALUES.items():
        if kind not in exports or not columns[kind].get(name):
            continue
        known = values.get(kind, {}).get(name, {})
        missing = [
            one
            for one in _texts(exports[kind], columns[kind][name])
            if not (one in known or guessed(name, one))
        ]
        if missing:
            more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
            unsaid.append(
                f"what {kind} {name} {', '.join(missing[:5])}{more} means: one of {', '.join(allowed)}"
            )
    return unsaid


def _asked(values: Mapping[str, Mapping[str, Mapping[str, str]]], units: Mapping[str, str]) -> list[str]:
    """What is not answered, or with a word that means nothing."""
    asked = [
        f"how days are written, {' or '.join(ORDERS)}"
        if name == "days"
        else f"the unit of {name}, {' or '.join(UNITS)}"
        for name, unit in units.items()
        if unit not in (ORDERS if name == "days" else UNITS)
    ]
    for kind, fields in values.items():
        for name, all in fields.items():
            allowed = VALUES.get((kind, name))
            wrong = [text for text, ours in all.items() if allowed and ours not in allowed]
            if wrong and allowed:
                more = f" and {len(wrong) - 5} more" if len(wrong) > 5 else ""
                asked.append(f"{kind} {name} {', '.join(wrong[:5])}{more}: one of {', '.join(allowed)}")
    return asked


def _check_columns(
    columns: Mapping[str, Mapping[str, str]], exports: Mapping[str, Export], path: Path
) -> None:
    wrong = [
        f"{export.name} has no column {column!r} for {field}"
        if column not in export.headings
        else f"{export.name} has several columns {column!r} for {field}; rename or delete those that are not meant"
        for kind, export in exports.items()
        for field, column in columns[kind].items()
        if column and (column not in export.headings or column in export.doubled)
    ]
    wrong += [
        f"{export.name} has no column for {field}, and needs one"
        for kind, export in exports.items()
        for field in NEEDED[kind]
        if not columns[kind].get(field)
    ]
    if ACCOUNTS not in exports:
        wrong.append("it names no file of accounts")
    if wrong:
        raise PlaybookError(
            f"the mapping does not fit: {'; '.join(wrong)}",
            where=str(path),
            remedy='name headings of the files, or "" where there is none and none is needed',
        )
