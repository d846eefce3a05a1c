"""The instructor's commands, from hand-ins to pages, as typed."""

import contextlib
import csv
import gc
import inspect
import io
import json
import os
import sys

import pytest
from typer.testing import CliRunner

from playbook import clock
from playbook.cli import app, grading_tables
from playbook.errors import PlaybookError
from playbook.running import choose
from playbook.running.runner import Run
from tests.grading.graders import EXERCISE, InProcessRunner, make_course, share_unseen

pytestmark = pytest.mark.slow


class Refusing:
    """A runner whose host has no room."""

    def run(self, job):
        return Run(reason="out of memory")


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cache")
    share_unseen(folder)
    return str(folder)


@pytest.fixture
def course(tmp_path, monkeypatch, cache):
    """A folder with a small course and three hand-ins; commands run in it, without a sandbox."""
    make_course(tmp_path, 3)
    (tmp_path / "roster.csv").write_text(
        "id,name,due\nt000,Li Wei,2020-01-01\nt001,Wang,\nt002,Chen,\nt009,Zhang,\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PLAYBOOK_SECRET", "s")
    monkeypatch.setenv("PLAYBOOK_CACHE", cache)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    use(monkeypatch, InProcessRunner())
    return tmp_path


def use(monkeypatch, runner):
    @contextlib.contextmanager
    def open_runner(*_):
        yield runner, lambda: ""

    monkeypatch.setattr(choose, "open_runner", open_runner)


def call(*arguments, code=0):
    result = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "120"})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.stdout


def grade(*arguments, code=0):
    return call("grade", "submissions", "--exercises", "exercises", *arguments, code=code)


def last_json(printed):
    """The JSON that stands on the last line: notebooks that run in this process print before it."""
    return json.loads(printed.strip().splitlines()[-1])


def test_grading_says_what_became_of_the_hand_ins(course):
    printed = grade("--roster", "roster.csv")
    assert "3 graded, 0 already graded, 0 not graded" in printed
    assert "1 of 1, late" in printed
    assert "0 graded, 3 already graded, 0 not graded" in grade()
    assert (course / "results" / "t002" / f"{EXERCISE}.json").is_file()
    assert (course / "results" / "junit.xml").is_file()


def test_what_could_not_be_graded_ends_with_2_and_its_reason(course, monkeypatch):
    use(monkeypatch, Refusing())
    printed = grade(code=2)
    assert f"not graded: t000 {EXERCISE} (t000/{EXERCISE}.ipynb): out of memory" in printed
    data = json.loads((course / "results" / "t000" / f"{EXERCISE}.json").read_text())
    assert (data["status"], data["reason"], data["points"]) == ("not graded", "out of memory", 0)
    use(monkeypatch, InProcessRunner())
    grade()


def test_fail_under_ends_with_1_where_somebody_is_below(course):
    grade("--fail-under", "0")
    grade("--fail-under", "1", code=1)


def test_json_holds_the_sum_and_every_result(course):
    data = last_json(grade("--json"))
    assert (data["graded"], data["unchanged"], data["not_graded"]) == (3, 0, [])
    assert [result["points"] for result in data["results"]] == [0, 2, 4]
    assert last_json(grade("--json"))["unchanged"] == 3


def test_another_gradebook_and_another_folder(course):
    grade("--out", "spring")
    assert (course / "spring" / "gradebook.sqlite").is_file()
    grade("--out", "spring", "--gradebook", "sqlite:///elsewhere.sqlite")
    assert (course / "elsewhere.sqlite").is_file()
    assert not (course / "results").exists()


def test_regrade_shows_before_it_writes(course):
    grade()
    master = course / "exercises" / EXERCISE / "master.md"
    master.write_text(master.read_text().replace("kind: number, points: 2", "kind: number, points: 3"))
    assert "3 marks stand from before: another master (3)" in grade().replace("\n", " ")
    shown = call("regrade", "--masters", "exercises")
    assert "3 marks are outdated; 3 of them change: 2 up, 0 down." in shown
    assert "Nothing was written" in shown
    assert "another master (3)" in grade().replace("\n", " ")
    applied = last_json(call("regrade", "99", "--masters", "exercises", "--apply", "--json"))
    assert [(one["before"], one["after"]) for one in applied["changes"]] == [(0, 0), (2, 3), (4, 5)]
    assert json.loads((course / "results" / "t002" / f"{EXERCISE}.json").read_text())["points"] == 5
    assert "0 marks are outdated" in call("regrade", "--masters", "exercises")


