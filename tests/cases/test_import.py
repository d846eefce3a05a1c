"""Own records as a case: every system's export, what is asked, what is left out, and what is wrong, once each."""

import csv
import json
import shutil
import stat

import pytest
import yaml
from typer.testing import CliRunner

from playbook.casemaking.breaches import Breaches
from playbook.casemaking.cells import day_in, firm_key, limits_said, money_in, number_in
from playbook.casemaking.importing import import_case, propose, read_mapping, write_form
from playbook.casemaking.importing.by_hand import check_names, further_tables
from playbook.casemaking.verify import verify_case
from playbook.cases import use_case
from playbook.cases.case import find_case
from playbook.cli import app
from playbook.errors import PlaybookError
from tests.cases import exports
from tests.shared.xlsx import write_xlsx

pytestmark = pytest.mark.slow

SYSTEMS = ("HubSpot", "Salesforce", "纷享销客", "销售易")


def lay_out(folder, system="HubSpot", **more):
    """The files of a system in a folder: kind → path."""
    files = {
        "registry": folder / "qichacha.csv",
        "deals": folder / "deals.csv",
        "accounts": folder / "accounts.csv",
    }
    content = {
        "HubSpot": (exports.HUBSPOT, exports.HUBSPOT_DEALS),
        "Salesforce": (exports.SALESFORCE, exports.SALESFORCE_DEALS),
        "纷享销客": (None, exports.FXIAOKE_DEALS),
        "销售易": (exports.XIAOSHOUYI, exports.XIAOSHOUYI_DEALS),
    }[system]
    accounts, deals = more.get("accounts", content[0]), more.get("deals", content[1])
    if accounts is None:
        files["accounts"] = folder / "客户对象导出结果_20261101.xlsx"
        write_xlsx(files["accounts"], {"客户": [list(row) for row in exports.FXIAOKE]})
    else:
        files["accounts"].write_bytes(accounts)
    files["deals"].write_bytes(deals)
    files["registry"].write_bytes(more.get("registry", exports.registry()))
    return {kind: files[kind] for kind in ("accounts", "deals", "registry")}


def confirm(text, units="yuan", **answers):
    """A proposed mapping as a person leaves it: each ? answered, and confirmed."""
    told = yaml.safe_load(text)
    told["confirmed"] = True
    told["units"] |= {name: units for name in ("revenue", "amount") if name in told["units"]}
    if told["units"].get("days") == "?":
        told["units"]["days"] = "month first"
    for kind in told["files"].values():
        for field, values in kind["values"].items():
            for text in values:
                if values[text] == "?":
                    values[text] = answers[field]
    return told


def mapped(folder, files, change=lambda told: None, **answers):
    told = confirm(propose(files, "jiaxing", "ours"), **answers)
    change(told)
    path = folder / "mapping.yaml"
    path.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    return read_mapping(path)


def imported(folder, system="HubSpot", change=lambda told: None, units="yuan", made=(), **more):
    files = lay_out(folder, system, **dict(made))
    ready = mapped(folder, files, change, units=units, source="exhibition", stage="S4", owner_type="private")
    return import_case(ready, folder / "ours", folder / "ours-key.csv", **more)


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


def test_a_mapping_asks_for_units_and_for_what_it_cannot_know(tmp_path):
    files = lay_out(tmp_path)
    (tmp_path / "m.yaml").write_text(propose(files, "jiaxing", "ours"), encoding="utf-8")
    with pytest.raises(PlaybookError) as caught:
        read_mapping(tmp_path / "m.yaml")
    said = str(caught.value)
    assert "the mapping still asks: the unit of revenue, yuan or 10k; the unit of amount, yuan or 10k" in said
    assert "replace every ? there" in said


def test_a_mapping_must_be_confirmed(tmp_path):
    with pytest.raises(PlaybookError, match="the mapping is not confirmed") as caught:
        mapped(
            tmp_path,
            lay_out(tmp_path),
            lambda told: told.update(confirmed="perhaps"),
            source="web",
            stage="S4",
            owner_type="private",
        )
    assert caught.value.remedy == "look through it and set confirmed: true"


