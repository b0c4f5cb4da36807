"""Who counts in a run: workers on the CPU, and devices as far as there are any."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from engine.devices.discovery import Device, Devices, find_devices
from engine.devices.wanted import Wanted, wanted

_log = logging.getLogger(__name__)

FEWEST_BYTES = 256 << 20
"""Of text, that are worth a trial: of less, the CPU has counted most before a device is ready and has been tried."""

_EXPANSION = 4
"""Bytes of text for a compressed byte, about."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Who counts.

    Attributes:
        devices: that are there and wanted.
        cpu: workers on the CPU count from the beginning; else they stand by.
        is_auto: what is faster is found out, and goes on alone.
        warning: why a device that was asked for is not used; empty where all are, or none was asked for by name.
        choice: why there is nothing to be tried where that was asked for; else empty.
    """

    devices: tuple[Device, ...] = ()
    cpu: bool = True
    is_auto: bool = False
    warning: str = ""
    choice: str = ""


def staff_of(text: str, stored: int | None = None, *, is_compressed: bool = False) -> Staff:
    """Finds who is meant by a setting; looks for devices only where it asks for them, and they may be worth it.

    Args:
        text: see `engine.devices.wanted.wanted`.
        stored: bytes of the input as stored; ``None``: nobody knows.
        is_compressed: these are of compressed text.
    """
    meant = wanted(text)
    if not meant.needs_devices:
        return Staff()
    if meant.is_auto and stored is not None and stored * (_EXPANSION if is_compressed else 1) < FEWEST_BYTES:
        staff = Staff(choice="The CPU counts: the input is so small that it is done before a GPU would be ready.")
    else:
        staff = _staff(meant, find_devices())
    if staff.choice:
        _log.info("%s", staff.choice)
    return staff


def _staff(meant: Wanted, found: Devices) -> Staff:
    if meant.is_auto and not found.usable:
        return Staff(choice=f"The CPU counts: {found.reason}")
    if meant.is_auto:
        return Staff(found.usable, is_auto=True)
    there = {device.number: device for device in found.usable}
    devices = tuple(there[number] for number in meant.devices if number in there)
    missing = [f"cuda:{number}" for number in meant.devices if number not in there]
    warning = _warning(missing, found, any_left=bool(devices)) if missing else ""
    return Staff(devices, meant.cpu or not devices, warning=warning)


def _warning(missing: list[str], found: Devices, *, any_left: bool) -> str:
    names = ", ".join(missing)
    if not found.usable:
        return f"{names} cannot be used, and the CPU counts instead. {found.reason} {found.hint}".strip()
    there = ", ".join(device.name for device in found.usable)
    instead = "" if any_left else "The CPU counts instead."
    return " ".join(filter(None, (f"{names} cannot be used: this machine has {there}.", found.reason, instead)))
