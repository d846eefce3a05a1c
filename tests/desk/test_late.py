"""What late means: two tables beside the roster, shown before they count."""

import pytest

from playbook.cases.roster import Enrolled, Roster
from playbook.clock import use_zone
from playbook.desk.feedback import Piece, feedback_page
from playbook.desk.late_tables import apply, preview, read_late_tables
from playbook.desk.reading import read_cohort
from playbook.desk.teams import teams
from playbook.errors import PlaybookError
from playbook.gradebook.late import LatePolicy, Step
from playbook.gradebook.records import GradedExercise
from playbook.gradebook.standing import results_of, standings
from tests.desk.by_hand import DAY, Cohort, question

POLICY = "exercise,days,keep\n,2,90\n,7,50\n,,0\n03,,100%\n"
DUE = 10 * DAY


@pytest.fixture(autouse=True)
def _zone():
    use_zone("UTC")
    yield
    use_zone("")


@pytest.fixture
def cohort(tmp_path):
    """Four people with four points each: on time, 1, 5 and 30 days late."""
    made = Cohort(tmp_path / "g.sqlite")
    made.book.keep_exercises([GradedExercise("01-one", 1, "One", 4), GradedExercise("03-two", 3, "Two", 4)])
    late = {"a": 0.0, "b": 1.0, "c": 5.0, "d": 30.0}
    made.book.keep_roster(Roster(tuple(Enrolled(one, one.upper(), "", {"": DUE}) for one in late)))
    for one, days in late.items():
        made.hand_in(one, [question("p"), question("q")], day=10 + days)
        made.hand_in(one, [question("p"), question("q")], exercise="03-two", day=10 + days)
    yield made
    made.book.close()


def tables(cohort, folder, policy="", extensions=""):
    for name, text in (("late.csv", policy), ("extensions.csv", extensions)):
        if text:
            (folder / name).write_text(text, encoding="utf-8")
    return read_late_tables(folder, cohort.book.roster(), ["01-one", "03-two"])


def points(book):
    return {(one.trainee, one.exercise): one.points for one in standings(book)}


@pytest.mark.parametrize(
    ("days", "keeps"), [(-1, 1.0), (0, 1.0), (0.001, 0.9), (2, 0.9), (2.001, 0.5), (7, 0.5), (99, 0.0)]
)
def test_the_step_with_the_fewest_days_that_are_not_over_decides(days, keeps):
    policy = LatePolicy((Step("", None, 0.0), Step("", 7, 0.5), Step("", 2, 0.9)))
    assert policy.keeps("01-one", days * DAY) == keeps


def test_the_longest_beginning_of_an_exercise_decides_and_without_steps_all_is_kept():
    policy = LatePolicy((Step("", None, 0.5), Step("03", None, 1.0)))
    assert (policy.keeps("03-two", 5), policy.keeps("01-one", 5)) == (1.0, 0.5)
    assert LatePolicy().keeps("01-one", 5) == 1.0
    assert LatePolicy.from_text(policy.as_text()) == policy


def test_a_preview_shows_what_would_change_and_writes_nothing(cohort, tmp_path):
    before = points(cohort.book)
    changes = preview(cohort.book, tables(cohort, tmp_path, POLICY))
    assert [(one.trainee, one.exercise, one.before, one.after) for one in changes] == [
        ("b", "01-one", 4.0, 3.5),
        ("c", "01-one", 4.0, 2.0),
        ("d", "01-one", 4.0, 0.0),
    ]
    assert changes[0].why == "late: keeps 90% of 4 points, in half points"
    assert points(cohort.book) == before


def test_what_is_applied_counts_everywhere_and_what_was_earned_stays(cohort, tmp_path):
    apply(cohort.book, tables(cohort, tmp_path, POLICY))
    [c] = [one for one in standings(cohort.book) if (one.trainee, one.exercise) == ("c", "01-one")]
    assert (c.points, c.earned) == (2.0, 4.0)
    assert c.result({"points": 4.0, "notes": []})["points"] == 2.0
    assert preview(cohort.book, tables(cohort, tmp_path, POLICY)) == []
    (tmp_path / "late.csv").write_text("exercise,days,keep\n,,100\n", encoding="utf-8")
    apply(cohort.book, tables(cohort, tmp_path))
    assert set(points(cohort.book).values()) == {4.0}


def test_an_extension_takes_the_place_of_what_is_lost(cohort, tmp_path):
    extensions = "id,exercise,until,reason\nc,01,6,ill\nD,,1970-02-15,\n"
    apply(cohort.book, tables(cohort, tmp_path, POLICY))
    changes = preview(cohort.book, tables(cohort, tmp_path, POLICY, extensions))
    assert [(one.trainee, one.exercise, one.after, one.why) for one in changes] == [
        ("c", "01-one", 4.0, "on time now: an extension (ill)"),
        ("d", "01-one", 4.0, "on time now: an extension"),
    ]
    apply(cohort.book, tables(cohort, tmp_path))
    assert points(cohort.book)["c", "01-one"] == 4.0
    again = Roster(tuple(Enrolled(one, one, "", {"": DUE}) for one in "abcd"))
    cohort.book.keep_roster(again)  # the roster is given once more
    assert points(cohort.book)["c", "01-one"] == 4.0


