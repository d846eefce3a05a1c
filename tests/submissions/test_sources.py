"""Folder and archive are walked by one set of rules, and nothing that is there goes without a word."""

import builtins
import io
import os
import struct
import tarfile
import zipfile
from datetime import datetime

import pytest

from playbook.cli.grading_tables import files_in_words
from playbook.clock import seconds_of
from playbook.errors import PlaybookError
from playbook.submissions.hand_in import find_hand_ins
from tests.submissions.layouts import EXERCISES, ROSTER, in_folder, in_zip, notebook

BOOK = notebook("Li Wei")
NAME = f"{EXERCISES[0]}.ipynb"


@pytest.fixture(params=["folder", "zip"])
def pack(request, tmp_path):
    return lambda files: (
        in_folder(files, tmp_path / "in") if request.param == "folder" else in_zip(files, tmp_path / "in.zip")
    )


def reasons(found):
    return {one.source: one.reason for one in found.passed if not one.nobodys}


@pytest.mark.parametrize(
    "name",
    [
        "03-entry-industries.IPYNB",
        "03-entry-industries.ipynb.txt",
        "03-entry-industries.ipynb.json",
        "03 answers.json",
        "03-entry-industries",
        "03.zip/x/03-entry-industries.ipynb",
    ],
)
def test_what_holds_a_notebook_is_one_whatever_it_is_called(pack, name):
    [one] = find_hand_ins(pack({f"a/{name}": BOOK}), EXERCISES)
    assert (one.trainee, one.exercise, one.problem) == ("a", EXERCISES[0], "")


@pytest.mark.parametrize(
    "name",
    [
        f"a/._{NAME}",
        f"__MACOSX/a/._{NAME}",
        f"a/.ipynb_checkpoints/{EXERCISES[0]}-checkpoint.ipynb",
        f"a/.git/{NAME}",
        "a/.DS_Store",
        "a/Thumbs.db",
        f"a/~${NAME}",
    ],
)
def test_what_programs_leave_behind_is_no_hand_in(pack, name):
    found = find_hand_ins(pack({f"a/{NAME}": BOOK, name: b"\0\5\x16\7"}), EXERCISES)
    assert [one.source for one in found] == [f"a/{NAME}"]
    assert [one.nobodys for one in found.passed] == [True]
    assert not found.left


def test_everything_else_is_named_with_its_reason(pack):
    found = find_hand_ins(
        pack(
            {
                f"good/{NAME}": BOOK,
                "good/notes.docx": b"x",
                "script/03-entry-industries.py": b"x = 1",
                "empty/03.zip": zipped({}),
            }
        ),
        EXERCISES,
    )
    assert reasons(found) == {
        "good/notes.docx": "it is no notebook (*.ipynb)",
        "script/03-entry-industries.py": "it is no notebook (*.ipynb)",
        "empty/03.zip": "it is an empty archive",
    }
    assert sorted(one.source for one in found.left) == ["empty/03.zip", "script/03-entry-industries.py"]


def test_with_a_roster_whoever_is_left_without_a_hand_in_is_told(pack):
    found = find_hand_ins(
        pack({"Li Wei/03.py": b"x", "Wang Fang/03.docx": b"x", f"E1025/{NAME}": notebook("x")}),
        EXERCISES,
        roster=ROSTER,
    )
    assert [(one.source, one.trainee) for one in found.left] == [("Li Wei/03.py", "E1024")]


@pytest.mark.parametrize("roster", [None, ROSTER])
def test_somebodys_many_files_without_a_notebook_make_one_line_and_archives_one_each(tmp_path, roster):
    many = {f"Li Wei/pictures/{n}.png": b"x" for n in range(30)}
    packed = {f"all/p{n}.rar": b"Rar!\x1a\x07" for n in range(5)}
    made = in_folder({**many, **packed, f"Wang Fang/{NAME}": BOOK}, tmp_path)
    lines = files_in_words(find_hand_ins(made, EXERCISES, roster=roster))
    assert [line for line in lines if "Li Wei" in line] == [
        "left without a hand-in: 30 files in Li Wei: it is no notebook (*.ipynb)"
    ]
    assert sum("all/p" in line for line in lines) == 5