def test_a_mapping_that_is_broken_or_names_no_column_is_told(tmp_path):
    (tmp_path / "m.yaml").write_text("confirmed: [", encoding="utf-8")
    with pytest.raises(PlaybookError, match="the mapping can't be read"):
        read_mapping(tmp_path / "m.yaml")

    def other(told):
        told["files"]["accounts"]["columns"]["employees"] = "Heads"

    with pytest.raises(PlaybookError, match=r"accounts\.csv has no column 'heads' for employees"):
        mapped(tmp_path, lay_out(tmp_path), other, source="web", stage="S4", owner_type="private")


@pytest.mark.parametrize(
    "renamed", ["Stage", "Opened", "Firm"], ids=["no stage", "no day of opening", "no account"]
)
def test_deals_without_a_column_that_is_needed_are_told_once_and_not_by_row(renamed, tmp_path):
    heading = {"Stage": b"Deal Stage", "Opened": b"Create Date", "Firm": b"Associated Company"}[renamed]
    field = {"Stage": "stage", "Opened": "created", "Firm": "account"}[renamed]
    deals = exports.HUBSPOT_DEALS.replace(heading, f"My {renamed}".encode())
    with pytest.raises(PlaybookError) as caught:
        imported(tmp_path, made={"deals": deals}.items())
    assert f"the mapping does not fit: deals.csv has no column for {field}, and needs one\n" in str(
        caught.value
    )


def more_columns(content, heading, cell):
    """The same lines with one more column behind."""
    first, *lines = content.decode().splitlines()
    return "\r\n".join([f"{first},{heading}", *(f"{line},{cell}" for line in lines)]).encode()


def test_a_heading_that_stands_twice_is_told_if_it_is_meant(tmp_path):
    doubled = more_columns(exports.HUBSPOT_DEALS, "Amount", "7")
    with pytest.raises(PlaybookError) as caught:
        imported(tmp_path, made={"deals": doubled}.items())
    assert (
        "deals.csv has several columns 'amount' for amount; rename or delete those that are not meant"
        in str(caught.value)
    )
    (tmp_path / "other").mkdir()
    unused = more_columns(more_columns(exports.HUBSPOT_DEALS, "Phone", "7"), "Phone", "8")
    assert len(imported(tmp_path / "other", made={"deals": unused}.items()).case.opportunities) == 3


def test_an_amount_converted_to_another_currency_is_not_taken_for_the_amount(tmp_path):
    deals = more_columns(exports.HUBSPOT_DEALS, "Amount (converted)", "7")
    assert imported(tmp_path, made={"deals": deals}.items()).case.opportunities["amount_cny"].min() == 9000


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path):
    """A cell of three lines is one row there."""
    accounts = exports.HUBSPOT.replace(b"bluebay.example", b'"blue\nbay\nexample"').replace(
        b",12,", b",dozen,"
    )
    with pytest.raises(PlaybookError, match=r"accounts\.csv: employees: no whole number: row 4 'dozen'"):
        imported(tmp_path, made={"accounts": accounts}.items())


@pytest.mark.parametrize(
    ("word", "instead", "where", "said"),
    [
        ("units:", "unit:", "", "'unit' is not known, is 'units' meant?"),
        ("confirmed:", "comfirmed:", "", "'confirmed' is missing"),
        ("employees: number", "employes: number", "", "'employes' under files, accounts, columns is not known, is 'employees' meant?"),
        ("      stage:\n", "      stagge:\n", "", "'stagge' under files, deals, values is not known, is 'stage' meant?"),
        ("  deals:", "  deal:", "", "'deal' under files is not known, is 'deals' meant?"),
        ("  amount: yuan", "  ammount: yuan", "", "'ammount' under units is not known, is 'amount' meant?"),
        ("firms: {}", "firms: [a]", "", "words with colons are missing under firms"),
        ("  accounts:", "\taccounts:", " line 5", "can't be read from here on: found character"),
        ("amount: yuan", "amount：yuan", " line", "can't be read from here on: "),
    ],
)  # fmt: skip
def test_a_slip_of_the_pen_in_the_mapping_is_told_by_its_word_or_line_and_never_passed_over(
    word, instead, where, said, tmp_path
):
    told = confirm(
        propose(lay_out(tmp_path), "jiaxing", "ours"), source="web", stage="S4", owner_type="private"
    )
    text = yaml.safe_dump(told, allow_unicode=True, sort_keys=False)
    assert word in text
    (tmp_path / "m.yaml").write_text(text.replace(word, instead, 1), encoding="utf-8")
    with pytest.raises(PlaybookError) as caught:
        read_mapping(tmp_path / "m.yaml")
    assert said in caught.value.what
    assert f"m.yaml{where}" in str(caught.value)
    assert "or delete the file and run the command again: it is proposed anew" in caught.value.remedy


