"""What is said about how near a sample is holds as often as it says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.batch import ReadBatch
from engine.collectors.batch_spread import BatchSpread
from engine.flow.backpressure import is_chosen
from engine.flow.pool import BufferPool
from engine.parse.fastq import FastqParser
from kernels.collectors.sample_totals import ACGT, BASES, GC, Q30, QUALITY
from tests.parsing import TextSource

RATIOS = [(GC, ACGT), (QUALITY, BASES), (Q30, BASES)]
BATCHES = 400


def drifting_batches() -> list[ReadBatch]:
    """Reads whose composition and quality drift along the file, as tiles do, in batches of different sizes."""
    chance = np.random.default_rng(7)
    batches = []
    for number in range(BATCHES):
        drift = np.sin(number / 40)
        text = bytearray()
        for read in range(int(chance.integers(5, 25))):
            length = int(chance.integers(20, 60))
            bases = chance.choice(list(b"ACGT"), length, p=[0.25, 0.25 + drift / 10, 0.25, 0.25 - drift / 10])
            scores = np.clip(chance.normal(63 + 8 * drift, 5, length), 35, 74)
            text += b"@%d\n" % read + bytes(bases.astype(np.uint8)) + b"\n+\n" + bytes(scores.astype(np.uint8)) + b"\n"
        pool = BufferPool(1 << 16, 1)
        batch = FastqParser(TextSource(bytes(text)), pool, Path("reads.fastq")).next_batch()
        assert batch is not None
        batches.append(replace(batch, number=number))
    return batches


@pytest.fixture(scope="module")
def batches() -> list[ReadBatch]:
    return drifting_batches()


def ratio(spread: BatchSpread, part: int, base: int) -> float:
    sums = spread.whole.sums + spread.sampled.sums
    return float(sums[part] / sums[base])


def added(batches: list[ReadBatch], *, is_sampled: bool) -> BatchSpread:
    spread = BatchSpread()
    for batch in batches:
        spread = spread.with_batch(batch, is_sampled=is_sampled)
    return spread


@pytest.mark.parametrize("share", [0.1, 0.5])
@pytest.mark.parametrize("all_until", [0, 100])
def test_the_margin_holds_in_nineteen_of_twenty_samples(batches: list[ReadBatch], share: float, all_until: int) -> None:
    """With and without a time at the start in which all were worked on, as the adaptive policy has it."""
    everything = added(batches, is_sampled=False)
    start = added(batches[:all_until], is_sampled=False)
    hits = tries = 0
    for seed in range(60):
        chosen = [each for each in batches[all_until:] if is_chosen(each.number, share, seed)]
        left = [each for each in batches[all_until:] if not is_chosen(each.number, share, seed)]
        sample = start.plus(added(chosen, is_sampled=True))
        for part, base in RATIOS:
            margin = sample.margin(part, base, len(left), sum(int(each.lengths.sum()) for each in left))
            assert margin is not None
            tries += 1
            hits += abs(ratio(sample, part, base) - ratio(everything, part, base)) <= margin
    assert hits / tries >= 0.9


def test_margins_are_narrower_than_guesses(batches: list[ReadBatch]) -> None:
    left = [each for each in batches if not is_chosen(each.number, 0.5, 1)]
    sample = added([each for each in batches if is_chosen(each.number, 0.5, 1)], is_sampled=True)
    margin = sample.margin(QUALITY, BASES, len(left), sum(int(each.lengths.sum()) for each in left))
    assert margin is not None
    assert 0.05 < margin < 1


def test_nothing_left_out_is_exact_and_few_batches_say_nothing(batches: list[ReadBatch]) -> None:
    few = added(batches[:9], is_sampled=True)
    assert few.margin(GC, ACGT, 0, 0) == 0
    assert few.margin(GC, ACGT, 5, 1000) is None
    assert BatchSpread().margin(GC, ACGT, 5, 1000) is None
    assert added(batches[:10], is_sampled=True).margin(GC, ACGT, 5, 1000) is not None


def test_sums_do_not_depend_on_who_counted(batches: list[ReadBatch]) -> None:
    together = added(batches[:40], is_sampled=True)
    apart = added(batches[:13], is_sampled=True).plus(added(batches[13:40], is_sampled=True))
    assert apart.sampled.batches == together.sampled.batches == 40
    assert np.array_equal(apart.sampled.sums, together.sampled.sums)
    assert np.allclose(apart.sampled.products, together.sampled.products, rtol=1e-12)


def test_mates_count_too(batches: list[ReadBatch]) -> None:
    pair = replace(batches[0], mate=batches[1].rows(slice(0, 5)))
    spread = BatchSpread().with_batch(pair, is_sampled=False)
    assert spread.whole.sums[BASES] == batches[0].lengths.sum() + batches[1].lengths[:5].sum()
