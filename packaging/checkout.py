"""Making this checkout known to its virtual environment: importable from any folder, by version and as a command."""

from __future__ import annotations

import locale
import re
import shlex
import shutil
import sys
from pathlib import Path


def register(repository: Path) -> None:
    """Let the environment's Python import ``gui``, ``engine``, ``kernels`` and ``resources``, and know their version.

    Lays the command ``lanescope`` beside that Python. Cheap where all is done already; a checkout whose version has
    changed is registered anew.
    """
    packages = _site_packages(repository)
    if not command(repository).exists():
        _write_command(repository)
    metadata = packages / f"lanescope-{version(repository)}.dist-info" / "METADATA"
    if metadata.exists():
        return
    for outdated in packages.glob("lanescope-*.dist-info"):
        shutil.rmtree(outdated)
    (packages / "lanescope.pth").write_bytes(pth_line(repository))
    metadata.parent.mkdir(exist_ok=True)
    metadata.write_text(f"Metadata-Version: 2.1\nName: lanescope\nVersion: {version(repository)}\n", encoding="utf-8")


def pth_line(repository: Path) -> bytes:
    """What tells Python of a folder, in the encoding of the machine: Python reads it in that alone before 3.13."""
    text = f"{repository}\n"
    try:
        return text.encode(locale.getencoding())
    except UnicodeEncodeError:
        return text.encode()


def command(repository: Path) -> Path:
    """The command ``lanescope`` of the environment, whether or not it is there."""
    if sys.platform == "win32":
        return repository / ".venv" / "Scripts" / "lanescope.cmd"
    return repository / ".venv" / "bin" / "lanescope"


def _write_command(repository: Path) -> None:
    path = command(repository)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name("lanescope.part")
    if sys.platform == "win32":
        text = '@"%~dp0python.exe" -P -m gui.main %*\r\n'
    else:
        # Not a first line that names Python: the system allows neither spaces nor long paths there.
        text = f'#!/bin/sh\nexec {shlex.quote(str(path.parent / "python"))} -P -m gui.main "$@"\n'
    unfinished.write_text(text, encoding="utf-8", newline="")
    unfinished.chmod(0o755)
    unfinished.replace(path)


def version(repository: Path) -> str:
    """Lanescope's version, from ``pyproject.toml``; reading all of it would take longer than all else here."""
    text = (repository / "pyproject.toml").read_text(encoding="utf-8")
    found = re.search(r'^version = "(.+)"$', text, re.MULTILINE)
    return found[1] if found else "0"


def _site_packages(repository: Path) -> Path:
    if sys.platform == "win32":
        return repository / ".venv" / "Lib" / "site-packages"
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return repository / ".venv" / "lib" / name / "site-packages"
