"""Runs that pass damage over, and what they tell of it."""

from __future__ import annotations

import json
import random
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from engine.cli.run import main
from engine.report.html.overview import Entry
from engine.report.html.report import run_page
from engine.report.html.samples import samples_page
from engine.report.json_report import run_document
from engine.report.text import summary
from engine.report.tsv import modules_tsv
from engine.run.queue import RunQueue
from engine.run.settings import RunSettings
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.sink.plan import OutputPlan
from engine.store.store import Store
from tests.engine.run.killing import Case, executioner, result_of
from tests.engine.run.lost_runs import reads_of
from tests.engine.run.test_sampled_run import executed, through_a_pipe
from tests.stored_files import bgzf


def damaged_bgzf(path: Path) -> int:
    """A BGZF file with two damaged blocks; returns the reads that were in it."""
    packed = bytearray(bgzf(reads_of(5, 20_000)))
    for share in (0.3, 0.8):
        at = int(len(packed) * share)
        packed[at : at + 100] = bytes(100)
    path.write_bytes(packed)
    return 20_000


def end_of(queue: RunQueue, run: RunSnapshot) -> RunSnapshot:
    assert queue.wait(60)
    end = queue.snapshot(run.run_id)
    assert end is not None
    return end


def test_damage_is_counted_and_told(tmp_path: Path, store: Store) -> None:
    path, written = tmp_path / "reads.fastq.gz", tmp_path / "out.fastq"
    count = damaged_bgzf(path)
    end: RunSnapshot | None = None
    for recovery in ("resume", "skip"):
        queue = RunQueue(store, settings=RunSettings.model_validate({"recovery": recovery, "batch_bytes": 1 << 16}))
        try:
            end = end_of(queue, queue.submit(path, output=OutputPlan(written)))
        finally:
            queue.close()
        if recovery == "resume":
            assert end.state is RunState.FAILED
            assert end.skipped is None
            assert not written.exists()
    assert end is not None
    assert end.state is RunState.COMPLETED, end.failure
    skipped = end.skipped
    assert skipped is not None
    assert 2 <= skipped.regions <= 4
    assert 100 < skipped.file_bytes < 300_000
    assert count // 2 < end.results.basic.reads < count
    assert written.read_bytes().count(b"\n+\n") == end.results.basic.reads
    store.flush()
    assert store.load(end.run_id).skipped == skipped
    words = f"{skipped.regions:,} damaged regions of the input"
    assert words in summary(end, "reads")
    assert words in run_page(end, "reads")
    assert words in samples_page([Entry(end, "reads"), Entry(replace(end, skipped=None), "others")])
    assert f"reads\tdamage\tall\tregions\t{skipped.regions}\n" in modules_tsv([("reads", end)])
    document = run_document(end)["skipped"]
    assert isinstance(document, dict)
    assert document["regions"] == skipped.regions
    no_text = replace(end, skipped=replace(skipped, told=("a\udc80.fastq: damaged.",)))
    assert "a\ufffd.fastq: damaged." in json.dumps(run_document(no_text), ensure_ascii=False)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes")
@pytest.mark.parametrize("recovery", ["resume", "skip"])
def test_damage_of_a_text_that_comes_through_a_pipe(tmp_path: Path, recovery: str) -> None:
    nonsense = b"this is\nno read\n"
    text = nonsense.join(reads_of(seed, 3000) for seed in (1, 2, 3))
    writer = through_a_pipe(tmp_path / "pipe", [text])
    end = executed(tmp_path / "pipe", {"kind": "block"}, recovery=recovery)
    writer.join()
    if recovery == "resume":
        assert end.state is RunState.FAILED
        assert end.results.basic.reads == 3000
        return
    assert end.state is RunState.COMPLETED, end.failure
    assert end.results.basic.reads == 9000
    assert end.skipped is not None
    assert (end.skipped.regions, end.skipped.text_bytes) == (2, 2 * len(nonsense))
    assert "pipe, record 3,001" in end.skipped.told[0]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes")
def test_compressed_damage_that_comes_through_a_pipe_counts_as_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "reads.fastq.gz"
    damaged_bgzf(path)
    as_file = executed(path, {"kind": "block"}, recovery="skip")
    stored = path.read_bytes()
    writer = through_a_pipe(tmp_path / "pipe", [stored[at : at + 1000] for at in range(0, len(stored), 1000)])
    piped = executed(tmp_path / "pipe", {"kind": "block"}, recovery="skip")
    writer.join()
    assert piped.state is RunState.COMPLETED, piped.failure
    assert piped.results == as_file.results
    assert piped.skipped is not None
    assert as_file.skipped is not None
    assert replace(piped.skipped, told=()) == replace(as_file.skipped, told=())
    assert piped.skipped.file_bytes
    assert [sentence.replace("pipe,", "reads.fastq.gz,") for sentence in piped.skipped.told] == [*as_file.skipped.told]


def test_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "reads.fastq.gz"
    damaged_bgzf(path)
    at = ["--no-save", "--threads", "1"]
    assert main([str(path), *at]) == 1
    capsys.readouterr()
    assert main([str(path), "--recovery", "skip", *at]) == 0
    assert "damaged regions of the input" in capsys.readouterr().out


def test_a_lost_run_that_passes_damage_over_counts_it_once(tmp_path: Path) -> None:
    text = reads_of(3, 6000)
    chance = random.Random(1)  # noqa: S311 - places, not secrets
    for _ in range(30):
        at = text.index(b"\n@", chance.randrange(len(text) - 1000)) + 1
        text = text[:at] + b"nonsense\n" + text[at:]
    path = tmp_path / "reads.fastq"
    path.write_bytes(text)
    case = Case([path], None, [".fastq.gz"], recovery="skip")
    whole = result_of(case, tmp_path / "whole")
    (tmp_path / "lost" / "out").mkdir(parents=True)
    order = case.order(tmp_path / "lost")
    with executioner([]) as by:
        by.lose(order, marks=2, delay=0)
    with Store.open(tmp_path / "lost" / "runs.sqlite") as store:
        queue = RunQueue(store)
        try:
            end = end_of(queue, queue.continue_run(1))
        finally:
            queue.close()
    assert end.skipped is not None
    assert (end.skipped.regions, end.skipped.text_bytes) == (30, 30 * 9)
    assert end.results.basic.reads == 6000
    assert (tmp_path / "lost" / "out" / "kept_0.fastq.gz").read_bytes() == whole["out/kept_0.fastq.gz"]


def test_a_lost_run_can_begin_anew(tmp_path: Path) -> None:
    path = tmp_path / "reads.fastq"
    path.write_bytes(reads_of(3, 6000))
    case = Case([path], None, [".fastq.gz"])
    (tmp_path / "lost" / "out").mkdir(parents=True)
    with executioner([]) as by:
        by.lose(case.order(tmp_path / "lost"), marks=2, delay=0)
    path.write_bytes(reads_of(4, 500))  # another input: nothing can be gone on with
    with Store.open(tmp_path / "lost" / "runs.sqlite") as store:
        queue = RunQueue(store)
        try:
            end = end_of(queue, queue.continue_run(1, "restart"))
        finally:
            queue.close()
    assert end.state is RunState.COMPLETED, end.failure
    assert (end.run_id, end.results.basic.reads) == (1, 500)
    assert [file.name for file in (tmp_path / "lost" / "out").iterdir()] == ["kept_0.fastq.gz"]
