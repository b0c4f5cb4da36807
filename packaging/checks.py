"""All that must hold before a change lands: style, types, layers, tests."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Step:
    """One check: a name for people and a command that fails when something is wrong.

    Attributes:
        again: where the command ends with 1, this has the last word: what failed, once more, by itself.
    """

    name: str
    command: list[str]
    again: list[str] | None = None


def steps(python: Path, pytest_arguments: list[str]) -> list[Step]:
    """The checks in order, quick ones first and the tests last. ``python``: the environment's.

    How much the tests reach is told by ``dev.py test --cov``; not each time, for it takes longer.
    """
    # Windows, threads and other processes share two cores with the tests of everybody else: what fails there must
    # fail by itself too, with nothing else under way. A test that passes then is named as unsteady, to be mended.
    alone = [str(python), "-m", "pytest", "--last-failed", "--last-failed-no-failures=none", "--maxfail=3"]
    return [
        Step("ruff check", [str(python), "-m", "ruff", "check"]),
        Step("ruff format", [str(python), "-m", "ruff", "format", "--check"]),
        Step("mypy", [str(python), "-m", "mypy"]),
        Step("import-linter", [str(python.with_name(f"lint-imports{python.suffix}")), "--no-logo"]),
        Step("pytest", [str(python), "-m", "pytest", *pytest_arguments], alone),
    ]


def run_all(todo: list[Step], repository: Path) -> int:
    """Run all steps, also after one failed. Returns 0 where all passed, else 1."""
    settings = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    failed: list[str] = []
    unsteady: list[str] = []

    def status_of(command: list[str]) -> int:
        return subprocess.run(command, cwd=repository, env=settings, check=False).returncode

    for step in todo:
        print(f"\n--- {step.name}", flush=True)
        start = time.monotonic()
        status = status_of(step.command)
        if status == 1 and step.again:
            print(f"\n--- {step.name}: what failed, by itself", flush=True)
            status = status_of(step.again)
            if not status:
                unsteady.append(step.name)
        if status:
            failed.append(step.name)
        if step is not todo[-1]:  # pytest has the last word, and times itself
            print(f"{'failed' if status else 'passed'} in {time.monotonic() - start:.1f} s", flush=True)
    if unsteady:
        print(f"\nUnsteady, to be mended: what failed of {', '.join(unsteady)} passed by itself", file=sys.stderr)
    if failed:
        print(f"\nFailed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0
