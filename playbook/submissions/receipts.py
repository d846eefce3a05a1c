"""Files that "Hand in" made: which notebooks belong to one, whose it says they are, and whether it is as it was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from playbook.errors import PlaybookError
from playbook.exercises.handing_in import MANIFEST, Receipt, code_of, is_called_so, read_manifest
from playbook.names import clean
from playbook.submissions.archives import is_archive
from playbook.submissions.platforms import read_path
from playbook.submissions.sources import Entry, PassedOver

#: Said of notebooks that lie in a file called as a hand-in is, without what it says about itself.
NO_MANIFEST = f"it lies in a hand-in without its {MANIFEST}: what it says counts"


@dataclass(frozen=True, slots=True)
class Belongs:
    """Where a notebook lies, as far as it came with a hand-in.

    Attributes:
        path: what tells whose it is: the hand-in's own file in place of the notebook's, which bears no name.
        receipt: what the hand-in says, as it stands in it; None without one.
        remarks: what is odd about it, for the instructor.
    """

    path: PurePosixPath
    receipt: Receipt | None = None
    remarks: tuple[str, ...] = ()


@dataclass
class _Bundle:
    """One hand-in: a folder or an archive with its manifest."""

    receipt: Receipt
    notebooks: dict[str, str] = field(default_factory=dict)

    def remarks(self) -> list[str]:
        """What does not fit, about all of it."""
        code = self.receipt.code or "without a code"
        actual = replace(
            self.receipt,
            chapters=tuple(
                replace(one, sha256=self.notebooks.get(one.file, one.sha256)) for one in self.receipt.chapters
            ),
        )
        said = []
        if not self.receipt.code or code_of(actual) != self.receipt.code:
            said.append(f"hand-in {code} is not as it was made: its code does not fit what is in it")
        missing = [one.file for one in self.receipt.chapters if one.file not in self.notebooks]
        if missing:
            said.append(f"hand-in {code} names {', '.join(missing)[:200]}, which is not in it")
        return said

    def remark_on(self, file: str) -> list[str]:
        """What does not fit, about one notebook."""
        named = {one.file: one.sha256 for one in self.receipt.chapters}
        code = self.receipt.code or "without a code"
        if file not in named:
            return [f"hand-in {code} does not name this notebook"]
        if named[file] != self.notebooks[file]:
            return [f"this notebook was changed after hand-in {code} was made"]
        return []


def bundle(
    notebooks: Mapping[PurePosixPath, str], manifests: Sequence[Entry], source: str
) -> tuple[dict[PurePosixPath, Belongs], list[PassedOver]]:
    """Which notebooks came with which hand-in.

    Args:
        notebooks: SHA-256 by path below the source.
        source: name of the source itself.

    Returns:
        For each notebook where it belongs, and hand-ins that are none.
    """
    bundles: dict[PurePosixPath, _Bundle] = {}
    passed = []
    for entry in manifests:
        try:
            if entry.problem:
                raise ValueError(entry.problem)
            bundles[entry.path.parent] = _Bundle(read_manifest(entry.read()))
        except (ValueError, PlaybookError) as error:
            why = error.what if isinstance(error, PlaybookError) else str(error)
            passed.append(
                PassedOver(entry.path, clean(f"what the hand-in says about itself can't be read: {why}"))
            )
    for path, sha256 in notebooks.items():
        if path.parent in bundles:
            bundles[path.parent].notebooks[path.name] = sha256
    for home, one in bundles.items():
        if not one.notebooks:
            code = one.receipt.code or "without a code"
            passed.append(PassedOver(home / MANIFEST, f"hand-in {code} holds no notebook"))
    return {path: _belongs(path, bundles, source) for path in notebooks}, passed


def _belongs(path: PurePosixPath, bundles: Mapping[PurePosixPath, _Bundle], source: str) -> Belongs:
    home = path.parent
    called = home.name or source
    found = bundles.get(home)
    as_file = is_called_so(called) or (
        found is not None and is_archive(called) and read_path(path.parts, source) is None
    )
    place = (home if home.name else PurePosixPath(source)) if as_file else path
    if found is None:
        return Belongs(place, remarks=(NO_MANIFEST,) if as_file else ())
    return Belongs(place, found.receipt, (*found.remarks(), *found.remark_on(path.name)))
