"""Reads that go on as the other strand has them, and pairs whose reads change places."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.batch import PADDING, Bytes, Column, ReadBatch
from engine.stages.base import Mask
from engine.stages.naming import Pieces
from kernels.stages.turn import COMPLEMENT, picked, turn


def turned_in_place(batch: ReadBatch, which: Mask) -> ReadBatch:
    """The batch with some reads, bool [n_reads], reverse-complemented in its own buffer."""
    if not which.any():
        return batch
    starts, qualities = batch.sequence_starts, batch.quality_starts
    turn(batch.buffer, starts, qualities, batch.lengths, which.astype(np.uint8), COMPLEMENT)
    return replace(batch, bounds=None)


def marked(batch: ReadBatch, which: Mask, mark: str) -> ReadBatch:
    """The batch with a mark behind the names of some reads: bool [n_reads]."""
    if not mark or not which.any():
        return batch
    pieces = Pieces(batch)
    pieces.add_part(batch.name_starts, batch.name_lengths)
    pieces.add_word(mark.encode(), which)
    return pieces.named()


def exchanged(batch: ReadBatch, mate: ReadBatch, which: Mask, mark: str) -> tuple[ReadBatch, ReadBatch]:
    """First and second reads, those of some pairs, bool [n_reads], in each other's place and marked."""
    if not which.any():
        return batch, mate
    return _picked(batch, mate, which, mark), _picked(mate, batch, which, mark)


def _picked(own: ReadBatch, other: ReadBatch, which: Mask, mark: str) -> ReadBatch:
    """The reads of one side, some of them taken from the other one, over buffers of their own."""
    lengths = np.where(which, other.lengths, own.lengths)
    target = np.zeros(2 * int(lengths.sum(dtype=np.int64)) + len(own) + PADDING, np.uint8)
    places = np.empty((3, len(own)), np.int32)
    picked(own.buffer, _columns(own), other.buffer, _columns(other), which.astype(np.uint8), target, places)
    pieces = Pieces(own)
    pieces.add_part(own.name_starts, np.where(which, np.int32(0), own.name_lengths))
    pieces.add_part(other.name_starts, np.where(which, other.name_lengths, np.int32(0)), Pieces.FIRST)
    pieces.add_word(mark.encode(), which)
    named = pieces.named(_names(other))
    is_gone = own.dropped is not None or other.dropped is not None
    return replace(
        named,
        buffer=target,
        sequence_starts=places[0],
        quality_starts=places[1],
        lengths=places[2],
        dropped=np.where(which, _reasons(other), _reasons(own)) if is_gone else None,
        trimmed=own.trimmed
        if own.trimmed is None or other.trimmed is None
        else np.where(which, other.trimmed, own.trimmed),
        bounds=None,
    )


def _names(batch: ReadBatch) -> Bytes:
    return batch.buffer if batch.name_buffer is None else batch.name_buffer


def _reasons(batch: ReadBatch) -> Bytes:
    return np.zeros(len(batch), np.uint8) if batch.dropped is None else batch.dropped


def _columns(batch: ReadBatch) -> Column:
    return np.array([batch.sequence_starts, batch.quality_starts, batch.lengths], np.int32)
