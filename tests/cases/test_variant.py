"""A hidden variant of own records: the same tables and columns, other firms and numbers, nobody's name."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from playbook.casemaking.variant import make_variant
from playbook.casemaking.verify import verify_case
from playbook.cases import load_case, read_case
from playbook.cases.imported import is_imported
from tests.cases.companies import imported_company

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A case of 160 firms under their real names."""
    return imported_company(tmp_path_factory.mktemp("own"), real_names=True).case


@pytest.fixture(scope="module")
def variant(own, tmp_path_factory):
    return make_variant(own, "secret", tmp_path_factory.mktemp("variant"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A case that has every table, as if all of them had been filled in by hand; and a variant of it."""
    folder = tmp_path_factory.mktemp("whole") / "jiaxing"
    shutil.copytree(load_case("jiaxing").folder, folder)
    record = json.loads((folder / "case.json").read_text("utf-8"))
    (folder / "case.json").write_text(json.dumps(record | {"generator": "import"}), encoding="utf-8")
    case = read_case(folder)
    return case, make_variant(case, "secret", tmp_path_factory.mktemp("of whole"))


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_variant_has_the_same_tables_columns_and_types_and_verifies(own, variant):
    assert is_imported(variant)
    assert verify_case(variant.folder) == []
    for table in ("accounts", "opportunities"):
        mine, other = own.table(table), variant.table(table)
        assert list(mine.columns) == list(other.columns)
        assert mine.dtypes.equals(other.dtypes)
    ours, theirs = (json.loads((one.folder / "case.json").read_text("utf-8")) for one in (own, variant))
    assert (ours["lacks"], ours["absent"]) == (theirs["lacks"], theirs["absent"])


def test_the_seed_alone_makes_the_bytes(own, variant, tmp_path):
    again = make_variant(own, "secret", tmp_path / "again")
    assert bytes_of(again.folder) == bytes_of(variant.folder)
    assert make_variant(own, "another", tmp_path / "other").fingerprint != variant.fingerprint


def test_firms_are_numbers_even_where_the_records_keep_names(own, variant):
    assert own.accounts["name_zh"].str.contains("有限公司").all()
    assert variant.accounts["name_zh"].str.fullmatch(r"企业\d{5}").all()
    text = (variant.folder / "accounts.csv").read_text("utf-8")
    assert not [name for name in own.accounts["name_zh"] if name in text]
    assert "secret" not in (variant.folder / "case.json").read_text("utf-8")


def test_counts_sums_and_orders_come_out_otherwise(own, variant):
    for column in ("district", "section", "source", "owner_type"):
        assert (
            own.accounts[column].value_counts().to_dict() != variant.accounts[column].value_counts().to_dict()
        )
    assert variant.accounts["revenue_10k"].isin(own.accounts["revenue_10k"]).mean() < 0.05
    won = [case.opportunities.groupby("status")["amount_cny"].agg(["size", "sum"]) for case in (own, variant)]
    assert not won[0].equals(won[1])


def test_what_belongs_together_stays_together(variant):
    deals, accounts = variant.opportunities, variant.accounts.set_index("account_id")
    assert set(deals.loc[deals["status"] == "won", "account_id"]) == set(accounts.index[accounts["customer"]])
    decided = deals[deals["status"] != "open"]
    assert ((decided["closed"] - decided["created"]).dt.days == decided["cycle_days"]).all()
    assert deals.loc[deals["status"] == "open", "closed"].isna().all()
    names = variant.city_districts.set_index("district_adcode")["district"]
    assert (accounts["district_adcode"].map(names) == accounts["district"]).all()
    assert (accounts["division"].str[0] == accounts["section"]).all()


def test_two_entries_of_one_firm_are_drawn_together(whole):
    case, variant = whole
    twins = [
        one.accounts.duplicated(["district_adcode", "division", "founded", "revenue_10k"]).sum()
        for one in (case, variant)
    ]
    assert twins[0] > 30
    assert 0.4 < twins[1] / twins[0] < 2


def test_every_further_table_is_moved_and_still_verifies(whole):
    case, variant = whole
    assert verify_case(variant.folder) == []
    tables = {path.stem for path in case.folder.glob("*.csv")}
    assert tables <= {path.stem for path in variant.folder.glob("*.csv")}
    same = [name for name in tables if case.table(name).equals(variant.table(name))]
    assert same == ["sellers"], "it holds people and days alone; what they signed is moved"


def test_competitors_exchange_their_codes_in_all_tables_alike(whole):
    case, variant = whole
    order = [
        one.accounts["comp_installed"].value_counts(normalize=True).index.tolist() for one in (case, variant)
    ]
    assert order[0] != order[1]
    sellers = [one.rivals.groupby("seller_of")["sellers"].size() for one in (case, variant)]
    pd.testing.assert_series_equal(*sellers)