def zipped(files, **about):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 20, 12, 0, 0)), data)
    return buffer.getvalue()


def test_links_are_named_and_not_followed(tmp_path):
    in_folder({f"elsewhere/{NAME}": BOOK, f"in/good/{NAME}": BOOK}, tmp_path)
    (tmp_path / "in" / "linked").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    (tmp_path / "in" / "file").mkdir()
    (tmp_path / "in" / "file" / NAME).symlink_to(tmp_path / "elsewhere" / NAME)
    found = find_hand_ins(tmp_path / "in", EXERCISES)
    assert reasons(found) == dict.fromkeys(
        ["linked", f"file/{NAME}"], "it is a link, and links are not followed"
    )
    assert {one.source for one in found.left} == {"linked", f"file/{NAME}"}


def test_links_in_a_zip_are_named_and_not_followed(tmp_path):
    link = zipfile.ZipInfo(f"a/{NAME}")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        archive.writestr(link, "../b/x.ipynb")
        archive.writestr("b/x.ipynb", BOOK)
    found = find_hand_ins(tmp_path / "in.zip", EXERCISES)
    assert [one.source for one in found] == ["b/x.ipynb"]
    assert reasons(found) == {f"a/{NAME}": "it is a link, and links are not followed"}
    assert [one.source for one in found.left] == [f"a/{NAME}"]


def test_a_folder_that_cannot_be_opened_is_named(tmp_path, monkeypatch):
    in_folder({f"good/{NAME}": BOOK, f"shut/{NAME}": BOOK}, tmp_path)
    scandir = os.scandir

    def refusing(path):
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    found = find_hand_ins(tmp_path, EXERCISES)
    assert reasons(found) == {"shut": "the folder can't be opened: Permission denied; check its rights"}
    assert [one.source for one in found.left] == ["shut"]


def test_a_file_that_cannot_be_read_costs_only_itself(tmp_path, monkeypatch):
    in_folder({f"good/{NAME}": BOOK, f"shut/{NAME}": notebook("x")}, tmp_path)
    opened = type(tmp_path).open

    def refusing(self, *arguments, **more):
        if "shut" in self.parts:
            raise PermissionError(13, "Permission denied")
        return opened(self, *arguments, **more)

    monkeypatch.setattr(type(tmp_path), "open", refusing)
    problems = {one.trainee: one.problem for one in find_hand_ins(tmp_path, EXERCISES)}
    assert problems == {"good": "", "shut": "it can't be read: Permission denied"}


def spoilt(kind):
    data = bytearray(zipped({f"a/{NAME}": BOOK, f"b/{NAME}": notebook("Wang Fang")}))
    local, central = data.index(b"PK\3\4", 10), data.index(b"PK\1\2", data.index(b"PK\1\2") + 4)
    if kind == "corrupt":
        data[data.index(b"Wang Fang")] ^= 1
    elif kind == "encrypted":
        data[local + 6] |= 1
        data[central + 8] |= 1
    else:  # a compression that nobody here knows
        data[local + 8 : local + 10] = data[central + 10 : central + 12] = struct.pack("<H", 77)
    return bytes(data)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("corrupt", "the archive can't be read: Bad CRC"),
        ("encrypted", "it is encrypted"),
        ("compressed", "the archive can't be read"),
    ],
)
@pytest.mark.parametrize("inner", [False, True])
def test_one_bad_file_of_a_zip_costs_only_itself(tmp_path, kind, words, inner):
    path = tmp_path / "in.zip"
    path.write_bytes(zipped({"all.zip": spoilt(kind)}) if inner else spoilt(kind))
    problems = {
        one.source.split("/")[-2]: one.problem
        for one in find_hand_ins(path, EXERCISES)
        if one.problem or one.exercise
    }
    assert problems.pop("a") == ""
    assert problems.pop("b").startswith(words)


