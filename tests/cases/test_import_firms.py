"""Accounts, deals and the registry side by side: which rows are about one firm."""

import stat

import pytest

from playbook.casemaking.cells import money_in
from playbook.casemaking.verify import verify_case
from playbook.errors import PlaybookError
from tests.cases import exports
from tests.cases.importing import imported

pytestmark = pytest.mark.slow


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
