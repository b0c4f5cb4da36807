"""Base qualities at cycles that few reads reach."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.batch import Bytes, Column
from engine.checkpoint.state import State
from engine.collectors.base import Table, like
from engine.collectors.far_quality_piece import PIECE, FarQualityPiece
from engine.errors import CheckpointError
from kernels.collectors.quality_ranks import quality_ranks
from kernels.qualities import COLUMNS, QUALITIES


class FarQualityCounts:
    """Base qualities by cycle, from some cycle on, in pieces of `PIECE` cycles.

    A cycle costs as many bytes as reads reach it, or as there are different qualities, if these are fewer; twice as
    much once more than 255 reads do, four times once more than 65,535 do. And half as much for reads that wait.
    """

    def __init__(self) -> None:
        self._end = 0
        self._pieces: dict[int, FarQualityPiece] = {}  # by number

    @property
    def nbytes(self) -> int:
        """Memory that it takes."""
        return sum(piece.nbytes for piece in self._pieces.values())

    def state(self) -> State:
        """See `Collector.state`."""
        return {"end": self._end, "pieces": [piece.state() for piece in self._pieces.values()]}

    def restore(self, state: State) -> None:
        """See `Collector.restore`."""
        self._end = like(self._end, state.get("end"))
        empty: list[State] = []
        pieces = [FarQualityPiece.of(like({}, each)) for each in like(empty, state.get("pieces"))]
        if any(piece.begin % PIECE for piece in pieces):
            raise CheckpointError("its cycles are not in order.")
        self._pieces = {piece.begin // PIECE: piece for piece in pieces}

    def make_room(self, cycles: int) -> None:
        """Has reads of so many bases be those to come."""
        self._end = max(self._end, cycles)

    def add(self, buffer: Bytes, starts: Column, lengths: Column, first: int) -> None:
        """Adds the qualities of reads from cycle `first` on, all of which are longer; nothing of the buffer is kept.

        Args:
            buffer: see `far_quality_counts`.
            starts: likewise.
            lengths: likewise, in descending order.
            first: likewise; never less than before.
        """
        longest = int(lengths[0]) if len(lengths) else 0
        for number in range(first // PIECE, -(-longest // PIECE)):
            begin = number * PIECE
            if number not in self._pieces:
                self._pieces[number] = FarQualityPiece(begin)
            reads = int(np.searchsorted(-lengths, -max(begin, first), side="left"))
            own = np.minimum(lengths[:reads] - np.int32(begin), np.int32(PIECE))
            self._pieces[number].add(buffer, starts[:reads] + np.int32(begin), own, max(first - begin, 0))

    def merge(self, other: FarQualityCounts) -> None:
        """Adds what another one has counted."""
        self._end = max(self._end, other._end)
        for number, piece in other._pieces.items():
            if number in self._pieces:
                self._pieces[number].merge(piece)
            else:
                self._pieces[number] = piece.copy()

    def copy(self) -> FarQualityCounts:
        """See `Collector.copy`."""
        twin = FarQualityCounts()
        twin._end = self._end
        twin._pieces = {number: piece.copy() for number, piece in self._pieces.items()}
        return twin

    def rows(self, first: int, last: int) -> Table:
        """int64 [at most last - first, 96], bases of cycles first .. last - 1 by quality, as far as reads go."""
        counts = np.zeros((max(min(last, self._end) - first, 0), COLUMNS), np.int64)
        for piece, low, high in self._within(first, first + len(counts)):
            counts[low - first : high - first] = piece.rows(low - piece.begin, high - piece.begin)
        return counts

    def ranks(self, first: int, last: int, percents: Table, enough: int) -> tuple[Table, Table, Table]:
        """See `QualityCounts.ranks`."""
        totals, sums = np.zeros((2, last - first), np.int64)
        firsts = np.zeros((len(percents), last - first), np.int64)
        for piece, low, high in self._within(first, last):
            part = slice(low - first, high - first)
            within = low - piece.begin, high - piece.begin
            if (few := piece.sums(*within, enough)) is not None:
                totals[part], sums[part] = few
            else:
                totals[part], sums[part], firsts[:, part] = ranks_of(piece.rows(*within)[:, :QUALITIES], percents)
        return totals, sums, firsts

    def _within(self, first: int, last: int) -> Iterator[tuple[FarQualityPiece, int, int]]:
        """Pieces that have any of some cycles, and which of these."""
        for number in range(first // PIECE, -(-last // PIECE)):
            if (piece := self._pieces.get(number)) is not None:
                yield piece, max(first, piece.begin), min(last, piece.begin + PIECE)

    def totals(self, first: int) -> Table:
        """int64 [94], bases from cycle `first` on by quality."""
        totals: Table = np.zeros(QUALITIES, np.int64)
        for number, piece in self._pieces.items():
            if number >= first // PIECE:
                totals += piece.totals(max(first - piece.begin, 0))
        return totals


def ranks_of(rows: Table, percents: Table) -> tuple[Table, Table, Table]:
    """What `quality_ranks` fills, of int64 [cycles, n_qualities]."""
    totals, sums = np.empty((2, len(rows)), np.int64)
    firsts = np.empty((len(percents), len(rows)), np.int64)
    quality_ranks(np.ascontiguousarray(rows), percents, totals, sums, firsts)
    return totals, sums, firsts
