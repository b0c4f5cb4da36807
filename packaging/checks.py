"""All that must hold before a change lands: style, types, layers, tests."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

AT_ONCE = 2
"""Checks, or processes with tests, that go on side by side, on the two cores that any machine has."""

OTHER_SYSTEMS = {"Windows": "win32", "macOS": "darwin"}
"""Where mypy says what is not there. Which lines are for whom it takes from the conditions: none is "unreachable"."""


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
    """The checks, and the tests last. ``python``: the environment's.

    Kernels are made ready before the tests, each process of which would compile them. With arguments for pytest, tests
    run in one process, as ``--pdb`` and the like need it. How much they reach is told by ``dev.py test --cov``; not
    each time, for it takes longer.
    """
    pytest = [str(python), "-m", "pytest"]
    # Each process begins with one half and, done with it, takes over what the other has not come to. One that crashes
    # ends all: it must not pass for a test that failed.
    spread = [f"--numprocesses={AT_ONCE}", "--dist=worksteal", "--max-worker-restart=0", "--cache-clear"]
    # Windows, threads and other processes share two cores with the tests of everybody else: what fails there must
    # fail by itself too, with nothing else under way. A test that passes then is named as unsteady, to be mended.
    alone = [*pytest, "--last-failed", "--last-failed-no-failures=none", "--maxfail=3"]
    return [
        Step("ruff check", [str(python), "-m", "ruff", "check"]),
        Step("ruff format", [str(python), "-m", "ruff", "format", "--check"]),
        Step("mypy", [str(python), "-m", "mypy"]),
        Step("kernels", [str(python), "-c", "from engine.run.warmup import warm_up; warm_up()"]),
        Step("import-linter", [str(python.with_name(f"lint-imports{python.suffix}")), "--no-logo"]),
        *(Step(f"mypy for {name}", _mypy_for(python, platform)) for name, platform in OTHER_SYSTEMS.items()),
        Step("pytest", [*pytest, *(pytest_arguments or spread)], alone),
    ]


def _mypy_for(python: Path, platform: str) -> list[str]:
    """Types as they are on another system, in all but the tests; kept in a folder of their own for the next time."""
    kept = Path(".mypy_cache") / platform
    options = ["--platform", platform, "--no-warn-unreachable", "--cache-dir", str(kept)]
    return [str(python), "-m", "mypy", *options, "gui", "engine", "kernels", "packaging"]


def run_all(todo: list[Step], repository: Path) -> int:
    """Run all steps, also after one failed, and all but the last side by side. Returns 0 where all passed, else 1."""
    settings = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    # Tests begin some hundred processes, each of which would compile all sources anew.
    settings.pop("PYTHONDONTWRITEBYTECODE", None)
    # Another one each time, but the same for all processes: they must find the same tests in the same order.
    settings.setdefault("PYTHONHASHSEED", str(secrets.randbelow(1 << 32)))
    settings.setdefault("LANESCOPE_KERNEL_CACHE", str(repository / ".cache" / "kernels"))  # that of the tests
    *quick, last = todo
    failed = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for step, done in zip(quick, pool.map(lambda step: _done(step, repository, settings), quick), strict=True):
            print(f"\n--- {step.name}\n{done.said}", flush=True)
            print(f"{'failed' if done.status else 'passed'} in {done.seconds:.1f} s", flush=True)
            if done.status:
                failed.append(step.name)
    status, is_unsteady = _status_of(last, repository, settings)
    if is_unsteady:
        print(f"\nUnsteady, to be mended: what failed of {last.name} passed by itself", file=sys.stderr)
    if status:
        failed.append(last.name)
    if failed:
        print(f"\nFailed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


@dataclass(frozen=True)
class _Done:
    status: int
    said: str
    seconds: float


def _done(step: Step, repository: Path, settings: Mapping[str, str]) -> _Done:
    start = time.monotonic()
    said = subprocess.run(
        step.command, cwd=repository, env=settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    words = said.stdout.decode(errors="replace").rstrip()
    return _Done(said.returncode, words, time.monotonic() - start)


def _status_of(step: Step, repository: Path, settings: Mapping[str, str]) -> tuple[int, bool]:
    """The status of a step that writes as it goes and times itself, and whether it had to be tried again to pass."""
    print(f"\n--- {step.name}", flush=True)
    status = subprocess.run(step.command, cwd=repository, env=settings, check=False).returncode
    if status != 1 or not step.again:
        return status, False
    print(f"\n--- {step.name}: what failed, by itself", flush=True)
    status = subprocess.run(step.again, cwd=repository, env=settings, check=False).returncode
    return status, not status
