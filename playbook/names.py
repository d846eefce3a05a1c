"""Names that people type: how they are compared, filed and shown."""

import re
import unicodedata
from numbers import Integral, Real

_PLACEHOLDERS = {"", "...", "…", "your name", "your name or staff number", "staff number", "none", "name"}


def normalise(trainee: object) -> str:
    """A name or staff number as it is compared: width, case and spaces do not matter.

    Text and whole numbers count; everything else is as if nothing had been typed. Never raises.
    """
    if isinstance(trainee, bool):
        return ""
    if isinstance(trainee, Integral):
        trainee = str(int(trainee))
    elif isinstance(trainee, Real):
        number = float(trainee)
        trainee = str(int(number)) if number.is_integer() else ""
    if not isinstance(trainee, str):
        return ""
    text = " ".join(unicodedata.normalize("NFKC", str(trainee)).casefold().split())
    return "" if text in _PLACEHOLDERS else text


def safe_name(text: str) -> str:
    """A trainee's name as one part of a path: no separators, no control characters, no leading dot."""
    text = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())
    text = re.sub(r"[^\w.@+-]+", "-", text).strip("-. ")
    return text[:80] or "unnamed"


def clean(text: str) -> str:
    """Text that a file, a database and a page can hold: no lone surrogates, no control characters."""
    text = text.encode("utf-8", "replace").decode()
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "\ufffd", text)
