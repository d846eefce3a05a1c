"""Round trips through the files of learning platforms, made by hand after their own exports; all names are invented."""

import pytest

from playbook.desk.exports.comments import earlier
from playbook.desk.filling.columns import Wishes
from playbook.desk.filling.csv_bytes import CsvBytes
from playbook.desk.filling.fill import fill, written
from playbook.desk.filling.people import contacts
from playbook.errors import PlaybookError
from playbook.gradebook.standing import standings
from tests.desk.small import HINT, hand_in_again, small_book, small_cohort

LI = f"10 of 12 points. “Question 3”: {HINT}"
WANG = f"7.5 of 12 points. “Question 3”: {HINT} “Question 2”: {HINT}"

#: The gradebook of Canvas: `Points Possible` as the second row, a test student, a column of another tool.
CANVAS = (
    b"Student,ID,SIS User ID,SIS Login ID,Section,Entry industries (778812),Essay (778900),Current Score\r\n"
    b"    Points Possible,,,,,12,20,(read only)\r\n"
    b'"Wei, Li",340934,001001,liwei,Autumn,@1,,81.5\r\n'
    b'"Fang, Wang",340935,001002,wangfang,Autumn,@2,17,\r\n'
    b'"Jie, Chen",340936,001003,chenjie,Autumn,,,\r\n'
    b'"Student, Test",340999,,0a1b2c,Autumn,,,\r\n'
)
#: Moodle's offline grading worksheet, English.
MOODLE_WORKSHEET = (
    b"Identifier,Full name,ID number,Email address,Status,Group,Marker,Grade,Maximum grade,Marking workflow state,"
    b"Grade can be changed,Last modified (submission),Last modified (grade),Feedback comments\r\n"
    b"Participant 84321,Li Wei,001001,li.wei@corp.example,Submitted for grading - - ,,,@1,12.00,,Yes,"
    b'"Monday, 2 November 2026, 9:30 AM",-,@3\r\n'
    b"Participant 84322,Wang Fang,001002,wang.fang@corp.example,Submitted for grading - - ,,,@2,12.00,,Yes,"
    b'"Monday, 2 November 2026, 9:31 AM",-,@4\r\n'
    b"Participant 84323,Chen Jie,001003,chen.jie@corp.example,No submission - - ,,,,12.00,,Yes,-,-,\r\n"
)
#: The same of a Chinese site: semicolons, a mark, commas in numbers, and a heading that nobody told us.
MOODLE_CHINESE = (
    "\ufeff编号;全名;电子邮件地址;状态;成绩;最高分;允许更改成绩;反馈评论\n"
    "参与者84321;Li Wei;li.wei@corp.example;已提交;@1;12,00;是;@3\n"
    "参与者84322;Wang Fang;wang.fang@corp.example;已提交;@2;12,00;是;@4\n"
).encode()
#: Moodle's grade export, as it is imported again.
MOODLE_IMPORT = (
    b"First name,Surname,ID number,Email address,Assignment: Entry industries (Real),"
    b"Assignment: Entry industries (Feedback),Last downloaded from this course\n"
    b"Li,Wei,001001,li.wei@corp.example,@1,@3,1793605800\n"
    b"Wang,Fang,001002,wang.fang@corp.example,@2,@4,1793605800\n"
)
#: Blackboard, one column for work offline: everything in quotes.
BLACKBOARD = (
    b'"Username","Entry industries [Total Pts: 12 Score] |409586","Feedback to Learner","Feedback Format",'
    b'"Grading Notes","Notes Format"\r\n'
    b'"liwei","@1","@3","SMART_TEXT","","SMART_TEXT"\r\n'
    b'"wangfang","@2","@4","SMART_TEXT","ask her","SMART_TEXT"\r\n'
)
#: Blackboard's other file: tabs in UTF-16.
BLACKBOARD_XLS = (
    '\ufeff"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Entry industries [Total Pts: 12 Score] |409586"\r\n'
    '"Wei"\t"Li"\t"liwei"\t"001001"\t"@1"\r\n"Fang"\t"Wang"\t"wangfang"\t"001002"\t"@2"\r\n'
).encode("utf-16-le")
#: Open edX, bulk grades: a block's number, no title, no points.
OPEN_EDX = (
    b"user_id,username,course_id,track,cohort,new_override-1a2b3c4d\r\n"
    b"17,liwei,course-v1:Corp+CITY+2026,audit,,@1\r\n"
    b"18,wangfang,course-v1:Corp+CITY+2026,audit,,@2\r\n"
)
ALL = {
    "canvas": (CANVAS, "10", "7.5"),
    "moodle worksheet": (MOODLE_WORKSHEET, "10.00", "7.50"),
    "moodle in Chinese": (MOODLE_CHINESE, "10,00", "7,50"),
    "moodle import": (MOODLE_IMPORT, "10", "7.5"),
    "blackboard": (BLACKBOARD, "10", "7.5"),
    "blackboard's xls": (BLACKBOARD_XLS, "10", "7.5"),
    "open edx": (OPEN_EDX, "10", "7.5"),
}
ONE = Wishes(exercises=("03",))
WISHES = {"open edx": ONE, "moodle worksheet": ONE, "moodle in Chinese": ONE}
LOGINS = {"liwei": ("001001",), "wangfang": ("001002",)}


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    with small_book(tmp_path_factory.mktemp("small")) as book:
        yield small_cohort(book)


