"""The course's calendar: one time zone in which days are counted and moments are shown.

``PLAYBOOK_TIME_ZONE`` names it (``Asia/Shanghai``), or whoever opens a gradebook that keeps one; without either it
is this machine's. Days are added on the calendar; the offset is looked up for the result.
"""

from __future__ import annotations

import math
import os
import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from playbook.errors import PlaybookError
from playbook.words import _

#: The form of a day or a moment.
DATE_FORM = "2026-11-02, 2026/11/2 9:05, 2026年11月2日, 2026-11-02T18:00+08:00"

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)\s*日?")
_TIME = re.compile(
    r"[T\s]*(?P<half>上午|下午|am|pm)?\s*(?P<hour>\d{1,2})\s*[:时点]\s*(?:(?P<minute>\d{1,2})\s*分?)?"
    r"(?::(?P<second>\d{1,2}(?:\.\d{1,6})?))?\s*(?P<after>am|pm)?\s*(?P<offset>Z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)

_kept: list[str] = []


def use_zone(name: str) -> None:
    """Count and show in this time zone from now on, unless PLAYBOOK_TIME_ZONE names another; "" is this machine's.

    Raises:
        PlaybookError: there is no such zone.
    """
    if name:
        _zone(name)
    _kept[:] = [name] if name else []


def zone_name() -> str:
    """The zone that was named, or nothing for this machine's."""
    return os.environ.get("PLAYBOOK_TIME_ZONE", "").strip() or (_kept[-1] if _kept else "")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise PlaybookError(
            _("there is no time zone {name!r}").format(name=name),
            remedy=_("name it by place, as in Asia/Shanghai or Europe/Berlin"),
        ) from None


def wall(seconds: float) -> datetime:
    """A moment on the course's clock.

    Args:
        seconds: since 1970 (UTC).

    Raises:
        OverflowError, ValueError, OSError: no calendar has it.
    """
    name = zone_name()
    if name:
        return datetime.fromtimestamp(seconds, _zone(name))
    return datetime.fromtimestamp(seconds, UTC).astimezone()


def seconds_of(moment: datetime) -> float:
    """Seconds since 1970 (UTC) of a moment; one without an offset is on the course's clock."""
    if moment.tzinfo is None and (name := zone_name()):
        moment = moment.replace(tzinfo=_zone(name))
    return moment.timestamp()


def shown(seconds: float | None) -> str:
    """A moment for people, to the minute, with its zone; empty if there is none."""
    if seconds is None:
        return ""
    moment = wall(math.floor(seconds))
    offset = moment.strftime("%z")
    return f"{moment:%Y-%m-%d %H:%M} ({zone_name() or f'UTC{offset[:3]}:{offset[3:5]}'})"


def as_iso(seconds: float | None) -> str:
    """A moment as ISO 8601 with its offset, to the second before it; empty if there is none."""
    return "" if seconds is None else wall(math.floor(seconds)).isoformat(timespec="seconds")


def read_moment(text: str) -> datetime | date:
    """A day, or a moment, as spreadsheets and people write it.

    Raises:
        ValueError: it is neither.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    day = _DAY.match(text)
    if not day:
        raise ValueError(text)
    found = date(*map(int, day.groups()))
    rest = text[day.end() :]
    if not rest.strip():
        return found
    told = _TIME.fullmatch(rest)
    if not told:
        raise ValueError(text)
    half = (told["half"] or told["after"] or "").casefold()
    hour, minute, second = int(told["hour"]), int(told["minute"] or 0), float(told["second"] or 0)
    if half in ("下午", "pm") and hour < 12:
        hour += 12
    elif half in ("上午", "am") and hour == 12:
        hour = 0
    if hour > 24 or minute > 59 or second >= 60 or (hour == 24 and (minute or second)):
        raise ValueError(text)
    moment = datetime.combine(found, time()) + timedelta(hours=hour, minutes=minute, seconds=second)
    offset = told["offset"]
    return datetime.fromisoformat(moment.isoformat() + offset.upper()) if offset else moment


def deadline(end: datetime | date, days: int = 0) -> float:
    """The last moment of a day, or of the second that is named, that many days on; seconds since 1970 (UTC).

    A day lasts until the midnight that ends it, which is no longer part of it.

    Raises:
        OverflowError, ValueError, OSError: no calendar has it.
    """
    if isinstance(end, datetime):
        over = seconds_of(end + timedelta(days=days)) + 1
    else:
        over = seconds_of(datetime.combine(end + timedelta(days=days + 1), time()))
    last = math.nextafter(over, 0)
    wall(last)
    datetime.fromtimestamp(last + 86_400, UTC)
    return last
