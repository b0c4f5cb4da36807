"""A text can be left between two batches and taken up again from its place, with the same batches and errors."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.batch import ReadBatch
from engine.errors import FastqFormatError
from engine.flow.pool import BufferPool
from engine.parse.fastq import FastqParser
from engine.parse.pairs import InterleavedReader
from engine.parse.place import Place, ReaderPlace
from engine.source.inputs import open_source
from engine.source.skipping import skip
from tests.naive_parser import Read
from tests.stored_files import bgzf
from tests.strategies import fastq_texts

PACKINGS: dict[str, Callable[[bytes], bytes]] = {"plain": bytes, "gzip": gzip.compress, "bgzf": bgzf}


def told(batch: ReadBatch) -> tuple[object, ...]:
    """All that a batch tells but its number."""
    reads = []
    for row in range(len(batch)):
        columns = (batch.name_starts, batch.sequence_starts, batch.quality_starts)
        lengths = (batch.name_lengths, batch.lengths, batch.lengths)
        name, bases, qualities = (
            bytes(batch.buffer[start[row] : start[row] + length[row]])
            for start, length in zip(columns, lengths, strict=True)
        )
        reads.append((name, bases, qualities))
    return reads, batch.first_record, batch.empty_before, batch.byte_start, batch.byte_end


def read_from(path: Path, place: Place) -> tuple[list[tuple[object, ...]], list[Place], str]:
    """The rest of a file: what its batches tell, the places after each, and how it ends."""
    source = open_source(path)
    batches: list[tuple[object, ...]] = []
    places: list[Place] = []
    try:
        assert skip(source, place.offset) == place.offset
        parser = FastqParser(source, BufferPool(256, 1000), path, place)
        assert parser.text_place == place
        for batch in parser:
            batches.append(told(batch))
            places.append(parser.text_place)
    except FastqFormatError as error:
        return batches, places, str(error)
    finally:
        source.close()
    return batches, places, ""


@pytest.mark.parametrize("packing", PACKINGS)
@settings(max_examples=15)
@given(drawn=fastq_texts(most=12), fault=st.booleans())
def test_going_on_from_any_place(
    drawn: tuple[list[Read], bytes], fault: bool, packing: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = drawn[1]
    if fault:
        text = text.rstrip(b"\r\n") + b"\n@bad\nACGT\n+\nII\n"
    assume(text)  # an empty file is refused, and nobody goes on with it
    path = tmp_path_factory.mktemp("going on") / "reads.fastq"
    path.write_bytes(PACKINGS[packing](text))
    batches, places, end = read_from(path, Place())
    assert bool(end) >= fault
    for number, place in enumerate(places, start=1):
        rest, rest_of_places, rest_of_end = read_from(path, place)
        joined = [read for batch in batches[number:] for read in batch[0]]  # type: ignore[attr-defined]  # a list
        assert [read for batch in rest for read in batch[0]] == joined  # type: ignore[attr-defined]  # likewise
        assert rest_of_places[-1:] == places[number:][-1:]
        assert rest_of_end == end


def test_mates_that_take_turns_are_numbered_as_before(tmp_path: Path) -> None:
    """Each read by its number in a file of its own, and the reads without bases before it."""
    path = tmp_path / "both.fastq"
    lengths = [(row * 3 + which) % 4 for row in range(60) for which in (0, 1)]
    text = "".join(f"@r{at // 2}\n{'A' * length}\n+\n{'I' * length}\n" for at, length in enumerate(lengths))
    path.write_text(text)

    def read_on(place: ReaderPlace) -> Iterator[tuple[ReadBatch, ReaderPlace]]:
        source, pool = open_source(path), BufferPool(256, 1000)
        skip(source, place.texts[0].offset)
        reader = InterleavedReader(FastqParser(source, pool, path, place.texts[0]), pool, path, place)
        for batch in reader:
            yield batch, reader.place
        source.close()

    def numbers(batch: ReadBatch) -> list[tuple[int, int]]:
        empty = batch.empty_before + np.cumsum(batch.lengths == 0) - (batch.lengths == 0)
        return [(batch.first_record + row, int(before)) for row, before in enumerate(empty)]

    places = [ReaderPlace((Place(),)), *(place for _, place in read_on(ReaderPlace((Place(),))))]
    assert len(places) > 5
    for place in places:
        mates = [mate for batch, _ in read_on(place) for mate in (batch, batch.mate)]
        for which, side in enumerate((mates[::2], mates[1::2])):
            expected = [(row, lengths[which : 2 * row : 2].count(0)) for row in range(60)]
            found = [number for batch in side if batch is not None for number in numbers(batch)]
            assert found == expected[60 - len(found) :]
            assert found or place == places[-1]


def test_more_than_there_is_cannot_be_left_out(tmp_path: Path) -> None:
    path = tmp_path / "reads.fastq.gz"
    path.write_bytes(gzip.compress(b"@a\nACGT\n+\nIIII\n"))
    source = open_source(path)
    assert skip(source, 100) == 15
    assert source.read_into(memoryview(bytearray(10))) == 0
    source.close()
