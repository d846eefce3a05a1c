"""Every command says what it does with an example, and every error what, where and what to do."""

import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

from playbook import cli
from playbook.cli import app
from playbook.errors import PlaybookError


def commands(group, path=()):
    """Every command of the application with its path: ("case", "list")."""
    click_group = typer.main.get_command(group) if isinstance(group, typer.Typer) else group
    for name, command in click_group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


@pytest.mark.parametrize("command", list(commands(app)), ids=" ".join)
def test_help_shows_an_example(command):
    result = CliRunner().invoke(app, [*command, "--help"], env={"COLUMNS": "200", "TERM": "dumb"})
    assert result.exit_code == 0
    assert f"playbook {' '.join(command)}" in result.output.split("Example", 1)[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["grade", "nowhere"], "no such folder, zip or notebook"),
        (["validate", "42"], "no exercise '42'"),
        (["release", "--case", "atlantis"], "there is no case 'atlantis'"),
        (["document", "nobody"], "no graded results"),
    ],
)
@pytest.mark.slow
def test_an_error_is_told_without_a_traceback(arguments, words, tmp_path):
    if arguments[0] == "release":
        arguments = [*arguments, "--out", str(tmp_path / "release")]
    done = subprocess.run(
        [sys.executable, "-m", "playbook", *arguments],
        cwd=tmp_path,  # where no results are
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert words in done.stderr
    assert "What to do:" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", ['letters[good] = "B" stands there', "'did:key:z6Mk' is no whole did:key"])
def test_brackets_and_colons_in_an_error_are_printed_as_they_are(monkeypatch, capsys, words):
    def stop():
        raise PlaybookError(words)

    monkeypatch.setattr(cli, "app", stop)
    with pytest.raises(SystemExit):
        cli.main()
    assert words in capsys.readouterr().err


def test_what_a_library_prints_does_not_get_into_the_data():
    """HiGHS writes a line to standard output, past Python, when it finds some solutions."""
    program = (
        "import os, sys; sys.argv = ['playbook', 'noisy', '--json']\n"
        "from playbook import cli\n"
        "@cli.app.command()\n"
        "def noisy(json: bool = False):\n"
        "    os.write(1, b'tmpSolver.run();\\n'); print('{}')\n"
        "cli.main()"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "{}\n"), done.stderr
    assert "tmpSolver.run();" in done.stderr
