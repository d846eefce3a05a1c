"""Help cells are read, run alone, and carried by a release."""

import json

import pytest

from playbook.authoring import load_master, run_master
from playbook.authoring.help import anchor_of, run_help, seal_help
from playbook.authoring.prove_help import prove_help, without_help
from playbook.authoring.solve import seal_run
from playbook.authoring.validate import prove
from playbook.cases import load_case
from playbook.errors import PlaybookError
from playbook.exercises import Sealed
from playbook.exercises.ladder import Help, Table
from tests.shared.mini import MASTER, write_master

pytestmark = pytest.mark.slow

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


# what is proved


def failing_of(master, city="jinhua"):
    """What the help of a master does not prove on a case."""
    run, found = run_master(master, load_case(city)), []
    prove_help(run, seal_run(run, "test"), lambda name, what: found.append(f"{name}: {what}"))
    return found


def changed(old, new):
    assert old in HELP
    return with_help(HELP.replace(old, new, 1))


def test_a_sound_help_cell_proves_itself(tmp_path):
    master = master_of(tmp_path)
    assert failing_of(master) == failing_of(master, "xiamen") == []
    assert without_help(master) == ("by_section", "density", "enter")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("see: what-to-count", "see: what-to-cont", "leads to `what-to-cont`, which is no heading"),
        ("see: what-to-count", "see: what-to-cont", "there are: mini, what-to-count"),
        ("import pandas as pd", "import pandas as pd\nn = len(case.accounts)", "uses `case`"),
        ("import pandas as pd", "import pandas as pd\nfrom playbook import load_case", "uses `load_case`"),
        ("import pandas as pd", "import pandas as pd\nx = pd.read_csv('a.csv')", "uses `read_csv`"),
        ("import pandas as pd", "import pandas as pd\nimport playbook.cases", "uses `playbook.cases`"),
        ("import pandas as pd", "", "does not run alone: NameError: name 'pd' is not defined"),
        ("\nfirms\n", "\nx = (\n", "does not run alone: SyntaxError"),
        ("# Another city", "# Xiamen", "names Xiamen, a trainee's own city, in its code"),
        ("Count the rows", "In XIAMEN, count the rows", "names Xiamen, a trainee's own city, in its step"),
        (
            'firms["wanted"] = firms["branch"] == "H"',
            'firms["wanted"] = firms["branch"] == "H"\naccounts = {"section": firms["branch"]}\n'
            'prospects = int((accounts["section"] == "C").sum())',
            "holds a line of the solution of prospects in its code",
        ),
        (
            "Count the rows",
            "You counted every account. Count the rows",
            "holds a line of the hint of prospects in its step",
        ),
        ("\nfirms\n", "\nANSWER\n", "has the answer of Xiamen: its result"),
        ("\nfirms\n", "\nstr(ANSWER) + ' accounts'\n", ""),
    ],
)
def test_what_a_help_cell_does_not_prove_is_named(tmp_path, old, new, words):
    answer = int((load_case("xiamen").accounts["section"] == "C").sum())
    found = failing_of(master_of(tmp_path, changed(old, new).replace("ANSWER", str(answer))), "xiamen")
    assert any(words in one and one.startswith("prospects: the help in cell 9") for one in found) or not words
    assert bool(found) == bool(words), "a number of few digits may stand in a text by accident"


def test_an_answer_is_found_after_rounding_in_words_code_and_result(tmp_path):
    """One number from four digits on, numbers of a table from five on."""
    text = with_help(changed_number(HELP)).replace(
        'prospects = int((accounts["section"] == "C").sum())\n', "prospects = 1234.5678\n"
    )
    found = failing_of(
        master_of(tmp_path, text.replace("kind: number, points: 2", "kind: number, rtol: 0.01, points: 2"))
    )
    assert {one.partition("holds ")[2] for one in found} == {
        "the answer of Jinhua in its step: 1,235",
        "the answer of Jinhua in its code: 1234.6",
        "the answer of Jinhua in its result: 1234.60",
    }


def changed_number(cell):
    return cell.replace("Count the rows", "About 1,235. Count the rows").replace("0.25, 1]", "0.25, 1234.6]")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (
            "def ratio(part, whole):\n    return part / whole\nratio(1, 4)",
            "has the answer of Jinhua: `ratio`",
        ),
        ("have, need = 1, 4\nhave / need", ""),
    ],
)
def test_a_rule_that_passes_is_the_answer_under_any_name(tmp_path, code, words):
    cell = HELP[: HELP.index("# Another")] + f"{code}\n```\n"
    behind = "## Question 4"
    assert behind in MASTER
    found = failing_of(master_of(tmp_path, MASTER.replace(behind, f"{cell.strip()}\n\n{behind}", 1)))
    assert [words in one for one in found] == [True] * bool(words)


def test_naming_one_of_a_few_choices_gives_nothing_away(tmp_path):
    cell = HELP[: HELP.index("# Another")] + '"C"\n```\n'
    behind = "```{code-cell} ipython3\n:tags: [instructor]"
    text = MASTER.replace(behind, f"{cell.strip()}\n\n{behind}", 1)
    master = master_of(tmp_path, text)
    assert master.blocks[-1].help
    assert failing_of(master) == []


def test_a_question_without_help_fails(tmp_path):
    failing = prove(master_of(tmp_path), "jinhua", mutants=False).failing
    missing = [one.question for one in failing if one.what == "it has no help cell"]
    assert missing == ["by_section", "density", "enter"]
