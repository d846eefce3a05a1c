"""Reading free text: which texts are whose, what comes next, and a second reader who knows nothing of the first."""

import html

import pytest

from playbook.authoring.master import find_masters
from playbook.desk.review.agreement import agreements, pairs, weighted_kappa
from playbook.desk.review.page import review_page
from playbook.desk.review.sitting import Sitting
from playbook.desk.review.texts import questions_of, texts_to_read
from playbook.errors import PlaybookError
from tests.gradebook.reading import EXERCISE, PEOPLE, hand_in, read_text, text_of

WANG, LI = "Wang Fang", "Li Na"


@pytest.fixture(scope="module")
def masters():
    return find_masters(names=[EXERCISE])


@pytest.fixture
def sit(book, masters):
    """Gives a reader's sitting."""
    return lambda reader=WANG, second=False: Sitting(book, texts_to_read(book, masters), reader, second)


def page_of(sitting, place):
    return review_page(sitting, place, "/token", "nonce")


def test_all_answers_to_one_question_come_together_and_in_an_order_that_names_nobody(book, masters):
    texts = texts_to_read(book, masters)
    assert [one.read.question for one in texts] == ["decision"] * 3 + ["against"] * 3
    digests = [one.read.key.digest for one in texts]
    assert digests == [*sorted(digests[:3]), *sorted(digests[3:])]
    assert {one.read.text for one in texts[:3]} == {text_of(one, "decision") for one in PEOPLE}


def test_only_the_attempt_that_counts_is_read_and_nothing_is_asked_about_an_empty_answer(
    book, masters, tmp_path
):
    hand_in(book, tmp_path, "t1", 2, {"decision": "Later words, because 12 firms export.", "against": ""})
    texts = texts_to_read(book, masters)
    assert [one.read.text for one in texts if one.read.trainee == "t1"] == [
        "Later words, because 12 firms export."
    ]


def test_every_text_that_the_course_asks_for_can_be_read(root):
    masters = find_masters(root / "exercises")
    asked = [one for master in masters for one in questions_of(master)]
    notes = [(m.id, q.id) for m in masters for q in m.questions if q.kind.name == "note"]
    assert [(one.exercise, one.question) for one in asked] == notes
    assert len(notes) > 20
    for one in asked:
        assert len(one.prose) > 60, one
        assert "## " not in one.prose
        assert "{" not in one.prose
        assert len(one.review) == 3
    assert all(q.playbook for m in masters for q in m.questions if q.kind.name == "note")


def test_what_was_judged_comes_no_more_until_all_are_through(sit):
    sitting = sit()
    assert (sitting.done, sitting.next_open()) == (0, 1)
    sitting.keep(1, 0.5, "Which month?")
    sitting.keep(3, 1)
    assert (sitting.done, sitting.next_open(1), sitting.next_open(3)) == (2, 2, 4)
    for place in (2, 4, 5, 6):
        sitting.keep(place, 1)
    assert sitting.next_open(6) is None


def test_another_sitting_goes_on_where_the_reader_stopped(sit):
    sit().keep(1, 0.5, "Which month?")
    again = sit("wang fang ")
    assert (again.done, again.next_open(), again.own(1).comment) == (1, 2, "Which month?")


def test_the_same_judgement_is_not_written_twice(book, sit):
    sitting = sit()
    for comment in ("Well said", "Well said "):
        sitting.keep(1, 1, comment)
    assert len(book.reviews()) == 1


def test_undo_goes_back_through_what_this_reader_gave(sit):
    sitting = sit()
    sitting.keep(2, 1)
    sitting.keep(5, 0)
    sitting.keep(2, 0.5)
    assert [sitting.undo(), sitting.own(2).points] == [2, 1]
    assert [sitting.undo(), sitting.own(5)] == [5, None]
    assert [sitting.undo(), sitting.undo(), sitting.done] == [2, None, 0]


def test_undo_touches_nothing_of_another_reader(book, sit):
    sit(LI).keep(1, 0)
    assert sit(WANG).undo() is None
    assert len(book.reviews()) == 1


def test_a_first_reader_is_not_shown_what_somebody_else_has_judged(sit):
    sit(LI).keep(1, 0)
    assert len(sit(WANG).texts) == 5
    assert len(sit(LI).texts) == 6


def test_two_first_readers_at_one_answer_are_told_who_was_quicker(sit):
    slow, quick = sit(WANG), sit(LI)
    quick.keep(1, 0)
    with pytest.raises(PlaybookError, match=f"{LI} has judged this answer already"):
        slow.keep(1, 1)


def test_two_first_readers_side_by_side_both_come_to_an_end(sit):
    slow, quick = sit(WANG), sit(LI)
    quick.keep(1, 0)
    quick.keep(3, 1, "Well said")
    slow.keep(2, 1)
    assert slow.next_open(2) == 4
    assert "Well said" not in repr(vars(slow))
    for place in (4, 5, 6):
        slow.keep(place, 1)
    assert (slow.next_open(6), slow.done) == (None, 4)
    quick.undo()
    slow.keep(6, 0.5)
    assert slow.next_open(6) == 3


def test_a_second_reader_is_not_led_back_to_what_the_first_has_taken_back(sit):
    first = sit(WANG)
    for place in (1, 2):
        first.keep(place, 1)
    second = sit(LI, second=True)
    first.undo()
    second.keep(1, 1)
    assert second.next_open(1) is None


def test_a_second_reader_reads_what_another_one_has_judged(sit):
    first = sit(WANG)
    first.keep(1, 0)
    first.keep(4, 0)
    assert sit(WANG, second=True).texts == []
    second = sit(LI, second=True)
    assert [one.read for one in second.texts] == [first.texts[0].read, first.texts[3].read]
    second.keep(1, 1)
    assert [len(sit(LI, second=True).texts), len(sit("Chen Jie", second=True).texts)] == [2, 1]


