"""Starting the application, with a screen or without."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import system_packages
from set_up_error import SetUpError

SCREENS_OF_THEIR_OWN = ("eglfs", "linuxfb", "vkkhrdisplay", "vnc")
"""Qt platforms that show a window without a display server."""


def has_display(environment: Mapping[str, str], platform: str) -> bool:
    """Whether a window can be shown: always off Linux, there where a display server is named."""
    if platform != "linux":
        return True
    if environment.get("QT_QPA_PLATFORM", "").startswith(SCREENS_OF_THEIR_OWN):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def libraries(environment: Mapping[str, str], platform: str) -> dict[str, str]:
    """Shared libraries, to their Debian packages, that a window needs here.

    Where both X11 and Wayland are offered, Qt takes the one it can: so does this.
    """
    offered = []
    if environment.get("WAYLAND_DISPLAY"):
        offered.append(system_packages.QT_WAYLAND)
    if environment.get("DISPLAY"):
        offered.append(system_packages.QT_XCB)
    if platform != "linux" or not offered:
        return {}
    return system_packages.QT | min(offered, key=lambda needed: len(system_packages.missing_libraries(needed)))


_COMMANDS = (
    *("again", "checkpoint", "completion", "devices", "pipeline", "plugin", "profile"),
    *("report", "run", "search", "serve"),
)


def opens_window(arguments: list[str]) -> bool:
    """Whether the application would open a window: all but its subcommands and plain questions do."""
    return not arguments or arguments[0] not in {*_COMMANDS, "-h", "--help", "--version"}


def application(python: Path, arguments: list[str]) -> list[str]:
    """The command that starts the application. ``-P``: a folder ``gui`` where the user stands is not ours."""
    return [str(python), "-P", "-m", "gui.main", *arguments]


def without_window(python: Path, repository: Path, files: list[str]) -> list[str]:
    """The command that runs ``files``, the sample reads where there are none, in the terminal.

    It ends with a summary and the place of the results.

    Raises:
        SetUpError: the sample reads are missing.
    """
    files = files or [str(path) for path in sorted((repository / "resources" / "samples").glob("*.fastq.gz"))]
    if not files:
        raise SetUpError("The sample reads are missing from resources/samples. Name FASTQ files after the command.")
    return application(python, ["run", *files, "--out", str(results_folder(os.environ))])


def results_folder(environment: Mapping[str, str]) -> Path:
    """Where a run without a screen leaves its results."""
    return Path(environment.get("LANESCOPE_HOME") or Path.home()) / "lanescope-demo"


if sys.platform == "win32":

    def hand_over(command: list[str]) -> int:
        """Run ``command``. Returns its exit status."""
        import subprocess

        return subprocess.run(command, check=False).returncode

else:

    def hand_over(command: list[str]) -> int:
        """Become ``command``; never returns."""
        sys.stdout.flush()
        os.execv(command[0], command)  # noqa: S606 - no shell is wanted
