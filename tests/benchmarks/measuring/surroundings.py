"""Packages for a benchmark on a machine without network, which may lack some, or have some that do not go together.

They come along as wheels, which `packaging/gpu_wheels.py` gathers, and are unpacked, not installed: nothing on the
machine changes.
"""

from __future__ import annotations

import re
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

STEPS = (
    ("numpy",),
    ("numba-cuda", "cuda-pathfinder"),
    ("cuda-bindings", "cuda-core"),
    ("numba",),
)
"""What is taken from the wheels instead of the machine's own, one step after the other, until a kernel runs."""

_START = """import importlib.machinery, importlib.util, site, sys
for _folder in {folders!r}:
    site.addsitedir(_folder)
_spec = importlib.machinery.ModuleSpec("tests", None, is_package=True)
_spec.submodule_search_locations = [{tests!r}]
sys.modules["tests"] = importlib.util.module_from_spec(_spec)
"""
"""For what a package wants done at start-up, which Python looks for among installed ones only.

And for these tests, should some package have brought others along.
"""

_TESTS = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a program finds.

    Attributes:
        name: for people.
        folders: for ``PYTHONPATH``.
    """

    name: str
    folders: tuple[Path, ...]


def surroundings(wheels: Path, into: Path) -> Iterator[Surroundings]:
    """The machine's own packages with what it lacks; then with more and more taken from the wheels instead.

    Args:
        wheels: a folder with wheels; none where it is missing.
        into: an empty folder, to unpack in.
    """
    found = {_name(path): path for path in sorted(wheels.glob("*.whl")) if _fits(path)}
    stepwise = {name for step in STEPS for name in step}
    lacking = [name for name in found if name not in stepwise or not _is_installed(name)]
    unpacked = [_unpacked(found, lacking, into / "lacking")] if lacking else []
    yield _with("the machine's packages", unpacked, into / "start")
    taken: list[str] = []
    for number, step in enumerate(STEPS):
        wanted = [name for name in step if name in found and name not in lacking]
        if wanted:
            taken += wanted
            unpacked = [_unpacked(found, wanted, into / f"step-{number}"), *unpacked]
            yield _with(f"{', '.join(taken)} from wheels", unpacked, into / f"start-{number}")


def _with(name: str, folders: Sequence[Path], start: Path) -> Surroundings:
    start.mkdir(parents=True)
    text = _START.format(folders=[str(each) for each in folders], tests=str(_TESTS))
    (start / "sitecustomize.py").write_text(text, encoding="utf-8")
    return Surroundings(name, (start, *folders))


def _unpacked(wheels: dict[str, Path], names: Sequence[str], into: Path) -> Path:
    into.mkdir(parents=True)
    for name in names:
        with zipfile.ZipFile(wheels[name]) as wheel:
            wheel.extractall(into)
    return into


def _name(wheel: Path) -> str:
    return re.sub(r"[-_.]+", "-", wheel.name.split("-", 1)[0]).lower()


def _fits(wheel: Path) -> bool:
    """Whether it is for this Python; what system it is for was decided by whoever put it there."""
    tags, abi = wheel.stem.split("-")[-3:-1]
    mine = f"cp{sys.version_info.major}{sys.version_info.minor}"
    return abi == "abi3" or any(tag in {mine, "py3"} for tag in tags.split("."))


def _is_installed(name: str) -> bool:
    try:
        return bool(version(name))
    except PackageNotFoundError:
        return False