def test_regrading_that_fails_ends_with_2_and_leaves_the_mark(course, monkeypatch):
    grade()
    use(monkeypatch, Refusing())
    printed = call("regrade", "--masters", "exercises", "--apply")
    assert "0 marks are outdated" in printed
    master = course / "exercises" / EXERCISE / "master.md"
    master.write_text(master.read_text() + "\n")
    printed = call("regrade", "--masters", "exercises", "--apply", code=2)
    assert f"could not be run again: t000 {EXERCISE}: out of memory; its mark stands" in printed


def test_feedback_and_report_are_written(course):
    grade("--keep-output", "--roster", "roster.csv")
    assert "1 page in feedback/" in call("feedback", "Wang")
    assert "as you handed it in" in (course / "feedback" / "t001.html").read_text()
    assert last_json(call("feedback", "--json", "--out", "all"))["pages"] == [
        os.path.join("all", f"t00{number}.html") for number in range(3)
    ]
    assert "The report on 4 trainees is in" in call("report", "--title", "Spring")
    assert "<h1>Spring</h1>" in (course / "results" / "report.html").read_text()
    assert last_json(call("report", "--json"))["graded"] == 3
    assert "it is in no mark" in call("report", "--help-taken")
    assert last_json(call("report", "--help-taken", "--json"))["schema"] == 1


@pytest.mark.parametrize("wanted", [[], ["--help-taken"], ["--json"], ["--gradebook", "no.sqlite"]])
def test_whoever_makes_a_report_has_the_collector_as_before(course, wanted):
    """A report leaves it out while it works; once it stayed off for everything that came later in the process."""
    grade()
    gc.enable()
    CliRunner().invoke(app, ["report", *wanted])
    assert gc.isenabled()


def test_a_report_links_to_feedback_that_is_there_and_says_when_none_is(course):
    grade("--roster", "roster.csv")
    assert "It links to no feedback page" in call("report", "--exercises", "exercises")
    call("feedback")
    assert "It links" not in call("report", "--exercises", "exercises")
    assert "../feedback/t000.html#exercise-" in (course / "results" / "report.html").read_text()
    assert last_json(call("report", "--json"))["monday"]["visits"]


def test_each_team_has_a_page_for_its_manager(course):
    (course / "roster.csv").write_text("id,name,team,region\nt000,Li Wei,A,North\nt001,Wang,B,North\n")
    grade("--roster", "roster.csv", code=2)
    assert "begin with" in call("teams", "--exercises", "exercises")
    assert "Li Wei" in (course / "teams" / "North A.html").read_text()
    assert [one["team"] for one in last_json(call("teams", "--json"))["teams"]] == ["A", "B"]


def points():
    return {row["trainee"]: row["points"] or 0 for row in last_json(call("export", "--json"))}


def test_what_late_means_is_shown_before_it_counts(course):
    people = "".join(f"t00{n},Name {n},2020-01-01\n" for n in range(3))
    (course / "roster.csv").write_text(f"id,name,due\n{people}")
    grade("--roster", "roster.csv")
    (course / "late.csv").write_text("exercise,days,keep\n,,50\n")
    before = points()
    best = max(before, key=lambda one: before[one])
    shown = call("late")
    assert f"({best})" in shown
    assert "Nothing was written" in shown
    assert points() == before
    assert "The tables count now" in call("late", "--apply")
    assert points()[best] == before[best] / 2 > 0
    grade("--roster", "roster.csv")
    data = json.loads((course / "results" / best / f"{EXERCISE}.json").read_text())
    assert (data["points"], data["earned"]) == (before[best] / 2, before[best])
    assert last_json(call("late", "--json"))["changes"] == []


