"""Every command that a document prints is read by the command line, and run as it stands wherever it ends by itself."""

import re
import shlex
from pathlib import Path

import click
import pytest
from typer.main import get_command
from typer.testing import CliRunner

from playbook.cli import app
from playbook.places import course_root
from tests.cli.test_grading import use
from tests.desk.debriefed import debriefed_book
from tests.grading.graders import InProcessRunner

#: Commands that are run elsewhere, and where.
ELSEWHERE = {
    "serve": "tests/site/test_serve.py; it ends with Ctrl+C",
    "lab": "tests/site/test_lab.py; it ends with Ctrl+C",
    "build": "every test that looks at the site",
    "validate": "make prove, and tests/site/test_contributing.py",
    "receipt": "tests/desk/test_receipts.py; the code is an example",
    "picture-panels": "needs JupyterLab and minutes; its pictures are looked at by hand",
    "badge": "tests/desk/test_badges.py; the issuer's key and address are left out in print",
    "package": "tests/browser/test_packages.py, on a site that is built",
    "worker": "tests/cluster; it ends with Ctrl+C",
}
#: Commands that are run elsewhere with one of these words, and where.
WITH = {
    "import": "tests/cases/test_import_command.py, on exports of four customer systems",
    "form": "tests/cases/test_import_command.py",
    "canvas-gradebook.csv": "tests/desk/test_filling.py, on gradebooks of platforms",
    "feedback-zip": "tests/desk/test_sending.py, on what platforms give",
    "--reference": "it would search anew, and write into the course: tests/simulator/test_command.py",
    "--reader": "tests/desk/review/test_command.py; it ends with Ctrl+C",
    "--cluster": "tests/cluster, with a scheduler and workers",
    "postgresql+psycopg://playbook@host/playbook": "tests/gradebook/test_postgres.py, on a server of Debian's",
    "--region": "tests/cases/test_regions.py, on forms that are filled in",
    "--all": "minutes over all cities: tests/simulator/test_command.py",
}
#: What the others need before them.
ORDER = [
    "case",
    "release",
    "grade",
    "review",
    "regrade",
    "document",
    "feedback",
    "report",
    "export",
    "teams",
    "late",
    "likeness",
    "simulate",
    "certify",
    "debrief",
]


def printed() -> list[tuple[str, str]]:
    """``(document, command)`` of every command in a document's code."""
    root = course_root()
    found = []
    for path in [root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "book").rglob("*.md"))]:
        text = path.read_text(encoding="utf-8")
        lines = [
            line.strip()
            for block in re.findall(r"```\w*\n(.*?)```", text, re.DOTALL)
            for line in block.splitlines()
        ]
        lines += re.findall(r"`([^`\n]+)`", text)
        found += [
            (path.relative_to(root).as_posix(), line.partition("  #")[0].removeprefix(".venv/bin/"))
            for line in lines
            if re.match(r"(\.venv/bin/)?playbook [a-z]", line)
        ]
    return sorted(set(found))


def words(command: str) -> list[str]:
    """What is typed after `playbook`; an ellipsis stands for what is not repeated."""
    return [word for word in shlex.split(command)[1:] if word != "…"]


@pytest.fixture(scope="module")
def commands():
    return get_command(app)


@pytest.mark.parametrize(("document", "command"), printed())
def test_the_command_line_reads_it(document, command, commands):
    place, rest = commands, words(command)
    while isinstance(place, click.Group):
        name = rest.pop(0)
        inner = place.get_command(click.Context(place), name)
        assert inner, f"{document}: playbook {name}"
        place = inner
    try:
        place.make_context(place.name, rest)
    except click.exceptions.Exit:  # --help
        pass
    except click.MissingParameter as error:
        pytest.skip(f"named, not printed whole: {error.format_message()}")


@pytest.mark.slow
@pytest.mark.long
def test_what_is_printed_runs_as_it_stands(root: Path, tmp_path: Path, monkeypatch):
    for name in ("_config.yml", "exercises", "book", "data", "README.md", "CONTRIBUTING.md"):
        (tmp_path / name).symlink_to(root / name)
    (tmp_path / "roster.csv").write_text("id,name,city\n1001,Li Wei,wuxi\n1002,Wang Fang,nanjing\n", "utf-8")
    (tmp_path / "late.csv").write_text("exercise,days,keep\n,,50\n", "utf-8")
    (tmp_path / "reviews.csv").write_text(
        "person,quarter,rater,results,process,team,strategy\n1001,2026-Q3,Zhao,80,70,75,60\n", "utf-8"
    )
    (tmp_path / "plan.json").write_text('{"veterans": 4}', "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PLAYBOOK_SECRET", "s")
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    use(monkeypatch, InProcessRunner())
    chosen = {words(command)[0]: [] for _, command in printed()} | {name: [] for name in ORDER}
    for command in sorted(
        {command for _, command in printed()},
        key=lambda one: ("--sheets" not in one, "--roster" not in one, one),
    ):
        chosen[words(command)[0]].append(command)
    assert set(chosen) == set(ORDER) | set(ELSEWHERE)
    for name in ORDER:
        if name == "debrief":  # it takes plans that were defended and graded, which takes minutes
            (tmp_path / "defended").mkdir()
            debriefed_book(tmp_path / "defended", 2).close()
            (tmp_path / "defended" / "gradebook.sqlite").replace(tmp_path / "results" / "gradebook.sqlite")
        for command in chosen[name]:
            typed = words(command)
            if WITH.keys() & set(typed):
                continue
            if name == "grade" and "submissions/" not in typed:
                continue  # named with an option, not printed whole
            if typed[1:] == [] and name == "regrade":
                continue
            done = CliRunner().invoke(app, typed, env={"COLUMNS": "120"})
            if done.exception and not isinstance(done.exception, SystemExit):
                raise done.exception
            assert done.exit_code == 0, f"{command}\n{done.output}"
        if name == "release":
            for person, notebook in (("Li Wei", "03"), ("Wang Fang", "03")):
                (tmp_path / "submissions" / person).mkdir(parents=True)
                (source,) = (tmp_path / "_build" / "release").rglob(f"{notebook}-*.ipynb")
                text = source.read_text("utf-8").replace("your name or staff number", person)
                (tmp_path / "submissions" / person / source.name).write_text(text, "utf-8")
