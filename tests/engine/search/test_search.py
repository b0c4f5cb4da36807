from __future__ import annotations

import gzip
import os
import random
import re
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from engine.batch import ReadBatch
from engine.errors import FastqFormatError
from engine.search.hits import Hit, HitBatch
from engine.search.request import SearchRequest
from engine.search.search import ReadSearch, SearchSummary
from engine.sink.errors import OutputError, OutputIsInputError
from engine.sink.plan import OutputPlan
from engine.stages.name_patterns import SlowPatternError
from tests.naive_parser import Read

REVERSED = str.maketrans("ACGT", "TGCA")


def some_reads(count: int, seed: int = 1) -> list[Read]:
    dice = random.Random(seed)  # noqa: S311 - reads, not secrets
    reads = []
    for number in range(count):
        length = dice.randrange(0, 120)
        bases = "".join(dice.choices("ACGT", k=length)).encode()
        qualities = bytes(dice.choices(range(35, 73), k=length))
        reads.append(Read(f"run:{number % 7}:{number} {number % 3}:N:0".encode(), bases, qualities))
    return reads


def text_of(reads: Sequence[Read]) -> bytes:
    return b"".join(b"@%s\n%s\n+\n%s\n" % (read.name, read.bases, read.qualities) for read in reads)


def write(path: Path, reads: Sequence[Read]) -> Path:
    data = text_of(reads)
    path.write_bytes(gzip.compress(data, 1) if path.suffix == ".gz" else data)
    return path


def searched(files: Sequence[Path], request: SearchRequest, workers: int = 3) -> tuple[SearchSummary, list[Hit]]:
    found: list[Hit] = []
    search = ReadSearch(
        files, request, workers=workers, on_hits=lambda hits: found.extend(hits.hits()), batch_bytes=2000
    )
    return search.run(), found


def is_wanted(read: Read, request: SearchRequest) -> bool:
    """The plain meaning of a request without mismatches."""
    name, bases = read.name.decode(), read.bases.decode()
    if request.name_match == "contains" and request.name not in name:
        return False
    if request.name_match == "exact" and request.name not in (name, name.split(" ")[0]):
        return False
    if request.name_match == "pattern" and not re.search(request.name, name):
        return False
    other = bases.translate(REVERSED)[::-1] if request.both_strands else bases
    if request.motif not in bases and request.motif not in other:
        return False
    if not request.minimum_length <= len(bases) <= (len(bases) if request.maximum_length is None else 10**9):
        return False
    rates = [10 ** (-(quality - 33) / 10) for quality in read.qualities]
    return not request.minimum_quality or (
        bool(rates) and sum(rates) / len(rates) <= 10 ** (-request.minimum_quality / 10)
    )


@pytest.fixture(scope="module")
def two_files(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Path], list[list[Read]]]:
    folder = tmp_path_factory.mktemp("search")
    reads = [some_reads(400), some_reads(300, seed=2)]
    return [write(folder / "one.fastq", reads[0]), write(folder / "two.fastq.gz", reads[1])], reads


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    motif=st.text(alphabet="ACGT", max_size=5),
    both=st.booleans(),
    least=st.integers(0, 90),
    quality=st.sampled_from([0.0, 10.0, 15.0]),
    name=st.sampled_from([("", "contains"), (":3:", "contains"), ("run:5:5", "exact"), ("[02]:N", "pattern")]),
)
def test_hits_are_those_of_the_plain_meaning_in_order(
    two_files: tuple[list[Path], list[list[Read]]], motif: str, both: bool, least: int, quality: float,
    name: tuple[str, str],
) -> None:  # fmt: skip
    files, reads = two_files
    request = SearchRequest.model_validate(
        {
            "name": name[0], "name_match": name[1], "motif": motif, "both_strands": both,
            "minimum_length": least, "minimum_quality": quality,
        }
    )  # fmt: skip
    expected = [
        (file, number, read.name.decode(), read.bases.decode(), read.qualities.decode())
        for file, each in zip(files, reads, strict=True)
        for number, read in enumerate(each, 1)
        if is_wanted(read, request)
    ]
    summary, found = searched(files, request)
    assert [(hit.file, hit.record, hit.name, hit.bases, hit.qualities) for hit in found] == expected
    assert (summary.hits, summary.reads, summary.is_limited) == (len(expected), 700, False)


