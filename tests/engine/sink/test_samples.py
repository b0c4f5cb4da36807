from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.batch import ReadBatch
from engine.flow.pool import BufferPool
from engine.parse.fastq import FastqParser
from engine.sink.errors import OutputError
from engine.sink.ordered import OrderedSink
from engine.sink.plan import OutputPlan, of_sample
from engine.stages.barcodes import DemultiplexParameters
from engine.stages.demultiplexing import Demultiplexer
from tests.engine.sink.reading import text_of_file
from tests.parsing import TextSource

BARCODES = {"alpha": ("ACGTACGT", "TTGGCCAA"), "beta": ("TGCATGCA", "GGTTAACC"), "gamma": ("CCAATTGG", "AACCGGTT")}


def synthetic(count: int, seed: int) -> tuple[str, str]:
    """Reads and their mates, which begin with barcodes that hold errors; some have none."""
    chance = np.random.default_rng(seed)
    sides: tuple[list[str], list[str]] = ([], [])
    for number in range(count):
        pair = list(BARCODES.values())[chance.integers(3)]
        for side, barcode in zip(sides, pair, strict=True):
            letters = list(barcode if chance.random() < 0.9 else "")
            for _ in range(chance.choice([0, 0, 0, 1, 2])):
                if letters:
                    letters[chance.integers(len(letters))] = chance.choice(list("ACGTN"))
            bases = "".join([*letters, *chance.choice(list("ACGT"), chance.integers(0, 60))])
            side.append(f"@r{number}\n{bases}\n+\n{'I' * len(bases)}\n")
    return "".join(sides[0]), "".join(sides[1])


def batches_of(text: str) -> list[ReadBatch]:
    return list(FastqParser(TextSource(text.encode()), BufferPool(1 << 14, 1 << 16), Path("reads.fastq")))


def stage(*, dual: bool) -> Demultiplexer:
    barcodes = [
        {"name": name, "sequence": first, "second": second if dual else ""}
        for name, (first, second) in BARCODES.items()
    ]
    return Demultiplexer(DemultiplexParameters.model_validate({"barcodes": barcodes}))


def cutadapt(*arguments: str | Path) -> None:
    subprocess.run([sys.executable, "-m", "cutadapt", "--quiet", *map(str, arguments)], check=True)


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.name: text_of_file(path) for path in folder.iterdir()}


def test_single_reads_as_cutadapt_sorts_them(tmp_path: Path) -> None:
    text, _ = synthetic(1500, 1)
    (tmp_path / "reads.fastq").write_text(text)
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ours.mkdir()
    theirs.mkdir()
    options = [option for name, (first, _) in BARCODES.items() for option in ("-g", f"{name}=^{first}")]
    output = theirs / "{name}.fastq.gz"
    cutadapt("-e", "1", "--no-indels", *options, "-o", output, tmp_path / "reads.fastq")
    sink = OrderedSink(OutputPlan(ours / "{sample}.fastq.gz", samples=tuple(BARCODES)))
    worker = stage(dual=False)
    batches = batches_of(text)
    assert len(batches) > 3
    for batch in batches:
        sink.write(worker.process(batch))
    written = sink.finish()
    assert files_in(ours) == files_in(theirs)
    assert {file.path.name: file.reads for file in written} == {
        f"{name}.fastq.gz": count for name, count in worker.statistics.counters["samples"].items()
    }


def test_pairs_as_cutadapt_sorts_them(tmp_path: Path) -> None:
    texts = synthetic(1000, 2)
    for number, text in enumerate(texts, 1):
        (tmp_path / f"{number}.fastq").write_text(text)
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ours.mkdir()
    theirs.mkdir()
    options = [
        option
        for name, (first, second) in BARCODES.items()
        for option in ("-g", f"{name}=^{first}", "-G", f"{name}=^{second}")
    ]
    outputs: list[str | Path] = ["-o", theirs / "{name}_R1.fastq", "-p", theirs / "{name}_R2.fastq"]
    inputs = [tmp_path / "1.fastq", tmp_path / "2.fastq"]
    cutadapt("-e", "1", "--no-indels", "--pair-adapters", *options, *outputs, *inputs)
    plan = OutputPlan(ours / "{sample}_R1.fastq", ours / "{sample}_R2.fastq", samples=tuple(BARCODES))
    sink = OrderedSink(plan)
    worker = stage(dual=True)
    whole = [
        next(iter(FastqParser(TextSource(text.encode()), BufferPool(1 << 20, 1 << 20), tmp_path))) for text in texts
    ]
    halves = [(side.rows(slice(0, 400)), side.rows(slice(400, len(side)))) for side in whole]
    for number, (first, second) in enumerate(zip(*halves, strict=True)):
        sink.write(worker.process(replace(first, number=number, mate=second)))
    sink.finish()
    assert files_in(ours) == files_in(theirs)


