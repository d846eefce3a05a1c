"""What a trainee reads beside an error: the mistakes that a spreadsheet user makes, and what helps."""

import re

import nbformat.v4 as v4
import pandas as pd
import pytest
from nbclient import NotebookClient

from playbook.errors import PlaybookError
from playbook.exercises.advice import advise
from tests.exercises.test_plain import Refuses


def names():
    accounts = pd.DataFrame(
        {
            "district": ["Yiwu", "Yongkang"],
            "section": ["C", "F"],
            "employees": [3, 8],
            "revenue_10k": [1.5, 2],
        }
    )
    return {
        "pd": pd,
        "accounts": accounts,
        "district": "Yiwu",
        "case": object(),
        "prospects": ...,
        "unfinished": accounts.assign(share=...),
        "PlaybookError": PlaybookError,
    }


def advice(source):
    """What is said of a cell that stops."""
    space = names()
    try:
        exec(compile(source, "<cell>", "exec"), space)
    except Exception as error:
        return advise(error, source, space)
    raise AssertionError(f"this cell does not stop: {source}")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("n = len(accounts) / ...", "in the line `n = len(accounts) / ...`"),
        ("n = ...\nm = n + 1", "in the line `n = ...`"),
        ("n = ...\nm = ...\nn + m", "in the lines `n = ...` and `m = ...`"),
        ("share = prospects / 3", "behind `prospects`, further up"),
        ("x = unfinished['share'] * 2", "in the column 'share' of `unfinished`, further up"),
        ("accounts.groupby('...')", "three dots"),
        ("prospects['x']", "three dots"),
    ],
)
def test_dots_that_still_stand_are_found(source, words):
    assert words in advice(source)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("accounts['District']", "Do you mean 'district'?"),
        ("accounts['revenue']", "Do you mean 'revenue_10k'?"),
        ("accounts.groupby('section')['Employees'].mean()", "Do you mean 'employees'?"),
        (
            "accounts[district]",
            "`district` without quotes stands for 'Yiwu'. The column is called `\"district\"`",
        ),
        ("accounts['column']", "stand-in"),
        ("accounts['a']", "stand-in"),
        ("accounts['section', 'employees']", '`[["section", "employees"]]`'),
        ("accounts[['section', 'size']]", "'size'"),
        ("accounts.set_index('district').loc['case.city']", "no quotes"),
        ("accounts['xyz']", "The columns of `accounts`: 'district', 'section'"),
        ("{}['Yiwu']", "typing error"),
    ],
)
def test_a_column_that_is_not_there(source, words):
    assert words in advice(source)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("acounts", "Do you mean `accounts`?"),
        ("Len(accounts)", "Do you mean `len`?"),
        ("accounts.sort_values('employees', ascending=false)", "Write `False`"),
        ("SUMSQ(accounts['employees'])", "function of spreadsheets"),
        ("accounts.groupby('section')[employees].mean()", 'needs quotes: `"employees"`'),
        ("accounts.merge(accounts, on='section', how=left)", '`how="left"`'),
        ("table.head()", "stand-in"),
        ("# mine = accounts.head()\nx = mine", "Write that line without the `#`"),
        ("x = C", 'put it in quotes: `"C"`'),
        ("rungs.min()", "run that cell first"),
    ],
)
def test_a_name_that_is_not_there(source, words):
    assert words in advice(source)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("n = len(accounts[accounts['district'] == district]", "never closed"),
        ("n = len(accounts))", "One closing bracket too many"),
        ("n = len(accounts]", "another kind"),
        ("if True:\n        n = 1\n    n = 2", "begin at the same place"),
        ("n = accounts['district]", "second quote"),
        ("n = accounts[accounts['district'] = district]", "type two: `==`"),
        ("n = accounts.assign('a'=1)", "a name without quotes"),
        ("n = accounts[accounts['district'] == “Yiwu”]", 'type the plain one: `"`'),
        ("n = len（accounts)", "type the plain one: `(`"),
        ("n = accounts.merge(accounts， on='section')", "type the plain one: `,`"),
        ("n = 3 €", "means nothing here"),
        ("n = 1,002", "without a comma"),
        ("n = accounts[accounts['employees'] >= 3%]", "per cent"),
        ("n = B2/B$20", "no cell addresses"),
        ("n = = 3", "One `=` too many"),
        ("def f(a):\n    return = a", "One `=` too many"),
        ("n = ... 281", "Delete the dots"),
        ("n = 281 ...", "Delete them"),
        ("n = # accounts", "Delete the `#`"),
        ("n =", "Nothing stands behind the `=`"),
        ("n = accounts\n.head()", "begins with a dot"),
        ("  n = 3", "begins with spaces"),
        ("def f(a):\nreturn a", "four spaces"),
        ("n = (accounts['employees'] ** 2.sum())", "Put brackets round"),
        ("n = accounts.merge(accounts on='section')", "Something is missing between two parts"),
        ("n = accounts then head", "sign by sign"),
    ],
)
def test_a_line_that_cannot_be_read(source, words):
    assert words in advice(source)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("accounts(3)", "Square ones pick from it"),
        ("len[accounts]", "round brackets"),
        ("3 / accounts", "You calculate with text"),
        ("'reps' / 'need'", "You calculate with text"),
        ("(accounts['revenue_10k'] ^ 2)", "`** 2`"),
        ("accounts['employees'].sort_values('employees', ascending=False)", "without naming it"),
        ("accounts.sort_values('employees', descending=True)", "`ascending=False`"),
        ("accounts.head(rows=3)", "no setting called `rows`"),
        ("accounts.sort_values('employees', ascending='False')", "without quotes"),
        ("accounts.groupby('section').rename('n')", "`.size()`"),
        ("accounts['employees'].SUM()", "Do you mean `.sum`?"),
        ("2 .sum()", "Put brackets round"),
        ("accounts['employees'].xyzzy()", "does not know `.xyzzy`"),
        ("1 / 0", "divide by zero"),
        (
            "raise PlaybookError('there is no such section', remedy='use a letter')",
            "What to do: use a letter.",
        ),
        ("accounts.merge(accounts.assign(section=1), on='section')", "Keep codes as text"),
        ("raise RuntimeError('?')", "Nothing is broken"),
    ],
)
def test_values_that_do_not_go_together(source, words):
    assert words in advice(source)


