"""Figures of chapter 0: one bar chart, used wherever a small table is shown as a picture."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from playbook.figures.style import COLORS, emphasise, finish, new_figure
from playbook.words import N_, _

SOURCE = N_("QiHang Cloud (fictional), accounts table")
#: More bars than this do not fit on a phone.
MOST_BARS = 12


def bar_chart(values: pd.Series, title: str, unit: str, source: str = SOURCE) -> Figure:
    """One horizontal bar per row of a column of numbers, in the order given from the top.

    Args:
        values: numbers, named by its index; at most the first 12 are drawn, missing ones as empty bars.
        title: what the figure says.
        unit: what the numbers are, for the axis.
        source: where the numbers come from.

    Returns:
        The bars, each with its number; the longest is marked.
    """
    shown = pd.Series(
        values.head(MOST_BARS).to_numpy(dtype=float, na_value=np.nan), index=values.index[:MOST_BARS]
    )
    labels = labels_of(shown)
    rows = np.arange(len(shown))[::-1]
    lengths = shown.fillna(0).to_numpy()
    fig, ax = new_figure(height=1.5 + 0.36 * max(len(shown), 2))
    bars = ax.barh(rows, lengths, color=COLORS["main"], height=0.66)
    if len(shown):
        emphasise(bars[int(np.argmax(lengths))])
    ax.bar_label(bars, labels=labels, padding=4, fontsize=11.5)
    ax.set_yticks(rows, [str(name) for name in shown.index])
    ax.set_xlim(min(lengths.min(initial=0) * 1.1, 0), max(lengths.max(initial=0), 1e-9) * 1.16)
    ax.grid(axis="y", visible=False)
    ax.set_xlabel(unit)
    ax.set_title(title)
    listed = "; ".join(f"{name} {label}" for name, label in zip(shown.index, labels, strict=True))
    alt = _("Bar chart, {unit}: {listed}.").format(unit=unit, listed=listed)
    if len(values) > len(shown):
        alt += " " + _("{count} more are not drawn.").format(count=len(values) - len(shown))
    return finish(fig, _(source), alt)


def prospects_by_district(accounts: pd.DataFrame, city: str) -> Figure:
    """Where the company's list of prospects stands: rows per district, longest bar first.

    Args:
        accounts: the case's accounts, with ``district``.
        city: the city's name, for the title.

    Returns:
        One bar per district.
    """
    counts = accounts["district"].value_counts()
    first = counts.index[0] if len(counts) else _("no district")
    return bar_chart(
        counts,
        _("{first} has the most prospects in {city}").format(first=first, city=city),
        _("Rows in the accounts table"),
    )


def document_figure(case: Any, answers: Mapping[str, Any]) -> Figure:
    """The figure of the City Playbook's section: the city's prospects by district, the chosen one named.

    Args:
        case: the trainee's case.
        answers: the trainee's answers, by question; one of them may name a district.

    Returns:
        One bar per district, the most prospects on top.
    """
    counts = case.accounts["district"].value_counts()
    given = {value.strip().casefold() for value in answers.values() if isinstance(value, str)}
    chosen = next((name for name in counts.index if name.casefold() in given), None)
    named = str(counts.index[0] if chosen is None else chosen)
    title = _("{district} has {inside:,} of {total:,} prospects in {city}").format(
        district=named, inside=counts[named], total=counts.sum(), city=case.city
    )
    return bar_chart(counts, title, _("Prospects on the company's list"))


def labels_of(values: pd.Series) -> list[str]:
    """The numbers as text, all with the same decimals: as many as the largest one needs to be read."""
    known = values.dropna()
    largest = known.abs().max() if len(known) else 0
    whole = bool((known == known.round()).all())
    decimals = 0 if whole or largest >= 100 else 1 if largest >= 10 else 2 if largest >= 1 else 3
    return [_("missing") if np.isnan(value) else f"{value:,.{decimals}f}" for value in values]
