"""Own records as a case: what every system's export becomes, pseudonyms and the key."""

import csv
import stat

import pytest
import yaml

from playbook.casemaking.importing import import_case, propose
from playbook.casemaking.verify import verify_case
from playbook.cases import use_case
from playbook.cases.case import find_case
from playbook.errors import PlaybookError
from tests.cases import exports
from tests.cases.importing import SYSTEMS, imported, lay_out, mapped

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("system", SYSTEMS)
def test_each_systems_export_becomes_a_case_that_is_whole(system, tmp_path):
    units = "yuan" if system in ("HubSpot", "Salesforce") else "10k"
    made = imported(tmp_path, system, units=units)
    accounts = made.case.accounts.set_index("employees")
    first = accounts.loc[120]
    assert (first["district"], first["section"], first["division"], first["founded"]) == (
        "Nanhu",
        "C",
        "C35",
        2012,
    )
    assert (first["revenue_10k"], first["owner_type"], first["customer"]) == (500.0, "private", True)
    deals = made.case.opportunities
    won = deals[deals["status"] == "won"].iloc[0]
    assert won["amount_cny"] == (250_000 if system == "Salesforce" else 25_000)
    assert (won["stage"], won["cycle_days"], str(won["closed"].date())) == ("S5", 151, "2026-03-01")
    assert verify_case(made.case.folder) == []


def test_a_system_that_keeps_stage_and_status_apart_knows_how_far_a_lost_deal_came(tmp_path):
    deals = exports.FXIAOKE_DEALS + "d3,C,绿洲纺织有限公司,方案报价,输单,1.5,2026/2/1,,2025/11/3\n".encode()
    made = imported(tmp_path, "纷享销客", units="10k", made={"deals": deals})
    found = made.case.opportunities.set_index("status")
    assert found.loc["lost", "stage"] == found.loc["open", "stage"] == "S3"
    assert (found.loc["won", "stage"], found.loc["lost", "amount_cny"]) == ("S5", 15_000)


def test_what_no_export_holds_is_absent_and_never_filled_in(tmp_path):
    made = imported(tmp_path)
    absent = {"lat", "lon", "export", "it_maturity", "need", "visits_12m", "contacts", "comp_installed"}
    assert not absent & set(made.case.accounts.columns)
    shares = {(one.table, one.column): one.share for one in made.covered}
    assert shares["accounts", "need"] == 0
    assert shares["accounts", "employees"] == 1.0
    assert shares["accounts", "revenue_10k"] == 0.5
    assert made.case.accounts["revenue_10k"].isna().sum() == 2
    with pytest.raises(PlaybookError, match="the table references is missing"):
        _ = made.case.references


def test_a_competitor_has_one_code_in_all_columns_and_our_own_words_mean_themselves(tmp_path):
    """Once the codes were dealt out column by column: what was K1 of accounts could be K2 of deals."""
    accounts = exports.HUBSPOT.replace(b",Original Source\r\n", b",Competitor installed\r\n")
    accounts = accounts.replace(b"Referrals", "金蝶".encode()).replace(b"Offline event", "用友".encode())
    accounts = accounts.replace(b"Organic search", b"K2")
    deals = exports.HUBSPOT_DEALS.replace(
        b"Associated Company\r\n", b"Associated Company,Competitor,Loss Reason\r\n"
    )
    for number, row in enumerate(("蓝湾机械有限公司", "绿洲纺织", "远帆贸易有限公司", "Nobody Ltd")):
        told = ("用友,", "用友,", "无,no_decision", "浪潮,why")[number]
        deals = deals.replace(f",{row}\r\n".encode(), f",{row},{told}\r\n".encode())
    files = yaml.safe_load(propose(lay_out(tmp_path, accounts=accounts, deals=deals), "jiaxing", "ours"))[
        "files"
    ]
    assert files["accounts"]["values"]["comp_installed"] == {"金蝶": "K1", "用友": "K3", "K2": "K2"}
    assert files["deals"]["values"]["competitor"] == {"用友": "K3", "无": "none", "浪潮": "K4"}
    assert files["deals"]["values"]["loss_reason"] == {"no_decision": "no_decision", "why": "?"}


def test_zero_insured_is_not_zero_employees(tmp_path):
    data = exports.HUBSPOT.replace(b",WHOLESALE,12,", b",WHOLESALE,,")
    made = imported(tmp_path, made={"accounts": data})
    trade = made.case.accounts.set_index("section").loc["F"]
    assert trade.isna()["employees"]


