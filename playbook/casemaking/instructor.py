"""The page for instructors: the planted dirt and the parameters."""

from pathlib import Path

from playbook.casemaking.dictionary import dictionary_markdown
from playbook.casemaking.impurities import NOTES

_INSTRUCTOR = """# What is hidden in the data

For instructors. The company's records are made, and made dirty on purpose, so that a trainee who looks first does
better than one who computes first. Shares are of the rows of the table. Public figures carry no planted errors.

"""
_OUTRO = """
## One history

Every account has one history, and all tables of a city are cut from it. Sellers join, learn and leave: they reach half
of their full level after 3.5 months beside a veteran and 5.5 without, and 3.5 or 5 % of them leave in a month. They open
deals on working days (weekends worked in exchange for a holiday among them), a third as many around Spring Festival.
45 % of the contracts are signed in the last five working days of a month. An account that has signed is never tried
again; one that was lost may be, once. A reference that converted has its contract, signed after the talk. A quarter of
the customers do not renew at the end of a contract year. The sellers on the payroll, their experienced equivalents and
the covered accounts of the city's own row in `densities` are counted in that history; the five pilots have no other
records. `python -m playbook.casemaking.believable jinhua nanjing` prints what a head of sales would ask.

## Answers that are dealt

Where an answer is a direction or a name it is dealt to the cities, so that none is right in more than five of twelve:
the section to enter first, the density that binds, the zero density, where headcount is missing, the four traits of the
profile; the hard rival, the one met seldom and the reason that buyers name most (chapter 6); the judge who contradicts
himself and the role that sets the pace of openings (chapter 8); how long newcomers take, with and without a veteran, and
the last month to hire (chapter 9); the evening of the board and its light (chapter 10); the lag from visits to bookings,
the own city's phase and verdict, and the way to sell whose next win is cheapest (chapter 11); the verdict on the own city
and the gate that it fails (chapter 12). The list stands in `playbook/casemaking/dealt.py`, and
that of the tables of plans beside their makers in `playbook/casemaking/planning/`. The figures are drawn again until
the answer comes out as dealt and the known shortcuts end elsewhere (`guarantee.py`).

## Parameters

Need is drawn from a logit of eight traits (export, IT maturity, size, a competitor's product, manufacturing, founded 2015
or later, state-owned, met at an exhibition), four of them strong, with the distance from the centre and trade. On Jinhua:
+1.00 export, +0.50 per step of `it_maturity` above 2, +1.10 per tenfold of employees above 10, −1.30 where a competitor
is installed; the others between 0 and 0.10. The intercept is set so that 15 to 17 % of the accounts are in need.

Sizes are 88 % lognormal (median 8 people) and 12 % Pareto with exponent 1.06 from 18 people up (Axtell 2001).
Districts and sections have accounts in proportion to workers over persons a unit: 32.0 in manufacturing (economic
census 2018), assumptions elsewhere.

Bookings of a launch panel follow the product law with exponents near 0.5, 0.7 and 0.9, in an order that is dealt to the
city (Jinhua: managers, sales, key accounts), times 1.18 after a launch.

All of these are fictional, apart from the persons a unit in manufacturing; each stands with its source in
`parameters.py`. Answers are graded against values computed from the files, never against these parameters.

## An unseen case

Grading runs each notebook once more on a case made from your secret seed. It keeps the codes and names of the
trainee's city; every number is drawn anew, public figures included. Wherever an answer is a direction or a name, the
unseen case is contrary to the shipped one: another section is the most specialised and another the one to enter, another
district the largest, another density binds, other traits tell need, the reversal between manufacturing and trade runs
the other way.
"""


def instructor_markdown() -> str:
    """The page book/instructor/data.md: the planted impurities and parameters."""
    lines = ["| Table | Column | What was done |", "|---|---|---|"]
    lines += [f"| {table} | `{column}` | {note} |" for (table, column), note in NOTES.items()]
    return _INSTRUCTOR + "\n".join(lines) + "\n" + _OUTRO


def write_pages(book: str | Path) -> list[Path]:
    """Write the data dictionary and the instructors' page into the folder of the book."""
    pages = {"data-dictionary.md": dictionary_markdown(), "instructor/data.md": instructor_markdown()}
    for name, page in pages.items():
        (Path(book) / name).write_bytes(page.encode("utf-8"))
    return [Path(book) / name for name in pages]
