"""The mapping of own records: what it asks, what is told of a slip in it, and what days and values mean."""

import pytest
import yaml

from playbook.casemaking.importing import propose, read_mapping
from playbook.casemaking.verify import verify_case
from playbook.errors import PlaybookError
from tests.cases import exports
from tests.cases.importing import confirm, imported, lay_out, mapped

pytestmark = pytest.mark.slow


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
    again = ", or delete the file and run the command again: it is proposed anew"
    if where:
        assert caught.value.remedy.startswith(
            "look at this line and the one before: a word, a plain colon, a blank"
        )
        assert caught.value.remedy.endswith(again)
    else:
        assert caught.value.what.startswith("the mapping is not in its form: ")
        assert caught.value.remedy == f"write the words as they were proposed{again}"


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
