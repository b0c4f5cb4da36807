"""Which barcode each read begins or ends with."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import inlined, kernel

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]
Codes = npt.NDArray[np.uint8]


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


@kernel(
    "void(uint8[::1], int32[::1], int32[::1], uint8[:, ::1], int32[::1], "
    "uint8[::1], int32[::1], int32[::1], uint8[:, ::1], int32[::1], "
    "uint8[::1], int64, boolean, int32[::1], uint8[::1])"
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
    """
    for read in range(len(starts)):
        found = -1
        found_score = 0
        found_errors = 0
        tied = 0
        for barcode in range(len(widths)):
            width, mate_width = int(widths[barcode]), int(mate_widths[barcode])
            errors = _mismatches(
                buffer, int(starts[read]), int(lengths[read]), codes, barcode, width, table, most, at_end
            )
            if errors > most:
                continue
            more = _mismatches(
                mate_buffer,
                int(mate_starts[read]),
                int(mate_lengths[read]),
                mate_codes,
                barcode,
                mate_width,
                table,
                most,
                at_end,
            )
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
