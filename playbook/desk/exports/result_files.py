"""Files beside the gradebook: one result for each trainee and exercise, and JUnit XML of all of them."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path

from playbook.desk.exports.junit import junit
from playbook.errors import PlaybookError
from playbook.gradebook.gradebook import Gradebook
from playbook.gradebook.standing import Standing, results_of
from playbook.places import FULL, WRITING, write_whole

#: A result's stamp stands within its first bytes.
_STAMP_BYTES = 64


def write_results(
    gradebook: Gradebook, chosen: Sequence[Standing], out: Path, failed: list[str] | None = None
) -> int:
    """Bring ``out/<trainee>/<exercise>.json`` and ``out/junit.xml`` up to date with the gradebook.

    Each file is written in one step; one whose stamp still fits is left alone. One that can't be written costs
    only itself.

    Args:
        failed: takes a line for each file that could not be written.

    Returns:
        How many results were written.

    Raises:
        PlaybookError: the disk is full, or the folder can't be written.
    """
    stale = [one for one in chosen if not _fits(result_path(out, one), one.stamp)]
    try:
        for one, data in results_of(gradebook, stale):
            path = result_path(out, one)
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                _sweep(path.parent)
                write_whole(path, [json.dumps(data, ensure_ascii=False), "\n"])
            except OSError as error:
                if error.errno in FULL or not os.access(out, os.W_OK):
                    raise
                if failed is not None:
                    failed.append(f"{path}: {error.strerror}")
        junit_path = out / "junit.xml"
        stamp = hashlib.sha256("".join(one.stamp for one in chosen).encode()).hexdigest()[:16]
        if not _fits(junit_path, stamp):
            out.mkdir(parents=True, exist_ok=True)
            write_whole(junit_path, junit(results_of(gradebook, chosen), stamp))
    except OSError as error:
        raise PlaybookError(
            f"the results can't be written: {error.strerror}",
            where=str(out),
            remedy="free some space, or check the folder, and run the same command again: "
            "the gradebook has kept what was graded",
        ) from None
    return len(stale)


def result_path(out: Path, one: Standing) -> Path:
    """Where a trainee's result for an exercise stands."""
    return out / one.trainee / f"{one.exercise or 'unknown-exercise'}.json"


def _sweep(folder: Path) -> None:
    """Remove what a killed process left half written, an hour ago or longer."""
    for path in folder.glob(f"{WRITING}*"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > 3600:
                path.unlink()


def _fits(path: Path, stamp: str) -> bool:
    try:
        with path.open("rb") as file:
            return stamp.encode() in file.read(_STAMP_BYTES + len(stamp))
    except OSError:
        return False
