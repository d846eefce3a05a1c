"""What runs on a worker. A scheduler reads this module, too: what is heavy is imported where it is used."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playbook.cluster.post import Post

#: What this process has at hand; set once, by `playbook worker`.
_post: list[Post] = []


def take_post(post: Post) -> None:
    """Let tasks of this process use what it has at hand."""
    _post[:] = [post]


def grade_there(course: str, hand_in: bytes, cases: Mapping[str, str], ready: str) -> bytes:
    """Grade one hand-in. The same arguments give the same marks, on whichever worker and however often.

    Args:
        course: digest of the call's :class:`playbook.cluster.course.Course`.
        hand_in: a pickled :class:`playbook.submissions.hand_in.HandIn` with its bytes.
        cases: digests of cases that it may name, by the name.
        ready: digest of the parcel with its exercise made ready for its city; empty if there is none.

    Returns:
        Its pickled result, with the notebook as it ran where that is kept.
    """
    from playbook.grading.crew import grade_one

    [post] = _post
    marker = post.marker(course, cases)
    if ready:
        post.take_ready(ready)
    return pickle.dumps(grade_one(pickle.loads(hand_in), marker, post.runner))


def prepare_there(course: str, exercise: str, case: str) -> tuple[bytes, Any]:
    """Make an exercise ready for a city.

    Args:
        case: digest of the case's parcel.

    Returns:
        The parcel; empty where the master stops, and then what a hand-in is told.
    """
    from playbook.errors import PlaybookError

    [post] = _post
    try:
        return post.prepare(course, exercise, case), ""
    except PlaybookError as error:
        return b"", error.what
