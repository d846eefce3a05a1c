"""One roster: what a notebook opens and what the grader files come from the same columns, read the same way."""

import shutil
import sys
from datetime import datetime

import pytest

from playbook.cases import draw, draw_city, load_case, open_case
from playbook.cases.roster import Enrolled, Roster
from playbook.cases.roster_city import carried
from playbook.cases.roster_file import read_roster
from playbook.errors import PlaybookError
from tests.shared.xlsx import write_xlsx

EXERCISE = "99-mini"


@pytest.fixture
def roster(tmp_path, monkeypatch):
    """Write a roster where notebooks find it; gives its path."""
    path = tmp_path / "roster.csv"

    def write(text, encoding="utf-8"):
        path.write_text(text, encoding=encoding)
        monkeypatch.setenv("PLAYBOOK_ROSTER", str(path))
        return path

    return write


@pytest.mark.parametrize("trainee", ["1024", 1024, "Li Wei", " li  wei", "Li-Wei", "１０２４"])
@pytest.mark.parametrize(
    "text",
    [
        "id,name,city\n1024,Li Wei,Zibo\n",
        "\ufeffID , Name,City,due\n 1024 ,Li Wei, zibo ,2025-03-31\n",
        "trainee,name,case\n1024,Li Wei,370300\n",
        "id,trainee,name,city,case\n1024,,Li Wei,淄博市,wuxi\n",
        "name,id,city,note\n,,,\nLi Wei,1024,淄博,absent\nWang,,wuxi,\n",
    ],
)
def test_the_notebook_and_the_grader_give_the_same_city(roster, text, trainee):
    path = roster(text)
    assert open_case(trainee).name == read_roster(path).city_of(trainee) == "zibo"


def test_who_has_no_id_goes_by_the_name(roster):
    enrolled = read_roster(roster("name,city\nLi Wei,wuxi\n"))
    assert enrolled.id_of("li wei") == "Li Wei"
    assert open_case("Li Wei").name == "wuxi"


def test_a_name_that_two_people_have_is_asked_about(roster):
    path = roster("id,name,city\n1,Li Wei,zibo\n2,Li Wei,wuxi\n")
    assert read_roster(path).find("Li Wei") is None
    assert [one.id for one in read_roster(path).named("li-wei")] == ["1", "2"]
    with pytest.raises(PlaybookError, match=r"2 people called 'Li Wei'\nWhat to do: type your staff number"):
        open_case("Li Wei")
    assert open_case(2).name == "wuxi"


def test_a_number_that_lost_its_zeros_is_asked_about(roster):
    path = roster("工号,姓名,城市\n1001,李伟,无锡\n")
    with pytest.raises(
        PlaybookError, match=r"no number 001001, but 1001\nWhat to do: type your staff number"
    ):
        open_case("001001")
    assert read_roster(path).find("001001") is None
    assert [one.name for one in read_roster(path).nearly("001001")] == ["李伟"]


def test_ids_that_differ_in_zeros_only_are_not_two_people(roster):
    with pytest.raises(PlaybookError, match="row 3: the ids 001001 and 1001 differ only in the zeros"):
        read_roster(roster("id,name\n1001,Li Wei\n001001,Wang Fang\n"))


CHINESE = "学号,姓名,城市,截止日期\n1024,李伟,无锡,2026年11月2日\n,,,\n1025,王芳,淄博市,2026/11/2 9:05\n"


