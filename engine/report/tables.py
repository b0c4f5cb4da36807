"""The numbers of each module as rows: for pages and for files of tab-separated values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from engine.collectors.results import (
    DUPLICATION_LEVELS,
    AdapterContent,
    BaseContent,
    BaseQuality,
    Duplication,
    GcContent,
    KmerContent,
    LengthDistribution,
    NContent,
    Overrepresented,
    PositionGroups,
    QcResults,
    SequenceQuality,
    TileQuality,
)
from engine.collectors.verdicts import cycle_labels

Value = str | int | float | None


class Table(NamedTuple):
    """Columns and rows of a module; the first ``texts`` columns hold text."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    texts: int = 1


def module_table(module: str, results: QcResults) -> Table | None:
    """The table of a module by its name in ``QcResults``; ``None`` where it was not measured."""
    make, found = _TABLES.get(module), getattr(results, module)
    return make(found) if make is not None and found is not None else None


def _by_cycle(groups: PositionGroups, columns: dict[str, Iterable[Value]]) -> Table:
    rows = tuple(zip(cycle_labels(groups), *columns.values(), strict=True))
    return Table(("Position", *columns), rows)


def _base_quality(quality: BaseQuality) -> Table:
    return _by_cycle(
        quality,
        {
            "Mean": quality.mean,
            "Median": quality.median,
            "Lower quartile": quality.lower_quartile,
            "Upper quartile": quality.upper_quartile,
            "10th percentile": quality.percentile_10,
            "90th percentile": quality.percentile_90,
        },
    )


def _tile_quality(tiles: TileQuality) -> Table:
    labels = cycle_labels(tiles)
    rows = (
        (str(tile), label, value)
        for tile, row in zip(tiles.tiles, tiles.deviation, strict=True)
        for label, value in zip(labels, row, strict=True)
    )
    return Table(("Tile", "Position", "From the average"), tuple(rows), texts=2)


def _sequence_quality(quality: SequenceQuality) -> Table:
    return Table(("Mean quality", "Reads"), tuple(zip(map(str, quality.qualities), quality.counts, strict=True)))


def _base_content(content: BaseContent) -> Table:
    return _by_cycle(content, {"A %": content.a, "C %": content.c, "G %": content.g, "T %": content.t})


def _gc_content(content: GcContent) -> Table:
    percents = map(str, range(len(content.counts)))
    return Table(("GC %", "Reads", "Normal curve"), tuple(zip(percents, content.counts, content.theory, strict=True)))


def _n_content(content: NContent) -> Table:
    return _by_cycle(content, {"N %": content.n})


def _lengths(lengths: LengthDistribution) -> Table:
    labels = (_span(start, end) for start, end in zip(lengths.starts, lengths.ends, strict=True))
    return Table(("Length", "Reads"), tuple(zip(labels, lengths.counts, strict=True)))


def _duplication(found: Duplication) -> Table | None:
    if not found.percent:
        return None
    return Table(("Occurs", "Reads %"), tuple(zip(DUPLICATION_LEVELS, found.percent, strict=True)))


def _overrepresented(found: Overrepresented) -> Table:
    rows = ((entry.sequence, entry.source, entry.count, entry.percent) for entry in found.sequences)
    return Table(("Sequence", "Possible source", "Reads", "Reads %"), tuple(rows), texts=2)


def _adapters(content: AdapterContent) -> Table | None:
    if content.too_short:
        return None
    return _by_cycle(content, {f"{name} %": row for name, row in zip(content.names, content.percent, strict=True)})


def _kmers(found: KmerContent) -> Table:
    rows = (
        (kmer.sequence, _span(kmer.start, kmer.end), kmer.count, kmer.p_value, kmer.enrichment) for kmer in found.kmers
    )
    return Table(("K-mer", "Position", "Count", "P-value", "Observed / expected"), tuple(rows), texts=2)


def _span(start: int, end: int) -> str:
    return str(start) if start == end else f"{start}-{end}"


_TABLES: dict[str, Callable[..., Table | None]] = {
    "base_quality": _base_quality,
    "tile_quality": _tile_quality,
    "sequence_quality": _sequence_quality,
    "base_content": _base_content,
    "gc_content": _gc_content,
    "n_content": _n_content,
    "lengths": _lengths,
    "duplication": _duplication,
    "overrepresented": _overrepresented,
    "adapters": _adapters,
    "kmers": _kmers,
}
