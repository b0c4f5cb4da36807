"""Whole runs on a GPU come to the CPU's results: of real reads and of synthetic ones, single, in pairs, long, trimmed.

Also tells how long each took, files from the disk's cache; that is of a whole run, which reads and parses too.
"""

from __future__ import annotations

import argparse
import gzip
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from engine.pipeline.definition import PipelineDefinition, StageDefinition
from engine.pipeline.plan import resolve
from engine.run.run import Run
from engine.run.settings import RunSettings
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.sink.plan import OutputPlan
from tests.benchmarks.measuring import compared, gpu
from tests.benchmarks.measuring.make_reads import Recipe, illumina, nanopore

_READS = 400_000
_TRIMMING = {
    "windows": StageDefinition(name="trim", stage="windows", parameters={"direction": "3' end", "quality": 25}),
    "running sums": StageDefinition(name="trim", stage="quality", parameters={"five_prime": 20, "three_prime": 25}),
}
"""What the GPU finds the bounds for."""
_SAMPLES = Path(__file__).resolve().parents[2] / "resources" / "samples"


@dataclass(frozen=True, slots=True)
class Case:
    """Input of a run.

    Attributes:
        name: for people.
        paths: one, or those of mates.
        may_be_left: batches may all have reads that are too long for a GPU, and be counted on the CPU.
        trimming: one of `_TRIMMING`, with FASTQ out; else empty.
    """

    name: str
    paths: tuple[Path, ...]
    may_be_left: bool = False
    trimming: str = ""

    def trimmed(self, trimming: str) -> Case:
        """The same with trimming."""
        return replace(self, name=f"{self.name}, {trimming}", trimming=trimming)


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--reads", type=int, default=_READS, help="synthetic reads, and most of each sample (%(default)s)"
    )
    parser.add_argument("--check", action="store_true", help="on the simulator too, which takes few reads only")
    asked = parser.parse_args(arguments)
    if not asked.check:
        gpu.require()
    print(gpu.describe())
    workers = os.cpu_count() or 1
    wrong = []
    with tempfile.TemporaryDirectory(prefix="lanescope-bench-") as folder:
        for case in _cases(Path(folder), asked.reads):
            target = Path(folder) / "trimmed.fastq"
            there, here = _run(case, "cuda:0", 1, target), _run(case, "cpu", workers, target)
            batches = sum(load.batches for load in there.snapshot.devices)
            faults = _faults(there, here, needs_batches=not case.may_be_left)
            wrong += [case.name] if faults else []
            print(
                f"{case.name:38}{'as on the CPU' if not faults else '; '.join(faults)}; {batches} batches there, "
                f"{there.seconds:.2f} s, with {workers} workers {here.seconds:.2f} s"
            )
    if wrong:
        print(f"NOT THE SAME as on the CPU: {', '.join(wrong)}", file=sys.stderr)
    return 1 if wrong else 0


def _cases(folder: Path, reads: int) -> Iterator[Case]:
    for name in ("illumina_single", "nanopore"):
        case = Case(f"real: {name}", (_sample(name, folder, reads),))
        yield case
        yield case.trimmed("windows")
    pairs = Case("real: pairs", tuple(_sample(f"illumina_pair_{mate}", folder, reads) for mate in (1, 2)))
    yield pairs
    yield pairs.trimmed("running sums")
    for name, text in (("short", illumina(Recipe(reads=reads))), ("long", nanopore(Recipe(reads=reads // 100)))):
        path = folder / f"{name}.fastq"
        with path.open("wb") as file:
            file.writelines(text)
        if path.stat().st_size:
            case = Case(f"synthetic: {name}", (path,), may_be_left=name == "long")
            yield case
            yield from (case.trimmed(trimming) for trimming in _TRIMMING)


def _sample(name: str, folder: Path, reads: int) -> Path:
    path = folder / f"{name}.fastq"
    with gzip.open(_SAMPLES / f"{name}.fastq.gz") as source, path.open("wb") as target:
        target.writelines(islice(source, 4 * reads))
    return path


@dataclass(frozen=True, slots=True)
class _End:
    snapshot: RunSnapshot
    seconds: float
    text: bytes


def _run(case: Case, device: str, workers: int, target: Path) -> _End:
    now = datetime.now().astimezone()
    inputs = tuple((path,) for path in case.paths) if len(case.paths) > 1 else ()
    created = RunSnapshot(1, "reads", case.paths[0], "", RunState.CREATED, now, inputs=inputs)
    settings = RunSettings.model_validate({"workers": workers, "device": device})
    target.unlink(missing_ok=True)
    began = time.perf_counter()
    if case.trimming:
        chain = PipelineDefinition(name="bench", stages=(_TRIMMING[case.trimming],))
        end = Run(created, settings, pipeline=lambda: resolve(chain), output=OutputPlan(target)).execute()
    else:
        end = Run(created, settings).execute()
    seconds = time.perf_counter() - began
    return _End(end, seconds, target.read_bytes() if target.exists() else b"")


def _faults(there: _End, here: _End, *, needs_batches: bool) -> list[str]:
    faults = [f"ended as {end.snapshot.state}: {end.snapshot.failure}" for end in (there, here) if end.snapshot.failure]
    faults += there.snapshot.warnings
    if needs_batches and not any(load.batches for load in there.snapshot.devices):
        faults.append("nothing was counted on the GPU")
    faults += [f"ANOTHER {name}" for name in compared.differing(there.snapshot.results, here.snapshot.results)]
    if there.snapshot.results_after != here.snapshot.results_after:
        faults.append("ANOTHER QC of trimmed reads")
    if there.text != here.text:
        faults.append("OTHER trimmed reads")
    return faults


if __name__ == "__main__":
    raise SystemExit(main())
