"""What exercises read of a case is declared beside them, and decides which work on own records."""

import json
import shutil

import pytest

from playbook.authoring.enough import read_needs
from playbook.authoring.master import find_masters, load_master
from playbook.authoring.reads import FILE, IMPORTED, declared, measure, read_reads, stripped
from playbook.authoring.solve import run_master
from playbook.authoring.works import which_work
from playbook.cases import SCHEMA, read_case
from playbook.cases.case import find_case
from playbook.errors import PlaybookError
from tests.shared.mini import MASTER, write_master


@pytest.fixture(scope="module")
def masters(root):
    return find_masters(root / "exercises")


def test_every_exercise_declares_what_it_reads_with_columns_where_exports_fill_them(masters):
    for master in masters:
        for table, columns in read_reads(master).items():
            assert SCHEMA[table].home == "case"
            assert bool(columns) == (table in IMPORTED), f"{master.id}: {table}"


def test_an_exercise_that_declares_nothing_or_what_no_case_has_is_told(masters, tmp_path):
    folder = tmp_path / masters[0].id
    shutil.copytree(masters[0].path.parent, folder)
    [copy] = find_masters(tmp_path)
    (folder / FILE).unlink()
    with pytest.raises(PlaybookError, match="what the exercise reads is not declared") as caught:
        read_reads(copy)
    assert caught.value.remedy == "measure it: python -m playbook.authoring.reads 00"
    for text, strange in (("nothing: []", "nothing"), ("accounts: [colour]", "colour")):
        (folder / FILE).write_text(text, encoding="utf-8")
        with pytest.raises(PlaybookError, match=f"no case has '{strange}'") as caught:
            read_reads(copy)
        assert caught.value.remedy == "name tables and columns of the schema"


@pytest.mark.slow
def test_what_is_read_in_a_way_that_is_not_seen_is_declared_by_hand(tmp_path):
    """Either of two columns will do, and which are there is never asked of the table by name."""
    text = MASTER.replace(
        'prospects = int((accounts["section"] == "C").sum())\n',
        'prospects = 7 if {"founded", "lat"} & {*accounts.columns} else 1\n',
        1,
    )
    assert text != MASTER
    master = load_master(write_master(tmp_path, text) / "99-mini")
    with pytest.raises(PlaybookError, match="without the columns that it does not read") as caught:
        measure(master)
    assert caught.value.remedy == "add to reads.yaml by hand what it reads"


def test_what_is_measured_is_read_again(masters, tmp_path):
    folder = tmp_path / masters[0].id
    shutil.copytree(masters[0].path.parent, folder)
    [copy] = find_masters(tmp_path)
    found = {"accounts": ["account_id", "section"], "densities": []}
    (folder / FILE).write_text(declared(found, copy), encoding="utf-8")
    assert read_reads(copy) == {"accounts": ("account_id", "section"), "densities": ()}


def test_an_exercise_works_where_all_that_it_reads_is_there(masters):
    first, second = masters[:2]
    whole = find_case("wuxi")
    kept = read_reads(first)
    with stripped(whole.folder, kept) as folder:
        record = json.loads((folder / "case.json").read_text("utf-8"))
        record["lacks"]["accounts"]["cells"] = ["employees", "need"]
        (folder / "case.json").write_text(json.dumps(record), encoding="utf-8")
        one, other = which_work(read_case(folder), [first, second])
    assert one.works
    assert one.words() == "works; cells are empty in accounts.employees"
    assert not other.works
    assert other.words() == "does not work: there is no densities, launch_panel"
    with stripped(whole.folder, {"accounts": [c for c in kept["accounts"] if c != "section"]}) as folder:
        [one] = which_work(read_case(folder), [first])
    assert one.words() == "does not work: there is no accounts.section"
    assert all(one.words() == "works" for one in which_work(whole, masters))


@pytest.mark.slow
def test_with_what_it_declares_alone_an_exercise_answers_the_same(masters):
    whole = find_case("wuxi")
    expected = run_master(masters[0], whole, wrong=False).expected
    with stripped(whole.folder, read_reads(masters[0])) as folder:
        assert run_master(masters[0], read_case(folder), wrong=False).expected == expected


def _of_deals(tmp_path, counts):
    """Own records with so many decided deals by section, and as many open ones."""
    import pandas as pd

    whole = find_case("jiaxing").folder
    kept = {name: list(SCHEMA[name].names) if name in IMPORTED else [] for name in IMPORTED}
    with stripped(whole, kept) as folder:
        shutil.copytree(folder, tmp_path / "own")
    deals = pd.read_csv(tmp_path / "own" / "opportunities.csv", dtype=str, keep_default_na=False)
    accounts = pd.read_csv(tmp_path / "own" / "accounts.csv", dtype=str, keep_default_na=False)
    sections = deals["account_id"].map(accounts.set_index("account_id")["section"])
    decided = deals["status"] != "open"
    place = decided.groupby(sections).cumsum()
    few = deals[(~decided & (sections == "C")) | (decided & (place <= sections.map(counts).fillna(0)))]
    few.to_csv(tmp_path / "own" / "opportunities.csv", index=False)
    return read_case(tmp_path / "own")


def test_too_few_deals_for_chapter_3_are_told_with_the_number_that_is_needed(masters, tmp_path):
    """Once its line in the coverage was an IndexError of Python's."""
    case = _of_deals(tmp_path, {"C": 60, "F": 53, "E": 22})
    [chapter] = [one for one in masters if one.id.startswith("03")]
    assert which_work(case, [chapter], run=True)[0].words() == (
        "does not work: it needs 3 sections of industry with 50 decided deals or more each; the most of those with 1% of "
        "the city's workers or more are 60, 53 and 22, and it needs a section of industry with 80 decided deals or more; "
        "the most of those with 3% of the city's workers or more are 60"
    )
    assert not which_work(case, [chapter])[0].works  # told before anything is run, and so by the grader too


@pytest.mark.parametrize(
    ("line", "what", "remedy"),
    [
        ("- {count: visits, sections: 1, least: 3}", "nobody counts 'visits'", "name one of decided deals"),
        ("- {tally: 3}", "what the exercise needs can't be read", "write lines as - {count: decided deals"),
    ],
)
def test_a_need_that_nobody_counts_is_told(masters, tmp_path, line, what, remedy):
    shutil.copytree(masters[3].path.parent, tmp_path / masters[3].id)
    (tmp_path / masters[3].id / "needs.yaml").write_text(line, encoding="utf-8")
    [copy] = find_masters(tmp_path)
    with pytest.raises(PlaybookError, match=what) as caught:
        read_needs(copy)
    assert caught.value.remedy.startswith(remedy)


def test_a_question_that_has_no_answer_on_own_records_is_named_by_its_title(masters, tmp_path):
    chapter = tmp_path / masters[3].id
    shutil.copytree(masters[3].path.parent, chapter)
    (chapter / "needs.yaml").unlink()
    case = _of_deals(tmp_path, {"C": 60, "F": 53, "E": 22})
    [one] = which_work(case, find_masters(tmp_path), run=True)
    assert one.words() == (
        "does not work: the records are too few or too alike for it (question 7, “The section to enter first”, has no "
        "answer on them)"
    )
