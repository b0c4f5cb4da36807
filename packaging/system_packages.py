"""What Qt and the benchmarks need from the operating system, and how to get it on Debian and its kin."""

from __future__ import annotations

import ctypes
import os
import shlex
import shutil
import sys
from collections.abc import Callable, Mapping

from set_up_error import SetUpError

QT = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libstdc++.so.6": "libstdc++6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
"""Shared library to Debian package: what Qt's drawing links to, on screen and off."""

QT_XCB = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""What windows on X11 need besides."""

QT_WAYLAND = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}
"""What windows on Wayland need besides."""


def missing_libraries(
    libraries: Mapping[str, str], load: Callable[[str], object] = ctypes.CDLL, platform: str = sys.platform
) -> dict[str, str]:
    """Those of ``libraries`` (name to Debian package) that the system's loader does not find; none off Linux."""
    return {name: package for name, package in libraries.items() if platform == "linux" and not _loads(name, load)}


def _loads(name: str, load: Callable[[str], object]) -> bool:
    try:
        load(name)
    except OSError:
        return False
    return True


def provide_libraries(libraries: Mapping[str, str], purpose: str) -> None:
    """Install those of ``libraries`` that are missing; asks for nothing where all are there.

    Raises:
        SetUpError: they are missing and cannot be installed from here.
    """
    missing = missing_libraries(libraries)
    if not missing:
        return
    install(sorted(missing.values()), purpose, libraries=sorted(missing))
    still = missing_libraries(missing)
    if still:
        raise SetUpError(f"These libraries are installed and still cannot be loaded: {', '.join(still)}.")


def install(packages: list[str], purpose: str, *, libraries: list[str] | None = None) -> None:
    """Install Debian packages where that needs no password.

    Args:
        packages: names of Debian packages.
        purpose: what they are for: ``to open a window``.
        libraries: their files, for systems where Debian's names mean nothing.

    Raises:
        SetUpError: this is not Debian, a password is needed, or apt-get failed.
    """
    if shutil.which("apt-get") is None:
        names = ", ".join(libraries or packages)
        raise SetUpError(f"The system lacks {names}, needed {purpose}. Install them with its package manager.")
    prefix = _root_prefix()
    if prefix is None:
        words = shlex.join(["sudo", "apt-get", "install", *packages])
        raise SetUpError(f"Some packages of the system are missing, needed {purpose}. Install them with\n\n  {words}")
    print(f"Installing {' '.join(packages)}, needed {purpose}.", flush=True)
    if not _installs(prefix, packages):
        _apt([*prefix, "apt-get", "update"])  # a machine that never asked knows no packages
        if not _installs(prefix, packages):
            words = shlex.join([*prefix, *install_command(packages)])
            raise SetUpError(
                f"apt-get could not install the packages needed {purpose}. See for yourself with\n\n  {words}"
            )


def install_command(packages: list[str]) -> list[str]:
    """How to install ``packages`` as root, unasked; waits up to two minutes for another apt-get to finish."""
    return ["apt-get", "-o", "DPkg::Lock::Timeout=120", "install", "-y", "--no-install-recommends", *packages]


def _installs(prefix: list[str], packages: list[str]) -> bool:
    return _apt([*prefix, *install_command(packages)])


def _root_prefix() -> list[str] | None:
    """What to put before a command so that it runs as root; ``None`` where that takes a password."""
    import subprocess

    if sys.platform == "win32" or os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n"]
    return None


def _apt(command: list[str]) -> bool:
    import subprocess

    settings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=settings, capture_output=True, check=False).returncode == 0