def test_alike_notebooks_are_shown_with_a_card(course):
    grade("--roster", "roster.csv")
    best = max(points(), key=lambda one: points()[one])
    other = next(one for one in ("t001", "t002") if one != best)
    source = course / "submissions" / best / f"{EXERCISE}.ipynb"
    (course / "submissions" / other / f"{EXERCISE}.ipynb").write_bytes(source.read_bytes())
    grade()
    printed = call("likeness", "--exercises", "exercises")
    assert "· Chapter 99 · " in printed
    assert "the same file" in printed
    assert "it proves nothing" in (course / "results" / "likeness.html").read_text()
    assert last_json(call("likeness", "--exercises", "exercises", "--json"))["pairs"][0]["strong"]


def test_export_in_every_form(course, monkeypatch):
    grade("--roster", "roster.csv")
    rows = list(csv.DictReader(io.StringIO(call("export"))))
    assert [row["status"] for row in rows] == ["graded"] * 3 + ["not handed in"]
    call("export", "--out", "sheets/marks.csv")
    assert (course / "sheets" / "marks.csv").read_bytes().startswith(b'\xef\xbb\xbf"trainee"')
    assert call("export", "--format", "questions").count("\n") == 1 + 3 * 4
    assert call("export", "--format", "junit").count("<testcase") == 12
    assert "| t000 | 99-mini | 0 of 6 | late |" in call("export", "--format", "summary")
    assert len(last_json(call("export", "--json"))) == 4
    page = course / "step.md"
    page.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(page))
    call("export", "--format", "summary")
    assert page.read_text().startswith("before\n## Grading")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["grade", "nowhere"], "no such folder, zip or notebook"),
        (["grade", "submissions", "--attempt", "worst"], "--attempt 'worst' is not known"),
        (["grade", "submissions", "--exercises", "nowhere"], "no masters found"),
        (
            ["grade", "submissions", "--exercises", "exercises", "--roster", "no.csv"],
            "the roster can't be read",
        ),
        (["feedback"], "there is no gradebook"),
        (["report", "--gradebook", "no.sqlite"], "there is no gradebook"),
        (["export", "--format", "pdf"], "--format 'pdf' is not known"),
        (["regrade"], "there is no gradebook"),
    ],
)
def test_mistakes_are_told_and_nothing_is_made(course, arguments, words):
    before = sorted(path.name for path in course.iterdir())
    with pytest.raises(PlaybookError) as caught:
        call(*arguments)
    assert words in str(caught.value)
    assert "What to do:" in str(caught.value)
    made = {path.name for path in course.iterdir()} - set(before)
    assert made <= ({"results"} if "--roster" in arguments else set())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["report", "--out", "x.pdf"], "writes an HTML page, not .pdf"),
        (["export", "--out", "x.xlsx"], "writes a CSV file, not .xlsx"),
        (["export", "--format", "junit", "--out", "x.csv"], "writes an XML file, not .csv"),
        (["export", "--json", "--out", "x.csv"], "writes a JSON file, not .csv"),
        (["document", "t000", "--out", "x.pdf"], "writes an HTML page, not .pdf"),
        (["grade", "submissions", "--dry-run", "--map", "x.pdf"], "writes a CSV file, not .pdf"),
    ],
)
def test_a_file_is_not_called_what_it_is_not(course, arguments, words):
    grade()
    with pytest.raises(PlaybookError, match=words) as caught:
        call(*arguments)
    assert "let its name end in" in str(caught.value)
    assert ("print it" in str(caught.value)) == ("an HTML page" in words)
    assert not list(course.glob("x.*"))


def test_grade_and_regrade_call_their_options_alike():
    commands = {command.callback.__name__: command.callback for command in app.registered_commands}

    def options(name):
        return {
            parameter: annotation.__metadata__[0].param_decls or (parameter,)
            for parameter, annotation in inspect.get_annotations(commands[name], eval_str=True).items()
            if hasattr(annotation, "__metadata__")
        }

    both = [options("grade"), options("regrade")]
    shared = set(both[0]) & set(both[1])
    assert {
        "gradebook",
        "out",
        "jobs",
        "roster",
        "attempt",
        "keep_output",
        "runner",
        "masters",
        "as_json",
    } <= shared
    assert {name: both[0][name] for name in shared} == {name: both[1][name] for name in shared}


