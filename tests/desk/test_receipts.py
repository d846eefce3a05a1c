"""Did you get my hand-in? A short code finds it, and what became of it."""

import pytest

from playbook.cases.roster import Enrolled, Roster
from playbook.desk.receipts import find_receipt, receipt_lines
from playbook.errors import PlaybookError
from playbook.gradebook.gradebook import Gradebook
from playbook.submissions.hand_in import find_hand_ins
from tests.submissions.layouts import EXERCISES, in_folder
from tests.submissions.test_receipts import below, hand_in


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A gradebook with Li Wei's hand-in, and its receipt."""
    monkeypatch.setenv("PLAYBOOK_TIME_ZONE", "Asia/Shanghai")
    files, receipt = hand_in()
    found = find_hand_ins(in_folder(below(receipt.file, files), tmp_path / "in"), EXERCISES)
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        book.keep_roster(Roster((Enrolled("Li Wei", "Li Wei from Sales"),)))
        known = book.record(found.hand_ins)
        book.keep_receipts(
            (known[one.trainee, one.exercise, one.sha256].id, one.receipts[0], one.source) for one in found
        )
        yield book, receipt


def test_a_code_finds_its_hand_in_however_it_is_written(kept):
    book, receipt = kept
    lines = list(receipt_lines(find_receipt(book, receipt.code.lower().replace("-", " "))))
    assert lines[0] == (
        f"Yes: {receipt.code} is a hand-in of Li Wei (Li Wei from Sales), made 2026-11-28 09:18 (Asia/Shanghai)."
    )
    assert lines[1:] == [
        f"  {exercise} ({receipt.file}/{exercise}.ipynb): not graded: it was not run yet"
        for exercise in EXERCISES
    ]


def test_a_code_that_is_none_is_told_with_its_form(kept):
    with pytest.raises(PlaybookError, match="is no code of a receipt") as error:
        find_receipt(kept[0], "7KQM-3XP0")
    assert "a digit and three letters, twice" in error.value.remedy


def test_a_code_that_nobody_handed_in_is_told_with_what_to_do(kept):
    with pytest.raises(PlaybookError, match="no hand-in with the code 2CCC-2CCC") as error:
        find_receipt(kept[0], "2CCC-2CCC")
    assert "grade its file first" in error.value.remedy
