"""How learning platforms name what they hand out: which part of a path says who handed a file in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from playbook.submissions.archives import is_archive


@dataclass(frozen=True, slots=True)
class Said:
    """What a platform's path says.

    Attributes:
        platform: whose form it is.
        name: of the person, as the platform writes it; empty if it gives a login or number only.
        id: login or staff number; empty if it gives none.
        number: the platform's own, of the person or of the hand-in: tells two people of one name apart.
        file: as the person named it.
    """

    platform: str
    name: str = ""
    id: str = ""
    number: str = ""
    file: str = ""


#: A folder's or an archive's name.
_FOLDERS = (
    ("Moodle", r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_\w+"),
    ("Brightspace", r"(?P<number>\d+-\d+) - (?P<name>.+) - [^-]*\d{4}[^-]*"),
    ("学习通", r"(?P<id>[A-Za-z0-9]+)-(?P<name>[^-]+)-(?P<number>\d+)\.(?:zip|rar|7z)"),
)
#: A file's name.
_FILES = (
    ("Moodle", r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_[a-z]+_?(?P<file>.*)"),
    ("Blackboard", r".+_(?P<id>[^_]+)_attempt_\d{4}(?:-\d{1,2}){5}(?:_(?P<file>.+)|\.txt)"),
    ("Canvas", r"(?P<name>(?!\d+_)[^\W_]+)(?:_LATE)?_(?P<number>\d{2,})_\d{2,}_(?P<file>.+)"),
)
_CLASSROOM = re.compile(r"(.+)-submissions(?:\.zip)?")
_NOBODY = re.compile(r"participant|anon(?:ymous)?|anonymous user|参与者|匿名(?:用户)?", re.IGNORECASE)
_SAKAI = re.compile(r"(?P<name>.+?)\s*\((?P<id>[^()]+)\)")
_ATTACHED = re.compile(r"(?:submission|feedback) attachment(?:\(s\)|s)?", re.IGNORECASE)
_SUBMITTED = re.compile(r"submitted files|已提交的文件", re.IGNORECASE)


def read_path(parts: Sequence[str], source: str = "") -> Said | None:
    """Who handed a file in, as far as a platform's form of path says; None where it is none that is known.

    Args:
        parts: of the path below the source, the file last.
        source: name of the source itself.
    """
    *folders, file = (unicodedata.normalize("NFC", part) for part in parts)
    for place, part in enumerate(folders):
        below = folders[place + 1] if place + 1 < len(folders) else ""
        if _SUBMITTED.fullmatch(part) and below:
            return Said("Teams", name=below, file=file)
        if _ATTACHED.fullmatch(below) and (found := _SAKAI.fullmatch(part)):
            return Said("Sakai", file=file, **found.groupdict())
        for platform, form in _FOLDERS:
            if found := re.fullmatch(form, part):
                return _named(Said(platform, file=file, **found.groupdict()))
    for above, part in zip([source, *folders], folders, strict=False):
        slug = _CLASSROOM.fullmatch(above)
        if slug and part.startswith(f"{slug[1]}-"):
            return Said("GitHub Classroom", id=part.removeprefix(f"{slug[1]}-"), file=file)
    for platform, form in _FILES:
        if found := re.fullmatch(form, file):
            said = {key: text or "" for key, text in found.groupdict().items()}
            return _named(Said(platform, **said))
    return None


def _named(said: Said) -> Said | None:
    """What a platform said, unless it hides names from those who mark."""
    return None if _NOBODY.fullmatch(said.name) and not said.id else said


def version_of(parts: Sequence[str]) -> int:
    """Which of several versions a platform's folder says it is; 0 if it says none."""
    found = [re.fullmatch(r"(?:version|版本)\s*(\d{1,6})", part, re.IGNORECASE) for part in parts[:-1]]
    return max((int(one[1]) for one in found if one), default=0)


def stem_of(part: str) -> str:
    """A part of a path without the ending of a notebook or an archive, and without the mark of a copy."""
    stem = re.sub(r"(?:\.ipynb)?\.(?:ipynb|json|txt|md|py|html?|pdf|docx?)$", "", part, flags=re.IGNORECASE)
    if is_archive(part):
        stem = re.sub(r"\.(?:zip|7z|rar|tar|tgz|tbz2|txz)(?:\.\w+)?$", "", part, flags=re.IGNORECASE)
    return re.sub(r"(?:\s*[_-]?\s*(?:\(\d{1,3}\)|（\d{1,3}）|副本|copy))+$", "", stem, flags=re.IGNORECASE)
