"""Stages that give reads new names."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from engine.batch import PADDING, Bytes, Column, ReadBatch
from engine.stages.base import BASES, NativeStage, StageParameters, columns, cut
from kernels.names import joined, name_parts
from kernels.stages.header_barcodes import header_barcodes

_NAMES, _FIRST, _SECOND, _WORDS = range(4)
_TEXT = re.compile(r"[\t\x20-\x7e]*")


def is_plain(text: str) -> bool:
    """Whether a text can be a part of a header."""
    return _TEXT.fullmatch(text) is not None


def check_template(template: str, fields: Sequence[str]) -> str:
    """The template, if it is one.

    Args:
        template: text with fields in braces.
        fields: those that it may hold.

    Raises:
        ValueError: it holds another one, or what cannot stand in a header.
    """
    try:
        parsed = list(string.Formatter().parse(template))
    except ValueError as error:
        raise ValueError(f"not a template: {error}") from error
    for _, name, spec, conversion in parsed:
        if name is not None and (name not in fields or spec or conversion):
            raise ValueError(f"{{{name}}} is not known; there are {', '.join(f'{{{each}}}' for each in fields)}")
    if not is_plain(template):
        raise ValueError("names are plain ASCII, in one line")
    return template


class Pieces:
    """What new names are made of, piece by piece.

    Attributes:
        FIRST: the source of pieces that are where first reads are, or other names, see `named`.
        SECOND: that of pieces where second reads are.
    """

    FIRST = _FIRST
    SECOND = _SECOND

    def __init__(self, batch: ReadBatch) -> None:
        self._batch = batch
        self._sources: list[int] = []
        self._starts: list[Column] = []
        self._lengths: list[Column] = []
        self._words = b""
        self.parts = np.empty((4, len(batch)), np.int32)
        name_parts(self._names, batch.name_starts, batch.name_lengths, self.parts)

    @property
    def _names(self) -> Bytes:
        return self._batch.buffer if self._batch.name_buffer is None else self._batch.name_buffer

    def add_part(self, start: Column, length: Column, source: int = _NAMES) -> None:
        """A piece of text from each name, or of each read."""
        self._sources.append(source)
        self._starts.append(start)
        self._lengths.append(length)

    def add_word(self, word: bytes, which: npt.NDArray[np.bool_] | None = None) -> None:
        """The same text for all, or for some: bool [n_reads]."""
        count = len(self._batch)
        start = np.full(count, len(self._words), np.int32)
        self._words += word
        length = np.full(count, len(word), np.int32)
        self.add_part(start, length if which is None else np.where(which, length, np.int32(0)), _WORDS)

    def add_choice(self, words: list[bytes], which: Column) -> None:
        """One of some texts for each: int32 [n_reads], which one, from 0."""
        lengths = np.array([len(word) for word in words], np.int32)
        starts = (np.cumsum(lengths, dtype=np.int32) - lengths + len(self._words)).astype(np.int32)
        self._words += b"".join(words)
        self.add_part(starts[which], lengths[which], _WORDS)

    def add_words(self, words: list[bytes]) -> None:
        """A text each."""
        lengths = np.array([len(word) for word in words], np.int32).reshape(-1)
        starts = (np.cumsum(lengths, dtype=np.int32) - lengths + len(self._words)).astype(np.int32)
        self._words += b"".join(words)
        self.add_part(starts, lengths, _WORDS)

    def add_numbers(self, numbers: npt.NDArray[np.int64] | Column) -> None:
        """A number each, in decimal."""
        self.add_words([b"%d" % number for number in numbers.tolist()])

    def named(self, first: Bytes | None = None, second: Bytes | None = None) -> ReadBatch:
        """The batch with its new names.

        Args:
            first: where pieces of the first reads of pairs are.
            second: where those of the second ones are.
        """
        lengths = np.array(self._lengths, np.int32).reshape(len(self._sources), len(self._batch))
        nothing = np.empty(0, np.uint8)
        target = np.empty(int(lengths.sum(dtype=np.int64)) + PADDING, np.uint8)
        offsets = np.empty(len(self._batch) + 1, np.int32)
        joined(
            self._names,
            nothing if first is None else first,
            nothing if second is None else second,
            np.frombuffer(
                bytearray(self._words + b"\0"), np.uint8
            ),  # which can be written, as kernels are prepared for
            np.array(self._sources, np.uint8),
            np.array(self._starts, np.int32).reshape(len(self._sources), len(self._batch)),
            lengths,
            target,
            offsets,
        )
        return replace(self._batch, name_buffer=target, name_starts=offsets[:-1].copy(), name_lengths=np.diff(offsets))


class UmiParameters(StageParameters):
    """What can be set for moving UMIs to names."""

    place: Literal["first", "second", "both", "first index", "second index", "both indexes"] = Field(
        default="first",
        title="Where",
        description="Which read of each pair begins with a UMI; or which barcode of the header is one, as in "
        "1:N:0:ACGT+TTGA. Barcodes are UMIs as a whole, and stay where they are.",
    )
    length: int = Field(
        default=8, title="Length", description="Bases of a UMI in reads.", ge=1, json_schema_extra=BASES
    )
    skip: int = Field(
        default=0, title="Spacer", description="Bases after the UMI that go too.", ge=0, json_schema_extra=BASES
    )
    separator: str = Field(
        default=":", title="Separator", description="Stands between ID and UMI.", pattern=r"^[!-~]*$"
    )
    prefix: str = Field(default="", title="Prefix", description="Stands before the UMI.", pattern=r"^[!-~]*$")


class UmiMover(NativeStage[UmiParameters]):
    """Cuts UMIs from the beginnings of reads, or takes them from headers, and puts them into all names after the ID."""

    def _work(self, batch: ReadBatch) -> ReadBatch:
        mate = batch.mate
        if "index" in self.parameters.place:
            return replace(self._with_index(batch), mate=None if mate is None else self._with_index(mate))
        sides: list[tuple[ReadBatch, int]] = []
        if self.parameters.place != "second" or mate is None:
            sides.append((batch, _FIRST))
        if self.parameters.place != "first" and mate is not None:
            sides.append((mate, _SECOND))
        named = [
            None if side is None else self._named(side, sides, batch.buffer, None if mate is None else mate.buffer)
            for side in (batch, mate)
        ]
        for source in (source for _, source in sides):
            side = named[source - _FIRST]
            if side is not None:
                cut_off = self.parameters.length + self.parameters.skip
                named[source - _FIRST] = cut(side, np.minimum(side.lengths, cut_off).astype(np.int32), None)
        first, second = named
        return batch if first is None else replace(first, mate=second)

    def _with_index(self, batch: ReadBatch) -> ReadBatch:
        """The batch with barcodes of its headers behind the IDs; headers without them stay."""
        pieces = Pieces(batch)
        ends = pieces.parts[0] + pieces.parts[1]
        begins, sizes, second_begins, second_sizes = columns(batch, 4)
        names = batch.buffer if batch.name_buffer is None else batch.name_buffer
        header_barcodes(names, batch.name_starts, batch.name_lengths, begins, sizes, second_begins, second_sizes)
        wanted = self.parameters.place
        first = np.where(wanted != "second index", sizes, np.int32(0))
        second = np.where(wanted != "first index", second_sizes, np.int32(0))
        pieces.add_part(batch.name_starts, ends - batch.name_starts)
        pieces.add_word((self.parameters.separator + self.parameters.prefix).encode(), first + second > 0)
        pieces.add_part(begins, first)
        pieces.add_word(b"_", (first > 0) & (second > 0))
        pieces.add_part(second_begins, second)
        pieces.add_part(ends, batch.name_starts + batch.name_lengths - ends)
        return pieces.named()

    def _named(
        self, side: ReadBatch, sides: list[tuple[ReadBatch, int]], first: Bytes, second: Bytes | None
    ) -> ReadBatch:
        pieces = Pieces(side)
        id_starts, id_lengths, _, _ = pieces.parts
        ends = id_starts + id_lengths
        pieces.add_part(side.name_starts, ends - side.name_starts)
        pieces.add_word((self.parameters.separator + self.parameters.prefix).encode())
        for number, (of, source) in enumerate(sides):
            if number:
                pieces.add_word(b"_")
            length = np.minimum(of.lengths, self.parameters.length).astype(np.int32)
            pieces.add_part(of.sequence_starts, length, source)
        pieces.add_part(ends, side.name_starts + side.name_lengths - ends)
        return pieces.named(first, second)
