"""Every kernel on a GPU, against a copy within the GPU's memory measured beside it; refuses where there is no GPU.

What each gives is held to the kernel for the CPU first, on all reads that are then measured.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numba import cuda

from tests.benchmarks.measuring import gpu, gpu_jobs
from tests.benchmarks.measuring.make_reads import Recipe, illumina, nanopore

_READS = 200_000
_LONG_READS = 4_000
_TIMES = 4  # the text is longer than any cache then


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare results with the CPU's; also simulated")
    parser.add_argument("--reads", type=int, default=_READS, help="short reads, four times over (%(default)s)")
    parser.add_argument("--long-reads", type=int, default=_LONG_READS, help="long reads, likewise (%(default)s)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write figures too, and go on from")
    parser.add_argument(
        "--at", type=Path, metavar="FILE", help="tells meanwhile which kernel is run, and is gone at the end"
    )
    parser.add_argument(
        "--without", nargs="*", default=[], metavar="KERNEL", help="kernels to leave out, one that hangs say"
    )
    asked = parser.parse_args(arguments)
    if not asked.check:
        gpu.require()
    print(f"{gpu.describe()}\n")
    found = _begun(asked.json)
    wrong: list[str] = []
    for name, made in {
        "reads of 150 bases": illumina(Recipe(reads=asked.reads)),
        "nanopore reads": nanopore(Recipe(reads=asked.long_reads)),
    }.items():
        text = b"".join(made)
        if not text:
            continue
        table = gpu_jobs.Table.of(text, 1 if asked.check else _TIMES)
        todo = [job for job in gpu_jobs.jobs(table) if job.name not in asked.without]
        figures = {} if asked.check else found.setdefault(name, {"kernels": {}})
        copy = None if asked.check else _Copy(table)
        if copy is not None:
            figures |= copy.figures()
        for job in todo:
            if job.name in figures.get("kernels", ()):
                continue
            if asked.at:
                asked.at.write_text(job.name, encoding="utf-8")
            wrong += _faults(job, name)
            if copy is not None:
                figures["kernels"][job.name] = copy.beside(job)
                if asked.json:  # each time, should there be no time for the next
                    asked.json.write_text(json.dumps({"device": gpu.describe(), **found}, indent=1), encoding="utf-8")
        print(f"{name}: {len(todo)} kernels compared with the CPU's.", flush=True)
        if not asked.check:
            _show(name, figures)
    if asked.at:
        asked.at.unlink(missing_ok=True)
    if wrong:
        print(f"NOT THE SAME as on the CPU: {'; '.join(wrong)}", file=sys.stderr)
    return 1 if wrong else 0


def _begun(path: Path | None) -> dict[str, Any]:
    """What one that came to no end has measured."""
    if not path or not path.exists():
        return {}
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return {name: figures for name, figures in found.items() if name != "device"}


def _faults(job: gpu_jobs.Job, text: str) -> list[str]:
    """That it gives something else, if it does. A second time too: what a race spoils is not always spoiled."""
    return [] if job.is_right() and job.is_right() else [f"{job.name}, {text}"]


class _Copy:
    """Copies of a text, within the device's memory and to it, which kernels are held against."""

    def __init__(self, table: gpu_jobs.Table) -> None:
        self._there, self._other = cuda.to_device(table.buffer), cuda.device_array_like(table.buffer)
        self._host = cuda.pinned_array(table.buffer.shape, np.uint8)
        self._host[:] = table.buffer
        self._size = table.buffer.nbytes

    def _within(self, stream: Any) -> None:
        self._other.copy_to_device(self._there, stream=stream)

    def figures(self) -> dict[str, Any]:
        """Bytes and rates."""
        there, host, size = self._there, self._host, self._size
        return {
            "text": size,
            "copy on the device, GB/s": 2 * size / gpu.seconds_of(self._within) / 1e9,
            "upload, GB/s": size / gpu.seconds_of(lambda stream: there.copy_to_device(host, stream=stream)) / 1e9,
            "download, GB/s": size / gpu.seconds_of(lambda stream: there.copy_to_host(host, stream=stream)) / 1e9,
        }

    def beside(self, job: gpu_jobs.Job) -> dict[str, Any]:
        """A kernel's figures: seconds, GB/s, and what they are of the copy's."""
        times = gpu.side_by_side(job.launch, job.n_bytes, self._within, 2 * self._size)
        return {
            "ms": 1e3 * times.seconds,
            "GB/s": job.n_bytes / times.seconds / 1e9,
            "of the copy": times.of_copy,
            "goal": job.goal,
            "launch, us": 1e6 * times.launch,
        }


def _show(name: str, figures: Mapping[str, Any]) -> None:
    for what in ("copy on the device, GB/s", "upload, GB/s", "download, GB/s"):
        print(f"{name}, {what}: {figures[what]:.1f}")
    print(f"\n{'kernel':24}{'ms':>9}{'GB/s':>9}{'of copy':>9}{'goal':>7}{'launch µs':>11}")
    for kernel, each in figures["kernels"].items():
        goal = "" if not each["goal"] else f"{each['goal']:.0%}" + ("" if each["of the copy"] >= each["goal"] else " !")
        row = f"{each['ms']:9.3f}{each['GB/s']:9.1f}{each['of the copy']:9.0%}{goal:>7}{each['launch, us']:11.1f}"
        print(f"{kernel:24}{row}")
    print()


if __name__ == "__main__":
    raise SystemExit(main())
