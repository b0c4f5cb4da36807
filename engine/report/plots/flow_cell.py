"""Maps of an Illumina flow cell: lanes, surfaces and swaths from top to bottom, tiles along them."""

from __future__ import annotations

from typing import NamedTuple

from engine.collectors.results import Floats, QcResults, TileYield
from engine.report.plots.plot import Heat, Plot, Scale, Values
from engine.report.plots.ticks import short

_SURFACES = {1: "top", 2: "bottom"}
_SHORT = {1: "top", 2: "bot"}


class Strip(NamedTuple):
    """A row of tiles; 0 is what tiles do not tell."""

    lane: int
    surface: int
    swath: int

    @property
    def name(self) -> str:
        """``2 top 1``, ``2 bot 1``: lane, surface, swath."""
        parts = [str(self.lane) if self.lane else "", _SHORT.get(self.surface, ""), str(self.swath or "")]
        return " ".join(part for part in parts if part) or "\N{EN DASH}"

    @property
    def words(self) -> str:
        """``lane 2, top, swath 1``; empty where nothing is known."""
        lane = f"lane {self.lane}" if self.lane else ""
        swath = f"swath {self.swath}" if self.swath else ""
        return ", ".join(part for part in (lane, _SURFACES.get(self.surface, ""), swath) if part)


def tile_place(lane: int, tile: int) -> tuple[Strip, int]:
    """Where a tile lies: its strip, and its number along it.

    Tiles of four digits are surface, swath and two of the tile; five have the camera before these two. Older
    instruments number the tiles of a lane from 1 on.
    """
    digits = len(str(tile))
    if digits not in (4, 5):
        return Strip(lane, 0, 0), tile
    rest = 10 ** (digits - 2)
    return Strip(lane, tile // rest // 10, tile // rest % 10), tile % rest


def tile_words(lane: int, tile: int) -> str:
    """What a tile is called and where it lies: ``lane 2, bottom, swath 1, tile 2104``; a lane of 0 is not known."""
    where = tile_place(lane, tile)[0].words
    return f"{where}, tile {tile}" if where else f"tile {tile}"


def tile_reads_plot(results: QcResults) -> Plot | None:
    """How many reads each tile gave."""
    found = results.tile_yield
    if found is None or not found.tiles:
        return None
    most = max(found.reads)
    keys = tuple((float(count), f"{short(count)} reads") for count in dict.fromkeys((0, most // 2, most)))
    return _map(found, found.reads, "Reads by tile", Scale("amount", 0.0, float(most), keys), " reads")


def tile_quality_plot(results: QcResults) -> Plot | None:
    """The mean quality of each tile's bases."""
    found = results.tile_yield
    known = [value for value in found.mean_quality if value is not None] if found is not None else []
    if found is None or not known:
        return None
    low, high = min(known), max(known)
    if high - low < 1:  # what is all but equal must not look like a pattern
        low = high - 1
    keys = tuple((value, f"Q{value:.1f}") for value in (low, (low + high) / 2, high))
    return _map(found, found.mean_quality, "Mean quality by tile", Scale("amount", low, high, keys), " Phred")


def _map(found: TileYield, values: Floats, title: str, scale: Scale, unit: str) -> Plot:
    places = [tile_place(lane, tile) for lane, tile in zip(found.lanes, found.tiles, strict=True)]
    cells = dict(zip(places, values, strict=True))
    along = sorted({at for _, at in places})
    strips = sorted({strip for strip, _ in places})
    rows: list[str] = []
    lines: list[Values] = []
    for number, strip in enumerate(strips):
        if number and strip[:2] != strips[number - 1][:2]:  # a gap between surfaces and lanes
            rows.append("")
            lines.append((None,) * len(along))
        rows.append(strip.name)
        lines.append(tuple(cells.get((strip, at)) for at in along))
    return Plot(
        module="tile_yield",
        title=title,
        x_label="Tile along the lane",
        y_label="Lane, top or bottom, swath",
        places=tuple(float(at) for at in range(len(along))),
        names=tuple(str(at) for at in along),
        heat=Heat(tuple(rows), tuple(lines), scale, "Lane, surface, swath", unit),
    )
