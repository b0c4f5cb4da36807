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
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write the figures too")
    asked = parser.parse_args(arguments)
    if not asked.check:
        gpu.require()
    print(f"{gpu.describe()}\n")
    texts = {
        "reads of 150 bases": b"".join(illumina(Recipe(reads=asked.reads))),
        "nanopore reads": b"".join(nanopore(Recipe(reads=asked.long_reads))),
    }
    found: dict[str, Any] = {}
    wrong: list[str] = []
    for name, text in texts.items():
        if not text:
            continue
        table = gpu_jobs.Table.of(text, 1 if asked.check else _TIMES)
        todo = list(gpu_jobs.jobs(table))
        wrong += [f"{job.name}, {name}" for job in todo if not job.is_right()]
        print(f"{name}: {len(todo)} kernels compared with the CPU's.")
        if not asked.check:
            found[name] = _measure(table, todo)
            _show(name, found[name])
            if asked.json:  # each time, should there be no time for the next
                asked.json.write_text(json.dumps({"device": gpu.describe(), **found}, indent=1), encoding="utf-8")
    if wrong:
        print(f"NOT THE SAME as on the CPU: {'; '.join(wrong)}", file=sys.stderr)
    return 1 if wrong else 0


def _measure(table: gpu_jobs.Table, todo: Sequence[gpu_jobs.Job]) -> dict[str, Any]:
    """Figures by name: seconds, GB/s, and what they are of the copy's."""
    there, other = cuda.to_device(table.buffer), cuda.device_array_like(table.buffer)
    host = cuda.pinned_array(table.buffer.shape, np.uint8)
    host[:] = table.buffer
    size = table.buffer.nbytes

    def copy(stream: Any) -> None:
        other.copy_to_device(there, stream=stream)

    times = gpu.side_by_side({job.name: (job.launch, job.n_bytes) for job in todo}, copy, 2 * size)
    figures: dict[str, Any] = {
        "text": size,
        "copy on the device, GB/s": 2 * size / gpu.seconds_of(copy) / 1e9,
        "upload, GB/s": size / gpu.seconds_of(lambda stream: there.copy_to_device(host, stream=stream)) / 1e9,
        "download, GB/s": size / gpu.seconds_of(lambda stream: there.copy_to_host(host, stream=stream)) / 1e9,
    }
    figures["kernels"] = {
        job.name: {
            "ms": 1e3 * times[job.name].seconds,
            "GB/s": job.n_bytes / times[job.name].seconds / 1e9,
            "of the copy": times[job.name].of_copy,
            "goal": job.goal,
            "launch, us": 1e6 * times[job.name].launch,
        }
        for job in todo
    }
    return figures


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
