"""Tables that single chapters stand on: drawn after the city's history, each by its own maker and stream.

A maker takes a :class:`Ground` and gives its tables by name. It computes its chapter's answers and the known
shortcuts, and draws again until no shortcut gives an answer. Rows of `assumptions` may come from several makers.
"""

from collections.abc import Callable

import pandas as pd

from playbook.casemaking.planning.capacity import capacity
from playbook.casemaking.planning.channels import channels
from playbook.casemaking.planning.competitors import competitors
from playbook.casemaking.planning.gates import gates
from playbook.casemaking.planning.ground import Ground
from playbook.casemaking.planning.launch import launch
from playbook.casemaking.planning.month import month
from playbook.casemaking.planning.offices import offices
from playbook.casemaking.planning.phases import phases
from playbook.casemaking.planning.staffing import staffing

__all__ = ["Ground", "planning_tables"]

#: In the order of the chapters.
MAKERS: tuple[Callable[[Ground], dict[str, pd.DataFrame]], ...] = (
    capacity,
    offices,
    competitors,
    launch,
    staffing,
    month,
    phases,
    channels,
    gates,
)


def planning_tables(ground: Ground) -> dict[str, pd.DataFrame]:
    """All tables that chapters add to a case.

    Raises:
        PlaybookError: no draw keeps a chapter's shortcuts away from its answers.
    """
    found: dict[str, list[pd.DataFrame]] = {}
    for maker in MAKERS:
        for name, frame in maker(ground).items():
            found.setdefault(name, []).append(frame)
    return {name: pd.concat(frames, ignore_index=True) for name, frames in found.items()}