def test_samples_without_reads_have_files_too(tmp_path: Path) -> None:
    sink = OrderedSink(OutputPlan(tmp_path / "run.fastq.gz", samples=("a", "b")))
    sink.skip(0)
    assert [file.path.name for file in sink.finish()] == ["run.a.fastq.gz", "run.b.fastq.gz", "run.unknown.fastq.gz"]
    assert set(files_in(tmp_path).values()) == {b""}


def test_reads_that_nobody_has_looked_at_are_unknown(tmp_path: Path) -> None:
    text = "@r\nACGT\n+\nIIII\n"
    sink = OrderedSink(OutputPlan(tmp_path / "run.fastq", samples=("a",)))
    sink.write(batches_of(text)[0])
    sink.finish()
    assert files_in(tmp_path) == {"run.a.fastq": b"", "run.unknown.fastq": text.encode()}


def test_singletons_of_each_sample(tmp_path: Path) -> None:
    text = "@r\nACGT\n+\nIIII\n@s\nTTTT\n+\nIIII\n"
    batch, mate = batches_of(text)[0], batches_of(text)[0]
    mate = replace(mate, dropped=np.array([1, 0], np.uint8))
    batch = replace(batch, mate=mate, samples=np.array([1, 0], np.int32))
    plan = OutputPlan(tmp_path / "1.fastq", tmp_path / "2.fastq", tmp_path / "s.fastq", samples=("a", "b"))
    sink = OrderedSink(plan)
    sink.write(batch)
    sink.finish()
    written = {name: content for name, content in files_in(tmp_path).items() if content}
    assert set(written) == {"1.a.fastq", "2.a.fastq", "s.b.fastq"}
    assert written["s.b.fastq"] == b"@r\nACGT\n+\nIIII\n"


def test_what_is_there_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "run.b.fastq").write_text("mine")
    with pytest.raises(OutputError, match="already"):
        OrderedSink(OutputPlan(tmp_path / "run.fastq", samples=("a", "b")))
    assert [path.name for path in tmp_path.iterdir()] == ["run.b.fastq"]


def test_streams_stay_apart(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="same file"):
        OutputPlan(tmp_path / "{sample}.fastq", tmp_path / "{sample}.fastq", samples=("a",)).check()
    with pytest.raises(ValueError, match="split by samples"):
        OutputPlan(tmp_path / "x", samples=("a",), split_reads=5)
    with pytest.raises(OutputError, match="cannot be part"):
        of_sample(tmp_path / "x.fastq", "../a")


@pytest.mark.skipif(sys.platform == "win32", reason="has no such limit")
def test_the_limit_on_open_files_is_raised() -> None:
    program = """
import resource
from engine.sink.descriptors import make_room
_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
make_room(100)
soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
assert soft >= 300 or soft == hard, (soft, hard)
make_room(10)
assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == soft
"""
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).resolve().parents[3])


def test_hundreds_of_samples(tmp_path: Path) -> None:
    samples = tuple(f"s{number}" for number in range(300))
    sink = OrderedSink(OutputPlan(tmp_path / "{sample}.fastq", samples=samples))
    try:
        text = "@r\nACGT\n+\nIIII\n"
        sink.write(replace(batches_of(text)[0], samples=np.array([299], np.int32)))
        sink.finish()
    finally:
        sink.abandon()
    assert (tmp_path / "s299.fastq").read_text() == text
