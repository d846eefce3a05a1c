"""What people wrote who read free text: nothing is overwritten, and it counts wherever points are told."""

import dataclasses

import pytest
import sqlalchemy as sa

from playbook.errors import PlaybookError
from playbook.gradebook import schema
from playbook.gradebook.reviews import Judged, standing
from playbook.gradebook.standing import results_of, standings
from tests.gradebook.reading import EXERCISE, hand_in, read_book, read_text


@pytest.fixture
def book(tmp_path):
    book = read_book(tmp_path)
    yield book
    book.close()


def points_of(book, trainee="t1", policy="last"):
    """Somebody's points in the three places that tell them: standing, result, and its questions."""
    one = next(one for one in standings(book, policy) if one.trainee == trainee)
    [(_one, data)] = results_of(book, [one])
    rows = [row for row in book.questions() if row.mark == one.mark]
    assert one.points == data["points"] == sum(row.points for row in rows)
    return one.points


def question(book, name="decision", trainee="t1"):
    one = next(one for one in standings(book) if one.trainee == trainee)
    [(_one, data)] = results_of(book, [one])
    return next(one for one in data["questions"] if one["question"] == name)


def test_a_text_keeps_the_points_of_its_form_until_somebody_has_read_it(book):
    assert points_of(book) == 6
    book.review(read_text(book), "Wang Fang", 0.5, "Which month?")
    assert points_of(book) == 5.5
    assert points_of(book, "t2") == 6
    told = question(book)
    assert (told["outcome"], told["points"]) == ("partial", 0.5)
    assert told["message"] == "A person has read it: Which month?"
    assert told["read"] == {"reader": "Wang Fang", "comment": "Which month?", "before": 1.0}


def test_each_judgement_is_a_row_of_its_own_and_the_latest_stands(book):
    for points in (0, 1, 0.5):
        book.review(read_text(book), "Wang Fang", points)
    assert [row.points for row in book.reviews()] == [0, 1, 0.5]
    assert points_of(book) == 5.5


def test_taking_back_is_a_row_too_and_the_judgement_before_stands_again(book):
    book.review(read_text(book), "Wang Fang", 0)
    later = book.review(read_text(book), "Wang Fang", 0.5)
    book.withdraw(later, "wang  fang")
    assert points_of(book) == 5
    [first, _second, back] = book.reviews()
    assert (back.points, back.withdraws) == (None, later)
    book.withdraw(first.id, "Wang Fang")
    assert points_of(book) == 6
    assert len(book.reviews()) == 4
    assert question(book)["message"] == "Form"


def test_a_judgement_is_taken_back_once_and_by_its_reader(book):
    given = book.review(read_text(book), "Wang Fang", 0)
    with pytest.raises(PlaybookError) as theirs:
        book.withdraw(given, "Li Na")
    assert str(theirs.value) == (
        f"row {given} of the reviews: there is no such judgement of Li Na\n"
        "What to do: open the page again: somebody has taken it back"
    )
    book.withdraw(given, "Wang Fang")
    with pytest.raises(PlaybookError, match="no such judgement of Wang Fang"):
        book.withdraw(given, "Wang Fang")


def test_a_judgement_holds_for_the_same_text_in_a_later_notebook_and_no_other(book, tmp_path):
    book.review(read_text(book), "Wang Fang", 0)
    hand_in(book, tmp_path, "t1", 2)
    assert points_of(book) == 5
    hand_in(book, tmp_path, "t1", 3, {"decision": "Something else, because 12 firms export there."})
    assert points_of(book) == 6
    assert points_of(book, policy="best") == 6
    hand_in(book, tmp_path, "t2", 2, {"decision": read_text(book).text})
    assert points_of(book, "t2") == 6  # somebody else's judgement is nobody's own


def test_a_judgement_holds_when_the_attempt_is_graded_again_and_ends_with_the_questions_worth(book, tmp_path):
    book.review(read_text(book), "Wang Fang", 0.5)
    hand_in(book, tmp_path, "t1", 1, master="mended")
    assert points_of(book) == 5.5
    hand_in(book, tmp_path, "t1", 1, master="mended again", points=2.0)
    assert points_of(book) == 8


def test_the_best_attempt_is_the_best_as_it_was_read(book, tmp_path):
    book.review(read_text(book), "Wang Fang", 0)
    hand_in(book, tmp_path, "t1", 2, {"decision": "Other words, because 12 firms export.", "against": ""})
    [one] = [one for one in standings(book, "best") if one.trainee == "t1"]
    assert (one.number, one.points) == (1, 5)  # of equals the earliest


