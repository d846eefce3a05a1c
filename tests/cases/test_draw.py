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
from playbook.errors import PlaybookError

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


@pytest.fixture
def roster(tmp_path, monkeypatch):
    path = tmp_path / "roster.csv"

    def write(text, encoding="utf-8"):
        path.write_text(text, encoding=encoding)
        monkeypatch.setenv("PLAYBOOK_ROSTER", str(path))

    return write


@pytest.mark.parametrize("trainee", ["1024", 1024, "Li Wei", " li  wei"])
def test_the_roster_decides_by_number_or_name(roster, trainee):
    roster("id,name,city\n1024,Li Wei,Zibo\n")
    assert open_case(trainee).name == "zibo"


@pytest.mark.parametrize("city", ["zibo", "370300", "淄博市"])
def test_the_roster_may_name_the_city_in_any_way(roster, city):
    roster(f"trainee,case\nLi Wei,{city}\n", encoding="utf-8-sig")
    assert open_case("Li Wei").name == "zibo"


def test_who_is_not_on_the_roster_gets_the_drawn_city(roster):
    roster("id,name,city\n1024,Li Wei,Zibo\n")
    assert open_case("Zhang Min").name == draw_city("Zhang Min")


@pytest.mark.parametrize("text", ["name,town\nLi Wei,Zibo\n", "who,city\nLi Wei,Zibo\n"])
def test_a_roster_without_its_headings_says_so(roster, text):
    roster(text)
    with pytest.raises(PlaybookError, match="id,name,city"):
        open_case("Li Wei")


def test_a_missing_roster_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("PLAYBOOK_ROSTER", str(tmp_path / "none.csv"))
    with pytest.raises(PlaybookError, match=r"none\.csv"):
        open_case("Li Wei")


def test_a_roster_with_an_unknown_city_names_the_known_ones(roster):
    roster("id,name,city\n1024,Li Wei,Atlantis\n")
    with pytest.raises(PlaybookError, match="Atlantis"):
        open_case("1024")