@pytest.mark.parametrize("data", [b"PK nothing", b"", zipped({f"a/{NAME}": BOOK})[:200]])
def test_a_damaged_archive_in_a_folder_costs_only_itself(tmp_path, data):
    in_folder({f"a/{NAME}": BOOK}, tmp_path)
    (tmp_path / "b.zip").write_bytes(data)
    found = find_hand_ins(tmp_path, EXERCISES)
    assert [one.trainee for one in found] == ["a"]
    assert reasons(found)["b.zip"].startswith("the archive can't be read")
    assert "download it again" in reasons(found)["b.zip"]


@pytest.mark.parametrize(
    ("others", "file", "left"),
    [
        ([f"a/{NAME}"], "李伟.zip", True),
        ([f"03/王芳-{NAME}", f"03/赵-{NAME}"], "03/李伟.zip", True),
        ([f"a/{NAME}"], "a/old.zip", False),
        ([f"Li Wei_11_assignsubmission_file/{NAME}"], "Li Wei_11_assignsubmission_file/old.zip", False),
    ],
)
def test_whoever_handed_in_only_an_archive_that_cannot_be_read_is_left_without(tmp_path, others, file, left):
    in_folder({path: notebook("", note=path) for path in others}, tmp_path)
    (tmp_path / file).write_bytes(b"PK\x03\x04 half of it")
    found = find_hand_ins(tmp_path, EXERCISES)
    assert len(found) == len(others)
    assert [one.source for one in found.left] == [file] * left


@pytest.mark.parametrize("name", [f"._{NAME}", f".ipynb_checkpoints/{NAME}"])
@pytest.mark.parametrize("roster", [None, ROSTER])
def test_whoever_handed_in_only_what_programs_leave_behind_is_left_without(pack, name, roster):
    files = {
        f"Li Wei/{name}": b"\0",
        f"Wang Fang/{NAME}": BOOK,
        f"Wang Fang/{name}": b"\0",
        "x/.DS_Store": b"",
    }
    [left] = find_hand_ins(pack({**files, f"__MACOSX/Li Wei/{name}": b"\0"}), EXERCISES, roster=roster).left
    assert left.source.startswith("Li Wei/")
    assert left.reason == (
        "left there by a program, and nothing else lies beside it: ask for the notebook itself"
    )


def test_an_archive_in_archives_without_end_is_named(tmp_path):
    data = zipped({NAME: BOOK})
    for depth in range(6):
        data = zipped({f"{depth}.zip": data})
    (tmp_path / "in.zip").write_bytes(data)
    found = find_hand_ins(tmp_path / "in.zip", EXERCISES)
    assert not found.hand_ins
    assert "unpack it" in next(iter(reasons(found).values()))


# Names from other systems


def unflagged(names, encoding):
    """A zip whose names stand in an encoding that it does not name."""
    raw = [name.encode(encoding) for name in names]
    data = zipped(
        {
            f"{number:x}" * len(one): content
            for number, (one, content) in enumerate(zip(raw, names.values(), strict=True))
        }
    )
    for number, one in enumerate(raw):
        data = data.replace(f"{number:x}".encode() * len(one), one)
    return data


@pytest.mark.parametrize(
    ("encoding", "people", "said"),
    [
        ("gbk", ["李伟", "王芳", "欧阳娜"], "GBK"),
        ("utf-8", ["李伟", "王芳"], "UTF-8"),
        ("big5", ["李偉", "陳潔"], "Big5"),
        ("cp932", ["田中太郎", "鈴木花子"], "Shift-JIS"),
    ],
)
def test_names_that_do_not_say_how_they_are_written_are_read_as_the_typed_names_confirm(
    tmp_path, encoding, people, said
):
    names = {f"{who}/{NAME}": notebook(who) for who in people}
    (tmp_path / "in.zip").write_bytes(unflagged(names, encoding))
    found = find_hand_ins(tmp_path / "in.zip", EXERCISES)
    assert sorted(one.trainee for one in found) == sorted(people)
    assert found.remarks == (f"in.zip: its names do not say how they are written; they were read as {said}",)


