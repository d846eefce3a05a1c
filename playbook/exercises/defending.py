"""The tools of chapter 13 in a notebook: begin a plan from own answers, defend it, look at its versions."""

from __future__ import annotations

import contextlib
import html
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from playbook.chapters.defence.answers import Plan as Answers
from playbook.chapters.defence.city import City as Facts
from playbook.chapters.defence.finding import Finding, Severity
from playbook.chapters.defence.levers import SAID, Lever, levers_of, set_levers, sign
from playbook.chapters.defence.rules import Checked, check_plan
from playbook.chapters.defence.trial import city_of, ends_known, run_of, simulated, wind_tunnel
from playbook.chapters.defence.why import Cost, dearest
from playbook.chapters.summing import share
from playbook.errors import PlaybookError
from playbook.exercises.answers import keep_version, own_answers, read_versions
from playbook.exercises.check import RECORD
from playbook.exercises.defence import plan_of
from playbook.exercises.plain import to_plain
from playbook.exercises.seal_files import read_seals
from playbook.exercises.view import marked_up
from playbook.simulator import Plan, by_the_book, f_company, naive, plan_from
from playbook.words import _, ngettext

__all__ = ["defend", "set_levers", "sign", "start_plan", "versions", "wind_tunnel"]

#: The exercise in which a plan is defended, and the question that asks for it.
EXERCISE, QUESTION = "13-defence", "plan"
#: Findings that are shown at most; the others are counted.
_MOST_FINDINGS = 8
#: What is said while levers are tried, by what is done.
_TRIED = {
    "levers": lambda: _("{done} of {total} levers tried"),
    "closely": lambda: _("{done} of {total} levers tried closely"),
}


class Shown:
    """What a tool says, as text and as HTML."""

    def __init__(self, text: str, page: str):
        self._text, self._page = text, page

    def __repr__(self) -> str:
        return self._text

    def _repr_html_(self) -> str:
        return self._page


def start_plan(case: Any) -> Shown:
    """A plan to begin with: each lever from your own answers, else borrowed from the plan by the book.

    Returns:
        A table of levers, values and where each is from, and below it the text to copy into the next cell.
    """
    levers = levers_of(_own(case), Facts(case), by_the_book(city_of(case)))
    text = plan_text(levers)
    rows = [(f"`{one.name}`", _(SAID[one.name]), _listed(one.value), _from(one)) for one in levers]
    borrowed = sum(one.chapter is None for one in levers)
    counted = ngettext(
        "{count} lever is borrowed from the plan by the book.",
        "{count} levers are borrowed from the plan by the book.",
        borrowed,
    ).format(count=borrowed)
    names = (_("Lever"), _("What it is"), _("Value"), _("Where from"))
    copy = _("Copy this, from the first bracket to the last:")
    page = f"{_table(names, rows)}<p>{_html(counted)}</p><p>{_html(copy)}</p><pre>{html.escape(text)}</pre>"
    return Shown(f"{counted}\n{copy}\n{text}", page)


def plan_text(levers: Sequence[Lever]) -> str:
    """Levers as a dictionary to paste, a line each, with where it is from behind it."""
    lines = [f'    "{one.name}": {one.value!r},  # {_from(one)}' for one in levers]
    return "\n".join(["{", *lines, "}"])


def _from(one: Lever) -> str:
    if one.chapter is None:
        return _("borrowed")
    return _("your chapter {chapter}").format(chapter=one.chapter)


def _listed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def defend(case: Any, plan: Any = ..., signed: Any = ..., why: str = "") -> Shown:
    """Hold a plan against the rules and, if none stops it, run it; the version is kept with its reason.

    Only where somebody looks at it: a grader runs the plan itself, outside the notebook.

    Args:
        plan: the levers. signed: from `sign`. why: what you changed, and why, in a sentence.
    """
    if not _live():
        return _note(_("The plan is run when it is graded."))
    return defence_of(case, plan, signed, why)


def _live() -> bool:
    """Whether this runs in somebody's notebook."""
    shell = sys.modules.get("IPython")
    return bool(shell and shell.get_ipython()) and not os.environ.get("PLAYBOOK_CASE")


