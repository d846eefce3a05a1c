"""What a city's plans stand on: what things cost and how long they take there. All of it is fiction."""

from playbook.cases.columns import Table, number, text
from playbook.cases.company import FICTION

_ASSUMPTIONS = Table(
    "assumptions",
    "case",
    "One number that a plan stands on and that nobody can look up: the usual value, and the range it may lie in.",
    FICTION,
    ("name",),
    (
        text("name", "Short name, as in the exercises.", pattern=r"[a-z_]+"),
        text("meaning", "What it says."),
        text("unit", "The unit of the three numbers."),
        number("usual", "The value to reckon with."),
        number("low", "The least that is likely."),
        number("high", "The most that is likely."),
    ),
)

#: The tables for plans, in the order in which a reader meets them.
PLANNING = (_ASSUMPTIONS,)
