"""Plugins in the sandbox: what a batch costs to go in and out, and what computing there costs against native code."""

from __future__ import annotations

import hashlib
import tempfile
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.batch import ReadBatch
from engine.wasm.components.building import build_component
from engine.wasm.components.host import ComponentHost
from engine.wasm.components.stage import ComponentPlugin
from engine.wasm.host import Host
from engine.wasm.manifest import parse_manifest
from engine.wasm.plugins.build import compile_module
from engine.wasm.plugins.conformance import make_batch
from engine.wasm.plugins.library import shipped_folder
from engine.wasm.plugins.opening import ReadPlugin
from engine.wasm.plugins.package import read_package
from engine.wasm.stage.stage import StagePlugin
from kernels.collectors.reads import quality_sums
from tests.benchmarks.measuring import report
from tests.benchmarks.measuring.timing import Contender, interleaved

_READS = 12_000  # of 150 bases: 4 MiB of text, as the parser hands out
_BATCHES = 4  # they stay in the last cache, as batches do that come from the parser
_ROUNDS = 20

_ALL = '["names", "bases", "qualities"]'
_NOTHING = """
#define LANESCOPE_PLUGIN
#include "lanescope.h"
static int process(const lanescope_batch *batch) { (void)batch; return 0; }
LANESCOPE_PROCESS(process)
"""


_MEAN_QUALITY = """
#define LANESCOPE_PLUGIN
#include "lanescope.h"
static int process(const lanescope_batch *batch) {
    for (uint32_t read = 0; read < batch->reads; read++) {
        const uint32_t length = batch->lengths[read];
        batch->keep[read] = lanescope_sum(lanescope_qualities(batch, read), length) >= 53 * length;
    }
    return 0;
}
LANESCOPE_PROCESS(process)
"""


def built(host: Host, folder: Path, name: str, code: str, changes: str, needs: str) -> StagePlugin:
    """A plugin made of C."""
    source = folder / f"{name}.c"
    source.write_text(code)
    compile_module(name, source, folder / f"{name}.wasm")
    wasm = (folder / f"{name}.wasm").read_bytes()
    text = f"""name = "{name}"\ntitle = "{name}"\nversion = "1"\nchanges = {changes}\nneeds = {needs}
        sha256 = "{hashlib.sha256(wasm).hexdigest()}" """
    return StagePlugin(host, parse_manifest(text.encode(), name), wasm)


def native(batches: list[ReadBatch]) -> Callable[[], None]:
    """The same filter from batch to batch, on the kernel that Lanescope itself sums qualities with."""

    def work() -> None:
        for _ in range(_ROUNDS):
            for batch in batches:
                sums = np.empty(len(batch), np.int64)
                quality_sums(batch.buffer, batch.quality_starts, batch.lengths, sums)
                replace(batch, dropped=(sums < 53 * batch.lengths.astype(np.int64)).view(np.uint8))

    return work


def interpreted(folder: Path) -> ComponentPlugin:
    """The same source as where it is compiled, with an interpreter of its own."""
    host, package = ComponentHost(folder / "components"), read_package(shipped_folder() / "mean-quality")
    source = package.files["plugin.py"].decode()
    return ComponentPlugin(host, package.manifest, build_component(source, package.manifest, host))


def worker(plugin: ReadPlugin, batches: list[ReadBatch], rounds: int = _ROUNDS) -> Callable[[], None]:
    """The life of one worker over all batches."""

    def work() -> None:
        with plugin.open() as stage:
            for _ in range(rounds):
                for batch in batches:
                    stage.process(batch)

    return work


def side_by_side(work: Callable[[], None]) -> Contender:
    """Two workers at once, each doing the whole."""

    def both() -> None:
        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return both


def main() -> None:
    """Measure and print."""
    report.print_machine()
    batches = [make_batch(_READS, 150, number=number, shortest=150) for number in range(_BATCHES)]
    text = sum(batch.byte_end for batch in batches) * _ROUNDS
    reads = _READS * _BATCHES * _ROUNDS
    with tempfile.TemporaryDirectory(prefix="lanescope-") as name:
        folder = Path(name)
        host = Host(folder / "modules")
        passing = worker(built(host, folder, "pass", _NOTHING, '["keep", "trim"]', _ALL), batches)
        filtering = worker(built(host, folder, "mean-quality", _MEAN_QUALITY, '["keep"]', '["qualities"]'), batches)
        package = read_package(shipped_folder() / "mean-quality")
        python = StagePlugin(host, package.manifest, package.wasm)
        times = interleaved(
            {
                "pass-through, one worker": passing,
                "pass-through, two workers": side_by_side(passing),
                "mean quality in C, one worker": filtering,
                "mean quality in C, two workers": side_by_side(filtering),
                "mean quality in Python, two workers": side_by_side(worker(python, batches)),
                "mean quality in Python": worker(python, batches),
                "mean quality in Python, interpreted, one round": worker(interpreted(folder), batches, 1),
                "mean quality as a kernel": native(batches),
                "mean quality as a kernel, two workers": side_by_side(native(batches)),
            }
        )
    report.print_times(times)
    one, two = times["mean quality in C, one worker"], times["mean quality in C, two workers"]
    rate = text / times["pass-through, one worker"].median / 1e9
    in_python = 2 * reads / times["mean quality in Python, two workers"].median / 1e6
    speed_up = 2 / two.ratio(one)
    kernel, kernels = times["mean quality as a kernel"], times["mean quality as a kernel, two workers"]
    both = times["mean quality in Python, two workers"]
    slow, fast = times["mean quality in Python, interpreted, one round"], times["mean quality in Python"]
    report.print_figures(
        [
            report.Figure("pass-through, a worker", f"{rate:.2f} GB/s", "≥ 4 GB/s", rate >= 4),
            report.ratio("filter in the sandbox / kernel", one, kernel, 3),
            report.Figure("two workers / one", f"{speed_up:.2f} x", "≥ 1.85 x", speed_up >= 1.85),
            # What two of them can come to here: with code of this machine, which waits for nothing but memory.
            report.Figure("    of the kernel", f"{2 / kernels.ratio(kernel):.2f} x"),
            report.Figure("    of the filter in Python", f"{2 / both.ratio(fast):.2f} x"),
            report.Figure(
                "filter in Python, two workers", f"{in_python:.1f} M reads/s", "≥ 20 M reads/s", in_python >= 20
            ),
            report.Figure(
                "filter in Python, interpreted, a worker",
                f"{reads / _ROUNDS / slow.median / 1e3:.0f} k reads/s, {_ROUNDS * slow.ratio(fast):.0f} x as long",
            ),
            report.Figure("filter in C, two workers", f"{2 * reads / two.median / 1e6:.1f} M reads/s"),
        ]
    )


if __name__ == "__main__":
    main()
