"""Where trainees send what they hand in: the instructor's line in ``_config.yml``."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from playbook.errors import PlaybookError

#: The line's name, below ``sphinx: config:``.
KEY = "playbook_hand_in"
_MOST = 200
_EXAMPLES = (
    f'write one line, such as {KEY}: "wang.fang@example.com", {KEY}: "https://example.com/upload" '
    f'or {KEY}: "The group Reserve managers, spring"; or take the line out'
)
_LINK = re.compile(r"(https?://[^\s<>\"]+[^\s<>\".,;:!?)]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)")


def sent_to(root: Path) -> list[list[str]]:
    """The course's line, in pieces: ``[text, address of the link or ""]``; empty where there is none.

    Raises:
        PlaybookError: the line cannot be shown to anybody.
    """
    import yaml

    path = root / "_config.yml"
    if not path.is_file():
        return []
    try:
        config = yaml.safe_load(path.read_text(encoding="utf-8"))
        line = config["sphinx"]["config"].get(KEY)
    except yaml.YAMLError as error:
        raise PlaybookError(
            f"this is no YAML: {str(error).splitlines()[0]}",
            where=str(path),
            remedy=f"put the line {KEY} into quotation marks",
        ) from None
    except (KeyError, TypeError, AttributeError):
        return []
    return pieces(line, str(path))


def pieces(line: object, where: str = "_config.yml") -> list[list[str]]:
    """A line cut into words and links; mail addresses and web addresses become links.

    Raises:
        PlaybookError: it is no single line of text, or an address in it would lead nowhere.
    """
    if line is None or line == "":
        return []

    def wrong(what: str, remedy: str = _EXAMPLES) -> PlaybookError:
        return PlaybookError(f"{KEY} {what}", where=where, remedy=remedy)

    if not isinstance(line, str):
        raise wrong(f"is no text but {line!r}")
    text = line.strip()
    if "\n" in text or any(ord(sign) < 32 for sign in text):
        raise wrong("is more than one line")
    if len(text) > _MOST:
        raise wrong(
            f"has {len(text)} characters; a receipt has room for {_MOST}", "shorten it, or link to a page"
        )
    if found := re.search(r"\b(?!https?://)[a-z][a-z0-9+.-]*:/{1,2}\S*|\bmailto:\S+", text, re.IGNORECASE):
        raise wrong(
            f"holds {found[0]!r}, which a browser would not open",
            "write a web address with https:// before it, a mail address alone",
        )
    if found := re.search(r"(?<![\w/.@-])www\.\S+", text, re.IGNORECASE):
        raise wrong(f"holds {found[0]!r}, which is no whole address", f"write https://{found[0]}")
    cut = _LINK.split(text)
    if any("://" in part for part in cut[::2]) or not all(
        urlsplit(part).hostname for part in cut[1::2] if "://" in part
    ):
        raise wrong("holds a web address without a host", "write the whole address")
    shown = []
    for place, part in enumerate(cut):
        if place % 2 == 0:
            shown += [[part, ""]] if part else []
        elif "://" in part:
            shown.append([part, part])
        else:
            shown.append([part, f"mailto:{part}"])
    return shown