def test_a_mapping_that_a_spreadsheets_editor_saved_is_told_or_read(tmp_path):
    files = lay_out(tmp_path)
    told = confirm(propose(files, "jiaxing", "ours"), source="web", stage="S4", owner_type="private")
    text = yaml.safe_dump(told, allow_unicode=True)
    (tmp_path / "m.yaml").write_text(text, encoding="utf-8-sig")
    assert read_mapping(tmp_path / "m.yaml").case == "ours"
    (tmp_path / "m.yaml").write_text(text, encoding="gb18030")
    with pytest.raises(PlaybookError, match="the mapping can't be read: it is not text in UTF-8") as caught:
        read_mapping(tmp_path / "m.yaml")
    assert caught.value.remedy.startswith("save it as UTF-8, ")


def test_what_the_mapping_calls_a_firm_or_district_that_is_none_is_told(tmp_path):
    def misspelt(told):
        told["firms"] = {"Nobody Ldt": "x"}

    notes = imported(tmp_path, change=misspelt).imported.notes
    assert "the mapping has 'Nobody Ldt' under firms, and no account is called so" in notes

    def nowhere(told):
        told["files"]["registry"]["values"]["district"] = {"南湖区": "南胡区"}

    (tmp_path / "second").mkdir()
    with pytest.raises(PlaybookError, match="'南胡区' is no district of this city: row 2, row 5"):
        imported(tmp_path / "second", change=nowhere)


def test_a_bad_file_tells_each_kind_once_with_places_and_remedy_and_nothing_is_written(tmp_path):
    accounts = exports.HUBSPOT.replace(b",MACHINERY,120,", b",MACHINERY,50-99,").replace(b"9002,", b"9001,")
    accounts = accounts.replace(b",SOFTWARE,40,", b",SOFTWARE,many,")
    deals = exports.HUBSPOT_DEALS.replace(b"2025-10-01", b"soon").replace(
        b",9000,Pat,2026-01-05", b",x,Pat,2020-01-05", 1
    )
    registry = (
        exports.registry().replace("秀洲区".encode(), "经开区".encode()).replace(b"2020-01-02", b"2020")
    )
    files = {"accounts": accounts, "deals": deals, "registry": registry}
    with pytest.raises(PlaybookError) as caught:
        imported(tmp_path, made=files)
    first, *lines = caught.value.what.splitlines()
    assert first == f"{len(lines)} kinds of things to put right, and nothing was written:"
    assert len(lines) == len(set(lines)) == 7
    for line in (
        "- qichacha.csv: '经开区' is no district of this city: row 4. Say in the mapping which district it is, under values, district.",
        "- qichacha.csv: founded: no day: row 5 '2020'. Write it as 2020-01-02, or leave the cell empty.",
        "- deals.csv: created: no day: row 2 'soon'. Write it as 2026-01-31; where numbers such as 45931 stand, ",
        "- deals.csv: a deal that closed before it was opened: row 4. Put one of the days right.",
        "- accounts.csv: an account that stands there twice: row 2 and row 3. Keep one of the rows.",
        "- deals.csv: amount: no number: row 4 'x'. Write digits alone, or leave the cell empty.",
    ):
        assert line in caught.value.what
    assert caught.value.what.count("employees: no whole number") == 1
    assert not (tmp_path / "ours").exists()
    assert not (tmp_path / "ours-key.csv").exists()


def refused(folder, **made):
    """What is said of files that are refused, with nothing written."""
    folder.mkdir(exist_ok=True)
    with pytest.raises(PlaybookError) as caught:
        imported(folder, made=made.items(), look_up=folder / "ours-look-up.csv")
    assert not [one.name for one in folder.iterdir() if one.name.startswith(("ours", "."))]
    return caught.value.what


