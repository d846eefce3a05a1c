"""What the repetitions come to: medians, pairwise ratios, aims; as a table for people and as data."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from .bare import Bare
from .contestant import Contestant, Lap

OURS, RUN_FOR_RUN = "playbook", "nbclient"
#: How many times our throughput each peer's should be beaten; the last by run of a notebook.
AIMS = {"nbgrader": 25.0, "otter": 25.0, RUN_FOR_RUN: 8.0}
AIM_BARE = 1.5


def ratios(laps: Mapping[str, Sequence[Lap]], count: int) -> dict[str, list[float]]:
    """How many times faster we were than each peer, repetition by repetition.

    A cohort of `count` with each command's own start counted; against plain nbclient a run against a run,
    with both pools warm.
    """
    found = {}
    for name, theirs in laps.items():
        if name != OURS:
            pairs = zip(theirs, laps[OURS], strict=True)
            if name == RUN_FOR_RUN:
                found[name] = [peer.run_seconds / our.run_seconds for peer, our in pairs]
            else:
                found[name] = [peer.cohort_seconds(count) / our.cohort_seconds(count) for peer, our in pairs]
    return found


def steady_ratios(laps: Mapping[str, Sequence[Lap]]) -> dict[str, list[float]]:
    """The same by submission in a long run, in which no start counts; ours are run twice each."""
    return {
        name: [
            (peer.seconds / peer.submissions) / (our.seconds / our.submissions)
            for peer, our in zip(theirs, laps[OURS], strict=True)
        ]
        for name, theirs in laps.items()
        if name != OURS
    }


def summary(
    contestants: Sequence[Contestant], laps: Mapping[str, Sequence[Lap]], count: int
) -> list[dict[str, Any]]:
    """A row of data per contestant."""
    won, steady = ratios(laps, count), steady_ratios(laps)
    rows = []
    for one in contestants:
        own = laps[one.name]
        whole = statistics.median(lap.cohort_seconds(count) for lap in own)
        rows.append(
            {
                "name": one.name,
                "way": one.way,
                "measured_submissions": own[0].submissions,
                "extrapolated": own[0].submissions != count,
                "repetitions": len(own),
                "start_seconds": statistics.median(lap.start for lap in own),
                "run_seconds": statistics.median(lap.run_seconds for lap in own),
                "cpu_seconds": statistics.median(lap.cpu / lap.submissions for lap in own),
                "run_cpu_seconds": statistics.median(lap.cpu / lap.runs for lap in own),
                "cohort_seconds": whole,
                "submissions_per_minute": 60 * count / whole,
                "ratios": won.get(one.name, []),
                "ratio": statistics.median(won[one.name]) if one.name in won else None,
                "steady_ratio": statistics.median(steady[one.name]) if one.name in steady else None,
                "aim": AIMS.get(one.name),
            }
        )
    return rows


def show(
    rows: Sequence[Mapping[str, Any]], bare: Bare | None, parts: Mapping[str, float], head: str, load: str
) -> None:
    """Print it all."""
    console = Console(width=None if Console().is_terminal else 130)
    table = Table(title=head, caption=load, caption_justify="left", title_justify="left")
    table.add_column("grader")
    for title in (
        "measured",
        "start s",
        "s per run",
        "CPU s per run",
        "cohort s",
        "per minute",
        "we are faster",
        "long run",
        "aim",
    ):
        table.add_column(title, justify="right")
    for row in rows:
        spread = f" ({min(row['ratios']):.1f}–{max(row['ratios']):.1f})" if row["ratios"] else ""
        unit = " by run" if row["name"] == RUN_FOR_RUN else ""
        table.add_row(
            row["name"],
            f"{row['measured_submissions']} × {row['repetitions']}",
            f"{row['start_seconds']:.2f}",
            f"{row['run_seconds']:.3f}",
            f"{row['run_cpu_seconds']:.3f}",
            f"{row['cohort_seconds']:.1f}" + ("*" if row["extrapolated"] else ""),
            f"{row['submissions_per_minute']:.0f}",
            f"{row['ratio']:.1f} ×{spread}{unit}" if row["ratio"] else "",
            f"{row['steady_ratio']:.1f} ×" if row["steady_ratio"] else "",
            verdict(row["ratio"], row["aim"]) if row["aim"] else "",
        )
    console.print(table)
    for row in rows:
        console.print(f"{row['name']}: {row['way']}", highlight=False)
    console.print(
        "Medians. * extrapolated from the submissions measured: start once, the rest in proportion. `playbook` runs "
        "each notebook twice, the peers once; nbclient marks nothing, and is compared run for run without starts. Long run: by submission, no start counted.",
        highlight=False,
    )
    if parts:
        _show_parts(console, "Marking mode, one run at a time: where the time goes", parts)
    if bare is not None:
        _show_bare(console, bare)


def show_ratios(exercises: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """All exercises in one table: processor time of a submission, and how many times faster we are than each peer."""
    console = Console(width=None if Console().is_terminal else 130)
    table = Table(title="Every exercise", title_justify="left")
    peers = [row["name"] for row in next(iter(exercises.values())) if row["name"] != OURS]
    table.add_column("exercise")
    table.add_column("our CPU ms a submission", justify="right")
    for name in peers:
        table.add_column(f"{name}: CPU ms", justify="right")
        table.add_column("by the clock", justify="right")
        table.add_column("long run", justify="right")
        table.add_column("by CPU, two workers", justify="right")
    for exercise, rows in exercises.items():
        found = {row["name"]: row for row in rows}
        own = 1000 * found[OURS]["cpu_seconds"]
        cells = [exercise, f"{own:.0f}"]
        for name in peers:
            theirs = 1000 * found[name]["cpu_seconds"]
            aside = 1 if name == RUN_FOR_RUN else 2  # that peer has two workers, too
            cells += [
                f"{theirs:.0f}",
                f"{found[name]['ratio']:.1f} ×",
                f"{found[name]['steady_ratio']:.1f} ×",
            ]
            cells.append(f"{aside * theirs / own:.1f} ×")
        table.add_row(*cells)
    console.print(table)
    console.print(
        "By the clock: a cohort, each command's start counted; nbclient run for run. Long run: by submission. By CPU: what the "
        "clock would show on two idle cores, ours on two and theirs on one (nbclient on two).",
        highlight=False,
    )


def _show_bare(console: Console, bare: Bare) -> None:
    table = Table(title="Figures rendered: one run at a time", title_justify="left")
    for title in ("way", "ms per run", "ours is", "aim"):
        table.add_column(title, justify="left" if title == "way" else "right")
    table.add_row("our runner, sandbox on", f"{1000 * bare.ours:.0f}", "", "")
    aim = "reached" if bare.ratio <= AIM_BARE else f"missed: {AIM_BARE} ×"
    table.add_row("bare cells, tables kept in memory", f"{1000 * bare.bare:.0f}", f"{bare.ratio:.2f} ×", aim)
    table.add_row(
        "bare cells, tables read each time", f"{1000 * bare.anew:.0f}", f"{bare.ratio_anew:.2f} ×", ""
    )
    console.print(table)
    console.print(
        f"Medians of {bare.runs} runs in turn; {bare.outputs} outputs, the same in all three.",
        highlight=False,
    )
    _show_parts(console, "Figures rendered: where our time goes", bare.parts)


def _show_parts(console: Console, title: str, parts: Mapping[str, float]) -> None:
    table = Table("part", title=title, title_justify="left")
    table.add_column("ms", justify="right")
    for name, milliseconds in parts.items():
        table.add_row(name, f"{milliseconds:.1f}")
    table.add_row("all", f"{sum(parts.values()):.1f}", style="bold")
    console.print(table)


def verdict(ratio: float, aim: float) -> str:
    """Whether an aim is reached, and if not, how far there is to go."""
    return f"{aim:g} × reached" if ratio >= aim else f"{aim:g} × missed, at {100 * ratio / aim:.0f} %"
