"""Which barcode each read begins or ends with."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import COMPILES, inlined, kernel
from kernels.vectors import bit_count

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]
Codes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]

_COMPILES = COMPILES  # a constant to the compiler, which leaves out the branch that it cannot take

WORD_BASES = 16
"""Bases that a word holds, 4 bits each, of which one is set."""


def packed_barcodes(codes: Codes, widths: Column, *, at_end: bool) -> Words:
    """Barcodes as words, of which those of reads have as many bits as letters agree.

    Args:
        codes: uint8 [n_barcodes, n_letters], of A, C, G and T alone.
        widths: int32 [n_barcodes], letters of each, at most `WORD_BASES`.
        at_end: the last letter comes first.

    Returns:
        uint64 [n_barcodes].
    """
    words = np.zeros(len(widths), np.uint64)
    for row, width in enumerate(widths.tolist()):
        letters = codes[row, :width][::-1] if at_end else codes[row, :width]
        words[row] = sum(int(code) << 4 * place for place, code in enumerate(letters))
    return words


def barcode_matches_reference(
    buffer: Bytes,
    starts: Column,
    lengths: Column,
    codes: Codes,
    widths: Column,
    mate_buffer: Bytes,
    mate_starts: Column,
    mate_lengths: Column,
    mate_codes: Codes,
    mate_widths: Column,
    table: Bytes,
    most: int,
    at_end: bool,
    best: Column,
    is_tied: Bytes,
) -> None:
    """Plain twin of `barcode_matches`."""
    sides = (
        (buffer, starts, lengths, codes, widths),
        (mate_buffer, mate_starts, mate_lengths, mate_codes, mate_widths),
    )
    for read in range(len(starts)):
        ranked: list[tuple[int, int, int]] = []
        for barcode in range(len(widths)):
            errors: list[int] = []
            for text, begins, sizes, wanted, widths_ in sides:
                width, size, begin = int(widths_[barcode]), int(sizes[read]), int(begins[read])
                place = begin + (size - width if at_end else 0)
                letters = table[text[place : place + width]] if size >= width else np.zeros(width, np.uint8)
                wrong = int(np.count_nonzero((letters & wanted[barcode, :width]) == 0))
                errors.append(wrong if size >= width else most + 1)
            if max(errors) <= most:
                score = int(widths[barcode]) + int(mate_widths[barcode]) - 2 * sum(errors)
                ranked.append((-score, sum(errors), barcode))
        ranked.sort()
        best[read] = ranked[0][2] if ranked else -1
        is_tied[read] = len(ranked) > 1 and ranked[0][:2] == ranked[1][:2]


@inlined
def _mismatches(
    buffer: Bytes,
    start: int,
    length: int,
    codes: Codes,
    barcode: int,
    width: int,
    table: Bytes,
    most: int,
    at_end: bool,
) -> int:
    """Letters that differ, `most` + 1 standing for all above and for a read that is too short."""
    if length < width:
        return most + 1
    place = start + (length - width if at_end else 0)
    errors = 0
    for i in range(width):
        if table[buffer[place + i]] & codes[barcode, i] == 0:
            errors += 1
            if errors > most:
                break
    return errors


@inlined
def _agreeing(word: np.uint64, barcode: np.uint64) -> int:
    """Letters that agree."""
    if _COMPILES:
        return bit_count(word & barcode)
    return int(word & barcode).bit_count()


@inlined
def _word(buffer: Bytes, start: int, length: int, table: Bytes, at_end: bool) -> np.uint64:
    """The first bases of a read, or the last ones, in a word; what is not A, C, G or T is 0."""
    word = np.uint64(0)
    for i in range(min(length, WORD_BASES)):
        place = start + (length - 1 - i if at_end else i)
        word |= np.uint64(table[buffer[place]] & 15) << np.uint64(4 * i)
    return word


@kernel(
    "void(uint8[::1], int32[::1], int32[::1], uint8[:, ::1], int32[::1], "
    "uint8[::1], int32[::1], int32[::1], uint8[:, ::1], int32[::1], "
    "uint8[::1], int64, boolean, int32[::1], uint8[::1], uint64[:, ::1])"
)
def barcode_matches(
    buffer: Bytes,
    starts: Column,
    lengths: Column,
    codes: Codes,
    widths: Column,
    mate_buffer: Bytes,
    mate_starts: Column,
    mate_lengths: Column,
    mate_codes: Codes,
    mate_widths: Column,
    table: Bytes,
    most: int,
    at_end: bool,
    best: Column,
    is_tied: Bytes,
    words: Words,
) -> None:
    """Finds the barcode that each read has whole at one end, with the fewest letters that differ.

    Barcodes are ranked as by cutadapt, ``--no-indels`` and ``--pair-adapters``: by letters that agree less letters that
    differ, in both reads of a pair together, then by letters that differ, then by their order.

    Args:
        buffer: uint8, bases.
        starts: int32 [n_reads], offset of each read's first base.
        lengths: int32 [n_reads], bases.
        codes: uint8 [n_barcodes, n_letters], see `kernels.base_codes.pattern_codes`; rows are filled up with anything.
        widths: int32 [n_barcodes], letters of each; 0: it is not looked for in these reads.
        mate_buffer: uint8, bases of the mates; without mates any, with `mate_widths` all 0.
        mate_starts: int32 [n_reads].
        mate_lengths: int32 [n_reads].
        mate_codes: uint8 [n_barcodes, n_letters], what the mates have to have.
        mate_widths: int32 [n_barcodes].
        table: uint8 [256], code of each byte of a read.
        most: letters of a barcode that may differ, in each read of a pair.
        at_end: look at the 3' ends.
        best: int32 [n_reads], to fill: number of the barcode, -1 for none.
        is_tied: uint8 [n_reads], to fill: 1 where another barcode is as good.
        words: uint64 [2, n_barcodes], the barcodes of the reads and of the mates from `packed_barcodes`, which makes
            it faster; [2, 0]: not given.
    """
    is_packed = words.shape[1] > 0
    own = theirs = np.uint64(0)
    for read in range(len(starts)):
        if is_packed:
            own = _word(buffer, int(starts[read]), int(lengths[read]), table, at_end)
            theirs = _word(mate_buffer, int(mate_starts[read]), int(mate_lengths[read]), table, at_end)
        found = -1
        found_score = 0
        found_errors = 0
        tied = 0
        for barcode in range(len(widths)):
            width, mate_width = int(widths[barcode]), int(mate_widths[barcode])
            if is_packed:
                errors = width - _agreeing(own, words[0, barcode])
                more = mate_width - _agreeing(theirs, words[1, barcode])
                if errors > most or more > most or lengths[read] < width or mate_lengths[read] < mate_width:
                    continue
            else:
                size, mate_size = int(lengths[read]), int(mate_lengths[read])
                errors = _mismatches(buffer, int(starts[read]), size, codes, barcode, width, table, most, at_end)
                if errors > most:
                    continue
                start = int(mate_starts[read])
                more = _mismatches(mate_buffer, start, mate_size, mate_codes, barcode, mate_width, table, most, at_end)
                if more > most:
                    continue
            errors += more
            score = width + mate_width - 2 * errors
            if found < 0 or score > found_score or (score == found_score and errors < found_errors):
                found, found_score, found_errors, tied = barcode, score, errors, 0
            elif score == found_score and errors == found_errors:
                tied = 1
        best[read] = found
        is_tied[read] = tied
