"""Who counts in a run: workers on the CPU, and devices as far as there are any."""

from __future__ import annotations

from dataclasses import dataclass

from engine.devices.discovery import Device, Devices, find_devices
from engine.devices.wanted import Wanted, wanted


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


def staff_of(text: str) -> Staff:
    """Finds who is meant by a setting; looks for devices only where it asks for them.

    Args:
        text: see `engine.devices.wanted.wanted`.
    """
    meant = wanted(text)
    return _staff(meant, find_devices()) if meant.needs_devices else Staff()


def _staff(meant: Wanted, found: Devices) -> Staff:
    if meant.is_auto and not found.usable:
        return Staff(choice=f"The CPU counts: {found.reason}")
    if meant.is_auto:
        return Staff(found.usable, is_auto=True)
    there = {device.number: device for device in found.usable}
    devices = tuple(there[number] for number in meant.devices if number in there)
    missing = [f"cuda:{number}" for number in meant.devices if number not in there]
    return Staff(devices, meant.cpu or not devices, warning=_warning(missing, found) if missing else "")


def _warning(missing: list[str], found: Devices) -> str:
    names = ", ".join(missing)
    if not found.usable:
        return f"{names} cannot be used, and the CPU counts instead. {found.reason} {found.hint}".strip()
    there = ", ".join(device.name for device in found.usable)
    return f"{names} cannot be used: this machine has {there}. {found.reason}".strip()
