"""The page on which one text is read and judged."""

from __future__ import annotations

from playbook.desk.pages import render
from playbook.desk.review.sitting import Sitting
from playbook.desk.rubric import RUBRIC
from playbook.exercises.outcomes import Outcome, look_of
from playbook.gradebook.reviews import LONGEST
from playbook.words import _


def policy(nonce: str) -> str:
    """What the page may do: its own style, its own script, to send its forms back, and to ask whether we are there."""
    own = f"style-src 'unsafe-inline'; script-src 'nonce-{nonce}'; form-action 'self'; connect-src 'self'; base-uri 'none'"
    return f"default-src 'none'; {own}"


def review_page(
    sitting: Sitting,
    place: int | None,
    base: str,
    nonce: str,
    said: str = "",
    typed: tuple[str, str] | None = None,
) -> str:
    """The page of one text, or the last one; all that trainees wrote is escaped.

    Args:
        place: of the text, from 1; None for the page at the end.
        base: the address below which the pages stand, without a slash at its end.
        nonce: lets the page's own script run, and no other.
        said: what went wrong with what was sent.
        typed: halves and comment that were sent and not kept.
    """
    total = len(sitting.texts)
    text = sitting.texts[place - 1] if place else None
    own = sitting.own(place) if place else None
    halves = "" if own is None or own.points is None else str(round(2 * own.points))
    halves, comment = typed or (halves, own.comment if own else "")
    most = text.read.max_points if text else 0.0
    choices = [
        {"halves": one, "points": f"{one / 2:g}", "chosen": str(one) == halves}
        for one in range(round(2 * most) + 1)
    ]
    return render(
        "review.html.j2",
        policy=policy(nonce),
        nonce=nonce,
        base=base,
        text=text,
        place=place,
        total=total,
        done=sitting.done,
        reader=sitting.reader,
        second=sitting.second,
        form=look_of(Outcome(text.outcome)).marked if text else "",
        most=f"{most:g}",
        choices=choices,
        comment=comment,
        seen=sitting.stands(place) if place else 0,
        longest=LONGEST,
        rubric=[_(words) for words in RUBRIC.values()],
        said=said,
        before=place - 1 if place and place > 1 else None if place else total,
        after=place + 1 if place and place < total else None,
        open=sitting.next_open(place or 0),
    )
