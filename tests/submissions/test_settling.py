"""Which exercise a file answers, and what a map settles: by file, and by nothing else."""

from dataclasses import replace

import pytest

from playbook.cases.roster import Roster
from playbook.desk.exports.hand_in_map import map_csv
from playbook.errors import PlaybookError
from playbook.submissions.hand_in import Settled, find_hand_ins
from playbook.submissions.settling import COLUMNS, map_rows, read_map
from tests.submissions.layouts import EXERCISES, ROSTER, in_folder, notebook, owners, why

NAME = f"{EXERCISES[0]}.ipynb"
NOBODY = "your name or staff number"


# Exercises


def test_a_file_that_is_called_as_another_exercise_is_not_taken_for_either(find, tmp_path):
    made = in_folder({f"a/{NAME}": notebook("A", EXERCISES[1])}, tmp_path / "in")
    [one] = find_hand_ins(made, EXERCISES)
    assert (one.exercise, one.problem) == (
        EXERCISES[0],
        f"the file is called {EXERCISES[0]}, the notebook is {EXERCISES[1]}",
    )


@pytest.mark.parametrize("name", ["05-11-2026 mine.ipynb", "05 Nov hand-in.ipynb", "mine.ipynb"])
def test_a_date_in_a_files_name_is_no_exercise(tmp_path, name):
    [one] = find_hand_ins(in_folder({f"a/{name}": notebook("A")}, tmp_path / "in"), EXERCISES)
    assert (one.exercise, one.problem) == (EXERCISES[0], "")


@pytest.mark.parametrize(
    ("names", "problem"),
    [({"hhi", "lq"}, ""), ({"lq"}, f"none of the questions of {EXERCISES[0]} is in this notebook"), ((), "")],
)
def test_a_notebook_without_any_of_the_questions_is_told(tmp_path, names, problem):
    made = in_folder({f"a/{NAME}": notebook("A")}, tmp_path / "in")
    [one] = find_hand_ins(made, {EXERCISES[0]: names})
    assert one.problem == problem


def test_a_date_in_the_future_is_told(find, tmp_path):
    import os

    find({f"Li Wei/{NAME}": "Li Wei"})
    os.utime(tmp_path / "in" / "Li Wei" / NAME, (4e9, 4e9))
    [one] = find_hand_ins(tmp_path / "in", EXERCISES, roster=ROSTER)
    assert one.remarks[0].startswith("its file is dated in the future: 2096-10-02")


# The map


def written(found, path):
    lines = [",".join(COLUMNS), *(",".join(f'"{row[name]}"' for name in COLUMNS) for row in map_rows(found))]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_the_map_settles_what_was_held(find, tmp_path):
    files = {
        f"homework/{NAME}": NOBODY,
        f"junk/{NAME}": NOBODY,
        f"Li Wei/{NAME}": NOBODY,
        f"Li Wei/x/{NAME}": "2031",
    }
    found = find(files)
    path = written(found, tmp_path / "map.csv")
    text = path.read_text(encoding="utf-8")
    assert [line.split(",")[0] for line in text.splitlines()[1:3]] == [f'"homework/{NAME}"', f'"junk/{NAME}"']
    text = text.replace(f'"homework/{NAME}",""', f'"homework/{NAME}","wang fang"')
    text = text.replace(f'"junk/{NAME}",""', f'"junk/{NAME}","-"')
    path.write_text(text, encoding="gbk")
    again = find(files, settled=read_map(path, ROSTER, EXERCISES))
    assert owners(again) == {**owners(found), f"homework/{NAME}": "E1025"}
    assert not again.held
    assert [(one.source, one.reason, one.left) for one in again.passed] == [
        (f"junk/{NAME}", "left out by the map", False)
    ]


def test_the_map_settles_the_exercise_too(tmp_path):
    made = in_folder({f"a/{NAME}": notebook("A", EXERCISES[1])}, tmp_path / "in")
    (tmp_path / "map.csv").write_text(f"file,trainee,exercise\na/{NAME},,05\n")
    [one] = find_hand_ins(made, EXERCISES, settled=read_map(tmp_path / "map.csv", Roster(), EXERCISES))
    assert (one.exercise, one.problem, one.trainee) == (EXERCISES[1], "", "a")


