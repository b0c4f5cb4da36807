"""Whole runs, the database included, against ``seqtk fqchk`` on text, ``igzip`` on gzip and ``bgzip`` on BGZF.

In this process, kernels ready, as a window or a second file finds them; and as a ``lanescope run`` of its own,
start of the interpreter and all.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from engine.run.settings import RunSettings
from engine.source.inputs import open_source
from tests.benchmarks.measuring import reads, report
from tests.benchmarks.measuring.interpreter import Ledger, accounted
from tests.benchmarks.measuring.report import Figure
from tests.benchmarks.measuring.runs import Bench, bench
from tests.benchmarks.measuring.timing import Contender, Times, command, interleaved

_WORKERS = 2
_RIVALS = {
    "plain": ("seqtk", "fqchk"),
    "gzip": ("igzip", "-d", "-c"),
    "BGZF": ("bgzip", "-d", "-c", f"-@{_WORKERS}"),
}
_GOALS = {"plain": 0.65, "gzip": 1.4, "BGZF": 1.35}


def contenders(inputs: reads.Inputs, bench: Bench, database: Path) -> dict[str, Contender]:
    """All that is timed, in the order of a round."""
    every: dict[str, Contender] = {}
    for kind, path in _files(inputs).items():
        every[f"{kind}, 2 workers"] = _run(bench, path, _WORKERS)
        every |= _rival(kind, path)
        every[f"{kind}, 1 worker"] = _run(bench, path, 1)
        every[f"{kind}, floor"] = _floor(path)
        every[f"{kind}, process"] = command(
            *(sys.executable, "-P", "-m", "gui.main", "run", str(path)),
            *("--threads", str(_WORKERS), "--database", str(database)),
        )
    every["a process that only imports"] = command(sys.executable, "-P", "-c", "import engine.run.queue")
    return every


def _run(bench: Bench, path: Path, workers: int) -> Contender:
    def contender() -> None:
        bench.run(path, workers=workers)

    return contender


def _files(inputs: reads.Inputs) -> dict[str, Path]:
    return {"plain": inputs.plain, "gzip": inputs.gzip, "BGZF": inputs.bgzf}


def _rival(kind: str, path: Path) -> dict[str, Contender]:
    words = _RIVALS[kind]
    return {" ".join(words): command(*words, str(path))} if shutil.which(words[0]) else {}


def _floor(path: Path) -> Contender:
    """Only brings the text into a buffer."""

    def contender() -> None:
        buffer = memoryview(bytearray(RunSettings().batch_bytes))
        source = open_source(path)
        while source.read_into(buffer):
            pass
        source.close()

    return contender


def copy_bandwidth() -> float:
    """Bytes a second that one core copies from memory to memory."""
    source = np.ones(1 << 28, np.uint8)
    target = np.zeros_like(source)
    times = interleaved({"copy": lambda: np.copyto(target, source)}, 5)
    return len(source) / times["copy"].best


def figures(times: dict[str, Times]) -> Iterable[Figure]:
    """What the times say."""
    for kind, words in _RIVALS.items():
        name = " ".join(words)
        if rival := times.get(name):
            yield report.ratio(f"{kind} / {name}", times[f"{kind}, 2 workers"], rival, _GOALS[kind])
            yield Figure(f"    whole process / {name}", f"{times[f'{kind}, process'].ratio(rival):.2f} x")
    for kind in _RIVALS:
        two, one = times[f"{kind}, 2 workers"], times[f"{kind}, 1 worker"]
        yield Figure(f"{kind}: throughput", f"{reads.BASES / two.median / 1e9:.2f} Gbp/s")
        yield Figure(f"{kind}: 2 workers against 1", f"{one.ratio(two):.2f} x as fast")
        yield Figure(f"{kind}: above the floor", f"{two.ratio(times[f'{kind}, floor']):.2f} x")


def interpreter_figures(kind: str, ledger: Ledger) -> Iterable[Figure]:
    """Where the CPU time of a run went."""
    yield Figure(f"{kind}: CPU time", f"{ledger.process:.3f} s")
    yield Figure(f"{kind}: of it in the interpreter", f"{ledger.share:.1%}")
    for name in sorted(ledger.threads):
        yield Figure(f"    {name}", f"{ledger.threads[name]:.3f} s, {ledger.share_of(name):.1%}")


def main() -> None:
    """Measure and print."""
    inputs = reads.provide(reads.parser(__doc__).parse_args().data)
    report.print_machine()
    with tempfile.TemporaryDirectory(prefix="lanescope-bench-") as folder, bench() as engine:
        times = interleaved(contenders(inputs, engine, Path(folder) / "runs.sqlite"))
        report.print_times(times)
        found = [*figures(times), Figure("memory copy, one core", f"{copy_bandwidth() / 1e9:.1f} GB/s")]
        for kind, path in _files(inputs).items():
            with accounted() as ledger:
                engine.run(path, workers=_WORKERS)
            found += interpreter_figures(kind, ledger)
    report.print_figures(found)


if __name__ == "__main__":
    main()
