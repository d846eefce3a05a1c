"""What "Hand in" made is taken as notebooks are, whole or damaged, honest or not; its code is kept with them."""

import hashlib
import json
import zipfile
from dataclasses import replace

import pytest

from playbook.exercises.handing_in import Chapter, Receipt, code_of
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.standing import standings
from playbook.submissions.hand_in import find_hand_ins
from tests.submissions.layouts import EXERCISES, ROSTER, in_folder, in_zip, notebook

FIRST, SECOND = (f"{exercise}.ipynb" for exercise in EXERCISES)
MADE = "2026-11-28T09:18:00+08:00"


def hand_in(name="Li Wei", made=MADE, typed=None, note=""):
    """The files of an honest hand-in of two chapters, and its receipt."""
    books = {
        f"{exercise}.ipynb": notebook(name if typed is None else typed, exercise, note=note)
        for exercise in EXERCISES
    }
    chapters = tuple(
        Chapter(exercise, exercise, file, hashlib.sha256(data).hexdigest(), 2.0, 3.0)
        for exercise, (file, data) in zip(EXERCISES, books.items(), strict=True)
    )
    receipt = Receipt(name, "wuxi", "Wuxi", made, "Asia/Shanghai", chapters)
    receipt = replace(receipt, code=code_of(receipt))
    return books | {"hand-in.json": json.dumps(receipt.as_dict(), ensure_ascii=False).encode()}, receipt


def below(folder, files):
    return {f"{folder}/{name}": data for name, data in files.items()}


def owners(found):
    return {one.source: one.trainee for one in found}


@pytest.mark.parametrize("roster", [None, ROSTER], ids=["no roster", "roster"])
@pytest.mark.parametrize(
    "place",
    ["", "{file}", "{folder}", "{folder} (1)", "my work.zip"],
    ids=["alone", "a zip among others", "unpacked", "unpacked twice", "renamed"],
)
def test_it_is_read_wherever_it_lies_and_filed_under_the_person_it_names(tmp_path, roster, place):
    files, receipt = hand_in()
    place = place.format(file=receipt.file, folder=receipt.file.removesuffix(".zip"))
    if place:
        source = in_folder(below(place, files), tmp_path / "in")
    else:
        source = in_zip(files, tmp_path / receipt.file)
    found = find_hand_ins(source, EXERCISES, roster=roster)
    assert [(one.trainee, one.exercise) for one in found] == [
        ("E1024" if roster else "Li Wei", exercise) for exercise in EXERCISES
    ]
    assert {one.receipts[0].code for one in found} == {receipt.code}
    assert not found.passed
    assert not found.held
    assert not any(one.remarks for one in found)


@pytest.mark.parametrize(
    "place",
    [
        "Li Wei_84321_assignsubmission_file_/{file}",
        "Li Wei_84321_assignsubmission_file_{file}",
        "weili_12345_67890_{file}",
        "B2B - Student Work/Submitted files/Li Wei/Chapter 3/{file}",
        "Chapter 3/Li, Wei(E1024)/Submission attachment(s)/{file}",
        "E1024/{file}",
    ],
)
def test_a_platforms_download_says_whose_it_is(tmp_path, place):
    files, receipt = hand_in("your nickname")
    found = find_hand_ins(
        in_folder(below(place.format(file="hand-in_x_2CCC-2CCC.zip"), files), tmp_path / "in"),
        EXERCISES,
        roster=ROSTER,
    )
    assert {one.trainee for one in found} == {"E1024"}
    assert {one.code for each in found for one in each.receipts} == {receipt.code}


def test_two_people_in_one_folder_are_two(tmp_path):
    files = {}
    for name in ("Li Wei", "Wang Fang"):
        own, receipt = hand_in(name)
        files |= below(receipt.file, own)
    found = find_hand_ins(in_folder(files, tmp_path / "in"), EXERCISES)
    assert sorted((one.trainee, one.exercise) for one in found) == [
        (name, exercise) for name in ("Li Wei", "Wang Fang") for exercise in EXERCISES
    ]


def test_the_later_of_two_counts_and_an_unchanged_chapter_has_both_codes(tmp_path):
    first, early = hand_in()
    second, _late = hand_in(note="changed")
    second[SECOND] = first[SECOND]
    chapters = tuple(
        replace(one, sha256=hashlib.sha256(second[one.file]).hexdigest()) for one in early.chapters
    )
    late = replace(early, made="2026-11-29T09:18:00+08:00", chapters=chapters)
    late = replace(late, code=code_of(late))
    second["hand-in.json"] = json.dumps(late.as_dict()).encode()
    folder = tmp_path / "in"
    folder.mkdir()
    for day, (files, receipt) in enumerate(((first, early), (second, late)), 28):
        with zipfile.ZipFile(folder / receipt.file, "w") as archive:
            for name, data in files.items():
                archive.writestr(zipfile.ZipInfo(name, (2026, 11, day, 9, 18, 0)), data)
    found = find_hand_ins(folder, EXERCISES)
    assert len(found) == 3
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        known = book.record(found.hand_ins)
        rows = [
            (known[one.trainee, one.exercise, one.sha256].id, receipt, one.source)
            for one in found
            for receipt in one.receipts
        ]
        book.keep_receipts(rows)
        book.keep_receipts(rows)
        stands = {one.exercise: one for one in standings(book)}
    assert stands[EXERCISES[0]].codes == (late.code,)
    assert (stands[EXERCISES[0]].number, stands[EXERCISES[0]].attempts) == (2, 2)
    assert stands[EXERCISES[1]].codes == (early.code, late.code)