def defence_of(case: Any, plan: Any, signed: Any, why: str = "") -> Shown:
    """What :func:`defend` shows."""
    if plan is ... or signed is ...:
        return _note(_("Answer the questions `plan` and `signed` first; then run this cell again."))
    try:
        levers = plan_from(plan)
        run_of(case, levers)
    except PlaybookError as error:
        return _note(f"{error.where}: {error.what}. {error.remedy}")
    answers = _own(case, plan, signed)
    ends = ends_of_check(case)
    run = simulated(case, levers, ends) if ends else None
    checked = check_plan(answers, case, run)
    said = _verdict(checked)
    if not checked.may_run:
        _keep(case, levers, why, None, checked)
        return Shown(*said)
    gap = run.gap_share if run else None
    _keep(case, levers, why, gap, checked)
    parts = [said, _ran(case, levers, gap)]
    if ends and run:
        parts.append(_why(dearest(case, levers, by_the_book(city_of(case)), ends, tell=_Progress())))
    return Shown("\n\n".join(text for text, _page in parts), "".join(page for _text, page in parts))


def ends_of_check(case: Any) -> Mapping[str, Any] | None:
    """The ends of the gap that the check holds a plan against, from the seals; else the frozen ones, if any are."""
    seals = read_seals(EXERCISE, case)
    sealed = seals[0].get(QUESTION) if seals else None
    return (sealed.expected.get("given") if sealed else None) or ends_known(case)


def versions(case: Any) -> Shown:
    """The versions of your plan so far, each with its reason and the share of the gap that it closes."""
    kept = read_versions(Path(RECORD), *_whose(case), EXERCISE)
    if not kept:
        return _note(_("No version is kept yet: run `defend(case, plan, signed, why=...)` first."))
    rows = [
        (
            str(number),
            one.get("why") or _("no reason given"),
            _("stopped by a rule") if one.get("share") is None else share(one["share"]),
            ", ".join(f"{name}" for name in one.get("changed", [])) or "–",
        )
        for number, one in enumerate(kept, start=1)
    ]
    names = (_("Version"), _("Why"), _("Share of the gap"), _("Levers changed"))
    return Shown("\n".join(" · ".join(row) for row in rows), _table(names, rows))


def _whose(case: Any) -> tuple[str, str]:
    from playbook.cases.draw import current_trainee

    return current_trainee(), case.name


def _own(case: Any, plan: Any = None, signed: Any = None) -> Answers:
    """The answers that stand beside the notebook, and those of this chapter as they stand now."""
    noted = (own_answers(Path(RECORD), *_whose(case)) or {}).get("answers", {})
    chapters = {name: int(name[:2]) for name in noted if name[:2].isdigit()}
    fresh = (
        {"signed": {"answer": to_plain(dict(signed)), "outcome": ""}} if isinstance(signed, Mapping) else {}
    )
    if fresh:
        noted = {**noted, EXERCISE: {**noted.get(EXERCISE, {}), **fresh}}
        chapters[EXERCISE] = int(EXERCISE[:2])
    return plan_of(noted, chapters)


def _keep(case: Any, levers: Plan, why: str, gap: float | None, checked: Checked) -> None:
    trainee, name = _whose(case)
    before = read_versions(Path(RECORD), trainee, name, EXERCISE)
    old = before[-1]["plan"] if before else {}
    new = levers.as_dict()
    version = {
        "plan": new,
        "why": str(why)[:300],
        "share": gap,
        "stops": [one.rule for one in checked.of(Severity.STOP)],
        "changed": [one for one in new if before and old.get(one) != new[one]],
    }
    with contextlib.suppress(OSError, PlaybookError):
        keep_version(Path(RECORD), trainee, name, EXERCISE, version)


