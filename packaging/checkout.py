"""Making this checkout known to its virtual environment: importable from any folder, and by version."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path


def register(repository: Path) -> None:
    """Let the environment's Python import ``gui``, ``engine``, ``kernels`` and ``resources``, and know their version.

    Cheap where that is done already; a checkout whose version has changed is registered anew.
    """
    packages = _site_packages(repository)
    metadata = packages / f"lanescope-{version(repository)}.dist-info" / "METADATA"
    if metadata.exists():
        return
    for outdated in packages.glob("lanescope-*.dist-info"):
        shutil.rmtree(outdated)
    (packages / "lanescope.pth").write_text(f"{repository}\n", encoding="utf-8")
    metadata.parent.mkdir(exist_ok=True)
    metadata.write_text(f"Metadata-Version: 2.1\nName: lanescope\nVersion: {version(repository)}\n", encoding="utf-8")


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
