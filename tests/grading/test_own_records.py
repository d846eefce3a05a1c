"""Own records from export to mark: imported, released, worked on, handed in, graded on themselves and on a variant."""

import contextlib
import csv
import json
import subprocess
import sys
import zipfile

import pytest
from typer.testing import CliRunner

from playbook.authoring import load_master
from playbook.authoring.unseen import unseen_case
from playbook.cases import read_case
from playbook.cli import app
from playbook.running import choose
from tests.cases.companies import imported_company
from tests.grading.cohort import notebook_of, solved, typed
from tests.grading.graders import InProcessRunner

pytestmark = [pytest.mark.slow, pytest.mark.long]

WORKING, LACKING = "00-first-notebook", "05-customer-profiles"
PEOPLE = {"1001": "章若楠", "1002": "Wang Fang", "1003": "Chen Jie"}


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A course folder with a case of 160 firms of a company's own, and a roster that gives it to three trainees."""
    folder = tmp_path_factory.mktemp("own")
    imported_company(folder)
    rows = "".join(f"{number},{name},ours\n" for number, name in PEOPLE.items())
    (folder / "roster.csv").write_text(f"id,name,city\n{rows}", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def masters(root):
    return {name: load_master(root / "exercises" / name) for name in (WORKING, LACKING)}


@pytest.fixture(scope="module")
def released(own, root):
    """What `playbook release` said, and the kit unpacked as pip does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        patch.setenv("PLAYBOOK_CACHE", str(own / "cache"))
        call = ["release", WORKING, LACKING, "--case", "jiaxing", "--roster", str(own / "roster.csv")]
        done = CliRunner().invoke(app, [*call, "--out", str(own / "release")], catch_exceptions=False)
    (wheel,) = (own / "release" / "kit").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(own / "site")
    return done.output


@pytest.fixture(scope="module")
def graded(own, masters, root):
    """Results by file: an honest notebook, one with every answer typed in, and one of an exercise that lacks columns."""
    handed = {
        ("1001", WORKING): notebook_of(masters[WORKING], solved, "章若楠"),
        ("1002", WORKING): notebook_of(masters[WORKING], typed(masters[WORKING], own / "ours"), "Wang Fang"),
        ("1003", LACKING): notebook_of(masters[LACKING], solved, "Chen Jie"),
    }
    for (trainee, exercise), notebook in handed.items():
        path = own / "submissions" / trainee / f"{exercise}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")
    runner = InProcessRunner()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(choose, "open_runner", lambda *_: contextlib.nullcontext((runner, str)))
        patch.chdir(root)
        patch.setenv("PLAYBOOK_CACHE", str(own / "cache"))
        patch.setenv("PLAYBOOK_SECRET", "s")
        call = [
            "grade",
            str(own / "submissions"),
            "--roster",
            str(own / "roster.csv"),
            "--out",
            str(own / "results"),
        ]
        done = CliRunner().invoke(app, [*call, "--gradebook", str(own / "results" / "book.sqlite")])
    found = [json.loads(path.read_text("utf-8")) for path in (own / "results").rglob("*.json")]
    return {(one["trainee"], one["exercise"]): one for one in found if "trainee" in one}, done


def answers(result):
    return {one["question"]: (one["own"], one["unseen"]) for one in result["questions"]}


def test_the_release_carries_the_records_under_pseudonyms_and_says_what_they_do_not_allow(released, own):
    assert f"do not allow {LACKING}: trainees are told so there." in released
    assert WORKING not in released
    carried = read_case(own / "site" / "playbook" / "_data" / "cases" / "ours")
    text = "".join(path.read_text("utf-8") for path in carried.folder.iterdir())
    with (own / "ours-key.csv").open(encoding="utf-8-sig") as file:
        names = [row["name"] for row in csv.DictReader(file)]
    assert len(names) == 163
    assert not [name for name in names if name in text]
    assert not list((own / "site").rglob("*key*.csv"))
    assert carried.fingerprint == read_case(own / "ours").fingerprint


def test_a_trainee_opens_the_records_is_checked_and_told_where_they_lack_columns(released, own):
    code = (
        "from playbook import open_case, open_exercise\n"
        "case = open_case('1001')\n"
        f"check = open_exercise('{WORKING}')\n"
        "check('share', (case.accounts['district'] == case.city_districts['district'].iloc[0]).mean())\n"
        f"open_exercise('{LACKING}')\n"
    )
    site = own / "site"
    env = {"PYTHONPATH": str(site), "PATH": "", "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=site, capture_output=True, text=True, check=True
    )
    assert "Your city is Jiaxing" in done.stdout
    assert "Right" in done.stdout or "passed" in done.stdout.lower()
    assert "This exercise does not work on your company's records of Jiaxing" in done.stdout


def test_an_honest_notebook_passes_on_the_records_and_on_their_variant(graded):
    results, _ = graded
    honest = results["1001", WORKING]
    assert honest["status"] == "graded"
    assert honest["case"] == "ours"
    computed = {name: both for name, both in answers(honest).items() if both[1]}
    assert len(computed) >= 7
    assert set(computed.values()) == {("passed", "passed")}
    assert honest["points"] == honest["max_points"]


def test_answers_typed_in_pass_on_the_records_and_fail_on_their_variant(graded):
    results, _ = graded
    copied = results["1002", WORKING]
    computed = {name: both for name, both in answers(copied).items() if both[1]}
    assert {mine for mine, _other in computed.values()} == {"passed"}
    assert "passed" not in {other for _mine, other in computed.values()}
    assert copied["points"] < copied["max_points"] / 4


def test_an_exercise_that_lacks_columns_is_not_graded_and_says_which(graded):
    _, done = graded
    assert done.exit_code == 2
    said = " ".join(done.output.split())
    assert "does not work: there is no accounts.export" in said


def test_a_variant_holds_no_name_and_comes_again_from_the_secret(own, monkeypatch):
    monkeypatch.setenv("PLAYBOOK_CACHE", str(own / "cache"))
    case = read_case(own / "ours")
    first = unseen_case(case, "s", 0)
    assert first == unseen_case(case, "s", 0)
    assert first.fingerprint not in (case.fingerprint, unseen_case(case, "t", 0).fingerprint)
    assert first.accounts["name_zh"].str.fullmatch(r"企业\d{5}").all()
