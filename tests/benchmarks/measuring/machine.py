"""What a benchmark ran on."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

_PACKAGES = ("numpy", "numba", "isal", "PySide6-Essentials")


def describe() -> str:
    """Processor, memory, system and versions on a line each, and how busy the machine is with other things."""
    cores = len(psutil.Process().cpu_affinity()) if hasattr(psutil.Process, "cpu_affinity") else os.cpu_count()
    memory = psutil.virtual_memory().total / (1 << 30)
    packages = ", ".join(f"{name} {_version(name)}" for name in _PACKAGES)
    return "\n".join(
        (
            f"{_processor()}, {cores} cores, {memory:.0f} GiB; {platform.system()} {platform.release()}",
            f"Python {platform.python_version()}, {packages}",
            f"load before the first measurement: {psutil.getloadavg()[0]:.1f}",
        )
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # the machine may be set up for no more than what is measured
        return "missing"


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    fields = {
        name: found[1] if (found := re.search(rf"^{name}\s*: (.+)$", text, re.MULTILINE)) else "?"
        for name in ("model name", "cpu family", "model")
    }
    return f"{fields['model name'].strip()} (family {fields['cpu family']}, model {fields['model']})"