def test_no_page_of_a_second_reader_tells_what_the_first_gave_or_who_it_was(sit, book, masters):
    sit(WANG).keep(1, 0.5, "Which month?")
    sit(LI, second=True)
    waiting, untouched = sit(LI, second=True), sit("Chen Jie")
    page = page_of(waiting, 1)
    assert "Which month?" not in page
    assert WANG not in page
    assert "required checked" not in page
    assert waiting.own(1) is None
    # what the check of the form said is not told where a reader's words have taken its place
    assert "A person has read it" not in page
    # and the page is the same, whatever the first reader gave
    before = page
    sit(WANG).keep(1, 1, "No, this is well said")
    assert page_of(sit(LI, second=True), 1) == before
    assert untouched.done == 0


def test_no_page_names_who_wrote(sit):
    page = page_of(sit(), 1)
    author = sit().texts[0].read.trainee
    body = page.replace(text_of(author, "decision"), "")
    assert author not in body
    assert f"Name of {author}" not in page


def test_what_trainees_wrote_and_readers_typed_is_escaped(book, masters, tmp_path):
    hostile = "</blockquote></textarea><script>alert(1)</script><img src=x onerror=alert(2)>'\"&{{ 7*7 }}`x`"
    hand_in(book, tmp_path, "t1", 2, {"decision": hostile})
    texts = [one for one in texts_to_read(book, masters) if one.read.text == hostile]
    sitting = Sitting(book, texts, "<b>Wang</b>")
    page = review_page(sitting, 1, "/token", "nonce", said=hostile, typed=("1", hostile))
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "<b>Wang" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 3
    assert page.count("<script") == 1
    assert "{{ 7*7 }}" in page


def test_a_page_loads_nothing_and_runs_its_own_script_alone(sit):
    page = page_of(sit(), 1)
    assert "default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-nonce'" in html.unescape(page)
    assert "http" not in page.replace("http-equiv", "")
    assert " src=" not in page
    assert "onclick" not in page


def test_one_answer_is_one(sit):
    sitting = sit()
    del sitting.texts[1:]
    assert "The one answer is judged" in page_of(sitting, None)


def test_the_page_offers_half_points_with_their_keys_and_shows_what_was_asked(sit, masters):
    page = " ".join(page_of(sit(), 1).split())
    for halves, points in ((0, "0"), (1, "0.5"), (2, "1")):
        assert f'value="{halves}" required> {points} <kbd>{halves}</kbd>' in page
    assert "Which section do you enter first, and what carries the decision?" in page
    assert "Somebody who does not know the course would have understood it." in page
    assert "On how many deals does the win rate rest" in page


def judge_twice(sit, marks):
    """Let two people judge the first answers; `marks` are pairs of points."""
    for reader, which in ((WANG, 0), (LI, 1)):
        sitting = sit(reader, second=bool(which))
        for place, points in enumerate(marks, 1):
            sitting.keep(place, points[which], f"{reader} says {points[which]:g}")


def test_agreement_is_told_by_question_and_over_all(book, sit):
    judge_twice(sit, [(1, 1), (0.5, 0), (0, 0), (1, 0.5)])
    found = pairs(book.reviews())
    assert sorted(one.points for one in found) == [(0, 0), (0.5, 0), (1, 0.5), (1, 1)]
    rows = agreements(found)
    assert [(one.question, one.answers, one.equal) for one in rows] == [
        ("against", 1, 0),
        ("decision", 3, 2),
        ("", 4, 2),
    ]
    assert rows[-1].share == 0.5
    assert pairs(book.reviews(), ["04-base-area"]) == []


def test_what_the_first_reader_changes_afterwards_makes_nobody_agree(book, sit):
    judge_twice(sit, [(0, 1)])
    sit(WANG).keep(1, 1, "We have talked")
    [one] = pairs(book.reviews())
    assert one.points == (0, 1)
    assert sit(LI, second=True).undo() == 1
    assert pairs(book.reviews()) == []
    sit(LI, second=True).keep(1, 1)
    assert [one.points for one in pairs(book.reviews())] == [(1, 1)]


def test_a_mark_that_the_first_reader_takes_back_is_compared_as_it_was_given(book):
    first = book.review(read_text(book), WANG, 1)
    book.review(read_text(book), LI, 1, second=True)
    book.withdraw(first, WANG)
    book.review(read_text(book), LI, 0)  # who is the first reader now agrees with nobody but Wang Fang
    assert [(one.readers, one.points) for one in pairs(book.reviews())] == [((WANG, LI), (1, 1))]
    assert agreements([]) == []


MARKS = [
    [(1, 1), (0.5, 0), (0, 0), (1, 0.5), (0.5, 0.5), (0, 1)],
    [(0, 1), (1, 0), (0.5, 1), (1, 0.5)],
    [(0.5, 0.5), (0, 0), (1, 1)],
    [(0, 0)] * 5 + [(0, 0.5), (1, 0.5)],
]


@pytest.mark.slow
@pytest.mark.parametrize("marks", MARKS)
def test_kappa_is_that_of_a_second_opinion(marks):
    from sklearn.metrics import cohen_kappa_score

    first, second = zip(*[(2 * one, 2 * other) for one, other in marks], strict=True)
    theirs = cohen_kappa_score(first, second, weights="linear", labels=[0, 1, 2])
    assert weighted_kappa(marks) == pytest.approx(theirs)


def test_kappa_has_no_value_where_chance_alone_gives_equal_marks():
    assert weighted_kappa([(1, 1), (1, 1)]) is None
    assert weighted_kappa([]) is None
