import ast
import decimal
import itertools
import subprocess
import sys
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest

from playbook.cases import draw_city, open_case
from playbook.cases.draw import TRAINEE_CITIES

EXPECTED = {
    "Li Wei": "nanjing",
    "Zhang Min": "xiangyang",
    "王芳": "nanjing",
    "1024": "changzhou",
    "1025": "jiaxing",
    "Anna O'Brien": "mianyang",
    "chen jie": "jiaxing",
    "R-017": "quanzhou",
    "60231": "changzhou",
    "刘洋": "dalian",
    "Sun Lei": "wuxi",
    "zhao qian": "guiyang",
}


@pytest.mark.parametrize(("trainee", "city"), EXPECTED.items())
def test_the_draw_never_changes(trainee, city):
    assert draw_city(trainee) == city


@pytest.mark.slow
def test_the_draw_is_the_same_in_a_process_with_another_hash_seed():
    code = f"from playbook.cases import draw_city; print([draw_city(n) for n in {list(EXPECTED)!r}])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "7"}
    )
    assert ast.literal_eval(done.stdout) == list(EXPECTED.values())


@pytest.mark.parametrize("same", ["li wei", "  LI   WEI ", "Ｌｉ　Ｗｅｉ", "Li\tWei\n", "Li\u00a0Wei"])
def test_width_case_and_spaces_do_not_matter(same):
    assert draw_city(same) == draw_city("Li Wei")


@pytest.mark.parametrize("number", [1024, "1024", 1024.0, np.int64(1024), np.float64(1024), "１０２４"])
def test_a_staff_number_may_be_a_number(number):
    assert draw_city(number) == draw_city("1024")


def test_the_draw_is_even_and_neighbours_differ():
    drawn = [draw_city(number) for number in range(1200)]
    counts = Counter(drawn)
    assert set(counts) == set(TRAINEE_CITIES)
    assert max(counts.values()) < 140
    assert sum(a == b for a, b in itertools.pairwise(drawn)) < 140


class Hostile:
    def __str__(self):
        raise RuntimeError("no")

    __repr__ = __eq__ = __bool__ = __len__ = __hash__ = __str__


@pytest.mark.parametrize(
    "nothing",
    [
        None, ..., "", "   ", "...", "…", "your name or staff number", "Your Name or  Staff Number", True, False,
        float("nan"), float("inf"), 1.5, Fraction(1, 3), decimal.Decimal(3), b"Li Wei", [], {}, object(), print,
        np.array([1, 2]), Hostile(),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_no_name_opens_the_worked_case_and_says_where_to_type_it(nothing, capsys):
    assert open_case(nothing).name == "jinhua"
    said = capsys.readouterr().out
    assert said.startswith("This is Jinhua (金华市), the worked example.")
    assert 'open_case("Li Wei")' in said


def test_a_name_opens_its_city_and_says_so_in_one_line(capsys):
    assert open_case("Li Wei").name == "nanjing"
    assert capsys.readouterr().out == "Your city is Nanjing (南京市). Everything below uses its figures.\n"


def test_odd_text_still_draws_a_city():
    for text in ("\ud800", "\0", "💼" * 10_000, "李伟", "O'Brien"):
        assert draw_city(text) in TRAINEE_CITIES
