"""The figures of the cohort's report: each says one thing, in its title."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import shorten

import numpy as np
from matplotlib.figure import Figure

from playbook.desk.analysis import Analysis, Chapter
from playbook.desk.visits import DONE_SHARE
from playbook.figures.style import COLORS, finish, new_figure

WIDTH = 7.2  # inches: a report is read on a desk

_BINS = np.linspace(0, 1, 11)
#: Questions that are named in the figure of all questions.
_NAMED = 8
#: Letters of a title that have room in the legend.
_LETTERS = 28


def distribution_figure(analysis: Analysis) -> Figure:
    """How many trainees have how much of all points."""
    shares = np.array(analysis.shares)
    fig, ax = new_figure(WIDTH, 3.6)
    ax.hist(shares, bins=_BINS, color=COLORS["main"], edgecolor="white")
    middle = float(np.median(shares)) if len(shares) else 0.0
    ax.axvline(middle, color=COLORS["accent"], linestyle="--")
    title = f"Half of the trainees have at least {middle:.0%} of the points"
    ax.set_title(f"The one trainee has {middle:.0%} of the points" if len(shares) == 1 else title)
    ax.set_xlabel("Share of all points so far (dashed: the median)")
    ax.set_ylabel("Trainees")
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    ax.yaxis.get_major_locator().set_params(integer=True)
    counts, _ = np.histogram(shares, _BINS)
    words = ", ".join(
        f"{low:.0%} to {low + 0.1:.0%}: {count}"
        for low, count in zip(_BINS[:-1], counts, strict=True)
        if count
    )
    return finish(fig, alt=f"Histogram of trainees by share of points. {words}. Median {middle:.0%}.")


def completion_figure(chapters: Sequence[Chapter]) -> Figure:
    """Where the cohort stands in each exercise."""
    parts = (
        ("done", f"{DONE_SHARE:.0%} of the points or more", COLORS["good"], ""),
        ("below", "fewer points", COLORS["warn"], "//"),
        ("not_graded", "not graded", COLORS["bad"], "xx"),
        ("missing", "not handed in", COLORS["grid"], ""),
    )
    fig, ax = new_figure(WIDTH, 2.2 + 0.36 * len(chapters))
    places = np.arange(len(chapters))
    left = np.zeros(len(chapters))
    for name, label, color, hatch in parts:
        widths = np.array([getattr(one, name) for one in chapters], dtype=float)
        ax.barh(places, widths, left=left, color=color, hatch=hatch, edgecolor="white", label=label)
        left += widths
    ax.set_yticks(places, [one.title for one in chapters])
    ax.invert_yaxis()
    ax.set_xlabel("Trainees")
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.grid(axis="y", visible=False)
    fig.legend(ncols=2, loc="outside lower left")
    started = [one for one in chapters if one.done + one.below + one.not_graded]
    least = min(started, key=lambda one: one.done, default=None)
    ax.set_title(
        f"Fewest are done with {least.title}: {least.done}" if least else "Nothing has been handed in"
    )
    words = "; ".join(
        f"{one.title}: {one.done} done, {one.below} below, {one.not_graded} not graded, {one.missing} missing"
        for one in chapters
    )
    return finish(fig, alt=f"Stacked bars of trainees by exercise. {words}.")


def spread_figure(chapters: Sequence[Chapter]) -> Figure:
    """How points are spread in each exercise: median, middle half, and all but the outer tenths."""
    with_marks = [one for one in chapters if one.shares]
    fig, ax = new_figure(WIDTH, 1.4 + 0.4 * max(len(with_marks), 1))
    words = []
    for place, one in enumerate(with_marks):
        low, first, middle, third, high = np.percentile(one.shares, [10, 25, 50, 75, 90])
        ax.plot([low, high], [place, place], color=COLORS["muted"], linewidth=1.5)
        ax.plot([first, third], [place, place], color=COLORS["main"], linewidth=8, solid_capstyle="butt")
        ax.plot([middle], [place], marker="D", color=COLORS["accent"])
        words.append(f"{one.title}: median {middle:.0%}, middle half {first:.0%} to {third:.0%}")
    ax.set_yticks(range(len(with_marks)), [one.title for one in with_marks])
    ax.invert_yaxis()
    ax.set_xlim(-0.02, 1.02)
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    ax.set_xlabel("Share of its points (diamond: median; bar: middle half; line: middle 80%)")
    hardest = min(with_marks, key=lambda one: float(np.median(one.shares)), default=None)
    ax.set_title(f"Fewest points are won in {hardest.title}" if hardest else "Nothing is graded yet")
    return finish(fig, alt=". ".join(words) + ".")


def items_figure(analysis: Analysis) -> Figure:
    """Every question by how hard it is and how well it tells strong from weak."""
    chapters = {one.exercise: one.title.partition(" · ")[0] for one in analysis.chapters}
    shown = [one for one in analysis.items if one.discrimination is not None]
    odd = [one for one in shown if one.remark]
    fig, ax = new_figure(WIDTH, 5.2)
    fine = [one for one in shown if not one.remark]
    for group, color, marker, label in (
        (fine, COLORS["main"], "o", "nothing to look at"),
        (odd, COLORS["accent"], "s", "look at it"),
    ):
        ax.scatter(
            [one.difficulty for one in group],
            [one.discrimination for one in group],
            color=color,
            marker=marker,
            label=label,
            s=36,
        )
    named = sorted(odd, key=lambda one: one.discrimination or 0.0)[:_NAMED]
    for number, one in enumerate(named, 1):
        ax.annotate(
            str(number),
            (one.difficulty, one.discrimination or 0.0),
            xytext=(5, 4),
            textcoords="offset points",
            fontsize=9,
        )
        chapter = chapters.get(one.exercise, one.exercise)
        label = f"{number}: chapter {chapter}, {shorten(one.title, _LETTERS, placeholder='…')}"
        ax.plot([], [], linestyle="", label=label)
    ax.axhline(0.2, color=COLORS["muted"], linestyle=":", linewidth=1)
    ax.set_xlim(-0.03, 1.03)
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    ax.set_xlabel("Share of its points that is won (left: hard)")
    ax.set_ylabel("Discrimination (−1 to 1)")
    ax.set_title(f"{len(odd)} of {len(shown)} questions deserve a look")
    if shown:
        fig.legend(ncols=2, loc="outside lower left", fontsize=9)
    words = ", ".join(
        f"chapter {chapters.get(one.exercise, one.exercise)}, “{one.title}”" for one in odd[:30]
    )
    return finish(
        fig, alt=f"Scatter of {len(shown)} questions. To look at: {words or 'none'}. The table below has all."
    )
