from __future__ import annotations

import math

import numpy as np
import pytest

from engine.collectors.collector_set import CollectorOptions, CollectorSet, collector_sets
from engine.collectors.modules.qc import qc_results
from engine.collectors.results import KmerContent
from tests.naive_parser import Read
from tests.strategies import batch_of

MOTIF = "GATTACA"


def reads_with_motif(count: int, length: int = 60) -> list[Read]:
    """Random reads; one in three of those looked at has the motif at base 20, between N."""
    chance = np.random.default_rng(3)
    reads = []
    for number in range(count):
        bases = "".join(chance.choice(list("ACGT"), length))
        if number % 50 == 49 and number % 150 == 149:
            bases = bases[:13] + "N" * 6 + MOTIF + "N" * 6 + bases[32:]
        reads.append(Read(b"r", bases.encode(), b"I" * length))
    return reads


def measured(reads: list[Read], cuts: list[int], workers: int = 1) -> KmerContent | None:
    parts = collector_sets(workers, CollectorOptions(kmers=True))
    for number, (start, end) in reversed(list(enumerate(zip([0, *cuts], [*cuts, len(reads)], strict=True)))):
        parts[number % workers].add(batch_of(reads[start:end], number, start))
    total = CollectorSet()
    for part in parts:
        total.merge(part.copy())
    return qc_results(total).kmers


def test_an_enriched_kmer_by_hand() -> None:
    reads = reads_with_motif(9000)
    found = measured(reads, [])
    assert found is not None
    [top] = [kmer for kmer in found.kmers if kmer.sequence == MOTIF]
    assert (top.start, top.end) == (20, 20)
    looked_at = [read.bases.decode() for read in reads[49::50]]
    occurrences = sum(bases[i : i + 7] == MOTIF for bases in looked_at for i in range(54))
    there = sum(bases[19:26] == MOTIF for bases in looked_at)
    assert there == 60
    assert top.count == 5 * occurrences
    share = occurrences / sum("N" not in bases[i : i + 7] for bases in looked_at for i in range(54))
    assert top.enrichment == pytest.approx(there / (share * len(looked_at)), rel=1e-6)
    above = sum(math.comb(180, k) * share**k * (1 - share) ** (180 - k) for k in range(there + 1, 181))
    assert above < 1e-16
    # 1 less nearly 1: nothing is left of so small a chance.
    assert top.p_value == 0
    assert [kmer.enrichment for kmer in found.kmers] == sorted((kmer.enrichment for kmer in found.kmers), reverse=True)
    assert len(found.kmers) <= 20


def test_whoever_counts() -> None:
    reads = reads_with_motif(3000)
    expected = measured(reads, [])
    assert expected is not None
    assert expected.kmers
    assert measured(reads, [7, 49, 50, 1000, 2999], workers=3) == expected


@pytest.mark.parametrize(
    "reads", [[Read(b"r", b"ACGTACGTACGT", b"I" * 12)] * 49, [Read(b"r", b"ACGTA", b"IIIII")] * 60]
)
def test_nothing_to_look_at(reads: list[Read]) -> None:
    assert measured(reads, []) == KmerContent()


def test_kmers_are_off_unless_asked_for() -> None:
    collectors = CollectorSet()
    collectors.add(batch_of(reads_with_motif(60)))
    assert qc_results(collectors).kmers is None


def test_while_a_run_goes_on_kmers_are_left_out() -> None:
    collectors = CollectorSet(CollectorOptions(kmers=True))
    collectors.add(batch_of(reads_with_motif(60)))
    assert qc_results(collectors, final=False).kmers is None
    assert qc_results(collectors).kmers is not None
