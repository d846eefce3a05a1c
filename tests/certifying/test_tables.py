"""Tables that people fill in: what is right is read, and every breach is told once, with its remedy."""

import pytest

from playbook.cases.roster import Enrolled, Roster
from playbook.cases.roster_file import read_roster
from playbook.certifying.certificate import _unknown
from playbook.certifying.marks import COLUMNS, Mark, blank_rows, read_marks
from playbook.certifying.people import people_of
from playbook.certifying.reviews import read_reviews
from playbook.errors import PlaybookError

ROSTER = Roster((Enrolled("t1", "Li Wei"), Enrolled("t2", "Wang Fang")))
HEAD = "person,quarter,rater,results,process,team,strategy\n"


def written(tmp_path, text, name="table.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def told(read, path):
    with pytest.raises(PlaybookError) as caught:
        read(path, ROSTER)
    assert str(path) in caught.value.where
    return str(caught.value).removeprefix(f"{path}: ")


def test_reviews_are_read_by_name_or_id_with_mean_and_spread_of_the_last_two_quarters(tmp_path):
    path = written(
        tmp_path,
        HEAD
        + "Li Wei,2026Q1,Qian,10,10,10,10\nt1,2026-Q2,Qian,70,80,60,75.5\nli wei,2026-Q3,Feng,90,80,70,75.5\n",
    )
    found = read_reviews(path, ROSTER)["t1"]
    assert found.quarters == ("2026-Q1", "2026-Q2", "2026-Q3")
    assert found.raters == 2
    assert found.mean == {"results": 80, "process": 80, "team": 65, "strategy": 75.5}
    assert (found.low["team"], found.high["team"]) == (60, 70)


def test_chinese_headings_serve_as_well(tmp_path):
    path = written(tmp_path, "姓名,季度,评审人,业绩,流程,团队,策略\nWang Fang,2026-Q3,Qian,70,80,60,75\n")
    assert read_reviews(path, ROSTER)["t2"].mean["results"] == 70


def test_every_breach_of_the_reviews_is_told_once_with_its_row_and_remedy(tmp_path):
    path = written(
        tmp_path,
        HEAD
        + "Li Wei,2026-Q2,Qian,120,80,sixty,70\n"
        + ",Q3,Feng,70,80,60,\n"
        + "Wang Fang,2026-Q2,Qian,1,2,3,4\n"
        + "Wang Fang,2026-Q2,Qian,5,6,7,8\n",
    )
    assert told(read_reviews, path) == (
        "the table of reviews has 6 cells or lines that can't be used:\n"
        "row 2, column results: '120': write a number from 0 to 100\n"
        "row 2, column team: 'sixty': write a number from 0 to 100\n"
        "row 3, column person: '': say who\n"
        "row 3, column quarter: 'Q3': write the quarter as 2026-Q3\n"
        "row 3, column strategy: '': write a number from 0 to 100\n"
        "row 5: this rater has rated this person in this quarter already: keep one line\n"
        "What to do: mend them in your spreadsheet and save the table again"
    )


def test_more_breaches_than_a_screen_holds_are_counted(tmp_path):
    rows = "".join(f"Li Wei,2026-Q2,rater {number},x,1,1,1\n" for number in range(25))
    message = told(read_reviews, written(tmp_path, HEAD + rows))
    assert message.startswith("the table of reviews has 25 cells")
    assert "and 5 more\n" in message
    assert message.count("row ") == 20


@pytest.mark.parametrize(
    ("read", "text", "message"),
    [
        (
            read_reviews,
            "person,quarter,rater,results,process,team\nLi Wei,2026-Q2,Qian,1,2,3\n",
            "the table of reviews has no column `strategy`\n"
            "What to do: its headings must be: person,quarter,rater,results,process,team,strategy",
        ),
        (
            read_reviews,
            "",
            "the table of reviews is empty\nWhat to do: write or export it again",
        ),
        (
            read_marks,
            "person,assessor,decision\nt1,Qian,1\n",
            "the table of marks has no column `evidence`\nWhat to do: its headings must be: person,name,assessor,"
            "decision,evidence,counter_evidence,next_step,plain_words,remark",
        ),
    ],
)
def test_a_column_that_is_missing_is_named(tmp_path, read, text, message):
    assert told(read, written(tmp_path, text)) == message


@pytest.mark.parametrize(
    ("read", "remedy"),
    [
        (read_reviews, "check the path in --reviews"),
        (read_marks, "write the sheets first, with --sheets, and fill in the table beside them"),
    ],
)
def test_a_table_that_is_not_there_is_named(tmp_path, read, remedy):
    assert told(read, tmp_path / "none.csv").endswith(f"What to do: {remedy}")


MARKS = "person,name,assessor,decision,evidence,counter_evidence,next_step,plain_words,remark\n"


def test_marks_are_five_points_from_each_assessor_and_empty_lines_wait(tmp_path):
    path = written(
        tmp_path, MARKS + "t1,Li Wei,Qian,1,1,0,1,0,asks for people\nt1,Li Wei,,,,,,,\nt2,,,,,,,,\n"
    )
    assert read_marks(path, ROSTER) == {"t1": (Mark("Qian", ("decision", "evidence", "next_step")),)}
    assert read_marks(path, ROSTER)["t1"][0].sum == 3


def test_the_blank_table_has_three_lines_for_each_person_and_reads_as_empty(tmp_path):
    rows = list(blank_rows([("t1", "Li Wei"), ("t2", "Wang Fang")]))
    assert [row["person"] for row in rows] == ["t1"] * 3 + ["t2"] * 3
    path = written(tmp_path, MARKS + "".join(",".join(row.values()) + "\n" for row in rows))
    assert read_marks(path, ROSTER) == {}


def test_every_breach_of_the_marks_is_told_once(tmp_path):
    path = written(
        tmp_path,
        MARKS
        + "t1,,Qian,1,2,0,1,0,\n,,Feng,1,1,1,1,1,\nt1,,,1,1,1,1,1,\nt2,,Luo,1,1,1,1,1,\nt2,,Luo,1,,1,1,1,\n",
    )
    assert told(read_marks, path) == (
        "the table of marks has 5 cells or lines that can't be used:\n"
        "row 2, column evidence: '2': write 1 for a point and 0 for none\n"
        "row 3, column person: '': say whose defence it was\n"
        "row 4, column assessor: '': say who marked\n"
        "row 6: this assessor has marked this defence already: keep one line\n"
        "row 6, column evidence: '': write 1 for a point and 0 for none\n"
        "What to do: mend them in your spreadsheet and save the table again"
    )


def test_the_roster_says_who_is_in_the_pool_and_who_sells_most(tmp_path):
    path = written(
        tmp_path,
        "id,name,nominated,pool quarters,from_outside,culture,red line,bookings_10k,团队\n"
        "007,Li Wei,是,3,no,,,310.5,A\n8,Wang Fang,否,,YES,yes,1,280,A\n",
    )
    people = people_of(path, read_roster(path))
    li, wang = people.get("007"), people.get("8")
    assert (li.nominated, li.pool_quarters, li.from_outside, li.culture, li.red_line) == (
        True,
        3,
        False,
        None,
        None,
    )
    assert (wang.nominated, wang.from_outside, wang.culture, wang.red_line, wang.team) == (
        False,
        True,
        True,
        True,
        "A",
    )
    assert people.top_seller == "007"
    assert people.get("9").nominated is None


def test_without_a_file_nothing_is_known_about_the_pool_and_equal_sellers_have_no_top(tmp_path):
    assert people_of(None, ROSTER).get("t1").nominated is None
    assert people_of(None, ROSTER).top_seller == ""
    path = written(tmp_path, "id,bookings_10k\na,5\nb,5\n")
    assert people_of(path, read_roster(path)).top_seller == ""


def test_a_row_of_totals_is_about_nobody(tmp_path):
    """Once the number of the nominated, below their column, was neither yes nor no, and stopped the command."""
    path = written(
        tmp_path, "id,name,nominated,bookings_10k\nt1,Li Wei,yes,120\nt2,Wang,,80\n合计,,1人,200\n"
    )
    people = people_of(path, read_roster(path))
    assert [people.get(one).nominated for one in ("t1", "t2")] == [True, None]
    assert people.top_seller == "t1"


def test_every_cell_of_the_pool_that_cannot_be_used_is_told(tmp_path):
    path = written(tmp_path, "id,nominated,pool_quarters,bookings_10k\na,perhaps,two,-5\n")
    with pytest.raises(PlaybookError) as caught:
        people_of(path, read_roster(path))
    assert str(caught.value) == (
        f"{path}: the roster has 3 cells or lines that can't be used:\n"
        "row 2, column nominated: 'perhaps': write yes or no, or leave it empty\n"
        "row 2, column pool_quarters: 'two': write a whole number of quarters, or leave it empty\n"
        "row 2, column bookings_10k: '-5': write a number, or leave it empty\n"
        "What to do: mend them in your spreadsheet and save the table again"
    )


def test_an_assessor_counts_once_however_the_person_and_the_assessor_are_written(tmp_path):
    """By id and by name, one assessor's marks counted as two people's."""
    path = written(
        tmp_path,
        ",".join(COLUMNS) + "\nt1,,Qian,1,1,1,1,1,\nLi Wei,,qian,1,1,1,0,0,\nt1,,Feng,1,1,1,0,0,\n",
    )
    assert told(read_marks, path) == (
        "the table of marks has a cell or line that can't be used:\n"
        "row 3: this assessor has marked this defence already: keep one line\n"
        "What to do: mend it in your spreadsheet and save the table again"
    )


def test_a_name_that_is_another_persons_is_told_and_one_in_other_letters_is_not(tmp_path):
    """A column of names or ids that was sorted without the rest gave a defence to somebody else."""
    lines = "t1,Wang Fang,Qian,1,1,1,1,1,\nt2,Wang-Fang (2),Qian,1,1,1,1,1,\nt9,Li Wei,Qian,1,1,1,1,1,\n"
    assert told(read_marks, written(tmp_path, ",".join(COLUMNS) + "\n" + lines)) == (
        "the table of marks has a cell or line that can't be used:\n"
        "row 2: the name is another trainee's than the person: write both as the sheet has them\n"
        "What to do: mend it in your spreadsheet and save the table again"
    )


@pytest.mark.parametrize("score", ["100.5", "101", "-1", "1e1"])
def test_a_review_is_no_more_than_a_hundred(tmp_path, score):
    path = written(tmp_path, HEAD + f"t1,2026-Q3,Qian,{score},100.0,99.9,0\n")
    assert f"row 2, column results: '{score}': write a number from 0 to 100" in told(read_reviews, path)


def test_a_review_counts_once_however_the_quarter_is_written(tmp_path):
    path = written(tmp_path, HEAD + "t1,2026-Q3,Qian,1,1,1,1\nLi Wei,2026Q3,QIAN,9,9,9,9\n")
    assert "row 3: this rater has rated this person in this quarter already" in told(read_reviews, path)


def test_reviews_that_count_for_nobody_say_why_and_ten_are_named():
    roster = Roster((Enrolled("001001", "Li Wei"), Enrolled("001002", "Li Wei")))
    assert _unknown(["1001", "Li Wei", "li wie"], roster) == [
        "1001 has reviews or marks, and has lost its zeros: the roster has 001001.",
        "Li Wei has reviews or marks, and may be 001001, 001002: write the id.",
        "li wie has reviews or marks, and nobody of that name or id is on the roster.",
    ]
    many = _unknown([f"x{number}" for number in range(300)], roster)
    assert (len(many), many[-1]) == (11, "and 290 more")
