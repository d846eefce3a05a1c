"""Never a mark to the wrong person: namesakes, numbers that a spreadsheet cut, rows that stand twice."""

import pytest

from playbook.cases.roster import Enrolled, Roster
from playbook.cases.roster_file import read_roster
from playbook.desk.exports import Cohort
from playbook.desk.filling.columns import Wishes
from playbook.desk.filling.csv_bytes import CsvBytes
from playbook.desk.filling.fill import fill
from playbook.desk.filling.people import People, contacts
from playbook.errors import PlaybookError
from tests.desk.small import ROSTER, small_book, small_cohort
from tests.desk.test_filling import CANVAS, LOGINS, blank

ZEROS = "put the zeros back, or open the file as text and not in a spreadsheet"
PARTIAL = Wishes(partial=True)


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    with small_book(tmp_path_factory.mktemp("small")) as book:
        yield small_cohort(book)


def with_more(cohort, *more):
    return Cohort(cohort.gradebook, Roster((*ROSTER.trainees, *more)), cohort.chosen, cohort.exercises)


def filled(data, cohort, wishes=None, people=None):
    return fill(CsvBytes(data, "f.csv"), cohort, LOGINS if people is None else people, wishes or Wishes())


def problem(data, cohort, wishes=None, people=None):
    with pytest.raises(PlaybookError) as caught:
        filled(data, cohort, wishes, people)
    return str(caught.value)


def given(one):
    return [(change.row, change.trainee) for change in one.changes]


def before_li(row):
    return blank(CANVAS).replace(b'"Wei, Li"', row + b'\r\n"Wei, Li"')


def test_a_namesake_with_another_id_gets_no_mark(cohort):
    """The namesake's row stood first and took the mark; the trainee's own row was "again" and stayed empty."""
    data = before_li(b'"Wei, Li",340111,990001,liwei9,Spring,,,')
    said = problem(data, cohort)
    assert (
        "row 3 (990001, liwei9, Wei, Li) has the name or login of 001001, and id '990001' is nobody's" in said
    )
    assert "if it is the same person, put right the id in the file or the roster" in said
    assert given(filled(data, cohort, PARTIAL)) == [(4, "001001"), (5, "001002")]


def test_logins_of_a_roster_with_ids_as_programs_export_them_are_whose_they_are(tmp_path):
    """1001.0 was looked up as 10010, so that one trainee's mark went into another's row."""
    path = tmp_path / "roster.csv"
    path.write_text("id,name,login\n1001.0,Li Wei,li\n10010.0,Wang Fang,wang\n", encoding="utf-8")
    people = People(read_roster(path), contacts(path))
    assert [people.whose({"login": login}).trainee for login in ("li", "wang")] == ["1001", "10010"]
    assert people.whose({"id": "1001.0"}).trainee == "1001"


def test_people_who_are_known_by_name_alone_are_filled_though_the_file_has_ids(cohort):
    """Without a roster nobody has an id: a file of ids that are nobody's left all without a mark."""
    few = [
        {"name": name, "id": number} for name, number in (("Li Wei", "S1"), ("Sun Hao", "S2"), ("A", "S3"))
    ]
    people = People.of(Roster(), ["Li Wei"], {})
    telling = people.telling(few)
    assert [people.whose(clues, telling).trainee for clues in few] == ["Li Wei", "", ""]


def test_a_namesake_with_another_login_gets_no_mark(cohort):
    data = before_li(b'"Wei, Li",340111,,liwei9,Spring,,,')
    assert "login 'liwei9' is nobody's" in problem(data, cohort)
    assert given(filled(data, cohort, PARTIAL)) == [(4, "001001"), (5, "001002")]


def test_ids_of_another_kind_than_ours_leave_people_to_their_names(cohort):
    data = blank(CANVAS).replace(b",00100", b",sis-").replace(b"liwei", b"u1").replace(b"wangfang", b"u2")
    assert given(filled(data, cohort)) == [(3, "001001"), (4, "001002")]


def test_a_number_without_zeros_that_fits_the_name_is_that_person(cohort):
    data = blank(CANVAS).replace(b",001001,liwei", b",1001,")
    assert given(filled(data, cohort)) == [(3, "001001"), (4, "001002")]


def test_a_number_without_zeros_that_is_somebody_elses_is_told(cohort):
    said = problem(blank(CANVAS).replace(b",001001,liwei", b",1002,"), cohort)
    assert (
        "row 3 (1002, Wei, Li) has the name or login of 001001, and id '1002' without its zeros is 001002"
        in said
    )
    assert ZEROS in said


def test_the_row_of_an_id_is_its_owners_and_not_whose_login_it_is(cohort):
    """One trainee's login is the number of another: a column of numbers is about the second."""
    data = b"ID number,Entry industries\n001002,\n001001,\n"
    assert given(filled(data, cohort, people={"001002": ("001001",)})) == [(2, "001002"), (3, "001001")]


