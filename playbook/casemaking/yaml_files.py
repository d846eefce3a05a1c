"""YAML that a person fills in, read so that a slip of the pen is told by its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from playbook.errors import PlaybookError


def read_filled_in(path: Path, what: str, again: str) -> Any:
    """What a YAML file says.

    Args:
        what: what the file is, for messages. again: how to have it anew, as the end of a remedy.

    Raises:
        PlaybookError: it can't be read; names the line where it is no YAML.
    """
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise PlaybookError(
            f"{what} can't be read: it is not text in UTF-8",
            where=str(path),
            remedy=f"save it as UTF-8, {again}",
        ) from None
    except OSError as error:
        raise PlaybookError(
            f"{what} can't be read: {error.strerror}", where=str(path), remedy=f"check the path, {again}"
        ) from None
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        raise PlaybookError(
            f"{what} can't be read from here on: {getattr(error, 'problem', None) or error}",
            where=f"{path} line {mark.line + 1}" if mark else str(path),
            remedy="look at this line and the one before: a word, a plain colon, a blank, and what is said, in quotes if it "
            f"holds a colon itself; set in by blanks, never by tabs; put it right, {again}",
        ) from None
