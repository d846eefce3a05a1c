"""A manager's view: who is ready, nearly, not yet; each with the City Playbook."""

import pytest

from playbook.cases.roster import Enrolled, Roster
from playbook.desk.reading import read_cohort
from playbook.desk.teams import teams, write_teams
from playbook.gradebook.records import GradedExercise
from tests.desk.by_hand import Cohort, question
from tests.grading.fuzz import NASTY


@pytest.fixture
def cohort(tmp_path):
    made = Cohort(tmp_path / "g.sqlite")
    names = [f"0{n}-ex" for n in range(3)]
    made.book.keep_exercises([GradedExercise(name, n, f"Title {n}", 2) for n, name in enumerate(names)])
    people = [("a", "North 1"), ("b", "North 1"), ("c", "North 1"), ("d", "South"), ("e", "South")]
    made.book.keep_roster(
        Roster(tuple(Enrolled(one, one.upper(), "wuxi", {}, team, team[:5]) for one, team in people))
    )
    for name in names:
        made.hand_in("a", [question("q")], exercise=name, city="wuxi")
        made.hand_in(
            "b", [question("q", "other" if name == "01-ex" else "", "3")], exercise=name, city="wuxi"
        )
        if name == "00-ex":
            made.hand_in("c", [question("q")], exercise=name, city="wuxi")
            made.hand_in("d", [question("q")], exercise=name, city="wuxi")
    yield made
    made.book.close()


def test_everybody_stands_in_one_of_three_states_with_what_is_still_to_do(cohort):
    north, south = teams(read_cohort(cohort.book))
    assert [(one.trainee, one.state) for one in north.members] == [
        ("a", "ready"),
        ("b", "nearly"),
        ("c", "not yet"),
    ]
    assert north.of("nearly")[0].lacks == ("1 · Title 1: 0 of 2 points",)
    assert north.of("not yet")[0].lacks == ("1 · Title 1: not handed in", "2 · Title 2: not handed in")
    assert [(one.trainee, one.state, one.last) for one in south.members][1] == ("e", "not yet", None)


def test_nobody_is_nearly_ready_who_has_begun_nothing(cohort):
    _north, south = teams(read_cohort(cohort.book))
    assert south.of("nearly") == []


def test_a_team_has_a_page_that_names_no_wrong_answer_and_links_city_playbooks(cohort, tmp_path):
    written = write_teams(cohort.book, read_cohort(cohort.book), tmp_path / "teams", [])
    assert [path.name for path in written] == ["index.html", "North North 1.html", "South South.html"]
    page = written[1].read_text(encoding="utf-8")
    assert "Ready (1)" in page
    assert "1 · Title 1: 0 of 2 points" in page
    assert "Title of q" not in page
    assert "North%20North%201.html" in written[0].read_text(encoding="utf-8")


def test_names_of_teams_are_shown_and_never_run(cohort, tmp_path):
    cohort.book.keep_roster(Roster((Enrolled("a", NASTY[0], "", {}, NASTY[0], "../../x"),)))
    written = write_teams(cohort.book, read_cohort(cohort.book), tmp_path / "teams", [])
    assert all(path.parent == tmp_path / "teams" for path in written)
    assert "<script>" not in written[1].read_text(encoding="utf-8")


def test_a_trainee_without_a_team_is_in_one_without_a_name(tmp_path):
    made = Cohort(tmp_path / "g.sqlite")
    made.hand_in("a", [question("q")])
    [team] = teams(read_cohort(made.book))
    assert (team.called, team.file) == ("Everyone", "everyone.html")
    made.book.close()


def test_two_teams_never_share_a_page(cohort, tmp_path):
    """Once the page of one team was written over that of another whose name differs in a wide blank, and a team
    called "index" lost its page to the list."""
    people = [
        ("a", "", "index"),
        ("b", "North", "1"),
        ("c", "", "North 1"),
        ("d", "华东", "一部 a"),
        ("e", "华东", "一部　A"),
    ]
    cohort.book.keep_roster(
        Roster(tuple(Enrolled(one, one.upper(), "wuxi", {}, team, region) for one, region, team in people))
    )
    found = teams(read_cohort(cohort.book))
    written = write_teams(cohort.book, read_cohort(cohort.book), tmp_path / "teams", [])
    assert len({path.name.casefold() for path in written}) == 1 + len(people)
    for team in found:
        page = (tmp_path / "teams" / team.file).read_text(encoding="utf-8")
        assert f'<th scope="row">{team.members[0].name}</th>' in page
        assert "1 person ·" in page


def test_who_has_no_team_beside_others_who_have_is_not_everyone(cohort):
    cohort.book.keep_roster(Roster((Enrolled("a", "A", team="North"), Enrolled("b", "B"))))
    assert {one.called for one in teams(read_cohort(cohort.book))} == {"North", "Without a team"}


def test_who_handed_nothing_in_has_no_share(cohort, tmp_path):
    written = write_teams(cohort.book, read_cohort(cohort.book), tmp_path / "teams", [])
    page = written[2].read_text(encoding="utf-8")
    assert page.partition(">E</th>")[2].partition("</tr>")[0].count('class="number">–</td>') == 1


@pytest.mark.browser
@pytest.mark.slow
def test_no_city_and_no_day_is_broken_in_two(cohort, tmp_path, chromium_browser):
    """Once a long list of what is to do left a city four letters a line."""
    names = [f"0{n}-ex" for n in range(3)]
    title = "A chapter with a title that takes much room"
    cohort.book.keep_exercises([GradedExercise(name, n, title, 2) for n, name in enumerate(names)])
    path = write_teams(cohort.book, read_cohort(cohort.book), tmp_path / "teams", [])[1]
    with chromium_browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        page.goto(path.as_uri())
        lines = page.evaluate(
            """[...document.querySelectorAll('[data-label="City"], [data-label="Last hand-in"]')].map(one => {
            const range = document.createRange(); range.selectNodeContents(one); return range.getClientRects().length; })"""
        )
    assert set(lines) == {1}
