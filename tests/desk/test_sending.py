"""Feedback pages for re-upload, messages for chats, statements for a record store."""

import io
import json
import uuid
import zipfile
from dataclasses import replace

import pytest

from playbook.cases.roster import Enrolled, Roster
from playbook.desk.exports.comments import is_ours
from playbook.desk.exports.feedback_zip import back_name, feedback_zip
from playbook.desk.exports.messages import messages
from playbook.desk.exports.xapi import score, xapi
from playbook.errors import PlaybookError
from tests.desk.small import HINT, small_book, small_cohort

NUMBERS = {"001001": "84321", "001002": "84322", "001003": "84323"}


def moodle(trainee, name):
    return f"{name}_{NUMBERS[trainee]}_assignsubmission_file"


@pytest.fixture(scope="module")
def from_moodle(tmp_path_factory):
    with small_book(tmp_path_factory.mktemp("moodle"), moodle) as book:
        yield small_cohort(book)


@pytest.fixture(scope="module")
def from_elsewhere(tmp_path_factory):
    with small_book(tmp_path_factory.mktemp("plain")) as book:
        yield small_cohort(book)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("Li Wei_84321_assignsubmission_file/03.ipynb", ("Moodle", "Li Wei_84321_assignfeedback_file_")),
        (
            "a/Li Wei_84321_assignsubmission_file_/h.zip/03.ipynb",
            ("Moodle", "Li Wei_84321_assignfeedback_file_"),
        ),
        ("Li_Wei_84321_assignsubmission_file_03.ipynb", ("Moodle", "Li Wei_84321_assignfeedback_file_")),
        ("weili_340934_778812_03-entry.ipynb", ("Canvas", "weili_340934_778812_")),
        ("weili_LATE_340934_778812_hand-in.zip/03.ipynb", ("Canvas", "weili_LATE_340934_778812_")),
        ("001001/03.ipynb", None),
        ("001001/entry_2026_11_02.ipynb", None),
        ("001001/entry_2026_1102_final.ipynb", None),
        ("weili_2026_778812_03.ipynb", ("Canvas", "weili_2026_778812_")),
    ],
)
def test_the_name_to_send_back_comes_from_the_hand_ins_own(source, name):
    assert back_name(source) == name


def test_a_zip_for_moodle_holds_a_page_for_each_and_its_names_are_read_as_moodle_does(from_moodle):
    made = feedback_zip(from_moodle, ["03-entry-industries"])
    assert (made.platform, made.pages, made.left) == ("Moodle", 3, ())
    archive = zipfile.ZipFile(io.BytesIO(made.content))
    for name in archive.namelist():
        _full, number, kind, plugin, file = name.split("_", 4)
        assert number in NUMBERS.values()
        assert (kind, plugin, file) == ("assignfeedback", "file", "feedback.html")
    page = archive.read("Li Wei_84321_assignfeedback_file_feedback.html").decode()
    assert "10 of 12 points" in page
    assert "Base area" not in page
    told = []
    assert (
        made.content == feedback_zip(from_moodle, [], progress=lambda *how_far: told.append(how_far)).content
    )
    assert told == [("writing pages", done, 3) for done in (1, 2, 3)]


def test_a_zip_says_what_it_does_not_carry(from_moodle):
    pages, place = feedback_zip(from_moodle, []).cannot
    assert "carries pages and no marks" in pages
    assert place.startswith("Moodle takes it in the assignment")


def test_hand_ins_of_another_way_are_told(from_elsewhere):
    with pytest.raises(
        PlaybookError, match="none of these hand-ins was downloaded from Moodle or Canvas"
    ) as caught:
        feedback_zip(from_elsewhere, [])
    assert caught.value.remedy.startswith("grade the platform's download as it is")


def test_some_of_another_way_are_told_or_left(tmp_path):
    with small_book(tmp_path, lambda one, name: moodle(one, name) if one != "001002" else one) as book:
        with pytest.raises(PlaybookError, match="these hand-ins were not downloaded from Moodle: 001002"):
            feedback_zip(small_cohort(book), [])
        made = feedback_zip(small_cohort(book), [], partial=True)
        assert (made.pages, made.left) == (2, ("001002",))


def test_a_namesake_whose_name_has_more_in_brackets_gets_a_page(tmp_path):
    """李伟 and 李伟（销售） are both 李伟 on the platform; its number says whose each hand-in is."""
    with small_book(tmp_path, moodle) as book:
        cohort = small_cohort(book)
        others = [one for one in cohort.roster.trainees if one.id not in ("001001", "001002")]
        two = (Enrolled("001001", "Li Wei (Sales)"), Enrolled("001002", "Li Wei"))
        moved = [
            replace(one, source=one.source.replace("Wang Fang_84322", "Li Wei_84322"))
            for one in cohort.chosen
        ]
        made = feedback_zip(replace(cohort, chosen=moved, roster=Roster((*two, *others))), [], partial=True)
        assert not {"001001", "001002"} & set(made.left)


def test_a_page_never_goes_back_under_the_name_of_somebody_else(tmp_path):
    """Wang's notebook lay in Li's folder, was settled as Wang's, and Moodle gave Wang's page to Li."""
    with small_book(tmp_path, moodle) as book:
        cohort = small_cohort(book)
        moved = [
            replace(one, source=one.source.replace("Wang Fang_84322", "Li Wei_84329"))
            for one in cohort.chosen
        ]
        with pytest.raises(
            PlaybookError, match=r"Moodle would give the page .*: 001002 \(Li Wei\)\n"
        ) as caught:
            feedback_zip(replace(cohort, chosen=moved), [])
        assert caught.value.remedy == "send their pages another way, and the others with --partial"
        made = feedback_zip(replace(cohort, chosen=moved), [], partial=True)
        assert (made.pages, made.left) == (2, ("001002",))
        shared = [
            replace(one, source="Participant_84321_assignsubmission_file/x.ipynb") for one in cohort.chosen
        ]
        with pytest.raises(PlaybookError, match=r"two people's.*: 001001 \(Participant\), 001002 \(Par"):
            feedback_zip(replace(cohort, chosen=shared), [], partial=True)