@pytest.mark.parametrize("separator", [",", ";", "\t", "，"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
@pytest.mark.parametrize("above", ["", "储备经理花名册,,,\n,,,\n"])
def test_a_roster_is_read_however_a_spreadsheet_saved_it(roster, separator, encoding, above):
    text = (above + CHINESE).replace(",", separator)
    first, second = read_roster(roster(text, encoding=encoding)).trainees
    assert (first.id, first.name, first.city, second.name, second.city) == (
        "1024",
        "李伟",
        "wuxi",
        "王芳",
        "zibo",
    )
    assert second.due_for(EXERCISE) < first.due_for(EXERCISE)
    assert open_case("王芳").name == "zibo"


HEADINGS = [
    ("ID", "Name", "City", "Due"),
    ("工号（必填）", "姓名", "城市", "截止时间"),
    ("Student number", "Full name", "case", "deadline"),
    ("员工编号", "学生姓名", "所在城市", "截止"),
]


@pytest.mark.parametrize("headings", HEADINGS)
def test_headings_are_known_in_english_and_chinese(roster, headings):
    [one] = read_roster(roster(",".join(headings) + "\n007,李伟,淄博,2026/11/2 9:05\n")).trainees
    assert (one.id, one.name, one.city, len(one.due)) == ("007", "李伟", "zibo", 1)


def test_times_of_one_exercise_are_known_in_chinese_too(roster):
    [one] = read_roster(roster("学号,截止_99,延期_99\na,2026-11-02,2\n"), [EXERCISE]).trainees
    assert one.due_for(EXERCISE) == pytest.approx(one.due_for("99") or 0)
    assert one.due_for("03-entry-industries") is None


def test_a_spreadsheets_own_file_is_read_by_its_first_fitting_sheet(tmp_path, monkeypatch):
    rows = [
        ["花名册"],
        [],
        ["学号", "姓名", "城市", "截止"],
        [1001.0, "李伟", "无锡", datetime(2026, 11, 2)],
        [None],
        ["007", "王芳", "淄博", datetime(2026, 11, 2, 9, 5)],
    ]
    write_xlsx(tmp_path / "roster.xlsx", {"说明": [["只读"]], "名单": rows})
    monkeypatch.setenv("PLAYBOOK_ROSTER", str(tmp_path / "roster.xlsx"))
    first, second = read_roster(tmp_path / "roster.xlsx").trainees
    assert (first.id, first.name, first.city, second.id) == ("1001", "李伟", "wuxi", "007")
    assert first.due_for(EXERCISE) > second.due_for(EXERCISE)
    assert open_case("王芳").name == "zibo"


def test_a_spreadsheet_that_is_damaged_is_told(tmp_path):
    (tmp_path / "roster.xlsx").write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(PlaybookError, match=r"can't be read"):
        read_roster(tmp_path / "roster.xlsx")


def test_without_what_reads_spreadsheets_the_command_that_installs_it_is_named(tmp_path, monkeypatch):
    (tmp_path / "roster.xlsx").write_bytes(b"PK\x03\x04")
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(PlaybookError, match="pip install python-calamine"):
        read_roster(tmp_path / "roster.xlsx")


def test_a_case_of_ones_own_is_found_from_the_rosters_folder(roster, tmp_path):
    shutil.copytree(load_case("wuxi").folder, tmp_path / "wuxi june")
    path = roster("id,city\na,wuxi june\nb,wuxi\n")
    first, second = read_roster(path).trainees
    assert (first.city, second.city) == (str((tmp_path / "wuxi june").resolve()), "wuxi")
    assert open_case("a").folder == (tmp_path / "wuxi june").resolve()


def test_what_a_release_carries_finds_the_city_and_names_nobody(tmp_path, monkeypatch):
    people = (
        Enrolled("1024", "Li Wei", "zibo"),
        Enrolled("7", "王芳", "wuxi"),
        Enrolled("8", "王芳", "wuxi"),
        Enrolled("9"),
    )
    text = carried(Roster(people))
    assert not any(word in text for word in ("1024", "Li Wei", "liwei", "王芳"))
    monkeypatch.setattr(draw, "data_root", lambda: tmp_path)
    (tmp_path / "roster.json").write_text(text)
    assert [open_case(typed).name for typed in ("1024", " li  wei", "Wei Li", 7)] == ["zibo"] * 3 + ["wuxi"]
    assert [open_case(typed).name for typed in ("9", "Zhang")] == [draw_city("9"), draw_city("Zhang")]
    with pytest.raises(PlaybookError, match="2 people called"):
        open_case("王芳")
    with pytest.raises(PlaybookError, match="no number 01024"):
        open_case("01024")
    (tmp_path / "roster.json").write_text("{}")
    with pytest.raises(PlaybookError, match="download the exercises again"):
        open_case("1024")


@pytest.mark.parametrize("trainee", ["Zhang Min", "E2"])
def test_who_is_not_on_the_roster_or_has_no_city_there_gets_the_drawn_one(roster, trainee):
    path = roster("id,name,city\n1024,Li Wei,Zibo\nE2,Zhang,\n")
    assert open_case(trainee).name == draw_city(trainee)
    assert read_roster(path).city_of(trainee) == ""


@pytest.mark.parametrize("read", [lambda path: read_roster(path), lambda path: open_case("a")])
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the roster is empty"),
        ("who,city\nLi,wuxi\n", "no column `id`"),
        ("id,city\n,wuxi\n", "row 2: no id"),
        ("id,city\na,wuxi\nA,zibo\n", "row 3: the id 'A' stands twice"),
        (
            "id,city\n1.02403E+11,\n1.02403E+11,\n",
            "row 2, row 3: the id '1.02403E+11' was shortened by a spreadsheet",
        ),
        ("id,city\na,atlantis\n", "row 2: there is no case 'atlantis'"),
        ("id,city,city\na,wuxi,zibo\n", "the roster has two columns `city`"),
        ("id,学号,学号,城市,城市\na,1,2,wuxi,zibo\n", "the roster has two columns `city`"),
        (
            "工号,城市,城市（新）,城市（旧）\na,atlantis,wuxi,zibo\n",
            "there is no case 'atlantis'",
        ),
    ],
)
def test_a_broken_roster_is_told_in_the_same_words_by_row(roster, read, text, words):
    path = roster(text)
    with pytest.raises(PlaybookError) as caught:
        read(path)
    assert words in str(caught.value)
    assert "What to do: " in str(caught.value)


