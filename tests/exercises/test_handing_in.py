"""Hand in, outside the browser: one file of the notebooks in a folder, and its receipt."""

import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from playbook import open_case, open_exercise
from playbook.exercises import handing_in
from playbook.exercises.check import OUTLINE
from playbook.exercises.view import RESULT_MIME

OUTLINE_OF = [
    {
        "exercise": name,
        "title": title,
        "points": 3,
        "questions": [
            {"id": "a", "title": "A", "points": 2, "stretch": False},
            {"id": "b", "title": "B", "points": 1, "stretch": True},
        ],
    }
    for name, title in (("00-first", "First"), ("01-second", "Second"), ("03-third", "Third"))
]


def result(question, outcome, points, case="wuxi", most=2.0):
    said = {"question": question, "outcome": outcome, "points": points, "max_points": most, "case": case}
    return {"output_type": "display_data", "metadata": {}, "data": {RESULT_MIME: said}}


def notebook(exercise, name="Li Wei", results=(), answer="a = ..."):
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [
        {**cell, "source": f'case = open_case("{name}")'},
        {**cell, "source": answer, "metadata": {"playbook": {"question": "a"}}, "outputs": list(results)},
    ]
    metadata = {"playbook": {"exercise": exercise}}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}


@pytest.fixture
def folder(tmp_path, monkeypatch, capsys):
    """A folder of notebooks, with Li Wei's city open."""
    seals = tmp_path / "seals"
    seals.mkdir()
    described = {"exercises": OUTLINE_OF, "hand_in": [["wf@example.com", "mailto:wf@example.com"]]}
    (seals / OUTLINE).write_text(json.dumps(described), encoding="utf-8")
    monkeypatch.setenv("PLAYBOOK_SEALS", str(seals))
    monkeypatch.setenv("PLAYBOOK_TIME_ZONE", "Asia/Shanghai")
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    open_case("Li Wei")
    capsys.readouterr()
    return work


def write(folder, name, content):
    (folder / name).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def city():
    from playbook.cases import load_case

    return load_case().name


def hand_in(capsys):
    open_exercise("00-first").hand_in()
    return capsys.readouterr().out


def test_one_file_holds_every_chapter_that_is_begun_and_says_what_was_reached(folder, capsys):
    write(folder, "00-first.ipynb", notebook("00-first", results=[result("a", "passed", 2.0, city())]))
    write(folder, "01-second.ipynb", notebook("01-second", results=[result("b", "failed", 0.0, city(), 1.0)]))
    write(folder, "03-third.ipynb", notebook("03-third"))
    said = hand_in(capsys)
    [path] = folder.glob("*.zip")
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["hand-in.json", "00-first.ipynb", "01-second.ipynb"]
        assert archive.read("00-first.ipynb") == (folder / "00-first.ipynb").read_bytes()
        receipt = handing_in.read_manifest(archive.read("hand-in.json"))
    assert path.name == f"hand-in_Li-Wei_{receipt.code}.zip"
    assert (receipt.trainee, receipt.case, receipt.time_zone) == ("Li Wei", city(), "Asia/Shanghai")
    assert receipt.made.endswith("+08:00")
    assert receipt.code == handing_in.code_of(receipt)
    for words in (
        f"Code: {receipt.code}",
        "Trainee: Li Wei",
        "(Asia/Shanghai)",
        "First: 2 of 3 points, complete",
        "Second: 0 of 3 points, 2 questions open",
        "Not begun yet: Third.",
        "Send it to: wf@example.com",
    ):
        assert words in said


def test_without_a_line_of_the_instructors_it_goes_to_the_instructor():
    assert handing_in.sent_to_in_words([]) == "Send it to your instructor."


def test_a_link_is_a_link_and_words_are_words_on_the_receipt():
    shown = handing_in.sent_to_html([["<b>", ""], ["https://x.example/a&b", "https://x.example/a&b"]])
    assert shown == ('Send it to: &lt;b&gt;<a href="https://x.example/a&amp;b">https://x.example/a&amp;b</a>')


def test_what_belongs_to_others_or_to_another_city_stays_out_and_is_told(folder, capsys):
    write(folder, "00-first.ipynb", notebook("00-first", results=[result("a", "passed", 2.0, city())]))
    write(folder, "01-second.ipynb", notebook("01-second", "Wang Fang", [result("a", "passed", 2.0)]))
    write(folder, "03-third.ipynb", notebook("03-third", results=[result("a", "passed", 2.0, "elsewhere")]))
    said = hand_in(capsys)
    assert "01-second.ipynb belongs to Wang Fang." in said
    assert "03-third.ipynb was done on another city's figures." in said
    with zipfile.ZipFile(next(folder.glob("*.zip"))) as archive:
        assert archive.namelist() == ["hand-in.json", "00-first.ipynb"]