def test_two_assignments_and_two_platforms_are_told(tmp_path):
    both = ("03-entry-industries", "04-base-area")
    with small_book(tmp_path, moodle, both) as book:
        cohort = small_cohort(book)
    first = cohort.chosen[0]
    other = first.source.replace("84321", "99999")
    twice = [
        first,
        type(first)(**{name: getattr(first, name) for name in first.__slots__} | {"source": other}),
    ]
    with pytest.raises(PlaybookError, match="hand-ins of more than one assignment: 001001") as caught:
        feedback_zip(type(cohort)(None, cohort.roster, twice, both), [])
    assert caught.value.remedy == "say which exercise with --exercise: each assignment has numbers of its own"
    mixed = [
        first,
        type(first)(**{n: getattr(first, n) for n in first.__slots__} | {"source": "weili_34_77_x.ipynb"}),
    ]
    with pytest.raises(PlaybookError, match="the hand-ins come from Canvas and Moodle"):
        feedback_zip(type(cohort)(None, cohort.roster, mixed, both), [])


def test_a_message_for_each_names_mark_hint_and_what_is_missing(from_elsewhere):
    parts = "".join(messages(from_elsewhere)).split("\n\n")
    assert parts[0] == f"@Li Wei\nChapter 3, Entry industries: 10 of 12 points. “Question 3”: {HINT}"
    assert "Chapter 3, Entry industries: Not graded yet: " in parts[2]
    assert parts[3].strip() == "@李娜\nChapter 3, Entry industries: not handed in yet."


def test_messages_to_namesakes_tell_them_apart(from_elsewhere):
    """Two messages began alike: whose mark is whose was anybody's guess."""
    two = Roster((*from_elsewhere.roster.trainees, Enrolled("001005", "Li  wei")))
    parts = "".join(messages(replace(from_elsewhere, roster=two))).split("\n\n")
    heads = [part.splitlines()[0] for part in parts if part.strip()]
    assert heads == ["@Li Wei (001001)", "@Wang Fang", "@Chen Jie", "@李娜", "@Li  wei (001005)"]


def test_a_message_reminds_of_no_chapter_that_nobody_has_begun(from_elsewhere):
    """Once each message of week one listed the thirteen chapters to come as not handed in."""
    assert "04-base-area" in from_elsewhere.exercises
    assert "Chapter 4" not in "".join(messages(from_elsewhere))


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("10 of 12 points. Well.", True),
        ("<p>7.5 of 12 points.</p>", True),
        ("Good: 10 of 12 points.", False),
        ("", False),
    ],
)
def test_a_comment_of_ours_is_known_again(text, ours):
    assert is_ours(text) is ours


def test_statements_say_completed_and_passed_with_whole_points_alone(from_elsewhere):
    from_elsewhere = type(from_elsewhere)(
        from_elsewhere.gradebook,
        from_elsewhere.roster,
        from_elsewhere.chosen,
        [],
        "https://course.example/",
        0.7,
    )
    statements = json.loads("".join(xapi(from_elsewhere)))
    assert [one["verb"]["id"].rpartition("/")[2] for one in statements] == [
        "completed",
        "passed",
        "completed",
        "failed",
    ]
    li, wang = statements[1], statements[3]
    assert li["actor"] == {
        "objectType": "Agent",
        "account": {"homePage": "https://course.example", "name": "001001"},
    }
    assert li["object"]["id"] == "https://course.example/03-entry-industries"
    assert li["result"] == {"success": True, "score": {"scaled": 0.8333, "raw": 10, "min": 0, "max": 12}}
    assert wang["result"] == {"success": False, "score": {"scaled": 0.625}}
    assert li["timestamp"] == "2023-11-14T22:13:20Z"
    assert "score" not in statements[0]["result"]
    assert len({uuid.UUID(one["id"]) for one in statements}) == 4
    assert "".join(xapi(from_elsewhere)) == "".join(xapi(from_elsewhere))
    assert "Li Wei" not in "".join(xapi(from_elsewhere))


def test_a_score_that_changes_is_another_statement(from_elsewhere):
    """10 of 12 became 10 of 14 under the same id, and a store that has the first refuses the whole file."""
    first = from_elsewhere.chosen[0]
    sets = []
    for one in (first, replace(first, max_points=14.0)):
        cohort = replace(from_elsewhere, chosen=[one], site="https://course.example")
        sets.append({said["id"]: said for said in json.loads("".join(xapi(cohort)))})
    assert len(sets[0].keys() | sets[1].keys()) == 3
    assert all(sets[0][one] == sets[1][one] for one in sets[0].keys() & sets[1].keys())


def test_half_points_stand_in_the_scaled_score_alone():
    assert score(7.5, 12) == {"scaled": 0.625}
    assert score(0, 0) == {"scaled": 0.0, "raw": 0, "min": 0, "max": 0}


def test_statements_without_the_courses_address_are_refused(from_elsewhere):
    with pytest.raises(
        PlaybookError, match="xAPI names exercises by their address, and none was given"
    ) as caught:
        "".join(xapi(from_elsewhere))
    assert caught.value.remedy.startswith("add --site https://")
    nowhere = type(from_elsewhere)(None, from_elsewhere.roster, [], [], "https://")
    with pytest.raises(PlaybookError, match="'https://' is no address of a site"):
        "".join(xapi(nowhere))