def test_an_extension_that_is_taken_out_again_no_longer_counts(cohort, tmp_path):
    apply(cohort.book, tables(cohort, tmp_path, POLICY, "id,exercise,until\nc,01,6\n"))
    (tmp_path / "extensions.csv").unlink()
    [change] = preview(cohort.book, tables(cohort, tmp_path))
    assert (change.trainee, change.before, change.after) == ("c", 4.0, 2.0)


@pytest.mark.parametrize("rows", ["c,01-one,6\nc,,1\n", "c,,1\nc,01-one,6\n"])
def test_an_extension_for_one_exercise_outweighs_one_for_all_in_any_order(cohort, tmp_path, rows):
    longest = tables(cohort, tmp_path, extensions="id,exercise,until\nc,01-one,6\n").extensions["c"]["01-one"]
    assert (
        tables(cohort, tmp_path, extensions=f"id,exercise,until\n{rows}").extensions["c"]["01-one"] == longest
    )


def test_the_best_attempt_is_the_best_after_the_policy(cohort, tmp_path):
    cohort.hand_in("c", [question("p"), question("q", "other", "1")], day=9)
    apply(cohort.book, tables(cohort, tmp_path, "exercise,days,keep\n,,25\n"))
    best = {(one.trainee, one.exercise): one.points for one in standings(cohort.book, "best")}
    assert best["c", "01-one"] == 2.0


@pytest.mark.parametrize(
    ("policy", "extensions", "words"),
    [
        ("", "", "there is neither late.csv nor extensions.csv"),
        ("exercise,keep\n,50\n", "", "there is no column `days`"),
        ("exercise,days,keep\n,2,90\n", "", "nothing says what is kept after 2 days"),
        ("exercise,days,keep\n,2,50\n,,80\n", "", "who is later keeps more: 80% after 50%"),
        ("exercise,days,keep\n,soon,50\n", "", "row 2 column days"),
        ("exercise,days,keep\n,,150\n", "", "'150' is no number from 0 to 100"),
        (
            "exercise,days,keep\n,,0.5\n",
            "",
            "row 2 column keep: '0.5' may be a share or percent\nWhat to do: give the column the form of a plain number, and write percent: 80 for 80%",
        ),
        (
            "exercise,days,keep\n,soon,50\n,,150\n",
            "",
            "2 things are wrong:\n- row 2 column days: 'soon' is no number",
        ),
        ("exercise,days,keep\n42,,50\n", "", "'42' names no exercise"),
        ("exercise,days,keep\n,,50\n,,40\n", "", "these days stand twice"),
        ("", "id,until,until\na,7,9\n", "the extensions.csv has two columns `until`"),
        ("", "id,until\nnobody,7\n", "'nobody' is nobody on the roster"),
        ("", "id,exercise,until\na,01,7\na,01,9\n", "row 3 column exercise: 'a' has two extensions for 01"),
        ("", "id,until\nnobody,7\na,soon\n", "2 things are wrong:\n- row 2 column id: 'nobody' is nobody"),
        ("", "id,until\na,soon\n", "'soon' is neither days nor a date"),
        ("", "id,until\na,1970-01-05\n", "is before 01-one is due anyway"),
    ],
)
def test_a_table_that_cannot_be_says_where_and_what_to_do(cohort, tmp_path, policy, extensions, words):
    with pytest.raises(PlaybookError) as raised:
        tables(cohort, tmp_path, policy, extensions)
    assert words in str(raised.value)
    assert "What to do" in str(raised.value)


def test_who_lost_points_by_being_late_reads_so_and_is_visited_for_that(cohort, tmp_path):
    """Once a page gave 0 of 4 points over two right answers, and the Monday sheet sent somebody to teach them."""
    apply(cohort.book, tables(cohort, tmp_path, policy=POLICY))
    visits = {one.trainee: one for one in cohort.sheet().visits}
    assert [why.words for why in visits["d"].whys] == [
        "chapter 1: 0 of 4 points (0%; late, the answers earned 4)"
    ]
    own = [one for one in standings(cohort.book) if one.trainee == "d"]
    pieces = [Piece(one, data, None, False) for one, data in results_of(cohort.book, own)]
    page = feedback_page("D", pieces, cohort.book.exercises())
    assert "0 of 4 points: it came late; the answers alone earned 4." in page
    assert "<strong>4 of 4 points.</strong>" in page  # chapter 3 keeps all
    [team] = teams(read_cohort(cohort.book))
    lacks = {one.trainee: one.lacks for one in team.members}
    assert lacks["d"] == ("1 · One: 0 of 4 points; late, the answers earned 4",)