def test_rows_of_other_cities_and_without_a_registry_row_are_left_out_and_counted(tmp_path):
    made = imported(tmp_path)
    assert len(made.case.accounts) == 4
    assert made.imported.left == {
        "not in Jiaxing": 1,
        "the registry's file has no such firm": 1,
        "a deal of no account that is kept": 1,
    }
    assert made.imported.notes == ["the day of closing of an open deal is a plan, and was left out"]


def test_firms_and_people_are_pseudonyms_and_the_key_stands_outside(tmp_path):
    made = imported(tmp_path)
    content = "".join(path.read_text("utf-8") for path in made.case.folder.iterdir())
    for text in ("蓝湾", "Bluebay", "Sam", "Pat", "9001", "91330000"):
        assert text not in content
    assert made.case.accounts["name"].str.fullmatch(r"Firm \d{5}").all()
    rows = list(csv.DictReader(made.key.read_text("utf-8-sig").splitlines()))
    assert {"蓝湾机械有限公司", "Sam"} <= {row["name"] for row in rows}
    assert stat.S_IMODE(made.key.stat().st_mode) == 0o600


def test_the_same_files_give_the_same_case_and_key(tmp_path):
    made = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        made.append(imported(tmp_path / name))
    first, second = ({one.name: one.read_bytes() for one in each.case.folder.iterdir()} for each in made)
    assert first == second
    assert made[0].key.read_bytes() == made[1].key.read_bytes()


def test_no_order_of_the_files_tells_who_is_who(tmp_path):
    """Over some files: accounts and owners of deals are numbered in another order than they stand there."""
    orders = {"A": set(), "R": set()}
    for extra in range(6):
        folder = tmp_path / str(extra)
        folder.mkdir()
        deals = exports.HUBSPOT_DEALS.replace(b"25000", f"{25000 + extra}".encode())
        rows = list(
            csv.DictReader(
                imported(folder, made={"deals": deals}.items()).key.read_text("utf-8-sig").splitlines()
            )
        )
        for letter, all in orders.items():
            all.add(tuple(row["name"] for row in rows if row["case"].startswith(letter)))
    assert min(len(all) for all in orders.values()) > 1


def test_real_names_are_kept_only_if_asked_for(tmp_path):
    assert "蓝湾机械有限公司" in set(imported(tmp_path, real_names=True).case.accounts["name_zh"])


def test_a_key_is_never_written_over_an_export_or_another_key(tmp_path):
    files = lay_out(tmp_path)
    ready = mapped(tmp_path, files, source="web", stage="S4", owner_type="private")
    before = files["accounts"].read_bytes()
    with pytest.raises(PlaybookError, match="the key would be written over a file that is there") as caught:
        import_case(ready, tmp_path / "ours", files["accounts"])
    assert caught.value.remedy == "name another file with --key, or take this one away"
    assert files["accounts"].read_bytes() == before
    assert not (tmp_path / "ours").exists()
    key = import_case(ready, tmp_path / "ours", tmp_path / "key.csv").key
    key.chmod(0o644)
    again = import_case(ready, tmp_path / "again", key)  # the same key, once more
    assert stat.S_IMODE(again.key.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["jiaxing", "嘉兴市", "Wuxi", "ｊｉｎｈｕａ", "../elsewhere", ""])
def test_a_name_by_which_a_roster_would_find_another_case_or_none_is_refused(name, tmp_path):
    with pytest.raises(PlaybookError) as caught:
        imported(tmp_path, change=lambda told: told.update(case=name))
    assert caught.value.what in (f"a case that ships is called {name!r}", f"{name!r} is no name of a case")
    assert "give the case a name of its own in the mapping or with --name" in caught.value.remedy
    assert not (tmp_path / "ours").exists()


def test_a_key_in_the_case_is_refused(tmp_path):
    files = lay_out(tmp_path)
    ready = mapped(tmp_path, files, source="web", stage="S4", owner_type="private")
    with pytest.raises(PlaybookError, match="the key would stand in the case, which trainees get") as caught:
        import_case(ready, tmp_path / "ours", tmp_path / "ours" / "key.csv")
    assert caught.value.remedy == "name a file elsewhere"


def test_an_imported_case_is_found_by_its_folder_and_held_as_any_other(tmp_path):
    made = imported(tmp_path)
    assert find_case(made.case.folder).name == "ours"
    with use_case(made.case):
        assert len(made.case.city_districts) == 7
