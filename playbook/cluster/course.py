"""What is the same for all hand-ins of a call: exercises, cases, roster, limits; and which kit marks them."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from playbook.authoring.remembered import libraries
from playbook.cases.roster import Roster
from playbook.gradebook.address import kit_digest
from playbook.places import data_root
from playbook.running.runner import Limits

#: Tables that no parcel holds, since every kit has them.
_EVERYWHERE = ("reference", "shared")


@dataclass(frozen=True)
class Course:
    """What a worker must know beside the hand-in.

    Attributes:
        masters: digests of parcels, by exercise.
        cases: digests of parcels, by the name that a case goes by.
        roster: decides whose city is which.
        secret: seeds the unseen cases.
        limits: what a run may use.
        figures: keep figures and outputs of the run on the own case.
        sandboxed: refuse to run without a sandbox.
    """

    masters: Mapping[str, str]
    cases: Mapping[str, str]
    roster: Roster
    secret: str
    limits: Limits
    figures: bool
    sandboxed: bool


@functools.cache
def kit_tag() -> str:
    """Tells apart kits that may give different marks: their code, libraries, and public tables."""
    digest = hashlib.sha256("\0".join((kit_digest(), *libraries())).encode())
    root = Path(data_root())
    for folder in _EVERYWHERE:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file():
                digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def kit_resource(tag: str) -> str:
    """What a worker of this kit offers, and a hand-in asks for."""
    return f"playbook-kit-{tag}"


#: What a worker with a sandbox offers.
SANDBOX = "playbook-sandbox"
