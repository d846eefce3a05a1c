"""A plan begins with a trainee's own answers; what is missing is borrowed and says so."""

import pytest

from playbook.chapters.defence.answers import gather
from playbook.chapters.defence.levers import (
    NAMES,
    SAID,
    SET_HERE,
    levers_of,
    set_levers,
    sign,
    signed_for,
)
from playbook.errors import PlaybookError
from playbook.simulator import Plan, plan_from


@pytest.fixture(scope="module")
def own(answers, city):
    """Nanjing's levers of one who has answered everything, by name."""
    return {one.name: one for one in levers_of(gather(answers), city, Plan())}


@pytest.mark.slow
def test_every_lever_has_words_and_only_four_are_left_to_set_here(own):
    assert set(SAID) == set(NAMES)
    assert set(own) == set(NAMES) - set(SET_HERE)


@pytest.mark.slow
def test_each_lever_of_an_earlier_chapter_is_the_trainees_own(own):
    named = {name: one.chapter for name, one in own.items() if one.chapter}
    assert named == {
        "sections": 3,
        "areas": 4,
        "offices": 4,
        "profile": 5,
        "benchmarks": 7,
        "teams": 8,
        "heads": 9,
        "veterans": 9,
        "package": 9,
        "salons": 11,
        "online": 11,
        "ecosystem": 11,
    }


@pytest.mark.slow
def test_own_levers_are_those_answers(own, answers):
    assert own["sections"].value[0] == answers[3]["entry"]
    assert own["benchmarks"].value == len(answers[7]["plan"])
    assert own["heads"].value[-1] == answers[9]["needed"]
    assert set(own["offices"].value) == set(answers[4]["offices"])


@pytest.mark.slow
def test_the_section_of_chapter_3_is_entered_first_and_the_largest_follow(own, city):
    need = city.case.accounts.drop_duplicates(["district_adcode", "division", "founded", "revenue_10k"])
    need = need[need["need"]]["section"].value_counts()
    first, *following = own["sections"].value
    assert following == list(need.index[: len(following)])
    assert need[following].sum() >= need.sum() / 2 > need[following[:-1]].sum()
    assert first not in following


@pytest.mark.slow
def test_own_and_borrowed_levers_make_a_plan_that_can_be_read(own):
    plan_from({name: one.value for name, one in own.items()})


def test_without_answers_every_lever_is_borrowed(city):
    assert not [one for one in levers_of(gather({}), city, Plan()) if one.chapter]


@pytest.mark.parametrize("junk", [None, -7, "x", [], {"a": [1]}, float("nan")])
def test_an_answer_that_cannot_be_read_is_borrowed_too(city, junk):
    asked = {
        3: ("entry", "ranking"),
        4: ("heart", "offices"),
        9: ("needed", "seeding", "hire_by"),
        11: ("mix",),
    }
    spoilt = {chapter: dict.fromkeys(names, junk) for chapter, names in asked.items()}
    assert not [one for one in levers_of(gather(spoilt), city, Plan()) if one.chapter]


def test_setting_levers_keeps_what_came_in_and_its_kind():
    assert set_levers(Plan(), veterans=2) == plan_from({"veterans": 2})
    assert set_levers({"veterans": 1, "salons": [0, 0, 0, 0]}, veterans=2) == {
        "veterans": 2,
        "salons": [0, 0, 0, 0],
    }


@pytest.mark.parametrize(
    "open_", [lambda: set_levers(..., follow_up=0.5), lambda: set_levers({}, follow_up=...)]
)
def test_what_is_open_stays_open(open_):
    assert open_() is ...
    assert sign(promise=...) is ...


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: set_levers(Plan(), veteran=2), "Did you mean veterans?"),
        (lambda: set_levers({}, follow_up=80), "lever follow_up: 80 is out of bounds"),
        (lambda: set_levers("my plan", follow_up=0.5), "Copy all that `start_plan(case)` has printed"),
        (lambda: sign(promis=1), "`promis` is not asked for"),
    ],
)
def test_a_wrong_lever_says_what_to_do(call, says):
    with pytest.raises(PlaybookError) as error:
        call()
    assert says in str(error.value)


def test_what_is_signed_is_read_question_by_question():
    assert signed_for({"promise": 2, "first_gate": ..., "other": 1}) == {"promise": 2}
    assert signed_for("nothing") == {}