def test_all_that_is_wrong_with_a_roster_is_told_at_once_the_same_words_once(roster):
    path = roster("id,city,due\n" + "".join(f"{one},atlantis,soon\n" for one in "abcdefg") + "h,wuxi,never\n")
    with pytest.raises(PlaybookError) as caught:
        read_roster(path)
    places = ", ".join(f"row {row}" for row in range(2, 7))
    days = ", ".join(f"row {row} column due" for row in range(2, 7))
    assert caught.value.where == str(path)
    assert caught.value.what.splitlines() == [
        "15 things are wrong:",
        f"- {places} and 2 more: there is no case 'atlantis'",
        f"- {days} and 2 more: 'soon' is no date",
        "- row 9 column due: 'never' is no date",
    ]
    assert (
        caught.value.remedy.count("Use one of jinhua") == caught.value.remedy.count("write it as in one") == 1
    )
    path = roster("id\na\n" + "a\n" * 2 + "".join(f"0{one}\n{one}\n" for one in range(30)))
    with pytest.raises(PlaybookError) as caught:
        read_roster(path)
    said = caught.value.what.splitlines()
    assert said[:3] == [
        "32 things are wrong:",
        "- row 3, row 4: the id 'a' stands twice",
        "- row 6: the ids 0 and 00 differ only in the zeros before them",
    ]
    assert said[-1] == "- and 11 kinds more"


def test_a_roster_of_nobody_lets_nobody_in(roster):
    with pytest.raises(
        PlaybookError, match="the roster names nobody: below its headings there are no rows"
    ) as found:
        read_roster(roster("id,name,city\n\n"))
    assert found.value.remedy == "export it again, or leave it out if everybody may hand in"


