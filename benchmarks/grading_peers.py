"""Grading beside other graders: the same submissions, on this machine, in one run.

    python benchmarks/grading_peers.py            # every exercise, a cohort of 100, three repetitions: two hours
    python benchmarks/grading_peers.py --exercise 03 --exercise 13    # some of them
    python benchmarks/grading_peers.py --quick    # a few submissions, twice: does everything work?

Each peer lives in a virtual environment of its own under `_build/peers`, which the first run makes. Before the clock
runs, each must give full marks to the perfect notebook and fewer to the empty one.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import platform
import sys
import time
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from peers import report
from peers.bare import compare, marking_parts
from peers.cohort import Trainee, make_cohort, touchstones
from peers.contestant import Contestant, Lap
from peers.environment import Environment, kit_wheel, set_up
from peers.nbclient_pool import NbclientPool
from peers.nbgrader_course import NbgraderCourse
from peers.otter_assignment import OtterAssignment
from peers.ours import PlaybookGrade

from playbook.authoring.master import Master, find_masters
from playbook.authoring.solve import MasterRun, run_master
from playbook.cases import load_case
from playbook.errors import PlaybookError

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "_build"
WORK = BUILD / "bench" / "grading_peers"
PEERS = ("nbgrader", "otter", "nbclient")


def options() -> argparse.Namespace:
    """What the caller wants."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument(
        "--exercise",
        action="append",
        help="id of an exercise, or its beginning; default all",
    )
    words.add_argument("--city", default="jiaxing", help="the case that everybody has")
    words.add_argument("--count", type=int, default=100, help="submissions in the cohort")
    words.add_argument(
        "--slow", type=int, default=9, help="submissions that a slow peer grades in a repetition"
    )
    words.add_argument("--repetitions", type=int, default=3)
    words.add_argument("--no-parts", action="store_true", help="do not look where our own time goes")
    words.add_argument("--workers", type=int, default=2)
    words.add_argument("--seed", type=int, default=20_26)
    words.add_argument("--without", action="append", default=[], choices=PEERS, help="leave a peer out")
    words.add_argument("--out", type=Path, default=BUILD / "bench" / "grading_peers.json")
    words.add_argument(
        "--go-on",
        action="store_true",
        help="keep what a run with the same settings that was stopped has measured",
    )
    words.add_argument("--quick", action="store_true", help="6 submissions, 3 for slow peers, 2 repetitions")
    told = words.parse_args()
    if told.quick:
        told.count, told.slow, told.repetitions = 6, 3, 2
    return told


def load() -> str:
    """How busy the machine is."""
    return "{:.1f} {:.1f} {:.1f}".format(*os.getloadavg())


def environments(told: argparse.Namespace) -> dict[str, Environment]:
    """The peers' environments, ready, with today's kit in them."""
    wanted = [name for name in PEERS if name not in told.without]
    case = load_case(told.city).folder
    kit = kit_wheel(WORK / "kit") if wanted else None
    return {name: set_up(name, BUILD / "peers", kit, case) for name in wanted}


def contestants(run: MasterRun, ready: Mapping[str, Environment], workers: int) -> list[Contestant]:
    """Ours and the peers, on one exercise."""
    work = WORK / run.master.id
    found: list[Contestant] = [PlaybookGrade(run, work / "playbook", workers)]
    for name, environment in ready.items():
        if name == "nbgrader":
            found.append(NbgraderCourse(environment, run, work / name))
        elif name == "otter":
            found.append(OtterAssignment(environment, run, work / name))
        else:
            found.append(NbclientPool(environment, run, work / name, workers))
    return found


def verify(one: Contestant, run: MasterRun, probes: Sequence[Trainee]) -> dict[str, float]:
    """Points of the probes, after making sure that the grader tells a perfect notebook from an empty one.

    Raises:
        PlaybookError: it does not, so that its time would say nothing.
    """
    if isinstance(one, NbclientPool):
        stopped = one.stopped(probes)
        if stopped["perfect"]:
            raise PlaybookError(f"{stopped['perfect']} cells of the perfect notebook stop", where=one.name)
        return {}
    points = one.points(probes)
    if points["perfect"] != run.master.points or points["empty"] != 0:
        raise PlaybookError(
            f"the perfect notebook gets {points['perfect']:g} of {run.master.points:g} points, "
            f"the empty one {points['empty']:g}",
            where=one.name,
        )
    return points


