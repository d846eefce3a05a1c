"""Days are counted on the course's calendar, wherever the machine stands."""

from datetime import UTC, date, datetime

import pytest

from playbook import clock
from playbook.errors import PlaybookError


def moment(*parts):
    return datetime(*parts, tzinfo=UTC).timestamp()


@pytest.fixture(autouse=True)
def _berlin(monkeypatch):
    monkeypatch.setenv("PLAYBOOK_TIME_ZONE", "Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-11-02", date(2026, 11, 2)),
        ("2026/11/2", date(2026, 11, 2)),
        ("2026.11.2", date(2026, 11, 2)),
        ("2026年11月2日", date(2026, 11, 2)),
        ("２０２６年１１月２日", date(2026, 11, 2)),
        ("2026/11/2 9:05", datetime(2026, 11, 2, 9, 5)),
        ("2026-11-02T18:00", datetime(2026, 11, 2, 18)),
        ("2026年11月2日 18点30分", datetime(2026, 11, 2, 18, 30)),
        ("2026年11月2日下午6时", datetime(2026, 11, 2, 18)),
        ("2026/11/2 6:05:30 PM", datetime(2026, 11, 2, 18, 5, 30)),
        ("2026-11-02 24:00", datetime(2026, 11, 3)),
        ("2026-11-02T18:00Z", datetime(2026, 11, 2, 18, tzinfo=UTC)),
        ("2026-11-02T20:00+0200", datetime(2026, 11, 2, 18, tzinfo=UTC)),
    ],
)
def test_a_day_or_a_moment_is_read_as_people_write_it(text, read):
    assert clock.read_moment(text) == read


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-13-01", "2026-11-02 25:00", "2026-11-02 9", "02.11.2026", "2026-11-02 x"]
)
def test_what_is_no_date_is_none(text):
    with pytest.raises(ValueError):  # noqa: PT011
        clock.read_moment(text)


def test_a_day_lasts_until_the_midnight_that_ends_it():
    end = clock.deadline(date(2026, 10, 30))
    assert moment(2026, 10, 30, 22, 59, 59, 999_000) < end < moment(2026, 10, 30, 23)
    assert clock.as_iso(end) == "2026-10-30T23:59:59+01:00"


@pytest.mark.parametrize(
    ("end", "days", "last"),
    [
        (datetime(2026, 10, 23, 18), 7, (2026, 10, 30, 17)),  # the clocks went back on the 25th
        (datetime(2026, 3, 26, 18), 7, (2026, 4, 2, 16)),  # and forward on 29 March
    ],
)
def test_days_are_added_on_the_wall_clock(end, days, last):
    assert moment(*last) < clock.deadline(end, days) < moment(*last) + 1


def test_a_moment_is_shown_on_the_courses_clock(monkeypatch):
    assert clock.shown(moment(2026, 7, 1, 10, 0, 59, 900_000)) == "2026-07-01 12:00 (Europe/Berlin)"
    assert clock.shown(None) == clock.as_iso(None) == ""
    monkeypatch.delenv("PLAYBOOK_TIME_ZONE")
    clock.use_zone("Asia/Shanghai")
    try:
        assert clock.as_iso(moment(2026, 7, 1, 10)) == "2026-07-01T18:00:00+08:00"
    finally:
        clock.use_zone("")


def test_a_zone_that_there_is_not_is_told():
    with pytest.raises(PlaybookError, match="no time zone 'Berlin'") as caught:
        clock.use_zone("Berlin")
    assert "Europe/Berlin" in str(caught.value)


def test_a_date_beyond_every_calendar_is_refused():
    with pytest.raises((OverflowError, ValueError)):
        clock.deadline(date(9999, 12, 31))
