"""The example cohort, graded as a cohort is: what was planted stands on the Monday sheet."""

import pytest

from playbook.authoring.master import find_masters
from playbook.cases.roster_file import read_roster
from playbook.desk.analysis import analyse
from playbook.desk.monday import monday
from playbook.desk.reading import read_cohort
from playbook.desk.report import commonest_wrong, report_page
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.result import GRADED
from playbook.grading.crew import LocalCrew
from playbook.grading.grade import grade_pending, masters_by_id, plan_grading
from playbook.grading.marker import Marker
from playbook.submissions.hand_in import find_hand_ins
from tests.grading.fuzz import check_harmless
from tests.shared import forty

EXERCISE = "00-first-notebook"

pytestmark = [pytest.mark.slow, pytest.mark.long, pytest.mark.sandbox]


@pytest.fixture(scope="module")
def graded(warm_runner, tmp_path_factory):
    """Forty people's first chapter, graded."""
    folder = tmp_path_factory.mktemp("forty")
    forty.write(folder, [EXERCISE])
    masters = masters_by_id(find_masters(names=[EXERCISE]))
    roster = read_roster(folder / "roster.csv")
    marker = Marker(masters, "s", folder / "prepared", roster=roster)
    with Gradebook(folder / "g.sqlite") as book:
        book.keep_roster(roster)
        book.keep_exercises(masters.values())
        found = find_hand_ins(folder / "submissions", [EXERCISE], roster=roster)
        grade_pending(plan_grading(found.hand_ins, book, marker), book, LocalCrew(marker, warm_runner))
        reading = read_cohort(book)
        analysis = analyse(book, reading=reading)
        yield reading, analysis, monday(book, reading, analysis, masters.get)


def rows_of(reading):
    return [row for _one, rows in reading.marked(EXERCISE) for row in rows]


def test_everybody_is_graded_and_who_never_began_is_visited(graded):
    _reading, analysis, sheet = graded
    assert (analysis.graded, analysis.not_graded) == (39, 0)
    assert [one.trainee for one in sheet.visits if one.whys[0].words == "has handed nothing in"] == ["E1016"]


def test_the_planted_slip_is_the_lesson_with_the_way_that_they_took(graded):
    _reading, _analysis, sheet = graded
    [share] = [one for one in sheet.lessons if one.trouble.question == "share"]
    assert "1,000 times too large" in share.ways[0].did
    assert share.ways[0].people >= 6
    assert share.step
    assert share.board


def test_no_wrong_answer_is_left_without_a_word(graded):
    reading, analysis, _sheet = graded
    assert all(row["way"].did for row in commonest_wrong(analysis.troubles))
    missed = [row for row in rows_of(reading) if row.points < row.max_points]
    assert {row.question for row in missed} == {one.question for one in analysis.troubles}
    assert all(row.did for row in missed)


def test_a_share_of_a_wrong_count_is_no_miss_of_its_own(graded):
    reading, _analysis, _sheet = graded
    follows = {row.follows for row in rows_of(reading) if row.question == "share" and row.did}
    assert follows == {"", "prospects"}


def test_everybody_below_sixty_per_cent_is_named(graded):
    reading, _analysis, sheet = graded
    assert {one.trainee for one in reading.chosen if one.status == GRADED and one.share < 0.6} <= {
        one.trainee for one in sheet.visits
    }


def test_its_page_is_harmless(graded):
    _reading, analysis, sheet = graded
    check_harmless("".join(report_page(analysis, sheet)))
