"""Whose city: a stable draw among the trainees' cities, which the instructor's roster can override."""

import os
from hashlib import blake2b
from pathlib import Path

from playbook.cases.case import WORKED, Case, find_case, held_case, make_current
from playbook.cases.imported import is_imported
from playbook.cases.roster_city import CARRIED, rostered_case
from playbook.company import own_records
from playbook.names import normalise
from playbook.places import data_root
from playbook.words import _

#: The twelve trainees' cities, sorted: the draw counts along this list, so its order never changes.
TRAINEE_CITIES = (
    "changzhou",
    "dalian",
    "foshan",
    "guiyang",
    "jiaxing",
    "mianyang",
    "nanjing",
    "quanzhou",
    "wuxi",
    "xiamen",
    "xiangyang",
    "zibo",
)


def draw_city(trainee: object) -> str:
    """The name of the city drawn for a trainee: the same on every machine, for ever.

    Returns:
        One of :data:`TRAINEE_CITIES`; the worked example where no name is given.
    """
    text = normalise(trainee)
    if not text:
        return WORKED
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return TRAINEE_CITIES[int.from_bytes(digest, "big") % len(TRAINEE_CITIES)]


_opened_by: list[str] = []


def current_trainee() -> str:
    """The name or staff number that the current case was opened with, as typed; empty without one."""
    return _opened_by[-1] if _opened_by else ""


def _roster() -> Path | None:
    """The instructor's roster: the one that is named, else what the exercises brought with them."""
    if named := os.environ.get("PLAYBOOK_ROSTER"):
        return Path(named)
    brought = data_root() / CARRIED
    return brought if brought.is_file() else None


def _open(case: Case) -> Case:
    """Make a case the current one, and let figures say whose records they show."""
    own_records(is_imported(case))
    return make_current(case)


def open_case(trainee: object = None) -> Case:
    """Open your city. Type your name or staff number: ``open_case("Li Wei")`` or ``open_case("1024")``.

    The instructor's roster decides first (PLAYBOOK_ROSTER, or what came with the exercises); else your city is
    drawn from the twelve trainees' cities, the same one each time. Without a name you get Jinhua, the worked
    example. Prints one line, and makes the city the current case.

    Raises:
        PlaybookError: the roster or the data cannot be read.
    """
    _opened_by[:] = [str(trainee).strip()] if normalise(trainee) else []
    if case := held_case():
        print(_("The city is {case}. Everything below uses its figures.").format(case=case))
        return _open(case)
    if not _opened_by:
        case = _open(find_case(WORKED))
        print(
            _(
                "This is {case}, the worked example. To open your own city, type your name or staff number "
                'between the quotation marks, as in open_case("Li Wei"), and run this cell again.'
            ).format(case=case)
        )
        return case
    roster = _roster()
    told = rostered_case(trainee, roster) if roster else None
    case = _open(told or find_case(draw_city(trainee)))
    print(_("Your city is {case}. Everything below uses its figures.").format(case=case))
    return case
