"""Changes of header lines in place of new ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.batch import PADDING, Bytes, ReadBatch
from kernels.stages.name_lengths import name_lengths


def without_suffix(batch: ReadBatch, suffix: bytes) -> ReadBatch:
    """The batch with the headers of one side shortened that end with a text of at least one byte."""
    lengths, size = batch.name_lengths, len(suffix)
    names = _names(batch)
    ends = batch.name_starts + lengths
    places = np.maximum(ends - size, 0)[:, None] + np.arange(size, dtype=np.int32)
    has_it = (lengths >= size) & np.equal(names[places], np.frombuffer(suffix, np.uint8)).all(axis=1)
    if not has_it.any():
        return batch
    # Where a header is shorter than it was, a record is no longer whole as it stands in the buffer.
    return replace(batch, name_buffer=names, name_lengths=np.where(has_it, lengths - np.int32(size), lengths))


def with_lengths(batch: ReadBatch, tag: bytes) -> ReadBatch:
    """The batch with each read's bases behind a text in its header, in place of the number that stands there."""
    names, text = _names(batch), np.frombuffer(bytearray(tag), np.uint8)
    offsets = np.empty(len(batch) + 1, np.int32)
    wanted = batch.name_starts, batch.name_lengths, batch.lengths
    size = name_lengths(names, *wanted, text, np.empty(0, np.uint8), offsets, False)
    target = np.empty(size + PADDING, np.uint8)
    name_lengths(names, *wanted, text, target, offsets, True)
    return replace(batch, name_buffer=target, name_starts=offsets[:-1].copy(), name_lengths=np.diff(offsets))


def _names(batch: ReadBatch) -> Bytes:
    return batch.buffer if batch.name_buffer is None else batch.name_buffer
