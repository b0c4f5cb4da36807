"""What cutadapt makes of reads, through its own modifiers and predicates: what stages are held to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from cutadapt.info import ModificationInfo
from dnaio import SequenceRecord
from hypothesis import strategies as st

from engine.batch import ReadBatch
from engine.stages.base import Stage
from engine.stages.name_filters import names_of
from tests.naive_parser import Read
from tests.parsing import reads_of
from tests.strategies import batch_of


def record_of(read: Read) -> SequenceRecord:
    """The read as cutadapt has it."""
    return SequenceRecord(read.name.decode("latin-1"), read.bases.decode(), read.qualities.decode())


def modified(modifier: Any, reads: Iterable[Read]) -> list[Read]:
    """The reads after one of cutadapt's modifiers."""
    results: list[Read] = []
    for read in reads:
        record = record_of(read)
        after = modifier(record, ModificationInfo(record))
        results.append(Read(after.name.encode("latin-1"), after.sequence.encode(), after.qualities.encode()))
    return results


def passing(predicate: Any, reads: Iterable[Read]) -> list[Read]:
    """The reads that one of cutadapt's filters lets through."""
    records = [(read, record_of(read)) for read in reads]
    return [read for read, record in records if not predicate.test(record, ModificationInfo(record))]


def writable(batch: ReadBatch) -> ReadBatch:
    """The batch over a buffer that stages may change."""
    return replace(batch, buffer=batch.buffer.copy())


def through(stage: Stage, reads: Sequence[Read]) -> list[Read]:
    """The reads that a stage keeps, as it leaves them."""
    kept = stage.process(writable(batch_of(reads))).kept()
    return [replace(read, name=name) for read, name in zip(reads_of(kept), names_of(kept), strict=True)]


def sequences(letters: str, longest: int) -> st.SearchStrategy[str]:
    """Sequences of some letters."""
    return st.text(alphabet=letters, max_size=longest)


@st.composite
def reads_with(draw: st.DrawFn, adapter: str, letters: str = "ACGT", most: int = 8) -> list[Read]:
    """Reads that hold an adapter whole, in part, or with errors, at either end or inside, more than once, or not."""
    return [_read(draw, adapter, letters) for _ in range(draw(st.integers(1, most)))]


def _read(draw: st.DrawFn, adapter: str, letters: str) -> Read:
    pieces: list[str] = []
    for _ in range(draw(st.integers(0, 3))):
        begin = draw(st.integers(0, len(adapter) - 1)) if draw(st.booleans()) else 0
        end = draw(st.integers(begin + 1, len(adapter))) if draw(st.booleans()) else len(adapter)
        pieces += [draw(sequences(letters, 12)), _damaged(draw, adapter[begin:end], letters)]
    bases = "".join([*pieces, draw(sequences(letters, 10))])
    if draw(st.integers(0, 9)) == 0:
        bases = bases.lower()
    if draw(st.integers(0, 5)) == 0:
        chance = np.random.default_rng(draw(st.integers(0, 999)))
        bases = bases + "".join(chance.choice(list(letters), draw(st.integers(0, 200))))
    return Read(b"r", bases.encode(), b"I" * len(bases))


def _damaged(draw: st.DrawFn, text: str, letters: str) -> str:
    for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2, 3]))):
        at = draw(st.integers(0, len(text)))
        width = draw(st.sampled_from([0, 1]))
        text = text[:at] + draw(sequences(letters, 1)) + text[at + width :]
    return text
