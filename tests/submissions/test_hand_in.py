"""Hand-ins come in many shapes: folders, flat files, a learning platform's zip, and files that are broken."""

import json
import os
import zipfile

import pytest

from playbook.errors import PlaybookError
from playbook.submissions.hand_in import (
    exercise_in_name,
    find_hand_ins,
)
from playbook.submissions.notebook import parse_notebook, typed_name

KNOWN = ["01-three-densities", "03-entry-industries"]


def notebook(source="", **metadata):
    cells = [{"cell_type": "code", "source": source, "metadata": {}, "outputs": []}]
    return json.dumps(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": {"playbook": metadata}, "cells": cells}
    )


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_a_folder_for_each_trainee(tmp_path):
    write(
        tmp_path / "li-wei" / "03-entry-industries.ipynb",
        notebook(exercise="03-entry-industries", release="r"),
    )
    write(tmp_path / "li-wei" / ".ipynb_checkpoints" / "03-entry-industries-checkpoint.ipynb", notebook())
    [one] = find_hand_ins(tmp_path, KNOWN)
    assert (one.trainee, one.exercise, one.release, one.problem) == ("li-wei", "03-entry-industries", "r", "")


@pytest.mark.parametrize(
    ("name", "trainee"),
    [
        ("li-wei_03-entry-industries.ipynb", "li-wei"),
        ("Li Wei_12345_assignsubmission_file_03-entry-industries.ipynb", "Li Wei"),
        ("03-entry-industries_李伟.ipynb", "李伟"),
    ],
)
def test_a_flat_folder_tells_by_file_name(tmp_path, name, trainee):
    write(tmp_path / name, notebook())
    [one] = find_hand_ins(tmp_path, KNOWN)
    assert (one.trainee, one.exercise) == (trainee, "03-entry-industries")


def test_in_a_flat_folder_the_notebooks_own_word_comes_first(tmp_path):
    write(tmp_path / "download (3).ipynb", notebook(exercise="01-three-densities", trainee="E1024"))
    [one] = find_hand_ins(tmp_path, KNOWN)
    assert (one.trainee, one.exercise) == ("E1024", "01-three-densities")


def test_a_trainees_folder_outweighs_what_the_notebook_claims(tmp_path):
    write(
        tmp_path / "zhang" / "03-entry-industries.ipynb",
        notebook(exercise="03-entry-industries", trainee="li-wei"),
    )
    [one] = find_hand_ins(tmp_path, KNOWN)
    assert one.trainee == "zhang"
    assert one.remarks == ("the notebook says 'li-wei', its place 'zhang': its place decides",)


def test_a_zip_of_either(tmp_path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("a/03-entry-industries.ipynb", notebook())
        archive.writestr("../../b/03-entry-industries.ipynb", notebook())
        archive.writestr("__MACOSX/a/._03-entry-industries.ipynb", "x")
    found = find_hand_ins(tmp_path / "all.zip", KNOWN)
    assert [one.trainee for one in found] == ["a", "b"]


def test_each_copy_is_an_attempt_in_the_order_in_which_they_were_saved(tmp_path):
    names = ["03-entry-industries (10).ipynb", "03-entry-industries.ipynb", "03-entry-industries (2).ipynb"]
    for place, name in enumerate(names):
        write(tmp_path / "a" / name, notebook(f"{place}", exercise="03-entry-industries"))
        os.utime(tmp_path / "a" / name, (1_700_000_000, 1_700_000_000))
    found = find_hand_ins(tmp_path, KNOWN)
    assert [one.source.removeprefix("a/03-entry-industries") for one in found] == [
        ".ipynb",
        " (2).ipynb",
        " (10).ipynb",
    ]


def test_the_same_notebook_twice_is_one_attempt(tmp_path):
    for name in ("03-entry-industries.ipynb", "03-entry-industries (1).ipynb"):
        write(tmp_path / "a" / name, notebook())
    assert len(find_hand_ins(tmp_path, KNOWN)) == 1


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "the file is empty"),
        (b"{", "it is not a notebook"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"worksheets": []}', "no list of cells"),
        (b"[]", "no list of cells"),
    ],
)
def test_what_is_no_notebook_is_told_why(data, problem):
    assert problem in parse_notebook(data)[1]


def test_a_notebook_without_an_exercise_says_so(tmp_path):
    write(tmp_path / "a" / "mine.ipynb", notebook())
    assert "which exercise" in find_hand_ins(tmp_path, KNOWN)[0].problem


@pytest.mark.parametrize(
    ("what", "words"),
    [("nowhere", "no such folder"), ("empty", "no notebooks"), ("bad.zip", "can't be read")],
)
def test_nothing_to_read_is_told(tmp_path, what, words):
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad.zip").write_bytes(b"PK nothing")
    with pytest.raises(PlaybookError, match=words):
        find_hand_ins(tmp_path / what, KNOWN)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ('case = open_case("Li Wei")', "Li Wei"),
        ("case = open_case(1024)", "1024"),
        ("open_case(input())", ""),
        ("open_case('", ""),
        (["case = open_case(", '"Li Wei")'], "Li Wei"),
    ],
)
def test_the_typed_name_is_read_from_the_code(source, name):
    assert typed_name({"cells": [{"cell_type": "code", "source": source}]}) == name


@pytest.mark.parametrize(
    ("name", "exercise"),
    [
        ("03 answers", "03-entry-industries"),
        ("03", "03-entry-industries"),
        ("0301", ""),
        ("3 answers", ""),
        ("my 03 answers", ""),
        ("li-wei_01-three-densities", "01-three-densities"),
        ("03 as in 01-three-densities", "01-three-densities"),
    ],
)
def test_a_files_name_names_its_exercise_by_its_id_or_by_the_number_it_begins_with(name, exercise):
    assert exercise_in_name(name, KNOWN) == exercise


def test_of_ids_that_contain_each_other_the_longest_is_meant():
    known = ["03-entry", "03-entry-industries"]
    assert exercise_in_name("li-wei_03-entry-industries (2)", known) == "03-entry-industries"
    assert exercise_in_name("li-wei_03-entry", known) == "03-entry"


def test_a_file_that_changes_meanwhile_is_not_taken_for_what_it_was(tmp_path):
    path = tmp_path / "a" / "03.ipynb"
    write(path, notebook())
    [one] = find_hand_ins(tmp_path, KNOWN)
    assert one.open()[1] == ""
    write(path, notebook("another"))
    assert one.open() == (None, "its file changed while it was being graded; grade it again")
