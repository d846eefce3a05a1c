"""Whose hand-in it is: certain, or held with those that it may be from; what does not agree is told."""

import unicodedata

import pytest

from playbook.cases.roster import Enrolled, Roster
from playbook.submissions.hand_in import find_hand_ins
from playbook.submissions.people import Finder
from tests.submissions.layouts import EXERCISES, ROSTER, in_folder, in_zip, notebook, owners, why

NAME = f"{EXERCISES[0]}.ipynb"
OTHER = f"{EXERCISES[1]}.ipynb"
NOBODY = "your name or staff number"
TWO = Roster(
    (Enrolled("7001", "Li Wei", "wuxi"), Enrolled("7002", "Li Wei", "zibo"), Enrolled("7003", "Chen Jie"))
)


# With a roster


def test_its_place_decides_and_another_name_in_it_is_told(find):
    [one] = find({f"Li Wei/{NAME}": "Wang Fang"})
    assert (one.trainee, one.others) == ("E1024", ("E1025",))
    assert one.remarks == (
        "open_case(…) says 'Wang Fang', but it lies with E1024 (Li Wei): its place decides",
    )


def test_a_nickname_in_it_is_told(find):
    [one] = find({f"Li Wei/{NAME}": "Tiger"})
    assert one.trainee == "E1024"
    assert one.remarks == (
        "open_case(…) says 'Tiger', who is not on the roster: its place decides, E1024 (Li Wei)",
    )


def test_a_folder_with_several_others_notebooks_is_nobodys(find):
    found = find(
        {f"Li Wei/a/{NAME}": "Wang Fang", f"Li Wei/b/{NAME}": "Ouyang Na", f"Li Wei/{NAME}": "Li Wei"}
    )
    assert owners(found) == {f"Li Wei/{NAME}": "E1024"}
    assert why(found)[f"Li Wei/a/{NAME}"] == (
        "its folder holds notebooks that name several others",
        ["E1024 (Li Wei)", "E1025 (Wang Fang)"],
    )


def test_one_typed_name_from_two_folders_is_asked_about(find):
    found = find({f"one/{NAME}": "Li Wei", f"two/{NAME}": "Li Wei", f"one/{OTHER}": "Li Wei"})
    assert owners(found) == {f"one/{OTHER}": "E1024"}
    assert set(why(found)) == {f"one/{NAME}", f"two/{NAME}"}
    assert why(found)[f"two/{NAME}"][1] == ["E1024 (Li Wei)"]


@pytest.mark.parametrize(
    ("path", "typed", "reason", "candidates"),
    [
        (f"Zhang San_84_assignsubmission_file/{NAME}", "Li Wei", "it is from 'Zhang San', who is not on the roster", ["E1024 (Li Wei)"]),
        (f"Li Wei/wang-fang_{NAME}", NOBODY, "its path names more than one person", ["E1024 (Li Wei)", "E1025 (Wang Fang)"]),
        (f"02031/{NAME}", NOBODY, "nobody on the roster is named by it for certain", ["2031 (李伟)"]),
        (f"homework/{NAME}", "002031", "nobody on the roster is named by it for certain", ["2031 (李伟)"]),
        (f"homework/{NAME}", NOBODY, "nobody on the roster is named by its path or in it", []),
        (f"liweiliwei/{NAME}", "Wang Fang", "what it says and where it lies do not agree", ["E1024 (Li Wei)", "E1025 (Wang Fang)"]),
    ],
)  # fmt: skip
def test_what_is_not_certain_is_held_with_those_it_may_be_from(find, path, typed, reason, candidates):
    found = find({path: typed})
    assert not found.hand_ins
    assert why(found) == {path: (reason, candidates)}


def test_a_name_inside_a_longer_word_counts_with_the_typed_name(find):
    assert owners(find({f"李伟刚/{NAME}": "2031"})) == {f"李伟刚/{NAME}": "2031"}


def test_of_two_people_of_one_name_the_id_decides(find):
    files = {
        f"Li Wei_1_assignsubmission_file/{NAME}": "Li Wei",
        f"Li Wei_2_assignsubmission_file/{NAME}": "7002",
        f"Li Wei 7001/{NAME}": NOBODY,
    }
    found = find(files, TWO)
    assert owners(found) == {f"Li Wei_2_assignsubmission_file/{NAME}": "7002", f"Li Wei 7001/{NAME}": "7001"}
    assert why(found)[f"Li Wei_1_assignsubmission_file/{NAME}"] == (
        "several people on the roster are called so",
        ["7001 (Li Wei)", "7002 (Li Wei)"],
    )


