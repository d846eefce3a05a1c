"""The check in the notebook: what a trainee sees, and that nothing stops it."""

import json

import pandas as pd
import pytest

from playbook import open_case, open_exercise
from playbook.errors import PlaybookError
from playbook.exercises.check import RECORD
from playbook.exercises.view import RESULT_MIME
from tests.exercises.test_plain import Leaves, Refuses


@pytest.fixture
def check(sealed_folder, capsys):
    open_case("your name or staff number")
    capsys.readouterr()
    return open_exercise("99-mini")


@pytest.fixture
def right(mini, jinhua):
    from playbook.authoring import run_master

    return run_master(mini, jinhua).expected


def test_a_right_answer_is_told_with_the_points_so_far(check, right, capsys):
    check("prospects", right["prospects"])
    said = capsys.readouterr().out
    assert "✓ Prospects: Right" in said
    assert "So far: 2 of 6 points" in said


def test_a_typical_wrong_answer_gets_its_hint(check, right, capsys):
    check("prospects", right["prospects"] + 1)
    assert "Hint: You counted the header too." in capsys.readouterr().out


def test_an_untouched_starter_is_not_answered_yet(check, capsys):
    check("prospects", ...)
    assert "Not answered yet. Replace the `...` behind `prospects =`." in capsys.readouterr().out


def test_a_function_is_called_on_arguments_that_come_with_the_seal(check, capsys):
    check("density", lambda have, need: have / need)
    assert "Right" in capsys.readouterr().out
    check("density", lambda have, need: need / have)
    assert "Turn the fraction round." in capsys.readouterr().out


def test_a_judgement_is_recorded_without_right_or_wrong(check, capsys):
    check("enter", "G")
    said = capsys.readouterr().out
    assert "Recorded" in said
    assert "Trade buys little" not in said
    assert "So far: 0 of 6 points; up to 1 more when you hand in" in said
    check("enter", "Z")
    assert "not among the choices" in capsys.readouterr().out


def test_an_unknown_question_is_told_the_nearest(check, capsys):
    check("prospect", 3)
    assert "Do you mean 'prospects'?" in capsys.readouterr().out


def test_name_and_answer_may_be_swapped(check, right, capsys):
    check(right["prospects"], "prospects")
    assert "Right" in capsys.readouterr().out


def test_without_a_name_it_says_how(check, capsys):
    check(3, 4)
    assert 'check("name", answer)' in capsys.readouterr().out


def test_passing_again_does_not_add_points_twice(check, right, capsys):
    check("prospects", right["prospects"])
    check("prospects", right["prospects"])
    assert "So far: 2 of 6 points" in capsys.readouterr().out.splitlines()[-1]


@pytest.mark.slow
@pytest.mark.parametrize(
    "make",
    [
        Refuses,
        Leaves,
        lambda: (n for n in range(3)),
        lambda: pd.DataFrame({"a": range(300_000)}),
        lambda: float("nan"),
        lambda: pd.Series([1, 2])[0],
        lambda: "12",
        lambda: Refuses,
        lambda: lambda: 1 / 0,
        lambda: pd.DataFrame({("a", "b"): [1]}),
        lambda: pd.DataFrame([[1, 2]], columns=["section", "section"]),
    ],
)
@pytest.mark.parametrize("question", ["prospects", "by_section", "density", "enter"])
def test_nothing_stops_a_check(check, capsys, question, make):
    check(question, make())
    assert capsys.readouterr().out.strip()


def test_a_case_without_seals_gets_no_feedback_and_no_error(sealed_folder, capsys):
    open_case("Li Wei")
    open_exercise("99-mini")("prospects", 3)
    assert "No feedback comes with" in capsys.readouterr().out


def test_a_broken_seal_file_is_as_good_as_none(sealed_folder, check, capsys):
    (sealed_folder / "99-mini" / "jinhua.json").write_text("{", encoding="utf-8")
    check("prospects", 3)
    assert "No feedback comes with" in capsys.readouterr().out


