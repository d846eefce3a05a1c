"""Cases of an instructor's own in a release: which ones, on which exercises, and how they travel."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from playbook.authoring.master import Master
from playbook.authoring.works import Works, which_work
from playbook.cases import SCHEMA, Case, list_cases, read_case
from playbook.cases.case import read_record
from playbook.cases.imported import is_imported
from playbook.cases.roster import Roster
from playbook.cases.roster_city import CARRIED, carried
from playbook.progress import Progress, no_progress


def own_cases(roster: Roster) -> dict[str, Case]:
    """Cases that a roster names and that do not ship, by their folders, under a name that no other case has.

    Raises:
        PlaybookError: one of them is no longer there.
    """
    shipped = {case.name for case in list_cases()}
    folders = sorted({one.city for one in roster.trainees} - shipped - {""})
    found = {folder: read_case(folder) for folder in folders}
    names = Counter([*shipped, *(case.name for case in found.values())])
    return {
        folder: replace(case, name=f"{case.name}-{case.fingerprint[:6]}") if names[case.name] > 1 else case
        for folder, case in found.items()
    }


def carry(roster: Roster, data: Path) -> None:
    """Put into a release what it carries of a roster, with the cases that do not ship."""
    own = own_cases(roster)
    for folder, case in own.items():
        target = data / "cases" / case.name
        target.mkdir(parents=True)
        for table in SCHEMA:
            if (path := Path(folder, f"{table}.csv")).is_file():
                shutil.copyfile(path, target / path.name)
        record = {**read_record(Path(folder)), "case": case.name, "role": "trainee"}
        (target / "case.json").write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    text = carried(roster, {folder: case.name for folder, case in own.items()})
    (data / CARRIED).write_text(text, encoding="utf-8")


def not_for(
    masters: Sequence[Master], cases: Iterable[Case], progress: Progress = no_progress
) -> dict[tuple[str, str], Works]:
    """Exercises that own records do not allow, by (exercise, name of the case); each of the others is tried."""
    found = {}
    for case in filter(is_imported, cases):
        for one in which_work(case, masters, run=True, progress=progress):
            if not one.works:
                found[one.exercise, case.name] = one
    return found
