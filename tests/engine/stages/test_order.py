"""What must not depend on batches and workers."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.batch import ReadBatch
from engine.flow.turnstile import Turnstile, TurnstileAborted
from engine.stages.base import NativeStage
from engine.stages.duplicates import Deduplicator, DuplicateParameters, SeenReads
from engine.stages.sampling import SampleParameters, Sampler
from kernels.stages.hashes import (
    find_new,
    find_new_reference,
    number_hashes,
    number_hashes_reference,
    sequence_hashes,
    sequence_hashes_reference,
)
from tests.naive_parser import Read
from tests.strategies import batch_of, columns_of


def cut_up(reads: list[Read], size: int) -> list[ReadBatch]:
    return [batch_of(reads[i : i + size], i // size, i) for i in range(0, len(reads), size)]


def kept_by(stage: NativeStage[SampleParameters], batches: list[ReadBatch]) -> list[int]:
    return [
        batch.first_record + int(row) for batch in batches for row in np.flatnonzero(after_none(stage.process(batch)))
    ]


def after_none(batch: ReadBatch) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    kept: np.ndarray[tuple[int], np.dtype[np.bool_]] = (
        np.ones(len(batch), np.bool_) if batch.dropped is None else batch.dropped == 0
    )
    return kept


def test_samples_do_not_depend_on_batches() -> None:
    reads = [Read(b"r", b"A", b"I")] * 500
    chosen = [kept_by(Sampler(SampleParameters(fraction=0.3, seed=5)), cut_up(reads, size)) for size in (1, 7, 500)]
    assert chosen[0] == chosen[1] == chosen[2]
    assert 100 < len(chosen[0]) < 200
    assert kept_by(Sampler(SampleParameters(fraction=0.3, seed=6)), cut_up(reads, 500)) != chosen[0]
    assert len(kept_by(Sampler(SampleParameters(fraction=1)), cut_up(reads, 500))) == 500
    assert not kept_by(Sampler(SampleParameters(fraction=0)), cut_up(reads, 500))


@given(first=st.integers(0, 2**40), seed=st.integers(0, 2**31 - 1))
def test_number_hashes_agree_with_reference(first: int, seed: int) -> None:
    both = np.empty((2, 5), np.uint64)
    number_hashes(first, seed, both[0])
    number_hashes_reference(first, seed, both[1])
    assert both[0].tolist() == both[1].tolist()


@given(texts=st.lists(st.binary(max_size=40), max_size=5), compared=st.integers(0, 20), seed=st.integers(0, 9))
def test_sequence_hashes_agree_with_reference(texts: list[bytes], compared: int, seed: int) -> None:
    reads = columns_of(texts)
    both = np.full((2, len(texts)), 77, np.uint64)
    sequence_hashes(reads.buffer, reads.starts, reads.lengths, compared, seed, both[0])
    sequence_hashes_reference(reads.buffer, reads.starts, reads.lengths, compared, seed, both[1])
    assert both[0].tolist() == both[1].tolist()


@given(
    keys=st.lists(st.tuples(st.integers(0, 5), st.sampled_from([0, 1, 2, 2**63])), max_size=30),
    seed=st.integers(0, 9),
)
def test_finding_new_agrees_with_reference(keys: list[tuple[int, int]], seed: int) -> None:
    columns = np.array(keys, np.uint64).reshape(-1, 2).T.copy()
    columns[1][(columns == 0).all(axis=0)] = 1  # as the kernel takes two zeros
    skipped = (np.random.default_rng(seed).random(len(keys)) < 0.2).astype(np.uint8)
    is_new = np.empty((2, len(keys)), np.uint8)
    added = find_new(columns, np.zeros((2, 64), np.uint64), skipped, is_new[0])
    seen: set[tuple[int, int]] = set()
    find_new_reference(columns, seen, skipped, is_new[1])
    assert is_new[0].tolist() == is_new[1].tolist()
    assert added == len(seen)


@settings(max_examples=40)
@given(texts=st.lists(st.sampled_from([b"", b"A", b"ac", b"AC", b"ACGTACGTA"]), max_size=30), size=st.integers(1, 9))
def test_the_first_of_duplicates_stays_whatever_the_workers(texts: list[bytes], size: int) -> None:
    reads = [Read(b"r", text, b"I" * len(text)) for text in texts]
    batches = cut_up(reads, size)
    shared = Deduplicator.share(None)
    results: dict[int, ReadBatch] = {}

    def work(own: list[ReadBatch]) -> None:
        stage = Deduplicator(DuplicateParameters(), shared)
        for batch in own:
            results[batch.number] = stage.process(batch)

    threads = [threading.Thread(target=work, args=(batches[i::3],)) for i in (2, 1, 0)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = [bool(flag) for number in sorted(results) for flag in after_none(results[number])]
    upper = [text.upper() for text in texts]
    assert kept == [text not in upper[:i] for i, text in enumerate(upper)]


def test_pairs_are_duplicates_when_both_reads_are() -> None:
    first = batch_of([Read(b"r", base, b"I") for base in (b"A", b"A", b"A", b"C")])
    second = batch_of([Read(b"r", base, b"I") for base in (b"G", b"T", b"G", b"G")])
    after = Deduplicator(DuplicateParameters()).process(replace(first, mate=second))
    assert after.mate is not None
    assert after_none(after).tolist() == after_none(after.mate).tolist() == [True, True, False, True]


def test_the_table_grows_and_forgets_nothing() -> None:
    seen = SeenReads()
    keys = np.random.default_rng(1).integers(1, 2**63, (2, 200_000)).astype(np.uint64)
    nothing = np.zeros(20_000, np.uint8)
    for start in range(0, 200_000, 20_000):
        part = np.ascontiguousarray(keys[:, start : start + 20_000])
        assert seen.add(part, nothing).all()
        assert not seen.add(part, nothing).any()
    assert not seen.add(np.ascontiguousarray(keys[:, :20_000]), nothing).any()


def test_a_turnstile_lets_skipped_numbers_pass_and_can_be_aborted() -> None:
    turnstile = Turnstile()
    turnstile.skip(1)
    with turnstile.turn(0):
        pass
    with turnstile.turn(2):
        pass
    errors: list[Exception] = []

    def wait() -> None:
        try:
            with turnstile.turn(9):
                pass
        except TurnstileAborted as error:
            errors.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    turnstile.abort()
    thread.join()
    assert len(errors) == 1
    with pytest.raises(TurnstileAborted), turnstile.turn(3):
        pass
