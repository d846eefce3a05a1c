"""The page for instructors: the planted dirt and the parameters."""

from pathlib import Path

from playbook.casemaking.dictionary import dictionary_markdown
from playbook.casemaking.impurities import NOTES

_INSTRUCTOR = """# What is hidden in the data

For instructors. The company's records are made, and made dirty on purpose, so that a trainee who looks first does
better than one who computes first. Shares are of the rows of the table. Public figures carry no planted errors.

"""
_OUTRO = """
## Parameters

Need is drawn from a logit: +0.90 export, +0.35 per step of `it_maturity` above 2, +0.60 per tenfold of employees above
10, −0.80 where a competitor is installed, −0.015 per km from the city's centre, +0.50 manufacturing, +0.35 trade. The
intercept is set so that 15 to 17 % of the accounts are in need. The best possible AUC is about .71.

Sizes are 88 % lognormal (median 8 people) and 12 % Pareto with exponent 1.06 from 18 people up (Axtell 2001).
Districts and sections have accounts in proportion to workers over persons a unit: 32.0 in manufacturing (economic
census 2018), assumptions elsewhere.

Bookings of the launch panel follow the product law with exponents 0.5 (managers), 0.7 (sales) and 0.9 (key accounts),
times 1.18 after a launch.

All of these are fictional, apart from the persons a unit in manufacturing. Answers are graded against values computed
from the files, never against these parameters.

## An unseen case

Grading runs each notebook once more on a case made from your secret seed. It keeps the codes and names of the
trainee's city; every number is drawn anew, public figures included. Wherever an answer is a direction or a name, the
unseen case is contrary to the shipped one: another section is the most specialised, another district the largest,
another density binds, the reversal between manufacturing and trade runs the other way.
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
