"""Trimming by fastp's own rules, to the base."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import inlined, kernel

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]
Settings = npt.NDArray[np.int64]

_N = 78
_CONTROL = 31
_ORDER = b"ATCG"
"""Of bases with as many, the first one is the run's."""


@inlined
def _is_good(buffer: Bytes, start: int, window: int, least: int) -> bool:
    total = 0
    for i in range(window):
        total += int(buffer[start + i])
    return total >= least * window


@kernel("void(uint8[::1], int32[::1], int32[::1], int32[::1], int64[::1], int32[::1], int32[::1])")
def fastp_cuts(
    buffer: Bytes,
    starts: Column,
    quality_starts: Column,
    lengths: Column,
    settings: Settings,
    begins: Column,
    ends: Column,
) -> None:
    """Finds what fastp leaves of each read by ``-f``, ``-t``, ``--cut_front``, ``--cut_right`` and ``--cut_tail``.

    From the 5' end windows are left behind while their mean is too low, with all bases but the last of the first good
    one, and Ns; from the 3' end likewise, unless the read ends at the first window from the 5' end that is bad, behind
    the good bases that it begins with. The last window is never looked at. A read that one window covers goes.

    Args:
        buffer: uint8, bases and quality characters.
        starts: int32 [n_reads], offset of each read's first base.
        quality_starts: int32 [n_reads], offset of its first quality.
        lengths: int32 [n_reads], bases.
        settings: int64 [8]: bases to cut from the 5' and the 3' end first; then bases of a window, 0 for none, and its
            least quality character: at the 5' end, from the 5' end, at the 3' end.
        begins: int32 [n_reads], to fill: bases to cut from the 5' end.
        ends: int32 [n_reads], to fill: where the read then ends, from its old beginning; 0 where all of it goes.
    """
    tail = int(settings[1])
    for read in range(len(starts)):
        length = int(lengths[read])
        at = int(quality_starts[read])
        begin = int(settings[0])
        left = length - begin - tail
        begins[read] = 0
        ends[read] = 0
        window = int(settings[2])
        if window:
            if left <= window:
                continue
            place = begin
            while place + window < length - tail and not _is_good(buffer, at + place, window, settings[3]):
                place += 1
            if place > 0:
                place += window - 1
            while place < length and buffer[starts[read] + place] == _N:
                place += 1
            begin = place
            left = length - begin - tail
        window = int(settings[4])
        if window:
            if left <= window:
                continue
            place = begin
            while place + window < length - tail and _is_good(buffer, at + place, window, settings[5]):
                place += 1
            if place + window < length - tail:
                while place < length - 1 and buffer[at + place] >= settings[5]:
                    place += 1
                left = place - begin
        window = int(settings[6]) if not window else 0
        if window:
            if left <= window:
                continue
            place = length - tail - 1
            while place - window >= begin and not _is_good(buffer, at + place - window + 1, window, settings[7]):
                place -= 1
            if place < length - 1:
                place -= window - 1
            while place >= 0 and buffer[starts[read] + place] == _N:
                place -= 1
            left = place - begin + 1
        if left > 0 and begin < length - 1:
            begins[read] = begin
            ends[read] = begin + left


def fastp_cuts_reference(
    buffer: Bytes,
    starts: Column,
    quality_starts: Column,
    lengths: Column,
    settings: Settings,
    begins: Column,
    ends: Column,
) -> None:
    """Plain twin of `fastp_cuts`."""
    for read, length in enumerate(lengths.tolist()):
        bases = bytes(buffer[starts[read] : starts[read] + length])
        scores = buffer[quality_starts[read] : quality_starts[read] + length].astype(np.int64)
        begins[read], ends[read] = _cut_reference(bases, scores, *settings.tolist())