def test_a_map_as_it_was_written_changes_nothing(find, tmp_path):
    """Neither what is refused because its name is another exercise's, nor whose anything is."""
    files = {f"Li Wei/{NAME}": "Li Wei", f" {NAME}": NOBODY, f"x/{NAME}": NOBODY}
    find(files)
    for path in (f"Wang Fang/{NAME}", f"y/{NAME}"):
        in_folder({path: notebook(NOBODY, EXERCISES[1], note=path)}, tmp_path / "in")

    def all_of(settled):
        found = find_hand_ins(tmp_path / "in", EXERCISES, roster=ROSTER, settled=settled)
        return [(one.source, one.trainee, one.exercise, one.problem) for one in found], why(found), found

    first = all_of(None)
    assert sum(bool(problem) for *_hand_in, problem in first[0]) == 1
    path = written(first[2], tmp_path / "map.csv")
    settled = read_map(path, ROSTER, EXERCISES)
    assert all_of(settled)[:2] == first[:2]
    path.write_text(path.read_text().replace(f'"y/{NAME}",""', f'"y/{NAME}","E1026"'))
    [other] = [row for row in all_of(read_map(path, ROSTER, EXERCISES))[0] if row[1] == "E1026"]
    assert other[3].startswith("the file is called 03-entry-industries, the notebook is 05")


@pytest.mark.parametrize("name", [f" {NAME}", f"\u3000{NAME}", f" ={NAME}", f"'{NAME}", f"-{NAME}"])
def test_the_map_finds_a_file_whose_name_begins_with_what_tables_do_not_keep(find, tmp_path, name):
    path = tmp_path / "map.csv"
    path.write_text("".join(map_csv(find({name: NOBODY}))))
    path.write_text(path.read_text().replace(f'{name}",""', f'{name}","E1025"'))
    assert owners(find({name: NOBODY}, settled=read_map(path, ROSTER, EXERCISES))) == {name: "E1025"}


def test_a_map_that_says_something_else_than_all_the_rest_is_noted(find):
    [one] = find({f"Li Wei/{NAME}": NOBODY}, settled={f"Li Wei/{NAME}": Settled("Wang Fang")})
    assert one.trainee == "E1025"
    assert one.remarks == ("the map says that it is from E1025; all else says, from E1024",)
    [same] = find({f"Li Wei/{NAME}": NOBODY}, settled={f"Li Wei/{NAME}": Settled("Li Wei")})
    assert not same.remarks


@pytest.mark.parametrize("other", ["E1025,", "-,", ",", "E1024,05"])
def test_a_map_that_says_two_things_of_one_file_is_told(tmp_path, other):
    (tmp_path / "map.csv").write_text(f"file,trainee,exercise\nx.ipynb,E1024,03\nx.ipynb,{other}\n")
    with pytest.raises(PlaybookError) as caught:
        read_map(tmp_path / "map.csv", ROSTER, EXERCISES)
    assert str(caught.value).endswith(
        "row 3: the file 'x.ipynb' stands twice, and the two rows do not say the same\n"
        "What to do: keep one of the rows; where two files are called so, rename one and write the map again"
    )


def test_what_a_map_settles_and_is_not_here_is_told(tmp_path):
    made = in_folder({f"a/{NAME}": notebook("A")}, tmp_path / "in")
    (tmp_path / "map.csv").write_text(f"file,trainee\nb/{NAME},b\n")
    found = find_hand_ins(made, EXERCISES, settled=read_map(tmp_path / "map.csv", Roster(), EXERCISES))
    assert found.remarks == (f"the map names 1 files that are not here, such as b/{NAME}",)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (f"a/{NAME},Zhang San,", "row 2: 'Zhang San' is not on the roster"),
        (f"a/{NAME},2031,77", "row 2: there is no exercise '77'"),
    ],
)
def test_what_a_map_cannot_mean_is_told_by_row(tmp_path, row, words):
    (tmp_path / "map.csv").write_text(f"file,trainee,exercise\n{row}\n")
    with pytest.raises(PlaybookError) as caught:
        read_map(tmp_path / "map.csv", ROSTER, EXERCISES)
    assert words in str(caught.value)
    assert "What to do:" in str(caught.value)


def test_a_map_that_is_none_is_told(tmp_path):
    (tmp_path / "map.csv").write_text("who,what\n")
    with pytest.raises(PlaybookError, match="no column `file`"):
        read_map(tmp_path / "map.csv", ROSTER, EXERCISES)
    with pytest.raises(PlaybookError, match="--dry-run --map FILE"):
        read_map(tmp_path / "none.csv", ROSTER, EXERCISES)


def test_facts_that_an_older_kit_kept_are_looked_at_anew(tmp_path):
    made = in_folder({f"a/{NAME}": notebook("A")}, tmp_path / "in")
    [one] = find_hand_ins(made, EXERCISES)
    old = replace(one.facts, names=None, name="")
    [again] = find_hand_ins(made, EXERCISES, lambda sha256: old)
    assert again.facts == one.facts
