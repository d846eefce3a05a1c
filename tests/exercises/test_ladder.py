"""Nobody ends in "Not yet": a worked step after the second wrong answer, a solution elsewhere after the fourth."""

import json
from pathlib import Path

import pytest

from playbook import open_case, open_exercise
from playbook.errors import PlaybookError
from playbook.exercises.answers import own_answers, read_tries
from playbook.exercises.check import RECORD
from playbook.exercises.ladder import Help, Rung, Table, Tries
from playbook.exercises.view import HELP_MIME, RESULT_MIME, HelpView

HELP = Help(
    step="Compare first, then *sum*: `<b>` is no tag.",
    see="what-to-count",
    heading="What to <count>",
    chapter=99,
    code="# Another city.\nfirms = {'a': 1} # <script>alert(1)</script>\nfirms",
    text="counted <i>2</i>",
    table=Table(("", "fi<r>m"), (("0", "<td>x</td>"), ("1", "y"))),
)


@pytest.fixture
def helped(sealed_folder):
    """Seals in which the first two questions have help, and the other two have none."""
    path = sealed_folder / "99-mini" / "jinhua.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    for question in data["questions"][:2]:
        question["help"] = HELP.as_dict()
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


@pytest.fixture
def check(helped, capsys):
    open_case("your name or staff number")
    capsys.readouterr()
    return open_exercise("99-mini")


def shown(check, *answers, question="prospects"):
    """What the check of the last of some answers shows."""
    views = [check._check(question, answer) for answer in answers]
    return views[-1]._repr_mimebundle_()


def test_after_the_first_wrong_answer_it_says_where_and_no_more(check):
    bundle = shown(check, 1)
    assert "1 accounts is not the number asked for." in bundle["text/plain"]
    assert "A worked step" not in bundle["text/plain"] + bundle["text/html"]
    assert (bundle[RESULT_MIME]["tries"], bundle[RESULT_MIME]["help"]) == (1, Rung.WHERE)


def test_after_the_second_it_shows_a_worked_step_and_where_the_book_does_it(check):
    bundle = shown(check, 1, 2)
    assert "A worked step: Compare first, then sum" in bundle["text/plain"]
    assert "The same in the book: chapter 99, “What to <count>”" in bundle["text/plain"]
    assert "<strong>A worked step.</strong> Compare first, then <em>sum</em>" in bundle["text/html"]
    assert "Show me the solution" not in bundle["text/html"]
    assert (bundle[RESULT_MIME]["tries"], bundle[RESULT_MIME]["help"]) == (2, Rung.STEP)


def test_after_the_fourth_it_offers_the_solution_closed(check):
    assert "<details" not in shown(check, 1, 2, 3)["text/html"]
    html = shown(check, 4)["text/html"]
    assert html.count("<details") == 1
    assert "<details open" not in html
    assert "Show me the solution" in html
    assert "the points can still be earned" in html
    assert "A worked step" in html


def test_nothing_of_a_help_text_becomes_a_tag(check):
    bundle = shown(check, 1, 2, 3, 4)
    for tag in ("<script>", "<i>2", "<td>x", "<r>", "<count>", "<b>"):
        assert tag not in bundle["text/html"], tag
    assert "&lt;script&gt;alert(1)" in bundle["text/html"]
    assert "<td>x</td>" in bundle["text/plain"]


def test_the_same_wrong_answer_counts_once(check):
    assert shown(check, 1, 1, 1, 1)[RESULT_MIME]["tries"] == 1
    assert shown(check, 2, 1, 2)[RESULT_MIME]["tries"] == 2


def test_an_untouched_starter_counts_for_nothing(check):
    assert shown(check, ..., ..., 1)[RESULT_MIME]["tries"] == 1


@pytest.mark.parametrize("unreadable", [(n for n in range(3)), {"a": ...}, float("nan"), "five"])
def test_forms_that_cannot_be_read_count_too(check, unreadable):
    assert shown(check, 1, unreadable)[RESULT_MIME]["tries"] == 2


def test_a_right_answer_shows_no_help_and_resets_nothing(check, mini, jinhua):
    from playbook.authoring import run_master

    right = run_master(mini, jinhua).expected["prospects"]
    bundle = shown(check, 1, 2, right)
    assert "A worked step" not in bundle["text/html"]
    assert (bundle[RESULT_MIME]["tries"], bundle[RESULT_MIME]["help"]) == (2, Rung.STEP)
    assert shown(check, 3)[RESULT_MIME]["tries"] == 3


