"""The rules' verdict on a whole City Playbook, in a director's words: what was found, what to do, and where."""

from __future__ import annotations

import re

from playbook.chapters.defence.answers import DEFENCE
from playbook.chapters.defence.finding import Finding, Severity
from playbook.chapters.defence.rules import Checked
from playbook.chapters.summing import Table, sentences
from playbook.words import _, ngettext


def counted(checked: Checked) -> str:
    """How many rules stop, warn and note, in a few words."""
    stops, warns, notes = (len(checked.of(one)) for one in Severity)
    if not checked.findings:
        return ngettext("{kept} rule is kept.", "{kept} rules are kept.", len(checked.kept)).format(
            kept=len(checked.kept)
        )
    return _("The rules: {stops} stop, {warns} warn, {notes} note.").format(
        stops=stops, warns=warns, notes=notes
    )


def verdict(checked: Checked) -> Table:
    """A line for each rule that is broken, the most serious first; below it how many are kept, and which wait.

    Args:
        checked: what the rules say to the answers of all chapters.
    """
    rows = tuple(_row(one) for one in checked.findings)
    if not rows:
        rows = (("–", _("Nothing is broken."), "–", "–"),)
    return Table(
        caption=_("The rules' verdict: where the sections contradict each other"),
        columns=(_("Rule"), _("What it found"), _("What to do"), _("Back to chapter")),
        rows=rows,
        numbers=(3,),
        note="\n".join(filter(None, (_kept(checked), _weights(checked)))),
        rests_on=("plan", "signed"),
    )


def _row(one: Finding) -> tuple[str, str, str, str]:
    return f"{one.rule}\n{one.severity.word}", _plain(one.message), _plain(one.remedy), str(one.back_to)


def _kept(checked: Checked) -> str:
    """How many rules are kept, and which chapters' answers the others wait for."""
    kept, waiting = len(checked.kept), len(checked.waiting)
    told = ngettext("{kept} rule is kept.", "{kept} rules are kept.", kept).format(kept=kept)
    chapters = sorted({one.chapter for one in checked.waiting})
    if not waiting:
        return told
    return sentences(
        told,
        ngettext(
            "{count} rule waits for an answer of chapter {chapters}.",
            "{count} rules wait for answers of chapters {chapters}.",
            waiting,
        ).format(count=waiting, chapters=", ".join(map(str, chapters or (DEFENCE,)))),
    )


def _weights(checked: Checked) -> str:
    """What a severity means, of those that were found."""
    told = {
        Severity.STOP: _("A stop is mended before the plan is run."),
        Severity.WARN: _("A warning counts in the certificate."),
        Severity.NOTE: _("A note is to think about."),
    }
    return sentences(*(words for severity, words in told.items() if checked.of(severity)))


def _plain(words: str) -> str:
    """A sentence without the signs that a notebook turns into italics and code."""
    return re.sub(r"[*`]", "", words)
