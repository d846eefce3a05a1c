import json

import pandas as pd
import pytest

from playbook import places
from playbook.cases import SCHEMA, list_cases, load_case, open_case, read_case, use_case
from playbook.errors import PlaybookError
from playbook.exercises.seal_files import read_seals, records_lack
from playbook.places import data_root


def test_thirteen_cases_ship_and_the_worked_one_comes_first():
    cases = list_cases()
    assert [case.role for case in cases] == ["worked"] + ["trainee"] * 12
    assert cases[0].name == "jinhua"
    assert len({case.fingerprint for case in cases}) == 13


@pytest.mark.parametrize("name", ["jiaxing", "Jiaxing", " JIAXING ", "330400", "嘉兴市", "嘉兴"])
def test_a_case_is_found_by_any_of_its_names(name):
    assert load_case(name).name == "jiaxing"


@pytest.mark.parametrize("name", ["paris", "", "..", "x" * 5000, "a\0b", "~nobody-here/x", 5])
def test_an_unknown_case_names_the_known_ones(name):
    with pytest.raises(PlaybookError, match="quanzhou"):
        load_case(name)


def test_without_a_name_the_worked_case_is_loaded_until_another_is_opened():
    assert load_case().name == "jinhua"
    opened = open_case("Li Wei")
    assert load_case() == opened != load_case("jinhua")


def test_a_table_is_a_fresh_copy_each_time():
    case = load_case()
    first = case.accounts
    first["need"] = False
    assert case.accounts["need"].any()


def test_every_table_has_the_columns_and_types_of_its_schema():
    case = load_case("wuxi")
    kinds = {"text": "str", "number": "float64", "true/false": "bool"}
    for name, table in SCHEMA.items():
        frame = case.table(name)
        assert tuple(frame.columns) == table.names
        for column in table.columns:
            dtype = str(frame[column.name].dtype)
            if column.dtype == "date":
                assert dtype.startswith("datetime64"), column
            elif column.dtype == "whole number":
                assert dtype == ("Int64" if column.missing else "int64"), column
            else:
                assert dtype == kinds[column.dtype], column


def test_codes_stay_text_and_gaps_stay_gaps():
    accounts = load_case().accounts
    assert "330784" in set(accounts["district_adcode"])
    assert 0.05 < accounts["employees"].isna().mean() < 0.13
    assert accounts["comp_installed"].isna().any()
    assert load_case().city_workers["adcode"].iloc[-1] == "000000"


def test_workers_puts_the_city_beside_the_nation():
    workers = load_case("jinhua").workers
    assert list(workers.columns) == ["section", "city_workers", "nation_workers"]
    assert list(workers["section"]) == list("ABCDEFGHIJKLMNOPQRS")
    assert workers.set_index("section").loc["C"].tolist() == [1642.1, 119961.8]


def test_who_changes_a_table_of_workers_changes_nobody_elses():
    case = load_case("jinhua")
    workers = case.workers
    workers["city_workers"] = 0.0
    assert case.workers["city_workers"].sum() > 1000


def test_city_districts_are_those_of_the_city():
    districts = load_case("jinhua").city_districts
    assert len(districts) == 9
    assert {"Yiwu", "Yongkang"} < set(districts["district"])


def test_an_unknown_table_names_the_known_ones():
    with pytest.raises(PlaybookError, match="accounts, opportunities"):
        load_case().table("salaries")


def test_a_case_prints_as_its_city():
    assert str(load_case("quanzhou")) == "Quanzhou (泉州市)"


@pytest.mark.slow
def test_the_environment_holds_the_case_whatever_is_opened(monkeypatch, unseen):
    monkeypatch.setenv("PLAYBOOK_CASE", str(unseen.folder))
    assert open_case("Li Wei") == unseen
    assert load_case() == unseen


@pytest.mark.slow
def test_the_held_case_is_meant_where_its_city_is_named(unseen):
    with use_case(unseen):
        assert load_case("jinhua") == unseen
        assert load_case("wuxi").folder != unseen.folder


@pytest.mark.slow
def test_use_case_holds_the_case_inside_the_block_only(unseen):
    with use_case(unseen):
        assert open_case("Li Wei") == load_case() == unseen
        with use_case(load_case("wuxi")):
            assert load_case().name == "wuxi"
        assert load_case() == unseen
    assert open_case("Li Wei").name == "nanjing"


def test_the_environment_names_another_data_root(monkeypatch, tmp_path):
    monkeypatch.setenv("PLAYBOOK_DATA", str(tmp_path))
    assert data_root() == tmp_path
    assert list_cases() == []


def test_a_cases_own_table_comes_before_the_shared_one(spoilt):
    panel = load_case("jinhua").launch_panel.head(24)
    panel.to_csv(spoilt / "launch_panel.csv", index=False)
    assert len(read_case(spoilt).launch_panel) == 24


