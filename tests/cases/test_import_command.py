"""`playbook case import` from the first call on, and the tables that are filled in by hand."""

import csv
import json
import shutil

import pytest
import yaml
from typer.testing import CliRunner

from playbook.casemaking.breaches import Breaches
from playbook.casemaking.cells import limits_said
from playbook.casemaking.importing import import_case, write_form
from playbook.casemaking.importing.by_hand import check_names, further_tables
from playbook.cases.case import find_case
from playbook.cli import app
from playbook.errors import PlaybookError
from tests.cases import exports
from tests.cases.importing import confirm, imported, lay_out, mapped
from tests.shared.xlsx import write_xlsx

pytestmark = pytest.mark.slow


def test_a_first_call_without_a_registry_lists_the_firms_to_look_up(tmp_path, monkeypatch):
    files = lay_out(tmp_path)
    monkeypatch.chdir(tmp_path)
    call = ["case", "import", str(files["accounts"]), "--city", "jiaxing", "--name", "ours"]
    said = " ".join(CliRunner().invoke(app, call).output.split())
    assert (
        "without it nothing is known of districts and sections. The names of the 6 firms stand in ours-look-up.csv"
        in said
    )
    assert len((tmp_path / "ours-look-up.csv").read_text("utf-8-sig").splitlines()) == 7


def test_of_several_sheets_the_one_with_most_known_headings_is_read(tmp_path):
    files = lay_out(tmp_path)
    rows = list(csv.reader(exports.HUBSPOT.decode().splitlines()))
    wide = [["Company name", *(f"Month {one}" for one in range(1, 17))], ["x", *("1" * 16)]]
    files["accounts"] = write_xlsx(tmp_path / "book.xlsx", {"By month": wide, "Companies": rows})
    ready = mapped(tmp_path, files, source="web", stage="S4", owner_type="private")
    assert len(import_case(ready, tmp_path / "ours", tmp_path / "key.csv").case.accounts) == 4


def test_a_table_filled_in_by_hand_comes_along_and_is_checked(tmp_path):
    (tmp_path / "more").mkdir()
    shipped = find_case("jiaxing").folder / "densities.csv"
    (tmp_path / "more" / "densities.csv").write_bytes(shipped.read_bytes())
    made = imported(tmp_path, tables=tmp_path / "more")
    assert len(made.case.densities) == 6
    (tmp_path / "second").mkdir()
    (tmp_path / "more" / "densities.csv").write_bytes(
        shipped.read_bytes().replace(b"Jiaxing,330400,7", b"Jiaxing,330400,x")
    )
    with pytest.raises(PlaybookError, match=r"densities.csv: managers_ready: not .* whole number: row 2 'x'"):
        imported(tmp_path / "second", tables=tmp_path / "more", look_up=tmp_path / "second" / "look-up.csv")
    assert not (tmp_path / "second" / "look-up.csv").exists()
    (tmp_path / "more" / "strange.csv").write_text("a\n", "utf-8")
    with pytest.raises(PlaybookError, match="'strange' is no further table of a case"):
        imported(tmp_path / "second", tables=tmp_path / "more")


def test_a_folder_of_tables_that_is_not_there_or_holds_a_spreadsheet_is_told(tmp_path):
    (tmp_path / "more").mkdir()
    with pytest.raises(PlaybookError, match="there is no such folder of tables") as caught:
        imported(tmp_path, tables=tmp_path / "mroe")
    assert caught.value.remedy == "check the path in --tables"
    write_xlsx(tmp_path / "more" / "densities.xlsx", {"s": [["city"]]})
    with pytest.raises(PlaybookError, match="a table filled in by hand must be a CSV file") as caught:
        imported(tmp_path, tables=tmp_path / "more")
    assert caught.value.remedy == "save it as CSV UTF-8 in your spreadsheet, as densities.csv"
    assert not (tmp_path / "ours").exists()


@pytest.mark.parametrize(
    "number",
    ["13800001234", "138 0000 1234", "138-0000-1234", "+86 138 0000 1234", "8613800001234", "(010) 12345678"],
)
def test_a_table_by_hand_that_names_a_firm_or_holds_a_phone_number_is_refused(tmp_path, number):
    (tmp_path / "more").mkdir()
    head, first, second, *rest = (
        (find_case("jiaxing").folder / "lead_lists.csv").read_text("utf-8").split("\n")[:5]
    )
    named = first.replace("Jiaxing Nuoyu Paper Works", "蓝湾机械")
    called = second.replace("10049247934", number)
    (tmp_path / "more" / "lead_lists.csv").write_text("\n".join([head, named, called, *rest]), "utf-8")
    with pytest.raises(PlaybookError) as caught:
        imported(tmp_path, tables=tmp_path / "more")
    assert "lead_lists.csv: names of your firms or sellers: row 2 column name. Write the pseudonym" in str(
        caught.value
    )
    assert (
        "lead_lists.csv: phone numbers at which somebody answers: row 3 column phone. Write invented"
        in str(caught.value)
    )
    assert not (tmp_path / "ours").exists()


@pytest.mark.parametrize(
    ("found", "high", "said"),
    [(5, 10, ""), (11, 10, "not from 0 to 10"), (-1, float("inf"), "below 0"), (10**9, float("inf"), "")],
)
def test_a_number_beyond_its_limits_is_told_in_words(found, high, said):
    assert limits_said(found, 0, high) == said