def test_without_what_it_says_about_itself_its_notebooks_still_count(tmp_path):
    files, receipt = hand_in()
    del files["hand-in.json"]
    found = find_hand_ins(in_folder(below(receipt.file, files), tmp_path / "in"), EXERCISES)
    assert {one.trainee for one in found} == {"Li Wei"}
    assert {one.remarks for one in found} == {
        ("it lies in a hand-in without its hand-in.json: what it says counts",)
    }


def test_a_file_of_the_same_name_with_something_else_in_it_is_only_that(tmp_path):
    _files, receipt = hand_in()
    hostile = {
        f"{receipt.file}/../../{FIRST}": notebook("Wang Fang"),
        f"{receipt.file}/hand-in.json": b"[" * 100_000,
        f"{receipt.file}/run-me.sh": b"rm -rf /",
    }
    found = find_hand_ins(in_folder(hostile, tmp_path / "in"), EXERCISES, roster=ROSTER)
    assert {one.source: one.reason for one in found.passed} == {
        f"{receipt.file}/hand-in.json": (
            "what the hand-in says about itself can't be read: it is nested too deeply"
        ),
        f"{receipt.file}/run-me.sh": "it is no notebook (*.ipynb)",
    }
    [one] = found
    assert one.trainee == "E1024"  # the file's name is Li Wei's
    assert one.others == ("E1025",)
    assert not one.receipts


def test_a_changed_notebook_costs_nothing_and_is_noted(tmp_path):
    files, receipt = hand_in()
    files[FIRST] = notebook("Li Wei", EXERCISES[0], note="changed afterwards")
    found = find_hand_ins(in_folder(below(receipt.file, files), tmp_path / "in"), EXERCISES)
    remarks = {one.exercise: one.remarks for one in found}
    whole = f"hand-in {receipt.code} is not as it was made: its code does not fit what is in it"
    assert remarks == {
        EXERCISES[0]: (whole, f"this notebook was changed after hand-in {receipt.code} was made"),
        EXERCISES[1]: (whole,),
    }
    assert not any(one.problem for one in found)


@pytest.mark.parametrize(
    "lie",
    [{"trainee": "Wang Fang"}, {"made": "2020-01-01T00:00:00Z"}, {"case": "zibo"}],
    ids=lambda lie: next(iter(lie)),
)
def test_what_was_changed_about_it_does_not_fit_its_code(tmp_path, lie):
    files, receipt = hand_in(typed="your name or staff number")
    files["hand-in.json"] = json.dumps({**receipt.as_dict(), **lie}).encode()
    found = find_hand_ins(in_folder(below("E1024", files), tmp_path / "in"), EXERCISES, roster=ROSTER)
    assert {one.trainee for one in found} == {"E1024"}
    assert all("is not as it was made" in one.remarks[0] for one in found)


def test_one_that_names_somebody_else_than_its_notebooks_is_held(tmp_path):
    files, _receipt = hand_in("Wang Fang", typed="Li Wei")
    for number, roster in enumerate((None, ROSTER)):
        source = in_folder(below("work.zip", files), tmp_path / f"in{number}")
        found = find_hand_ins(source, EXERCISES, roster=roster)
        assert not len(found)
        assert [one.candidates for one in found.held] == [
            ("E1024 (Li Wei)", "E1025 (Wang Fang)") if roster else ("Wang Fang", "Li Wei")
        ] * 2
        assert all("agree" in one.why for one in found.held)


def test_somebody_who_is_not_on_the_roster_is_held(tmp_path):
    files, receipt = hand_in("Zhang San")
    found = find_hand_ins(in_folder(below(receipt.file, files), tmp_path / "in"), EXERCISES, roster=ROSTER)
    assert not len(found)
    assert len(found.held) == 2
    assert "the hand-in says 'Zhang San'" in found.held[0].why


def test_a_missing_notebook_and_one_that_was_added_are_noted(tmp_path):
    files, receipt = hand_in()
    files[f"copy of {FIRST}"] = notebook("Li Wei", EXERCISES[0], note="added")
    del files[SECOND]
    found = find_hand_ins(in_folder(below(receipt.file, files), tmp_path / "in"), EXERCISES)
    missing = f"hand-in {receipt.code} names {SECOND}, which is not in it"
    remarks = {one.source.rpartition("/")[2]: one.remarks for one in found}
    assert remarks == {
        FIRST: (missing,),
        f"copy of {FIRST}": (missing, f"hand-in {receipt.code} does not name this notebook"),
    }


def test_one_without_any_notebook_leaves_its_sender_without_a_hand_in(tmp_path):
    files, receipt = hand_in()
    source = in_folder(
        {"E1024/hand-in.json": files["hand-in.json"], f"E1025/{FIRST}": notebook("Wang Fang")},
        tmp_path / "in",
    )
    found = find_hand_ins(source, EXERCISES, roster=ROSTER)
    [one] = found.left
    assert (one.trainee, one.reason) == ("E1024", f"hand-in {receipt.code} holds no notebook")
