"""What holds for the picture of every panel: a setting looks the same whatever way led to it."""

import importlib

import ipywidgets as widgets
import pytest

from playbook.authoring.master import find_masters, masters_folder
from playbook.cases import load_case

pytestmark = pytest.mark.slow
PANELS = {one.id: one.header.panel for one in find_masters(masters_folder()) if one.header.panel}
MOVABLE = (widgets.IntSlider, widgets.FloatSlider, widgets.Checkbox)


@pytest.fixture(scope="module")
def jinhua():
    return load_case("jinhua")


def opened(address, case):
    module, _, function = address.partition(":")
    return getattr(importlib.import_module(module), function)(case)


def movable(box):
    """The sliders and ticks, in the order in which they stand."""
    for one in getattr(box, "children", ()):
        if isinstance(one, MOVABLE):
            yield one
        else:
            yield from movable(one)


def moved(control, far):
    """Another value of a control: near one end of it, or near the other."""
    if isinstance(control, widgets.Checkbox):
        return not control.value
    return control.min + (control.max - control.min) * (3 if far else 1) // 4


@pytest.mark.parametrize("slug", PANELS)
def test_a_setting_looks_the_same_whatever_way_led_to_it(slug, jinhua):
    straight, round_about = (opened(PANELS[slug], jinhua) for _ in range(2))
    controls = list(movable(round_about))[:4]
    if not controls:
        pytest.skip("its controls are lists")
    start = [control.value for control in controls]
    for far in (True, False):
        for control in controls:
            control.value = moved(control, far)
    for control, value in zip(controls, start, strict=True):
        control.value = value
    assert round_about.picture.value == straight.picture.value
    for shown in (straight, round_about):
        first, second, *_rest = [*movable(shown), None]
        first.value = moved(first, far=True)
        if second:
            second.value = moved(second, far=False)
    assert round_about.picture.value == straight.picture.value
