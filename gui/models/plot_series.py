"""What plots draw, worked out from results: numbers in, arrays out, no window in sight."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.run.snapshot import Sample

Array = npt.NDArray[np.float64]
Values = Sequence[float | None]


class Line(NamedTuple):
    """Points of a line: ``x`` and ``y`` are float64 [n], ``y`` NaN where the line breaks."""

    x: Array
    y: Array


_NOTHING = Line(np.empty(0), np.empty(0))


def floats(values: Values) -> Array:
    """``values`` as float64 [n], NaN for ``None``."""
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def centres(starts: Sequence[int], ends: Sequence[int]) -> Array:
    """The middle of each group of positions, float64 [n], bp; groups include both ends."""
    return (np.asarray(starts, dtype=np.float64) + np.asarray(ends, dtype=np.float64)) / 2


def through_centres(starts: Sequence[int], ends: Sequence[int], values: Values) -> Line:
    """``values`` at the middle of their groups, drawn out to both ends of the read.

    Returns:
        A line of n + 2 points, or of none.
    """
    if not len(starts):
        return _NOTHING
    y = floats(values)
    x = np.concatenate(([starts[0] - 0.5], centres(starts, ends), [ends[-1] + 0.5]))
    return Line(x, np.concatenate((y[:1], y, y[-1:])))


def stairs(starts: Sequence[int], ends: Sequence[int], values: Values) -> Line:
    """``values`` as level steps over whole groups on a true axis, each from half a bp before to half a bp after.

    Returns:
        A line of 2n points.
    """
    x = np.empty(2 * len(starts))
    x[0::2] = np.asarray(starts, dtype=np.float64) - 0.5
    x[1::2] = np.asarray(ends, dtype=np.float64) + 0.5
    return Line(x, np.repeat(floats(values), 2))


def ribbon(lower: Line, upper: Line) -> list[Line]:
    """The outlines, closed by whoever fills them, of what lies between two lines over the same ``x``.

    One outline for each stretch where both are known.
    """
    known = np.isfinite(lower.y) & np.isfinite(upper.y)
    return [
        Line(
            np.concatenate((upper.x[part], lower.x[part][::-1])),
            np.concatenate((upper.y[part], lower.y[part][::-1])),
        )
        for part in _stretches(known)
    ]


def _stretches(known: npt.NDArray[np.bool_]) -> list[slice]:
    edges = np.flatnonzero(np.diff(known.astype(np.int8), prepend=0, append=0))
    return [slice(int(begin), int(end)) for begin, end in edges.reshape(-1, 2)]


def columns(left: Array, right: Array, heights: Array) -> Line:
    """The outline of columns that stand side by side on 0, from the first one's foot to the last one's.

    Args:
        left: float64 [n], left edges, ascending.
        right: float64 [n], right edges; the outline touches 0 wherever the next column begins later.
        heights: float64 [n].
    """
    if not len(left):
        return _NOTHING
    x = np.column_stack((left, left, right, right)).ravel()
    y = np.column_stack((np.zeros_like(heights), heights, heights, np.zeros_like(heights))).ravel()
    keep = np.ones(len(x), dtype=np.bool_)
    touching = np.flatnonzero(np.isclose(right[:-1], left[1:]))
    keep[4 * touching + 3] = False
    keep[4 * touching + 4] = False
    return Line(x[keep], y[keep])


def known_heights(counts: Sequence[int | float], factor: float) -> Array:
    """``counts`` in the unit of an axis, float64 [n]."""
    return np.asarray(counts, dtype=np.float64) / factor


def rates(samples: Sequence[Sample], begin: float, end: float, apart: float, window: float) -> Line:
    """Reads per second over time.

    Batches come in lumps, so each value is the mean over the ``window`` before it. Values stand at multiples of
    ``apart``, whenever the line is drawn, and at ``end``: a curve that moves left must not change its shape.

    Args:
        samples: load over time, oldest first.
        begin: first time wanted, seconds since the start of the run.
        end: last time wanted.
        apart: seconds between values.
        window: seconds that each value is the mean of.

    Returns:
        Times in seconds since the start of the run, and reads per second.
    """
    recent = _since(samples, begin - window)
    if not recent or end <= 0:
        return _NOTHING
    # Where all are wanted, the run began from nothing.
    origin = [0] if len(recent) == len(samples) else []
    times = np.array([*origin, *(sample.time for sample in recent)], dtype=np.float64)
    reads = np.array([*origin, *(sample.reads for sample in recent)], dtype=np.float64)
    first = max(begin, times[0])
    grid = np.arange(np.ceil(first / apart) * apart, end, apart)
    grid = np.append(grid[grid < end - apart / 4], end)
    back = np.maximum(grid - window, times[0])
    span = grid - back
    usable = span > min(window, end - times[0]) / 4
    grid, back, span = grid[usable], back[usable], span[usable]
    return Line(grid, (np.interp(grid, times, reads) - np.interp(back, times, reads)) / span)


def _since(samples: Sequence[Sample], time: float) -> Sequence[Sample]:
    """The samples from the last one at or before ``time``; all of them where none is that old."""
    return samples[max(0, bisect_right(samples, time, key=lambda sample: sample.time) - 1) :]


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """``places`` moved as little as it takes to stand ``gap`` apart and within ``low``..``high``.

    Their order stays; where the room is too small for all, they stand evenly.
    """
    count = len(places)
    if not count:
        return []
    gap = min(gap, (high - low) / max(1, count - 1))
    order = sorted(range(count), key=lambda index: places[index])
    blocks: list[tuple[float, int]] = []
    for index in order:
        # A block is a stack of neighbours that touch: the middle of where they want to be, and how many they are.
        middle, size = places[index], 1
        while blocks and middle - blocks[-1][0] < gap * (size + blocks[-1][1]) / 2:
            other, other_size = blocks.pop()
            middle = (middle * size + other * other_size) / (size + other_size)
            size += other_size
        blocks.append((middle, size))
    stood = [middle + gap * (number - (size - 1) / 2) for middle, size in blocks for number in range(size)]
    return _placed(order, _kept_within(stood, gap, low, high))


def _kept_within(stood: list[float], gap: float, low: float, high: float) -> list[float]:
    count = len(stood)
    up = [max(place, low + gap * number) for number, place in enumerate(stood)]
    return [min(place, high - gap * (count - 1 - number)) for number, place in enumerate(up)]


def _placed(order: list[int], stood: list[float]) -> list[float]:
    result = [0.0] * len(order)
    for index, place in zip(order, stood, strict=True):
        result[index] = place
    return result


def wants_log(starts: Sequence[int], ends: Sequence[int], counts: Sequence[int]) -> bool:
    """Whether lengths are spread over more than two decades, as those of nanopore reads are."""
    present = [(start, end) for start, end, count in zip(starts, ends, counts, strict=True) if count]
    return bool(present) and present[-1][1] > 100 * max(1, present[0][0])