def _verdict(checked: Checked) -> tuple[str, str]:
    """What the rules say: stops, warnings, notes, and what waits; a screenful."""
    counts = _(
        "The rules: {stops} stop, {warns} warn, {notes} note, {kept} are kept, {waiting} wait."
    ).format(
        stops=len(checked.of(Severity.STOP)),
        warns=len(checked.of(Severity.WARN)),
        notes=len(checked.of(Severity.NOTE)),
        kept=len(checked.kept),
        waiting=len(checked.waiting),
    )
    lines = [_finding(one) for one in checked.findings[:_MOST_FINDINGS]]
    if len(checked.findings) > _MOST_FINDINGS:
        lines.append(_("… and {more} more.").format(more=len(checked.findings) - _MOST_FINDINGS))
    chapters = sorted({one.chapter for one in checked.waiting if one.question})
    if chapters:
        lines.append(
            ngettext(
                "Answers are missing or cannot be read in chapter {chapters}; rules wait for them.",
                "Answers are missing or cannot be read in chapters {chapters}; rules wait for them.",
                len(chapters),
            ).format(chapters=", ".join(map(str, chapters)))
        )
    if not checked.may_run:
        lines.append(_("Your plan is not run before nothing stops it."))
    items = "".join(f"<li>{_html(line)}</li>" for line in lines)
    return "\n".join([counts, *lines]), f"<p><strong>{_html(counts)}</strong></p><ul>{items}</ul>"


def _finding(one: Finding) -> str:
    return _("**{severity}** (rule {rule}, chapter {chapter}): {message} {remedy}").format(
        severity=one.severity.word, rule=one.rule, chapter=one.back_to, message=one.message, remedy=one.remedy
    )


def _ran(case: Any, levers: Plan, gap: float | None) -> tuple[str, str]:
    from playbook.chapters.defence.run_figure import run_figure
    from playbook.figures.style import to_img

    city = city_of(case)
    plans = {"own": levers, "naive": naive(city), "f": f_company(city)}
    runs = {name: run_of(case, one) for name, one in plans.items()}
    mean = runs["own"].totals().mean()
    told = _(
        "In the mean of 40 runs: {customers:.0f} customers and {reps:.0f} sellers after 24 months, lowest cash CNY {lowest:.1f} "
        "million, {attrition:.0%} of the sellers leave in a year."
    ).format(
        customers=mean["customers"],
        reps=mean["reps"],
        lowest=mean["lowest"] / 1000,
        attrition=mean["attrition"],
    )
    if gap is not None:
        told += " " + _("The plan closes {part} of the gap.").format(part=share(gap))
    return told, f"{to_img(run_figure(runs, case.city, gap))}<p>{_html(told)}</p>"


def _why(costs: Sequence[Cost]) -> tuple[str, str]:
    if not costs:
        told = _("No single lever, set as in the plan by the book, would make your plan better.")
        return told, f"<p>{_html(told)}</p>"
    lead = _(
        "What costs you most, each changed alone to the value of the plan by the book, on the same draws:"
    )
    lines = [
        _(
            "{lever}: {points:.0f} points of the gap, better in {runs} of the runs. Back to chapter {chapter}."
        ).format(lever=_(one.said), points=one.points, runs=share(one.better), chapter=one.back_to)
        for one in costs
    ]
    items = "".join(f"<li>{_html(line)}</li>" for line in lines)
    return "\n".join([lead, *lines]), f"<p>{_html(lead)}</p><ol>{items}</ol>"


class _Progress:
    """How far it is, on a line that goes when all is done; nothing where nobody looks."""

    def __init__(self) -> None:
        self._line: Any = None

    def __call__(self, what: str, done: int, total: int) -> None:
        if not _live():
            return
        from IPython.display import HTML, display

        told = _TRIED[what]().format(done=done, total=total)
        line = HTML(f'<p role="status">{_html(told)}</p>' if done < total else "<span></span>")
        if self._line is None:
            self._line = display(line, display_id=True)
        else:
            self._line.update(line)


def _note(words: str) -> Shown:
    return Shown(words, f"<p>{_html(words)}</p>")


def _html(words: str) -> str:
    return marked_up(words)


def _table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{_html(name)}</th>" for name in names)
    body = "".join(f"<tr>{''.join(f'<td>{_html(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
