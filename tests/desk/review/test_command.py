"""`playbook review` on the command line, and how far what a reader gave reaches."""

import csv
import io
import json

import pytest
from typer.testing import CliRunner

from playbook.cli import app
from playbook.cli import review as command
from playbook.desk.exports import Cohort
from playbook.desk.exports.marks import marks_rows
from playbook.desk.exports.questions import questions_csv
from playbook.desk.feedback import write_feedback
from playbook.desk.reading import read_cohort
from playbook.errors import PlaybookError
from playbook.gradebook.standing import standings
from tests.gradebook.reading import EXERCISE, hand_in, read_text


@pytest.fixture
def run(book, tmp_path, monkeypatch):
    """Runs the command on the gradebook; what it opens in a browser is kept in `opened`."""
    opened = []
    monkeypatch.setattr(command, "wait_for_end", lambda: None)
    monkeypatch.setattr(command.webbrowser, "open", opened.append)

    def run(*arguments):
        address = str(tmp_path / "gradebook.sqlite")
        done = CliRunner().invoke(
            app, ["review", "--exercise", "03", "--gradebook", address, *arguments], env={"COLUMNS": "160"}
        )
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.output

    run.opened = opened
    return run


def test_it_prints_the_address_opens_it_and_says_how_far_the_reader_is(run, book):
    said = run("--reader", "Wang Fang")
    [address] = run.opened
    assert f"0 of 6 answers judged by Wang Fang. The page: {address}" in said
    assert address.startswith("http://127.0.0.1:")
    assert "Ctrl+C ends it; what you have judged is kept." in said
    assert "Report, feedback and exports count it; `playbook grade` brings result files up to date." in said


def test_no_browser_is_opened_where_that_is_asked(run):
    assert "The page: http://127.0.0.1:" in run("--reader", "Wang Fang", "--no-browser")
    assert run.opened == []


def test_somebody_has_to_read(run):
    with pytest.raises(PlaybookError, match="'' is no name"):
        run()


def test_it_says_why_there_is_nothing_to_read(run, book):
    assert run("--reader", "Li Na", "--second") == (
        "Nothing waits for a second reader: somebody else reads first, without --second.\n"
    )
    for trainee in ("t1", "t2", "t3"):
        for question in ("decision", "against"):
            book.review(read_text(book, trainee, question), "Wang Fang", 1)
    assert (
        run("--reader", "Li Na") == "Others have judged all 6 answers; to read them as well, use --second.\n"
    )
    said = run("--exercise", "04", "--reader", "Li Na")
    assert said.startswith(
        "Others have judged all 6 answers"
    )  # both exercises, and nobody handed in the second


@pytest.mark.parametrize("name", ["Name of t1", "name  of T1", "t1"])
def test_nobody_reads_what_they_handed_in_themselves(run, book, name):
    """Once a trainee who helped with the reading got their own text, with points to give."""
    said = run("--reader", name)
    assert said.startswith(
        f"2 answers left out: the roster has a trainee {' '.join(name.split())}, and nobody reads what they wrote "
        f'themselves. Another person of that name reads as, say, "Trainer {" ".join(name.split())}".\n'
        "0 of 4 answers judged by"
    )
    for trainee in ("t2", "t3"):
        for question in ("decision", "against"):
            book.review(read_text(book, trainee, question), "Wang Fang", 1)
    assert run("--reader", name).endswith(
        "Others have judged all 4 answers; to read them as well, use --second.\n"
    )
    assert "0 of 2 answers judged by Trainer Name of t1." in run("--reader", "Trainer Name of t1")


def test_where_only_ones_own_answers_are_nothing_else_is_said(run, book, tmp_path):
    for trainee in ("t2", "t3"):
        hand_in(book, tmp_path, trainee, 2, {"decision": "", "against": ""})
    [said] = run("--reader", "t1").splitlines()
    assert said.startswith("2 answers left out: the roster has a trainee t1")


