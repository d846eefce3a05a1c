"""Progress for anything that takes more than a moment: how far, how fast, how long still."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

#: Called with what is being done, how much of it is done, and of how much.
Progress = Callable[[str, int, int], None]

#: Below this total a log gets one line, when it begins: it is over before anybody looks.
_FEW = 20


def no_progress(what: str, done: int, total: int) -> None:
    """Report to nobody."""


def rate(a_second: float) -> str:
    """A throughput in words: a second, or a minute where it is slow; empty where there is none."""
    if a_second <= 0:
        return ""
    if a_second >= 100:
        return f"{a_second:,.0f} a second"
    return f"{a_second:.1f} a second" if a_second >= 1 else f"{60 * a_second:.1f} a minute"


@contextlib.contextmanager
def progress_bar(lines: bool = False) -> Iterator[Progress]:
    """A bar on stderr; yields ``report(what, done, total)``.

    Args:
        lines: where stderr is no terminal, as in CI, print a line at each tenth; otherwise nothing.
    """
    from rich import progress as columns
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines(console).report if lines else no_progress
        return
    bar = columns.Progress(
        columns.TextColumn("{task.description}"),
        columns.BarColumn(),
        columns.MofNCompleteColumn(),
        columns.TextColumn("{task.fields[rate]}", style="progress.data.speed"),
        columns.TimeElapsedColumn(),
        columns.TimeRemainingColumn(),
        console=console,
        transient=True,
    )
    tasks: dict[str, columns.TaskID] = {}
    with bar:

        def report(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total, rate="")
            task = bar.tasks[tasks[what]]
            speed = rate(task.finished_speed or task.speed or 0.0)
            bar.update(tasks[what], completed=done, total=total, rate=speed)

        yield report


class _Lines:
    """Progress for a log."""

    def __init__(self, console: Console):
        self._console = console
        self._started: dict[str, tuple[float, int]] = {}
        self._tenths: dict[str, int] = {}

    def report(self, what: str, done: int, total: int) -> None:
        """A line when something begins that takes few steps, else whenever another tenth is done."""
        if total < _FEW and what not in self._started:
            self._console.print(what, highlight=False, soft_wrap=True)
        start, before = self._started.setdefault(what, (time.monotonic(), done))
        tenth = 10 * done // max(total, 1)
        if total < _FEW or tenth <= self._tenths.get(what, 0):
            return
        self._tenths[what] = tenth
        seconds = time.monotonic() - start
        speed = (done - before) / seconds if seconds > 0 else 0.0  # what was there at first was not done now
        left = f"{(total - done) / speed:.0f} s left" if speed and done < total else ""
        parts = (f"{what} {done:,} of {total:,}", rate(speed), left)
        self._console.print(", ".join(filter(None, parts)), highlight=False, soft_wrap=True)