def test_it_never_fails_whatever_a_notebook_holds():
    class Rude(Exception):
        def __str__(self):
            raise ValueError

    assert "Nothing is broken" in advise(Rude(), "x", {})
    assert advise(NameError("x", name="x"), "%magic", {"a": Refuses(), "b": pd.DataFrame()})
    assert advise(KeyboardInterrupt(), "x", {}) == ""


@pytest.mark.slow
def test_a_notebook_shows_the_advice_and_the_warning_of_typed_answers(sealed_folder, right_prospects):
    cells = [
        'from playbook import open_case, open_exercise\ncase = open_case()\ncheck = open_exercise("99-mini")',
        "share = 1 / ...",
        f'prospects = {right_prospects}\ncheck("prospects", prospects)',
        'prospects = case.accounts["section"].eq("C").sum()\ncheck("prospects", prospects)',
    ]
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source) for source in cells])
    NotebookClient(notebook, allow_errors=True, extra_arguments=["--log-level=ERROR"]).execute()
    said = [re.sub(r"\s+", " ", str(cell.outputs)) for cell in notebook.cells]
    assert "In plain words: The three dots `...` still stand" in said[1]
    assert "you typed it in" in said[2]
    assert "Right" in said[3]
    assert "you typed it in" not in said[3]


@pytest.fixture
def right_prospects(jinhua):
    return int((jinhua.accounts["section"] == "C").sum())
