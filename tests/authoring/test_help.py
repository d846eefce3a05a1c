"""Help cells are read, run alone, and carried by a release."""

import json

import pytest

from playbook.authoring import load_master
from playbook.authoring.help import anchor_of, run_help, seal_help
from playbook.errors import PlaybookError
from playbook.exercises import Sealed
from playbook.exercises.ladder import Help, Table
from tests.shared.mini import MASTER, write_master

HELP = """
```{code-cell} ipython3
---
tags: [help]
step: "Count the rows whose section is **the one you want**: first compare, then sum."
see: what-to-count
---
# Another city, three firms (invented).
import pandas as pd
firms = pd.DataFrame({"firm": ["a", "b & c", "<i>d</i>"], "branch": ["H", "H", "K"], "share": [0.5, 0.25, 1]})
# A comparison gives True or False for each row.
firms["wanted"] = firms["branch"] == "H"
print("wanted:", firms["wanted"].sum())
firms
```
"""
#: Behind the wrong answers of the first question.
BEHIND = "## Question 2"


def with_help(cell=HELP):
    return MASTER.replace(BEHIND, f"{cell.strip()}\n\n{BEHIND}", 1)


def master_of(tmp_path, text=None, page="# Mini\n\n## What to *count*\n\n```\n# no heading\n```\n"):
    folder = write_master(tmp_path, with_help() if text is None else text)
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "99-mini.md").write_text(page, encoding="utf-8")
    return load_master(folder / "99-mini")


def test_a_help_cell_belongs_to_the_question_before_it(tmp_path):
    first, *others = master_of(tmp_path).blocks
    assert first.help.see == "what-to-count"
    assert first.help.step.startswith("Count the rows")
    assert all(block.help is None for block in others)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('step: "Count', 'stop: "Count', "a help cell without `step:`"),
        ("see: what-to-count\n", "", "a help cell without `see:`"),
        (HELP.strip(), HELP + HELP, "a second `help` cell for 'prospects'"),
        (HELP[HELP.index("# Another") :], "```\n", "a help cell without a solution"),
    ],
)
def test_a_help_cell_that_lacks_something_is_named_with_its_cell(tmp_path, old, new, words):
    with pytest.raises(PlaybookError) as raised:
        master_of(tmp_path, with_help().replace(old, new, 1))
    assert words in str(raised.value)
    assert "cell 9" in str(raised.value) or "cell 10" in str(raised.value)


def test_a_help_cell_without_a_question_has_no_place(tmp_path):
    with pytest.raises(PlaybookError, match="a `help` cell without a solution before it"):
        master_of(tmp_path, MASTER.replace("## Question 1", f"{HELP}\n## Question 1", 1))


def test_a_result_is_recorded_as_a_notebook_shows_it(tmp_path):
    shown = seal_help(master_of(tmp_path))["prospects"]
    assert shown.heading == "What to count"
    assert shown.text == "wanted: 2"
    assert shown.table == Table(
        ("", "firm", "branch", "share", "wanted"),
        (
            ("0", "a", "H", "0.50", "True"),
            ("1", "b & c", "H", "0.25", "True"),
            ("2", "<i>d</i>", "K", "1.00", "False"),
        ),
    )
    assert Help.from_dict(json.loads(json.dumps(shown.as_dict()))) == shown


@pytest.mark.parametrize(
    ("last", "text", "table"),
    [
        ("firms['share'].mean().round(3)", "wanted: 2\n0.583", None),
        ("'two firms'", "wanted: 2\ntwo firms", None),
        ("x = 3", "wanted: 2", None),
        (
            "firms.groupby('branch').size()",
            "wanted: 2",
            Table(("branch", ""), (("H", "2"), ("K", "1"))),
        ),
    ],
)
def test_numbers_texts_columns_and_what_is_printed_are_shown(tmp_path, last, text, table):
    source = with_help().replace("\nfirms\n```", f"\n{last}\n```")
    shown = seal_help(master_of(tmp_path, source))["prospects"]
    assert (shown.text, shown.table) == (text, table)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("len(case.accounts)", "NameError: name 'case' is not defined"),
        ("x = 3", "the help cell shows nothing"),
        ("x = (", "SyntaxError"),
        ("import pandas as pd\npd.DataFrame({'a': range(21)})", "shows a table of 21 rows"),
    ],
)
def test_what_cannot_be_shown_is_named(tmp_path, code, words):
    head = HELP[: HELP.index("# Another")]
    master = master_of(tmp_path, with_help(f"{head}{code}\n```\n"))
    with pytest.raises(PlaybookError) as raised:
        run_help(master.blocks[0].help, "master.md cell 9")
    assert words in str(raised.value)
    assert "master.md cell 9" in str(raised.value)


def test_a_release_carries_help_beside_the_seals(tmp_path, jinhua):
    from playbook.authoring.release import seal_questions, seal_text

    master = master_of(tmp_path)
    (tmp_path / "_config.yml").write_text("html: {baseurl: 'https://course.example/a'}\n", encoding="utf-8")
    text = seal_text(master, jinhua, "test", seal_questions(master.path, jinhua.name))
    first, *others = [Sealed.from_dict(one) for one in json.loads(text)["questions"]]
    assert first.help.code.splitlines()[0] == "# Another city, three firms (invented)."
    assert first.help.site == "https://course.example/a/"
    assert all(one.help is None for one in others)


@pytest.mark.parametrize(
    "title",
    ["What Jinhua has more of", "1 · Über Ölpreise, «so»!", "Where growth came from?", "A 2nd -- one-"],
)
def test_anchors_are_those_of_the_built_page(title):
    from docutils.nodes import make_id

    assert anchor_of(title) == make_id(title)
