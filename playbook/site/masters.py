"""What a page says about an exercise: read from the master's front matter and its questions' metadata."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from playbook.errors import PlaybookError


@dataclass(frozen=True)
class Card:
    """An exercise in a few numbers, as its card shows them."""

    slug: str
    title: str
    minutes: int
    questions: int
    stretch: int
    points: float
    sha: str

    @property
    def module(self) -> str:
        """The name of the chapter's modules: '03-entry-industries' → 'entry_industries'."""
        return self.slug.partition("-")[2].replace("-", "_")


def card_of(root: Path, slug: str) -> Card:
    """The card of the exercise `slug` of the project in `root`.

    Raises:
        PlaybookError: there is no such master, or its front matter lacks what a card shows.
    """
    path = Path(root) / "exercises" / slug / "master.md"
    if not path.is_file():
        raise PlaybookError(
            f"there is no exercise {slug!r}",
            where=str(path),
            remedy="check the name, or write its master first.",
        )
    return _card(path, slug, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _card(path: Path, slug: str, _changed: int) -> Card:
    import hashlib

    import jupytext

    text = path.read_text(encoding="utf-8")
    notebook = jupytext.reads(text, fmt="md:myst")
    about = notebook.metadata.get("playbook") or {}
    missing = [name for name in ("title", "minutes") if name not in about]
    if missing:
        raise PlaybookError(
            f"the front matter lacks {' and '.join(missing)} under `playbook:`",
            where=str(path),
            remedy="add it: CONTRIBUTING.md shows the front matter of a master.",
        )
    questions = [cell.metadata["question"] for cell in notebook.cells if "question" in cell.metadata]
    return Card(
        slug=slug,
        title=str(about["title"]),
        minutes=int(about["minutes"]),
        questions=len(questions),
        stretch=sum(bool(question.get("stretch")) for question in questions),
        points=float(sum(float(question.get("points", 1)) for question in questions)),
        sha=hashlib.sha256(text.encode()).hexdigest(),
    )
