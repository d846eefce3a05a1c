"""What holds for the picture of every panel: a setting looks the same whatever way led to it."""

import importlib

import ipywidgets as widgets
import pytest

from playbook.cases import load_case
from playbook.chapters.panels import ControlPanel, status_html
from tests.shared.masters import IDS, front_matter

pytestmark = pytest.mark.slow
PANELS = {name: panel for name in IDS if (panel := front_matter(name).get("panel"))}
MOVABLE = (widgets.IntSlider, widgets.FloatSlider, widgets.Checkbox, widgets.Dropdown)


@pytest.fixture(scope="module")
def jinhua():
    return load_case("jinhua")


def opened(address, case):
    module, _, function = address.partition(":")
    return getattr(importlib.import_module(module), function)(case)


def movable(box):
    """The lists, sliders and ticks, in the order in which they stand."""
    for one in getattr(box, "children", ()):
        if isinstance(one, MOVABLE):
            yield one
        else:
            yield from movable(one)


def move(control, far):
    """Set a control near one end of it, or near the other."""
    if isinstance(control, widgets.Dropdown):
        control.index = len(control.options) - 1 if far else 1
    elif isinstance(control, widgets.Checkbox):
        control.value = far
    else:
        control.value = control.min + (control.max - control.min) * (3 if far else 1) // 4


@pytest.mark.parametrize("slug", PANELS)
def test_a_setting_looks_the_same_whatever_way_led_to_it(slug, jinhua):
    straight, round_about = (opened(PANELS[slug], jinhua) for _ in range(2))
    controls = list(movable(round_about))
    chosen = [controls[place] for place in sorted({0, len(controls) // 2, len(controls) - 1})]
    start = [control.value for control in chosen]
    for far in (True, False):
        for control in chosen:
            move(control, far)
    for control, value in zip(chosen, start, strict=True):
        control.value = value
    assert round_about.picture.value == straight.picture.value
    for shown in (straight, round_about):
        first, *_between, last = movable(shown)
        move(first, far=True)
        move(last, far=False)
    assert round_about.picture.value == straight.picture.value


def test_what_changes_is_read_aloud_and_holds_no_markup():
    assert status_html(["A <b>.", "B & C."]) == (
        '<p role="status" aria-live="polite">A &lt;b&gt;. B &amp; C.</p>'
    )


def test_a_panel_shows_itself_at_once_and_at_each_move():
    class Doubling(ControlPanel):
        def _show(self, change=None):
            self.words.value = str(2 * self.values["count"])

    shown = Doubling({"count": widgets.IntSlider(3)}, ("words",))
    assert (shown.words.value, len(shown.children)) == ("6", 2)
    shown.controls["count"].value = 5
    assert shown.words.value == "10"
