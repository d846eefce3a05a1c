"""`playbook certify`: pages, tables, sheets, JSON."""

import csv
import io
import json
import re
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from playbook.cases.roster_file import read_roster
from playbook.certifying.marks import RUBRIC, read_marks
from playbook.certifying.pages import write_certificates
from playbook.cli import app
from playbook.errors import PlaybookError

pytestmark = pytest.mark.slow


def certify(example, *arguments):
    tables = ["--roster", str(example / "roster.csv"), "--reviews", str(example / "reviews.csv")]
    result = CliRunner().invoke(
        app, ["certify", "--gradebook", str(example / "gradebook.sqlite"), *tables, *map(str, arguments)]
    )
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def pages(example, tmp_path_factory):
    out = tmp_path_factory.mktemp("pages")
    said = certify(example, "--marks", example / "marks.csv", "--out", out)
    return out, said


def test_each_person_gets_a_page_and_the_cohort_a_table(pages):
    out, said = pages
    assert {path.name for path in out.iterdir()} == {
        *(f"t{number}.html" for number in range(1, 7)),
        "cohort.html",
        "cohort.csv",
    }
    assert "8 files in" in said
    assert "\nZhang Lei sells most of all, and is not in the pool." in said


def test_one_persons_certificate_leaves_the_table_of_the_cohort_as_it_is(example, tmp_path):
    """A table of one line took the place of the cohort's."""
    certify(example, "--out", tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.glob("cohort.*")}
    assert len(before) == 2
    said = certify(example, "Li Wei", "--marks", example / "marks.csv", "--out", tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.glob("cohort.*")} == before
    assert said.splitlines()[-1] == f"1 file in {tmp_path}/"


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1024, 1280])
def test_the_cohorts_table_is_shown_whole_and_says_what_each_line_is(pages, chromium_browser, width):
    page = chromium_browser.new_page(viewport={"width": width, "height": 900})
    page.goto((pages[0] / "cohort.html").as_uri())
    assert page.locator(".wide").evaluate("one => one.scrollWidth <= one.clientWidth")
    assert page.locator("tbody td:not([data-label])").count() == 0
    page.close()


def test_the_table_on_a_narrow_screen_leaves_nothing_out(example, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    said = certify(example, "--marks", example / "marks.csv", "--out", tmp_path)
    assert "…" not in said
    [li] = [line for line in said.splitlines() if "Li Wei" in line]
    assert [cell.strip() for cell in li.split("│")[3:7]] == ["✓"] * 4
    assert "✓ passed · ✗ not passed · ○ outstanding" in said


def test_a_page_says_what_passed_on_which_evidence_and_what_is_missing(pages):
    page = (pages[0] / "t2.html").read_text(encoding="utf-8")
    assert "Certificate of Wang Fang" in page
    assert "M1-eligible: may become a supervisor" in page
    assert "The gate Results: ✗ not passed" in page
    assert "71 %" in page
    assert "At most 45 % of the sellers leave in a year" in page
    assert "2026-Q3, by 1 rater. Mean and spread of the last two quarters, 0 to 100." in page
    refused = (pages[0] / "t3.html").read_text(encoding="utf-8")
    assert "Refused:" in refused
    assert "Nobody is appointed from outside it" in refused


def test_a_page_needs_no_other_file_and_runs_nothing(pages):
    for path in pages[0].glob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert "<script" not in page
        assert "http" not in re.sub(r'http-equiv="', "", page)


def test_the_cohort_table_is_a_sheet(pages):
    text = (pages[0] / "cohort.csv").read_text(encoding="utf-8-sig")
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(text))}
    assert rows["Li Wei"]["level"] == "M2_ELIGIBLE"
    assert rows["Wang Fang"]["results"] == "failed"
    assert rows["Sun Hao"]["missing"] == "Chapters 5, 6, 7, 8, 9, 10 with at least 60 % of the points each"