def test_numbers_that_cannot_be_right_are_told_by_the_row_of_their_own_file(tmp_path):
    accounts = exports.HUBSPOT.replace(b",MACHINERY,120,", b",MACHINERY,-120,")
    accounts = accounts.replace(b",SOFTWARE,40,", b",SOFTWARE,1.5,").replace(b",12,", b",99999999,")
    accounts = accounts.replace(b"5000000,", b"50000000000000,")
    deals = exports.HUBSPOT_DEALS.replace(b"25000", b"-25000").replace(b"18000", b"18000000000000")
    deals = deals.replace(b"2025-11-20", b"1900-01-00").replace(b"2025-11-01", b"1899-12-30")
    said = refused(tmp_path, accounts=accounts, deals=deals).splitlines()[1:]
    assert sorted(line.split(". ")[0] for line in said) == [
        "- accounts.csv: employees: no whole number: row 5 '1.5'",
        "- accounts.csv: employees: not from 0 to 5,000,000: row 2 '-120', row 4 '99999999'",
        "- accounts.csv: revenue, in yuan: not from 0 to 10,000,000,000,000: row 2 '50000000000000'",
        "- deals.csv: amount, in yuan: not from 0 to 10,000,000,000: row 2 '-25000', row 3 '18000000000000'",
        "- deals.csv: created: a day before 1990: row 3 '1899-12-30'",
        "- deals.csv: created: no day: row 4 '1900-01-00'",
    ]


def test_a_dash_says_nothing(tmp_path):
    """As 企查查 and Salesforce write it where they know nothing."""
    whole = ",南湖区,制造业,专用设备制造业,小型,120"
    registry = exports.registry().decode().replace(whole, ",-,-,-,-,-").replace("2012-03-01", "-").encode()
    accounts = exports.HUBSPOT.replace(b",MACHINERY,120,5000000,", b",MACHINERY,-,--,")
    accounts = accounts.replace(b"Offline event", "—".encode())
    deals = exports.HUBSPOT_DEALS.replace(b"25000,Sam", b"-,-")
    made = imported(tmp_path, made={"accounts": accounts, "deals": deals, "registry": registry}.items())
    bare = made.case.accounts[made.case.accounts["division"].isna()].iloc[0]
    assert bare[["district", "section", "employees", "revenue_10k", "founded", "source"]].isna().all()
    won = made.case.opportunities.query("status == 'won'").iloc[0]
    assert won[["amount_cny", "rep_id"]].isna().all()


def test_numbers_that_a_spreadsheet_has_shortened_tell_nobody_apart(tmp_path):
    accounts = exports.HUBSPOT.replace(b"9001,", b"1.23457E+10,").replace(b"9002,", b"1.23457E+10,")
    deals = exports.HUBSPOT_DEALS.replace(b"100,A", b"2.5E+09,A").replace(b"101,B", b"2.5E+09,B")
    for line in (
        "- accounts.csv: a number that a spreadsheet has shortened: row 2 '1.23457E+10', row 3 '1.23457E+10'. Export",
        "- deals.csv: a number that a spreadsheet has shortened: row 2 '2.5E+09', row 3 '2.5E+09'. Export the file "
        'again and give it as it is; or write "" for that column in the mapping, and firms are told apart by name.',
    ):
        assert line in refused(tmp_path, accounts=accounts, deals=deals)
    assert "twice" not in refused(tmp_path, accounts=accounts, deals=deals)


def test_a_deal_without_a_stage_is_told_as_such(tmp_path):
    said = refused(tmp_path, deals=exports.HUBSPOT_DEALS.replace(b"closedwon", b""))
    assert "- deals.csv: a deal without a stage: row 2. Give it one, or delete the row." in said


def test_one_firm_that_the_registry_was_asked_for_by_two_names_is_one(tmp_path):
    """Customer systems hold firms twice under variants of their names, and the names to look up are both."""
    accounts = (
        exports.HUBSPOT
        + "9007,蓝湾机械（有限公司）,b.example,Sam,M,120,,Jiaxing,China,,,Referrals\r\n".encode()
    )
    first = exports.registry().decode().splitlines()[1].split(",", 1)[1]
    registry = exports.registry() + f"蓝湾机械（有限公司）,{first}\r\n".encode()
    made = imported(tmp_path, made={"accounts": accounts, "registry": registry}.items())
    assert (made.case.accounts["district"] == "Nanhu").sum() == 3


def test_each_step_of_an_import_is_told_while_it_goes(tmp_path):
    told = []
    imported(tmp_path, report=lambda what, done, total: told.append((what, done, total)))
    assert told == [("Making the case", done, 3) for done in range(4)]


def test_more_deals_than_a_case_can_number_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr("playbook.casemaking.importing.deals._MOST_DEALS", 2)
    assert "- deals.csv: more than 2 deals. Import fewer." in refused(tmp_path)