def test_many_archives_that_do_not_say_how_their_names_are_written_make_one_remark(tmp_path):
    for place in range(30):
        names = {f"作业/{NAME}": notebook("李伟", note=str(place))}
        (tmp_path / f"{place:02}.zip").write_bytes(unflagged(names, "gbk"))
    found = find_hand_ins(tmp_path, EXERCISES)
    assert found.remarks[0] == (
        "00.zip and 29 more archives: its names do not say how they are written; they were read as GBK"
    )
    assert "read as" not in "".join(found.remarks[1:])


def test_the_roster_confirms_how_names_are_written_too(tmp_path):
    names = {f"{who}/{NAME}": notebook("your name or staff number", note=who) for who in ("李伟", "王芳")}
    (tmp_path / "in.zip").write_bytes(unflagged(names, "gbk"))
    found = find_hand_ins(tmp_path / "in.zip", EXERCISES, roster=ROSTER)
    assert sorted(one.trainee for one in found) == ["2031", "2032"]


def test_backslashes_part_a_path_and_nothing_leads_out_of_it(tmp_path):
    names = [f"hw\\a\\{NAME}", f"..\\..\\b\\{NAME}", f"/c/{NAME}"]
    (tmp_path / "in.zip").write_bytes(zipped({name: notebook(name[-30:]) for name in names}))
    found = find_hand_ins(tmp_path / "in.zip", EXERCISES)
    assert {one.source for one in (*found.hand_ins, *found.held)} == {
        f"hw/a/{NAME}",
        f"b/{NAME}",
        f"c/{NAME}",
    }


WINDOWS = struct.pack("<HHIHHQQQ", 0x000A, 32, 0, 1, 24, (1_700_000_000 + 11_644_473_600) * 10**7, 0, 0)


@pytest.mark.parametrize(
    ("extra", "received"),
    [
        (struct.pack("<HHBi", 0x5455, 5, 1, 1_700_000_000), 1_700_000_000),
        (WINDOWS, 1_700_000_000),
        (struct.pack("<HHI", 0x000A, 4, 0), None),
        (WINDOWS[:12] + bytes(24), None),
        (WINDOWS[:12] + struct.pack("<QQQ", 2**63, 0, 0), None),
        (WINDOWS[:12] + struct.pack("<QQQ", 1, 0, 0), None),
        (struct.pack("<HHBi", 0x5455, 5, 1, -5), None),
    ],
)
def test_a_zip_that_notes_the_second_is_believed_before_one_that_notes_the_wall_clock(
    tmp_path, extra, received
):
    about = zipfile.ZipInfo(f"a/{NAME}", (2026, 11, 20, 12, 0, 0))
    about.extra = extra
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        archive.writestr(about, BOOK)
    [one] = find_hand_ins(tmp_path / "in.zip", EXERCISES)
    assert one.received == (received or seconds_of(datetime(2026, 11, 20, 12)))


def test_a_moment_that_is_no_day_stops_nobody(tmp_path):
    about = tarfile.TarInfo(f"Li Wei/{NAME}")
    about.mtime, about.size = 10**13, len(BOOK)
    with tarfile.open(tmp_path / "in.tar", "w") as archive:
        archive.addfile(about, io.BytesIO(BOOK))
    [one] = find_hand_ins(tmp_path / "in.tar", EXERCISES)
    assert one.received <= 4_102_444_800


def test_a_file_in_too_many_folders_or_with_too_long_names_is_told_and_stops_nobody(tmp_path):
    names = [f"{'a/' * 600}{NAME}", f"{'b ' * 900}/{NAME}", f"Li Wei/{NAME}"]
    (tmp_path / "in.zip").write_bytes(zipped({name: notebook(f"{name[0]} person") for name in names}))
    found = find_hand_ins(tmp_path / "in.zip", EXERCISES)
    assert [one.source for one in found] == [f"Li Wei/{NAME}"]
    said = "it lies in too many folders, or their names are too long"
    assert sorted((one.source[:3], one.reason) for one in found.passed) == [("a/a", said), ("b b", said)]


# Other archives