def _cut_reference(
    bases: bytes,
    scores: Settings,
    begin: int,
    tail: int,
    front: int,
    front_least: int,
    right: int,
    right_least: int,
    back: int,
    back_least: int,
) -> tuple[int, int]:
    stop = len(bases) - tail
    end = stop
    if front:
        if end - begin <= front:
            return 0, 0
        good = [at for at in range(begin, stop - front) if scores[at : at + front].sum() >= front * front_least]
        at = good[0] if good else stop - front
        begin = at + front - 1 if at else 0
        begin = len(bases) - len(bases[begin:].lstrip(b"N"))
    if right:
        if end - begin <= right:
            return 0, 0
        bad = [at for at in range(begin, stop - right) if scores[at : at + right].sum() < right * right_least]
        if bad:
            end = next((at for at in range(bad[0], len(bases) - 1) if scores[at] < right_least), len(bases) - 1)
    elif back:
        if end - begin <= back:
            return 0, 0
        lasts = range(stop - 1, begin + back - 1, -1)
        good = [at for at in lasts if scores[at - back + 1 : at + 1].sum() >= back * back_least]
        at = good[0] if good else begin + back - 1
        at -= back - 1 if at < len(bases) - 1 else 0
        end = len(bases[: at + 1].rstrip(b"N"))
    return (begin, end) if end > begin and begin < len(bases) - 1 else (0, 0)


@kernel("void(uint8[::1], int32[::1], int32[::1], int64, int32[::1])")
def any_run_lengths(buffer: Bytes, starts: Column, lengths: Column, least: int, tails: Column) -> None:
    """Finds the run of whichever base at the 3' end of each read, as fastp trims poly-X (``--trim_poly_x``).

    Going from the 3' end, it is looked for as long as there is a base, with every N counting for it too, of which all
    but at most one in 8, and 5 in all, are. The most frequent one is the run's, which ends with the last of its kind.

    Args:
        buffer: uint8, bases; upper case alone counts.
        starts: int32 [n_reads], offset of each read's first base.
        lengths: int32 [n_reads], bases.
        least: bases of the shortest run that counts, at least 1.
        tails: int32 [n_reads], to fill: bases of the run, 0 where it is too short.
    """
    counts = np.empty(4, np.int64)
    for read in range(len(starts)):
        length = int(lengths[read])
        last = int(starts[read]) + length - 1
        counts[:] = 0
        place = 0
        while place < length:
            base = buffer[last - place]
            most = 0
            for kind in range(4):
                if base == _ORDER[kind] or base == _N:
                    counts[kind] += 1
                most = max(most, counts[kind])
            seen = place + 1
            if seen - most > min(5, seen // 8) and (place >= 8 or seen >= least - 1):
                break
            place += 1
        tails[read] = 0
        if place + 1 >= least:
            kind = int(np.argmax(counts))
            place = min(place, length - 1)
            while place >= 0 and buffer[last - place] != _ORDER[kind]:
                place -= 1
            tails[read] = place + 1


def any_run_lengths_reference(buffer: Bytes, starts: Column, lengths: Column, least: int, tails: Column) -> None:
    """Plain twin of `any_run_lengths`."""
    for read, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
        text = bytes(buffer[start : start + length])[::-1]
        looked_at = text
        for seen in range(1, length + 1):
            most = max(text[:seen].count(base) for base in _ORDER) + text[:seen].count(_N)
            if seen - most > min(5, seen // 8) and (seen > 8 or seen >= least - 1):
                looked_at = text[:seen]
                break
        counts = [looked_at.count(base) for base in _ORDER]
        is_long = len(looked_at) + (looked_at == text and not _is_broken(text, least)) >= least
        tails[read] = looked_at.rfind(_ORDER[counts.index(max(counts))]) + 1 if is_long else 0


def _is_broken(text: bytes, least: int) -> bool:
    seen = len(text)
    most = max((text.count(base) for base in _ORDER), default=0) + text.count(_N)
    return seen - most > min(5, seen // 8) and (seen > 8 or seen >= least - 1)


def bases_before_reference(buffer: Bytes, starts: Column, counts: Column) -> None:
    """Plain twin of `bases_before`."""
    for read, start in enumerate(starts.tolist()):
        counts[read] = start - max(bytes(buffer[:start]).rfind(b"\n"), bytes(buffer[:start]).rfind(b"\0")) - 1


@kernel("void(uint8[::1], int32[::1], int32[::1])")
def bases_before(buffer: Bytes, starts: Column, counts: Column) -> None:
    """Counts the bases that were cut from the beginning of each read, which still stand in its line.

    Args:
        buffer: uint8, the records that the reads are of, or reads with a zero before each, of which nothing was cut.
        starts: int32 [n_reads], offset of each first base that is left.
        counts: int32 [n_reads], to fill.
    """
    for read in range(len(starts)):
        at = int(starts[read])
        while at > 0 and buffer[at - 1] > _CONTROL:
            at -= 1
        counts[read] = int(starts[read]) - at