def test_result_files_are_stale_as_soon_as_a_comment_changes(book):
    stamps = set()
    for comment in ("Which month?", "Which month, which year?"):
        book.review(read_text(book), "Wang Fang", 0.5, comment)
        stamps.add(next(one.stamp for one in standings(book) if one.trainee == "t1"))
    assert len(stamps) == 2


def test_a_second_reader_moves_no_mark(book):
    book.review(read_text(book), "Wang Fang", 0.5)
    book.review(read_text(book), "Li Na", 0, second=True)
    assert points_of(book) == 5.5
    assert [row.reader for row in standing(book.reviews(), True).values()] == ["Li Na"]


def test_an_answer_has_one_first_reader(book):
    book.review(read_text(book), "Wang Fang", 1)
    with pytest.raises(PlaybookError) as error:
        book.review(read_text(book), "Li Na", 0)
    assert str(error.value) == (
        f"{EXERCISE}, decision: Wang Fang has judged this answer already\n"
        "What to do: go on to the next one; to read it as well, use --second"
    )


@pytest.mark.parametrize("first", [None, "li na"])
def test_a_second_reader_is_another_one_and_comes_second(book, first):
    if first:
        book.review(read_text(book), first, 1)
    with pytest.raises(PlaybookError) as error:
        book.review(read_text(book), "Li Na", 0, second=True)
    assert str(error.value) == (
        f"{EXERCISE}, decision: nobody else has judged this answer first\n"
        "What to do: leave --second out, or go on to the next one"
    )


def test_an_answer_has_one_second_reader(book):
    book.review(read_text(book), "Wang Fang", 1)
    book.review(read_text(book), "Li Na", 0, second=True)
    with pytest.raises(PlaybookError) as error:
        book.review(read_text(book), "Chen Jie", 0, second=True)
    assert str(error.value) == (
        f"{EXERCISE}, decision: Li Na has judged this answer already\nWhat to do: go on to the next one"
    )


@pytest.mark.parametrize("points", [-0.5, 0.25, 1.5, float("nan")])
def test_points_are_halves_within_what_the_question_is_worth(book, points):
    with pytest.raises(PlaybookError) as error:
        book.review(read_text(book), "Wang Fang", points)
    assert str(error.value) == (
        f"{EXERCISE}, decision: {points:g} points cannot be given here\n"
        "What to do: give half points, from 0 to 1"
    )
    assert book.reviews() == []


def test_an_answer_whose_hand_in_is_gone_is_told(book):
    text = dataclasses.replace(read_text(book), mark=9_999)
    with pytest.raises(PlaybookError) as error:
        book.review(text, "Wang Fang", 1)
    assert str(error.value) == (
        f"{EXERCISE}, decision: this answer's hand-in is no longer in the gradebook\n"
        "What to do: end this command and start it again: it shows what is there now"
    )


def test_a_comment_has_an_end(book):
    with pytest.raises(PlaybookError) as error:
        book.review(read_text(book), "Wang Fang", 1, "x" * 2_001)
    assert str(error.value) == (
        f"{EXERCISE}, decision: the comment has 2001 characters\nWhat to do: write 2000 at the most"
    )


@pytest.mark.parametrize("name", ["", "  ", "...", "x" * 81])
def test_a_reader_has_a_name(book, name):
    with pytest.raises(PlaybookError) as error:
        book.review(read_text(book), name, 1)
    assert str(error.value) == (
        f"the gradebook keeps who has read an answer, and {name[:80]!r} is no name\n"
        'What to do: say who you are in at most 80 characters: --reader "Wang Fang"'
    )


def test_a_gradebook_from_before_gets_the_table_and_keeps_its_marks(book, tmp_path):
    from playbook.gradebook.gradebook import Gradebook

    book.close()
    engine = sa.create_engine(f"sqlite:///{tmp_path}/gradebook.sqlite")
    with engine.begin() as connection:
        schema.reviews.drop(connection)
    engine.dispose()
    with Gradebook(tmp_path / "gradebook.sqlite") as again:
        assert points_of(again) == 6
        again.review(read_text(again), "Wang Fang", 0)
        assert points_of(again) == 5


@pytest.mark.parametrize(
    ("points", "said"), [(0.5, "ask your instructor what"), (1.0, "A person has read it.")]
)
def test_points_taken_without_a_comment_leave_something_to_do(points, said):
    """Once "0.5 points to gain: A person has read it." was all that a trainee got to work with."""
    assert said in Judged(points, 1.0, 1.0, "", "Wang Fang").message
