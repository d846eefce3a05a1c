"""What a trainee reads beside an error: the mistakes that a spreadsheet user makes, and what helps."""

import dataclasses
import re

import nbformat.v4 as v4
import pandas as pd
import pytest
from nbclient import NotebookClient

from playbook.errors import PlaybookError
from playbook.exercises.advice import advise
from playbook.exercises.advice.lines import unreadable_line
from playbook.exercises.advice.stop import Stop
from tests.exercises.test_plain import Refuses


@dataclasses.dataclass
class Runs:
    """A result of several parts that no model of the market makes."""

    value: float
    margin: float


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
        "bench": pd.DataFrame({"person_id": ["P001", "P002"]}),
        "tried": Runs(3.5, 0.78),
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
        ("x = {employee: 1 for employees in accounts['employees']}", "Do you mean `employees`?"),
    ],
)
def test_a_name_that_is_not_there(source, words):
    assert words in advice(source)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("=COUNTIF(accounts, district)", "`COUNTIF` is a function of spreadsheets"),
        ("n = accounts['export'] AND accounts['x']", "Write `and` in small letters"),
        ("def f(a, b)\n    return a", "ends with a colon"),
        ("If 3 > 2:\n    n = 1", "Write `if` in small letters"),
        ("if 3 > 2 then:\n    n = 1", "no `then`"),
        ("if 3 > 2:\n    n = 1\nelse if 1:\n    n = 2", "`elif`"),
        ("n = accounts[accounts['employees'] => 3]", "`>=`"),
        ("n = accounts[accounts['employees'] <> 3]", "`!=`"),
        ("n = accounts[accounts['employees'] === 3]", "Too many equal signs"),
        ("n := 3", "A colon too many"),
        ("n = accounts['a'; 'b']", "not by a semicolon"),
        ("n = 6 ÷ 3", "Type the plain one: `/`"),
        ("n = 6 × 3", "Type the plain one: `*`"),
        ("n = accounts x 3", "type the sign `*`"),
        ("n = accounts.fillna{'a': 0}", "In front of the curly bracket a round one is missing"),
        ("n = accounts.fillna('a': 0)", "stand in curly brackets"),
        ("n = 1 250", "no blanks"),
        ("n = 1.2.3", "one point"),
        ("n = .....", "more than three dots"),
        ("n = 5 firms", "A unit is not typed"),
        ("n = accounts.head 5", "Round brackets are missing round the number"),
        ("n = small firms", 'put quotes round it: `"small firms"`'),
        ("n = 3 +", "stops behind a sign"),
        ("n = 3 + * 2", "Two signs"),
        ("n = accounts->head()", "behind a dot"),
        ("n = accounts..head()", "a dot too many"),
        ("n = if 3 > 2: 'a'", "begins with what comes out"),
        ("n = 'a' if 3 > 2", "says both"),
        ("print 3", "Round brackets are missing"),
        ("return 3", "belongs to a function"),
        ("n = accounts.merge(how='left', accounts)", "come last"),
        ("3 = n", "On the left of `=` stands the name"),
        ("top-five = 3", "On the left of `=` stands the name"),
        ("n = len（accounts）", "The same goes for the other signs of that kind in the line: `）`"),
        ("n =\u3000len(accounts)", "A wide blank"),
    ],
)
def test_what_comes_from_spreadsheets_and_other_keyboards_is_named(source, words):
    assert words in advice(source)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("accounts[accounts['employees'] > 3 and accounts['section'] == 'C']", "`and` is written `&`"),
        ("accounts[accounts['employees'] > 3 or accounts['section'] == 'C']", "`or` is written `|`"),
        ("accounts[not (accounts['section'] == 'C')]", "`not` is written `~`"),
        ("accounts[accounts['employees'] > 3 & accounts['revenue_10k'] > 2]", "round brackets of its own"),
        ("accounts[accounts['section'] == 'C' & accounts['employees'] > 3]", "round brackets of its own"),
        ("max(accounts['employees'], accounts['revenue_10k'])", "`.max(axis=1)`"),
        ("if accounts['employees'] > 3:\n    n = 1", "a single yes or no"),
        ("accounts[accounts['employees'] > 0,5]", "with a point"),
        ("accounts['district' == 'Yiwu']", "It is written twice"),
        ("accounts.groupby('section').mean()", "Say which column to work out"),
        ("accounts['district'].mean()", "You calculate with text"),
        ("accounts['employees'] / accounts['employees'].sum", "Round brackets are missing behind `.sum`"),
        ("accounts.groupby('section').size.rename('n')", "Round brackets are missing behind `size`"),
        ("accounts.groupby('section')['employees'].average()", "Do you mean `.mean`?"),
        ("accounts.groupby('section').mean('employees')", "in square ones before the dot"),
        ("accounts.sort('employees')", "Do you mean `.sort_values`?"),
        ("pd.dataframe({'a': [1]})", "Do you mean `.DataFrame`?"),
        ("DataFrame({'a': [1]})", "`pd.DataFrame(...)`"),
        ("pd.DataFrame({'a': 1})", "put square brackets round it"),
        ("mean(accounts['employees'])", '`accounts["employees"].mean()`'),
        ("x = null", "`pd.isna(...)`"),
        ("x = A2 / B2", "address of a cell"),
        ("accounts[accounts['district'] == Yongkang]", 'put it in quotes: `"Yongkang"`'),
        ("share == 3", "compares and changes nothing"),
        ("accounts['sectionemployees']", '`[["section", "employees"]]`'),
        ("accounts.merge(accounts, on='section', how='Left')", "in small letters, in quotes"),
        ("accounts.merge('accounts', on='section')", "without quotes"),
        ("accounts.sort_values('employees', asending=True)", "Do you mean `ascending`?"),
        ("accounts.fillna({'employees', 0})", "stands a colon"),
        ("len(3)", "counts the rows"),
        ("len()", "stands one thing"),
        ("def year(a, b):\n    return a\nyear()", "write the name alone, without brackets"),
        ("n = 3\nn['a']", "a single number"),
        ("district['a']", "a text or a list"),
        ("accounts[accounts['employees'] >= '3']", "A number has no quotes"),
        ("accounts.head('5')", "without quotes"),
        ("accounts[['employees']].min(axis=3)", "There is no other"),
        ("accounts['employees'].min(axis=1)", "needs a table of several"),
        ("accounts['employees'].sort_values(3, 4, 5)", "sorted without naming it"),
        ("a, b = 1, 2, 3", "not as many names"),
        ("import panda", "Do you mean `pandas`?"),
        ("from playbook.market import industrytable", "Do you mean `industry_table`?"),
        ("accounts.reset_index(names='section')", "has that column already"),
        ("accounts.assign(a=[1, 2, 3])", "not equally long"),
        ("['employees'].mean()", "a list, not a table"),
    ],
)
def test_what_goes_wrong_with_tables_is_named(source, words):
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
        ("n = accounts.merge(accounts on='section')", "Something is missing between `accounts` and `on`"),
        ("n = @accounts", "sign by sign"),
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
        ("accounts['employees'].quantile(20)", "a share, from 0 to 1: twenty of a hundred is `0.20`"),
        ("leader = P017", 'a text stands in quotes: `"P017"`'),
        ("leader = Q017", "address of a cell"),
        ("leader = P17", "address of a cell"),
        ("tried - tried", "by its name, behind a dot: `.value`, `.margin`"),
        (
            "raise PlaybookError('there is no such section', remedy='use a letter')",
            "What to do: use a letter.",
        ),
        (
            "raise PlaybookError('there is no such section.', remedy='Use a letter.')",
            "There is no such section. What to do: Use a letter.",
        ),
        ("accounts.merge(accounts.assign(section=1), on='section')", "Keep codes as text"),
        ("raise RuntimeError('?')", "Nothing is broken"),
    ],
)
def test_values_that_do_not_go_together(source, words):
    assert words in advice(source)
    assert not advice(source).endswith("..")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("x = good & not known", "*not* is written `~`"),
        ("x = good & NOT known", "*not* is written `~`"),
        ('x = "a" if accounts = 3 else "b"', "type two: `==`"),
        ('x = "a" if good AND known else "b"', "Write `and` in small letters"),
        ("x = 7 \\ 2", "`//` divides without the rest"),
        ("x = f(a, budget=30 eligible=1)", "A comma is missing in front of a setting"),
        ("accounts.assign(size=3 * 0,20)", "Write a number with a point"),
        ('accounts["employees"].quantile(0,20)', "Write a number with a point"),
        ('accounts["share"] == 3', '`accounts["share"] == ...` compares'),
        ('accounts.merge(accounts, "section", how="left")', 'a setting, too: `on="section"`'),
        ('"size" * accounts["revenue_10k"]', "You multiply a text"),
        ('accounts["district"] * "size" * 0.5', "a name in quotes is only a word"),
        ('accounts["employees"] + "size"', "You calculate with a text"),
        ("list([1], eligible=3)", "stands in the inner brackets"),
        ("pd.series([1])", "Do you mean `.Series`?"),
    ],
)
def test_slips_of_chapters_five_and_seven_are_named(source, words):
    assert words in advice(source)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("(accounts['employees'] > 0,5).idxmax()", "Write a number with a point"),
        ("if 3 > 0,9:\n    pass", "Write a number with a point"),
        ("accounts['revenue_10k'].mean().idxmax()", "Put brackets round the whole part"),
        ("import math\nmath.ceil(accounts['revenue_10k'])", "Add it up first: `.sum()`"),
    ],
)
def test_slips_of_chapter_nine_are_named(source, words):
    assert words in advice(source)


