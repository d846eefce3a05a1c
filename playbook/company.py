"""Whose records figures and documents speak of: the course's invented company's, or a company's own."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playbook.words import _

#: What the course's sources call the invented company, with the word in brackets that says so.
_INVENTED = re.compile(r"(?:QiHang Cloud|启航云)\s*[(（][^)）]*[)）]")
#: Whether the case that is worked on is a company's own; empty before there is one.
_own: list[bool] = []


def own_records(own: bool) -> None:
    """From now on, speak of a company's own records, or of the invented company's."""
    _own[:] = [own]


@contextmanager
def speaking_of(own: bool) -> Iterator[None]:
    """The same inside a ``with`` block."""
    before = _own[:]
    own_records(own)
    try:
        yield
    finally:
        _own[:] = before


def source_of(text: str) -> str:
    """Where numbers come from, as a figure or a document says it: on own records the invented company is none."""
    return _INVENTED.sub(_("our company"), text) if any(_own) else text
