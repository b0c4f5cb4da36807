"""Quality by tile in plain Python, read by read in file order, written from FastQC 0.12.1's definitions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.collectors.results import TileQuality
from tests.naive_parser import Read

MOST_TILES = 2501


def naive_tiles(reads: Sequence[Read], groups: Sequence[Sequence[int]]) -> TileQuality | None:
    """What the module should say; ``None`` where it is left out.

    Args:
        reads: the whole file.
        groups: of the cycles of the longest read that is looked at, from 1.
    """
    tiles = _qualities_by_tile(reads)
    if not tiles:
        return None
    means = {tile: [_group_mean(cycles, group) for group in groups] for tile, cycles in sorted(tiles.items())}
    average = []
    for column in zip(*means.values(), strict=True):
        total = 0.0
        for mean in column:
            total += mean or 0.0
        average.append(total / len(means))
    return TileQuality(
        starts=tuple(group[0] for group in groups),
        ends=tuple(group[-1] for group in groups),
        tiles=tuple(means),
        average=tuple(average),
        deviation=tuple(
            tuple(None if mean is None else mean - middle for mean, middle in zip(row, average, strict=True))
            for row in means.values()
        ),
    )


def longest_looked_at(reads: Sequence[Read]) -> int:
    """Cycles of the longest read of the sample."""
    return max((len(read.qualities) for read in _sample(reads)), default=0)


def _sample(reads: Sequence[Read]) -> list[Read]:
    with_bases = [read for read in reads if read.qualities]
    return [read for number, read in enumerate(with_bases, 1) if number <= 10_000 or number % 10 == 0]


def _qualities_by_tile(reads: Sequence[Read]) -> dict[int, dict[int, list[int]]]:
    """Qualities by tile and cycle, from 1; nothing where some header has no tile, or there are too many."""
    field: int | None = None
    tiles: dict[int, dict[int, list[int]]] = {}
    for read in _sample(reads):
        fields = (b"@" + read.name).split(b":")
        while fields and not fields[-1]:
            fields.pop()
        if field is None:
            if len(fields) < 5:
                return {}
            field = 4 if len(fields) >= 7 else 2
        text = fields[field] if field < len(fields) else b""
        if not re.fullmatch(rb"[+-]?[0-9]+", text):
            return {}
        tile = int(text)
        if not -(2**31) <= tile < 2**31 or (tile not in tiles and len(tiles) >= MOST_TILES):
            return {}
        cycles = tiles.setdefault(tile, {})
        for cycle, character in enumerate(read.qualities, 1):
            cycles.setdefault(cycle, []).append(character - 33)
    return tiles


def _group_mean(cycles: dict[int, list[int]], group: Sequence[int]) -> float | None:
    total, count = 0.0, 0
    for cycle in group:
        if cycle in cycles:
            total += sum(cycles[cycle]) / len(cycles[cycle])
            count += 1
    return total / count if count else None