def test_answers_for_the_city_playbook_are_kept_beside_the_notebook(check, right, tmp_path):
    check("prospects", right["prospects"])
    check("by_section", ...)
    record = json.loads((tmp_path / "work" / RECORD).read_text(encoding="utf-8"))
    (own,) = record["people"].values()
    assert own["case"] == "jinhua"
    assert own["answers"]["99-mini"]["by_section"] == {"outcome": "unattempted"}


def test_how_a_question_stands_is_no_answer_for_the_city_playbook(check):
    check("by_section", ...)
    with pytest.raises(PlaybookError, match="no answers for the City Playbook yet"):
        check.document()


def test_what_a_notebook_shows_is_words_html_and_data(check, right):
    bundle = check._check("prospects", right["prospects"])._repr_mimebundle_()
    assert "<progress" in bundle["text/html"]
    assert 'role="status"' in bundle["text/html"]
    assert bundle[RESULT_MIME] == {
        "exercise": "99-mini",
        "case": "jinhua",
        "release": "test-release",
        "question": "prospects",
        "outcome": "passed",
        "points": 2.0,
        "max_points": 2.0,
        "points_so_far": 2.0,
        "points_total": 6.0,
        "tries": 0,
        "help": 0,
    }


def test_emphasis_in_a_hint_is_shown_as_such():
    from playbook.exercises import Outcome, Result
    from playbook.exercises.view import ResultView

    result = Result(
        "q", Outcome.FAILED, 0, 1, "2 * 3 is not it", "Keep *more*, use `a*b*c`, **never** less.", "Q"
    )
    bundle = ResultView(result, {}, 0, 1)._repr_mimebundle_()
    assert "<em>more</em>" in bundle["text/html"]
    assert "2 * 3 is not it" in bundle["text/html"]
    assert "<strong>never</strong>" in bundle["text/html"]
    assert "Keep more, use" in bundle["text/plain"]


def test_a_trainees_html_is_shown_not_run(check):
    bundle = check._check("enter", "<script>alert(1)</script>")._repr_mimebundle_()
    assert "<script>" not in bundle["text/html"]


def run_cells(check, *cells):
    """Run cells as a notebook does: in one namespace that holds what has run."""
    names = {"check": check, "_ih": []}
    for cell in cells:
        names["_ih"].append(cell)
        exec(compile(cell, "<cell>", "exec"), names)


def test_a_constant_is_called_typed_in_also_from_an_earlier_cell(check, right, capsys):
    run_cells(check, f"n = {right['prospects']}", "prospects = n", 'check("prospects", prospects)')
    assert "But you typed it in" in capsys.readouterr().out


def test_a_count_in_a_loop_is_not_called_typed_in(check, capsys):
    count = "prospects = 0\nfor section in case.accounts['section']:\n    if section == 'C':\n        prospects += 1"
    opened = "from playbook.cases import load_case\ncase = load_case()"
    run_cells(check, opened, count, 'check("prospects", prospects)')
    said = capsys.readouterr().out
    assert "Right" in said
    assert "typed" not in said


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("prospects = 0\nprospects == 5\ncheck('prospects', prospects)", "compares and changes nothing"),
        ("def density(have, need):\n    return hav / need\ncheck('density', density)", "Do you mean `have`?"),
        (
            "def density(have, need):\n    return a1 / need\ncheck('density', density)",
            "here `have` and `need`",
        ),
        (
            "haves = 3\ndef density(have, need):\n    return haves['a']\ncheck('density', density)",
            "use `have`",
        ),
        ("def density(have, need):\n    return have / ...\ncheck('density', density)", "The three dots"),
        ("density = divmod\ncheck('density', density)", "Not yet"),
    ],
)
def test_what_the_cell_shows_is_said(check, capsys, cell, words):
    run_cells(check, cell)
    assert words in capsys.readouterr().out


def test_a_cell_that_lost_its_check_is_told_how_to_ask_it(check, capsys):
    check.remind("prospects = ...")
    assert capsys.readouterr().out.strip() == (
        "The check of this question is missing: To have your answer checked, write this line below it and run the cell "
        'again: `check("prospects", prospects)`'
    )
    check.remind("total = 3")
    assert capsys.readouterr().out == ""