def test_a_rewritten_table_is_read_anew(spoilt):
    before = read_case(spoilt).densities
    path = spoilt / "densities.csv"
    path.write_text("\n".join(path.read_text().splitlines()[:4]) + "\n")
    assert len(before) == 6
    assert len(read_case(spoilt).densities) == 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "case.json is missing"),
        ("", "cannot be read"),
        ("[]", "lacks: everything"),
        ('{"case": "x"}', "lacks: adcode, city, city_zh, tables, fingerprint"),
    ],
)
def test_a_folder_without_a_good_record_says_what_is_wrong(spoilt, content, said):
    path = spoilt / "case.json"
    if content is None:
        path.unlink()
    else:
        path.write_text(content)
    with pytest.raises(PlaybookError, match=said):
        read_case(spoilt)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "",
        lambda text: text.replace("employees", "people"),
        lambda text: text.replace(",19,", ",nineteen,", 1),
        lambda text: text.replace("true", "maybe", 1),
    ],
)
def test_a_table_that_breaks_its_schema_is_refused_with_a_remedy(spoilt, spoil):
    path = spoilt / "accounts.csv"
    path.write_text(spoil(path.read_text()))
    with pytest.raises(PlaybookError, match="playbook case verify") as caught:
        _ = read_case(spoilt).accounts
    assert str(path) in str(caught.value)


def test_a_file_in_another_encoding_is_refused(spoilt):
    (spoilt / "accounts.csv").write_bytes((spoilt / "accounts.csv").read_bytes() + "永康".encode("gbk"))
    with pytest.raises(PlaybookError, match="cannot be read"):
        _ = read_case(spoilt).accounts


def test_a_missing_table_is_named(spoilt):
    (spoilt / "references.csv").unlink()
    with pytest.raises(PlaybookError, match="the table references is missing"):
        _ = read_case(spoilt).references


def test_the_fingerprint_follows_from_the_files(tmp_path, spoilt):
    from playbook.casemaking.write import write_record

    record = json.loads((spoilt / "case.json").read_text())
    assert write_record(spoilt, record)["fingerprint"] == record["fingerprint"]
    (spoilt / "densities.csv").write_text((spoilt / "densities.csv").read_text() + " ")
    assert write_record(spoilt, record)["fingerprint"] != record["fingerprint"]


@pytest.mark.slow
def test_the_room_imports_without_the_heavy_packages():
    import subprocess
    import sys

    code = (
        "import sys\n"
        "sys.modules.update(dict.fromkeys(['pandera', 'typer', 'rich', 'scipy', 'sklearn', 'matplotlib']))\n"
        "from playbook import open_case\n"
        "open_case('Li Wei').accounts\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_data_stay_small():
    assert sum(path.stat().st_size for path in data_root().rglob("*.csv")) < 15_000_000


def test_public_shares_add_up():
    case = load_case()
    groups = [name for name in case.districts.columns if name.startswith("workers_")]
    by_city = case.districts.set_index("adcode")[groups].sum(axis=1).groupby("adcode").sum()
    city = case.city_workers[case.city_workers["section"] != "A"]
    totals = city.groupby("adcode")["workers_thousand"].sum().loc[by_city.index]
    pd.testing.assert_series_equal(by_city, totals, check_names=False, rtol=0.01)


def test_what_fetches_a_case_is_asked_before_its_tables_and_seals_are_read(monkeypatch):
    asked = []
    monkeypatch.setattr(places, "fetch_case", lambda name, table="": asked.append((name, table)))
    case = load_case("wuxi")
    assert asked == []
    assert len(case.accounts)
    read_seals("03-entry-industries", case)
    assert asked == [("wuxi", "accounts"), ("wuxi", "")]


def test_what_own_records_do_not_allow_is_fetched_before_it_is_asked_for(tmp_path, monkeypatch):
    """In the browser a trainee of such a case was once told nothing; one of a city that ships waits for nothing."""
    seals, asked = tmp_path / "seals" / "07-x", []
    record = json.loads((load_case("wuxi").folder / "case.json").read_text("utf-8"))
    (tmp_path / "ours").mkdir()
    own = json.dumps(record | {"case": "ours", "generator": "import"})
    (tmp_path / "ours" / "case.json").write_text(own, encoding="utf-8")

    def fetch(name, table=""):
        asked.append(name)
        seals.mkdir(parents=True)
        (seals / f"{name}.json").write_text('{"lacks": true}')

    monkeypatch.setenv("PLAYBOOK_SEALS", str(tmp_path / "seals"))
    monkeypatch.setattr(places, "fetch_case", fetch)
    assert not records_lack("07-x", load_case("wuxi"))
    assert records_lack("07-x", load_case(str(tmp_path / "ours")))
    assert asked == ["ours"]


def test_every_table_of_the_company_opens_by_its_name(jinhua):
    for name, table in SCHEMA.items():
        if table.home != "reference":
            assert isinstance(getattr(jinhua, name), pd.DataFrame), name
