"""An unseen case keeps codes and names, and changes every number."""

import numpy as np
import pandas as pd
import pytest

from playbook import casemaking
from playbook.casemaking import make_case
from playbook.casemaking.planning import planning_tables
from playbook.cases import SCHEMA, list_cases, load_case
from playbook.errors import PlaybookError

pytestmark = pytest.mark.slow

KEPT = {
    "cities": ["adcode", "city", "city_zh", "province", "belt", "level", "role"],
    "city_workers": ["adcode", "city", "section"],
    "districts": ["district_adcode", "adcode", "district", "district_zh"],
    "district_workers": ["adcode", "district_adcode", "district", "section"],
}
RESAMPLED = [
    *KEPT,
    "customers_home",
    *(table.name for table in SCHEMA.values() if table.home == "case"),
]


#: Cities looked at in every run; the others with --long.
ALWAYS = ("jinhua", "foshan")


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(case.name, marks=[] if case.name in ALWAYS else pytest.mark.long)
        for case in list_cases()
    ],
)
def pair(request, tmp_path_factory):
    """A shipped case, and an unseen one of the same city."""
    own = load_case(request.param)
    folder = tmp_path_factory.mktemp(own.name)
    return own, make_case(own.adcode, f"secret {own.name}".encode(), folder, resample_public=True)


def test_the_city_stays(pair):
    own, unseen = pair
    assert (own.name, own.adcode, own.city, own.city_zh) == (
        unseen.name,
        unseen.adcode,
        unseen.city,
        unseen.city_zh,
    )
    assert own.fingerprint != unseen.fingerprint


def test_codes_and_names_of_the_public_figures_stay(pair):
    own, unseen = pair
    for table, columns in KEPT.items():
        pd.testing.assert_frame_equal(own.table(table)[columns], unseen.table(table)[columns])


def test_every_public_number_changes(pair):
    own, unseen = pair
    for table in KEPT:
        before, after = own.table(table), unseen.table(table)
        for column in before.columns.difference(KEPT[table]):
            same = (before[column] == after[column]) & (before[column] > 1)
            assert same.mean() < 0.06, (table, column)


def test_every_figure_of_the_city_itself_changes(pair):
    before, after = (case.cities.set_index("adcode").loc[case.adcode, "lat":] for case in pair)
    assert (before != after).all()


def test_every_resampled_table_lies_in_the_cases_own_folder(pair):
    _, unseen = pair
    assert sorted(path.stem for path in unseen.folder.glob("*.csv")) == sorted(RESAMPLED)


def test_every_column_of_the_records_is_drawn_anew(pair):
    own, unseen = pair
    for table in ("accounts", "opportunities", "references", "densities", "customers_home", "launch_panel"):
        before, after = own.table(table), unseen.table(table)
        for column in SCHEMA[table].columns:
            if column.dtype != "text" and column.name not in ("month", "customer"):
                assert not before[column.name].equals(after[column.name]), (table, column.name)


def test_ids_keep_their_form(pair):
    own, unseen = pair
    for table, column in (("accounts", "account_id"), ("opportunities", "opportunity_id")):
        ids, others = (list(case.table(table)[column]) for case in pair)
        shorter = min(len(ids), len(others))
        assert ids[:shorter] == others[:shorter]
    assert len(set(own.accounts["name_zh"]) & set(unseen.accounts["name_zh"])) < 20


def quotients(case):
    workers = case.workers.set_index("section").drop(index="A")  # nobody is sold to on a farm
    shares = workers / workers.sum()
    return (shares["city_workers"] / shares["nation_workers"])[shares["city_workers"] > 0.01]


def test_other_sections_are_the_most_specialised(pair):
    own, unseen = (quotients(case) for case in pair)
    assert own.idxmax() != unseen.idxmax()
    assert set(own.nlargest(3).index) != set(unseen.nlargest(3).index)


def test_another_district_is_the_largest(pair):
    largest = []
    for case in pair:
        districts = case.city_districts.set_index("district")
        largest.append(districts.filter(like="workers_").sum(axis=1).idxmax())
    assert largest[0] != largest[1]


def test_the_exponents_of_the_law_come_in_another_order(pair):
    orders = []
    for case in pair:
        panel = case.launch_panel
        design = np.column_stack([np.ones(len(panel)), np.log(panel[["md", "sd", "kd"]])])
        orders.append(
            np.argsort(np.linalg.lstsq(design, np.log(panel["bookings_10k"]), rcond=None)[0][1:]).tolist()
        )
    assert orders[0] != orders[1]


def test_districts_still_add_up_to_their_city(pair):
    _, unseen = pair
    groups = list(unseen.districts.filter(like="workers_"))
    by_city = unseen.city_districts[groups].sum().sum()
    workers = unseen.workers.set_index("section")["city_workers"].drop("A").sum()
    assert by_city == pytest.approx(workers, rel=0.001)


def test_jinhuas_sections_add_up_to_its_districts(unseen):
    detail = unseen.table("district_workers")
    trade = detail[detail["section"] == "F"].set_index("district_adcode")["workers_thousand"]
    districts = unseen.city_districts.set_index("district_adcode")["workers_trade_thousand"]
    pd.testing.assert_series_equal(trade, districts, check_names=False, rtol=0.001)


def test_a_section_is_never_larger_than_the_city_allows(pair):
    _, unseen = pair
    shares = unseen.workers.set_index("section")["city_workers"]
    assert (shares / shares.sum()).max() < 0.75


def test_records_on_which_a_chapter_cannot_be_planned_are_drawn_again(tmp_path, monkeypatch):
    tried = []

    def refuses_the_first(ground):
        tried.append(ground)
        if len(tried) == 1:
            raise PlaybookError("no split of the districts is fair")
        return planning_tables(ground)

    monkeypatch.setattr(casemaking, "planning_tables", refuses_the_first)
    case = make_case("330400", "a secret", tmp_path, resample_public=True)
    assert len(tried) == 2
    assert not tried[0].accounts.equals(tried[1].accounts)
    pd.testing.assert_frame_equal(
        case.accounts[["account_id", "need"]], tried[1].accounts[["account_id", "need"]]
    )