@pytest.mark.parametrize("ending", ["tar", "tar.gz", "tgz", "tar.bz2", "tar.xz"])
def test_tar_is_read(tmp_path, ending):
    kind = {"tar": "w", "tar.bz2": "w:bz2", "tar.xz": "w:xz"}.get(ending, "w:gz")
    with tarfile.open(tmp_path / f"in.{ending}", kind) as archive:
        about = tarfile.TarInfo(f"a/{NAME}")
        about.size, about.mtime = len(BOOK), 1_700_000_000
        archive.addfile(about, io.BytesIO(BOOK))
        link = tarfile.TarInfo("b/link.ipynb")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    found = find_hand_ins(tmp_path / f"in.{ending}", EXERCISES)
    assert [(one.trainee, one.received, one.open()[1]) for one in found] == [("a", 1_700_000_000, "")]
    assert reasons(found) == {"b/link.ipynb": "it is a link, and links are not followed"}


@pytest.mark.parametrize("inner", [False, True])
def test_7z_is_read(tmp_path, inner):
    py7zr = pytest.importorskip("py7zr")
    with py7zr.SevenZipFile(tmp_path / "in.7z", "w") as archive:
        archive.writestr(BOOK, f"a/{NAME}")
        archive.writestr(notebook("Wang Fang"), f"b/{NAME}")
    place = tmp_path / "in.7z"
    if inner:
        (tmp_path / "all").mkdir()
        place = place.rename(tmp_path / "all" / "in.7z").parent
    found = find_hand_ins(place, EXERCISES)
    assert sorted(one.source.rpartition("/")[0].rpartition("/")[2] for one in found) == ["a", "b"]
    assert {one.open()[1] for one in found} == {""}


def test_7z_with_a_password_is_told(tmp_path):
    py7zr = pytest.importorskip("py7zr")
    with py7zr.SevenZipFile(tmp_path / "in.7z", "w", password="secret") as archive:
        archive.writestr(BOOK, f"a/{NAME}")
    with pytest.raises(PlaybookError, match="encrypted") as caught:
        find_hand_ins(tmp_path / "in.7z", EXERCISES)
    assert "with its password" in str(caught.value)


@pytest.mark.parametrize("name", ["a.rar", "a.7z", "a.tar.gz"])
def test_an_archive_under_anothers_ending_is_read_as_what_it_is(tmp_path, name):
    (tmp_path / name).write_bytes(zipped({f"Wang Fang/{NAME}": BOOK}))
    assert [one.trainee for one in find_hand_ins(tmp_path, EXERCISES, roster=ROSTER)] == ["E1025"]


@pytest.mark.parametrize("inside", [True, False])
def test_a_rar_that_is_called_zip_is_not_downloaded_again_for_nothing(tmp_path, monkeypatch, inside):
    monkeypatch.setattr("shutil.which", lambda name: None)
    data = b"Rar!\x1a\x07\x01\x00 and so on"
    path = tmp_path / ("in.zip" if inside else "李伟.zip")
    path.write_bytes(zipped({"李伟.zip": data}) if inside else data)
    [left] = find_hand_ins(path if inside else tmp_path, EXERCISES, roster=ROSTER).left
    assert (left.source, left.trainee) == ("李伟.zip", "2031")
    assert left.reason.startswith("nothing here unpacks RAR; unpack it and grade the folder")


def test_rar_without_an_unpacker_is_named_with_a_remedy(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    in_folder({f"a/{NAME}": BOOK}, tmp_path / "in")
    (tmp_path / "in" / "b.rar").write_bytes(b"Rar!\x1a\x07\x01\x00")
    found = find_hand_ins(tmp_path / "in", EXERCISES)
    assert reasons(found)["b.rar"].startswith("nothing here unpacks RAR; unpack it and grade the folder")


@pytest.mark.parametrize(("name", "package"), [("in.7z", "py7zr"), ("in.rar", "rarfile")])
def test_what_reads_an_archive_and_is_not_installed_is_named(tmp_path, monkeypatch, name, package):
    real = builtins.__import__

    def without(wanted, *more, **named):
        if wanted == package:
            raise ImportError(wanted)
        return real(wanted, *more, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(PlaybookError, match=f"pip install {package}"):
        find_hand_ins(tmp_path / name, EXERCISES)