def test_a_thousand_bad_rows_are_one_line(tmp_path):
    row = ",".join(
        ["{0}", "企业{0}有限公司", "x.example", "Sam", "F", "many", "", "Jiaxing", "China", "", "", "Web"]
    )
    head = exports.HUBSPOT.decode().splitlines()[0]
    accounts = "\n".join([head, *(row.format(n) for n in range(1000))]).encode()
    firms = [(f"企业{n}有限公司", str(n), *exports.FIRMS[0][2:]) for n in range(1000)]
    with pytest.raises(PlaybookError) as caught:
        imported(tmp_path, made={"accounts": accounts, "registry": exports.registry(firms=firms)})
    line = next(one for one in caught.value.what.splitlines() if "employees" in one)
    assert line.endswith(" and 995 more. Write digits alone, or leave the cell empty.")
    assert len(caught.value.what) < 1000


def test_a_deal_that_stands_in_the_file_twice_is_told_and_never_counted_twice(tmp_path):
    head, first, *others = exports.HUBSPOT_DEALS.splitlines(keepends=True)
    with pytest.raises(PlaybookError) as caught:
        imported(tmp_path, made={"deals": b"".join([head, first, *others, first, others[0]])})
    assert caught.value.what.splitlines()[1:] == [
        "- deals.csv: a deal that stands there twice: row 2 and row 6, row 3 and row 7. Keep one of the rows."
    ]
    assert not (tmp_path / "ours").exists()


def test_places_stand_in_the_order_of_the_file():
    """Firms come in an order drawn by lot; the one who mends a file goes down it."""
    breaches = Breaches()
    for row in (203, 9, 41, 110):
        breaches.add("r.csv", "no day", "Write one", f"row {row} 'x'")
    with pytest.raises(PlaybookError, match="row 9 'x', row 41 'x', row 110 'x', row 203 'x'"):
        breaches.stop()


def test_a_districts_other_name_can_be_told_in_the_mapping(tmp_path):
    def other(told):
        told["files"]["registry"]["values"]["district"] = {"经开区": "南湖区"}

    registry = exports.registry().replace("秀洲区".encode(), "经开区".encode())
    made = imported(tmp_path, change=other, made={"registry": registry})
    assert made.case.accounts.set_index("section").loc["F", "district"] == "Nanhu"


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf\r\n", b"\xff\xfe\r\x00\n\x00"])
def test_an_empty_file_is_called_empty(tmp_path, content):
    """Once it was told what columns it lacks."""
    files = lay_out(tmp_path, accounts=content)
    with pytest.raises(PlaybookError, match="the export is empty") as caught:
        propose(files, "jiaxing", "ours")
    assert caught.value.remedy == "write or export it again"


@pytest.mark.parametrize("wrong", ["latin-1", "gb18030"])
def test_letters_that_a_spreadsheet_has_spoilt_are_told_with_what_they_were(tmp_path, wrong):
    """Once the message was that the registry has no firm by any of these names."""
    accounts = (
        exports.HUBSPOT.replace("远帆贸易".encode(), "远帆贸".encode()).decode(wrong, "replace").encode()
    )
    with pytest.raises(
        PlaybookError, match=r"its letters are spoilt: .* was '(蓝湾机械|嘉兴|绿洲|云图)"
    ) as caught:
        propose(lay_out(tmp_path, accounts=accounts), "jiaxing", "ours")
    assert caught.value.remedy.startswith("export it again, and give it as it is")


def test_what_is_no_export_is_told(tmp_path):
    files = lay_out(tmp_path, accounts=b"a,b\n1,2\n")
    with pytest.raises(PlaybookError, match="the export has no column"):
        propose(files, "jiaxing", "ours")
    files = lay_out(tmp_path, accounts=exports.HUBSPOT_DEALS)
    with pytest.raises(
        PlaybookError, match="this is no export of accounts that is known: record id"
    ) as caught:
        propose(files, "jiaxing", "ours")
    assert caught.value.remedy.startswith("known are those of HubSpot, Salesforce, 纷享销客, 销售易")


