"""Answers for the City Playbook belong to a person and a city; nobody's go."""

import json

import pytest

from playbook.exercises.answers import keep_answer, key_of, own_answers, read_answers

GIVEN = {"answer": 3, "outcome": "passed", "question": {}}


def test_a_mistyped_name_or_another_city_deletes_nothing(tmp_path):
    path = tmp_path / "record.json"
    keep_answer(path, "李伟", "nanjing", "01-a", "one", GIVEN)
    keep_answer(path, "李纬", "wuxi", "03-b", "two", GIVEN)
    keep_answer(path, "李伟", "zibo", "03-b", "two", GIVEN)
    keep_answer(path, "李伟", "nanjing", "05-c", "three", GIVEN)
    assert set(own_answers(path, "李伟", "nanjing")["answers"]) == {"01-a", "05-c"}
    assert set(own_answers(path, "李纬", "wuxi")["answers"]) == {"03-b"}


@pytest.mark.parametrize("typed", ["li wei", " Li  Wei ", "ＬＩ ＷＥＩ", "LiWei"])
def test_blanks_capitals_and_full_width_make_no_new_person(typed):
    assert key_of(typed, "nanjing") == key_of("Li Wei", "nanjing")


def test_ways_to_write_an_accent_make_no_new_person():
    assert key_of("Jose\u0301", "wuxi") == key_of("Jos\u00e9", "wuxi")


def test_answers_from_before_they_had_owners_are_kept(tmp_path):
    path = tmp_path / "record.json"
    before = {"case": "nanjing", "trainee": "Li Wei", "answers": {"01-a": {"one": GIVEN}}}
    path.write_text(json.dumps(before), encoding="utf-8")
    keep_answer(path, "Li Wei", "nanjing", "03-b", "two", GIVEN)
    assert set(own_answers(path, "Li Wei", "nanjing")["answers"]) == {"01-a", "03-b"}


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '{"version": 2}', '{"case": 3, "answers": []}'])
def test_a_broken_record_is_as_good_as_none(tmp_path, text):
    path = tmp_path / "record.json"
    path.write_text(text, encoding="utf-8")
    assert read_answers(path)["people"] == {}
    assert own_answers(path) is None
