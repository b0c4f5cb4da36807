"""The numbers of what FastQC does not measure as rows: for pages and for files of tab-separated values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from engine.collectors.results import QcResults
from engine.report.tables import Table


def beyond_table(module: str, results: QcResults) -> Table | None:
    """The table of one of `plots_beyond.MODULES`; ``None`` where it was not measured."""
    return _TABLES[module](results) if getattr(results, module) is not None else None


def _pairs(results: QcResults) -> Table | None:
    if results.pairs is None:
        return None
    rows = zip(map(str, results.pairs.insert_sizes), results.pairs.counts, strict=True)
    return Table(("Insert", "Pairs"), tuple(rows))


def _error_quality(results: QcResults) -> Table | None:
    quality = results.error_quality
    if quality is None:
        return None
    return Table(("Mean quality", "Reads"), tuple(zip(map(str, quality.qualities), quality.counts, strict=True)))


def _length_quality(results: QcResults) -> Table | None:
    found = results.length_quality
    if found is None:
        return None
    rows = (
        (str(start) if start == end else f"{start}-{end}", str(quality), count)
        for start, end, counts in zip(found.starts, found.ends, found.counts, strict=True)
        for quality, count in zip(found.qualities, counts, strict=True)
        if count
    )
    return Table(("Length", "Mean quality", "Reads"), tuple(rows), texts=2)


def _tile_yield(results: QcResults) -> Table | None:
    found = results.tile_yield
    if found is None:
        return None
    lanes, tiles = map(str, found.lanes), map(str, found.tiles)
    rows = zip(lanes, tiles, found.reads, found.bases, found.mean_quality, strict=True)
    return Table(("Lane", "Tile", "Reads", "Bases", "Mean quality"), tuple(rows), texts=2)


def _yield_over_time(results: QcResults) -> Table | None:
    found = results.yield_over_time
    if found is None:
        return None
    starts = (datetime.fromtimestamp(start, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for start in found.starts)
    rows = zip(starts, found.reads, found.bases, found.mean_quality, strict=True)
    return Table(("From", "Reads", "Bases", "Mean quality"), tuple(rows))


def _yield_by_channel(results: QcResults) -> Table | None:
    found = results.yield_by_channel
    if found is None:
        return None
    rows = zip(map(str, found.channels), found.reads, found.bases, found.mean_quality, strict=True)
    return Table(("Channel", "Reads", "Bases", "Mean quality"), tuple(rows))


_TABLES: dict[str, Callable[[QcResults], Table | None]] = {
    "pairs": _pairs,
    "error_quality": _error_quality,
    "length_quality": _length_quality,
    "tile_yield": _tile_yield,
    "yield_over_time": _yield_over_time,
    "yield_by_channel": _yield_by_channel,
}