def test_what_has_no_certain_owner_is_held_until_the_map_settles_it(course):
    (course / "submissions" / "t002").rename(course / "submissions" / "homework")
    (course / "submissions" / "t009").mkdir()
    (course / "submissions" / "t009" / "99-mini.py").write_text("x = 1")
    (course / "submissions" / "t009" / "notes.txt").write_text("x")
    (course / "submissions" / "t000" / "._99-mini.ipynb").write_bytes(b"x")
    printed = grade("--roster", "roster.csv", code=2)
    assert "held: homework/99-mini.ipynb: only the notebook says whose it is" in printed
    assert "it may be from t000 (Li Wei)" in printed
    assert "left without a hand-in: t009/99-mini.py: it is no notebook (*.ipynb)" in printed
    assert "passed over: 1 that programs leave behind" in printed
    assert "2 graded, 0 already graded, 0 not graded, 1 held" in printed
    data = last_json(grade("--json", code=2))
    assert [one["source"] for one in data["held"]] == ["homework/99-mini.ipynb"]
    assert [(one["trainee"], one["left"]) for one in data["passed_over"] if one["left"]] == [
        ("t009", True)
    ] * 2

    shown = grade("--dry-run", "--map", "map.csv", code=2)
    assert "2 people, 2 hand-ins, 1 held. The map is in map.csv" in shown
    text = (course / "map.csv").read_text(encoding="utf-8-sig")
    settled = text.replace('"homework/99-mini.ipynb",""', '"homework/99-mini.ipynb","Chen"')
    (course / "map.csv").write_text(settled, encoding="utf-8")
    assert "1 graded, 2 already graded, 0 not graded, 1 left without" in grade("--map", "map.csv", code=2)
    assert (course / "results" / "t002" / f"{EXERCISE}.json").is_file()
    again = last_json(grade("--dry-run", "--map", "map.csv", "--json", code=2))
    assert [one["state"] for one in again["files"]] == ["found"] * 3 + ["passed over"] * 2


def test_a_dry_run_keeps_nothing_but_the_map(course):
    shown = grade("--dry-run")
    assert "3 people, 3 hand-ins, 0 held. The map is in results/map.csv" in shown
    assert [path.name for path in (course / "results").iterdir()] == ["map.csv"]
    assert not (course / ".playbook-secret").exists()


def test_a_dry_run_says_how_many_people_its_table_leaves_out(course, monkeypatch):
    assert "more; the map has all" not in grade("--dry-run")
    monkeypatch.setattr("playbook.cli.grading.ROWS", 0)
    assert "… and 3 more; the map has all." in grade("--dry-run")


def test_a_result_that_cannot_be_written_costs_only_itself(course):
    (course / "results").mkdir()
    (course / "results" / "t001").write_text("in the way")
    printed = grade(code=2)
    assert "not written: results/t001/99-mini.json" in printed
    assert (course / "results" / "t002" / f"{EXERCISE}.json").is_file()
    assert (course / "results" / "junit.xml").is_file()


def test_a_page_that_cannot_be_written_costs_only_itself(course):
    grade()
    (course / "feedback" / "t001.html").mkdir(parents=True)
    with pytest.raises(
        PlaybookError, match=r"2 pages are written, and this can't be: t001.html: Is a directory"
    ):
        call("feedback")
    assert (course / "feedback" / "t002.html").is_file()


def test_names_can_collide_with_no_file_of_ours(course):
    for number, name in enumerate(("junit.xml", "gradebook.sqlite", "report.html")):
        (course / "submissions" / f"t00{number}").rename(course / "submissions" / name)
    assert "3 graded" in grade()
    assert (course / "results" / "junit.xml").is_file()
    assert "3 pages" in call("feedback", "--out", "results")
    call("report")


def test_a_second_grader_with_another_secret_is_refused(course, monkeypatch):
    grade()
    monkeypatch.setenv("PLAYBOOK_SECRET", "another")
    with pytest.raises(PlaybookError, match="begun with another secret"):
        grade()
    assert "3 marks are outdated" in call("regrade", "--masters", "exercises", "--apply")
    assert "3 already graded" in grade()


