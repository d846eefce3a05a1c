"""A defended plan is graded: by the gap that it closes, on both cases, from plain data; junk and neighbours earn nothing."""

import json

import pytest

from playbook.authoring import load_master
from playbook.cases import load_case
from playbook.cases.roster import Enrolled, Roster
from playbook.certifying.evidence import gather_evidence
from playbook.chapters.defence.finding import Simulated
from playbook.chapters.defence.trial import WHOLE, wind_tunnel
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.result import Graded
from playbook.gradebook.standing import results_of, standings
from playbook.grading.crew import LocalCrew
from playbook.grading.grade import grade_pending, plan_grading
from playbook.grading.marker import Marker
from playbook.places import course_root
from playbook.running.runner import Limits
from playbook.simulator import by_the_book, naive
from playbook.submissions.hand_in import find_hand_ins
from tests.grading.cohort import notebook_of, solved

pytestmark = [pytest.mark.slow, pytest.mark.long, pytest.mark.sandbox]

CITY, NEIGHBOUR = "jinhua", "nanjing"
JUNK = {
    "nan": "{**literal, 'follow_up': float('nan')}",
    "text": "'a good plan'",
    "huge": "{**literal, 'heads': [10**30] * 8}",
    "no keys": "{'areas': [[['Yiwu']]], 'heads': {'a': 1}}",
}


def plans():
    own, neighbour = (wind_tunnel(load_case(name))[0] for name in (CITY, NEIGHBOUR))
    literal = by_the_book(own).as_dict()
    return {
        "book": repr(literal),
        "naive": repr(naive(own).as_dict()),
        "neighbour": repr(by_the_book(neighbour).as_dict()),
        **{name: code.replace("literal", repr(literal)) for name, code in JUNK.items()},
    }


@pytest.fixture(scope="module")
def graded(warm_runner, tmp_path_factory):
    """Results by who handed in, and the evidence of who handed in the plan by the book."""
    master = load_master(course_root() / "exercises" / "13-defence")
    folder = tmp_path_factory.mktemp("defended")
    names = {name: f"{name} person" for name in plans()}
    for name, code in plans().items():

        def solve(block, name=name, code=code):
            if block.question.id != "plan":
                return solved(block) if name == "book" or block.question.id == "tight" else block.starter
            return f'plan = {code}\ncheck("plan", plan)'

        path = folder / "submissions" / names[name] / "13-defence.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook_of(master, solve, names[name])), encoding="utf-8")
    roster = Roster(tuple(Enrolled(one, city=CITY) for one in names.values()))
    marker = Marker({master.id: master}, "s", folder / "unseen", roster=roster, limits=Limits(notebook_s=300))
    with Gradebook(folder / "results" / "gradebook.sqlite") as book:
        plan = plan_grading(find_hand_ins(folder / "submissions", [master.id]), book, marker)
        book.keep_exercises([master])
        grade_pending(plan, book, LocalCrew(marker, warm_runner, jobs=1))
        results = {
            one.trainee.removesuffix(" person"): Graded.from_dict(data)
            for one, data in results_of(book, standings(book))
        }
        evidence = gather_evidence(book)
    return results, {name.removesuffix(" person"): one for name, one in evidence.items()}


def of(graded, name, question="plan"):
    return next(one for one in graded[0][name].questions if one.result.question == question)


def test_the_plan_by_the_book_typed_as_it_stands_earns_all_points_on_both_cases(graded):
    one = of(graded, "book")
    assert (one.own, one.unseen, str(one.result.outcome)) == ("passed", "passed", "passed"), (
        one.result.message
    )
    assert one.result.points == one.result.max_points


def test_the_grader_records_two_hundred_runs_that_gates_can_read(graded):
    record = graded[0]["book"].simulated
    run = Simulated.from_record(record)
    assert run is not None
    assert run.draws == 200
    assert run.gap_share >= WHOLE
    assert run.cash_broken <= 0.1
    assert graded[1]["book"].simulated == run


def test_the_record_names_what_costs_most_and_no_lever_of_the_reference(graded):
    costs = graded[0]["book"].simulated["costs"]
    assert 1 <= len(costs) <= 3
    assert all(isinstance(lever, str) and points > 0 for lever, points in costs)


def test_what_is_signed_reaches_the_rules_one_by_one(graded):
    plan = graded[1]["book"].plan
    assert plan.number(13, "first_gate") == 12
    assert plan.texts(13, "reviews") == ["week", "month"]


def test_the_naive_plan_earns_nothing_and_hears_why(graded):
    one = of(graded, "naive").result
    assert one.points == 0
    assert "of the sellers leave within a year" in one.message or "cash falls below" in one.message


def test_a_neighbours_plan_fails_its_city_by_name(graded):
    one = of(graded, "neighbour").result
    assert one.points == 0
    assert "is no district of Jinhua: this plan was written for another city" in one.message


@pytest.mark.parametrize("name", JUNK)
def test_junk_earns_nothing_and_costs_no_other_answer(graded, name):
    one = of(graded, name).result
    assert one.points == 0, one.message
    assert graded[0][name].status == "graded"
    assert not graded[0][name].simulated
    assert of(graded, name, "tight").result.points == 1
