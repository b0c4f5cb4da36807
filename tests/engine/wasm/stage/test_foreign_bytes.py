"""A plugin finds nothing in its memory but its own data and zeros, wherever its batches come from."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from engine.batch import ReadBatch
from engine.pipeline.steps.pieces import joined, piece_of
from engine.wasm.errors import GuestTrap
from engine.wasm.host import Host
from tests.guests import batch_of, column, reads_in, stage_module, stage_of
from tests.naive_parser import Read

PLANTED = b"PLANTED!"
_NUMBER = f"(i64.const {int.from_bytes(PLANTED, 'little')})"
READS = [Read(b"name%d" % row, b"ACGTACGTACGT", b"FFFFF#######") for row in range(20)]

SEARCH = f"""(local.set $n (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 8)))
    (block $done (loop $bytes
        (if (i64.eq (i64.load (local.get $i)) {_NUMBER}) (then unreachable))
        (br_if $done (i32.ge_u (local.get $i) (local.get $n)))
        (local.set $i (i32.add (local.get $i) (i32.const 1))) (br $bytes))) (i32.const 0)"""
"""Stops the guest where the planted word is anywhere in its memory."""

IN_NEW_NAMES = f"""(local.set $n (i32.load offset=60 (local.get $batch)))
    (i64.store offset=4 (local.get $n) {_NUMBER})
    (i32.store8 (local.get $n) (i32.const 65)) (i32.store8 offset=16 (local.get $n) (i32.const 66))
    (block $done (loop $reads
        (i32.store (i32.add (i32.load offset=52 (local.get $batch)) (i32.shl (local.get $i) (i32.const 2)))
            (i32.shl (i32.and (local.get $i) (i32.const 1)) (i32.const 4)))
        (i32.store (i32.add (i32.load offset=56 (local.get $batch)) (i32.shl (local.get $i) (i32.const 2)))
            (i32.const 1))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $done (i32.ge_u (local.get $i) (i32.load offset=8 (local.get $batch)))) (br $reads))) (i32.const 0)"""
"""Names reads A and B by turns, and plants the word between the two names."""

IN_TEXT = f"""(i64.store (i32.add (i32.load offset=16 (local.get $batch))
    (i32.add (i32.load {column(32, 0)}) (i32.const 12))) {_NUMBER}) (i32.const 0)"""
"""Plants the word behind the qualities of the first read."""

NEEDS = [["names"], ["bases"], ["qualities"], ["bases", "qualities"], ["names", "bases", "qualities"]]


def search(host: Host, needs: list[str], *batches: ReadBatch) -> None:
    with stage_of(host, stage_module(SEARCH), needs=needs).open() as stage:
        for batch in batches:
            stage.process(batch)


def stale(batch: ReadBatch) -> ReadBatch:
    """The batch over a buffer that was used before: the word stands everywhere but in the reads' parts."""
    whole = np.array(list(PLANTED) * (len(batch.buffer) // 8 + 100), np.uint8)
    for starts, lengths in (
        (batch.name_starts, batch.name_lengths),
        (batch.sequence_starts, batch.lengths),
        (batch.quality_starts, batch.lengths),
    ):
        for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
            whole[start : start + length] = batch.buffer[start : start + length]
    return replace(batch, buffer=whole)


def test_the_search_finds_what_is_there(host: Host) -> None:
    with pytest.raises(GuestTrap, match="gave up"):
        search(host, ["names"], batch_of([Read(b"x" + PLANTED, b"A", b"F")]))


@pytest.mark.parametrize("needs", NEEDS, ids=" ".join)
def test_nothing_of_a_buffer_that_was_used_before(host: Host, needs: list[str]) -> None:
    batch = stale(batch_of(READS, junk=b"@" * 30))
    mixed = np.array([5, 3, 19, 0, 7], np.intp)
    search(host, needs, batch, batch.rows(slice(3, 9)), batch.rows(mixed), replace(batch, mate=batch))


@pytest.mark.parametrize("needs", NEEDS, ids=" ".join)
def test_nothing_of_the_plugin_before_it(host: Host, needs: list[str]) -> None:
    batch = batch_of(READS, junk=b"@" * 30)
    with stage_of(host, stage_module(IN_NEW_NAMES), changes=["names"]).open() as stage:
        named = stage.process(batch).batch
    assert {read.name for read in reads_in(named)} == {b"A", b"B"}
    with stage_of(host, stage_module(IN_TEXT), changes=["bases"]).open() as stage:
        written = stage.process(batch).batch
    assert reads_in(written) == READS
    search(host, needs, named, written)


@pytest.mark.parametrize("needs", NEEDS, ids=" ".join)
def test_nothing_of_what_lay_behind_pieces_of_a_batch(host: Host, needs: list[str]) -> None:
    batch = batch_of(READS, junk=b"@" * 30)
    parts = [stale(piece_of(batch, begin, end)) for begin, end in pairwise((0, 7, 8, 20))]
    together = joined(batch, parts)
    assert reads_in(together) == READS
    search(host, needs, together)


def test_a_new_instance_begins_with_zeros(host: Host) -> None:
    # Everything below the region and from 64 KiB on, where no batch has been, of instances one after the other.
    zeros = """(local.set $i (i32.const 65536)) (block $done (loop $bytes
        (br_if $done (i32.ge_u (local.get $i) (i32.shl (memory.size) (i32.const 16))))
        (if (i64.ne (i64.load (local.get $i)) (i64.const 0)) (then unreachable))
        (local.set $i (i32.add (local.get $i) (i32.const 8))) (br $bytes)))
        (if (i64.ne (i64.load (i32.const 512)) (i64.const 0)) (then unreachable))
        (memory.fill (i32.const 65536) (i32.const 80) (i32.const 65536)) (i64.store (i32.const 512) (i64.const 1))
        (i32.const 0)"""
    reserve = """(drop (memory.grow (i32.const 8))) (i32.const 1024)"""
    plugin = stage_of(host, stage_module(zeros, reserve))
    for _ in range(5):
        with plugin.open() as stage:
            stage.process(batch_of(READS))


@pytest.mark.parametrize("needs", NEEDS, ids=" ".join)
def test_what_stays_is_its_own_data(host: Host, needs: list[str]) -> None:
    # A batch that follows a larger one finds that one's end where it was: it is the plugin's own.
    large = batch_of([Read(b"n" * 20, b"ACGT" * 50, b"FF##" * 50)] * 200)
    search(host, needs, large, stale(batch_of(READS[:2], junk=b"@" * 30)))
