"""Panel of chapter 1: three sliders, the product against the mean, and the density that binds in words."""

from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets

from playbook.chapters.three_densities.figures import DensityPicture
from playbook.market.density import (
    FACTOR_NAMES,
    FACTORS,
    additive_index,
    binding_factor,
    breakthrough_index,
    city_densities,
)
from playbook.words import N_, _

#: What one step in the words below adds to a density.
STEP = 0.10
#: The sliders' range; a density above 1 means more than the city needs.
HIGHEST = 1.5
LABELS = {
    "md": N_("Management (ready / required)"),
    "sd": N_("Sales (experienced / required)"),
    "kd": N_("Market (covered / worth covering)"),
}


@dataclass(frozen=True)
class State:
    """Where the sliders stand: three densities without a unit."""

    md: float
    sd: float
    kd: float


@dataclass(frozen=True)
class View:
    """What the panel says: both indices, what binds, and what a step of 0.10 on each density gives."""

    index: float
    additive: float
    binding: str
    after_step: tuple[float, float, float]
    words: str


def view(state: State) -> View:
    """What three densities mean, in numbers and in words. Pure: no widget, no kernel.

    Args:
        state: the densities, 0 or more.

    Returns:
        The view.
    """
    values = {factor: getattr(state, factor) for factor in FACTORS}
    index, additive = breakthrough_index(**values), additive_index(**values)
    binding = binding_factor(**values)
    after = tuple(breakthrough_index(**{**values, factor: values[factor] + STEP}) for factor in FACTORS)
    zeros = [_(FACTOR_NAMES[factor]) for factor in FACTORS if values[factor] == 0]
    if len(zeros) > 1:
        words = _(
            "{factors} density are zero, so the product is zero, and raising one of them "
            "changes nothing. The mean still says {mean:.2f}."
        ).format(factors=_join(zeros).capitalize(), mean=additive)
    elif zeros:
        words = _(
            "{factor} density is zero, so the product is zero whatever the others are. "
            "The mean still says {mean:.2f}: it hides the gap."
        ).format(factor=zeros[0].capitalize(), mean=additive)
    else:
        gains = ", ".join(
            f"{_(FACTOR_NAMES[factor])} {new:.3f}" for factor, new in zip(FACTORS, after, strict=True)
        )
        words = _(
            "{factor} density binds. The product is {index:.3f}, the mean {mean:.3f}. "
            "With {step:.2f} more on one density the product would be: {gains}."
        ).format(factor=_(binding).capitalize(), index=index, mean=additive, step=STEP, gains=gains)
    return View(index, additive, binding, after, words)


class ThreeDensitiesPanel(widgets.VBox):
    """A city to start from, three sliders, the result in words, and bars. Only ties `view` to controls."""

    def __init__(self, case: Any):
        self._drawn = DensityPicture()
        table = city_densities(case.densities).set_index("city")
        self._table = table.clip(upper=HIGHEST)
        start = case.city if case.city in table.index else table.index[0]
        style = {"description_width": "225px"}
        self.city = widgets.Dropdown(
            options=list(table.index),
            value=start,
            description=_("Start from city"),
            style=style,
            layout={"width": "100%", "max_width": "420px"},
        )
        self.sliders = {
            factor: widgets.FloatSlider(
                value=float(self._table.loc[start, factor]),
                min=0.0,
                max=HIGHEST,
                step=0.01,
                description=_(LABELS[factor]),
                continuous_update=False,
                readout_format=".2f",
                style=style,
                layout={"width": "100%", "max_width": "640px"},
            )
            for factor in FACTORS
        }
        self.words = widgets.HTML()
        self.picture = widgets.HTML()
        super().__init__([self.city, *self.sliders.values(), self.words, self.picture])
        self._moving = False
        self.city.observe(self._start_from, names="value")
        for slider in self.sliders.values():
            slider.observe(self._show, names="value")
        self._show()

    def _start_from(self, change: Any) -> None:
        self._moving = True
        for factor, slider in self.sliders.items():
            slider.value = float(self._table.loc[change["new"], factor])
        self._moving = False
        self._show()

    def _show(self, change: Any = None) -> None:
        if self._moving:
            return
        values = {factor: slider.value for factor, slider in self.sliders.items()}
        self.words.value = f'<p role="status" aria-live="polite">{view(State(**values)).words}</p>'
        self.picture.value = self._drawn.img(**values)


def panel(case: Any) -> ThreeDensitiesPanel:
    """The panel for a case, starting from its own city.

    Args:
        case: a case with ``city`` and ``densities``.

    Returns:
        A widget.
    """
    return ThreeDensitiesPanel(case)


def _join(names: list[str]) -> str:
    return _("{others} and {last}").format(others=", ".join(names[:-1]), last=names[-1])