def blank(data):
    """The file as the platform gives it: no mark, no comment."""
    for token in (b"@1", b"@2", b"@3", b"@4"):
        data = data.replace(token, b"").replace(token.decode().encode("utf-16-le"), b"")
    return data


def expected(name):
    data, li, wang = ALL[name]
    utf16 = data.startswith(b"\xff\xfe")
    html = name.startswith("moodle")
    words = {"@1": li, "@2": wang, "@3": LI, "@4": WANG}
    for token, text in words.items():
        if token in "@3@4":
            text = f"<p>{text}</p>" if html and "import" not in name else text
            if ";" in text and "Chinese" in name:
                text = f'"{text}"'
        encoding = "utf-16-le" if utf16 else "utf-8"
        data = data.replace(token.encode(encoding), text.encode(encoding))
    return data


def filled(data, cohort, wishes=None, people=None):
    return fill(CsvBytes(data, "f.csv"), cohort, LOGINS if people is None else people, wishes or Wishes())


@pytest.mark.parametrize("name", ALL)
def test_marks_and_comments_go_where_they_belong_and_every_other_byte_stays(name, cohort):
    once = filled(blank(ALL[name][0]), cohort, WISHES.get(name))
    assert once.content == expected(name)


@pytest.mark.parametrize("name", ALL)
def test_filling_a_filled_file_changes_nothing(name, cohort):
    again = filled(expected(name), cohort, WISHES.get(name))
    assert (again.changes, again.same, again.content) == ([], 2, expected(name))


@pytest.mark.parametrize("name", ALL)
def test_every_form_says_what_it_cannot_carry(name, cohort):
    assert filled(blank(ALL[name][0]), cohort, WISHES.get(name)).cannot


def test_a_mark_that_stands_there_in_another_way_of_writing_stays_as_it_is(cohort):
    data = MOODLE_WORKSHEET.replace(b"@1", b"10.00000").replace(b"@2", b"7.5")
    once = filled(data.replace(b"@3", b"").replace(b"@4", b""), cohort, Wishes(("03",), comments=False))
    assert (once.changes, once.same) == ([], 2)


def test_the_changes_name_row_column_and_both_values(cohort):
    [li, wang] = filled(
        CANVAS.replace(b"@1", b"3").replace(b"@2", b""), cohort, Wishes(comments=False)
    ).changes
    assert (li.row, li.column, li.trainee, li.before, li.after) == (
        3,
        "Entry industries (778812)",
        "001001",
        "3",
        "10",
    )
    assert (wang.before, wang.after) == ("", "7.5")


