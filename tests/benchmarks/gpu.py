"""All that is to be known of a GPU, by one command in nine minutes: results, then figures, then tests.

Each part is a program of its own with a limit of time. Whatever becomes of it, a fragment of Markdown with the GPU's
name tells: what was measured, or how it failed. Refuses where there is no GPU. Needs no network and no more of Python
than its own modules: what Lanescope needs may come along as wheels.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tests.benchmarks.measuring import parts
from tests.benchmarks.measuring.parts import Outcome, Part
from tests.benchmarks.measuring.surroundings import Surroundings, surroundings

NOT_HERE = 69
"""Exit status where there is no GPU; see `tests.benchmarks.measuring.gpu`, which this does without, for it may fail."""

_SECONDS = 540.0
_TRIAL = 90.0
_FEWEST_SECONDS = 360.0
_WARMING = 60.0
_ATTEMPTS = 5
_TOOLKIT = Path("/usr/local/cuda")
_AT = "kernel-under-way"
_REPOSITORY = Path(__file__).resolve().parents[2]
_WARM = "from engine.run.warmup import settle, warm_up; warm_up(); settle()"
_TOOLS = (
    ("compute-sanitizer", "memory", "--tool", "memcheck", "--error-exitcode", "3"),
    ("compute-sanitizer", "races", "--tool", "racecheck", "--error-exitcode", "3"),
)
_FEW = "--check", "--reads", "20000", "--long-reads", "400"
_METRICS = (
    "gpu__time_duration.sum",
    "dram__throughput.avg.pct_of_peak_sustained_elapsed",
    "sm__throughput.avg.pct_of_peak_sustained_elapsed",
    "smsp__inst_executed.sum",
    "l1tex__data_bank_conflicts_pipe_lsu.sum",
    "sm__warps_active.avg.pct_of_peak_sustained_active",
)
_COUNTERS = (
    *("ncu", "counters", "--clock-control", "none", "--csv", "--metrics", ",".join(_METRICS)),
    *("--target-processes", "all", "--force-overwrite", "--log-file"),
)
"""NVIDIA's own checks of kernels, and what its hardware counts of them, where they are installed."""
_TESTS = (
    "tests/kernels/cuda",
    "tests/engine/devices",
    "tests/engine/run/test_device_run.py",
    "tests/engine/run/test_device_trimming.py",
)


@dataclass(frozen=True, slots=True)
class _Sizes:
    """How much is measured."""

    kernels: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    tests: tuple[str, ...] = _TESTS
    check: tuple[str, ...] = ("--check", "--reads", "2000", "--long-reads", "50")
    is_tiny: bool = False


_TINY = _Sizes(
    kernels=("--check", "--reads", "2", "--long-reads", "0"),
    tables=("--check", "--reads", "2"),
    devices=("--check", "--reads", "2"),
    runs=("--check", "--reads", "2"),
    tests=("tests/kernels/cuda/test_bases.py",),
    check=("--check", "--reads", "2", "--long-reads", "0"),
    is_tiny=True,
)
"""For the simulator, which shows that all parts work and measures nothing."""

