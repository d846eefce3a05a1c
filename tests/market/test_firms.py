"""A firm that is listed twice is one firm, in every chapter."""

import pandas as pd

from playbook.cases import list_cases, load_case
from playbook.market.benchmark import prospect_accounts
from playbook.market.firms import ONE_FIRM, one_row_per_firm
from playbook.market.profile import prepare_accounts


def test_of_two_entries_the_one_with_the_lower_number_stays_wherever_it_stands():
    row = {"district_adcode": "1", "division": "C17", "founded": 2010, "revenue_10k": 5.0}
    table = pd.DataFrame(
        [
            {**row, "account_id": "A2"},
            {**row, "account_id": "A1"},
            {**row, "founded": 2011, "account_id": "A3"},
        ]
    )
    assert one_row_per_firm(table)["account_id"].tolist() == ["A1", "A3"]


def test_chapters_5_and_7_agree_on_who_is_one_firm():
    for case in list_cases():
        firms = prepare_accounts(case.accounts)
        assert not firms.duplicated(list(ONE_FIRM)).any()
        assert len(firms) < len(case.accounts)
        both = prospect_accounts(case.accounts, load_case(case.name).customers_home)
        known = firms[firms["need"] & firms["employees"].notna() & ~firms["customer"]]
        assert set(known["account_id"]) <= set(both["account_id"])
