"""Files of own records as they come: each thing that is wrong is told once, and nothing is written."""

import pytest

from playbook.casemaking.breaches import Breaches
from playbook.casemaking.importing import propose
from playbook.errors import PlaybookError
from tests.cases import exports
from tests.cases.importing import imported, lay_out

pytestmark = pytest.mark.slow


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
