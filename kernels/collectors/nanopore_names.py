"""Channel and start time in the headers of nanopore reads."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np
import numpy.typing as npt

from kernels.jit import inlined, kernel
from kernels.words import Whole

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]
Table = npt.NDArray[np.int64]

NONE = -1
"""What a header tells that has no such field, or one that makes no sense."""

MOST_CHANNELS = 100_000
"""Channels are below this; the largest devices have some thousands."""

_CHANNEL, _CHANNEL_TAG = (np.frombuffer(text, np.uint8) for text in (b"ch=", b"ch:i:"))
_TIME, _TIME_TAG = (np.frombuffer(text, np.uint8) for text in (b"start_time=", b"st:Z:"))
_SHAPE = np.frombuffer(b"0000-00-00T00:00:00", np.uint8)


def nanopore_fields_reference(names: list[bytes]) -> list[tuple[int, int]]:
    """Plain twin of `nanopore_fields`."""
    return [(_plain_channel(name), _plain_time(name)) for name in names]


def _plain_channel(name: bytes) -> int:
    found = re.findall(rb"(?<=[ \t])ch(?:=|:i:)([^ \t]*)", name)
    if not found or not re.fullmatch(rb"[0-9]{1,6}", found[-1]) or int(found[-1]) >= MOST_CHANNELS:
        return NONE
    return int(found[-1])


def _plain_time(name: bytes) -> int:
    found = re.findall(rb"(?<=[ \t])(?:start_time=|st:Z:)([^ \t]*)", name)
    if not found or not re.match(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}", found[-1]):
        return NONE
    year, month, day, hour, minute, second = (int(number) for number in re.findall(rb"[0-9]+", found[-1][:19]))
    zone = re.search(rb"([+-])([0-9]{2}):([0-9]{2})$", found[-1][19:])
    try:
        moment = dt.datetime(year, month, day, hour, minute, second, tzinfo=dt.UTC)
    except ValueError:
        return NONE
    seconds = int(moment.timestamp())
    if zone:
        offset = 3600 * int(zone[2]) + 60 * int(zone[3])
        seconds += offset if zone[1] == b"-" else -offset
    return seconds if seconds >= 0 else NONE


@inlined
def _begins(buffer: Bytes, at: Whole, end: Whole, text: Bytes) -> bool:
    if at + len(text) > end:
        return False
    for i in range(len(text)):  # noqa: SIM110 - kernels have no any()
        if buffer[at + i] != text[i]:
            return False
    return True


@inlined
def _digits(buffer: Bytes, at: Whole, count: int) -> int:
    value = 0
    for i in range(at, at + count):
        value = 10 * value + int(buffer[i]) - 48
    return value


@inlined
def _are_digits(buffer: Bytes, at: Whole, count: Whole) -> bool:
    for i in range(at, at + count):  # noqa: SIM110 - kernels have no all()
        if buffer[i] < 48 or buffer[i] > 57:
            return False
    return True


@inlined
def _channel(buffer: Bytes, at: Whole, end: Whole) -> int:
    count = int(end - at)
    if count < 1 or count > 6 or not _are_digits(buffer, at, count):
        return NONE
    value = _digits(buffer, at, count)
    return value if value < MOST_CHANNELS else NONE


@inlined
def _days(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 in the Gregorian calendar; years begin in March here, so that leap days come last."""
    if month <= 2:
        year -= 1
        month += 12
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * (month - 3) + 2) // 5 + day - 719469


@inlined
def _time(buffer: Bytes, at: Whole, end: Whole) -> int:
    if at + len(_SHAPE) > end:
        return NONE
    for i in range(len(_SHAPE)):
        if _SHAPE[i] == 48:
            if buffer[at + i] < 48 or buffer[at + i] > 57:
                return NONE
        elif buffer[at + i] != _SHAPE[i]:
            return NONE
    year, month, day = _digits(buffer, at, 4), _digits(buffer, at + 5, 2), _digits(buffer, at + 8, 2)
    hour, minute, second = _digits(buffer, at + 11, 2), _digits(buffer, at + 14, 2), _digits(buffer, at + 17, 2)
    if year < 1 or month < 1 or month > 12 or day < 1 or hour > 23 or minute > 59 or second > 59:
        return NONE
    days = _days(year, month, day)
    following = _days(year + month // 12, month % 12 + 1, 1)
    if days >= following:
        return NONE
    seconds = 86400 * days + 3600 * hour + 60 * minute + second
    zone = end - 6
    if (
        zone >= at + len(_SHAPE)
        and (buffer[zone] == 43 or buffer[zone] == 45)
        and buffer[zone + 3] == 58
        and _are_digits(buffer, zone + 1, 2)
        and _are_digits(buffer, zone + 4, 2)
    ):
        offset = 3600 * _digits(buffer, zone + 1, 2) + 60 * _digits(buffer, zone + 4, 2)
        seconds += offset if buffer[zone] == 45 else -offset
    return seconds if seconds >= 0 else NONE


@kernel("void(uint8[::1], int32[::1], int32[::1], int64[::1], int64[::1])")
def nanopore_fields(buffer: Bytes, starts: Column, lengths: Column, channels: Table, times: Table) -> None:
    """Reads channel and start time from headers: ``ch=`` and ``start_time=``, or the tags ``ch:i:`` and ``st:Z:``.

    They stand after a space or tab; the last counts. Times are as in ISO 8601, to the second, of UTC unless an
    offset such as ``+01:00`` ends them.

    Args:
        buffer: uint8, headers.
        starts: int32 [n_reads], offset of each header after the ``@``.
        lengths: int32 [n_reads], bytes of each header.
        channels: int64 [n_reads], to fill: 0 .. `MOST_CHANNELS` - 1, or `NONE`.
        times: int64 [n_reads], to fill: seconds since 1970, or `NONE`.
    """
    for read in range(len(starts)):
        channels[read] = NONE
        times[read] = NONE
        end = np.int64(starts[read]) + lengths[read]
        at = np.int64(starts[read])
        while at < end:
            # To the next word.
            while at < end and buffer[at] != 32 and buffer[at] != 9:
                at += 1
            at += 1
            stop = at
            while stop < end and buffer[stop] != 32 and buffer[stop] != 9:
                stop += 1
            if _begins(buffer, at, stop, _CHANNEL):
                channels[read] = _channel(buffer, at + len(_CHANNEL), stop)
            elif _begins(buffer, at, stop, _CHANNEL_TAG):
                channels[read] = _channel(buffer, at + len(_CHANNEL_TAG), stop)
            elif _begins(buffer, at, stop, _TIME):
                times[read] = _time(buffer, at + len(_TIME), stop)
            elif _begins(buffer, at, stop, _TIME_TAG):
                times[read] = _time(buffer, at + len(_TIME_TAG), stop)
