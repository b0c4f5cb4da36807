"""Telling samples apart by the barcodes in their reads or header lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.batch import Bytes, Column, ReadBatch
from engine.errors import LanescopeError
from engine.reasons import Reason
from engine.stages.barcodes import UNKNOWN, DemultiplexParameters
from engine.stages.base import NativeStage, columns, cut, is_dropped, with_failures
from kernels.base_codes import pattern_codes, read_codes
from kernels.stages.barcodes import WORD_BASES, barcode_matches, packed_barcodes
from kernels.stages.header_barcodes import header_barcodes


class MatesMissingError(LanescopeError):
    """Barcodes are looked for in second reads that are not there."""

    title = "These reads have no mates"
    hint = "Read both files of the pairs, or look for barcodes in the first reads alone."


@dataclass(frozen=True, slots=True, eq=False)
class _Texts:
    """Where barcodes are looked for: uint8 buffer, and int32 [n_reads] offsets and lengths in it."""

    buffer: Bytes
    starts: Column
    lengths: Column


def _read_sides(batch: ReadBatch) -> tuple[_Texts, _Texts]:
    """The bases of reads and of their mates; without mates those of the reads again."""
    sides = (batch, batch if batch.mate is None else batch.mate)
    first, second = (_Texts(side.buffer, side.sequence_starts, side.lengths) for side in sides)
    return first, second


def _header_sides(batch: ReadBatch) -> tuple[_Texts, _Texts]:
    """The two barcodes at the end of each header line; nothing where there is none."""
    buffer = batch.buffer if batch.name_buffer is None else batch.name_buffer
    found = columns(batch, 4)
    header_barcodes(buffer, batch.name_starts, batch.name_lengths, *found)
    return _Texts(buffer, found[0], found[1]), _Texts(buffer, found[2], found[3])


class Demultiplexer(NativeStage[DemultiplexParameters]):
    """Says which sample each read belongs to, in `ReadBatch.samples`.

    Statistics: ``samples``, reads or pairs of each, and ``ambiguous``, those that two barcodes suit as well.
    """

    def __init__(self, parameters: DemultiplexParameters, shared: Any = None) -> None:
        super().__init__(parameters, shared)
        first = [each.sequence for each in parameters.barcodes]
        second = [each.second for each in parameters.barcodes]
        if parameters.read == "second":
            first, second = second, first
        self._codes, self._widths = _coded(first)
        self._mate_codes, self._mate_widths = _coded(second)
        self._words = self._packed([*first, *second])
        self._table = read_codes(wildcards=False)
        self._names = (*parameters.names(), UNKNOWN)

    def _packed(self, sequences: Sequence[str]) -> npt.NDArray[np.uint64]:
        """Barcodes as the kernel likes them best, if all of them can be had so."""
        if any(len(sequence) > WORD_BASES or not set(sequence) <= set("ACGT") for sequence in sequences):
            return np.zeros((2, 0), np.uint64)
        at_end = self.parameters.end == "3' end"
        own = packed_barcodes(self._codes, self._widths, at_end=at_end)
        return np.stack([own, packed_barcodes(self._mate_codes, self._mate_widths, at_end=at_end)])

    def _work(self, batch: ReadBatch) -> ReadBatch:
        mate = batch.mate
        in_reads = self.parameters.place == "reads"
        if in_reads and mate is None and self._mate_widths.any():
            raise MatesMissingError("The barcodes stand in second reads, and these reads have none.")
        samples, is_tied = self._matches(*(_read_sides(batch) if in_reads else _header_sides(batch)))
        if self.parameters.ambiguous == "unknown":
            samples[is_tied] = -1
        self._count(batch, samples, is_tied)
        if self.parameters.cut and in_reads:
            batch = self._cut(batch, samples, self._widths)
            mate = None if mate is None else self._cut(mate, samples, self._mate_widths)
        batch = replace(batch, mate=mate, samples=samples)
        if self.parameters.unknown == "keep":
            return batch
        failing = [(Reason.NO_BARCODE, samples < 0)]
        return with_failures(batch, failing, failing if mate is not None else [], "either")

    def _matches(self, own: _Texts, other: _Texts) -> tuple[Column, npt.NDArray[np.bool_]]:
        samples = np.empty(len(own.starts), np.int32)
        is_tied = np.empty(len(own.starts), np.uint8)
        barcode_matches(
            own.buffer,
            own.starts,
            own.lengths,
            self._codes,
            self._widths,
            other.buffer,
            other.starts,
            other.lengths,
            self._mate_codes,
            self._mate_widths,
            self._table,
            self.parameters.mismatches,
            self.parameters.end == "3' end",
            samples,
            is_tied,
            self._words,
        )
        return samples, is_tied.view(np.bool_)

    def _cut(self, batch: ReadBatch, samples: Column, widths: Column) -> ReadBatch:
        away = np.where(samples >= 0, widths[samples], np.int32(0)).astype(np.int32)
        if self.parameters.end == "3' end":
            return cut(batch, None, batch.lengths - away)
        return cut(batch, away, None)

    def _count(self, batch: ReadBatch, samples: Column, is_tied: npt.NDArray[np.bool_]) -> None:
        here = ~is_dropped(batch)
        if batch.mate is not None:
            here |= ~is_dropped(batch.mate)
        counts = np.bincount(samples[here] % len(self._names), minlength=len(self._names))
        self.statistics.add("samples", {name: int(count) for name, count in zip(self._names, counts, strict=True)})
        self.statistics.add("ambiguous", {"reads": int(np.count_nonzero(is_tied & here))})


def _coded(sequences: Sequence[str]) -> tuple[npt.NDArray[np.uint8], Column]:
    """Codes and widths of barcodes for the kernel."""
    codes = np.zeros((len(sequences), max(map(len, sequences))), np.uint8)
    for row, sequence in enumerate(sequences):
        codes[row, : len(sequence)] = pattern_codes(sequence)
    return codes, np.array([len(sequence) for sequence in sequences], np.int32)
