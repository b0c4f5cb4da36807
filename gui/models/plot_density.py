"""Reads by two things at once as shades: numbers in, one byte a place out."""

from __future__ import annotations

import math

import numpy as np

from engine.collectors.results import LengthQuality
from gui.models.plot_axes import short
from gui.models.plot_heat import UNKNOWN, Shades
from gui.models.plot_series import Array

_COLUMNS = 600
_FAINTEST = 20
"""Shade of a single read: to be seen beside nothing."""


def length_edges(result: LengthQuality) -> tuple[Array, Array]:
    """Where each bin of lengths begins and ends on a logarithmic axis, float64 [n_bins] each, powers of ten."""
    left = np.log10(np.asarray(result.starts, dtype=np.float64) - 0.5)
    return left, np.log10(np.asarray(result.ends, dtype=np.float64) + 0.5)


def density_shades(result: LengthQuality) -> Shades:
    """Shades of all numbers of reads, uint8 [qualities, columns]: evenly along the logarithm of the length.

    The last row is the lowest quality: row 0 stands at the top. A shade grows with the square root of the number,
    from 0 where there are no reads to 254 for the most of any place.
    """
    counts = np.asarray(result.counts, dtype=np.float64)
    share = np.sqrt(counts / max(1.0, counts.max()))
    shades = np.where(counts > 0, _FAINTEST + np.rint((UNKNOWN - 1 - _FAINTEST) * share), 0).astype(np.uint8)
    left, right = length_edges(result)
    places = left[0] + (np.arange(_COLUMNS) + 0.5) * (right[-1] - left[0]) / _COLUMNS
    bins = np.minimum(np.searchsorted(right, places), len(right) - 1)
    return np.ascontiguousarray(shades[bins].T[::-1])


def density_marks(most: int) -> dict[float, str]:
    """What to write beside the scale of up to ``most`` reads: by share of the scale, -1..1, the number, short."""
    wanted = {0: "0", most: _rounded(most)}
    if most >= 16:
        # A round number near the middle of what is seen: the square root halves at a quarter.
        power = 10 ** math.floor(math.log10(most / 4))
        middle = int(most / 4 / power) * power
        wanted[middle] = short(middle)
    foot = _FAINTEST / (UNKNOWN - 1)
    return {
        (2 * (foot + (1 - foot) * math.sqrt(count / max(1, most))) - 1 if count else -1.0): text
        for count, text in wanted.items()
    }


def _rounded(count: int) -> str:
    """``count`` with two digits, for there is little room beside the scale."""
    return short(float(f"{count:.2g}"))


def most_reads(result: LengthQuality) -> int:
    """The greatest number of reads of any bin of length and quality."""
    return max((count for row in result.counts for count in row), default=0)
