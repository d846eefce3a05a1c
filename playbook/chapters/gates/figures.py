"""Figures of chapter 12: the launch month by month, who stays, and six cities before three gates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from playbook.chapters.gates.problem import LIMITS, NAMES, VERDICTS, Limits, colour, said
from playbook.chapters.summing import text_of
from playbook.figures.live import Live
from playbook.figures.style import COLORS, finish, legend_above, new_figure
from playbook.market.economics import cohort_survival, fit_sbg
from playbook.market.effect import event_study, launch_ratios
from playbook.words import N_, _

SOURCE = N_("QiHang Cloud (fictional), launch panel")
HOME_SOURCE = N_("QiHang Cloud (fictional), customers of its home markets")
CITY_SOURCE = N_("QiHang Cloud (fictional), reports of six cities")
#: Months before and after a launch that every pilot has.
_SPAN = (-7, 8)
#: Up to where each of the three strips goes.
_ENDS = {"payback": 40.0, "cover": 6.0, "density": 1.4}
_STRIP = 0.9
#: How the green limit is drawn, and the red one.
_STYLES = ("-", ":")
#: How a number looks, by its colour: sign, colour, name.
_LOOKS = {
    "green": ("o", COLORS["good"], N_("green")),
    "amber": ("^", COLORS["warn"], N_("amber")),
    "red": ("X", COLORS["bad"], N_("red")),
}
_COUNTED = {
    "scale": N_("{number} scale"),
    "hold": N_("{number} hold"),
    "stop": N_("{number} stop"),
}


def launch_by_month(ratios: pd.DataFrame, leave_out: str = "") -> Figure:
    """Pilots less others, by months since the launch.

    Args:
        ratios: of :func:`playbook.market.effect.launch_ratios`.
        leave_out: the pilot that was rising already; may be empty.
    """
    found = event_study(ratios, leave_out=[leave_out] if leave_out else [])
    found = found[found["since"].between(*_SPAN)]
    before = found["since"] < 0
    fig, ax = new_figure(height=3.9)
    ax.axhline(0, color=COLORS["muted"], linewidth=1)
    ax.axvline(-0.5, color=COLORS["ink"], linewidth=1.2, linestyle="--")
    ax.plot(found["since"], found["gap"], color=COLORS["muted"], linewidth=1.4, zorder=2)
    ax.plot(found["since"][before], found["gap"][before], "o", color=COLORS["main"], label=_("before"))
    ax.plot(found["since"][~before], found["gap"][~before], "s", color=COLORS["accent"], label=_("after"))
    mean = float(found["gap"][~before].mean())
    ax.annotate(
        _("launch"), (-0.5, 1), xycoords=("data", "axes fraction"), xytext=(-5, -14),
        textcoords="offset points", ha="right", fontsize=11.5,
    )  # fmt: skip
    ax.set_xlabel(_("Months since the launch"))
    ax.set_ylabel(_("Pilots less others, ratio"))
    legend_above(ax, 2)
    # Would what rose before the launch, gone on alone, make up half of what came after it?
    rise = float(np.polyfit(found["since"][before], found["gap"][before], 1)[0])
    apart = float(found["since"][~before].mean() - found["since"][before].mean())
    steady = abs(rise * apart) < 0.5 * (mean - float(found["gap"][before].mean()))
    title = (
        _("Flat before, up after: it was the launch")
        if steady
        else _("Not flat before: the launch is not proven")
    )
    ax.set_title(title)
    pilots = int(found["pilots"].max())
    alt = _(
        "{title}. {pilots} pilots less the cities without the programme: in the months before the launch the gap stays between "
        "{low:.2f} and {high:.2f}, afterwards it is {mean:.2f} on average."
    ).format(
        title=title,
        pilots=pilots,
        low=found["gap"][before].min(),
        high=found["gap"][before].max(),
        mean=mean,
    )
    return finish(fig, _(SOURCE), alt)


def who_stays(cohorts: pd.DataFrame, years: int = 10) -> Figure:
    """The share still there: as seen, as fitted, and as the first year's churn would have it.

    Args:
        cohorts: of one channel: ``start_year, year, active``. years: how far the curves go.
    """
    seen, curve = cohort_survival(cohorts), fit_sbg(cohorts)
    fitted = curve.expected(years)
    first = float(fitted["share"][1])
    same = first ** fitted["year"]
    fig, ax = new_figure(height=3.9)
    ax.plot(fitted["year"], fitted["share"], color=COLORS["main"], label=_("fitted"))
    ax.plot(fitted["year"], same, color=COLORS["accent"], linestyle="--", label=_("first year for ever"))
    ax.plot(seen["year"], seen["share"], "o", color=COLORS["ink"], label=_("seen"))
    ax.set_ylim(0, 1.05)
    ax.set_xlabel(_("Years since the start"))
    ax.set_ylabel(_("Share still there"))
    legend_above(ax, 3)
    last = fitted["share"].iloc[-1]
    title = _("Those who are left stay: {share:.0%} after {years} years").format(share=last, years=years)
    ax.set_title(title)
    alt = _(
        "{title}. Seen are {seen}. With the first year's churn for ever, only {same:.0%} would be there after {years} years."
    ).format(
        title=title,
        seen=", ".join(
            _("{share:.0%} after {year}").format(share=row.share, year=row.year)
            for row in seen.itertuples()
            if row.year
        ),
        same=same.iloc[-1],
        years=years,
    )
    return finish(fig, _(HOME_SOURCE), alt)


class GatesPicture(Live):
    """Cities, three numbers each, with the limits: see :func:`before_the_gates`.

    One row a city, one strip a number, in one set of axes, because three sets take twice as long to draw. Green, amber
    and red differ by sign as well.
    """

    def __init__(self, numbers: pd.DataFrame):
        """Args:
        numbers: by city: ``payback, cover, density``.
        """
        self.numbers = numbers
        self._places = np.arange(len(numbers))[::-1]
        self._scale = {name: _STRIP / _ENDS[name] for name in NAMES}
        self._across = np.column_stack(
            [
                strip + self._scale[name] * numbers[name].clip(upper=_ENDS[name])
                for strip, name in enumerate(NAMES)
            ]
        )
        figure, ax = new_figure(height=0.55 * len(numbers) + 1.9)
        self._lines = {
            (name, style): ax.plot(
                [0, 0], [-0.6, len(numbers) - 0.4], style, color=COLORS["muted"], linewidth=1.3
            )[0]
            for name in NAMES
            for style in _STYLES
        }
        self._signs = {
            shade: ax.plot([], [], sign, color=paint, markersize=9, zorder=3, label=_(name))[0]
            for shade, (sign, paint, name) in _LOOKS.items()
        }
        for strip, name in enumerate(NAMES):
            for value, x, place in zip(numbers[name], self._across[:, strip], self._places, strict=True):
                right = value >= getattr(LIMITS, name)[0]
                ax.text(
                    x + (0.06 if right else -0.06), place, _written(name, value), fontsize=10.5,
                    ha="left" if right else "right", va="center",
                )  # fmt: skip
        ax.set_xlim(-0.05, len(NAMES))
        ax.set_ylim(-0.6, len(numbers) - 0.2)
        ax.set_xticks(
            [strip + _STRIP / 2 for strip in range(len(NAMES))],
            [said(name).replace(" ", "\n").capitalize() for name in NAMES],
        )
        ax.set_yticks(self._places, [f"{city}\n{_(VERDICTS[-1])}" for city in numbers.index], fontsize=11)
        ax.tick_params(axis="both", length=0)
        ax.grid(visible=False)
        legend_above(ax, 3)
        super().__init__(figure, [*self._lines.values(), *self._signs.values()], ax.get_yticklabels())
        # Where things stand does not depend on the verdicts.
        self.draw(pd.Series(VERDICTS[-1], index=numbers.index))
        figure.get_layout_engine().execute(figure)
        figure.set_layout_engine("none")

    def draw(self, verdicts: pd.Series, limits: Limits = LIMITS) -> Figure:
        """Set signs, limits and what is to be done.

        Args:
            verdicts: by city. limits: of the gates.
        """
        for strip, name in enumerate(NAMES):
            for style, value in zip(_STYLES, getattr(limits, name), strict=True):
                x = strip + self._scale[name] * min(value, _ENDS[name])
                self._lines[name, style].set_xdata([x, x])
        shades = np.array(
            [[colour(name, row[name], limits) for name in NAMES] for _city, row in self.numbers.iterrows()]
        )
        up = np.broadcast_to(self._places[:, None], shades.shape)
        for shade, dots in self._signs.items():
            dots.set_data(self._across[shades == shade], up[shades == shade])
        ax = self.figure.axes[0]
        ax.set_yticklabels([f"{city}\n{_(verdicts[city])}" for city in self.numbers.index])
        title = self._title(verdicts)
        ax.set_title(title)
        listed = "; ".join(
            _(
                "{city} {verdict} (payback {payback:.0f} months, cover {cover:.1f}, density {density:.2f})"
            ).format(
                city=row.Index,
                verdict=_(verdicts[row.Index]),
                payback=row.payback,
                cover=row.cover,
                density=row.density,
            )
            for row in self.numbers.itertuples()
        )
        alt = _("{title}. {listed}.").format(title=title, listed=listed)
        return finish(self.figure, _(CITY_SOURCE), alt)

    def _title(self, verdicts: pd.Series) -> str:
        counts = verdicts.value_counts()
        return _("{count} cities: {listed}").format(
            count=len(self.numbers),
            listed=", ".join(_(_COUNTED[one]).format(number=counts.get(one, 0)) for one in VERDICTS),
        )


def _written(name: str, value: float) -> str:
    return f"{value:.0f}" if name == "payback" else f"{value:.1f}" if name == "cover" else f"{value:.2f}"


def before_the_gates(numbers: pd.DataFrame, verdicts: pd.Series, limits: Limits = LIMITS) -> Figure:
    """The picture of :class:`GatesPicture`, for a page that shows it once."""
    return GatesPicture(numbers).draw(verdicts, limits)


def document_figure(case: Any, answers: Mapping[str, Any]) -> Figure:
    """The figure of this chapter's section in the City Playbook: the launch, month by month.

    Args:
        answers: by question; of ``violator``, the pilot that is left out.
    """
    ratios = launch_ratios(case.launch_panel)
    named = text_of(answers, "violator").upper()
    pilots = set(ratios.loc[ratios["treated"], "city_id"])
    return launch_by_month(ratios, named if named in pilots else "")
