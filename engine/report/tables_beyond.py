"""The numbers of what FastQC does not measure as rows: for pages and for files of tab-separated values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from engine.collectors.results import (
    ErrorQuality,
    LengthQuality,
    PairStatistics,
    QcResults,
    TileYield,
    YieldByChannel,
    YieldOverTime,
)
from engine.report.tables import Table


def beyond_table(module: str, results: QcResults) -> Table | None:
    """The table of one of `plots_beyond.MODULES`; ``None`` where it was not measured."""
    found = getattr(results, module)
    return None if found is None else _TABLES[module](found)


def _pairs(found: PairStatistics) -> Table:
    rows = zip(map(str, found.insert_sizes), found.counts, strict=True)
    return Table(("Insert", "Pairs"), tuple(rows))


def _error_quality(quality: ErrorQuality) -> Table:
    return Table(("Mean quality", "Reads"), tuple(zip(map(str, quality.qualities), quality.counts, strict=True)))


def _length_quality(found: LengthQuality) -> Table:
    rows = (
        (str(start) if start == end else f"{start}-{end}", str(quality), count)
        for start, end, counts in zip(found.starts, found.ends, found.counts, strict=True)
        for quality, count in zip(found.qualities, counts, strict=True)
        if count
    )
    return Table(("Length", "Mean quality", "Reads"), tuple(rows), texts=2)


def _tile_yield(found: TileYield) -> Table:
    lanes, tiles = map(str, found.lanes), map(str, found.tiles)
    rows = zip(lanes, tiles, found.reads, found.bases, found.mean_quality, strict=True)
    return Table(("Lane", "Tile", "Reads", "Bases", "Mean quality"), tuple(rows), texts=2)


def _yield_over_time(found: YieldOverTime) -> Table:
    starts = (datetime.fromtimestamp(start, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for start in found.starts)
    rows = zip(starts, found.reads, found.bases, found.mean_quality, strict=True)
    return Table(("From", "Reads", "Bases", "Mean quality"), tuple(rows))


def _yield_by_channel(found: YieldByChannel) -> Table:
    rows = zip(map(str, found.channels), found.reads, found.bases, found.mean_quality, strict=True)
    return Table(("Channel", "Reads", "Bases", "Mean quality"), tuple(rows))


_TABLES: dict[str, Callable[..., Table]] = {
    "pairs": _pairs,
    "error_quality": _error_quality,
    "length_quality": _length_quality,
    "tile_yield": _tile_yield,
    "yield_over_time": _yield_over_time,
    "yield_by_channel": _yield_by_channel,
}
