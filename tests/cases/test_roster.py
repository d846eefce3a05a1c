"""One roster: what a notebook opens and what the grader files come from the same columns, read the same way."""

import pytest

from playbook.cases import draw_city, open_case
from playbook.cases.roster import read_roster
from playbook.errors import PlaybookError

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
    assert enrolled.id_of("li wei") == "Li-Wei"
    assert open_case("Li Wei").name == "wuxi"


def test_a_name_that_two_people_have_finds_neither(roster):
    path = roster("id,name,city\n1,Li Wei,zibo\n2,Li Wei,wuxi\n")
    assert read_roster(path).find("Li Wei") is None
    assert open_case("Li Wei").name == draw_city("Li Wei")
    assert open_case(2).name == "wuxi"


@pytest.mark.parametrize("trainee", ["Zhang Min", "E2"])
def test_who_is_not_on_the_roster_or_has_no_city_there_gets_the_drawn_one(roster, trainee):
    path = roster("id,name,city\n1024,Li Wei,Zibo\nE2,Zhang,\n")
    assert open_case(trainee).name == draw_city(trainee)
    assert read_roster(path).city_of(trainee) == ""


@pytest.mark.parametrize("read", [lambda path: read_roster(path), lambda path: open_case("a")])
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no column `id`"),
        ("who,city\nLi,wuxi\n", "no column `id`"),
        ("id,city\n,wuxi\n", "row 2: no id"),
        ("id,city\na,wuxi\nA,zibo\n", "row 3: the id 'A' stands twice"),
        ("id,city\na,atlantis\n", "row 2: there is no case 'atlantis'"),
    ],
)
def test_a_broken_roster_is_told_in_the_same_words_by_row(roster, read, text, words):
    path = roster(text)
    with pytest.raises(PlaybookError) as caught:
        read(path)
    assert words in str(caught.value)
    assert "What to do: " in str(caught.value)


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


@pytest.mark.parametrize("city", ["zibo", "370300", "淄博市"])
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