def test_the_middle_deal_and_revenue_are_told_so_that_a_wrong_unit_is_seen(tmp_path):
    assert (
        imported(tmp_path).sums
        == "in the middle, a deal is of CNY 18,000 and a firm turns over CNY 3,125,000"
    )
    (tmp_path / "other").mkdir()
    wrong = imported(tmp_path / "other", units="10k")
    assert wrong.sums.startswith(
        "in the middle, a deal is of CNY 180,000,000 and a firm turns over CNY 31,250,000,000"
    )


def test_deals_of_nobody_leave_the_table_away_and_a_note(tmp_path):
    made = imported(
        tmp_path,
        made={
            "deals": exports.HUBSPOT_DEALS.replace("有限公司".encode(), b"x").replace("绿洲".encode(), b"y")
        },
    )
    assert made.imported.notes == [
        "no deal is of an account that is kept: nothing is known of opportunities and customers"
    ]
    assert "customer" not in made.case.accounts
    assert verify_case(made.case.folder) == []


def test_no_account_left_is_told_with_the_reason(tmp_path):
    registry = exports.registry().replace("嘉兴市".encode(), "湖州市".encode())
    accounts = exports.HUBSPOT.replace(b",Jiaxing,", b",Huzhou,").replace("嘉兴市".encode(), b"Huzhou")
    with pytest.raises(PlaybookError, match="no account is left: 5 not in Jiaxing") as caught:
        imported(tmp_path, made={"registry": registry, "accounts": accounts})
    assert caught.value.remedy.startswith("check the city in the mapping")


def test_firms_that_the_registry_does_not_have_are_shown_side_by_side_and_listed_to_look_up(tmp_path):
    registry = exports.registry(firms=[("示例科技股份有限公司", "9", *exports.FIRMS[0][2:])])
    look_up = tmp_path / "look-up.csv"
    with pytest.raises(
        PlaybookError, match="no account is left: 6 the registry's file has no such firm"
    ) as caught:
        imported(tmp_path, made={"registry": registry}, look_up=look_up)
    assert "accounts.csv has '蓝湾机械有限公司' (compared as '蓝湾机械'), " in caught.value.what
    assert (
        "qichacha.csv has '示例科技股份有限公司' (as '示例科技'); they were compared by name alone"
        in caught.value.what
    )
    assert f"look up the names in {look_up} in the registry's batch query" in caught.value.remedy
    assert "firms: {蓝湾机械有限公司: its name there}" in caught.value.remedy
    assert look_up.read_text("utf-8-sig").splitlines()[:2] == ["企业名称", "蓝湾机械有限公司"]
    assert stat.S_IMODE(look_up.stat().st_mode) == 0o600
    assert not (tmp_path / "ours").exists()


def test_a_firm_that_the_registry_calls_otherwise_is_found_by_the_mapping(tmp_path):
    def told_so(told):
        told["firms"] = {"Nobody Ltd": "示例科技股份有限公司"}

    registry = exports.registry(firms=[*exports.FIRMS, ("示例科技股份有限公司", "9", *exports.FIRMS[0][2:])])
    made = imported(tmp_path, change=told_so, made={"registry": registry})
    assert len(made.case.accounts) == 5
    assert "the registry's file has no such firm" not in made.imported.left


def test_firms_whose_names_differ_in_their_legal_form_alone_are_told_apart(tmp_path):
    """With ids, by whole names; and a deal that names neither of them wholly is nobody's."""
    accounts = exports.HUBSPOT.replace(b"9006,Nobody Ltd", "9006,蓝湾机械股份有限公司".encode())
    firms = [*exports.FIRMS, ("蓝湾机械股份有限公司", "6", *exports.FIRMS[1][2:])]
    deals = exports.HUBSPOT_DEALS.replace(b",Nobody Ltd", ",蓝湾机械".encode())
    made = imported(
        tmp_path, made={"accounts": accounts, "deals": deals, "registry": exports.registry(firms=firms)}
    )
    assert sorted(made.case.accounts["district"]) == ["Haining", "Haining", "Nanhu", "Nanhu", "Xiuzhou"]
    assert made.imported.left["a deal of a name that two accounts have"] == 1


def test_a_name_that_two_rows_of_the_registry_have_is_asked_for(tmp_path):
    firms = [*exports.FIRMS, (exports.FIRMS[0][0], "7", *exports.FIRMS[1][2:])]
    with pytest.raises(
        PlaybookError, match=r"qichacha\.csv: a firm that stands there twice: rows 2 and 7. Keep the row"
    ):
        imported(tmp_path, made={"registry": exports.registry(firms=firms)})