def test_the_courses_time_zone_is_stated_once(course, monkeypatch):
    monkeypatch.delenv("PLAYBOOK_TIME_ZONE", raising=False)
    os.utime(course / "submissions" / "t000" / f"{EXERCISE}.ipynb", (1_700_000_000, 1_700_000_000))
    (course / "roster.csv").write_text("id,due\nt000,2023-11-15\nt001,\nt002,\n")
    try:
        grade("--roster", "roster.csv", "--time-zone", "Asia/Shanghai")
        clock.use_zone("")
        rows = list(csv.DictReader(io.StringIO(call("export"))))
        assert (rows[0]["received"], rows[0]["due"]) == (
            "2023-11-15T06:13:20+08:00",
            "2023-11-15T23:59:59+08:00",
        )
        call("feedback", "t000")
        page = (course / "feedback" / "t000.html").read_text(encoding="utf-8")
        assert "handed in 2023-11-15 06:13 (Asia/Shanghai), due 2023-11-15 23:59 (Asia/Shanghai)" in page
    finally:
        clock.use_zone("")
    with pytest.raises(PlaybookError, match="no time zone 'Mars'"):
        grade("--time-zone", "Mars")


def test_what_looks_odd_is_for_the_instructor_only(course):
    (course / "submissions" / "t001" / f"{EXERCISE}.ipynb").write_bytes(
        (course / "submissions" / "t000" / f"{EXERCISE}.ipynb").read_bytes()
    )
    assert "note: t001 99-mini: the same file, to the byte, came from t000" in grade()
    with pytest.MonkeyPatch.context() as patch:  # of a large cohort too, where nobody has a row
        patch.setattr(grading_tables, "ROWS", 1)
        assert "note: t001 99-mini: the same file, to the byte, came from t000" in grade()
    call("feedback")
    assert "to the byte" not in (course / "feedback" / "t001.html").read_text(encoding="utf-8")


def test_what_to_do_is_named_with_the_reason(course, monkeypatch):
    use(monkeypatch, Refusing())
    assert "out of memory. Let the notebook hold less at a time" in grade(code=2)
    assert last_json(grade("--json", code=2))["not_graded"][0]["remedy"].startswith(
        "Let the notebook hold less"
    )
    call("feedback", "t000")
    assert "hold less at a time" in (course / "feedback" / "t000.html").read_text(encoding="utf-8")
    assert "hold less at a time" in (course / "results" / "junit.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("address", "command"),
    [
        ("postgresql+psycopg://h/d", 'pip install "psycopg[binary]"'),
        ("postgresql://h/d", 'pip install "psycopg[binary]"'),
        ("postgresql+psycopg2://h/d", 'pip install "psycopg2-binary"'),
        ("mysql+pymysql://h/d", 'pip install "PyMySQL"'),
    ],
)
def test_a_missing_driver_names_the_command_that_installs_it(course, monkeypatch, address, command):
    for module in ("psycopg", "psycopg2", "pymysql"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(PlaybookError, match="its driver is not installed") as caught:
        grade("--gradebook", address)
    assert command in str(caught.value)


@pytest.mark.parametrize("typed", ["Li Wei", "t000", "li  wei", "T000", "Wei Li"])
def test_a_city_playbook_is_found_by_id_or_name(course, typed):
    grade("--roster", "roster.csv")
    printed = call("document", typed)
    assert "The City Playbook of Li Wei is in t000-city-playbook.html" in printed
    assert "Li Wei" in (course / "t000-city-playbook.html").read_text(encoding="utf-8")


def test_who_handed_nothing_in_has_no_city_playbook_and_hears_so(course):
    grade("--roster", "roster.csv")
    with pytest.raises(PlaybookError, match="'Zhang' has handed nothing in"):
        call("document", "Zhang")


def test_the_reviewers_questions_are_printed_when_asked_for_and_stand_in_no_document(course):
    grade("--roster", "roster.csv")
    printed = call("document", "Li Wei", "--questions")
    assert "Questions for the review (trainees do not get them):" in printed
    assert "Questions" not in call("document", "Li Wei")
    assert "for the review" not in (course / "t000-city-playbook.html").read_text(encoding="utf-8")
