from __future__ import annotations

import random
import sys
import threading
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.batch import ReadBatch
from engine.flow.pool import BufferPool
from engine.flow.turnstile import TurnstileAborted
from engine.parse.fastq import FastqParser
from engine.sink.codecs import Packing
from engine.sink.errors import OutputError, OutputIsInputError, SinkAborted
from engine.sink.ordered import OrderedSink
from engine.sink.plan import OutputPlan, numbered
from engine.source.inputs import open_source
from resources import __file__ as resources_file
from tests.engine.sink.reading import text_of_file
from tests.naive_parser import Read
from tests.parsing import TextSource
from tests.strategies import batch_of, fastq_texts, four_lines

SAMPLES = Path(str(resources_file)).parent / "samples"


def batches_of(text: bytes, size: int) -> list[ReadBatch]:
    return list(FastqParser(TextSource(text), BufferPool(size, 1 << 20), Path("reads.fastq")))


def numbered_reads(count: int, base: str = "A") -> list[Read]:
    return [Read(b"r%d" % i, base.encode() * (i % 7 + 1), b"I" * (i % 7 + 1)) for i in range(count)]


def write_in_threads(sink: OrderedSink, batches: list[ReadBatch], workers: int = 3, seed: int = 1) -> None:
    """As workers do: each takes the next batch from a queue, and is done with it sooner or later."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    pauses = {batch.number: chance.choice([0, 0, 0.002]) for batch in batches}
    queue = iter(batches)
    lock = threading.Lock()
    errors: list[BaseException] = []

    def work() -> None:
        while True:
            with lock:
                batch = next(queue, None)
            if batch is None:
                return
            threading.Event().wait(pauses[batch.number])
            try:
                sink.write(batch)
            except BaseException as error:
                errors.append(error)
                return

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


@pytest.mark.parametrize("packing", list(Packing))
@pytest.mark.parametrize("name", ["illumina_single", "nanopore"])
def test_without_stages_the_text_stays_as_it_was(tmp_path: Path, packing: Packing, name: str) -> None:
    source = open_source(SAMPLES / f"{name}.fastq.gz")
    batches = list(FastqParser(source, BufferPool(1 << 20, 100), SAMPLES))
    source.close()
    path = tmp_path / "out"
    sink = OrderedSink(OutputPlan(path, packing=packing), ahead=2)
    write_in_threads(sink, batches)
    (written,) = sink.finish()
    text = text_of_file(SAMPLES / f"{name}.fastq.gz")
    assert text_of_file(path, packing) == text
    assert (written.reads, written.text_bytes) == (sum(map(len, batches)), len(text))
    assert written.file_bytes == path.stat().st_size
    assert [file.name for file in tmp_path.iterdir()] == ["out"]


@settings(max_examples=60)
@given(drawn=fastq_texts(), size=st.sampled_from([1, 64, 4096]))
def test_any_layout_becomes_four_lines(
    tmp_path_factory: pytest.TempPathFactory, drawn: tuple[list[Read], bytes], size: int
) -> None:
    reads, text = drawn
    path = tmp_path_factory.mktemp("out") / "out.fastq"
    sink = OrderedSink(OutputPlan(path))
    for batch in batches_of(text, size):
        sink.write(batch)
    sink.finish()
    lines = path.read_bytes().split(b"\n")
    assert lines.pop() == b""
    assert lines[::4] == [b"@" + read.name for read in reads]
    assert lines[1::4] == [read.bases for read in reads]
    assert all(line.startswith(b"+") for line in lines[2::4])
    assert lines[3::4] == [read.qualities for read in reads]


def test_gzip_is_one_member_whatever_the_batches(tmp_path: Path) -> None:
    path = tmp_path / "out.fastq.gz"
    sink = OrderedSink(OutputPlan(path))
    text = b"".join(map(four_lines, numbered_reads(500)))
    for batch in batches_of(text, 512):
        sink.write(batch)
    sink.finish()
    decompressor = zlib.decompressobj(31)
    assert decompressor.decompress(path.read_bytes()) == text
    assert decompressor.eof
    assert decompressor.unused_data == b""


@pytest.mark.parametrize("packing", list(Packing))
def test_no_reads_are_a_valid_file(tmp_path: Path, packing: Packing) -> None:
    sink = OrderedSink(OutputPlan(tmp_path / "out", packing=packing))
    sink.skip(0)
    assert sink.finish()[0].reads == 0
    assert text_of_file(tmp_path / "out", packing) == b""


def pairs(count: int) -> ReadBatch:
    batch = batch_of(numbered_reads(count, "A"))
    mate = batch_of(numbered_reads(count, "C"))
    dropped = np.arange(count) % 3 == 1
    dropped_mate = np.arange(count) % 4 == 1
    return replace(batch, dropped=dropped.astype(np.uint8), mate=replace(mate, dropped=dropped_mate.astype(np.uint8)))


def test_pairs_stay_pairs_and_singletons_go_apart(tmp_path: Path) -> None:
    plan = OutputPlan(tmp_path / "1.fastq", tmp_path / "2.fastq", tmp_path / "alone.fastq")
    sink = OrderedSink(plan)
    sink.write(pairs(12))
    sink.finish()
    kept = [i for i in range(12) if i % 3 != 1 and i % 4 != 1]
    for path, base in zip(plan.paths()[:2], "AC", strict=True):
        reads = numbered_reads(12, base)
        assert path.read_bytes() == b"".join(four_lines(reads[i]) for i in kept)
    first, second = numbered_reads(12, "A"), numbered_reads(12, "C")
    alone = [first[i] if i % 3 != 1 else second[i] for i in range(12) if (i % 3 == 1) != (i % 4 == 1)]
    assert (tmp_path / "alone.fastq").read_bytes() == b"".join(map(four_lines, alone))


def test_pairs_in_one_file_take_turns(tmp_path: Path) -> None:
    sink = OrderedSink(OutputPlan(tmp_path / "both.fastq"))
    sink.write(pairs(5))
    sink.finish()
    first, second = numbered_reads(5, "A"), numbered_reads(5, "C")
    expected = b"".join(four_lines(first[i]) + four_lines(second[i]) for i in (0, 2, 3))
    assert (tmp_path / "both.fastq").read_bytes() == expected


def test_singletons_may_stand_among_pairs(tmp_path: Path) -> None:
    sink = OrderedSink(OutputPlan(tmp_path / "all.fastq", with_singletons=True))
    sink.write(pairs(5))
    sink.finish()
    first, second = numbered_reads(5, "A"), numbered_reads(5, "C")
    expected = [first[0], second[0], first[2], second[2], first[3], second[3], second[4]]
    assert (tmp_path / "all.fastq").read_bytes() == b"".join(map(four_lines, expected))


@given(
    count=st.integers(0, 60),
    size=st.integers(64, 900),
    most=st.integers(1, 25),
    name=st.sampled_from(["a.b.fastq.gz", "{part}.a.fastq.gz"]),
)
@settings(max_examples=30)
def test_split_by_reads(tmp_path_factory: pytest.TempPathFactory, count: int, size: int, most: int, name: str) -> None:
    path = tmp_path_factory.mktemp("out") / name
    reads = numbered_reads(count)
    sink = OrderedSink(OutputPlan(path, split_reads=most))
    write_in_threads(sink, batches_of(b"".join(map(four_lines, reads)), size))
    written = sink.finish()
    assert [part.path for part in written] == [numbered(path, i + 1) for i in range(max(1, -(-count // most)))]
    for i, part in enumerate(written):
        assert text_of_file(part.path) == b"".join(map(four_lines, reads[i * most : (i + 1) * most]))


def test_names_of_parts(tmp_path: Path) -> None:
    names = [numbered(Path("x", name), 12).as_posix() for name in ("a.fq.gz", "{part}.a.fq", "a_{part}")]
    assert names == ["x/a.0012.fq.gz", "x/0012.a.fq", "x/a_0012"]
    for first, other in (("a.fq", "a.0002.fq"), ("{part}.a.fq", "10012.a.fq"), ("a{part}.fq", "a0003.fq")):
        plan = OutputPlan(tmp_path / first, singletons=tmp_path / other, split_reads=5)
        with pytest.raises(OutputError, match="a part of another output"):
            plan.check()
        replace(plan, split_reads=None).check()


@pytest.mark.parametrize("in_turn", [False, True])
def test_pairs_are_split_side_by_side(tmp_path: Path, in_turn: bool) -> None:
    first = [Read(b"r%d" % i, b"A" * (i % 7 + 1), b"I" * (i % 7 + 1)) for i in range(30)]
    second = [Read(b"r%d" % i, b"C" * (i % 5 * 6), b"I" * (i % 5 * 6)) for i in range(30)]
    texts = [(four_lines(one), four_lines(other)) for one, other in zip(first, second, strict=True)]
    parts = [texts[at : at + 4] for at in range(0, 30, 4)]
    mates = None if in_turn else tmp_path / "2.fq"
    sink = OrderedSink(OutputPlan(tmp_path / "1.fq", mates, split_reads=4))
    for number, rows in enumerate((slice(11), slice(11, 12), slice(12, 30))):
        sink.write(replace(batch_of(first[rows], number=number), mate=batch_of(second[rows], number=number)))
    found = [part.path.read_bytes() for part in sink.finish()]
    if in_turn:
        assert found == [b"".join(map(b"".join, part)) for part in parts]
    else:
        assert found == [b"".join(pair[which] for pair in part) for which in (0, 1) for part in parts]


def test_parts_go_on_behind_a_batch_that_is_skipped(tmp_path: Path) -> None:
    sink = OrderedSink(OutputPlan(tmp_path / "out.fq", split_reads=2))
    sink.skip(0)
    thread = threading.Thread(target=sink.write, args=[batch_of(numbered_reads(3), number=1)])
    thread.start()
    thread.join(30)
    if thread.is_alive():
        sink.abort()
    assert [part.reads for part in sink.finish()] == [2, 1]


def test_never_onto_an_input(tmp_path: Path) -> None:
    source = tmp_path / "in.fastq"
    source.write_bytes(b"@a\nA\n+\nI\n")
    (tmp_path / "link.fastq").symlink_to(source)
    (tmp_path / "hard.fastq").hardlink_to(source)
    for name in ("in.fastq", "link.fastq", "hard.fastq", "../" + tmp_path.name + "/in.fastq"):
        with pytest.raises(OutputIsInputError):
            OrderedSink(OutputPlan(tmp_path / name, replace=True), inputs=[source])
    with pytest.raises(OutputIsInputError):
        OrderedSink(OutputPlan(tmp_path / "out", source, replace=True), inputs=[tmp_path / "link.fastq"])
    assert source.read_bytes() == b"@a\nA\n+\nI\n"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["hard.fastq", "in.fastq", "link.fastq"]


def test_what_is_there_stays_unless_it_may_go(tmp_path: Path) -> None:
    path = tmp_path / "out.fastq"
    path.write_text("precious")
    with pytest.raises(OutputError, match="there already"):
        OrderedSink(OutputPlan(path))
    sink = OrderedSink(OutputPlan(path, replace=True))
    sink.write(batch_of(numbered_reads(2)))
    assert path.read_text() == "precious"
    sink.abandon()
    assert path.read_text() == "precious"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="not on this platform: rights in three digits")
def test_rights_are_those_of_any_file_or_of_the_one_that_is_replaced(tmp_path: Path) -> None:
    usual, old, new, later = (tmp_path / name for name in ("usual", "old.fastq", "new.fastq", "later"))
    usual.touch()
    old.touch(0o640)
    for path in (old, new):
        OrderedSink(OutputPlan(path, replace=True)).finish()
    later.touch()
    assert old.stat().st_mode & 0o777 == 0o640
    assert new.stat().st_mode == later.stat().st_mode == usual.stat().st_mode


def test_two_streams_to_one_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="same file"):
        OrderedSink(OutputPlan(tmp_path / "out", tmp_path / "." / "out"))


@pytest.mark.parametrize("name", ["out.bam", "out.fastq.xz", "out.fastq.BZ2"])
def test_a_name_of_another_format_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match="would be FASTQ under the name of something else"):
        OrderedSink(OutputPlan(tmp_path / "out.fastq", tmp_path / name))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("bad", ["missing/out.fastq", "."])
def test_impossible_places_are_refused(tmp_path: Path, bad: str) -> None:
    with pytest.raises(OutputError, match="folder"):
        OrderedSink(OutputPlan(tmp_path / bad))


@pytest.mark.parametrize(("split", "number"), [(None, 2), (5, 1)])
def test_who_is_too_far_ahead_is_freed_by_an_abort(tmp_path: Path, split: int | None, number: int) -> None:
    sink = OrderedSink(OutputPlan(tmp_path / "out", split_reads=split), ahead=2)
    errors: list[BaseException] = []

    def work() -> None:
        try:
            sink.write(batch_of(numbered_reads(1), number=number))
        except (SinkAborted, TurnstileAborted) as error:
            errors.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(0.05)
    assert thread.is_alive()
    sink.abandon()
    thread.join()
    assert len(errors) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_batch_that_never_came_is_a_defect(tmp_path: Path) -> None:
    sink = OrderedSink(OutputPlan(tmp_path / "out"))
    sink.write(batch_of(numbered_reads(1), number=1))
    with pytest.raises(RuntimeError, match="batch 0 never came"):
        sink.finish()
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_somebody_takes_meanwhile_stays_theirs(tmp_path: Path) -> None:
    batch = batch_of(numbered_reads(20))
    first = tmp_path / "first.fastq"
    for may_replace in (False, True):
        sink = OrderedSink(OutputPlan(first, split_reads=10, replace=may_replace))
        sink.write(batch)
        theirs = numbered(first, 2)
        theirs.write_text("dear")
        if may_replace:
            sink.finish()
            assert theirs.read_text() != "dear"
            continue
        with pytest.raises(OutputError, match="made by somebody else while the reads were written"):
            sink.finish()
        assert [path.name for path in tmp_path.iterdir()] == [theirs.name]
        assert theirs.read_text() == "dear"
        theirs.unlink()
