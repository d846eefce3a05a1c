"""An answer that is typed in is told from one that is worked out, however it came about."""

import pytest

from playbook.exercises.typed import is_typed_in

#: What a notebook has run before.
BEFORE = """
import pandas as pd
from playbook import open_case
from playbook.market import herfindahl
case = open_case("Li Wei")
accounts = case.accounts
table, district = accounts, "Haishu"
"""

TYPED = [
    "x = 361",
    "x = 281 / 3090",
    "x: int = 361",
    "x, other = 361, 2",
    "a = b = 19\nx = a * b",
    "n = 361\nx = n",
    "x = int(value) if False else 361",
    "if True:\n    x = 361",
    "x = len(accounts)\nx = 361",
    'x = pd.Series({"C": 0.3, "F": -0.2})',
    "x = dict(C=0.3, F=0.2)",
    'x = sorted(["C", "F"])',
    'x = "C F K".split()',
    "x = float('0.31')",
    'x = [letter for letter in ["C", "F"]]',
    "x = []\nx.append('A1')",
    "x = {'C'}\nx |= {'F'}",
    "x = 360\nx += 1",
    "x = 0\nfor i in range(361):\n    x += 1",
    "for x in [361]:\n    pass",
    "x = (y := 361)",
    "def mine():\n    return 361\nx = mine()",
    "rule = lambda: 361\nx = rule()",
    "x = herfindahl(pd.Series([12.0, 3.0]))",
    "import numpy as np\nx = np.array([1, 2]).sum()",
    "%matplotlib inline\nx = 361",
    "try:\n    x = 361\nexcept Exception:\n    x = 360",
    "with pd.option_context('display.width', 80):\n    x = 361",
    "x = max(3, 4) if 3 > 2 else 5",
]

WORKED_OUT = [
    "x = len(accounts)",
    "x = 361\nx = len(accounts)",
    "x = table['need'].mean() * 100",
    "x = 0\nfor d in accounts['district']:\n    if d == district:\n        x += 1",
    "n = 0\nfor d in accounts['district']:\n    n += 1\nx = n",
    "x = []\nfor i in range(5):\n    x.append(table['account_id'].iloc[i])",
    "x = set()\nfor s in table['section'].head(3):\n    x.add(s)",
    "x = {}\nfor name, group in accounts.groupby('section'):\n    x[name] = group['employees'].mean()",
    "x = [0]\nx[0] = len(accounts)",
    "x = [0, 0]\nfor d in accounts['district']:\n    x[0] += 1",
    "x = 0\nwhile x < len(accounts):\n    x += 1",
    "x = 0\nwhile True:\n    if accounts['employees'].iloc[x] > 3:\n        break\n    x += 1",
    "x = 0\nfor i in range(len(accounts)):\n    x = x + 1",
    "x = 'management'\nif accounts['need'].mean() > 0.3:\n    x = 'sales'",
    "x = 'a' if len(accounts) > 3 else 'b'",
    "x = sum(1 for d in accounts['district'] if d == district)",
    "x = [i for i in range(5) if accounts['employees'].iloc[i] > 3]",
    "n = 3\nx = accounts.head(n)['account_id'].tolist()",
    "def mine(t):\n    return len(t)\nx = mine(accounts)",
    "def mine():\n    return len(accounts)\nx = mine()",
    "def mine():\n    for d in accounts['district']:\n        return 1\nx = mine()",
    "n = 0\ndef mine(row):\n    global n\n    n += 1\naccounts.apply(mine, axis=1)\nx = n",
    "def x(have, need):\n    return have / need",
    "x = lambda have, need: have / need",
    "x = pd.read_csv('mine.csv')['a'].sum()",
    "x = Out[3]",
    "x = _",
    "with open('mine.txt') as file:\n    x = file.read()",
    "try:\n    x = len(accounts)\nexcept Exception:\n    x = 3",
    "match len(accounts):\n    case 3:\n        x = 1",
    "y = 361",
    "",
    "x = (",
    "x = 1\ndel x",
]


@pytest.mark.parametrize("cell", TYPED)
def test_constants_are_typed_in_however_they_travel(cell):
    assert is_typed_in([BEFORE, cell], "x")
    assert is_typed_in([BEFORE, *cell.split("\n")], "x") or "\n " in cell


@pytest.mark.parametrize("cell", WORKED_OUT)
def test_what_hangs_on_the_case_is_worked_out_also_in_loops(cell):
    assert not is_typed_in([BEFORE, cell], "x")


def test_a_constant_from_an_earlier_cell_is_typed_in_all_the_same():
    assert is_typed_in([BEFORE, "n = 361", "m = n", "x = m"], "x")
    assert not is_typed_in([BEFORE, "n = 361", "n = len(accounts)", "x = n"], "x")


@pytest.mark.slow
@pytest.mark.parametrize(
    "cell",
    [
        "".join(f"{' ' * i}for a{i} in range(2):\n" for i in range(19)) + " " * 19 + "x = 361",
        "x = " + "(" * 90 + "361" + ")" * 90,
        "x = " + "+".join(["1"] * 5_000),
        "\n".join(f"a{i} = {i}\nif a{i}:\n    x = 1" for i in range(1_500)),
        "x = 1\n" * 40_000,
    ],
)
def test_what_is_too_much_to_follow_is_not_called_typed_and_stops_nothing(cell):
    assert is_typed_in([cell], "x") in (True, False)
