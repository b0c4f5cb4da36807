"""Collectors that have a twin on a device: its tables there, its kernels, and how its counts come back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Protocol

import numpy as np

from engine.collectors.base import Table
from engine.collectors.bases import BaseCounts
from engine.collectors.collector_set import CollectorSet
from engine.collectors.gc import GcClaims
from engine.collectors.lengths import LengthCounts
from engine.collectors.qualities import BLOCK, QualityCounts, ReadQualities
from engine.devices.driver import DeviceArray
from engine.devices.staging import Reads
from kernels.bases import BASES
from kernels.histograms import PERCENTS
from kernels.qualities import COLUMNS, QUALITIES
from kernels.vectors import LANES

Views = Mapping[str, DeviceArray]
"""Names of tables to the tables on a device."""

_FEWEST_BYTES = 12
"""What a read takes at least once it is laid out: its row in three columns."""


class Twin(Protocol):
    """The part of a collector that runs on a device.

    Attributes:
        collector: the attribute of `CollectorSet`.
    """

    collector: ClassVar[str]

    def shapes(self, cycles: int, /) -> dict[str, tuple[int, ...]]:
        """Its tables, int64, for reads of up to so many bases."""
        ...

    def count(self, reads: Reads, tables: Views, scratch: DeviceArray, stream: object, /) -> None:
        """Puts its kernels into the stream.

        Args:
            reads: on the device.
            tables: those of all twins.
            scratch: uint8 [>= 16 for each read], free to be used by one twin after another.
            stream: where to.
        """
        ...

    def merge(self, counts: Mapping[str, Table], into: CollectorSet) -> None:
        """Adds what the tables of all twins have counted to the collector."""
        ...


def scratch_bytes(batch_bytes: int) -> int:
    """Bytes of scratch for any batch that takes up to so many bytes."""
    return 16 * (batch_bytes // _FEWEST_BYTES)


class _Lengths:
    collector: ClassVar[str] = "lengths"

    def shapes(self, cycles: int) -> dict[str, tuple[int, ...]]:
        return {"lengths": (cycles + 1,)}

    def count(self, reads: Reads, tables: Views, _scratch: DeviceArray, stream: object) -> None:
        from kernels.cuda.histograms import length_counts

        length_counts(reads.lengths, tables["lengths"], stream)

    def merge(self, counts: Mapping[str, Table], into: CollectorSet) -> None:
        mine = LengthCounts()
        mine.restore({"table": counts["lengths"]})
        into.lengths.merge(mine)


class _Bases:
    collector: ClassVar[str] = "bases"

    def shapes(self, cycles: int) -> dict[str, tuple[int, ...]]:
        return {"bases": (-(-cycles // LANES), len(BASES), LANES)}

    def count(self, reads: Reads, tables: Views, _scratch: DeviceArray, stream: object) -> None:
        from kernels.cuda.bases import base_counts

        base_counts(reads.buffer, reads.sequence_starts, reads.lengths, tables["bases"], stream, longest=reads.longest)

    def merge(self, counts: Mapping[str, Table], into: CollectorSet) -> None:
        mine = BaseCounts()
        mine.restore({"blocks": counts["bases"]})
        into.bases.merge(mine)


class _Qualities:
    collector: ClassVar[str] = "qualities"

    def shapes(self, cycles: int) -> dict[str, tuple[int, ...]]:
        return {"qualities": (cycles, COLUMNS)}

    def count(self, reads: Reads, tables: Views, _scratch: DeviceArray, stream: object) -> None:
        from kernels.cuda.qualities import quality_counts

        quality_counts(
            reads.buffer, reads.quality_starts, reads.lengths, tables["qualities"], stream, longest=reads.longest
        )

    def merge(self, counts: Mapping[str, Table], into: CollectorSet) -> None:
        lengths = counts["lengths"]
        longest = int(np.flatnonzero(lengths).max(initial=0))
        reaching = np.cumsum(lengths[::-1])[::-1][1 : longest + 1 : BLOCK]  # longer than 0, BLOCK, 2 * BLOCK ..
        near = np.zeros((-(-longest // BLOCK) * BLOCK, COLUMNS), np.int64)
        near[:longest] = counts["qualities"][:longest]
        mine = QualityCounts()
        far = np.zeros((0, COLUMNS), np.uint8)
        mine.restore({"near": near, "far": far, "reaching": np.ascontiguousarray(reaching), "longest": longest})
        into.qualities.merge(mine)


class _ReadQualities:
    collector: ClassVar[str] = "read_qualities"

    def shapes(self, _cycles: int) -> dict[str, tuple[int, ...]]:
        return {"read_qualities": (QUALITIES,)}

    def count(self, reads: Reads, tables: Views, scratch: DeviceArray, stream: object) -> None:
        from kernels.cuda.histograms import mean_quality_counts
        from kernels.cuda.reads import quality_sums

        sums = scratch[: 8 * reads.count].view(np.int64)
        quality_sums(reads.buffer, reads.quality_starts, reads.lengths, sums, stream)
        mean_quality_counts(sums, reads.lengths, tables["read_qualities"], stream)

    def merge(self, counts: Mapping[str, Table], into: CollectorSet) -> None:
        mine = ReadQualities()
        mine.restore({"counts": counts["read_qualities"]})
        into.read_qualities.merge(mine)


class _Gc:
    collector: ClassVar[str] = "gc"

    def shapes(self, cycles: int) -> dict[str, tuple[int, ...]]:
        return {"gc": (cycles // 1000 + 110, PERCENTS)}

    def count(self, reads: Reads, tables: Views, scratch: DeviceArray, stream: object) -> None:
        from kernels.cuda.histograms import gc_claims
        from kernels.cuda.reads import gc_counts

        gc = scratch[: 4 * reads.count].view(np.int32)
        gc_counts(reads.buffer, reads.sequence_starts, reads.lengths, gc, stream)
        gc_claims(gc, reads.lengths, tables["gc"], stream)

    def merge(self, counts: Mapping[str, Table], into: CollectorSet) -> None:
        mine = GcClaims()
        mine.restore({"table": counts["gc"]})
        into.gc.merge(mine)


TWINS: tuple[Twin, ...] = (_Lengths(), _Bases(), _Qualities(), _ReadQualities(), _Gc())
