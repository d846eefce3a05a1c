"""What `playbook simulate` prints: tables that can be read on a screen of 80 columns."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from rich.box import SIMPLE_HEAD
from rich.table import Table


class Shown(NamedTuple):
    """A total that is printed: its words, a head of a few letters a line, its digits, and what it is divided by."""

    words: str
    head: str
    digits: int
    unit: float = 1


#: Totals by name. Money is kept in thousand CNY and printed in million, but for what one customer or seller comes to.
SHOWN = {
    "value": Shown("Value, CNY million", "Value,\nCNY\nmillion", 1, 1000),
    "bookings": Shown("Bookings, CNY million", "Bookings,\nCNY\nmillion", 1, 1000),
    "wins": Shown("Customers won", "Customers\nwon", 0),
    "win_rate": Shown("Win rate", "Win\nrate", 2),
    "cost_each": Shown("Cost of each, CNY 1,000", "Cost of\neach,\nCNY 1,000", 1),
    "payback": Shown("Payback, months", "Payback,\nmonths", 1),
    "ripe_books": Shown("A ripe seller's month, CNY 1,000", "Ripe\nseller's\nmonth,\nCNY 1,000", 1),
    "attrition": Shown("Sellers who leave a year", "Sellers\nwho leave\na year", 2),
    "density": Shown("Management density", "Manage-\nment\ndensity", 2),
    "visits_day": Shown("Visits a day", "Visits\na day", 1),
    "lowest": Shown("Lowest cash, CNY million", "Lowest\ncash, CNY\nmillion", 1, 1000),
}
#: The totals of the two tables of many cities; all at once do not fit.
OF_MANY = {
    "money": ("value", "bookings", "cost_each", "payback", "lowest"),
    "people and selling": ("wins", "win_rate", "ripe_books", "attrition", "density", "visits_day"),
}
#: Columns of cities that fit beside the levers.
MOST_CITIES = 6


def plans_of_a_city(city: str, found: list[dict], runs: int) -> Table:
    """A column for each plan: the mean of each total, and below it the range.

    Args:
        found: a row of JSON-able data for each plan, with ``plan``, ``totals`` and ``share_of_gap``.
    """
    table = Table("", title=f"{city}: {runs} runs of 24 months, mean and 10-90 % range")
    for row in found:
        table.add_column(row["plan"], justify="right")
    for name, shown in SHOWN.items():
        cells = (row["totals"][name] for row in found)
        texts = (
            f"{_number(one['mean'], shown)}\n{_number(one['low'], shown)} to {_number(one['high'], shown)}"
            for one in cells
        )
        table.add_row(shown.words, *texts)
    table.add_row("Share of the gap", *(_share(row) for row in found))
    return table


def levers_of_a_plan(row: dict) -> Table:
    """The points of the gap that each lever of a plan carries, each with its standard error."""
    table = Table("Lever", title=f"{row['plan']}: points of the gap that are lost without it")
    table.add_column("Points", justify="right")
    table.add_column("Standard error", justify="right")
    for one in row["sensitivity"]:
        table.add_row(one["lever"], f"{one['points']:.1f}", f"{one['error']:.1f}")
    return table


def plans_of_cities(found: list[dict], runs: int) -> Iterator[Table]:
    """A line for each plan of each city, in two tables: money; people and selling."""
    for subject, names in OF_MANY.items():
        table = _narrow(f"{subject}: means of {runs} runs of 24 months", "City", "Plan")
        for name in names:
            table.add_column(SHOWN[name].head, justify="right")
        table.add_column("Share\nof the\ngap", justify="right")
        for city, rows in groupby(found, key=lambda row: row["city"]):
            for first, row in enumerate(rows):
                means = (_number(row["totals"][name]["mean"], SHOWN[name]) for name in names)
                table.add_row("" if first else city, row["plan"], *means, _share(row))
            table.add_section()
        yield table


def levers_of_cities(found: list[dict]) -> Iterator[Table]:
    """Points of the gap that each lever carries: a column for each city and plan, a few in each table, and the mean."""
    columns = [{one["lever"]: one["points"] for one in row["sensitivity"]} for row in found]
    mean = {lever: sum(column[lever] for column in columns) / len(columns) for lever in columns[0]}
    ranked = sorted(mean, key=lambda one: -mean[one])
    tables = -(-len(found) // MOST_CITIES)
    each = -(-len(found) // tables)
    for start in range(0, len(found), each):
        chosen = slice(start, start + each)
        table = _narrow("points of the gap that are lost without it", "Lever")
        for row in found[chosen]:
            table.add_column(f"{row['city']}\n{row['plan']}", justify="right")
        table.add_column("mean\nof all", justify="right")
        for lever in ranked:
            table.add_row(lever, *(f"{one[lever]:.1f}" for one in columns[chosen]), f"{mean[lever]:.1f}")
        yield table


def references_found(folder: object, rows: list[dict]) -> Table:
    """Both ends of the gap of each city, thousand CNY, each with its standard deviation, in how many runs the reference
    breaks the cash rule, and the rounds searched."""
    from playbook.simulator.parameters import CASH_SHARE

    table = Table("City", title=f"References, in {folder}, CNY 1,000")
    for head in ("Naive", "Reference", "Cash broken", "Rounds"):
        table.add_column(head, justify="right")
    for row in rows:
        naive, best = (f"{row[end]:,.0f} ({row[f'{end}_sd']:,.0f})" for end in ("naive", "reference"))
        broken = f"{row['cash_broken']:.0%}" + (", too often" if row["cash_broken"] > CASH_SHARE else "")
        table.add_row(row["city"], naive, best, broken, str(row["rounds"]))
    return table


def _narrow(title: str, *names: str) -> Table:
    """A table with one blank between columns, whose first columns are never cut."""
    table = Table(title=title, box=SIMPLE_HEAD, padding=0)
    for name in names:
        table.add_column(name, no_wrap=True)
    return table


def _number(value: float, shown: Shown) -> str:
    return f"{value / shown.unit:,.{shown.digits}f}"


def _share(row: dict) -> str:
    # A rounded nothing has no sign: -0.001 is 0.00.
    return "-" if row["share_of_gap"] is None else f"{round(row['share_of_gap'], 2) + 0.0:.2f}"
