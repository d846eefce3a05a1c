"""Masters are read, and what is wrong in one is named with its cell."""

import pytest

from playbook.authoring import find_masters, load_master
from playbook.errors import PlaybookError
from tests.shared.mini import MASTER, write_master


def test_a_master_is_read_whole(mini):
    assert (mini.id, mini.title, mini.minutes, mini.points) == ("99-mini", "Mini", 5, 6.0)
    assert [q.id for q in mini.questions] == ["prospects", "by_section", "density", "enter"]
    first = mini.blocks[0]
    assert first.starter.startswith("# Count")
    assert [w.hint for w in first.wrongs] == ["You counted every account.", "You counted the header too."]


def test_a_left_out_starter_is_the_answer_and_its_check(mini):
    assert mini.blocks[1].starter == 'by_section = ...\ncheck("by_section", by_section)'


def test_judgements_are_recorded_by_default(mini):
    assert [q.feedback for q in mini.questions] == ["full", "full", "full", "recorded"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("kind: number", "kind: numbr", "`kind: numbr` is not one of number"),
        ("points: 2, unit", "points: 1.3, unit", "`points: 1.3` is not a positive multiple of one half"),
        ("title: Prospects, ", "", "lacks 'title'"),
        ("unit: accounts", "units: accounts", "no field 'units'"),
        ("kind: table, key: section", "kind: table", "a table needs `key: column`"),
        (":tags: [arguments]", ":tags: [instructor]", "a function needs a cell tagged `arguments`"),
        ("hint: You counted every account.", "nothing: 1", "a wrong answer without a hint"),
        (
            "hint: You counted the header too.",
            "hint: You counted every account.",
            "two hints of 'prospects' are the same",
        ),
        (":tags: [starter]", ":tags: [startr]", "unknown tag 'startr'"),
        ("id: by_section", "id: prospects", "two questions are called 'prospects'"),
        ("minutes: 5, ", "", "`playbook: {minutes: …}`"),
        ("exercise: 99-mini,", "exercise: 98-mini,", "the master calls itself '98-mini'"),
        ("choices: [C, G, F], ", "", "a choice needs `choices: [...]`"),
        ("atol: 0.001", "atol: 0.001, rtol: 0.1", "give `atol` or `rtol`, not both"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, old, new, words):
    folder = write_master(tmp_path, MASTER.replace(old, new, 1))
    with pytest.raises(PlaybookError) as caught:
        load_master(folder / "99-mini")
    assert words in str(caught.value)
    assert "master.md" in str(caught.value)
    assert caught.value.remedy


def test_a_cell_is_named_by_number(tmp_path):
    folder = write_master(tmp_path, MASTER.replace("kind: number", "kind: numbr"))
    with pytest.raises(PlaybookError, match=r"master\.md cell 5: question 'prospects'"):
        load_master(folder / "99-mini")


def test_one_wrong_answer_is_too_few(tmp_path):
    start = MASTER.index("```{code-cell} ipython3\n---\ntags: [wrong]\nhint: You counted the header too.")
    stop = MASTER.index("## Question 2")
    folder = write_master(tmp_path, MASTER[:start] + MASTER[stop:])
    with pytest.raises(PlaybookError, match="'prospects' has 1 wrong answers"):
        load_master(folder / "99-mini")


def test_masters_are_found_by_the_beginning_of_their_names(tmp_path, mini):
    assert [m.id for m in find_masters(mini.path.parents[1], ["99"])] == ["99-mini"]
    with pytest.raises(PlaybookError, match=r"no exercise '12'[\s\S]*there are: 99-mini"):
        find_masters(mini.path.parents[1], ["12"])
