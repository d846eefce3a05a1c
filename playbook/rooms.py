"""The rooms of this package: which ship to trainees, and which can move a mark."""

import functools
import hashlib
from pathlib import Path

#: What a trainee's wheel holds, beside the modules that belong to no room.
SHIPPED = ("market", "simulator", "cases", "figures", "chapters", "exercises")
#: Rooms whose code can change a mark.
DECIDING = (*SHIPPED, "casemaking", "authoring", "running", "grading")
#: Rooms whose import sets matplotlib's defaults.
DRAWING = ("figures", "chapters")
#: Rooms whose code can change what a release holds.
RELEASED = (*SHIPPED, "casemaking", "authoring")


@functools.cache
def code_digest(rooms: tuple[str, ...] = DECIDING) -> str:
    """Digest of the code in some rooms, and of the modules beside the rooms; default: all that can change a mark."""
    package = Path(__file__).resolve().parent
    digest = hashlib.sha256()
    for path in files_of(rooms):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def files_of(rooms: tuple[str, ...]) -> list[Path]:
    """The files that count in a digest: modules, and what is frozen beside them, such as the simulator's references."""
    package = Path(__file__).resolve().parent
    return [
        path
        for folder in ("", *(f"{room}/**/" for room in rooms))
        for ending in ("py", "json")
        for path in sorted(package.glob(f"{folder}*.{ending}"))
    ]