def test_who_has_no_mark_stays_empty_and_never_becomes_zero(cohort):
    rows = filled(blank(CANVAS), cohort).content.split(b"\r\n")
    assert rows[4] == b'"Jie, Chen",340936,001003,chenjie,Autumn,,,'


def test_a_teachers_own_comment_is_kept_and_one_of_ours_replaced(cohort):
    data = MOODLE_WORKSHEET.replace(b"@1", b"").replace(b"@2", b"")
    data = data.replace(b"@3", b"Well argued.").replace(b"@4", b"<p>6 of 12 points. Old.</p>")
    once = filled(data, cohort, ONE)
    assert b",Well argued.\r\n" in once.content
    assert b"Old." not in once.content
    assert once.left == ["row 2, 001001: the comment that stands there is kept"]


ADDED = " Come and see me."
#: What a comment of ours may look like with a teacher's words behind it, and what is to stand there then.
BEHIND = [
    (f"<p>10 of 12 points. {{rest}}{ADDED}</p>", f"<p>{LI}{ADDED}</p>"),
    (f"<p>6 of 12 points. {{rest}}</p><p>{ADDED}</p>", f"<p>{LI}</p><p>{ADDED}</p>"),
    (f"<p dir='ltr'>6 of 12 points. {{rest}}{ADDED}", f"<p>{LI}{ADDED}</p>"),
    ("<p>6 of 12 points. {rest}<br></p>", f"<p>{LI}</p>"),
]


@pytest.mark.parametrize(("there", "after"), BEHIND)
def test_a_teachers_words_behind_a_comment_of_ours_stay_behind_it(there, after, cohort):
    """Once they went with the next mark."""
    there = there.format(rest=LI.removeprefix("10 of 12 points. "))
    data = MOODLE_WORKSHEET.replace(b"@1", b"").replace(b"@2", b"").replace(b"@4", b"")
    once = filled(data.replace(b"@3", there.encode()), cohort, ONE)
    assert f",{after}\r\n".encode() in once.content
    assert filled(once.content, cohort, ONE).changes == []


def test_a_teachers_words_stay_when_another_hand_in_changes_what_is_before_them(tmp_path):
    with small_book(tmp_path) as book:
        [old] = [one for one in standings(book) if one.trainee == "001001"]
        [text] = dict.fromkeys(earlier(old, book))
        hand_in_again(book, "001001", tmp_path)
        data = MOODLE_WORKSHEET.replace(b"@1", b"10.00").replace(b"@2", b"").replace(b"@4", b"")
        once = filled(data.replace(b"@3", f"<p>{text}{ADDED}</p>".encode()), small_cohort(book), ONE)
        assert f"Every question is answered right.{ADDED}</p>".encode() in once.content
        assert b"Question 3" not in once.content.split(b"\r\n")[1]


def test_a_grade_that_the_platform_locks_is_left_and_told(cohort):
    data = blank(MOODLE_WORKSHEET).replace(
        b",Yes," + b'"Monday, 2 November 2026, 9:30', b',No,"Monday, 2 November 2026, 9:30'
    )
    once = filled(data, cohort, ONE)
    assert once.left == ["row 2, 001001: the platform says that its grade can't be changed"]
    assert [change.trainee for change in once.changes] == ["001002", "001002"]


def test_no_feedback_leaves_comments_alone(cohort):
    once = filled(blank(MOODLE_WORKSHEET), cohort, Wishes(("03",), comments=False))
    assert once.content == expected("moodle worksheet").replace(f"<p>{LI}</p>".encode(), b"").replace(
        f"<p>{WANG}</p>".encode(), b""
    )


def problem(data, cohort, wishes=None, people=None):
    with pytest.raises(PlaybookError) as caught:
        filled(data, cohort, wishes, people)
    return str(caught.value)


