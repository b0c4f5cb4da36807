"""What a benchmark prints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.benchmarks.measuring.machine import describe
from tests.benchmarks.measuring.timing import Times


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that was measured.

    Attributes:
        name: what.
        value: the figure with its unit.
        goal: what it should be, or empty where it only informs.
        met: whether it is, or ``None``.
    """

    name: str
    value: str
    goal: str = ""
    met: bool | None = None


def at_most(name: str, value: float, goal: float, unit: str, note: str = "") -> Figure:
    """A figure that must not exceed `goal`."""
    return Figure(name, f"{value:.3g} {unit}{note}", f"≤ {goal:g} {unit}", value <= goal)


def ratio(name: str, ours: Times, theirs: Times, goal: float) -> Figure:
    """How many times as long as another program we take; the best rounds' ratio stands beside."""
    return at_most(name, ours.ratio(theirs), goal, "x", f" (best {ours.best_ratio(theirs):.2f})")


def print_machine() -> None:
    """Says what this runs on; call it before anything is measured."""
    print(f"{describe()}\n")


def print_times(times: dict[str, Times]) -> None:
    """Seconds of every contender."""
    rows = [(name, f"{t.best:.3f}", f"{t.median:.3f}") for name, t in times.items()]
    _print_table(("seconds", "best", "median"), rows)


def print_figures(figures: Iterable[Figure]) -> None:
    """Every figure with its goal."""
    words = {True: "met", False: "MISSED", None: ""}
    _print_table(
        ("figure", "value", "goal", ""), [(each.name, each.value, each.goal, words[each.met]) for each in figures]
    )


def _print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for row in (head, ["-" * width for width in widths], *rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    print()
