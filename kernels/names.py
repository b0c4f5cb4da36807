"""Names of reads: looking at them and writing new ones."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import kernel

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]

_SPACE = 32
_TAB = 9


def name_parts_reference(buffer: Bytes, starts: Column, lengths: Column, parts: Column) -> None:
    """Plain twin of `name_parts`."""
    for read, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
        name = bytes(buffer[start : start + length])
        rest = name.lstrip(b" \t")
        before = len(name) - len(rest)
        words = len(rest.replace(b"\t", b" ").partition(b" ")[0])
        comment = rest[words:].lstrip(b" \t")
        if comment:
            parts[:, read] = start + before, words, start + length - len(comment), len(comment)
        else:
            parts[:, read] = start, length, start + length, 0


@kernel("void(uint8[::1], int32[::1], int32[::1], int32[:, ::1])")
def name_parts(buffer: Bytes, starts: Column, lengths: Column, parts: Column) -> None:
    """Finds ID and comment in each header: what stands before and after the first run of spaces or tabs.

    A header without a comment is an ID as a whole.

    Args:
        buffer: uint8, names.
        starts: int32 [n_reads], offset of each name.
        lengths: int32 [n_reads], bytes of each name.
        parts: int32 [4, n_reads], to fill: offset and bytes of the ID, offset and bytes of the comment.
    """
    for read in range(len(starts)):
        start = int(starts[read])
        end = start + lengths[read]
        first = start
        while first < end and (buffer[first] == _SPACE or buffer[first] == _TAB):
            first += 1
        last = first
        while last < end and buffer[last] != _SPACE and buffer[last] != _TAB:
            last += 1
        comment = last
        while comment < end and (buffer[comment] == _SPACE or buffer[comment] == _TAB):
            comment += 1
        has_comment = comment < end
        parts[0, read] = first if has_comment else start
        parts[1, read] = last - first if has_comment else end - start
        parts[2, read] = comment
        parts[3, read] = end - comment


def casava_failed_reference(buffer: Bytes, starts: Column, lengths: Column, failed: Bytes) -> None:
    """Plain twin of `casava_failed`."""
    for read, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
        name = bytes(buffer[start : start + length])
        failed[read] = name.partition(b" ")[2][1:4] == b":Y:"


@kernel("void(uint8[::1], int32[::1], int32[::1], uint8[::1])")
def casava_failed(buffer: Bytes, starts: Column, lengths: Column, failed: Bytes) -> None:
    """Finds reads that the instrument's filter has marked: ``:Y:`` after the first character past the ID.

    Args:
        buffer: uint8, names.
        starts: int32 [n_reads], offset of each name.
        lengths: int32 [n_reads], bytes of each name.
        failed: uint8 [n_reads], to fill: 1 where marked.
    """
    for read in range(len(starts)):
        start = int(starts[read])
        end = start + lengths[read]
        at = start
        while at < end and buffer[at] != _SPACE:
            at += 1
        failed[read] = at + 5 <= end and buffer[at + 2] == 58 and buffer[at + 3] == 89 and buffer[at + 4] == 58


def joined_reference(
    names: Bytes,
    first: Bytes,
    second: Bytes,
    words: Bytes,
    sources: Bytes,
    starts: Column,
    lengths: Column,
    target: Bytes,
    offsets: Column,
) -> None:
    """Plain twin of `joined`."""
    texts = [names, first, second, words]
    at = 0
    for row in range(starts.shape[1]):
        offsets[row] = at
        for part, source in enumerate(sources.tolist()):
            start, length = int(starts[part, row]), int(lengths[part, row])
            target[at : at + length] = texts[source][start : start + length]
            at += length
    offsets[starts.shape[1]] = at


@kernel(
    "void(uint8[::1], uint8[::1], uint8[::1], uint8[::1], uint8[::1], int32[:, ::1], int32[:, ::1], uint8[::1],"
    "int32[::1])"
)
def joined(
    names: Bytes,
    first: Bytes,
    second: Bytes,
    words: Bytes,
    sources: Bytes,
    starts: Column,
    lengths: Column,
    target: Bytes,
    offsets: Column,
) -> None:
    """Joins pieces of text to one text a read.

    Args:
        names: uint8, source 0.
        first: uint8, source 1, where the first reads of pairs are.
        second: uint8, source 2, where the second ones are.
        words: uint8, source 3.
        sources: uint8 [n_pieces], the source of each piece.
        starts: int32 [n_pieces, n_reads], its offset there.
        lengths: int32 [n_pieces, n_reads], its bytes.
        target: uint8 [>= sum of lengths], to fill: the texts, one after the other.
        offsets: int32 [n_reads + 1], to fill: where each text begins, and where the last ends.
    """
    at = 0
    for row in range(starts.shape[1]):
        offsets[row] = at
        for part in range(len(sources)):
            source = sources[part]
            text = names if source == 0 else (first if source == 1 else (second if source == 2 else words))
            start = int(starts[part, row])
            length = int(lengths[part, row])
            for i in range(length):
                target[at + i] = text[start + i]
            at += length
    offsets[starts.shape[1]] = at
