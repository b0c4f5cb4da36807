"""Collectors that have a twin on a device: its tables there, its kernels, and how its counts come back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Protocol

import numpy as np
import numpy.typing as npt

from engine.collectors.adapters import AdapterHits
from engine.collectors.base import Table
from engine.collectors.bases import BaseCounts
from engine.collectors.collector_set import CollectorSet
from engine.collectors.gc import GcClaims
from engine.collectors.known_sequences import KnownSequence
from engine.collectors.lengths import LengthCounts
from engine.collectors.qualities import BLOCK, QualityCounts, ReadQualities
from engine.collectors.read_errors import ReadErrors
from engine.devices.driver import DeviceArray
from engine.devices.staging import Reads
from kernels.collectors.bases import BASES
from kernels.collectors.histograms import PERCENTS
from kernels.collectors.probes import probe_index
from kernels.collectors.read_errors import ERROR_UNITS, LENGTH_STARTS, PAIR_ERRORS, QUALITY_GUESSES
from kernels.qualities import COLUMNS, QUALITIES
from kernels.vectors import LANES

Views = Mapping[str, DeviceArray]
"""Names of tables to the tables on a device."""

_FEWEST_BYTES = 12
"""What a read takes at least once it is laid out: its row in three columns."""


Arrays = Mapping[str, npt.NDArray[Any]]


class Twin(Protocol):
    """The part of a collector that runs on a device.

    Attributes:
        collector: the attribute of `CollectorSet`.
        hashes: it fills `Reads.hashes`, which come down with every batch.
    """

    collector: ClassVar[str]
    hashes: ClassVar[bool]

    def constants(self) -> Arrays:
        """What its kernels look things up in, by name."""
        ...

    def shapes(self, cycles: int, /) -> dict[str, tuple[int, ...]]:
        """Its tables, int64, for reads of up to so many bases."""
        ...

    def count(self, reads: Reads, tables: Views, scratch: DeviceArray, stream: object, /) -> None:
        """Puts its kernels into the stream.

        Args:
            reads: on the device.
            tables: those of all twins, and their constants.
            scratch: uint8 [>= 8 for each read], free to be used by one twin after another.
            stream: where to.
        """
        ...

    def merge(self, counts: Mapping[str, Table], into: CollectorSet) -> None:
        """Adds what the tables of all twins have counted to the collector."""
        ...


def scratch_bytes(batch_bytes: int) -> int:
    """Bytes of scratch for any batch that takes up to so many bytes."""
    return 8 * (batch_bytes // _FEWEST_BYTES)


class _Plain:
    """A twin without constants."""

    hashes: ClassVar[bool] = False

    def constants(self) -> Arrays:
        return {}


class _Lengths(_Plain):
    collector: ClassVar[str] = "lengths"

    def shapes(self, cycles: int) -> dict[str, tuple[int, ...]]:
        return {"lengths": (cycles + 1,)}

    def count(self, reads: Reads, tables: Views, _scratch: DeviceArray, stream: object) -> None:
        from kernels.cuda.histograms import length_counts

        length_counts(reads.lengths, tables["lengths"], stream)

    def merge(self, counts: Mapping[str, Table], into: CollectorSet) -> None:
        mine = LengthCounts()
        mine.restore({**mine.state(), "table": counts["lengths"]})
        into.lengths.merge(mine)


class _Bases(_Plain):
    collector: ClassVar[str] = "bases"

    def shapes(self, cycles: int) -> dict[str, tuple[int, ...]]:
        return {"bases": (-(-cycles // LANES), len(BASES), LANES)}

    def count(self, reads: Reads, tables: Views, _scratch: DeviceArray, stream: object) -> None:
        from kernels.cuda.bases import base_counts

        base_counts(reads.buffer, reads.sequence_starts, reads.lengths, tables["bases"], stream, longest=reads.longest)

    def merge(self, counts: Mapping[str, Table], into: CollectorSet) -> None:
        mine = BaseCounts()
        mine.restore({**mine.state(), "blocks": counts["bases"]})
        into.bases.merge(mine)


class _Qualities(_Plain):
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
        mine.restore({**mine.state(), "near": near, "reaching": np.ascontiguousarray(reaching), "longest": longest})
        into.qualities.merge(mine)


class _ReadQualities(_Plain):
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
        mine.restore({**mine.state(), "counts": counts["read_qualities"]})
        into.read_qualities.merge(mine)


class _Gc(_Plain):
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
        mine.restore({**mine.state(), "table": counts["gc"]})
        into.gc.merge(mine)


class _ReadErrors:
    collector: ClassVar[str] = "read_errors"
    hashes: ClassVar[bool] = False

    def constants(self) -> Arrays:
        return {
            "pair_errors": PAIR_ERRORS,
            "error_units": ERROR_UNITS,
            "quality_guesses": QUALITY_GUESSES,
            "length_starts": LENGTH_STARTS,
        }

    def shapes(self, _cycles: int) -> dict[str, tuple[int, ...]]:
        return {"read_errors": (len(LENGTH_STARTS), QUALITIES)}

    def count(self, reads: Reads, tables: Views, scratch: DeviceArray, stream: object) -> None:
        from kernels.cuda.read_errors import error_sums, length_quality_counts

        sums = scratch[: 8 * reads.count].view(np.int64)
        error_sums(reads.buffer, reads.quality_starts, reads.lengths, tables["pair_errors"], sums, stream)
        length_quality_counts(
            sums,
            reads.lengths,
            tables["error_units"],
            tables["quality_guesses"],
            tables["length_starts"],
            tables["read_errors"],
            stream,
        )

    def merge(self, counts: Mapping[str, Table], into: CollectorSet) -> None:
        mine = ReadErrors()
        mine.restore({**mine.state(), "counts": counts["read_errors"]})
        into.read_errors.merge(mine)


class _Adapters:
    collector: ClassVar[str] = "adapters"
    hashes: ClassVar[bool] = False

    def __init__(self, adapters: Sequence[KnownSequence]) -> None:
        self._adapters = tuple(adapters)
        self._index = probe_index([adapter.bases.encode() for adapter in self._adapters])

    def constants(self) -> Arrays:
        index = self._index
        return {
            "adapter_letters": index.letters,
            "adapter_sizes": index.sizes,
            "adapter_lists": index.lists,
            "adapter_candidates": index.candidates,
        }

    def shapes(self, cycles: int) -> dict[str, tuple[int, ...]]:
        # No read that is counted here is so long that an adapter could be far.
        return {"adapters": (len(self._adapters), cycles), "far_adapters": (len(self._adapters), 1, 2)}

    def count(self, reads: Reads, tables: Views, _scratch: DeviceArray, stream: object) -> None:
        from kernels.cuda.probes import adapter_hits

        adapter_hits(
            reads.buffer,
            reads.sequence_starts,
            reads.lengths,
            tables["adapter_letters"],
            tables["adapter_sizes"],
            self._index.width,
            self._index.stride,
            tables["adapter_lists"],
            tables["adapter_candidates"],
            tables["adapters"],
            tables["far_adapters"],
            stream,
        )

    def merge(self, counts: Mapping[str, Table], into: CollectorSet) -> None:
        mine = AdapterHits(self._adapters)
        mine.restore({**mine.state(), "near": counts["adapters"]})
        into.adapters.merge(mine)


class _Keys(_Plain):
    """Only the hashes are made there: which sequences are kept is decided in file order, by all workers together."""

    collector: ClassVar[str] = "keys"
    hashes: ClassVar[bool] = True

    def shapes(self, _cycles: int) -> dict[str, tuple[int, ...]]:
        return {}

    def count(self, reads: Reads, _tables: Views, _scratch: DeviceArray, stream: object) -> None:
        from kernels.cuda.keys import key_hashes

        key_hashes(reads.buffer, reads.sequence_starts, reads.lengths, reads.hashes, stream)

    def merge(self, counts: Mapping[str, Table], into: CollectorSet) -> None:
        pass


def twins_of(collectors: CollectorSet) -> tuple[Twin, ...]:
    """The twins of those collectors of a set that have one."""
    adapters = collectors.adapters.adapters
    return (_Lengths(), _Bases(), _Qualities(), _ReadQualities(), _ReadErrors(), _Gc(), _Adapters(adapters), _Keys())