def test_it_says_where_no_text_was_handed_in(book, tmp_path):
    address = str(tmp_path / "gradebook.sqlite")
    done = CliRunner().invoke(
        app, ["review", "--exercise", "04", "--gradebook", address, "--reader", "Li Na"]
    )
    assert done.output == "No graded hand-in holds a text to read: grade first, or name another exercise.\n"


def test_json_counts_what_is_read_and_what_waits(run, book):
    book.review(read_text(book), "Wang Fang", 1)
    book.review(read_text(book), "Li Na", 0, second=True)
    book.review(read_text(book, "t2"), "Wang Fang", 0)
    told = json.loads(run("--json"))
    assert told["questions"] == [
        {"exercise": EXERCISE, "question": "decision", "answers": 3, "read": 2, "read_twice": 1},
        {"exercise": EXERCISE, "question": "against", "answers": 3, "read": 0, "read_twice": 0},
    ]


def test_agreement_is_printed_with_the_answers_that_the_two_differ_on(run, book):
    assert run("--agreement") == (
        "No answer was judged by two readers yet: the second one reads with --second.\n"
    )
    for trainee, first, second in (("t1", 1, 1), ("t2", 0, 0), ("t3", 1, 0.5)):
        book.review(read_text(book, trainee), "Wang Fang", first, "[bold]Good")
        book.review(read_text(book, trainee), "Li Na", second, second=True)
    said = run("--agreement")
    [row] = [line for line in said.splitlines() if "decision" in line and EXERCISE in line and "│" in line]
    assert [one.strip() for one in row.strip("│").split("│")] == [EXERCISE, "decision", "3", "67%", "0.67"]
    assert f"t3 · {EXERCISE} · decision: Wang Fang 1 ([bold]Good) · Li Na 0.5" in said
    assert "t1 ·" not in said
    assert "The first reader's points count." in said
    told = json.loads(run("--agreement", "--json"))
    assert [(one["question"], one["answers"], one["equal"]) for one in told["agreement"]] == [
        ("decision", 3, 2),
        ("", 3, 2),
    ]
    [differ] = told["differ"]
    assert (differ["trainee"], differ["points"]) == ("t3", [1, 0.5])


def test_where_two_readers_agree_throughout_nothing_is_to_be_talked_about(run, book):
    for reader, second in (("Wang Fang", False), ("Li Na", True)):
        book.review(read_text(book), reader, 1, second=second)
    said = run("--agreement")
    assert (
        "– for kappa: all these answers have the same points from both, which chance would give too." in said
    )
    assert said.endswith("The first reader's points count.\n")


def test_one_answer_of_somebody_else_is_one():
    assert command._nothing(1, False) == (
        "Somebody else has judged the one answer; to read it as well, use --second."
    )


@pytest.mark.slow
def test_what_a_reader_gave_reaches_report_feedback_and_exports(book, tmp_path):
    book.review(read_text(book), "Wang Fang", 0.5, "Which month do <you> mean?")
    cohort = Cohort(book, book.roster(), standings(book), [EXERCISE])
    assert [row["points"] for row in marks_rows(cohort)] == [5.5, 6, 6]
    sheet = csv.DictReader(io.StringIO("".join(questions_csv(cohort)).lstrip("\ufeff")))
    [row] = [row for row in sheet if (row["trainee"], row["question"]) == ("t1", "decision")]
    assert (row["points"], row["outcome"]) == ("0.5", "partial")
    [page] = write_feedback(book, tmp_path / "feedback", ["t1"])
    text = page.read_text("utf-8")
    assert "5.5 of 6 points." in text
    assert "A person has read it: Which month do &lt;you&gt; mean?" in text
    assert "Wang Fang" not in text
    reading = read_cohort(book)
    [rows] = [rows for one, rows in reading.marked(EXERCISE) if one.trainee == "t1"]
    [mark] = [row for row in rows if row.question == "decision"]
    assert (mark.points, mark.outcome) == (0.5, "partial")
    assert [one.points for one in reading.chosen] == [5.5, 6, 6]
