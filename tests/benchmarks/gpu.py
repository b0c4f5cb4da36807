"""All that is to be known of a GPU, by one command in less than eight minutes: results, then figures, then tests.

Each part is a program of its own with a limit of time. Whatever becomes of it, a fragment of Markdown with the GPU's
name tells: what was measured, or how it failed. Refuses where there is no GPU.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.measuring import parts
from tests.benchmarks.measuring.parts import Outcome, Part

NOT_HERE = 69
"""Exit status where there is no GPU; see `tests.benchmarks.measuring.gpu`, which this does without, for it may fail."""

_SECONDS = 460.0
_REPOSITORY = Path(__file__).resolve().parents[2]
_DESCRIBE = "from tests.benchmarks.measuring import gpu; {}print(gpu.describe())"
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
    check: tuple[str, ...] = field(default=("--check", "--reads", "2000", "--long-reads", "50"))


_TINY = _Sizes(
    kernels=("--check", "--reads", "2", "--long-reads", "0"),
    tables=("--check", "--reads", "2"),
    devices=("--check", "--reads", "2"),
    runs=("--check", "--reads", "2"),
    tests=("tests/kernels/cuda/test_bases.py",),
    check=("--check", "--reads", "2", "--long-reads", "0"),
)
"""For the simulator, which shows that all parts work and measures nothing."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do all parts and write the fragment."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="measure nothing, compare a few reads; also simulated")
    parser.add_argument("--out", type=Path, default=Path("gpu-figures"), help="folder to write to (%(default)s)")
    parser.add_argument("--seconds", type=float, default=_SECONDS, help="for everything together (%(default).0f)")
    parser.add_argument("--only", nargs="*", metavar="PART", help="names of parts, such as kernels")
    asked = parser.parse_args(arguments)
    began = time.monotonic()
    asked.out.mkdir(parents=True, exist_ok=True)
    for old in asked.out.glob("*.json"):
        old.unlink()
    settings = _settings(asked.out, simulated=asked.check)
    describing = Part("device", (sys.executable, "-c", _DESCRIBE.format("" if asked.check else "gpu.require(); ")), 60)
    device = parts.run(describing, _REPOSITORY, settings, describing.limit)
    if device.status == NOT_HERE:
        print(device.errors, file=sys.stderr)
        return NOT_HERE
    name = device.output.partition(",")[0].strip() if not device.status else "unknown"
    fragment = asked.out / f"gpu-{parts.file_name(name)}.md"
    outcomes = [device]
    parts.write(fragment, name, outcomes, asked.out)
    for part in _parts(_TINY if asked.check else _Sizes(), asked.out):
        if asked.only and part.name not in asked.only:
            continue
        print(f"--- {part.name}", flush=True)
        left = asked.seconds - (time.monotonic() - began)
        outcomes.append(parts.run(part, _REPOSITORY, settings, min(part.limit, left)))
        print(outcomes[-1].tail(), flush=True)
        parts.write(fragment, name, outcomes, asked.out)  # after each, should the machine be gone before the next
    print(f"\n{_summary(outcomes)}\nWritten to {fragment}")
    return 1 if any(each.status for each in outcomes) else 0


def _parts(sizes: _Sizes, out: Path) -> Iterator[Part]:
    """In order of worth, should time run out; limits in seconds."""

    def script(name: str, limit: float, *options: str, called: str = "") -> Part:
        return Part(called or name, (sys.executable, "-m", f"tests.benchmarks.{name}", *options), limit)

    def to_json(name: str) -> tuple[str, str]:
        return "--json", str(out.absolute() / f"{name}.json")

    yield script("gpu_kernels", 90, *sizes.check, called="comparison")
    yield script("gpu_kernels", 120, *sizes.kernels, *to_json("kernels"), called="kernels")
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
    # What is compiled without a GPU is known without one; the packages for that may be missing here.
    left_out = ("--ignore=tests/kernels/cuda/test_compiled.py",)
    yield Part("tests", (sys.executable, "-m", "pytest", *options, *left_out, *sizes.tests), 240)


def _settings(out: Path, *, simulated: bool) -> dict[str, str]:
    """The environment of all parts, which share what is compiled."""
    settings = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, (str(_REPOSITORY), os.environ.get("PYTHONPATH")))),
        "PYTHONUNBUFFERED": "1",  # or a part that is killed would have said nothing
        "LANESCOPE_HOME": str(out.absolute() / "home"),
        "LANESCOPE_BENCH_PATIENCE": "0",  # time is short, and the machine has nothing else to do
        "QT_QPA_PLATFORM": "offscreen",
    }
    settings.setdefault("LANESCOPE_KERNEL_CACHE", str(_REPOSITORY / ".cache" / "kernels"))
    settings.pop("NUMBA_ENABLE_CUDASIM", None)
    return settings | ({"NUMBA_ENABLE_CUDASIM": "1"} if simulated else {"LANESCOPE_TEST_GPU": "1"})


def _summary(outcomes: Sequence[Outcome]) -> str:
    return "\n".join(f"{each.part.name:12}{each.verdict:>12}{each.seconds:8.1f} s" for each in outcomes)


if __name__ == "__main__":
    raise SystemExit(main())