def test_a_typed_name_that_two_people_have_is_held(find):
    assert why(find({NAME: "Li Wei"}, TWO)) == {
        NAME: ("several people on the roster are called so", ["7001 (Li Wei)", "7002 (Li Wei)"])
    }


def test_one_persons_login_that_is_anothers_name_names_neither(find):
    roster = Roster((Enrolled("liwei", "Li Weimin"), Enrolled("E2", "Li Wei")))
    file = f"liwei_12345_67890_{NAME}"
    found = find({file: NOBODY, f"liwei/{NAME}": NOBODY}, roster)
    assert not list(found)
    assert {one.candidates for one in found.held} == {("liwei (Li Weimin)", "E2 (Li Wei)")}
    found = find({file: "Li Wei", f"liwei/{NAME}": "Li Weimin"}, roster)
    assert owners(found) == {file: "E2", f"liwei/{NAME}": "liwei"}


def test_short_numbers_in_a_longer_name_decide_nothing(find):
    roster = Roster((Enrolled("3", "Chen Jie"), Enrolled("4", "Li Wei")))
    found = find({f"group 3/{NAME}": NOBODY, f"4/{NAME}": NOBODY, "03 (4).ipynb": "Chen Jie"}, roster)
    assert owners(found) == {f"4/{NAME}": "4", "03 (4).ipynb": "3"}
    assert why(found)[f"group 3/{NAME}"][1] == ["3 (Chen Jie)"]


def test_the_name_of_the_source_serves_where_nothing_else_does(tmp_path):
    made = in_folder({NAME: notebook(NOBODY)}, tmp_path / "Wang Fang")
    assert [one.trainee for one in find_hand_ins(made, EXERCISES, roster=ROSTER)] == ["E1025"]


def test_a_source_named_for_one_that_holds_several_others_notebooks_is_nobodys(tmp_path):
    files = {NAME: notebook("Wang Fang"), "03-entry-industries (1).ipynb": notebook("Ouyang Na")}
    found = find_hand_ins(in_folder(files, tmp_path / "Li Wei"), EXERCISES, roster=ROSTER)
    assert not found.hand_ins
    assert why(found)[NAME] == (
        "its folder holds notebooks that name several others",
        ["E1024 (Li Wei)", "E1025 (Wang Fang)"],
    )


def test_of_two_whom_a_platform_tells_apart_one_name_on_the_roster_is_neithers(find):
    one, other = (f"84321/Li Wei_{n}_assignsubmission_file/{NAME}" for n in (84321, 84399))
    found = find({one: NOBODY, other: NOBODY, f"84321/Wang Fang_84400_assignsubmission_file/{NAME}": NOBODY})
    assert set(owners(found).values()) == {"E1025"}
    said = ("two people are called Li Wei", ["E1024 (Li Wei) (84321)", "E1024 (Li Wei) (84399)"])
    assert why(found) == {one: said, other: said}


@pytest.mark.parametrize(
    "path",
    [
        f"Li Wei_1_assignsubmission_file/作业.zip/王芳/{NAME}",
        "Li Wei_1_assignsubmission_file_03王芳.ipynb",
        "weili_12345_67890_王芳.ipynb",
    ],
)
def test_anothers_name_within_what_a_platform_had_from_one_is_noted(find, path):
    [one] = find({path: NOBODY, "王芳_2_assignsubmission_file/王芳.ipynb": NOBODY})[:1]
    assert one.trainee == "E1024"
    assert one.remarks == ("its path says '王芳', but it lies with E1024 (Li Wei): its place decides",)


def test_the_numbers_of_two_downloads_may_differ(find):
    files = {f"{week}/Li Wei_{n}_assignsubmission_file/{NAME}": NOBODY for week, n in (("a", 11), ("b", 12))}
    assert list(owners(find(files)).values()) == ["E1024", "E1024"]


def test_a_name_is_looked_for_once_however_many_files_say_it():
    finder, asked = Finder(ROSTER), []
    find = finder._find
    finder._find = lambda text: asked.append(text) or find(text)
    assert [finder.known("opening-a-city") for _ in range(3)] == [False] * 3
    assert asked == ["opening-a-city"]


