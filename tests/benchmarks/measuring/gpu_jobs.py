"""The kernels for a GPU as a benchmark runs them, each with the one for the CPU that tells what has to come out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import cuda

from kernels import qualities, select
from kernels.collectors import histograms, keys, probes, read_errors, reads
from kernels.cuda import lines as cuda_lines
from kernels.cuda import records as cuda_records
from kernels.cuda.launching import SIMULATED
from kernels.cuda.spans import Span
from kernels.parse.record_faults import REPORT_SIZE
from kernels.parse.records import record_table
from kernels.stages import prefix_sums, trim_quality, trim_windows

Array = npt.NDArray[Any]

_PADDING = 64
_ADAPTERS = (b"AGATCGGAAGAG", b"TGGAATTCTCGG", b"GATCGTCGGACT", b"CTGTCTCTTATA", b"A" * 12, b"G" * 12)
_HALF = 0.5
"""Share of the copy's bandwidth that kernels which count bases or qualities are to have."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A text with its records.

    Attributes:
        buffer: uint8, with padding.
        stop: bytes of text.
        columns: int32 [5, n_reads], as in ``ReadBatch``.
        n_odd: bytes outside 33..126, line ends aside.
    """

    buffer: Array
    stop: int
    columns: Array
    n_odd: int

    @classmethod
    def of(cls, text: bytes, times: int) -> Table:
        """The text so many times in a row."""
        buffer = np.zeros(len(text) * times + _PADDING, np.uint8)
        buffer[:-_PADDING] = np.tile(np.frombuffer(text, np.uint8), times)
        stop = len(text) * times
        newlines, oddities = np.empty((2, stop), np.int32)
        n_newlines, n_odd = select.line_index(buffer, stop, newlines, oddities)
        columns = np.empty((5, n_newlines // 4), np.int32)
        report = np.zeros(REPORT_SIZE, np.int64)
        found = record_table(
            buffer, newlines, n_newlines, oddities, n_odd, True, True, *columns, report  # type: ignore[call-arg]  # five columns
        )  # fmt: skip
        assert found == columns.shape[1]
        return cls(buffer, stop, columns, int(n_odd))


class Job:
    """One kernel.

    Args:
        kernel: the one for the CPU.
        there: arguments on the device.
        filled: by position in `there`, what the kernel fills or adds to, and what has to come out.
        n_bytes: that have to be read and written, each once.
        goal: share of the copy's bandwidth, or 0.
        twin: the one for the GPU; default: of the same name.
    """

    def __init__(
        self,
        kernel: Any,
        there: Sequence[Any],
        filled: dict[int, Array],
        n_bytes: int,
        goal: float = 0,
        twin: Any = None,
    ) -> None:
        self.name = str(kernel.__name__).removesuffix("_portable")
        self._twin = twin or select.on_device(kernel)
        self._there = there
        self._arguments = there if SIMULATED else [Span.of(x) if hasattr(x, "copy_to_host") else x for x in there]
        self._filled = filled
        self.n_bytes = n_bytes
        self.goal = goal

    def launch(self, stream: Any) -> None:
        """Puts it into a stream once."""
        self._twin(*self._arguments, stream)

    def is_right(self) -> bool:
        """Whether it gives what the CPU does, from zeros."""
        stream = cuda.stream()
        for place, expected in self._filled.items():
            self._there[place].copy_to_device(np.zeros_like(expected), stream=stream)
        self.launch(stream)
        found = [self._there[place].copy_to_host(stream=stream) for place in self._filled]
        stream.synchronize()
        return all(np.array_equal(mine, theirs) for mine, theirs in zip(found, self._filled.values(), strict=True))


def jobs(table: Table) -> Iterator[Job]:
    """All kernels over one text; results of one are what the next takes."""
    _, _, sequences, scores, lengths = (np.ascontiguousarray(column) for column in table.columns)
    n_reads, n_bases, longest = len(lengths), int(lengths.sum(dtype=np.int64)), int(lengths.max(initial=0))
    buffer = cuda.to_device(table.buffer)
    to: dict[str, tuple[Any, ...]] = {
        "bases": (buffer, cuda.to_device(sequences)),
        "scores": (buffer, cuda.to_device(scores)),
    }
    on_cpu: dict[str, tuple[Array, ...]] = {"bases": (table.buffer, sequences), "scores": (table.buffer, scores)}
    there = cuda.to_device(lengths)
    each = 8 * n_reads  # where a read begins, and how long it is

    def job(kernel: Any, over: str, *last: Any, fills: int = 1, n_bytes: int = n_bases + each, goal: float = 0) -> Job:
        """Runs the kernel for the CPU, and makes the job that has to give the same."""
        kernel(*on_cpu[over], lengths, *last)
        arguments = [*to[over], there, *(cuda.to_device(x) if isinstance(x, np.ndarray) else x for x in last)]
        first = len(arguments) - fills
        return Job(kernel, arguments, {first + i: last[len(last) - fills + i] for i in range(fills)}, n_bytes, goal)

    yield from _parsing(table, buffer)
    blocks = -(-longest // 64)
    yield job(select.base_counts, "bases", np.zeros((blocks, 5, 64), np.int64), goal=_HALF)
    yield job(qualities.quality_counts, "scores", np.zeros((longest, qualities.COLUMNS), np.int64), goal=_HALF)
    gc, sums, errors = np.zeros(n_reads, np.int32), *np.zeros((2, n_reads), np.int64)
    yield job(reads.gc_counts, "bases", gc, goal=_HALF)
    yield job(reads.quality_sums, "scores", sums, goal=_HALF)
    yield job(read_errors.error_sums, "scores", read_errors.PAIR_ERRORS, errors, goal=_HALF)
    hashes = np.zeros(n_reads, np.uint64)
    yield job(keys.key_hashes, "bases", hashes, n_bytes=int(np.minimum(lengths, 50).sum()) + 2 * each)
    index = probes.probe_index(_ADAPTERS)
    near = np.zeros((len(_ADAPTERS), min(longest, probes.NEAR)), np.int64)
    far = np.zeros((len(_ADAPTERS), longest // probes.FAR_STEP + 1, 2), np.int64)
    prepared = (index.letters, index.sizes, index.width, index.stride, index.lists, index.candidates)
    yield job(probes.adapter_hits, "bases", *prepared, near, far, fills=2, goal=_HALF)
    yield from _of_columns(lengths, gc, sums, errors)
    prefix = np.zeros(len(table.buffer), np.int32)
    yield job(prefix_sums.quality_prefix_sums, "scores", prefix, n_bytes=5 * n_bases + each)
    begins, ends, other = np.zeros((3, n_reads), np.int32)
    yield job(trim_quality.quality_ends, "scores", 20, 20, begins, ends, fills=2, n_bytes=2 * each)
    yield job(trim_windows.window_stops, "scores", 4, 20, other, n_bytes=2 * each)
    to["both"], on_cpu["both"] = (*to["bases"], to["scores"][1]), (table.buffer, sequences, scores)
    yield job(trim_quality.two_colour_ends, "both", 20, np.zeros(n_reads, np.int32), n_bytes=3 * each)


def _parsing(table: Table, buffer: Any) -> Iterator[Job]:
    n_records = table.columns.shape[1]
    newlines, oddities = np.empty((2, table.stop), np.int32)
    counts = np.zeros(cuda_lines.counts_size(table.stop), np.int64)
    found = np.array(select.line_index(table.buffer, table.stop, newlines, oddities), np.int64)
    newlines, oddities = newlines[: found[0]].copy(), oddities[: found[1]].copy()
    there = [buffer, table.stop, cuda.to_device(newlines), cuda.to_device(oddities), cuda.to_device(counts)]
    index = Job(
        select.line_index, there, {2: newlines, 3: oddities}, table.stop + newlines.nbytes + oddities.nbytes, _HALF
    )
    yield index
    columns = [cuda.to_device(np.ascontiguousarray(column)) for column in table.columns]
    expected = dict(enumerate((np.ascontiguousarray(column) for column in table.columns), 4))
    report = cuda.to_device(np.zeros(REPORT_SIZE + 1, np.int64))
    arguments = [buffer, there[2], there[4], there[3], *columns, report]
    yield Job(record_table, arguments, expected, newlines.nbytes + 20 * n_records, twin=cuda_records.record_table)


def _of_columns(lengths: Array, gc: Array, sums: Array, errors: Array) -> Iterator[Job]:
    """Those that look at one number of each read."""
    longest = int(lengths.max(initial=0))
    means, by_length = np.zeros(qualities.QUALITIES, np.int64), np.zeros(longest + 1, np.int64)
    claims = np.zeros((longest // 1000 + 110, histograms.PERCENTS), np.int64)
    units = (read_errors.ERROR_UNITS, read_errors.QUALITY_GUESSES, read_errors.LENGTH_STARTS)
    table = np.zeros((len(read_errors.LENGTH_STARTS), qualities.QUALITIES), np.int64)
    for kernel, arguments in (
        (histograms.mean_quality_counts, (sums, lengths, means)),
        (histograms.length_counts, (lengths, by_length)),
        (histograms.gc_claims, (gc, lengths, claims)),
        (read_errors.length_quality_counts, (errors, lengths, *units, table)),
    ):
        kernel(*arguments)
        there = [cuda.to_device(array) for array in arguments]
        n_bytes = sum(array.nbytes for array in arguments[:2])
        yield Job(kernel, there, {len(arguments) - 1: arguments[-1]}, n_bytes)
