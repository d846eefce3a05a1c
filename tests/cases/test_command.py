import json

import pytest
from typer.testing import CliRunner

from playbook.cases import read_case
from playbook.cli import app
from playbook.errors import PlaybookError

pytestmark = pytest.mark.slow

runner = CliRunner(env={"COLUMNS": "200"})


def run(*words, **more):
    return runner.invoke(app, ["case", *map(str, words)], **more)


def test_list_shows_every_case():
    done = run("list")
    assert done.exit_code == 0
    assert "Quanzhou (泉州市)" in done.output
    assert done.output.count("trainee") == 12


def test_list_as_json_is_data():
    cases = json.loads(run("list", "--json").output)
    assert len(cases) == 13
    assert cases[0]["case"] == "jinhua"


@pytest.mark.parametrize("command", [["list"], ["new"], ["verify"], ["remake"]])
def test_every_command_explains_itself_with_an_example(command):
    assert "Example: playbook case" in run(*command, "--help").output


def test_verify_says_that_a_clean_case_is_clean(unseen):
    done = run("verify", unseen.folder)
    assert (done.exit_code, done.output) == (0, "1 case checked: clean.\n")


def test_verify_lists_breaches_and_ends_with_one(spoilt):
    path = spoilt / "accounts.csv"
    path.write_text(path.read_text().replace(",private,", ",own,", 2))
    done = run("verify", spoilt)
    assert done.exit_code == 1
    assert done.output.count("'own'; expected one of private, foreign, state, collective") == 2
    assert done.output.endswith("1 case checked: 3 breaches.\n")


def test_verify_as_json_is_data(spoilt):
    (spoilt / "densities.csv").unlink()
    done = run("verify", spoilt, "--json")
    assert done.exit_code == 1
    assert json.loads(done.output)[0]["file"] == "densities.csv"


def test_verify_accepts_ones_own_records(spoilt):
    path = spoilt / "accounts.csv"
    path.write_text(path.read_text().replace(",private,", ",state,", 2))
    assert run("verify", spoilt).exit_code == 1
    assert run("verify", spoilt, "--accept").exit_code == 0


@pytest.mark.slow
@pytest.mark.long
def test_verify_without_a_folder_checks_all_that_ships():
    assert run("verify").output == "13 cases checked: clean.\n"


def test_new_makes_a_case_that_opens(tmp_path):
    done = run("new", "Jiaxing", "--seed", "a secret", "--out", tmp_path / "june")
    assert done.exit_code == 0, done.output
    assert "a secret" not in done.output
    assert read_case(tmp_path / "june").city == "Jiaxing"


def test_the_seed_comes_from_a_file_or_the_environment_alike(tmp_path):
    (tmp_path / "seed.txt").write_text("a secret\n")
    run("new", "330400", "--seed-file", tmp_path / "seed.txt", "--out", tmp_path / "a", "--unseen")
    run("new", "jiaxing", "--unseen", "--out", tmp_path / "b", env={"PLAYBOOK_SEED": "a secret"})
    assert read_case(tmp_path / "a").fingerprint == read_case(tmp_path / "b").fingerprint


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["Jiaxing"], "needs a seed"),
        (["Jiaxing", "--seed-file", "nowhere.txt"], "nowhere.txt"),
        (["Paris", "--seed", "1"], "no case 'Paris'"),
    ],
)
def test_new_says_what_is_wrong(tmp_path, words, said):
    done = run("new", *words, "--out", tmp_path / "x")
    assert isinstance(done.exception, PlaybookError)
    assert said in str(done.exception)


def test_new_never_writes_over_a_folder_in_use(spoilt):
    done = run("new", "Jiaxing", "--seed", "1", "--out", spoilt)
    assert "not empty" in str(done.exception)
    assert read_case(spoilt).city == "Jinhua"
