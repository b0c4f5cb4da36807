"""Reads as text for a component, and what it answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.batch import PADDING, Column, ReadBatch
from engine.wasm.errors import OutputRefused
from engine.wasm.stage.abi import Need
from engine.wasm.stage.layout import part_of

_LINE_FEED = 10
_MOST_BYTES = 1 << 20
"""Of the text of reads that one call gets."""

_NOWHERE = 0xFFFFFFFF
_MOST_ANSWER = 64 << 20
"""Characters of what one call may answer."""

Rows = npt.NDArray[np.intp]


def portions(batch: ReadBatch, rows: Rows, parts: Sequence[Need]) -> Iterator[Rows]:
    """Rows in portions of about a MiB of text, which an interpreter holds several times over."""
    if not len(rows):
        return
    sizes = np.ones(len(rows), np.int64)
    for part in parts:
        sizes += part_of(batch, part).lengths[rows].astype(np.int64) + 1
    number = (np.cumsum(sizes) - sizes) // _MOST_BYTES
    yield from np.split(rows, np.flatnonzero(np.diff(number)) + 1)


def text_of_reads(batch: ReadBatch, rows: Rows, parts: Sequence[Need]) -> str:
    """Parts of reads, one part after another, line feeds between any two; a byte is a character.

    Args:
        batch: the reads.
        rows: which of them.
        parts: names, bases, qualities.
    """
    return "\n".join([_text(batch, rows, part) for part in parts])


def _text(batch: ReadBatch, rows: Rows, name: Need) -> str:
    from kernels.wasm.spans import pack

    part = part_of(batch, name)
    # One byte more of each, which then becomes the line feed.
    starts: Column = np.ascontiguousarray(part.starts[rows])
    lengths: Column = np.ascontiguousarray(part.lengths[rows] + np.int32(1))
    target = np.empty(int(lengths.sum()) + PADDING, np.uint8)
    packed = np.empty(len(rows), np.int32)
    pack(part.buffer, starts, lengths, target, packed)
    ends = packed + lengths - 1
    target[ends] = _LINE_FEED
    return target[: int(ends[-1])].tobytes().decode("latin-1") if len(rows) else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a component says about some reads.

    Attributes:
        keep: uint8, 0 or 1; ``None`` for all as they are.
        trim: uint32 [n_reads, 2], first base to keep and one past the last; beyond any read where it makes no sense.
        given: bool, reads that have bounds; ``None`` with ``trim`` where there are none.
        metrics: float32 [n_metrics, n_reads], not a number for none; ``None`` where there are none.
    """

    keep: npt.NDArray[np.uint8] | None
    trim: npt.NDArray[np.uint32] | None
    given: npt.NDArray[np.bool_] | None
    metrics: npt.NDArray[np.float32] | None


def parse_answer(plugin: str, text: str, reads: int, columns: int) -> Answer:
    """Reads an answer.

    Args:
        plugin: the name to blame in errors.
        text: as the component gives it.
        reads: how many reads it is about.
        columns: how many metrics the manifest has for each read.

    Raises:
        OutputRefused: it is not what an answer has to be.
    """
    try:
        found = json.loads(text) if len(text) <= _MOST_ANSWER else None
        if not isinstance(found, dict) or not set(found) <= {"keep", "trim", "read_metrics"}:
            raise ValueError("not an answer about reads")
        trim, given = _trim(found.get("trim"), reads)
        return Answer(_keep(found.get("keep"), reads), trim, given, _metrics(found.get("read_metrics"), reads, columns))
    except (ValueError, TypeError, RecursionError, OverflowError) as error:
        raise OutputRefused(f"{plugin}: its answer makes no sense: {error}.", plugin=plugin) from error


def _keep(found: Any, reads: int) -> npt.NDArray[np.uint8] | None:
    if found is None:
        return None
    if not isinstance(found, str) or len(found) != reads:
        raise ValueError(f"keep is not a string of {reads:,} letters")
    flags: npt.NDArray[np.uint8] = np.frombuffer(found.encode("ascii"), np.uint8) - np.uint8(ord("0"))
    return flags


def _trim(found: Any, reads: int) -> tuple[npt.NDArray[np.uint32] | None, npt.NDArray[np.bool_] | None]:
    if found is None:
        return None, None
    if not isinstance(found, list) or len(found) != 2 * reads:
        raise ValueError(f"trim is not a list of {2 * reads:,} numbers")
    if not all(each is None or isinstance(each, int) for each in found):
        raise ValueError("trim has something else than whole numbers in it")
    bounds = np.array([_NOWHERE if each is None or not 0 <= each < _NOWHERE else each for each in found], np.uint32)
    given = np.array([each is not None for each in found[::2]], np.bool_)
    return bounds.reshape(reads, 2), given


def _metrics(found: Any, reads: int, columns: int) -> npt.NDArray[np.float32] | None:
    if found is None:
        return None
    if not isinstance(found, list) or [len(each) for each in found] != [reads] * columns:
        raise ValueError(f"read_metrics is not {columns:,} lists of {reads:,} numbers")
    with np.errstate(over="ignore"):  # what is too large is infinite, and refused as that
        values: npt.NDArray[np.float32] = np.array(found, np.float64).astype(np.float32)
    return values
