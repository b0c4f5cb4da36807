"""Mates that are none, in words."""

from __future__ import annotations

from engine.batch import ReadBatch
from kernels.source.mates import first_strangers

_LONGEST = 60


def first_pair_apart(first: ReadBatch, second: ReadBatch) -> int | None:
    """The first pair of reads of two batches, counted from 0, whose names say that they are not mates.

    Args:
        first: the first mates.
        second: the second mates; as many reads.
    """
    pair = first_strangers(
        first.buffer, first.name_starts, first.name_lengths, second.buffer, second.name_starts, second.name_lengths
    )
    return None if pair < 0 else pair


def first_neighbours_apart(batch: ReadBatch) -> int | None:
    """The same within one batch of interleaved reads; a last read without a mate is not looked at."""
    pairs = len(batch) // 2 * 2
    starts, lengths = batch.name_starts[:pairs], batch.name_lengths[:pairs]
    pair = first_strangers(batch.buffer, starts[::2], lengths[::2], batch.buffer, starts[1::2], lengths[1::2])
    return None if pair < 0 else pair


def describe_strangers(first: bytes, second: bytes) -> str:
    """One sentence about two header lines that do not belong to mates."""
    return f"“{shown(first)}” and “{shown(second)}” are not the names of mates."


def shown(header: bytes) -> str:
    """A header line as text, cut short where it is long."""
    text = "".join(chr(byte) if 32 <= byte < 127 else f"\\x{byte:02x}" for byte in header[: _LONGEST + 1])
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