def one_lap(one: Contestant, cohort: Sequence[Trainee], tries: int = 3) -> Lap:
    """A lap; a peer that breaks down in one, as kernels that are started side by side do at times, begins it again.

    Raises:
        PlaybookError: it broke down each time; ours once.
    """
    for left in range(0 if one.name == report.OURS else tries - 1, -1, -1):
        try:
            return one.lap(cohort)
        except PlaybookError as error:
            if not left:
                raise
            print(f"  {one.name} broke down and begins again: {str(error)[-300:]}", flush=True)
    raise AssertionError


def measure(
    found: Sequence[Contestant], cohort: Sequence[Trainee], told: argparse.Namespace
) -> dict[str, list[Lap]]:
    """All repetitions; in each, another contestant begins."""
    laps: dict[str, list[Lap]] = {one.name: [] for one in found}
    few = cohort[: told.slow]
    for repetition in range(told.repetitions):
        first = repetition % len(found)
        for one in [*found[first:], *found[:first]]:
            begin = time.perf_counter()
            laps[one.name].append(one_lap(one, cohort if one.name == report.OURS else few))
            took = time.perf_counter() - begin
            print(f"  repetition {repetition + 1}: {one.name}, {took:.0f} s, load {load()}", flush=True)
    return laps


def one_exercise(
    master: Master, ready: Mapping[str, Environment], told: argparse.Namespace
) -> dict[str, Any]:
    """Set up, verify, measure, report on one exercise."""
    before = load()
    run = run_master(master, load_case(told.city), wrong=False)
    cohort = make_cohort(master, told.count, told.seed)
    probes = [*touchstones(master), *cohort[:3]]
    found = contestants(run, ready, told.workers)
    points = {}
    for one in found:
        one.prepare([*touchstones(master), *cohort])
        points[one.name] = verify(one, run, probes)
        print(f"{one.name} is set up rightly: {points[one.name] or 'the perfect notebook runs'}", flush=True)
    laps = measure(found, cohort, told)
    rows = report.summary(found, laps, told.count)
    parts = {} if told.no_parts else marking_parts(run, 4 * told.repetitions)
    bare = None if told.no_parts else compare(run, 4 * told.repetitions)
    heading = f"{master.id}: a cohort of {told.count} on {os.cpu_count()} cores"
    report.show(rows, bare, parts, heading, f"load average before {before}, after {load()}")
    return {
        "load_before": before,
        "load_after": load(),
        "points_of_probes": points,
        "ways": rows,
        "laps": {name: [dataclasses.asdict(lap) for lap in own] for name, own in laps.items()},
        "marking_parts_ms": parts,
        "bare": None if bare is None else dataclasses.asdict(bare),
    }


def measured_before(path: Path, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The exercises of a run with the same settings that was stopped."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return data["exercises"] if {**data, "exercises": None} == {**settings, "exercises": None} else {}


def main() -> None:
    """All that was asked for."""
    told = options()
    masters = find_masters(ROOT / "exercises", told.exercise or ())
    ready = environments(told)
    data = {
        "count": told.count,
        "repetitions": told.repetitions,
        "seed": told.seed,
        "workers": told.workers,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in ("pandas", "matplotlib", "ipykernel", "nbclient")},
    }
    before = measured_before(told.out, data) if told.go_on else {}
    found = data["exercises"] = {master.id: before[master.id] for master in masters if master.id in before}
    told.out.parent.mkdir(parents=True, exist_ok=True)
    for master in masters:
        if master.id not in found:
            found[master.id] = one_exercise(master, ready, told)
            told.out.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    report.show_ratios({name: one["ways"] for name, one in found.items()})
    print(f"As data: {told.out}")


if __name__ == "__main__":
    try:
        main()
    except PlaybookError as error:
        sys.exit(str(error))
