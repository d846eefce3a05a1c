"""What a mark depends on: with the same notebook, master, city, kit and secret it is the same mark."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path

from playbook import __version__
from playbook.rooms import code_digest

_WORDS = {
    "master": "another master",
    "city_data": "another city or other data",
    "kit": "another version of the kit",
    "secret": "another secret",
}


@dataclass(frozen=True)
class Address:
    """Digests of everything that decides a mark.

    Attributes:
        notebook: of the hand-in's bytes.
        master: of the exercise's master.
        city_data: fingerprint of the trainee's own case.
        kit: version of the kit and digest of its code that decides marks.
        secret: of the instructor's secret, which seeds the unseen case.
    """

    notebook: str
    master: str
    city_data: str
    kit: str
    secret: str

    @property
    def digest(self) -> str:
        """One digest of them all."""
        return hashlib.sha256("/".join(asdict(self).values()).encode()).hexdigest()

    def differs(self, before: Address) -> list[str]:
        """What is not as it was, in words."""
        return [words for name, words in _WORDS.items() if getattr(self, name) != getattr(before, name)]


def kit_digest() -> str:
    """Version of the kit with a digest of the code that decides marks."""
    return f"{__version__}+{code_digest()}"


def secret_digest(secret: str) -> str:
    """Tells two secrets apart without telling either."""
    return hashlib.sha256(b"playbook secret\0" + secret.encode()).hexdigest()[:16]


def master_digest(path: Path) -> str:
    """Digest of a master's file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