def test_places_strands_and_mismatches(tmp_path: Path) -> None:
    reads = [
        Read(b"forward", b"CCGATTACACC", b"I" * 11),
        Read(b"reverse", b"CTGTAATCCCC", b"I" * 11),
        Read(b"near", b"CCGATTCCACC", b"I" * 11),
        Read(b"far", b"CCCCCCCCCCC", b"I" * 11),
    ]
    _, found = searched([write(tmp_path / "a.fastq", reads)], SearchRequest(motif="gattaca", mismatches=1))
    assert [(hit.name, hit.place, hit.is_reverse, hit.mismatches) for hit in found] == [
        ("forward", 2, False, 0),
        ("reverse", 1, True, 0),
        ("near", 2, False, 1),
    ]


@pytest.mark.parametrize("limit", [1, 7, 120])
def test_a_limit_gives_the_first_hits_and_ends(tmp_path: Path, limit: int) -> None:
    file = write(tmp_path / "many.fastq", some_reads(5000))
    out = tmp_path / "hits.fastq"
    found: list[Hit] = []
    search = ReadSearch(
        [file],
        SearchRequest(minimum_length=20, limit=limit),
        workers=3,
        on_hits=lambda hits: found.extend(hits.hits()),
        output=OutputPlan(out),
        batch_bytes=2000,
    )
    summary = search.run()
    expected = [read for read in some_reads(5000) if len(read.bases) >= 20][:limit]
    assert [hit.name.encode() for hit in found] == [read.name for read in expected]
    assert out.read_bytes() == text_of(expected)
    assert (summary.hits, summary.is_limited) == (limit, True)
    assert [written.reads for written in summary.written] == [limit]


def test_hits_are_exported_in_the_order_of_the_files(tmp_path: Path) -> None:
    reads = some_reads(2000)
    files = [write(tmp_path / "a.fastq", reads[:900]), write(tmp_path / "b.fastq.gz", reads[900:])]
    out = tmp_path / "hits.fastq.gz"
    ReadSearch(files, SearchRequest(motif="ACG"), workers=3, output=OutputPlan(out), batch_bytes=2000).run()
    assert gzip.decompress(out.read_bytes()) == text_of([r for r in reads if b"ACG" in r.bases or b"CGT" in r.bases])


def test_an_input_is_never_written_to(tmp_path: Path) -> None:
    file = write(tmp_path / "a.fastq", some_reads(10))
    before = file.read_bytes()
    with pytest.raises(OutputIsInputError):
        ReadSearch([file], SearchRequest(), workers=1, output=OutputPlan(file, replace=True)).run()
    assert file.read_bytes() == before


def test_a_fault_is_told_after_the_hits_before_it_and_nothing_is_left_of_the_output(tmp_path: Path) -> None:
    reads = some_reads(300)
    file = tmp_path / "bad.fastq"
    file.write_bytes(text_of(reads) + b"@bad\nAC GT\n+\nIIIII\n")
    found: list[Hit] = []
    search = ReadSearch(
        [file],
        SearchRequest(),
        workers=2,
        on_hits=lambda hits: found.extend(hits.hits()),
        output=OutputPlan(tmp_path / "hits.fastq"),
        batch_bytes=2000,
    )
    with pytest.raises(FastqFormatError):
        search.run()
    assert len(found) == 300
    assert list(tmp_path.iterdir()) == [file]


