"""`playbook export` on the command line: files are filled, shown before, and left alone where something is wrong."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from playbook.cli import app
from playbook.cli.exports import _print_filled
from playbook.desk.filling.fill import Filled
from playbook.errors import PlaybookError
from playbook.gradebook.gradebook import Gradebook
from tests.desk.small import ROSTER, small_book
from tests.desk.test_filling import BLACKBOARD, CANVAS, MOODLE_WORKSHEET, blank, expected


@pytest.fixture
def course(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    small_book(tmp_path).close()
    return tmp_path


def call(*arguments, fails=False):
    done = CliRunner().invoke(
        app, ["export", "--gradebook", "gradebook.sqlite", *arguments], env={"COLUMNS": "200", "TERM": "dumb"}
    )
    if fails:
        assert isinstance(done.exception, PlaybookError)
        return str(done.exception)
    assert done.exception is None, done.exception
    return done.output


def test_a_dry_run_shows_each_cell_and_writes_nothing(course):
    (course / "canvas.csv").write_bytes(blank(CANVAS))
    said = call("--into", "canvas.csv", "--dry-run")
    assert "Entry industries (778812)" in said
    assert "Canvas: 2 cells would change in canvas.csv; nothing is written" in said
    assert "Note: Canvas's file has no column for comments" in said
    assert (course / "canvas.csv").read_bytes() == blank(CANVAS)


def test_a_dry_run_leaves_the_roster_that_the_gradebook_keeps(course):
    """A table of logins that was tried once took the place of names, cities and days."""
    (course / "logins.csv").write_text("id,login\n001001,liwei\n001002,wangfang\n", encoding="utf-8")
    (course / "b.csv").write_bytes(blank(BLACKBOARD))
    said = call("--into", "b.csv", "--roster", "logins.csv", "--dry-run")
    assert "Blackboard: 4 cells would change" in said
    with Gradebook(course / "gradebook.sqlite") as book:
        assert book.roster() == ROSTER
    assert call("--into", "b.csv", "--roster", "logins.csv").startswith("Blackboard: 4 cells changed")


def test_the_file_itself_is_filled_or_another_one(course):
    (course / "canvas.csv").write_bytes(blank(CANVAS))
    assert "Canvas: 2 cells changed in new/canvas.csv" in call(
        "--into", "canvas.csv", "--out", "new/canvas.csv"
    )
    assert (course / "canvas.csv").read_bytes() == blank(CANVAS)
    assert (course / "new/canvas.csv").read_bytes() == expected("canvas")
    call("--into", "canvas.csv")
    assert (course / "canvas.csv").read_bytes() == expected("canvas")
    assert "2 marks stood there already" in call("--into", "canvas.csv")


def test_a_mark_that_somebody_typed_is_named_when_another_takes_its_place(course):
    (course / "canvas.csv").write_bytes(blank(CANVAS).replace(b"liwei,Autumn,,", b"liwei,Autumn,3,"))
    line = "row 3, 001001, Entry industries (778812): 3 by 10"
    assert f"Would replace: {line}" in call("--into", "canvas.csv", "--dry-run")
    said = call("--into", "canvas.csv")
    assert f"Replaced: {line}" in said
    assert said.count("Replaced") == 1


def test_a_word_in_place_of_a_mark_is_named_too(course):
    (course / "canvas.csv").write_bytes(blank(CANVAS).replace(b"liwei,Autumn,,", b"liwei,Autumn,absent,"))
    assert "Replaced: row 3, 001001, Entry industries (778812): absent by 10" in call("--into", "canvas.csv")


def test_a_file_with_somebody_unknown_stays_as_it_is(course):
    data = blank(CANVAS).replace(b"001001", b"77").replace(b"Wei, Li", b"Nobody").replace(b"liwei", b"n")
    (course / "canvas.csv").write_bytes(data)
    assert "nothing was written: not in the cohort: row 3" in call("--into", "canvas.csv", fails=True)
    assert (course / "canvas.csv").read_bytes() == data


def test_a_file_in_json_and_a_column_by_name(course):
    (course / "m.csv").write_bytes(blank(MOODLE_WORKSHEET))
    told = json.loads(call("--into", "m.csv", "--column", "Grade=03", "--json"))
    assert (told["written"], len(told["changes"]), told["platform"]) == (
        True,
        4,
        "Moodle's offline grading worksheet",
    )
    assert "--column 'Grade' names no column and exercise" in call(
        "--into", "m.csv", "--column", "Grade", fails=True
    )
    assert "--column names 'Grade' twice: for 03 and for 04" in call(
        "--into", "m.csv", "--column", "Grade=03", "--column", "Grade=04", fails=True
    )


def test_feedback_that_cannot_go_back_is_told(course):
    said = call("--format", "feedback-zip", "--exercise", "03", fails=True)
    assert "none of these hand-ins was downloaded from Moodle or Canvas" in said
    assert "writes a ZIP file, not .csv" in call("--format", "feedback-zip", "--out", "a.csv", fails=True)


def test_feedback_goes_into_a_zip(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    small_book(tmp_path, lambda one, name: f"{name}_84{one}_assignsubmission_file").close()
    said = call("--format", "feedback-zip", "--out", "back.zip")
    assert "Moodle: 3 pages in back.zip" in said
    assert "Note: The zip carries pages and no marks" in said
    assert json.loads(call("--format", "feedback-zip", "--json"))["pages"] == 3


def test_messages_and_statements_say_what_they_cannot_carry(course):
    assert "Note: A message holds marks" in call("--format", "messages", "--out", "m.txt")
    said = call("--format", "xapi", "--site", "https://course.example", "--out", "x.json")
    assert "Note: xAPI statements say nothing of single questions" in said
    assert len(json.loads((course / "x.json").read_text("utf-8"))) == 4


def test_options_that_would_do_nothing_are_told_and_nothing_is_written(course):
    """A --dry-run without --into wrote its file."""
    assert call("--dry-run", "--scale", "--out", "m.csv", fails=True) == (
        "--dry-run, --scale do nothing without --into\n"
        "What to do: add --into with your platform's file, or leave them out"
    )
    assert call("--exercise", "03", "--out", "m.csv", fails=True) == (
        "--exercise does nothing without --into or --format feedback-zip\n"
        "What to do: add --into with your platform's file, or leave it out"
    )
    assert not (course / "m.csv").exists()
    (course / "canvas.csv").write_bytes(blank(CANVAS))
    assert call("--into", "canvas.csv", "--format", "messages", fails=True) == (
        "--into and --format are two ways to give marks\n"
        "What to do: leave --format out to fill the file, or --into to write another"
    )
    assert (course / "canvas.csv").read_bytes() == blank(CANVAS)


def test_what_was_left_is_told_by_reasons_with_ten_rows_each(capsys):
    left = [f"row {n}, {n:03}: the {'grade' if n % 2 else 'comment'} is kept" for n in range(1, 301)]
    _print_filled(Filled("Moodle", (), left=["not in the cohort: row 9 (x)", *left]), Path("m.csv"), False)
    said = capsys.readouterr().out.splitlines()
    assert said[1:] == [
        "Left: not in the cohort: row 9 (x)",
        "Left: the grade is kept: "
        + "; ".join(f"row {n}, {n:03}" for n in range(1, 20, 2))
        + "; and 140 more, which --json has",
        "Left: the comment is kept: "
        + "; ".join(f"row {n}, {n:03}" for n in range(2, 21, 2))
        + "; and 140 more, which --json has",
    ]


def test_a_filled_file_is_no_spreadsheets_own(course):
    (course / "canvas.csv").write_bytes(blank(CANVAS))
    said = call("--into", "canvas.csv", "--out", "marks.xlsx", fails=True)
    assert "marks.xlsx: this writes a CSV file, not .xlsx" in said
    assert not (course / "marks.xlsx").exists()


def test_a_file_that_another_program_holds_is_told_and_stays(course, monkeypatch):
    (course / "canvas.csv").write_bytes(blank(CANVAS))

    def held(making, path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("playbook.places.os.replace", held)
    assert call("--into", "canvas.csv", fails=True) == (
        "canvas.csv: the file can't be written: Permission denied\n"
        "What to do: close it in your spreadsheet, and check the folder"
    )
    assert (course / "canvas.csv").read_bytes() == blank(CANVAS)
    assert not [path for path in course.iterdir() if path.name.startswith(".writing-")]