_REHEARSAL = _Sizes(
    kernels=("--reads", "200", "--long-reads", "2"),
    tables=("--reads", "200"),
    devices=("--reads", "200"),
    runs=("--reads", "200"),
    check=("--check", "--reads", "200", "--long-reads", "2"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do all parts and write the fragment."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="measure nothing, compare a few reads; also simulated")
    parser.add_argument("--rehearse", action="store_true", help="everything with few reads, on an emulated GPU say")
    parser.add_argument("--out", type=Path, default=Path("gpu-figures"), help="folder to write to (%(default)s)")
    parser.add_argument("--seconds", type=float, default=_SECONDS, help="for everything together (%(default).0f)")
    parser.add_argument("--only", nargs="*", metavar="PART", help="names of parts, such as kernels")
    parser.add_argument("--wheels", type=Path, default=_REPOSITORY / ".gpu-wheels", help="see packaging/gpu_wheels.py")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="lanescope-bench-", ignore_cleanup_errors=True) as folder:
        return _measure(asked, Path(folder))


def _measure(asked: argparse.Namespace, folder: Path) -> int:
    end = time.monotonic() + asked.seconds
    out = asked.out.absolute()
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("*.json"):
        old.unlink()
    settings = _settings(folder, simulated=asked.check)
    device, settings = _device(asked, folder, settings, end)
    if device.status == NOT_HERE:
        print(device.tail(), file=sys.stderr)
        return NOT_HERE
    name = _name(device)
    fragment = out / f"gpu-{parts.file_name(name)}.md"
    outcomes = [device]
    parts.write(fragment, name, outcomes, out)
    sizes = _TINY if asked.check else _REHEARSAL if asked.rehearse else _Sizes()
    warming = parts.begun((sys.executable, "-c", _WARM), _REPOSITORY, settings) if not asked.check else None
    for part in _parts(sizes, out, folder):
        if asked.only and part.name not in asked.only:
            continue
        if warming and part.name != "comparison":
            parts.awaited(warming, min(_WARMING, end - time.monotonic()))  # so that it disturbs no figures
            warming = None
        print(f"--- {part.name}", flush=True)
        outcomes += _attempts(part, settings, end, folder / _AT)
        print(outcomes[-1].tail(), flush=True)
        parts.write(fragment, name, outcomes, out)  # after each, should the machine be gone before the next
    if warming:
        parts.awaited(warming, 0)
    print(f"\n{_summary(outcomes)}\n\n{parts.digest(out)}\nWritten to {fragment}")
    return 1 if any(each.status for each in outcomes) else 0


def _device(
    asked: argparse.Namespace, folder: Path, usual: Mapping[str, str], end: float
) -> tuple[Outcome, dict[str, str]]:
    """What the device is, and the environment in which a kernel runs there; where in none, the first."""
    tried: list[tuple[Outcome, dict[str, str]]] = []
    command = (sys.executable, "-m", "tests.benchmarks.measuring.gpu_trial", *(["--check"] if asked.check else []))
    all_found = surroundings(asked.wheels, folder / "packages")
    for each, toolkit in ((each, toolkit) for each in all_found for toolkit in _toolkits()):
        settings = {**_within(each, usual), **toolkit}
        left = end - time.monotonic()
        if tried and left < _FEWEST_SECONDS:  # something is to be told of the rest too
            break
        outcome = parts.run(Part("device", command, _TRIAL), _REPOSITORY, settings, min(_TRIAL, left))
        tried.append((replace(outcome, output=f"With {each.name}:\n{outcome.output}"), settings))
        if outcome.status == 0:
            told = "\n\n".join([*(failed.tail() for failed, _ in tried[:-1]), tried[-1][0].output])
            return replace(outcome, output=told), settings
    failed, settings = tried[0]
    return replace(failed, output="\n\n".join(outcome.tail() for outcome, _ in tried), errors=""), settings


def _toolkits() -> list[dict[str, str]]:
    """None but what is found without being told, and the usual place, where that is not what was meant anyway."""
    is_there = (_TOOLKIT / "nvvm").is_dir() and "CUDA_HOME" not in os.environ
    return [{}, {"CUDA_HOME": str(_TOOLKIT)}] if is_there else [{}]


def _name(device: Outcome) -> str:
    found = [line for line in device.output.splitlines() if ", compute capability " in line or "simulator" in line]
    return found[-1].partition(",")[0].strip() if found else "unknown"


def _attempts(part: Part, settings: Mapping[str, str], end: float, at: Path) -> list[Outcome]:
    """A part's outcomes: several where kernels fail or hang; the next goes on without one that did so twice."""
    outcomes: list[Outcome] = []
    without: list[str] = []
    failed = ""
    while len(outcomes) < _ATTEMPTS:
        at.unlink(missing_ok=True)
        attempt = replace(part, command=(*part.command, *(["--without", *without] if without else [])))
        outcomes.append(parts.run(attempt, _REPOSITORY, settings, min(part.limit, end - time.monotonic())))
        if not at.exists():
            break
        before, failed = failed, at.read_text(encoding="utf-8")
        without += [failed] if failed == before else []
        print(f"{outcomes[-1].tail()}\n{failed}: {outcomes[-1].verdict}; once more", flush=True)
    return outcomes


def _parts(sizes: _Sizes, out: Path, folder: Path) -> Iterator[Part]:
    """In order of worth, should time run out; limits in seconds."""

    def script(name: str, limit: float, *options: str, called: str = "") -> Part:
        return Part(called or name, (sys.executable, "-m", f"tests.benchmarks.{name}", *options), limit)

    def to_json(name: str) -> tuple[str, str]:
        return "--json", str(out.absolute() / f"{name}.json")

    at = "--at", str(folder / _AT)
    yield script("gpu_kernels", 90, *sizes.check, *at, called="comparison")
    yield script("gpu_kernels", 100, *sizes.kernels, *to_json("kernels"), *at, called="kernels")
    yield script("gpu_tables", 100, *sizes.tables, *to_json("tables"), called="tables")
    yield script("devices", 120, *sizes.devices, *to_json("consumer"), called="consumer")
    yield script("gpu_runs", 100, *sizes.runs, called="runs")
    options = (
        "-q",
        "-c",
        os.devnull,
        "--rootdir",
        ".",
        "--import-mode=importlib",
        "-p",
        "no:cacheprovider",
        "--tb=short",
    )
    # What is known without a GPU is left out; the packages for that may be missing here.
    left_out = [f"--ignore=tests/kernels/cuda/test_{name}.py" for name in ("compiled", "gpu_day", "benchmark")]
    yield Part("tests", (sys.executable, "-m", "pytest", *options, *left_out, *sizes.tests), 200)
    few = "-m", "tests.benchmarks.gpu_kernels", *_FEW
    for tool, name, *more in ((*_COUNTERS, str(out / "counters.csv")), *_TOOLS):
        if shutil.which(tool) and not sizes.is_tiny:
            yield Part(name, (tool, *more, sys.executable, *few), 90)


def _within(found: Surroundings, settings: Mapping[str, str]) -> dict[str, str]:
    """The environment with some packages."""
    folders = [str(each) for each in found.folders]
    return {**settings, "PYTHONPATH": os.pathsep.join([*folders, settings["PYTHONPATH"]])}


def _settings(folder: Path, *, simulated: bool) -> dict[str, str]:
    """The environment of all parts, which share what is compiled."""
    settings = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, (str(_REPOSITORY), os.environ.get("PYTHONPATH")))),
        "PYTHONUNBUFFERED": "1",  # or a part that is killed would have said nothing
        "LANESCOPE_HOME": str(folder / "home"),
        "LANESCOPE_BENCH_PATIENCE": "0",  # time is short, and the machine has nothing else to do
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # whatever else is installed there
        "QT_QPA_PLATFORM": "offscreen",
    }
    settings.setdefault("LANESCOPE_KERNEL_CACHE", str(_REPOSITORY / ".cache" / "kernels"))
    settings.pop("NUMBA_ENABLE_CUDASIM", None)
    return settings | ({"NUMBA_ENABLE_CUDASIM": "1"} if simulated else {"LANESCOPE_TEST_GPU": "1"})


def _summary(outcomes: Sequence[Outcome]) -> str:
    return "\n".join(f"{each.part.name:12}{each.verdict:>12}{each.seconds:8.1f} s" for each in outcomes)


if __name__ == "__main__":
    raise SystemExit(main())