def test_people_who_are_not_found_are_told_together_and_nothing_is_written(cohort):
    data = blank(CANVAS).replace(b"001001", b"77").replace(b"Wei, Li", b"Nobody").replace(b"liwei", b"n")
    assert problem(data, cohort) == (
        "f.csv: nothing was written: not in the cohort: row 3 (77, n, Nobody); "
        "have marks and no row in the file: 001001\n"
        "What to do: add the person to the roster, or leave such rows as they are with --partial; "
        "download the file again when they are enrolled, or fill the others with --partial"
    )


def test_partial_fills_the_others_and_tells_what_it_left(cohort):
    data = blank(CANVAS).replace(b"001001", b"77").replace(b"Wei, Li", b"Nobody").replace(b"liwei", b"n")
    once = filled(data, cohort, Wishes(partial=True))
    assert [change.trainee for change in once.changes] == ["001002"]
    assert once.left == [
        "not in the cohort: row 3 (77, n, Nobody)",
        "have marks and no row in the file: 001001",
    ]


def test_a_number_that_lost_its_zeros_is_no_match_and_told(cohort):
    data = b"Name,Email,ID number,Entry industries\n,,1001,\n,,001002,\n"
    assert "the number has lost its zeros: the roster has 001001" in problem(data, cohort)


def test_an_id_and_a_name_of_two_people_are_told(cohort):
    data = blank(CANVAS).replace(b'"Wei, Li"', b'"Fang, Wang"', 1)
    assert (
        "row 3 (001001, liwei, Fang, Wang) is two people: id '001001' is 001001, login 'liwei' is 001001, "
        "name 'Fang, Wang' is 001002" in problem(data, cohort)
    )


def test_two_rows_of_one_person_are_told(cohort):
    data = blank(CANVAS).replace(b'"Fang, Wang",340935,001002,wangfang', b'"Wei, Li",340934,001001,liwei')
    assert "row 4 (001001, liwei, Wei, Li) is 001001 again" in problem(data, cohort)


def test_a_login_that_nobody_told_us_is_told_with_the_column_to_add(cohort):
    assert "add a column `login` to the roster and name it with --roster" in problem(
        blank(BLACKBOARD), cohort, people={}
    )


def test_an_address_that_two_people_share_is_told(cohort):
    shared = {"liwei": ("001001", "001002"), "wangfang": ("001002",)}
    assert "row 2 (liwei) may be 001001 or 001002" in problem(blank(BLACKBOARD), cohort, people=shared)


def test_other_points_on_the_platform_are_told_and_scaled_if_wished(cohort):
    data = blank(CANVAS).replace(b",12,20,", b",100,20,")
    assert problem(data, cohort) == (
        "f.csv: the column 'Entry industries (778812)' has 100 points, and 03-entry-industries has 12\n"
        "What to do: set the same points on the platform, or write the share of its points with --scale"
    )
    assert [change.after for change in filled(data, cohort, Wishes(scale=True)).changes] == ["83.33", "62.5"]


@pytest.mark.parametrize("shows", ["Percentage", "Letter", "Complete/Incomplete"])
def test_a_column_of_blackboard_that_shows_no_points_is_told(shows, cohort):
    """Points went into a column that shows something else."""
    data = blank(BLACKBOARD).replace(b"12 Score", f"12 {shows}".encode())
    assert problem(data, cohort, Wishes(scale=True)) == (
        f"f.csv: the column 'Entry industries [Total Pts: 12 {shows}] |409586' shows {shows.lower()}, not points\n"
        "What to do: let that column show points (as its primary display, Score), and download the file again"
    )


def test_a_file_of_no_platform_is_told_with_its_headings(cohort):
    said = problem(b"a,b\n1,2\n", cohort)
    assert "f.csv: the headings fit no platform that is known: a, b" in said
    assert "Canvas" in said
    assert "Open edX" in said


def test_a_column_that_names_no_exercise_is_told_and_can_be_named(cohort):
    data = blank(CANVAS).replace(b"Entry industries (778812)", b"Homework (778812)")
    said = problem(data, cohort)
    assert "no column names an exercise that is graded: Homework (778812), Essay (778900)" in said
    assert "--column 'Homework (778812)'=03" in said
    named = filled(data, cohort, Wishes(columns={"Homework (778812)": "03"}))
    assert [change.after for change in named.changes] == ["10", "7.5"]


