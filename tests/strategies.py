"""Reads, batches of reads, and FASTQ texts for Hypothesis to draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from engine.batch import PADDING, Bytes, Column, ReadBatch
from tests.naive_parser import Read

BASES = b"ACGTNacgtnRYSWKMBDHVU.-*~"
"""What stands in sequences: both cases, the ambiguity codes, and what some programs write for gaps."""

# Ends of 64-cycle blocks and of 512-cycle tiles, where GC lengths are cut, and one either side.
_EDGES = (0, 1, 2, 63, 64, 65, 99, 100, 101, 127, 128, 129, 511, 512, 513, 999, 1000, 1001, 1024, 1025)


@dataclass(frozen=True, slots=True)
class Columns:
    """Reads over one buffer, as the kernels take them; junk stands between and after them."""

    buffer: Bytes
    starts: Column
    lengths: Column


def lengths(longest: int = 1500, most: int = 40) -> st.SearchStrategy[list[int]]:
    """Lengths of reads: mostly short, often at an edge of what kernels do at once."""
    edges = st.sampled_from([length for length in _EDGES if length <= longest])
    return st.lists(st.one_of(st.integers(0, min(70, longest)), edges, st.integers(0, longest)), max_size=most)


@st.composite
def base_columns(draw: st.DrawFn, longest: int = 1500, most: int = 40) -> Columns:
    """Reads of bases among which the common ones prevail, now and then of any byte that may stand there."""
    common = draw(st.sampled_from([b"ACGTN", b"acgtnACGTN", BASES, bytes(range(33, 127))]))
    return _columns(draw(lengths(longest, most)), common, draw(st.integers(0, 2**32)))


@st.composite
def quality_columns(draw: st.DrawFn, longest: int = 1500, most: int = 40) -> Columns:
    """Reads of qualities, of all or of few values."""
    allowed = draw(st.sampled_from([bytes(range(33, 127)), b"#-7F", b"!", b"~", b"!~"]))
    return _columns(draw(lengths(longest, most)), allowed, draw(st.integers(0, 2**32)))


def columns_of(texts: Sequence[bytes], junk: bytes = b"") -> Columns:
    """The texts over one buffer, `junk` before each and padding after the last."""
    buffer = bytearray()
    starts = []
    for text in texts:
        buffer += junk
        starts.append(len(buffer))
        buffer += text
    buffer += (junk or b"A") * PADDING
    return Columns(
        np.frombuffer(buffer, np.uint8), np.array(starts, np.int32), np.array([len(text) for text in texts], np.int32)
    )


def _columns(lengths_: list[int], allowed: bytes, seed: int) -> Columns:
    chance = np.random.default_rng(seed)
    gaps = chance.integers(0, 70, len(lengths_))
    starts = np.cumsum(np.array(lengths_, np.int64) + gaps) - lengths_
    end = int(sum(lengths_) + gaps.sum())
    letters = np.frombuffer(allowed, np.uint8)
    return Columns(
        chance.choice(letters, end + PADDING), starts.astype(np.int32), np.array(lengths_, np.int32).reshape(-1)
    )


def batch_of(reads: Sequence[Read], number: int = 0, first_record: int = 0) -> ReadBatch:
    """A batch as the parser would make it of four-line records."""
    text = bytearray()
    columns: list[tuple[int, int, int, int, int]] = []
    for read in reads:
        name = len(text) + 1
        bases = name + len(read.name) + 1
        qualities = bases + len(read.bases) + 3
        columns.append((name, len(read.name), bases, qualities, len(read.bases)))
        text += four_lines(read)
    names, name_lengths, sequences, quality_starts, lengths_ = np.array(columns, np.int32).reshape(-1, 5).T.copy()
    buffer = np.frombuffer(text + bytes(PADDING), np.uint8)
    return ReadBatch(
        buffer, names, name_lengths, sequences, quality_starts, lengths_, number, first_record, 0, len(text)
    )


def four_lines(read: Read) -> bytes:
    """The read as a four-line record."""
    return b"@%s\n%s\n+\n%s\n" % (read.name, read.bases, read.qualities)


# Any byte but those that end lines: programs write what they like into headers.
_names = st.binary(max_size=12).map(lambda name: name.replace(b"\n", b" ").replace(b"\r", b"\t"))
_illumina_names = st.builds(
    b"M0:1:FC:1:%d:%d:%d %d:N:0".__mod__, st.tuples(*(st.integers(0, 9999) for _ in range(3)), st.integers(1, 2))
)


@st.composite
def reads(draw: st.DrawFn, longest: int = 30) -> Read:
    """A read of any valid bytes; qualities that look like the start of another line are common."""
    length = draw(st.integers(0, longest))
    bases = bytes(draw(st.lists(st.sampled_from(BASES), min_size=length, max_size=length)))
    quality = st.one_of(st.sampled_from(b"@+!~I"), st.integers(33, 126))
    qualities = bytes(draw(st.lists(quality, min_size=length, max_size=length)))
    return Read(draw(st.one_of(_illumina_names, _names)), bases, qualities)


@st.composite
def fastq_texts(draw: st.DrawFn, most: int = 6, longest: int = 30) -> tuple[list[Read], bytes]:
    """Reads, and a valid text of them: each record laid out its own way, as files joined from many would be."""
    chosen = draw(st.lists(reads(longest), max_size=most))
    text = draw(_blank_lines) + b"".join(_laid_out(draw, read) + draw(_blank_lines) for read in chosen)
    return chosen, text.removesuffix(b"\n") if draw(st.booleans()) else text


_blank_lines = st.sampled_from([b"", b"", b"", b"\n", b"\r\n", b"\n\n\r\n", b" \t\n"])


def _laid_out(draw: st.DrawFn, read: Read) -> bytes:
    end = draw(st.sampled_from([b"\n", b"\r\n"]))
    first_word = read.name.split(b" ")[0].split(b"\t")[0]
    repeated = draw(st.sampled_from([b"", read.name, first_word, b"\t", first_word + b" " * 200, b" " + read.name]))
    if draw(st.booleans()):
        sequence, qualities = [read.bases], [read.qualities]
    else:
        sequence = _wrapped(read.bases, draw(st.integers(1, 40)))
        qualities = _wrapped(read.qualities, draw(st.integers(1, 20)))
    lines = [b"@" + read.name, *sequence, b"+" + repeated, *qualities]
    return b"".join(line + end for line in lines)


def _wrapped(text: bytes, width: int) -> list[bytes]:
    return [text[i : i + width] for i in range(0, len(text), width)] or [b""]


@st.composite
def mutated(draw: st.DrawFn, text: bytes) -> bytes:
    """The text with a few bytes inserted, deleted or replaced, or lines dropped, doubled or swapped."""
    for _ in range(draw(st.integers(1, 3))):
        text = _mutated_once(draw, text)
    return text


def _mutated_once(draw: st.DrawFn, text: bytes) -> bytes:
    kind = draw(st.sampled_from(["insert", "delete", "replace", "drop line", "double line", "swap lines", "cut off"]))
    if "line" in kind:
        lines = text.splitlines(keepends=True) or [b""]
        i = draw(st.integers(0, len(lines) - 1))
        if kind == "swap lines":
            lines[i : i + 2] = lines[i : i + 2][::-1]
        else:
            lines[i : i + 1] = [lines[i]] * (2 if kind == "double line" else 0)
        return b"".join(lines)
    i = draw(st.integers(0, len(text)))
    if kind == "cut off":
        return text[:i]
    byte = b"" if kind == "delete" else bytes([draw(st.one_of(st.sampled_from(b"\n\r@+ \t\0AI"), st.integers(0, 255)))])
    return text[:i] + byte + text[i + (kind != "insert") :]


@st.composite
def read_sets(draw: st.DrawFn, most: int = 160) -> list[Read]:
    """Reads as a file has them: of one length or of many, of few or of many qualities, some empty."""
    chance = np.random.default_rng(draw(st.integers(0, 2**32)))
    n_reads = draw(st.one_of(st.integers(0, 3), st.integers(0, most)))
    longest = draw(st.sampled_from([0, 1, 40, 75, 76, 130, 600, 1100]))
    sizes = np.full(n_reads, longest) if draw(st.booleans()) else chance.integers(0, longest + 1, n_reads)
    letters = np.frombuffer(draw(st.sampled_from([b"ACGT", b"ACGTNacgtn", b"AT", b"GC", b"N", BASES])), np.uint8)
    scores = np.frombuffer(draw(st.sampled_from([bytes(range(33, 127)), b"#-7F", b"I", b"!~"])), np.uint8)
    return [
        Read(b"%d" % i, chance.choice(letters, size).tobytes(), chance.choice(scores, size).tobytes())
        for i, size in enumerate(sizes.tolist())
    ]
