"""Damaged compressed data through a pipe is passed over just as it is in a file."""

from __future__ import annotations

import gzip
import os
import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import CompressedStreamError, InputError
from engine.source.colours import COLOUR_SPACE
from engine.source.inputs import open_source
from engine.source.stored import StoredInput
from engine.source.taped import can_be_mended
from tests.alignment_files import Record, bam
from tests.engine.run.lost_runs import reads_of
from tests.engine.run.test_sampled_run import through_a_pipe
from tests.stored_files import bgzf, read_all

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes")

TEXT = reads_of(5, 8000)
COLOURS = b"@a\nT0123\n+\nIIII\n" * 500


def pieces_of(stored: bytes, sizes: range, seed: int = 1) -> list[bytes]:
    chance = random.Random(seed)  # noqa: S311 - sizes, not secrets
    pieces, at = [], 0
    while at < len(stored):
        size = chance.choice(sizes)
        pieces.append(stored[at : at + size])
        at += size
    return pieces


def piped(folder: Path, pieces: list[bytes], *, threads: int = 2) -> tuple[bytes, InputError | None, str]:
    """The text of what comes in these pieces, the error that ended it, and its kind."""
    pipe = folder / "pipe"
    writer = through_a_pipe(pipe, pieces)
    try:
        source = open_source(pipe, threads=threads, mends=True)
        return *read_all(source), source.kind
    finally:
        writer.join()
        pipe.unlink()


def in_two(packed: Callable[[bytes], bytes]) -> bytes:
    half = TEXT.index(b"\n@", len(TEXT) // 2) + 1
    return packed(TEXT[:half]) + packed(TEXT[half:])


@pytest.mark.parametrize("packed", [bgzf, gzip.compress])
@pytest.mark.parametrize("threads", [0, 2])
def test_the_text_is_that_of_a_file_however_it_comes(
    tmp_path: Path, packed: Callable[[bytes], bytes], threads: int
) -> None:
    stored = bytearray(in_two(packed))
    for share in (0.35, 0.8):
        at = int(share * len(stored))
        stored[at : at + 50] = bytes(50)
    path = tmp_path / "reads.fastq.gz"
    path.write_bytes(stored)
    text, error = read_all(open_source(path, mends=True))
    assert error is None
    assert text.count(b"\n\0") >= 2  # marks
    for sizes in (range(1, 3000), range(20_000, 70_000)):
        assert piped(tmp_path, pieces_of(bytes(stored), sizes), threads=threads) == (text, None, open_source_kind(path))


def open_source_kind(path: Path) -> str:
    source = open_source(path)
    source.close()
    return source.kind


@pytest.mark.parametrize(
    ("stored", "kind"),
    [
        (bgzf(bam([Record("r1", 4, "ACGT", (30,) * 4)])), "bam"),
        (gzip.compress(COLOURS), f"gzip, {COLOUR_SPACE}"),
        (TEXT, "plain"),
    ],
)
def test_whole_inputs_of_any_kind_are_read_as_ever(tmp_path: Path, stored: bytes, kind: str) -> None:
    path = tmp_path / "whole"
    path.write_bytes(stored)
    text, _ = read_all(open_source(path))
    assert piped(tmp_path, pieces_of(stored, range(1, 900))) == (text, None, kind)


def test_what_is_no_text_of_bases_is_not_mended(tmp_path: Path) -> None:
    stored = bgzf(bam([Record("r1", 4, "ACGT", (30,) * 4)])).removesuffix(bgzf(b""))
    _, error, kind = piped(tmp_path, [stored])
    assert (kind, isinstance(error, CompressedStreamError)) == ("bam", True)
    whole = gzip.compress(COLOURS)
    with pytest.raises(CompressedStreamError):
        piped(tmp_path, [whole[: len(whole) // 2]])
    assert isinstance(error, InputError)
    many = b"".join(b"@%d\nT0123\n+\nIIII\n" % number for number in range(5000))
    whole = gzip.compress(many)
    text, error, kind = piped(tmp_path, [whole[: len(whole) // 2]])
    assert (kind, isinstance(error, InputError), b"\0" in text) == (f"gzip, {COLOUR_SPACE}", True, False)


def test_where_the_first_bytes_are_damaged_nobody_knows_what_it_holds(tmp_path: Path) -> None:
    stored = bytearray(bgzf(TEXT))
    stored[20:200] = bytes(180)
    with pytest.raises(CompressedStreamError, match="corrupt"):
        piped(tmp_path, [bytes(stored)])


def test_a_look_uses_nothing_up(tmp_path: Path) -> None:
    class Pieces:
        size = None

        def __init__(self) -> None:
            self.pieces = pieces_of(bgzf(TEXT), range(1, 5000))

        def readinto(self, target: memoryview, *, may_end: bool) -> int:
            piece = self.pieces.pop(0) if self.pieces else b""
            self.pieces[:0] = [piece[len(target) :]] if len(piece) > len(target) else []
            count = min(len(piece), len(target))
            target[:count] = piece[:count]
            return count

        def ready(self) -> bool:
            return True

        def close(self) -> None:
            pass

    stored = StoredInput(tmp_path / os.devnull, Pieces())
    assert can_be_mended(stored)
    assert stored.position == 0
    whole = b""
    while block := stored.read(1 << 16):
        whole += block
    assert whole == bgzf(TEXT)
