"""A release holds what trainees need and nothing of the solutions."""

import json
import shutil
import subprocess
import sys
import zipfile

import nbformat
import pytest

from playbook.authoring.release import release_notebook, write_release
from playbook.cases import load_case
from playbook.cases.roster_file import read_roster
from playbook.errors import PlaybookError

pytestmark = pytest.mark.slow


@pytest.fixture
def release(mini, tmp_path):
    return write_release(
        tmp_path / "release", masters_folder=mini.path.parents[1], cases=["jinhua", "wuxi"], jobs=1
    )


def test_the_notebook_has_starters_and_stable_ids(mini):
    notebook = release_notebook(mini, "r1")
    nbformat.validate(notebook)
    assert [cell.id for cell in notebook.cells if cell.id.startswith("question-")] == [
        "question-prospects",
        "question-by-section",
        "question-density",
        "question-enter",
    ]
    assert notebook.metadata.playbook.exercise == "99-mini"
    assert notebook.metadata.playbook.release == "r1"
    text = nbformat.writes(notebook)
    assert "for instructors only" not in text
    assert "You counted" not in text
    assert text == nbformat.writes(release_notebook(mini, "r1"))


@pytest.mark.slow
def test_a_release_is_whole_and_stays_when_nothing_changed(release, mini):
    assert release.wheel.is_file()
    names = {path.name for path in release.folder.iterdir()}
    assert {"notebooks", "seals", "kit", "start.py", "start.bat", "README.txt", "release.json"} <= names
    assert release.name in (release.folder / "start.py").read_text(encoding="utf-8")
    stamp = release.wheel.stat().st_mtime_ns
    again = write_release(
        release.folder, masters_folder=mini.path.parents[1], cases=["jinhua", "wuxi"], jobs=1
    )
    assert again.wheel.stat().st_mtime_ns == stamp


@pytest.mark.slow
def test_the_wheel_checks_answers_on_its_own(release, tmp_path):
    """Unpacked far from the course, the kit opens a case, checks an answer, and has no grader inside."""
    with zipfile.ZipFile(release.wheel) as wheel:
        names = wheel.namelist()
        wheel.extractall(tmp_path / "site")
    assert not [
        n for n in names if "/grading/" in n or "/site/" in n or n.endswith(("master.py", "solve.py"))
    ]
    assert "playbook/_data/seals/99-mini/jinhua.json" in names
    code = (
        "from playbook import open_case, open_exercise\n"
        "case = open_case('your name or staff number'); check = open_exercise('99-mini')\n"
        "check('prospects', len(case.accounts))\n"
    )
    (tmp_path / "elsewhere").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path / "elsewhere",
        env={"PYTHONPATH": str(tmp_path / "site"), "PATH": "", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "Hint: You counted every account." in done.stdout, done.stderr


@pytest.mark.slow
def test_seals_name_their_case_by_its_fingerprint(release):
    data = json.loads((release.seals / "99-mini" / "wuxi.json").read_text(encoding="utf-8"))
    assert data["case"] == "wuxi"
    assert len(data["fingerprint"]) == 64
    assert data["release"] == release.name


def test_a_folder_with_other_things_is_not_overwritten(mini, tmp_path):
    (tmp_path / "release").mkdir()
    (tmp_path / "release" / "mine.txt").write_text("keep")
    with pytest.raises(PlaybookError, match="holds no release"):
        write_release(tmp_path / "release", masters_folder=mini.path.parents[1], cases=["jinhua"], jobs=1)


def test_an_interrupted_release_leaves_the_old_one_and_can_be_repeated(release, mini, monkeypatch):
    def interrupted(*args):
        raise KeyboardInterrupt

    masters = mini.path.parents[1]
    before = (release.folder / "release.json").read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr("playbook.authoring.release.build_wheel", interrupted)
        with pytest.raises(KeyboardInterrupt):
            write_release(release.folder, masters_folder=masters, cases=["jinhua"], jobs=1)
    assert (release.folder / "release.json").read_bytes() == before
    again = write_release(release.folder, masters_folder=masters, cases=["jinhua"], jobs=1)
    assert again.wheel.is_file()


@pytest.mark.slow
def test_a_release_gives_each_trainee_the_rosters_city_and_names_nobody(mini, tmp_path):
    shutil.copytree(load_case("wuxi").folder, tmp_path / "june")
    (tmp_path / "june" / "notes.txt").write_text("not for trainees")
    record = json.loads((tmp_path / "june" / "case.json").read_text(encoding="utf-8"))
    (tmp_path / "june" / "case.json").write_text(
        json.dumps({**record, "city": "Wuxi in June"}), encoding="utf-8"
    )
    (tmp_path / "roster.csv").write_text("工号,姓名,城市\n1001,章若楠,june\n1002,Wang Fang,淄博\n")
    roster = read_roster(tmp_path / "roster.csv")
    given = {"masters_folder": mini.path.parents[1], "cases": ["zibo"], "jobs": 1}
    plain = write_release(tmp_path / "release", **given).name
    release = write_release(tmp_path / "release", **given, roster=roster)
    assert release.name != plain
    assert write_release(tmp_path / "release", **given, roster=roster).name == release.name
    with zipfile.ZipFile(release.wheel) as wheel:
        wheel.extractall(tmp_path / "site")
        every = b"".join(wheel.read(name) for name in wheel.namelist())
    assert not [word for word in ("章若楠", "Wang Fang", "not for trainees") if word.encode() in every]
    code = (
        "from playbook import open_case, open_exercise\n"
        "for who in ('章若楠', '1001', 'wang fang', 'Zhang'):\n"
        "    case = open_case(who)\n"
        "    print(who, case.city, len(case.accounts) > 0)\n"
        "open_case('章若楠')\n"
        "open_exercise('99-mini')('prospects', ...)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(tmp_path / "site"), "PATH": "", "PYTHONUTF8": "1"},
        cwd=tmp_path / "site",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for line in ("章若楠 Wuxi in June True", "1001 Wuxi in June True", "wang fang Zibo True"):
        assert line in done.stdout
    assert "No feedback comes" not in done.stdout