def test_a_program_gets_the_same_as_data(example):
    data = json.loads(certify(example, "t1", "--marks", example / "marks.csv", "--json"))
    [li] = data["certificates"]
    assert (li["level"], li["missing"], data["schema"]) == ("M2_ELIGIBLE", [], 1)
    assert [gate["status"] for gate in li["gates"]] == ["passed"] * 4
    assert li["reviews"]["results"] == {"mean": 76.7, "low": 70.0, "high": 82.0}


def test_sheets_have_three_questions_and_a_table_that_is_read_back(example, tmp_path):
    said = certify(example, "--sheets", tmp_path / "sheets")
    assert "7 files in" in said
    sheet = (tmp_path / "sheets" / "t2-sheet.html").read_text(encoding="utf-8")
    assert sheet.count("Listen for:") == 3
    for words in RUBRIC.values():
        assert words in sheet
    marks = tmp_path / "sheets" / "marks.csv"
    roster = read_roster(example / "roster.csv")
    assert read_marks(marks, roster) == {}
    lines = marks.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + 3 * 6
    filled = [lines[0], '"t1","Li Wei","Qian",1,1,1,0,0,""', *lines[2:]]
    marks.write_text("\n".join(filled), encoding="utf-8")
    assert read_marks(marks, roster)["t1"][0].sum == 3
    certify(example, "--sheets", tmp_path / "sheets")
    assert read_marks(marks, roster)["t1"][0].sum == 3, "what was filled in stays"
    marks.write_text("\n".join(one for one in filled if not one.startswith('"t2"')), encoding="utf-8")
    said = " ".join(certify(example, "--sheets", tmp_path / "sheets").split())
    [name] = [one.name for one in roster.trainees if one.id == "t2"]
    assert f"stays as it was and has no lines for {name}: add three for each" in said
    assert json.loads(certify(example, "--sheets", tmp_path / "sheets", "--json"))["without_lines"] == [name]


def test_without_reviews_and_marks_they_are_outstanding(example):
    result = CliRunner().invoke(
        app, ["certify", "t1", "--gradebook", str(example / "gradebook.sqlite"), "--json"]
    )
    [li] = json.loads(result.stdout)["certificates"]
    assert li["level"] == "NONE"
    assert li["missing"] == ["A nomination: the roster's column `nominated` says nothing"]
    strategy = next(gate for gate in li["gates"] if gate["gate"] == "strategy")
    assert strategy["checks"][-1]["found"] == "0 of 3 assessors have marked"


def test_a_page_without_a_level_begins_with_a_capital_and_shows_code_as_code(example, tmp_path):
    call = ["certify", "--gradebook", str(example / "gradebook.sqlite"), "--out", str(tmp_path)]
    assert CliRunner().invoke(app, call).exit_code == 0
    page = (tmp_path / "t1.html").read_text(encoding="utf-8")
    assert '<h2 id="level">Not on the ladder yet' in page
    for text in (page, (tmp_path / "cohort.html").read_text(encoding="utf-8")):
        assert "column <code>nominated</code> says nothing" in text


def test_a_person_called_as_the_cohorts_page_has_one_of_their_own(cohort, tmp_path):
    """It was the cohort's that stood there."""
    [one, other, *others] = cohort.certificates
    odd = [replace(one, person="Cohort"), replace(other, person="Cohort-page")]
    called = replace(cohort, certificates=[*odd, *others])
    write_certificates(called, tmp_path, "2026-11-28")
    assert one.name in (tmp_path / "Cohort-page.html").read_text(encoding="utf-8")
    assert other.name in (tmp_path / "Cohort-page-page.html").read_text(encoding="utf-8")
    table = (tmp_path / "cohort.html").read_text(encoding="utf-8")
    assert f'<a href="Cohort-page.html">{one.name}</a>' in table
    assert "t3.html" in table


def test_a_folder_that_cannot_be_written_is_told(cohort, tmp_path):
    (tmp_path / "certificates").write_text("in the way")
    with pytest.raises(PlaybookError) as caught:
        write_certificates(cohort, tmp_path / "certificates", "2026-11-28")
    assert str(caught.value) == (
        f"{tmp_path / 'certificates'}: the pages can't be written: File exists\n"
        "What to do: check the disk and the folder"
    )
