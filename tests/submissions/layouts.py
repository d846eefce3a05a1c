"""Hand-ins as learning platforms and people pack them, made by hand: whose each file is, is known."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

from playbook.cases.roster import Enrolled, Roster

EXERCISES = ("03-entry-industries", "05-customer-profiles")
ROSTER = Roster(
    (
        Enrolled("E1024", "Li Wei"),
        Enrolled("E1025", "Wang Fang"),
        Enrolled("E1026", "Ouyang Na"),
        Enrolled("2031", "李伟"),
        Enrolled("2032", "王芳"),
        Enrolled("2033", "欧阳娜"),
        Enrolled("2034", "李伟强 (二期)"),
    )
)


@dataclass(frozen=True)
class File:
    """One file: its path, whose it is (an id; empty if that must be asked), and the name typed into it."""

    path: str
    owner: str
    typed: str = "your name or staff number"


def notebook(typed: str, exercise: str = EXERCISES[0], trainee: str = "", note: str = "") -> bytes:
    """A notebook that opens a case with a name."""
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [
        {**cell, "source": f'case = open_case("{typed}")'},
        {**cell, "source": f'check("hhi", 1)  # {note}'},
    ]
    own = {"exercise": exercise, "release": "r", **({"trainee": trainee} if trainee else {})}
    made = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"playbook": own}, "cells": cells}
    return json.dumps(made, ensure_ascii=False).encode()


LAYOUTS: dict[str, list[File]] = {
    "Moodle, a folder each": [
        File("Li Wei_84321_assignsubmission_file/03-entry-industries.ipynb", "E1024"),
        File("Wang Fang_84322_assignsubmission_file_/03-entry-industries.ipynb", "E1025"),
        File("Na Ouyang_84323_assignsubmission_file/download.ipynb", "E1026"),
        File("李伟_84324_assignsubmission_file/03-entry-industries (1).ipynb", "2031"),
    ],
    "Moodle, flat": [
        File("Li Wei_84321_assignsubmission_file_03-entry-industries.ipynb", "E1024"),
        File("Wang Fang_84322_assignsubmission_file_03-entry-industries.ipynb", "E1025"),
        File("王芳_1026_assignsubmission_file_03-entry-industries.ipynb", "2032"),
        File("李伟强（销售一部）_1027_assignsubmission_file_03-entry-industries.ipynb", "2034"),
    ],
    "Moodle, names hidden": [
        File("Participant_84321_assignsubmission_file_/03-entry-industries.ipynb", "E1024", "Li Wei"),
        File("Participant_84322_assignsubmission_file_/03-entry-industries.ipynb", "E1025", "E1025"),
        File("Participant_84323_assignsubmission_file_/03-entry-industries.ipynb", ""),
    ],
    "Canvas": [
        File("weili_LATE_12345_67890_03-entry-industries-1.ipynb", "E1024"),
        File("wangfang_12346_67891_03-entry-industries.ipynb", "E1025"),
        File("naouyang_12347_67892_03-entry-industries-2.ipynb", "E1026"),
        File("李伟_12348_67893_03-entry-industries.ipynb", "2031"),
    ],
    "Blackboard": [
        File("Entry_E1024_attempt_2026-11-20-10-11-12_03-entry-industries.ipynb", "E1024"),
        File("Chapter 3_e1025_attempt_2026-11-20-10-11-12_03-entry-industries.ipynb", "E1025"),
        File("Chapter_3_2033_attempt_2026-11-20-10-11-12_03-entry-industries.ipynb", "2033"),
    ],
    "Brightspace": [
        File("27236-46025 - Li Wei - 05 March 2026 612 PM/03-entry-industries.ipynb", "E1024"),
        File("27237-46025 - Wang Fang - 05 March 2026 1012 AM/03-entry-industries.ipynb", "E1025"),
        File("27238-46025 - 欧阳娜 - Mar 5, 2026 612 PM/03-entry-industries.ipynb", "2033"),
    ],
    "Teams": [
        File("B2B - Student Work/Submitted files/Li Wei/Chapter 3/03-entry-industries.ipynb", "E1024"),
        File(
            "B2B - Student Work/Submitted files/Wang Fang/Chapter 3/Version 2/03-entry-industries.ipynb",
            "E1025",
        ),
        File("B2B - Student Work/Submitted files/李伟强/Chapter 3/03-entry-industries.ipynb", "2034"),
    ],
    "Google": [
        File("Chapter 3/Li Wei - 03-entry-industries.ipynb", "E1024"),
        File("Chapter 3/Wang Fang - Copy of 03-entry-industries.ipynb", "E1025"),
        File("Chapter 3/王芳 - 03-entry-industries.ipynb", "2032"),
    ],
    "GitHub Classroom": [
        File(
            "chapter-3-submissions/chapter-3-octo-cat/notebooks/03-entry-industries.ipynb", "E1024", "Li Wei"
        ),
        File("chapter-3-submissions/chapter-3-wangfang/03-entry-industries.ipynb", "E1025"),
        File("chapter-3-submissions/chapter-3-wf99/03-entry-industries.ipynb", "2032", "2032"),
    ],
    "Sakai": [
        File("Chapter 3/Li, Wei(E1024)/Submission attachment(s)/03-entry-industries.ipynb", "E1024"),
        File("Chapter 3/Wang, Fang(E1025)/Submission attachment(s)/03-entry-industries.ipynb", "E1025"),
        File("Chapter 3/欧阳, 娜(2033)/Submission attachment(s)/03-entry-industries.ipynb", "2033"),
    ],
    "学习通, zips in a zip": [
        File("2031-李伟-88231.zip/03-entry-industries.ipynb", "2031"),
        File("2032-王芳-88232.zip/作业.zip/03-entry-industries.ipynb", "2032"),
        File("2034-李伟强-88233.zip/第三章/03-entry-industries.ipynb", "2034"),
    ],
    "named by hand": [
        File("李伟-03行业.ipynb", "2031"),
        File("03王芳_最终版.ipynb", "2032"),
        File("03-entry-industries-欧阳娜 副本.ipynb", "2033"),
        File("李伟强03.ipynb", "2034"),
        File("03-entry-industries王芳的作业.ipynb", "2032"),
        File("03-entry-industries (1).ipynb", "E1024", "Li Wei"),
        File("liwei_final_03-entry-industries.ipynb", "E1024", "E1024"),
        File("Fang WANG 03-entry-industries.ipynb", "E1025"),
    ],
    "the kit's bundle, handed in whole": [
        File("li-wei/opening-a-city/notebooks/03-entry-industries.ipynb", "E1024"),
        File("Wang Fang/opening-a-city/notebooks/03-entry-industries.ipynb", "E1025"),
        File("2033/opening-a-city/notebooks/03-entry-industries.ipynb", "2033"),
    ],
    "e-mail, what cannot be known": [
        File("03-entry-industries.ipynb", ""),
        File("李伟刚03-entry-industries.ipynb", ""),  # holds 李伟, and may be somebody else
        File("Zhang San/03-entry-industries.ipynb", ""),
        File("Li Wei and Wang Fang/03-entry-industries.ipynb", ""),
    ],
}


def in_folder(files: dict[str, bytes], place: Path) -> Path:
    """Files in folders; what lies in an archive is packed into it."""
    for path, data in _packed(files).items():
        target = place / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return place


def in_zip(files: dict[str, bytes], path: Path) -> Path:
    """The same files in one zip."""
    path.write_bytes(_zipped(_packed(files)))
    return path


def _packed(files: dict[str, bytes]) -> dict[str, bytes]:
    """Files with the archives that stand in their paths made of what lies in them."""
    flat: dict[str, bytes] = {}
    inner: dict[str, dict[str, bytes]] = {}
    for path, data in files.items():
        archive, inside = _archive_in(path)
        if archive:
            inner.setdefault(archive, {})[inside] = data
        else:
            flat[path] = data
    return flat | {archive: _zipped(_packed(inside)) for archive, inside in inner.items()}


def _archive_in(path: str) -> tuple[str, str]:
    parts = path.split("/")
    for place, part in enumerate(parts[:-1]):
        if part.endswith(".zip"):
            return "/".join(parts[: place + 1]), "/".join(parts[place + 1 :])
    return "", path


def _zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, data in files.items():
            archive.writestr(zipfile.ZipInfo(path, (2026, 11, 20, 12, 0, 0)), data)
    return buffer.getvalue()


def owners(found):
    """Whose each hand-in is, by its path."""
    return {one.source: one.trainee for one in found}


def why(found):
    """Why each file is held, by its path, and whose it may be."""
    return {one.source: (one.why.partition(";")[0], list(one.candidates)) for one in found.held}
