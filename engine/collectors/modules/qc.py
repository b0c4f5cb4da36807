"""From counts to results: all modules at once."""

from __future__ import annotations

from engine.collectors.collector_set import CollectorSet
from engine.collectors.modules.adapters import adapter_content
from engine.collectors.modules.basic import basic_statistics
from engine.collectors.modules.beyond import (
    error_quality,
    estimated_duplication,
    length_quality,
    length_statistics,
)
from engine.collectors.modules.by_cycle import base_content, base_quality, n_content
from engine.collectors.modules.by_read import gc_content, length_distribution, sequence_quality
from engine.collectors.modules.duplication import duplication
from engine.collectors.modules.groups import cycle_groups
from engine.collectors.modules.kmers import kmer_content
from engine.collectors.modules.nanopore import yield_by_channel, yield_over_time
from engine.collectors.modules.overrepresented import overrepresented
from engine.collectors.modules.tiles import tile_quality, tile_yield
from engine.collectors.results import QcResults


def qc_results(collectors: CollectorSet, *, final: bool = True) -> QcResults:
    """The result of every module over what `collectors` have counted so far.

    Args:
        collectors: of one worker, or merged from those of all workers of a run.
        final: nothing more will be counted. While a run goes on, k-mers are left out, and the duplication
            modules pass over batches that wait for an earlier one; that saves time.
    """
    lengths = collectors.lengths.counts()
    longest = lengths.longest
    by_quality = collectors.qualities.totals()
    basic = basic_statistics(lengths, collectors.bases.totals(), by_quality)
    if basic.reads == 0:
        return QcResults(basic=basic)
    groups = cycle_groups(longest)
    bases = collectors.bases.by_group(groups)
    keys = collectors.keys.table(final=final)
    tiles, by_tile = collectors.tiles.result(), collectors.tile_yield.result()
    kmers = collectors.kmers if final else None
    return QcResults(
        basic=basic,
        base_quality=base_quality(collectors.qualities.ranks, groups),
        sequence_quality=sequence_quality(collectors.read_qualities.counts),
        base_content=base_content(bases, groups),
        gc_content=gc_content(collectors.gc.distribution()),
        n_content=n_content(bases, lengths.by_group(groups), groups),
        lengths=length_distribution(lengths),
        tile_quality=tile_quality(tiles, basic.lowest_quality_byte) if tiles else None,
        duplication=duplication(keys),
        overrepresented=overrepresented(keys),
        adapters=adapter_content(collectors.adapters, basic.reads, longest),
        kmers=kmer_content(kmers.table()) if kmers else None,
        length_statistics=length_statistics(lengths),
        error_quality=error_quality(collectors.read_errors.counts, by_quality),
        length_quality=length_quality(collectors.read_errors.counts, longest),
        estimated_duplication=estimated_duplication(collectors.keys.sample),
        yield_over_time=yield_over_time(collectors.nanopore),
        yield_by_channel=yield_by_channel(collectors.nanopore),
        tile_yield=tile_yield(by_tile) if by_tile else None,
    )
