"""Running the benchmarks: scripts in ``tests/benchmarks`` that each print what they measured."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import system_packages
from set_up_error import SetUpError

TOOLS = {"bgzip": "tabix", "fastp": "fastp", "igzip": "isal", "seqtk": "seqtk", "xdotool": "xdotool", "Xvfb": "xvfb"}
"""Programs that benchmarks compare with or show windows by, to their Debian packages."""

FOR_GPUS = frozenset({"devices", "gpu", "gpu_kernels", "gpu_runs", "gpu_tables"})
"""Benchmarks that measure a GPU where there is one, for which NVIDIA's packages are needed."""

NOT_HERE = 69
"""Exit status of a script that cannot measure anything on this machine: it needs a GPU, say. It tells why itself."""


def select(folder: Path, names: list[str]) -> list[Path]:
    """The scripts called ``names``, with or without ``.py``; all of them where there are no names.

    Raises:
        SetUpError: there is none of that name.
    """
    scripts = {path.stem: path for path in sorted(folder.glob("*.py")) if not path.stem.startswith("_")}
    wanted = [name.removesuffix(".py") for name in names] or list(scripts)
    unknown = [name for name in wanted if name not in scripts]
    if unknown or not wanted:
        raise SetUpError(f"No benchmark {', '.join(unknown)}. There are: {', '.join(scripts) or 'none'}.")
    return [scripts[name] for name in wanted]


def measure_gpu(scripts: list[Path], find: Callable[[str], str | None] = shutil.which) -> bool:
    """Whether any of ``scripts`` has a GPU to measure: where a driver is, its own tool is too."""
    return any(script.stem in FOR_GPUS for script in scripts) and find("nvidia-smi") is not None


def missing_tools(find: Callable[[str], str | None] = shutil.which) -> dict[str, str]:
    """Programs that are not on the path, to their Debian packages."""
    return {name: package for name, package in TOOLS.items() if find(name) is None}


def provide_tools() -> None:
    """Install the tools to compare with; where that cannot be, say so and go on without."""
    missing = missing_tools()
    if not missing:
        return
    try:
        system_packages.install(sorted(missing.values()), "to compare with other tools", libraries=sorted(missing))
    except SetUpError as error:
        print(f"{error}\n\nBenchmarks go on without.", file=sys.stderr)


def run_all(python: Path, scripts: list[Path], repository: Path) -> int:
    """Run ``scripts`` one after another. Returns 0 where none failed and something was measured, else 1."""
    folders = os.pathsep.join(filter(None, (str(repository), os.environ.get("PYTHONPATH"))))
    settings = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "PYTHONPATH": folders}
    failed: list[str] = []
    not_here: list[str] = []
    for script in scripts:
        print(f"\n--- {script.stem}", flush=True)
        status = subprocess.run([str(python), str(script)], cwd=repository, env=settings, check=False).returncode
        if status:
            (not_here if status == NOT_HERE else failed).append(script.stem)
    for what, names in (("Not measured on this machine", not_here), ("Failed", failed)):
        if names:
            print(f"\n{what}: {', '.join(names)}", file=sys.stderr)
    return 1 if failed or len(not_here) == len(scripts) else 0