def test_questions_cities_and_people_are_counted_apart(check):
    shown(check, 1, 2)
    assert shown(check, [1], question="by_section")[RESULT_MIME]["tries"] == 1
    assert read_tries(Path(RECORD), "", "jinhua", "99-mini", "prospects").wrong == 2
    assert read_tries(Path(RECORD), "Li Wei", "jinhua", "99-mini", "prospects").wrong == 0


def test_a_new_kernel_goes_on_where_the_last_one_stopped(check):
    shown(check, 1, 2, 3)
    again = open_exercise("99-mini")
    assert "<details" in shown(again, 4)["text/html"]
    assert shown(again, 1)[RESULT_MIME]["tries"] == 4


def test_a_folder_that_cannot_be_written_still_counts(check, monkeypatch):
    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("playbook.exercises.answers.write_whole", full)
    assert "A worked step" in shown(check, 1, 2)["text/html"]
    assert not Path(RECORD).exists()


def test_a_question_without_help_counts_and_shows_none(check):
    bundle = shown(check, "Z", "Y", "X", "W", "V", question="enter")
    assert "A worked step" not in bundle["text/html"]
    assert (bundle[RESULT_MIME]["tries"], bundle[RESULT_MIME]["help"]) == (5, Rung.WHERE)


def test_a_judgement_that_is_noted_is_no_wrong_try(check):
    assert shown(check, "C", "G", question="enter")[RESULT_MIME]["tries"] == 0


def test_tries_alone_make_no_city_playbook(check):
    shown(check, [1], question="by_section")
    with pytest.raises(PlaybookError, match="no answers for the City Playbook yet"):
        check.document()


def test_grading_neither_counts_nor_shows_help(check, monkeypatch, jinhua):
    monkeypatch.setenv("PLAYBOOK_CASE", str(jinhua.folder))
    bundle = shown(check, 1, 2, 3, 4)
    assert "A worked step" not in bundle["text/html"]
    assert "tries" not in bundle[RESULT_MIME]


# what the record holds may have been changed


@pytest.mark.parametrize(
    "tampered",
    [
        3,
        [],
        {"wrong": -5, "rung": 9, "seen": "abc"},
        {"wrong": 10**30, "rung": True, "seen": [1, {}, None]},
        {"wrong": "4", "rung": "<b>", "seen": ["x" * 10_000]},
        {"wrong": 1.5},
    ],
)
def test_a_record_that_was_tampered_with_counts_for_nothing_and_stops_nothing(check, tampered):
    for tries in (
        {"99-mini": {"prospects": tampered}},
        {"99-mini": tampered},
        tampered,
    ):
        entry = {"trainee": "", "case": "jinhua", "answers": {}, "tries": tries}
        record = {"version": 2, "last": "", "people": {" jinhua": entry}}
        Path(RECORD).write_text(json.dumps(record), encoding="utf-8")
        check._tries.clear()
        bundle = shown(check, 1)
        assert bundle[RESULT_MIME]["tries"] == 1
        assert own_answers(Path(RECORD), "", "jinhua")["answers"]["99-mini"]["prospects"]["answer"] == 1


@pytest.mark.parametrize(
    "entry", [3, None, [], {"answers": 3}, {"answers": {"a": 3}, "case": "x"}, {"answers": {}}]
)
def test_a_persons_entry_that_is_none_is_as_good_as_none(check, entry):
    record = {"version": 2, "last": " jinhua", "people": {" jinhua": entry}}
    Path(RECORD).write_text(json.dumps(record), encoding="utf-8")
    assert own_answers(Path(RECORD)) is None
    assert shown(check, 1)[RESULT_MIME]["tries"] == 1


def test_very_many_tries_are_still_counted():
    tries = Tries()
    for number in range(60):
        tries = tries.more(number)
    assert tries.wrong == 60
    assert len(tries.seen) == 40
    assert Tries.from_dict(json.loads(json.dumps(tries.as_dict()))) == tries


# where the book does the same