@pytest.mark.parametrize(
    ("number", "typed", "owner"),
    [("2051", NOBODY, ""), ("2051", "2031", "2031"), ("13812345678", NOBODY, "2031"), ("2031", "", "2031")],
)
def test_a_namesake_with_another_number_is_somebody_else(find, number, typed, owner):
    path, other = f"{number}-李伟-88231.zip/{NAME}", f"2032-王芳-88232.zip/{NAME}"
    found = find({path: typed, other: NOBODY})
    assert owners(found) == {other: "2032", **({path: owner} if owner else {})}
    if not owner:
        said = "its number '2051' is not on the roster, though its name is"
        assert why(found) == {path: (said, ["2031 (李伟)"])}


def test_numbers_of_the_platforms_own_hold_nobody(find):
    """Where no number is on the roster, they are of another kind than its ids."""
    found = find({f"7001-李伟-1.zip/{NAME}": NOBODY, f"7002-王芳-2.zip/{NAME}": NOBODY})
    assert (sorted(owners(found).values()), found.held) == (["2031", "2032"], ())


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_two_downloads_that_a_mac_unpacked_are_one_persons(find, form):
    files = [
        f"{home}/José Núñez_{number}_assignsubmission_file/{NAME}"
        for home, number in (("first", 11), ("late", 22))
    ]
    roster = Roster((Enrolled("1", "José Núñez"),))
    found = find({unicodedata.normalize(form, file): NOBODY for file in files}, roster)
    assert (list(owners(found).values()), found.held) == (["1", "1"], ())


def test_the_roster_is_gone_through_once_for_all_that_is_passed_over(tmp_path, monkeypatch):
    made = []
    whole = Finder.__init__
    monkeypatch.setattr(Finder, "__init__", lambda own, roster: made.append(1) or whole(own, roster))
    files = {f"Li Wei/{NAME}": notebook("Li Wei"), **{f"Li Wei/{n}.pdf": b"%PDF" for n in range(20)}}
    assert len(find_hand_ins(in_folder(files, tmp_path / "in"), EXERCISES, roster=ROSTER).passed) == 20
    assert len(made) <= 3  # once for each thing that is asked, not for each file


@pytest.mark.parametrize("roster", [ROSTER, None])
def test_a_zip_of_one_notebook_is_its_owners_by_its_name(tmp_path, roster):
    made = in_zip({NAME: notebook(NOBODY)}, tmp_path / "Wang Fang.zip")
    found = find_hand_ins(made, EXERCISES, roster=roster)
    assert [one.trainee for one in found] == (["E1025"] if roster else [])
    assert not roster or not found.held


# Without one


def test_the_folder_below_the_source_decides_however_deep_a_file_lies(find):
    found = find({f"li-wei/a/b/{NAME}": "Li Wei", f"Wang/{NAME}": "Tiger"}, Roster())
    assert owners(found) == {f"li-wei/a/b/{NAME}": "li-wei", f"Wang/{NAME}": "Wang"}
    assert [one.remarks for one in found if one.trainee == "Wang"] == [
        ("open_case(…) says 'Tiger', its place 'Wang': its place decides",)
    ]


def test_a_folder_of_several_people_is_looked_into(find):
    files = {
        f"downloads/li-wei_{NAME}": "Li Wei",
        f"downloads/wang_{NAME}": "Wang",
        f"downloads/b/{NAME}": "Chen",
    }
    found = find(files, Roster())
    assert owners(found) == dict(zip(files, ["li-wei", "wang", "b"], strict=True))
    assert found.remarks == ("downloads holds hand-ins of several people: what stands below it decides",)


def test_a_folder_around_all_is_nobodys_where_each_has_the_same_exercise(find):
    found = find({f"hw/a/{NAME}": NOBODY, f"hw/b/{NAME}": NOBODY}, Roster())
    assert sorted(owners(found).values()) == ["a", "b"]


def test_copies_in_one_persons_folder_are_theirs(find):
    found = find({f"bo/03-entry-industries {n}.ipynb": NOBODY for n in (2, 3)}, Roster())
    assert list(owners(found).values()) == ["bo", "bo"]


@pytest.mark.parametrize(
    "names", [("03", "05"), EXERCISES, ("第三章", "第五章作业"), ("Chapter 3", "ch05"), ("3.zip", "5.zip")]
)
def test_a_folder_for_each_chapter_is_nobodys(find, names):
    first, second = names
    files = {f"{first}/李伟.ipynb": NOBODY, f"{first}/王芳.ipynb": NOBODY}
    made = {path: notebook(typed, note=path) for path, typed in files.items()}
    made[f"{second}/李伟.ipynb"] = notebook(NOBODY, EXERCISES[1])
    made[f"{second}/{OTHER}"] = notebook(NOBODY, EXERCISES[1], note="x")
    found = find(files={}, roster=Roster(), made=made)
    assert sorted(owners(found).values()) == ["李伟", "李伟", "王芳"]
    assert list(why(found)) == [f"{second}/{OTHER}"]