def test_a_credit_code_decides_before_a_name(tmp_path):
    head, first, *rest = exports.HUBSPOT.decode().splitlines()
    accounts = "\n".join(
        [f"{head},统一社会信用代码", f"{first},91330000MA2ABCDE2X", *(f"{one}," for one in rest)]
    )
    made = imported(tmp_path, made={"accounts": accounts.encode()})
    assert made.case.accounts.set_index("employees").loc[120, "district"] == "Haining"


def test_zeros_that_a_spreadsheet_has_eaten_do_not_part_a_deal_from_its_account(tmp_path):
    accounts = exports.HUBSPOT.replace(b"9001,", b"009001,")
    deals = exports.HUBSPOT_DEALS.replace("蓝湾机械有限公司".encode(), b"9001")
    made = imported(tmp_path, made={"accounts": accounts, "deals": deals})
    assert made.case.accounts["customer"].sum() == 1


@pytest.mark.parametrize(
    ("text", "tens", "yuan"),
    [
        ("500", False, 500),
        ("500", True, 5_000_000),
        ("500万元", False, 5_000_000),
        ("1.2亿", True, 120_000_000),
        ("1,250,000元", True, 1_250_000),
        ("many", False, None),
    ],
)
def test_an_amount_that_says_its_unit_is_taken_at_its_word(text, tens, yuan):
    assert money_in(text, tens) == yuan


def test_columns_of_ones_own_come_along_in_the_words_that_the_mapping_gives(tmp_path):
    """A registry has no need, no competitor, no grade; a company's own system may."""
    head, *rows = exports.HUBSPOT.decode().splitlines()
    own = (
        "是,用友,3,30.75,120.7",
        "否,,x,30.5,120.6",
        "是,无,5,,",
        "否,金蝶,1,30.7,120.7",
        "是,,2,,",
        "是,,2,,",
    )
    accounts = "\n".join(
        [
            f"{head},有需求,在用竞品,信息化程度,纬度,经度",
            *(f"{a},{b}" for a, b in zip(rows, own, strict=True)),
        ]
    )
    deals = exports.HUBSPOT_DEALS.decode().splitlines()
    deals = "\n".join([f"{deals[0]},Grade,Closed Lost Reason", *(f"{one},A级,太贵" for one in deals[1:])])
    files = {"accounts": accounts.encode(), "deals": deals.encode()}
    with pytest.raises(
        PlaybookError, match=r"accounts\.csv: it_maturity: no whole number: row 3 'x'. Write digits alone"
    ):
        imported(tmp_path, made=files)
    files["accounts"] = accounts.replace(",x,", ",2,").encode()
    made = imported(tmp_path, made=files)
    found = made.case.accounts.set_index("section")
    assert found["need"].value_counts().to_dict() == {True: 2, False: 2}
    assert sorted(found["comp_installed"].dropna()) == ["K1", "K2"]
    assert (
        "an empty cell of comp_installed says that no competitor's product is in use" in made.imported.notes
    )
    assert found.loc["I", "lat"] == 30.7
    lost = made.case.opportunities.set_index("status").loc["lost"]
    assert (lost["grade"], lost["loss_reason"]) == ("A", "price")
    assert verify_case(made.case.folder) == []


def test_a_lost_deal_without_a_reason_is_counted_and_allowed(tmp_path):
    """Even where every other column of the table is known."""
    deals = exports.HUBSPOT_DEALS.decode().splitlines()
    more = (",A,direct,none,", ",B,salon,none,", ",C,direct,none,price", ",C,direct,none,")
    head = f"{deals[0]},Grade,Channel,Competitor,Loss Reason"
    rows = [f"{one}{own}" for one, own in zip(deals[1:], more, strict=True)]
    rows.append("104,E - New,closedlost,9000,Pat,2026-01-05,2025-11-20,绿洲纺织,B,online,用友,")
    made = imported(tmp_path, made={"deals": "\n".join([head, *rows]).encode()})
    known = {one.column: one.share for one in made.covered if one.table == "opportunities"}
    assert (known["loss_reason"], known["closed"], known["competitor"]) == (0.5, 1.0, 1.0)
    deals = made.case.opportunities
    assert deals.loc[deals["status"] == "lost", "loss_reason"].notna().sum() == 1
    assert verify_case(made.case.folder) == []


