"""Names that people type: how they are compared, filed and shown."""

import hashlib
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


def squash(text: str) -> str:
    """A name's letters and digits alone, in one width and case: ``Li Wei``, ``li-wei`` and ``LiWei`` are alike."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


#: What a safe name may take, in characters (of the gradebook's column) and in bytes (of a file's name, with an ending).
_CHARACTERS, _BYTES = 80, 200
#: Endings of files that stand beside trainees' folders, and names that Windows keeps for itself.
_OURS = re.compile(
    r"\.(?:csv|db|html?|ipynb|json|md|pdf|sqlite(?:-\w+)?|txt|xlsx?|xml|zip)$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)",
    re.IGNORECASE,
)


def safe_name(text: str) -> str:
    """A trainee's name as one part of a path, in at most 80 characters and 200 bytes.

    No separators, no control characters, no leading dot, no name of a file of ours. A name that loses something
    on the way gets a digest of what it was, so that two names stay two.
    """
    whole = " ".join(unicodedata.normalize("NFC", text).split())
    safe = re.sub(r"[^\w .,@+'()（）·-]+", "-", whole).strip("-., ")
    if _OURS.search(safe):
        safe = safe.replace(".", "-") + "-"
    safe = _cut(safe, _CHARACTERS, _BYTES)
    if safe and safe == whole:
        return safe
    digest = hashlib.blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
    return f"{_cut(safe, _CHARACTERS - 9, _BYTES - 9).rstrip('-., ') or 'unnamed'}-{digest}"


def _cut(text: str, characters: int, size: int) -> str:
    return text[:characters].encode()[:size].decode("utf-8", "ignore")


def clean(text: str) -> str:
    """Text that a file, a database and a page can hold: no lone surrogates, no control characters."""
    text = text.encode("utf-8", "replace").decode()
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "\ufffd", text)
