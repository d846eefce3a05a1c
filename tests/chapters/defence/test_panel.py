"""The panel of chapter 13: a plan, a run and a month are chosen, words and pictures follow."""

import pytest

from playbook.cases import load_case
from playbook.chapters.defence.panel import OWN, panel
from playbook.errors import PlaybookError

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def jinhua():
    return load_case("jinhua")


@pytest.fixture(scope="module")
def shown(jinhua):
    return panel(jinhua, {"veterans": 3, "package": 60})


def test_your_own_plan_is_the_first_to_choose(shown, jinhua):
    assert shown.controls["plan"].value == OWN
    assert [name for _words, name in shown.controls["plan"].options] == [OWN, "naive", "f", "book"]
    assert OWN not in [name for _words, name in panel(jinhua).controls["plan"].options]


def test_buttons_step_a_month_and_stop_at_the_ends(shown):
    month = shown.controls["month"]
    month.value = 1
    shown.back.click()
    assert month.value == 1
    shown.on.click()
    assert month.value == 2
    assert "Month 2: " in shown.words.value
    assert "month 2" in shown.picture.value


def test_another_plan_and_another_run_show_another_story(shown):
    shown.controls["month"].value = 24
    seen = {shown.words.value}
    shown.controls["luck"].value = "unlucky"
    seen.add(shown.words.value)
    shown.controls["plan"].value = "naive"
    seen.add(shown.words.value)
    assert len(seen) == 3
    assert all("After 24 months" in words for words in seen)


def test_a_plan_with_an_unknown_lever_is_refused_with_a_remedy(jinhua):
    with pytest.raises(PlaybookError) as told:
        panel(jinhua, {"veteran": 3})
    assert "Did you mean veterans?" in told.value.remedy


def test_a_plan_for_another_city_is_refused_by_its_district(jinhua):
    with pytest.raises(PlaybookError, match="Pudong"):
        panel(jinhua, {"offices": ["Pudong"]})
