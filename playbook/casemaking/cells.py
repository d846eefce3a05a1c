"""Cells that people filled in, or systems exported, as numbers, days and names that can be compared."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from math import inf

_LEGAL = re.compile(
    r"(?:股份)?有限(?:责任)?公司|集团|分公司|\b(?:co|ltd|limited|inc|llc|corp|company|gmbh)\b|[\W_]+",
    re.IGNORECASE,
)


def firm_key(name: str) -> str:
    """A firm's name as it is compared: width, case, signs and its legal form do not matter."""
    text = unicodedata.normalize("NFKC", name).casefold()
    return _LEGAL.sub("", text) or re.sub(r"\s+", "", text)


def full_key(name: str) -> str:
    """A firm's whole name as it is compared: width, case and blanks do not matter."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name).casefold())


def money_in(text: str, ten_thousands: bool) -> float | None:
    """An amount in yuan; None for what is no amount.

    Args:
        ten_thousands: of what the number is, where nothing behind it says 元, 万 or 亿.
    """
    bare = unicodedata.normalize("NFKC", text).strip()
    found = re.fullmatch(r"(.*\d)\s*(亿|万|元)元?(?:人民币)?", bare)
    number = number_in(found[1] if found else bare)
    if number is None:
        return None
    return number * ({"亿": 1e8, "万": 1e4, "元": 1.0}[found[2]] if found else 1e4 if ten_thousands else 1.0)


def number_in(text: str) -> float | None:
    """A number with thousands parted by commas and a unit of persons behind; None for anything else.

    A comma that parts no thousands is none of ours: 12,5 is twelve and a half elsewhere, and must not become 125.
    """
    bare = unicodedata.normalize("NFKC", text).strip().removesuffix("人")
    bare = re.sub(r"^(?:CNY|RMB|¥|￥)\s*", "", bare)
    found = re.fullmatch(r"-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?", bare)
    return float(bare.replace(",", "")) if found else None


def limits_said(found: float, low: float, high: float) -> str:
    """What is wrong with a number that lies outside its limits, in words; empty where nothing is."""
    if low <= found <= high:
        return ""
    if high == inf:
        return f"below {low:,.0f}"
    return f"not from {low:,.0f} to {high:,.0f}"


#: A day with the year behind, of which the numbers alone do not say which is the month.
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:$|[ ,T])")


def slashed(text: str) -> tuple[int, int] | None:
    """The two numbers before the year of a day written like 1/31/2026 or 31/1/2026; None for anything else."""
    found = _SLASHED.match(unicodedata.normalize("NFKC", text).strip())
    return (int(found[1]), int(found[2])) if found else None


def day_in(text: str, day_first: bool = False) -> date | None:
    """A day as systems write it, with or without a time behind; None for anything else.

    Args:
        day_first: 31/1/2026 is the last of January; without, 1/31/2026 is, as Salesforce has it in English.
    """
    bare = unicodedata.normalize("NFKC", text).strip()
    found = re.match(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:$|[ T])", bare)
    if found:
        parts = [int(one) for one in found.groups()]
    elif found := _SLASHED.match(bare):
        one, other, year = (int(one) for one in found.groups())
        parts = [year, other, one] if day_first else [year, one, other]
    else:
        return None
    try:
        return date(*parts)
    except ValueError:
        return None


def city_key(name: str) -> str:
    """A city's name as it is compared."""
    return unicodedata.normalize("NFKC", name).casefold().strip().removesuffix("市")