def test_what_is_no_name_and_what_systems_leave_behind_is_no_breach_of_a_table_by_hand(tmp_path):
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "desktop.ini").write_text("[.ShellClassInfo]", "utf-8")
    shutil.copy(find_case("jiaxing").folder / "densities.csv", tmp_path / "more")
    paths = further_tables(tmp_path / "more")
    assert [path.name for path in paths] == ["densities.csv"]
    breaches = Breaches()
    check_names(paths, [str(number) for number in range(30)], breaches)
    breaches.stop()


def test_a_form_says_what_each_column_takes(tmp_path):
    write_form("densities", tmp_path / "densities.csv")
    text = (tmp_path / "densities.csv").read_text("utf-8-sig")
    assert text.startswith("city,adcode,managers_ready,")
    assert "DELETE THIS ROW" in text
    (tmp_path / "more").mkdir()
    write_form("densities", tmp_path / "more" / "densities.csv")
    with pytest.raises(PlaybookError) as caught:
        imported(tmp_path, tables=tmp_path / "more")
    assert caught.value.what.splitlines()[1:] == [
        "- densities.csv: the row of explanations is still there: row 2. Delete it."
    ]
    with pytest.raises(PlaybookError, match="no case has a table 'nothing'"):
        write_form("nothing", tmp_path / "n.csv")


@pytest.mark.slow
def test_the_command_proposes_first_and_says_then_what_works(tmp_path, monkeypatch, root):
    files = lay_out(tmp_path)
    monkeypatch.chdir(root)
    path, out = tmp_path / "mapping.yaml", tmp_path / "ours"
    call = [
        "case",
        "import",
        str(files["accounts"]),
        "--deals",
        str(files["deals"]),
        "--registry",
        str(files["registry"]),
    ]
    call += ["--city", "Jiaxing", "--mapping", str(path), "--out", str(out), "--name", "ours"]
    assert "A mapping is proposed" in CliRunner().invoke(app, call).output
    told = confirm(path.read_text("utf-8"), source="exhibition", stage="S4", owner_type="private")
    path.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    done = json.loads(CliRunner().invoke(app, [*call, "--json"]).output)
    works = {one["exercise"]: one for one in done["exercises"]}
    assert works["00-first-notebook"]["works"] is False
    assert "a typed answer could not be told from a computed one" in works["00-first-notebook"]["stops"]
    assert works["00-first-notebook"]["unknown"] == ["accounts.revenue_10k"]
    assert "densities" in works["01-three-densities"]["lacks"]
    assert "accounts.need" in works["05-customer-profiles"]["lacks"]
    own, tables = done["helps"]
    assert "accounts.comp_installed" in own
    assert own.endswith("If your system holds them, write its headings into the mapping, under columns.")
    assert "rivals" in tables
    assert "`playbook case form <table>`" in tables
    assert done["look_up"] == f"{out}-look-up.csv"
    assert done["sums"].startswith("in the middle, a deal is of CNY 18,000")


def confirmed(folder, monkeypatch):
    """A confirmed mapping of a case `ours` in `mapping.yaml`, where the command finds it; and the files' paths."""
    files = lay_out(folder)
    mapped(folder, files, source="exhibition", stage="S4", owner_type="private")
    monkeypatch.chdir(folder)
    monkeypatch.setattr("playbook.authoring.works.which_work", lambda *_arguments: [])
    return files


def test_a_name_that_is_given_wins_over_the_mappings_and_says_so(tmp_path, monkeypatch):
    files = confirmed(tmp_path, monkeypatch)
    call = ["case", "import", str(files["accounts"]), "--city", "jiaxing", "--name", "pilot"]
    said = CliRunner().invoke(app, call).output
    assert "The case is called pilot, as --name says, and not ours, as mapping.yaml does." in said
    assert find_case(tmp_path / "pilot").name == "pilot"
    assert (tmp_path / "pilot-key.csv").is_file()
    assert not (tmp_path / "ours").exists()
    told = CliRunner().invoke(app, ["case", "import", "--name", "second", "--json"]).output
    assert json.loads(told)["case"] == "second"
    assert "is called" not in CliRunner().invoke(app, ["case", "import"]).output
    assert find_case(tmp_path / "ours").name == "ours"


def test_a_call_that_names_other_files_or_another_city_than_the_mapping_is_refused(tmp_path, monkeypatch):
    files = confirmed(tmp_path, monkeypatch)

    def refused(*call):
        return str(CliRunner().invoke(app, ["case", "import", *call]).exception)

    newer = tmp_path / "june.csv"
    newer.write_bytes(files["accounts"].read_bytes())
    said = refused(str(newer))
    assert said.startswith(f"mapping.yaml: the mapping has accounts {files['accounts']}, not {newer}\n")
    assert "write the file that you mean there, or delete the mapping and call again" in said
    assert "the mapping is about Jiaxing (嘉兴市), not Wuxi (无锡市)" in refused("--city", "wuxi")
    told = yaml.safe_load((tmp_path / "mapping.yaml").read_text("utf-8"))
    del told["files"]["deals"]
    (tmp_path / "mapping.yaml").write_text(yaml.safe_dump(told, allow_unicode=True), "utf-8")
    assert "the mapping has deals no file, not deals.csv" in refused("--deals", "deals.csv")
    assert not (tmp_path / "ours").exists()


def test_a_command_with_nothing_to_propose_from_is_told(tmp_path):
    done = CliRunner().invoke(app, ["case", "import", "--mapping", str(tmp_path / "m.yaml")])
    assert "there is no mapping yet, and nothing to propose one from" in str(done.exception)
