"""Three questions for a defence: the weakest place, the number nearest to its limit, and the month without cash."""

from types import SimpleNamespace

from playbook.certifying.evidence import Chapter, Evidence
from playbook.certifying.questions import three_questions
from playbook.chapters.defence.answers import gather
from playbook.chapters.defence.finding import Finding, Severity
from playbook.chapters.defence.rules import Checked

CLEAN = Checked((), (), ())


def chapter(number, share, title="X"):
    return Chapter(number, f"{number:02d}-x", title, share=share, graded=True)


def test_the_most_serious_finding_is_asked_about_first():
    finding = Finding(7, Severity.STOP, "Nobody works in Luhe.", "Give it to a group.", (4,), 4)
    first = three_questions(Evidence("t1"), Checked((finding,), (), ()), None)[0]
    assert first.ask == "Nobody works in Luhe. What do you say to that, and what would you change first?"
    assert first.why == "Rule 7 (stop), chapter 4."
    assert first.listen == "Give it to a group."


def test_without_a_finding_the_chapter_with_the_fewest_points_is_asked_about():
    chapters = {2: chapter(2, 0.9), 6: chapter(6, 0.7, "Competitors"), 0: chapter(0, 0.1)}
    first = three_questions(Evidence("t1", chapters=chapters), CLEAN, None)[0]
    assert first.ask == (
        "Your section on Competitors is the weakest. Which of its numbers would you not sign, and what hangs on it?"
    )
    assert first.why == "Chapter 6 has the fewest points: 70%."
    assert first.listen == "A number of that section, where it comes from, and which other section uses it."


def test_who_has_no_mark_yet_is_asked_for_what_is_missing():
    first, second, third = three_questions(Evidence("t1"), None, None)
    assert first.ask == "Which section of your plan would you not sign today, and what is missing in it?"
    assert (first.why, first.listen) == (
        "No chapter is graded yet.",
        "A section by name, and the number that is missing.",
    )
    assert second.ask == "Which number of your plan would change your mind, and from which value on?"
    assert second.why == "No number of the plan can be held against its limit yet."
    assert third.ask == (
        "It is month 9, and cash stands at CNY −3 million. What do you stop, and who hears of it first?"
    )
    assert (third.why, third.listen) == (
        "Every plan is asked this.",
        "One thing that is stopped, with its saving, and one that is not.",
    )


def test_the_number_nearest_to_its_limit_is_asked_about():
    city = SimpleNamespace(usual={"move_months": 18.0})

    def second(payback, offer):
        plan = gather({12: {"payback": payback}, 9: {"offer": offer}})
        return three_questions(Evidence("t1", plan=plan), CLEAN, city)[1]

    assert second(10.3, 5.6).ask == (
        "A customer is paid back after 10.3 months; up to 18 the number is green. Which number of your plan would "
        "change your mind, and from which value on?"
    )
    assert second(10.3, 5.6).why == "Of the plan's numbers this one is nearest to its limit."
    assert second(10.3, 5.6).listen == "A number with its limit, and who would see it first."
    assert second(10.3, 17).ask.startswith(
        "A veteran's move is earned back after 17.0 months, and the package runs for 18."
    )
