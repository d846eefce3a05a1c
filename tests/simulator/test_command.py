"""`playbook simulate`: a plan in, figures out; references that go on."""

import json

import pytest
from typer.testing import CliRunner

from playbook.cli import app
from playbook.errors import PlaybookError
from playbook.simulator import by_the_book


def said(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["simulate", *arguments], catch_exceptions=False, env={"COLUMNS": "160"})
    assert done.exit_code == 0, done.output
    return done.stdout


def test_known_plans_are_printed_side_by_side():
    text = said("jinhua", "--draws", "2")
    for word in ("naive", "book", "Payback, months", "Share of the gap", "not a forecast"):
        assert word in text


def test_json_holds_the_totals_and_the_levers():
    [row] = json.loads(said("jinhua", "--policy", "book", "--draws", "2", "--json"))
    assert (row["city"], row["plan"], row["runs"]) == ("jinhua", "book", 2)
    assert set(row["totals"]["value"]) == {"mean", "sd", "low", "high"}
    assert row["levers"]["veterans"] == 4


def test_a_plan_of_your_own_gives_what_the_same_known_plan_gives(tmp_path, jinhua):
    path = tmp_path / "mine.json"
    path.write_text(by_the_book(jinhua).to_json(), encoding="utf-8")
    rows = json.loads(said("jinhua", "--plan", str(path), "--policy", "book", "--draws", "2", "--json"))
    assert [row["plan"] for row in rows] == ["mine.json", "book"]
    assert rows[0]["totals"] == rows[1]["totals"]


@pytest.mark.slow
def test_sensitivity_names_every_lever():
    [row] = json.loads(said("jinhua", "--policy", "book", "--draws", "2", "--sensitivity", "--json"))
    assert len(row["sensitivity"]) == 17
    assert "Standard error" in said("jinhua", "--policy", "naive", "--draws", "2", "--sensitivity")


@pytest.mark.slow
def test_every_city_gets_a_line_for_each_plan_or_a_column_of_levers():
    two = ["--all", "--cities", "jinhua", "--cities", "nanjing", "--policy", "book", "--draws", "2"]
    rows = json.loads(said(*two, "--json"))
    assert [(row["city"], row["plan"]) for row in rows] == [("jinhua", "book"), ("nanjing", "book")]
    text = said(*two)
    assert "jinhua" in text
    assert "nanjing" in text
    levers = said(*two, "--sensitivity")
    for word in ("nanjing", "veterans", "mean"):
        assert word in levers


@pytest.mark.slow
def test_references_are_searched_into_a_folder_and_go_on(tmp_path):
    arguments = ["--reference", "--cities", "jinhua", "--out", str(tmp_path), "--json"]
    [first] = json.loads(said(*arguments, "--rounds", "1"))
    [second] = json.loads(said(*arguments, "--rounds", "2"))
    assert (first["rounds"], second["rounds"]) == (1, 2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["jinhua.json", "yardsticks.json"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "no city is named"),
        (["atlantis"], "there is no case 'atlantis'"),
        (["jinhua", "--plan", "nowhere.json"], "the plan cannot be read"),
    ],
)
def test_an_error_says_what_is_wrong_and_what_to_do(arguments, words):
    with pytest.raises(PlaybookError, match=words) as caught:
        CliRunner().invoke(app, ["simulate", *arguments], catch_exceptions=False)
    assert caught.value.remedy


def test_a_lever_out_of_bounds_is_named_with_its_file(tmp_path):
    path = tmp_path / "plan.json"
    path.write_text('{"gate": 900}', encoding="utf-8")
    with pytest.raises(PlaybookError, match="out of bounds") as caught:
        CliRunner().invoke(app, ["simulate", "jinhua", "--plan", str(path)], catch_exceptions=False)
    assert caught.value.where == f"{path}, lever gate"