@pytest.mark.parametrize("last", ["合计,,40", "合 计：,,", ",总计2人,", "Total,,2", "小计: 2,,"])
def test_a_row_that_counts_the_others_is_about_nobody(roster, last):
    """Once a cohort had a trainee called 合计."""
    assert [
        one.id for one in read_roster(roster(f"id,name,team\n7,王芳,\n8,Totaal,\n{last}\n")).trainees
    ] == ["7", "8"]


def test_an_id_is_read_without_what_programs_write_around_numbers(roster):
    found = read_roster(roster('id,city\n1001.0,\n10010.0,\n="0071",\n\'0072,\n3.10,\n'))
    assert [one.id for one in found.trainees] == ["1001", "10010", "0071", "0072", "3.10"]
    assert [one.id for one in found.named("10010")] == ["10010"]


def test_whoever_looks_an_id_up_reads_it_as_the_roster_does(roster):
    """1001.0 was read as 1001 in the roster, and looked up as 10010: another trainee."""
    found = read_roster(roster("id,city\n1001.0,\n10010.0,\n"))
    for text, own in (("1001.0", "1001"), ('="1001"', "1001"), ("'10010", "10010"), (" 10010.0", "10010")):
        assert found.id_of(text) == own
    assert [one.id for one in found.nearly("01001.0")] == ["1001"]


def test_two_people_of_one_name_without_ids_are_not_told_to_drop_one(roster):
    with pytest.raises(PlaybookError, match="or give each of two people an id of their own"):
        read_roster(roster("name,city\n李伟,\n李伟,\n"))


def test_a_notebook_needs_a_column_of_cities(roster):
    roster("name,town\nLi Wei,Zibo\n")
    with pytest.raises(PlaybookError, match=r"no column `city`\nWhat to do: .*id,name,city"):
        open_case("Li Wei")


def test_what_is_wrong_with_others_rows_keeps_nobody_from_the_own_city(roster):
    roster("id,city,due\na,atlantis,\nb,wuxi,tomorrow\nc,zibo,\n")
    assert [open_case(trainee).name for trainee in ("b", "c")] == ["wuxi", "zibo"]
    with pytest.raises(PlaybookError, match="atlantis"):
        open_case("a")


@pytest.mark.parametrize("text", [None, "id,city\na,\xe9\n"])
def test_a_roster_that_cannot_be_read_is_named(roster, tmp_path, monkeypatch, text):
    path = roster(text, encoding="latin-1") if text else tmp_path / "none.csv"
    monkeypatch.setenv("PLAYBOOK_ROSTER", str(path))
    with pytest.raises(PlaybookError, match=path.name):
        open_case("a")


@pytest.mark.parametrize("city", ["ＺＩＢＯ", "zibo", "370300", "淄博市"])
def test_the_city_may_be_named_in_any_way(roster, city):
    roster(f"trainee,case\nLi Wei,{city}\n", encoding="utf-8-sig")
    assert open_case("Li Wei").name == "zibo"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id,due\na,tomorrow\n", "row 2 column due: 'tomorrow' is no date"),
        ("id,due,extension\na,2025-03-01,soon\n", "column extension: 'soon' is no date"),
        ("id,due_77\na,2025-03-01\n", "names no exercise"),
        ("id,due\na,9999-12-31T23:59-14:00\n", "is no date"),
    ],
)
def test_a_date_that_is_none_is_named_by_row(tmp_path, text, words):
    (tmp_path / "roster.csv").write_text(text)
    with pytest.raises(PlaybookError) as caught:
        read_roster(tmp_path / "roster.csv", [EXERCISE])
    assert words in str(caught.value)


@pytest.mark.parametrize("day", ["2025-03-01", "2025/3/1", "2025.03.01"])
def test_a_day_lasts_until_midnight(tmp_path, day):
    (tmp_path / "roster.csv").write_text(f"id,due\na,{day}\nb,2025-03-01 23:59:59\n")
    first, second = read_roster(tmp_path / "roster.csv").trainees
    assert first.due_for(EXERCISE) == second.due_for(EXERCISE)