def test_a_file_about_one_exercise_asks_which_unless_its_own_name_says_it(cohort):
    data = blank(MOODLE_WORKSHEET)
    assert "--exercise 03 where the file is about one alone" in problem(data, cohort)
    named = fill(CsvBytes(data, "Grades-CITY-Entry industries-778812.csv"), cohort, {}, Wishes())
    assert named.content == expected("moodle worksheet")


def test_a_column_that_is_not_there_is_told(cohort):
    said = problem(blank(CANVAS), cohort, Wishes(columns={"Nothing": "03"}))
    assert "there is no column 'Nothing' for marks" in said
    assert "--column takes one of: Entry industries (778812), Essay (778900)" in said


def test_an_exercise_that_is_not_graded_is_told(cohort):
    said = problem(blank(CANVAS), cohort, Wishes(exercises=("09",)))
    assert "'09' names no exercise that is graded" in said
    assert "use one of 03-entry-industries, 04-base-area" in said


def test_two_columns_for_one_exercise_are_told(cohort):
    data = blank(CANVAS).replace(b"Essay (778900)", b"03 again (778900)")
    said = problem(data, cohort)
    assert "it is not certain which column is for which exercise" in said
    assert "say it with --column HEADING=EXERCISE for each" in said


@pytest.fixture(scope="module")
def two_exercises(tmp_path_factory):
    folder = tmp_path_factory.mktemp("two")
    with small_book(folder, exercises=("03-entry-industries", "04-base-area")) as book:
        yield small_cohort(book)


def test_one_column_that_is_named_leaves_the_others_to_their_headings(two_exercises):
    data = blank(CANVAS).replace(b"Essay (778900)", b"Homework (778900)").replace(b",12,20,", b",12,12,")
    homework = Wishes(columns={"Homework (778900)": "04"}, scale=True)
    columns = {(change.column, change.exercise) for change in filled(data, two_exercises, homework).changes}
    assert columns == {
        ("Entry industries (778812)", "03-entry-industries"),
        ("Homework (778900)", "04-base-area"),
    }


def test_a_column_that_is_named_wins_over_what_headings_say(cohort):
    """The heading of one names the exercise, and the other is named for it: the guess gives way."""
    named = Wishes(columns={"Essay (778900)": "03"}, scale=True)
    assert {one.column for one in filled(blank(CANVAS), cohort, named).changes} == {"Essay (778900)"}
    other = Wishes(columns={"Entry industries (778812)": "04"}, scale=True)
    assert filled(blank(CANVAS), cohort, other).changes == []


def test_only_the_columns_that_are_not_certain_are_told(cohort):
    data = blank(CANVAS).replace(b"Essay (778900),Current", b"03 again (778900),Base area (1),Current")
    data = data.replace(b",12,20,", b",12,12,8,").replace(b"Autumn,,", b"Autumn,,,")
    said = problem(data, cohort)
    assert (
        "which exercise: 'Entry industries (778812)': 03-entry-industries; '03 again (778900)': 03-entry-industries\n"
        in said
    )
    told = Wishes(columns={"Entry industries (778812)": "03"})
    assert {one.column for one in filled(data, cohort, told).changes} == {"Entry industries (778812)"}


def test_of_exercises_those_are_listed_that_were_asked_for(cohort):
    data = blank(CANVAS).replace(b"Entry industries (778812)", b"Homework (778812)")
    assert problem(data, cohort).endswith("graded are: 03-entry-industries, 04-base-area")
    assert problem(data, cohort, Wishes(("04",))).endswith("looked for are: 04-base-area")
    assert problem(data, cohort, Wishes(("0",))).endswith("use one of 03-entry-industries, 04-base-area")