def test_two_whose_names_differ_in_the_order_of_words_are_told_apart_by_ids_alone(cohort):
    """Moodle puts the first name first, or last: nobody can tell whose row this is."""
    two = with_more(cohort, Enrolled("001005", "Wei Li"))
    data = b"First name,Surname,ID number,Email address,Entry industries\nLi,Wei,,a@b,\nFang,Wang,,c@d,\n"
    assert "row 2 (a@b, Wei Li) may be 001001 or 001005" in problem(data, two)
    sure = data.replace(b"Wei,,a@b", b"Wei,001001,a@b")
    assert given(filled(sure, two)) == [(2, "001001"), (3, "001002")]


def test_what_stands_in_brackets_tells_namesakes_apart(cohort):
    two = with_more(cohort, Enrolled("001005", "Chen Jie (sales)"), Enrolled("001006", "Chen Jie (east)"))
    data = "Full name,ID number,Entry industries\n{},,\n,001001,\n,001002,\n"
    assert given(filled(data.format("Chen Jie (sales)").encode(), two)) == [(3, "001001"), (4, "001002")]
    assert "may be 001003 or 001005 or 001006" in problem(data.format("Jie Chen").encode(), two)


def test_of_two_rows_of_one_person_neither_is_filled_and_they_are_told_once(cohort):
    data = before_li(b'"Wei, Li",340111,001001,liwei,Spring,,,')
    said = problem(data, cohort)
    assert said.splitlines() == [
        "f.csv: nothing was written: not certain who is meant: row 4 (001001, liwei, Wei, Li) is 001001 again, as row 3",
        "What to do: keep one of that person's rows",
    ]
    assert given(filled(data, cohort, PARTIAL)) == [(5, "001002")]


def test_who_may_stand_in_an_uncertain_row_is_not_told_again_as_missing(cohort):
    two = with_more(cohort, Enrolled("001005", "Li Wei"))
    data = b"Full name,Email address,Entry industries\nLi Wei,a@b,\nWang Fang,b@c,\n"
    said = problem(data, two)
    assert "row 2 (a@b, Li Wei) may be 001001 or 001005" in said
    assert "have marks and no row" not in said


def test_each_row_has_its_remedy(cohort):
    """Once the first row's remedy stood for all: a number without zeros for people whom nobody knows."""
    data = blank(CANVAS).replace(b'"Wei, Li",340934,001001,liwei', b'"A",1,1001,n')
    data = data.replace(b'"Jie, Chen",340936,001003,chenjie', b'"B",2,77,m')
    assert problem(data, cohort).splitlines() == [
        "f.csv: nothing was written: not certain who is meant: row 3 (1001, n, A) the number has lost its zeros: "
        "the roster has 001001; not in the cohort: row 5 (77, m, B)",
        f"What to do: {ZEROS}; add the person to the roster, or leave such rows as they are with --partial",
    ]


def test_a_file_of_another_course_names_ten_rows_and_a_number(cohort):
    rows = [f'"N, F{n}",{n},9{n:05},u{n},S,,,\r\n'.encode() for n in range(1_500)]
    data = b"".join([*blank(CANVAS).splitlines(keepends=True)[:2], *rows])
    said = problem(data, cohort)
    assert "row 12 (900009, u9, N, F9) and 1490 more" in said
    assert "row 13" not in said


@pytest.mark.parametrize(
    "written", [b"'001001", b'"=""001001"""', "００１００１".encode(), b"001001\xc2\xa0"]
)
def test_a_number_that_somebody_kept_from_a_spreadsheet_is_read(written, cohort):
    data = blank(CANVAS).replace(b'"Wei, Li",340934,001001,liwei', b"Li W.,340934," + written + b",")
    assert given(filled(data, cohort)) == [(3, "001001"), (4, "001002")]


def test_a_quote_that_nobody_closed_is_told_in_a_line(cohort):
    data = blank(CANVAS).replace(b'"Fang, Wang"', b'"Fang, Wang')
    [line, _remedy] = problem(data, cohort).splitlines()
    assert "row 4 (" in line
    assert len(line) < 400


def test_a_namesake_in_a_file_of_other_people_gets_no_mark(cohort):
    """Last year's file with --partial: no id is ours, and one name is."""
    rows = [f'"N, F{n}",{n},9{n:05},u{n},S,,,\r\n'.encode() for n in range(3)]
    data = b"".join([*blank(CANVAS).splitlines(keepends=True)[:2], *rows])
    once = filled(data + b'"Wei, Li",7,990007,x7,S,,,\r\n', cohort, PARTIAL)
    assert once.changes == []
    assert "row 6 (990007, x7, Wei, Li) has the name or login of 001001" in once.left[1]