def test_a_part_of_a_case_is_named_with_the_case(jinhua):
    space = names() | {"case": jinhua}
    with pytest.raises(NameError) as raised:
        exec("panel = launch_panel", space)
    assert "write both, with a dot between, `case.launch_panel`" in advise(
        raised.value, "panel = launch_panel", space
    )


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


def test_columns_behind_loc_without_brackets_of_their_own_are_told_what_stands_where():
    said = advice('accounts.loc[0, "district", "section"]')
    assert said.startswith("Behind `.loc` stand two things: which rows, a comma, which columns.")
    assert "square brackets of their own" in said


def test_a_comma_in_a_condition_behind_loc_is_told_to_be_a_point():
    said = advice('accounts.loc[accounts["revenue_10k"] >= 0,5, "district"] = "far"')
    assert said.startswith("Write a number with a point")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("a = 1，2", "comes from a Chinese keyboard"),
        ("x = 3：", "comes from a Chinese keyboard"),
        ("a = 2b", "A number runs into a word"),
        ("a = 2万", "A number runs into a word"),
    ],
)
def test_a_sign_behind_a_number_is_named_though_python_names_the_number(line, words):
    """Python 3.11.2, which Debian ships, calls it an invalid decimal literal."""
    error = SyntaxError("invalid decimal literal", ("cell", 1, 5, line))
    assert words in unreadable_line(Stop(error, line, {}))