def test_contacts_come_from_the_rosters_own_columns(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(
        "工号,姓名,邮箱,登录名\n001001,Li Wei,Li.Wei@corp.example,liwei\n001002,Wang Fang,,liwei\n", "utf-8"
    )
    assert contacts(path) == {"li.wei@corp.example": ("001001",), "liwei": ("001001", "001002")}
    path.write_text("学号;姓名;电子邮件地址;用户名\n001001;Li Wei;li.wei@corp.example;liwei\n", "gbk")
    assert contacts(path) == {"li.wei@corp.example": ("001001",), "liwei": ("001001",)}
    assert contacts(None) == {}


@pytest.mark.parametrize(
    ("points", "like", "separator", "text"),
    [
        (10, "12.00", ",", "10.00"),
        (7.5, "12,00", ";", "7,50"),
        (7.5, "", ";", "7,5"),
        (10, "12", ",", "10"),
        (7.5, "12.0", ",", "7.5"),
        (83.33, "1.0", ",", "83.33"),
    ],
)
def test_numbers_are_written_as_the_file_writes_them(points, like, separator, text):
    assert written(points, like, separator) == text


def test_who_is_excused_stays_so_and_is_told(cohort):
    """A mark in place of EX takes the excuse back, and nothing said so."""
    once = filled(blank(CANVAS).replace(b"liwei,Autumn,,", b"liwei,Autumn,EX,"), cohort)
    assert once.left == ["row 3, 001001: the excuse 'EX' is kept"]
    assert [change.trainee for change in once.changes] == ["001002"]


def test_a_locked_grade_that_stands_there_already_is_no_news(cohort):
    locked = expected("moodle worksheet").replace(b",,Yes,", b",,No,")
    once = filled(locked, cohort, ONE)
    assert (once.changes, once.left, once.same) == ([], [], 2)


def test_a_share_is_not_written_again_and_again(cohort):
    """10 of 12 in 12.45 points is 10.375, which is written 10.38, and half a hundredth away from it."""
    data = blank(CANVAS).replace(b",12,20,", b",12.45,20,")
    once = filled(data, cohort, Wishes(scale=True))
    assert once.changes[0].after == "10.38"
    assert filled(once.content, cohort, Wishes(scale=True)).changes == []


def test_points_that_a_spreadsheet_sorted_below_are_read_and_are_nobody(cohort):
    head, points, *rows = blank(CANVAS).splitlines(keepends=True)
    once = filled(b"".join([head, *rows, points]), cohort)
    assert [change.after for change in once.changes] == ["10", "7.5"]
    other = b"".join([head, *rows, points.replace(b"12", b"100")])
    assert "has 100 points, and 03-entry-industries has 12" in problem(other, cohort)


def test_no_share_of_nothing_is_written(cohort):
    """With --scale an assignment of 0 points gave everybody 0."""
    said = problem(blank(CANVAS).replace(b",12,20,", b",0,20,"), cohort, Wishes(scale=True))
    assert said.splitlines() == [
        "f.csv: the column 'Entry industries (778812)' has 0 points, and 03-entry-industries has 12",
        "What to do: set the same points on the platform",
    ]


@pytest.mark.parametrize("most", ["Competent", "12. Dez", "1,000.00"])
def test_points_that_are_no_number_are_told_and_not_passed_over(most, cohort):
    """A scale, or what a spreadsheet made of 12.00: marks went in without a look at the points."""
    data = blank(MOODLE_WORKSHEET).replace(b"12.00", f'"{most}"'.encode())
    for wishes in (ONE, Wishes(("03",), scale=True)):
        assert problem(data, cohort, wishes).splitlines() == [
            f"f.csv: the column 'Grade' has {most} points, and 03-entry-industries has 12",
            "What to do: set the same points on the platform",
        ]


def test_a_worksheet_without_names_is_told(cohort):
    """Once everybody had "no row in the file", as if nobody were enrolled."""
    data = b"Identifier,Status,Grade,Maximum grade,Feedback comments\nParticipant 1,S,,12.00,\n"
    assert problem(data, cohort, ONE).splitlines() == [
        "f.csv: no column of this file of Moodle's offline grading worksheet says who a row is about",
        "What to do: let the platform show names (reveal the identities), and download the file again",
    ]
