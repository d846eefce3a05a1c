"""`playbook simulate`: a plan in, figures out; references that go on."""

import io
import json

import pytest
from rich.console import Console
from typer.testing import CliRunner

from playbook.cases.case import list_cases
from playbook.cli import app
from playbook.cli.simulate_tables import (
    OF_MANY,
    SHOWN,
    _share,
    levers_of_cities,
    plans_of_cities,
    references_found,
)
from playbook.errors import PlaybookError
from playbook.simulator import by_the_book
from playbook.simulator.plan import LEVERS


def said(*arguments: str, columns: int = 160) -> str:
    done = CliRunner().invoke(
        app, ["simulate", *arguments], catch_exceptions=False, env={"COLUMNS": str(columns)}
    )
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


def whole(text: str) -> bool:
    """Whether no line is wider than a small screen, and no word or number is cut."""
    return max(map(len, text.splitlines())) <= 80 and "…" not in text


@pytest.mark.slow
def test_plans_of_a_city_fit_a_screen_of_80_columns_uncut():
    text = said("jinhua", "--draws", "2", columns=80)
    assert whole(text)
    assert all(one.words.split()[0] in text for one in SHOWN.values())


@pytest.mark.slow
def test_plans_of_all_cities_fit_a_screen_of_80_columns_uncut():
    longest = ["--cities", "changzhou", "--cities", "xiangyang"]
    text = said("--all", *longest, "--draws", "2", columns=80)
    assert whole(text)
    for word in ("changzhou", "xiangyang", "reference", "Payback", "gap", "Ripe", "not a forecast"):
        assert word in text


#: As wide as means get; every other one is a share or a few visits.
WIDEST = {"wins": 12345, "cost_each": 12345.6, "payback": 240, "ripe_books": 123.4}


def wide_rows() -> list[dict]:
    return [
        {
            "city": case.name,
            "plan": "reference",
            "share_of_gap": -10.25,
            "totals": {
                name: {"mean": WIDEST.get(name, -123456.7 if one.unit > 1 else 0.88)}
                for name, one in SHOWN.items()
            },
            "sensitivity": [{"lever": lever, "points": -100.0, "error": 0.0} for lever in LEVERS],
        }
        for case in list_cases()
    ]


@pytest.mark.parametrize("tables", [lambda rows: plans_of_cities(rows, 2000), levers_of_cities])
def test_all_cities_that_ship_fit_80_columns_whatever_the_plans_come_to(tables):
    console = Console(width=80, file=io.StringIO())
    for table in tables(wide_rows()):
        console.print(table)
    text = console.file.getvalue()
    assert whole(text)
    assert all(case.name in text for case in list_cases())


def test_every_total_stands_in_one_of_the_two_tables_of_many_cities():
    assert sorted(name for names in OF_MANY.values() for name in names) == sorted(SHOWN)


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


def test_a_reference_that_breaks_the_cash_rule_too_often_is_told():
    row = {"naive": -3000.0, "naive_sd": 500.0, "reference": 20000.0, "reference_sd": 5000.0, "rounds": 240}
    table = references_found(
        "there", [{**row, "city": "one", "cash_broken": 0.1}, {**row, "city": "two", "cash_broken": 0.11}]
    )
    assert list(table.columns[3].cells) == ["10%", "11%, too often"]


def test_a_share_that_rounds_to_nothing_has_no_sign():
    assert [_share({"share_of_gap": share}) for share in (-0.001, 0.0, -0.26, None)] == [
        "0.00",
        "0.00",
        "-0.26",
        "-",
    ]
