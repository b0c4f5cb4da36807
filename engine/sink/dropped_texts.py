"""From a batch to the text of the reads that are dropped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from engine.batch import PADDING, Bytes, ReadBatch
from engine.reasons import Reason
from engine.sink.dropped import REASONS, DroppedFile
from engine.sink.texts import Text, interleaved, nothing, text_of, turns_of
from kernels.names import joined

Mask = npt.NDArray[np.bool_]

_NAME, _WORD = 0, 3
"""Where pieces of names are, as `joined` has it."""

_WORDS = [b"", *(f" dropped={Reason(number).word}".encode() for number in range(1, max(Reason) + 1))]
"""What stands behind a name, by the number of the reason."""


def dropped_texts(batch: ReadBatch, files: Sequence[DroppedFile], *, tells_reasons: bool) -> list[Text]:
    """The text of what a batch has dropped, for each of the `DroppedFile.paths`.

    Args:
        batch: reads, or pairs of them.
        files: which.
        tells_reasons: the reason stands behind each name.
    """
    own = [REASONS[file.reason] for file in files if file.reason]
    mate = batch.mate
    texts: list[Text] = []
    for file in files:
        first = _chosen(batch, file, own)
        text = _text(batch, first, tells_reasons=tells_reasons)
        if mate is None:
            texts += [text] + [nothing()] * (len(file.paths()) - 1)
            continue
        second = _chosen(mate, file, own)
        other = _text(mate, second, tells_reasons=tells_reasons)
        if file.second is not None:
            texts += [text, other]
        else:
            texts.append(interleaved(text, other, turns_of(first, second)))
    return texts


def _chosen(batch: ReadBatch, file: DroppedFile, own: Sequence[Reason]) -> Mask:
    """Which reads go to a file: bool [n_reads]; ``own`` are the reasons that have files of their own."""
    if batch.dropped is None:
        return np.zeros(len(batch), np.bool_)
    if file.reason:
        return np.equal(batch.dropped, REASONS[file.reason])
    return np.isin(batch.dropped, [0, Reason.MERGED, *own], invert=True)


def _text(batch: ReadBatch, which: Mask, *, tells_reasons: bool) -> Text:
    if batch.dropped is None or not which.any():
        return nothing()
    chosen = replace(batch, mate=None).rows(which)
    if tells_reasons:
        chosen = _telling(chosen, batch.dropped[which])
    return text_of(chosen, np.ones(len(chosen), np.bool_))


def _telling(batch: ReadBatch, numbers: Bytes) -> ReadBatch:
    """The batch with the reason why it was dropped behind each read's name: uint8 [n_reads], its number."""
    sizes = np.array([len(word) for word in _WORDS], np.int32)
    places = (np.cumsum(sizes, dtype=np.int32) - sizes).astype(np.int32)
    names = batch.buffer if batch.name_buffer is None else batch.name_buffer
    lengths = np.array([batch.name_lengths, sizes[numbers]], np.int32)
    target = np.empty(int(lengths.sum(dtype=np.int64)) + PADDING, np.uint8)
    offsets = np.empty(len(batch) + 1, np.int32)
    joined(
        names,
        names[:0],
        names[:0],
        np.frombuffer(bytearray(b"".join(_WORDS)), np.uint8),  # which can be written, as kernels are prepared for
        np.array([_NAME, _WORD], np.uint8),
        np.array([batch.name_starts, places[numbers]], np.int32),
        lengths,
        target,
        offsets,
    )
    return replace(batch, name_buffer=target, name_starts=offsets[:-1].copy(), name_lengths=np.diff(offsets))