@pytest.mark.parametrize(
    ("told", "sealed", "link"),
    [
        ("", "", None),
        ("", "https://course.example/a/", "https://course.example/a/book/99-mini.html#what-to-count"),
        (
            "http://127.0.0.1:9/x/",
            "https://course.example/",
            "http://127.0.0.1:9/x/book/99-mini.html#what-to-count",
        ),
        ("javascript:alert(1)//", "", None),
        ("", 'https://a"><script>', "https://a&quot;&gt;&lt;script&gt;/book/99-mini.html#what-to-count"),
    ],
)
def test_the_link_leads_to_the_site_that_the_notebook_came_from(monkeypatch, told, sealed, link):
    monkeypatch.setenv("PLAYBOOK_SITE", told)
    one = Help.from_dict({**HELP.as_dict(), "site": sealed})
    html = "".join(HelpView("99-mini", "q", Tries(2), Rung.STEP, one).parts())
    assert (f'href="{link}"' in html) if link else ("href" not in html)
    assert "chapter 99, “What to &lt;count&gt;”" in html


# cells that stop


def test_a_cell_that_stops_is_a_try_of_the_question_that_it_checks(check):
    from playbook.exercises.advice.watching import _helps

    names = {"check": check, "other": 3}

    def stop(cell):
        return _helps(NameError("x"), cell, names)

    one = 'prospects = acounts\ncheck("prospects", prospects)'
    assert stop(one) == []
    assert stop(one) == [], "the same cell again counts once"
    [view] = stop(one.replace("acounts", "accunts"))
    bundle = view._repr_mimebundle_()
    assert "A worked step" in bundle["text/html"]
    assert bundle[HELP_MIME] == {"exercise": "99-mini", "question": "prospects", "tries": 2, "help": 2}
    assert shown(check, 1)[RESULT_MIME]["tries"] == 3


@pytest.mark.parametrize(
    "cell",
    [
        "x = y",
        '# check("prospects", prospects)\nx = y',
        'other("prospects", 3)',
        'nothing("prospects", 3)',
        'check("prospect", x)',
        "check(prospects)",
    ],
)
def test_a_cell_that_checks_nothing_counts_for_nothing(check, cell):
    from playbook.exercises.advice.watching import _helps

    assert _helps(NameError("x"), cell, {"check": check, "other": 3}) == []
    assert shown(check, 1)[RESULT_MIME]["tries"] == 1


def test_a_cell_that_cannot_be_read_is_a_try_too(check):
    from playbook.exercises.advice.watching import _helps

    cells = [f'prospects = ({"x" * n}\ncheck("prospects", prospects)' for n in (1, 2)]
    assert [len(_helps(SyntaxError("x"), cell, {"check": check})) for cell in cells] == [0, 1]


@pytest.mark.slow
def test_in_a_kernel_the_ladder_goes_on_after_a_restart(helped):
    from nbclient import NotebookClient
    from nbformat import v4

    opened = (
        'from playbook import open_case, open_exercise\ncase = open_case()\ncheck = open_exercise("99-mini")'
    )

    def run(*cells):
        notebook = v4.new_notebook(cells=[v4.new_code_cell(cell) for cell in (opened, *cells)])
        NotebookClient(notebook, allow_errors=True, extra_arguments=["--log-level=ERROR"]).execute()
        return [[out["data"] for out in cell.outputs if "data" in out] for cell in notebook.cells[1:]]

    checked = 'prospects = {}\ncheck("prospects", prospects)'
    starter, first, stopped, told = run(*map(checked.format, ("...", 5, "len(acounts)", 6)))
    assert starter[0][RESULT_MIME]["tries"] == 0
    assert first[0][RESULT_MIME]["tries"] == 1
    plain, step = stopped
    assert "In plain words" in plain["text/plain"]
    assert "A worked step" in step["text/html"]
    assert step[HELP_MIME]["tries"] == 2
    assert told[0][RESULT_MIME]["tries"] == 3
    again, right = run(
        checked.format(7),
        'prospects = case.accounts["section"].eq("C").sum()\ncheck("prospects", prospects)',
    )
    assert "<details" in again[0]["text/html"]
    assert again[0][RESULT_MIME]["tries"] == 4
    assert right[0][RESULT_MIME]["outcome"] == "passed"
    assert right[0][RESULT_MIME]["help"] == Rung.SOLUTION