def test_cancelling_from_a_listener_ends_all(tmp_path: Path) -> None:
    file = write(tmp_path / "many.fastq", some_reads(5000))
    calls = []

    def stop(hits: HitBatch) -> None:
        calls.append(len(hits))
        search.cancel()

    search = ReadSearch(
        [file], SearchRequest(), workers=3, on_hits=stop, output=OutputPlan(tmp_path / "hits.fastq"), batch_bytes=2000
    )
    summary = search.run()
    assert summary.is_cancelled
    assert summary.hits < 5000
    assert list(tmp_path.iterdir()) == [file]
    search.cancel()  # harmless after the end


@pytest.mark.skipif(sys.platform == "win32", reason="not on this platform: named pipes")
def test_cancelling_wakes_who_waits_for_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writing = os.open(pipe, os.O_RDWR)  # so that neither end waits for the other
    try:
        os.write(writing, text_of(some_reads(20)))
        search = ReadSearch([pipe], SearchRequest(), workers=1)
        thread = threading.Thread(target=search.run)
        thread.start()
        search.cancel()
        thread.join(30)
        assert not thread.is_alive()
    finally:
        os.close(writing)


def test_what_a_listener_raises_comes_out(tmp_path: Path) -> None:
    file = write(tmp_path / "many.fastq", some_reads(2000))

    def fail(_hits: HitBatch) -> None:
        raise OutputError("nobody listens", path=file)

    with pytest.raises(OutputError, match="nobody listens"):
        ReadSearch([file], SearchRequest(), workers=3, on_hits=fail, batch_bytes=2000).run()


class OnlyEven:
    """Drops every second hit, and trims the others by one base."""

    def __init__(self) -> None:
        self.closed = 0

    def executor(self) -> OnlyEven:
        return self

    def cancel(self) -> None:
        pass

    def process(self, batch: ReadBatch) -> ReadBatch:
        assert batch.places is not None
        odd = (batch.first_record + batch.places) % 2
        lengths = np.maximum(batch.lengths - 1, 0).astype(np.int32)
        return replace(batch, dropped=odd.astype(np.uint8), lengths=lengths)

    def close(self) -> None:
        self.closed += 1


class Longer:
    def rewrite(self, request: SearchRequest) -> SearchRequest:
        return request.model_copy(update={"minimum_length": 50})


def test_requests_are_rewritten_and_hits_processed(tmp_path: Path) -> None:
    reads = some_reads(400)
    file = write(tmp_path / "a.fastq", reads)
    found: list[Hit] = []
    processing = OnlyEven()
    summary = ReadSearch(
        [file],
        SearchRequest(),
        workers=1,
        on_hits=lambda hits: found.extend(hits.hits()),
        rewriter=Longer(),
        processing=processing,
        batch_bytes=2000,
    ).run()
    expected = [(n, r.bases[:-1].decode()) for n, r in enumerate(reads, 1) if len(r.bases) >= 50 and n % 2 == 1]
    assert [(hit.record, hit.bases) for hit in found] == expected
    assert summary.request.minimum_length == 50
    assert processing.closed == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"motif": "ACX"}, "stands for no base"),
        ({"motif": "AC", "mismatches": 2}, "more letters than mismatches"),
        ({"mismatches": 1}, "without a motif"),
        ({"name": "(", "name_match": "pattern"}, "no regular expression"),
        ({"minimum_length": 5, "maximum_length": 4}, "no read has both"),
        ({"limit": 0}, "greater than or equal to 1"),
        ({"name": "\ud800"}, "valid string"),
    ],
)
def test_requests_that_make_no_sense(fields: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        SearchRequest.model_validate(fields)


def test_a_pattern_that_comes_to_no_end_ends_the_search_and_is_told(tmp_path: Path) -> None:
    trap = Read(b"a" * 60 + b"!", b"ACGT", b"IIII")
    path = write(tmp_path / "reads.fastq", [*some_reads(50), *[trap] * 50])
    with pytest.raises(SlowPatternError, match="does not come to an end in reasonable time"):
        searched([path], SearchRequest(name="(a|aa)+$", name_match="pattern"))
