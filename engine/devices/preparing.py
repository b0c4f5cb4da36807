"""A device's kernels compiled before the first batch, in another process.

Compiling holds the interpreter for seconds, in which no window moves and no worker goes on. It is done once for all
devices of one compute capability; later processes load what it left in the cache. And what a device has against being
used it shows there first, where it can be ended.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.batch import PADDING, ReadBatch
from engine.devices.discovery import Device
from engine.devices.driver import DeviceHung, driver_of
from engine.flow.interrupts import OWN_GROUP

_log = logging.getLogger(__name__)

LIMIT = 240.0
"""Seconds that all may take: it takes some ten, on a machine that is busy with other things a minute."""

_POLL = 0.1
_BYTES = 1 << 16
_CODE = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from engine.devices import preparing; preparing.compile_all(int(sys.argv[2]))"
)

_lock = threading.Lock()


def prepare(device: Device, is_wanted: Callable[[], bool], limit: float = LIMIT) -> None:
    """Returns when the kernels are in the cache, could not be brought there, or are not wanted any more.

    What fails there fails again, and is told, where the device is used.

    Args:
        device: for whose capability.
        is_wanted: asked about ten times a second.
        limit: seconds that it may take.

    Raises:
        DeviceHung: it took longer.
    """
    if device.is_simulated or getattr(sys, "frozen", False):
        return
    if not _taken(_lock, is_wanted):
        return
    try:
        mark = _mark(device)
        if not mark.exists() and _compile_elsewhere(device.number, is_wanted, limit):
            mark.parent.mkdir(parents=True, exist_ok=True)
            mark.touch()
    finally:
        _lock.release()


def _taken(lock: threading.Lock, is_wanted: Callable[[], bool]) -> bool:
    """Whether it is this thread's turn; false: not any more."""
    while is_wanted():
        if lock.acquire(timeout=_POLL):
            return True
    return False


def _mark(device: Device) -> Path:
    from kernels.cuda.launching import cache_folder

    return cache_folder() / f"{'.'.join(map(str, device.capability))}.complete"


def _compile_elsewhere(number: int, is_wanted: Callable[[], bool], limit: float) -> bool:
    """Whether another process has compiled all."""
    command = [sys.executable, "-c", _CODE, json.dumps(sys.path), str(number)]
    end = time.monotonic() + limit
    # In a session of its own: Ctrl+C in the terminal is for this process, which then ends the child.
    child = subprocess.Popen(  # noqa: S603 - our own code
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=dict(os.environ),
        start_new_session=True,
        creationflags=OWN_GROUP,
    )
    try:
        while time.monotonic() < end:
            with suppress(subprocess.TimeoutExpired):
                status = child.wait(_POLL)
                if status:
                    _log.info("compiling kernels for a device in a process of their own ended with status %d", status)
                return not status
            if not is_wanted():
                return False
        raise DeviceHung(f"it was not ready within {limit:.0f} seconds")
    finally:
        child.kill()
        with suppress(subprocess.TimeoutExpired):  # one that hangs in a driver does not even die
            child.wait(1)


def compile_all(number: int) -> None:
    """What the other process does: has the device count two pairs with every twin there is, and find their bounds.

    Args:
        number: of the device.
    """
    from engine.collectors.collector_set import CollectorSet
    from engine.devices.copying import Copier
    from engine.devices.lane import Lane
    from engine.devices.twins import twins_of
    from engine.stages.bounds import EarlyTrim
    from engine.stages.trimming import (
        QualityTrimmer,
        QualityTrimParameters,
        TwoColourTrimmer,
        TwoColourTrimParameters,
        WindowTrimmer,
        WindowTrimParameters,
    )

    running, windows, two_colour = QualityTrimParameters(), WindowTrimParameters(), TwoColourTrimParameters()
    trims = (
        EarlyTrim(running, QualityTrimmer.search(running)),
        EarlyTrim(windows, WindowTrimmer.search(windows)),
        EarlyTrim(two_colour, TwoColourTrimmer.search(two_colour)),
    )
    driver = driver_of(number, 1 << 30)
    driver.open()
    zero = driver.event()
    zero.record(0)
    holders: list[Any] = []
    for both in (trims[:2], (trims[2], None)):
        holders.append(Lane(driver, twins_of(CollectorSet()), 2, _BYTES, zero, Copier(0)))
        holders[-1].find_bounds(both)
        holders[-1].put(replace(_two_reads(), mate=_two_reads()), is_first=True)
        holders[-1].settle()
    driver.release(holders)
    driver.close()


def _two_reads() -> ReadBatch:
    text = b"@1\nACGTN\n+\nIIIII\n@2\nTTAGC\n+\nIIIII\n"
    buffer = np.frombuffer(text + bytes(PADDING), np.uint8)
    starts = np.array([1, 18], np.int32)
    ones, lengths = np.ones(2, np.int32), np.full(2, 5, np.int32)
    return ReadBatch(buffer, starts, ones, starts + 2, starts + 10, lengths, 0, 0, 0, len(text))
