"""The rooms of this package: which ship to trainees, and which can move a mark."""

import functools
import hashlib
from pathlib import Path

#: What a trainee's wheel holds, beside the modules that belong to no room.
SHIPPED = ("market", "cases", "figures", "chapters", "exercises")
#: Rooms whose code can change a mark.
DECIDING = (*SHIPPED, "casemaking", "authoring", "running", "grading")
#: Rooms whose import sets matplotlib's defaults.
DRAWING = ("figures", "chapters")


@functools.cache
def deciding_digest() -> str:
    """Digest of all code that can change a mark."""
    package = Path(__file__).resolve().parent
    digest = hashlib.sha256()
    for folder in ("", *(f"{room}/**/" for room in DECIDING)):
        for path in sorted(package.glob(f"{folder}*.py")):
            digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
