"""The tools of chapter 13 in a notebook: own answers flow in, rules speak first, versions are kept with their reasons."""

import ast
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from playbook.cases import load_case, use_case
from playbook.chapters.defence import why
from playbook.chapters.defence.rules import check_plan
from playbook.chapters.defence.trial import run_of, wind_tunnel
from playbook.exercises import defending
from playbook.exercises.answers import keep_answer, keep_version, read_versions
from playbook.exercises.check import RECORD
from playbook.exercises.defence import plan_of
from playbook.exercises.plain import to_plain
from playbook.kept import Kept
from playbook.simulator import by_the_book, naive, plan_from, simulate
from playbook.simulator.policies import f_company

pytestmark = pytest.mark.slow

CITY = "jinhua"
SIGNED = {"promise": 0.2, "reviews": ["week", "month"], "day_hours": 8}


@pytest.fixture
def case(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(defending, "read_seals", lambda exercise, case: None)
    low = {"runs": 40, "naive": -4000.0, "reference": 16000.0}
    monkeypatch.setattr(defending, "ends_known", lambda case: low)
    found = load_case(CITY)
    with use_case(found):
        yield found


def note(case, exercise, question, value):
    given = {"question": {}, "answer": to_plain(value), "outcome": "passed"}
    keep_answer(Path(RECORD), defending._whose(case)[0], case.name, exercise, question, given)


@pytest.fixture
def book(case):
    return by_the_book(wind_tunnel(case)[0]).as_dict()


def test_a_plan_begins_with_own_answers_and_says_what_is_borrowed(case):
    note(case, "04-base-area", "offices", ["Wucheng", "Yiwu"])
    text = repr(defending.start_plan(case))
    assert "\"offices\": ['Wucheng', 'Yiwu'],  # your chapter 4" in text
    assert '"profile": ' in text
    assert "17 levers are borrowed from the plan by the book." in text


def test_a_right_rule_of_options_is_known_although_no_function_is_kept(case):
    keep_answer(Path(RECORD), *defending._whose(case), "09-staffing", "payout", {"outcome": "passed"})
    assert 25 in check_plan(defending._own(case), case).kept


def test_progress_is_shown_on_a_line_of_its_own_that_goes(case, book, monkeypatch, capsys):
    shown = []
    monkeypatch.setattr(defending, "_live", lambda: True)

    class Line:
        def update(self, view):
            shown.append(view.data)

    monkeypatch.setattr("IPython.display.display", lambda view, **how: shown.append(view.data) or Line())
    defending.defence_of(case, {**book, "veterans": 0, "salons": [0] * 4}, SIGNED, "no veterans")
    assert "1 of 2 levers tried" in shown[0]
    assert shown[-1] == "<span></span>"
    shown.clear()
    defending.defence_of(case, naive(wind_tunnel(case)[0]).as_dict(), SIGNED, "all levers")
    total = shown.index("<span></span>") + 1
    assert all(f">{n} of {total} levers tried<" in view for n, view in enumerate(shown[: total - 1], start=1))
    assert "1 of 6 levers tried closely" in shown[total]
    assert shown[-1] == "<span></span>"
    assert capsys.readouterr().err == ""


def test_the_printed_text_is_a_dictionary_that_makes_a_plan(case):
    text = repr(defending.start_plan(case))
    levers = ast.literal_eval(text[text.index("{") :])
    plan = defending.set_levers(levers, industry_focus=0.8, area_focus=0.8, profile_focus=0.8, follow_up=0.5)
    plan_from(plan)


def test_the_rules_speak_before_the_run_and_what_costs_comes_last(case, book):
    weak = {**book, "veterans": 0, "package": 0}
    said = repr(defending.defence_of(case, weak, SIGNED, "no veterans"))
    assert said.index("The rules:") < said.index("In the mean of 40 runs") < said.index("What costs you most")
    assert "veterans and their package" in said


def test_a_stop_is_mended_before_anything_is_run(case, book):
    note(case, "03-entry-industries", "ranking", ["C", "F", "L"])
    note(case, "03-entry-industries", "entry", "M")
    said = repr(defending.defence_of(case, book, SIGNED, "first"))
    assert "stop (rule 1" in said.replace("*", "")
    assert "Your plan is not run before nothing stops it." in said
    assert "In the mean of 40 runs" not in said


def test_versions_are_kept_with_their_reasons_and_what_changed(case, book):
    defending.defence_of(case, book, SIGNED, "by the book")
    defending.defence_of(case, {**book, "follow_up": 0.6}, SIGNED, "more follow-up")
    said = repr(defending.versions(case)).splitlines()
    assert said[0].startswith("1 · by the book ·")
    assert said[1].startswith("2 · more follow-up ·")
    assert said[1].endswith("follow_up")


def test_without_a_version_the_tool_says_what_to_run(case):
    assert "No version is kept yet" in repr(defending.versions(case))


def test_an_unanswered_plan_is_asked_for(case):
    assert "Answer the questions `plan` and `signed` first" in repr(defending.defence_of(case, ..., ...))


def test_a_plan_that_cannot_be_read_names_its_lever(case, book):
    said = repr(defending.defence_of(case, {**book, "heads": [1]}, SIGNED))
    assert "lever heads: it has 1 entries." in said


def test_outside_a_notebook_nothing_is_run_and_nothing_is_kept(case, book):
    assert repr(defending.defend(case, book, SIGNED)) == "The plan is run when it is graded."
    assert not os.path.exists(RECORD)


def test_a_versions_record_that_was_spoilt_is_begun_anew(tmp_path):
    path = tmp_path / "record.json"
    path.write_text('{"version": 2, "people": {"a b": {"case": "b", "answers": {}, "tries": {"x": 3}}}}')
    assert read_versions(path, "a", "b", "x") == []
    keep_version(path, "a", "b", "x", {"why": "one"})
    assert read_versions(path, "a", "b", "x") == [{"why": "one"}]


def test_what_was_signed_is_read_as_answers_of_the_chapter():
    answers = {"13-defence": {"signed": {"answer": to_plain(SIGNED), "outcome": "passed"}}}
    plan = plan_of(answers, {"13-defence": 13})
    assert plan.number(13, "promise") == 0.2
    assert plan.texts(13, "reviews") == ["week", "month"]


def test_the_dearest_lever_is_the_one_that_was_spoilt(case, book):
    best = plan_from(book)
    weak = plan_from({**book, "veterans": 0, "package": 0})
    gap = {
        "naive": run_of(case, naive(wind_tunnel(case)[0])).value.mean(),
        "reference": run_of(case, best).value.mean(),
    }
    costs = why.dearest(case, weak, best, gap)
    assert [one.lever for one in costs] == ["veterans"]
    lost = run_of(case, best).value - run_of(case, weak).value
    assert costs[0].points == pytest.approx(100 * lost.mean() / (gap["reference"] - gap["naive"]))
    assert why.dearest(case, best, best, gap) == []


@pytest.mark.parametrize("known", [naive, f_company])
def test_looking_closely_at_a_few_levers_finds_the_ones_that_cost_most(case, book, known, monkeypatch):
    weak, best = known(wind_tunnel(case)[0]), plan_from(book)
    gap = {"naive": 0, "reference": 1000}
    found = why.dearest(case, weak, best, gap)
    monkeypatch.setattr(why, "CLOSELY", 99)
    assert found == why.dearest(case, weak, best, gap)
    assert len(found) == why.MOST


def test_more_runs_of_a_plan_are_added_and_fewer_are_its_first(case, book):
    plan = plan_from({**book, "follow_up": 0.37})
    few, more, again = (run_of(case, plan, runs) for runs in (3, 40, 3))
    assert [len(one.value) for one in (few, more, again)] == [3, 40, 3]
    city, draws = wind_tunnel(case)
    assert more.months == pytest.approx(simulate(city, plan, draws).months)
    assert (again.value == few.value).all()
    assert (few.value == more.value[:3]).all()


def test_many_threads_may_ask_for_what_is_kept_for_a_few():
    kept = Kept(1)
    with ThreadPoolExecutor(8) as pool:
        asked = [number % 5 for number in range(400)]
        assert list(pool.map(lambda number: kept.of(number, lambda: number), asked)) == asked
