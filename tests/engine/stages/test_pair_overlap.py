from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.stages.base import cut
from engine.stages.pair_merge import MergeParameters, Merger
from engine.stages.pair_overlap import OverlapTrimmer, OverlapTrimParameters
from engine.stages.turning import exchanged
from tests.naive_parser import Read
from tests.strategies import batch_of

CHANCE = np.random.default_rng(3)


def insert(length: int) -> bytes:
    return bytes(CHANCE.choice(list(b"ACGT"), length).astype(np.uint8))


def test_pairs_are_cut_where_they_run_past_each_other() -> None:
    fragment = insert(50)
    back = bytes(b"TGCA"[b"ACGT".index(base)] for base in reversed(fragment))
    first = [Read(b"r", fragment + b"AGATCGGA", b"I" * 58), Read(b"r", insert(58), b"I" * 58)]
    second = [Read(b"r", back + b"CTCT", b"I" * 54), Read(b"r", insert(54), b"I" * 54)]
    firsts, seconds = batch_of(first), batch_of(second)
    batch = replace(firsts, mate=seconds)
    after = OverlapTrimmer(OverlapTrimParameters()).process(batch)
    assert after.mate is not None
    assert (after.lengths.tolist(), after.mate.lengths.tolist()) == ([50, 58], [50, 54])

    # Without 5 bases at the beginning of the first reads, second ones run 5 further before they are past it.
    whole = batch_of(first)
    late = replace(cut(whole, np.array([5, 5], np.int32), None), mate=batch_of(second))
    for umi, kept in ((0, 50), (3, 47)):
        after = OverlapTrimmer(OverlapTrimParameters(cut=True, umi=umi)).process(late)
        assert after.mate is not None
        assert (after.lengths.tolist(), after.mate.lengths.tolist()) == ([45, 53], [kept, 54])

    # Stages that write reads anew leave nothing before them.
    turned = exchanged(*exchanged(firsts, seconds, np.ones(2, np.bool_), ""), np.ones(2, np.bool_), "")
    merged = Merger(MergeParameters(least=60)).process(batch)
    for anew in (replace(turned[0], mate=turned[1]), merged):
        after = OverlapTrimmer(OverlapTrimParameters(cut=True)).process(anew)
        assert after.mate is not None
        assert (after.lengths.tolist(), after.mate.lengths.tolist()) == ([50, 58], [50, 54])
