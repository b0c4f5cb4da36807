"""Pinning what ``pyproject.toml`` asks for: every package, for every system and Python, with its hashes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from set_up_error import SetUpError


def pin(repository: Path, *, upgrade: bool) -> None:
    """Write ``packaging/requirements.lock`` with uv, which lives in a folder of its own meanwhile.

    Args:
        repository: the folder of ``pyproject.toml``.
        upgrade: take the newest versions, rather than keep the pinned ones that still fit.

    Raises:
        SetUpError: uv could not be fetched, or finds no versions that go together.
    """
    with tempfile.TemporaryDirectory(prefix="lanescope-lock-") as folder:
        _check([sys.executable, "-m", "venv", folder], repository)
        python = Path(folder) / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        _check([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv"], repository)
        _check([str(python), "-m", "uv", *compile_arguments(upgrade=upgrade)], repository)
    print("Pinned in packaging/requirements.lock.")


def compile_arguments(*, upgrade: bool) -> list[str]:
    """What uv is asked for; nothing in it depends on this machine."""
    return [
        "pip", "compile", "pyproject.toml", "--group", "dev", "--quiet", "--no-config", "--universal",
        "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-emit-find-links",
        "--custom-compile-command", "python3 packaging/dev.py lock",
        "--output-file", "packaging/requirements.lock", *(["--upgrade"] if upgrade else []),
    ]  # fmt: skip


def _check(command: list[str], repository: Path) -> None:
    settings = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
    if subprocess.run(command, cwd=repository, env=settings, stdout=subprocess.DEVNULL, check=False).returncode:
        raise SetUpError("The versions could not be pinned; the reason is above. This command needs the network.")