def test_a_value_that_the_mapping_does_not_know_is_asked_for_before_anything_is_read(tmp_path):
    def added(told):
        told["files"]["accounts"]["columns"]["export"] = "Country/Region"
        del told["units"]["amount"]

    with pytest.raises(PlaybookError) as caught:
        imported(tmp_path, change=added)
    assert "the mapping does not say the unit of amount, yuan or 10k; " in caught.value.what
    assert "what accounts export China means: one of yes, no, unknown" in caught.value.what
    assert caught.value.remedy == "write it there, under values of that file or under units"


def days_of(tmp_path, *closed, order=None):
    """HubSpot's deals with these days of closing, imported."""
    head = "Record ID,Deal Name,Deal Stage,Amount,Create Date,Close Date,Deal owner,Associated Company"
    rows = [f"{n},x,Closed Won,100,2/3/2024,{day},A,绿洲纺织有限公司" for n, day in enumerate(closed)]
    deals = "\n".join([head, *rows]).encode()

    def change(told):
        if order:
            told["units"]["days"] = order

    return imported(tmp_path, change=change, made={"deals": deals}).case.opportunities


def test_days_that_can_be_read_in_two_ways_are_asked_for(tmp_path):
    with pytest.raises(PlaybookError, match="still asks: how days are written, month first or day first"):
        days_of(tmp_path, "5/6/2025", order="?")
    assert str(days_of(tmp_path, "5/6/2025", order="month first")["closed"][0].date()) == "2025-05-06"


def test_days_can_be_said_to_come_before_their_months(tmp_path):
    assert str(days_of(tmp_path, "5/6/2025", order="day first")["closed"][0].date()) == "2025-06-05"


@pytest.mark.parametrize(("day", "read"), [("5/16/2025", "2025-05-16"), ("16/5/2025", "2025-05-16")])
def test_a_number_that_is_no_month_says_how_days_are_written(day, read, tmp_path):
    assert str(days_of(tmp_path, day)["closed"][0].date()) == read


def test_days_that_are_written_in_both_ways_are_breaches(tmp_path):
    with pytest.raises(PlaybookError) as caught:
        days_of(tmp_path, "5/16/2025", "16/5/2025", order="month first")
    assert "closed: no day" in str(caught.value)
    assert "'16/5/2025'" in str(caught.value)


def test_a_mapping_from_before_is_told_to_say_how_days_are_written(tmp_path):
    with pytest.raises(PlaybookError) as caught:
        imported(tmp_path, "Salesforce", change=lambda told: told["units"].pop("days"))
    assert "how days are written, month first or day first: write days there" in caught.value.what


def test_a_deal_that_was_won_on_a_day_to_come_is_a_breach(tmp_path):
    with pytest.raises(PlaybookError) as caught:
        days_of(tmp_path, "5/16/2999")
    assert "closed: a day that is still to come" in str(caught.value)
    assert "'5/16/2999'" in str(caught.value)


def test_what_nobody_knows_stays_empty(tmp_path):
    def unknown(told):
        values = told["files"]["registry"]["values"]["owner_type"]
        values.update(dict.fromkeys(values, "unknown"))

    assert "owner_type" not in imported(tmp_path, change=unknown).case.accounts


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


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-02-01", "2024-02-01"),
        ("2026年3月1日", "2026-03-01"),
        ("2025/11/1 9:05", "2025-11-01"),
        ("3/1/2026", "2026-03-01"),
        ("2024-13-01", "None"),
        ("soon", "None"),
    ],
)
def test_days_are_read_as_systems_write_them(text, day):
    assert str(day_in(text)) == day


def test_a_day_before_its_month():
    assert str(day_in("3/1/2026", day_first=True)) == "2026-01-03"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,250", 1250),
        ("120人", 120),
        ("¥ 3.5", 3.5),
        ("50-99", None),
        ("", None),
        ("12,5", None),
        ("25.000,00", None),
        ("-1,250,000.5", -1250000.5),
        ("1,25", None),
    ],
)
def test_numbers_are_read_as_systems_write_them(text, number):
    assert number_in(text) == number


def test_a_firms_name_is_compared_without_its_legal_form():
    assert firm_key("蓝湾机械股份有限公司") == firm_key("蓝湾机械 有限公司") == firm_key("蓝湾机械")
    assert firm_key("Bluebay Co., Ltd.") == firm_key("bluebay")
