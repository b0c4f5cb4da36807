"""GPUs of this machine: ``lanescope devices``."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict

from engine.cli.console import printable
from engine.devices.discovery import Device, Devices, find_devices


def main(argv: Sequence[str]) -> int:
    """Tells which GPUs reads can be counted on, and what is missing otherwise.

    Returns:
        0.
    """
    arguments = _parser().parse_args(argv)
    found = find_devices()
    if arguments.json:
        devices = [{"name": device.name, **asdict(device)} for device in found.usable]
        print(json.dumps({**asdict(found), "usable": devices}, indent=2))
        return 0
    print("\n".join(printable(line) for line in _lines(found)))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lanescope devices",
        description="List the GPUs that reads can be counted on, or say what is missing.",
        epilog="Ask for one with lanescope run --device cuda:N, or have it tried with --device auto.",
    )
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    return parser


def _lines(found: Devices) -> list[str]:
    lines = [_line(device) for device in found.usable]
    if found.usable and found.driver:
        lines.append(f"NVIDIA driver {found.driver}")
    if found.reason:
        lines.append(found.reason)
        lines.append(found.hint)
    return lines


def _line(device: Device) -> str:
    parts = [device.name, device.title]
    if device.memory:
        parts.append(f"{device.memory / 2**30:.1f} GiB")
    if any(device.capability):
        parts.append(f"compute capability {device.capability[0]}.{device.capability[1]}")
    return "  ".join(parts)