def test_a_chapters_folder_beside_others_is_nobodys_where_it_holds_several_peoples(find):
    found = find({"03/李伟.ipynb": NOBODY, "03/王芳.ipynb": NOBODY, f"bo/{NAME}": NOBODY}, Roster())
    assert sorted(owners(found).values()) == ["bo", "李伟", "王芳"]


def test_a_folder_that_may_be_a_class_is_asked_about_where_nobody_typed_a_name(find):
    files = {f"周一班/{who}.ipynb": NOBODY for who in ("李伟", "王芳")} | {"周二班/赵六.ipynb": NOBODY}
    own = {"bo/bo.ipynb": NOBODY, "bo/old.ipynb": NOBODY, "chen/v1.ipynb": NOBODY, "chen/v2.ipynb": NOBODY}
    own |= {f"du/backup/{NAME}": NOBODY, f"du/work/{NAME}": NOBODY}
    found = find(files | own, Roster())
    assert set(owners(found).values()) == {"周二班", "bo", "chen", "du"}
    said = "nothing in '周一班' says whether that is a person: what lies in it bears several names"
    assert why(found)["周一班/李伟.ipynb"] == (said, ["周一班", "李伟", "王芳"])
    assert len(found.held) == 2


def test_a_number_may_be_a_persons_though_a_chapter_has_it_too(find):
    found = find({f"{n:02}/{NAME}": NOBODY for n in range(1, 6)}, Roster())
    assert sorted(owners(found).values()) == ["01", "02", "03", "04", "05"]


def test_names_that_do_not_fit_their_folder_are_held(find):
    found = find(
        {f"li-wei/{NAME}": "Li Wei", f"li-wei/{OTHER}": "Wang Fang", f"x/{NAME}": "A", f"x/{OTHER}": "B"},
        Roster(),
    )
    assert owners(found) == {f"li-wei/{NAME}": "li-wei"}
    assert why(found) == {
        f"li-wei/{OTHER}": (
            "open_case(…) says 'Wang Fang', and others in its folder say otherwise",
            ["li-wei", "Wang Fang"],
        ),
        f"x/{NAME}": ("neither its path nor its name says whose it is", ["A"]),
        f"x/{OTHER}": ("neither its path nor its name says whose it is", ["B"]),
    }


@pytest.mark.parametrize(
    ("name", "typed", "trainee"),
    [
        (NAME, "Li Wei", "Li Wei"),
        (f"li-wei_{NAME}", "Li Wei", "li-wei"),
        ("李伟-03行业.ipynb", "李伟", "李伟"),
        ("李伟-03行业.ipynb", NOBODY, "李伟"),
        ("05客户-李伟.ipynb", "李伟", "李伟"),
        (NAME, NOBODY, ""),
        ("03-entry-industries final v2.ipynb", "Li Wei", "Li Wei"),
        ("My homework 03-entry-industries - Copy.ipynb", NOBODY, ""),
        ("03-entry-industries 2.ipynb", "Li Wei", "Li Wei"),
        ("03-entry-industries copy 3.ipynb", "Li Wei", "Li Wei"),
        ("03-entry-industries-1.ipynb", "Li Wei", "Li Wei"),
        ("03-entry-industries[1].ipynb", "Li Wei", "Li Wei"),
        ("03-entry-industries 2.ipynb", NOBODY, ""),
        ("03-entry-industries-07.ipynb", NOBODY, "07"),
        ("03-entry-industries-王芳的作业(最终版).ipynb", NOBODY, "王芳"),
    ],
)
def test_among_other_peoples_files_the_name_of_a_file_or_the_typed_name_serves(find, name, typed, trainee):
    found = find({name: typed}, Roster())
    assert list(owners(found).values()) == [trainee] * bool(trainee)
    assert len(found.held) == (not trainee)


def test_one_name_with_two_numbers_of_a_platform_is_two_people(find):
    found = find({f"Li Wei_{n}_assignsubmission_file/{NAME}": NOBODY for n in (11, 12)}, Roster())
    assert not found.hand_ins
    assert why(found)[f"Li Wei_11_assignsubmission_file/{NAME}"] == (
        "two people are called Li Wei",
        ["Li Wei (11)", "Li Wei (12)"],
    )
