"""Prove help cells: they stand alone, lead somewhere, and hold nobody's answer."""

from __future__ import annotations

import ast
import types
from collections.abc import Callable, Iterator, Mapping

from playbook.authoring.help import Ran, headings_of, run_help
from playbook.authoring.leak import Secrets, numbers_in, numbers_of, public_texts, scan_text
from playbook.authoring.master import Block, HelpCell, Master
from playbook.authoring.solve import MasterRun, Solved
from playbook.errors import PlaybookError
from playbook.exercises.marking import Sealed, mark
from playbook.exercises.outcomes import Outcome
from playbook.exercises.plain import Plain

#: Names by which a cell gets at a city's figures.
_OF_A_CASE = frozenset(
    [
        "case",
        "check",
        "open_case",
        "load_case",
        "find_case",
        "read_case",
        "list_cases",
        "use_case",
        "open_exercise",
    ]
)
#: Names by which it gets at files, or hides what it does.
_OUTSIDE = frozenset(["open", "exec", "eval", "__import__"])
#: From so many digits on, a number that an answer is rounded to is no accident: of an answer that is one number, of others.
_DIGITS_OF_ONE, _DIGITS_OF_MANY = 4, 5


def without_help(master: Master) -> tuple[str, ...]:
    """Questions that should have a help cell and have none."""
    return tuple(
        block.question.id for block in master.blocks if block.question.kind.computed and not block.help
    )


def prove_help(run: MasterRun, sealed: Mapping[str, Sealed], fail: Callable[[str, str], None]) -> None:
    """Prove an exercise's help cells on one case.

    Args:
        fail: called with a question's id and what its help does not prove.
    """
    blocks = [block for block in run.master.blocks if block.help]
    if not blocks:
        return
    headings, secrets = headings_of(run.master), Secrets.of([run.master], public_texts())
    for block in blocks:
        assert block.help
        name = block.question.id
        for what in _problems(block, block.help, headings, run, sealed[name], secrets):
            fail(name, f"the help in cell {block.help.cell} {what}")


def _problems(
    block: Block,
    cell: HelpCell,
    headings: Mapping[str, str],
    run: MasterRun,
    sealed: Sealed,
    secrets: Secrets,
) -> Iterator[str]:
    if cell.see not in headings:
        listed = ", ".join(headings) or "it has no page yet"
        yield f"leads to `{cell.see}`, which is no heading of the chapter's page; there are: {listed}"
    if used := _of_a_case(cell.source):
        yield f"uses `{used}`: it must stand alone, on a small table of its own"
        return
    try:
        ran = run_help(cell, f"{run.master.path} cell {cell.cell}")
    except PlaybookError as error:
        yield f"does not run alone: {error.what}"
        return
    shown = (
        [ran.text, *(" ".join(row) for row in (ran.table.head, *ran.table.rows))] if ran.table else [ran.text]
    )
    texts = {"step": cell.step, "code": cell.source, "result": "\n".join(shown)}
    solved, city = run.solved[block.question.id], run.case.city
    for part, text in texts.items():
        if run.case.role != "worked" and city.casefold() in text.casefold():
            yield f"names {city}, a trainee's own city, in its {part}"
        for leak in scan_text(text, secrets):
            yield f"holds a line of the {leak.what.partition(': ')[2]} in its {part}: {leak.text[:60]}"
        for token in _answers_in(text, solved):
            yield f"holds the answer of {city} in its {part}: {token}"
    for what, plain in _answers_by(ran, block, solved):
        if mark(sealed, plain, run.case).outcome is Outcome.PASSED:
            yield f"has the answer of {city}: {what}"


def _of_a_case(source: str) -> str:
    """What a cell uses of a case, if anything."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:
        return ""  # running it says where
    for node in nodes:
        if isinstance(node, ast.Name) and node.id in _OF_A_CASE | _OUTSIDE:
            return node.id
        if isinstance(node, ast.Attribute) and node.attr.startswith("read_"):
            return node.attr
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("playbook.cases"):
            return node.module or ""
        if isinstance(node, ast.alias) and (
            node.name in _OF_A_CASE or node.name.startswith("playbook.cases")
        ):
            return node.name
    return ""


def _answers_by(ran: Ran, block: Block, solved: Solved) -> Iterator[tuple[str, Plain]]:
    """What a help cell worked out, as answers to its question.

    Of a question with a few answers to choose from, naming one gives nothing away. One number may stand in a table by
    accident; as the result it may not.
    """
    kind = block.question.kind
    if kind.few:
        return
    values = {"its result": ran.result}
    if not isinstance(solved.expected, (int, float)):
        values |= {
            f"`{name}`": value for name, value in ran.names.items() if not isinstance(value, types.ModuleType)
        }
    for what, value in values.items():
        if value is not None:
            yield what, kind.take(value, solved.arguments)


def _answers_in(text: str, solved: Solved) -> Iterator[str]:
    """Numbers of a text that an answer is rounded to."""
    one = isinstance(solved.expected, (int, float))
    least = _DIGITS_OF_ONE if one else _DIGITS_OF_MANY
    answers = [value for value in numbers_of(solved.expected, whole=True) if value]
    for token, number, digits in numbers_in(text):
        if digits >= least and any(f"{a:.{digits - 1}e}" == f"{number:.{digits - 1}e}" for a in answers):
            yield token