def test_of_several_copies_the_one_with_the_usual_name_is_taken(folder, capsys):
    for name, answer in (("00-first.ipynb", "a = 1"), ("00-first (1).ipynb", "a = 2")):
        write(folder, name, notebook("00-first", answer=answer))
    assert "00-first (1).ipynb is another copy; 00-first.ipynb is taken." in hand_in(capsys)


def test_an_answer_without_a_check_counts_as_begun(folder, capsys):
    write(folder, "00-first.ipynb", notebook("00-first", answer="a = 3"))
    assert "First: 0 of 3 points" in hand_in(capsys)


def test_nothing_begun_is_told(folder, capsys):
    write(folder, "00-first.ipynb", notebook("00-first"))
    assert "There is nothing to hand in yet" in hand_in(capsys)
    assert not list(folder.glob("*.zip"))


def test_without_a_name_it_asks_for_one(folder, capsys):
    open_case("your name or staff number")
    capsys.readouterr()
    assert "Type your name in the first cell" in hand_in(capsys)


def test_answers_that_ran_and_are_not_saved_are_told(folder):
    write(folder, "00-first.ipynb", notebook("00-first", answer='a = 1\ncheck("a", a)'))
    assert handing_in.is_saved(['a = 1\ncheck("a", a)\n'], folder, "00-first")
    assert not handing_in.is_saved(['a = 1\ncheck("a", a)', 'a = 2\ncheck("a", a)'], folder, "00-first")


def test_a_folder_that_cannot_be_written_is_told(folder, capsys, monkeypatch):
    write(folder, "00-first.ipynb", notebook("00-first", answer="a = 3"))

    def full(self, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert "The file can't be written here: No space left on device" in hand_in(capsys)


def test_in_the_browser_the_button_hands_in(folder, capsys, monkeypatch):
    monkeypatch.setattr("sys.platform", "emscripten")
    assert "press **Hand in** above" in hand_in(capsys)


def test_whatever_goes_wrong_it_never_raises(folder, capsys, monkeypatch):
    monkeypatch.setattr(handing_in, "look_through", lambda *given: 1 / 0)
    assert "The file could not be made (ZeroDivisionError)" in hand_in(capsys)


@pytest.mark.parametrize("written", ["7KQM-3XPD", "7kqm3xpd", " 7kqm 3xpd "])
def test_a_code_is_read_however_it_is_written(written):
    assert handing_in.read_code(written) == "7KQM-3XPD"


@pytest.mark.parametrize("written", ["", "7KQM", "7KQM-3XPO", "77QM-3XPD"])
def test_what_is_no_code_is_none(written):
    assert handing_in.read_code(written) == ""


@pytest.mark.parametrize(
    "data", [b"", b"[]", b'{"chapters": 3}', b"\xff", b"[" * 100_000, b'{"trainee": "x"}']
)
def test_what_says_nothing_about_a_hand_in_is_refused(data):
    with pytest.raises(ValueError, match=r".+"):
        handing_in.read_manifest(data)


def test_strange_values_in_it_count_as_nothing():
    said = {"trainee": 3, "code": "nonsense", "chapters": [{"exercise": [], "points": "many"}, 7]}
    receipt = handing_in.read_manifest(json.dumps(said).encode())
    assert (receipt.trainee, receipt.code) == ("", "")
    assert [(one.exercise, one.points) for one in receipt.chapters] == [("", 0.0)]


def test_any_change_changes_the_code():
    one = handing_in.Chapter("00-first", "First", "00-first.ipynb", "ab", 2.5, 3.0)
    receipt = handing_in.Receipt("Li Wei", "wuxi", "Wuxi", "2026-11-28T09:00:00+08:00", "x", (one,))
    codes = {
        handing_in.code_of(changed)
        for changed in (
            receipt,
            handing_in.replace(receipt, trainee="Li Wej"),
            handing_in.replace(receipt, case="zibo"),
            handing_in.replace(receipt, made="2026-11-28T09:00:01+08:00"),
            handing_in.replace(receipt, chapters=(handing_in.replace(one, points=3.0),)),
            handing_in.replace(receipt, chapters=(handing_in.replace(one, sha256="cd"),)),
        )
    }
    assert len(codes) == 6


def test_the_browsers_script_computes_the_same_code(root):
    if not (node := shutil.which("node")):
        pytest.skip("no node here")
    chapters = (
        handing_in.Chapter("03-third", "T", "03-third.ipynb", "ab" * 32, 5.5, 12.0),
        handing_in.Chapter("00-first", "T", "00-first.ipynb", "cd" * 32, 8.0, 8.0),
    )
    receipt = handing_in.Receipt("李 Wei", "wuxi", "Wuxi", "2026-11-28T09:18:00+08:00", "x", chapters)
    script = (root / "playbook" / "site" / "hand-in-file.js").read_text(encoding="utf-8")
    said = f"console.log(window.playbookHandInFile.codeOf({json.dumps(receipt.as_dict())}))"
    code = f"globalThis.window = {{}};\n{script}\n{said}"
    done = subprocess.run([node, "-e", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == handing_in.code_of(receipt), done.stderr
