"""Whatever takes more than a moment says how far it is, on a screen and in a log."""

import pytest

from playbook.progress import no_progress, progress_bar, rate


def test_a_log_gets_a_line_at_each_tenth_with_rate_and_time_left(capsys):
    with progress_bar(lines=True) as report:
        for done in range(41):
            report("grading", done, 40)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 10
    assert lines[0].startswith("grading 4 of 40, ")
    assert "a second" in lines[0]
    assert lines[0].endswith("s left")
    assert lines[-1].startswith("grading 40 of 40, ")


def test_what_was_there_before_has_no_rate(capsys):
    with progress_bar(lines=True) as report:
        report("fetching Python", 55_882_290, 55_882_290)
    assert capsys.readouterr().err == "fetching Python 55,882,290 of 55,882,290\n"


def test_a_log_gets_one_line_where_there_are_few_steps(capsys):
    with progress_bar(lines=True) as report:
        for done in range(4):
            report("building the kit", done, 3)
    assert capsys.readouterr().err == "building the kit\n"


@pytest.mark.parametrize(
    ("speed", "words"),
    [(0, ""), (0.5, "30.0 a minute"), (12.34, "12.3 a second"), (5_588_229, "5,588,229 a second")],
)
def test_a_rate_is_told_in_a_unit_that_fits(speed, words):
    assert rate(speed) == words


def test_where_nobody_looks_nothing_is_said(capsys):
    with progress_bar() as report:
        report("grading", 40, 40)
    assert report is no_progress
    assert capsys.readouterr() == ("", "")


def test_a_screen_gets_a_bar_for_each_thing_that_is_done(capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    with progress_bar() as report:
        report("running masters", 1, 2)
        report("grading", 30, 40)
    shown = capsys.readouterr().err
    assert "running masters" in shown
    assert "30/40" in shown
