"""For whom a site is: trainees' pages give nothing of the data's secrets away, instructors' are these and more."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from playbook.site import links

#: Pages that only instructors read.
TEACHING = f"{links.PAGES}/instructor/"


class Edition(StrEnum):
    """For whom a site is."""

    TRAINEES = "trainees"
    INSTRUCTORS = "instructors"


def contents(root: Path, work: Path, edition: Edition) -> Path:
    """The table of contents of an edition: the course's, for trainees without the parts of instructors alone.

    Args:
        work: where a table is written that is not the course's own.
    """
    import yaml

    whole = root / "_toc.yml"
    if edition is Edition.INSTRUCTORS:
        return whole
    told = yaml.safe_load(whole.read_text(encoding="utf-8"))
    told["parts"] = [part for part in told.get("parts", ()) if not all(map(_for_teaching, part["chapters"]))]
    shown = work / "trainees-toc.yml"
    shown.write_text(yaml.safe_dump(told, sort_keys=False), encoding="utf-8")
    return shown


def _for_teaching(page: Mapping[str, Any]) -> bool:
    return str(page.get("file", page.get("glob", ""))).startswith(TEACHING)
