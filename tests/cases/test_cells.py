"""Cells of other people's tables: days, numbers and names."""

import pytest

from playbook.casemaking.cells import day_in, firm_key, number_in


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
