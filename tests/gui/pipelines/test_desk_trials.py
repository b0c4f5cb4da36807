"""Trials of a pipeline on the first reads of a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.models.pipelines.trial import StageTrial, Trial
from tests.gui.desk import SAMPLES, Desk, write_reads
from tests.gui.pipelines.hands import drop_on, open_pipelines, write_pipeline

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_a_trial_tells_what_each_stage_does(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    pipelines = open_pipelines(desk)
    builder, trials, bench = pipelines.builder, pipelines.trials, pipelines.bench
    drop_on(bench, write_pipeline(tmp_path / "short.toml"))
    desk.until(lambda: builder.draft.name == "short-reads")
    reads = write_reads(tmp_path / "a.fastq", 400)
    reads.write_bytes(reads.read_bytes() + write_reads(tmp_path / "b.fastq", 100, length=65).read_bytes())
    drop_on(bench, reads)
    desk.until(lambda: trials.result is not None and not trials.is_going)

    assert isinstance(trials.result, Trial)
    assert (trials.result.before.reads, trials.result.after.reads) == (500, 400)
    cut, length = builder.draft.stages
    tried = [trials.stages[stage.key] for stage in (cut, length)]
    assert [each.details[1] for each in tried] == [
        "500 reads shortened (100.0 %)",
        "100 dropped: too short (20.0 %)",
    ]
    assert "500 → 400 reads · 20.0 % dropped" in bench.chain.chain.entry(1).trial
    assert bench.trial.result.text().startswith("400 of 500 reads kept (80.0 %) · 77.0 → 70.0 bp")
    builder.choose(length.key)
    assert "100 dropped: too short (20.0 %)" in bench.trial.details.text()

    builder.set(length.key, ("parameters", "minimum"), 10)
    assert "before your last change" in bench.trial.result.text()
    QTest.mouseClick(bench.trial.start, Qt.MouseButton.LeftButton)
    desk.until(lambda: not trials.is_outdated and not trials.is_going)
    assert trials.result.after.reads == 500


def test_a_trial_on_pairs(desk: Desk) -> None:
    desk.open()
    pipelines = open_pipelines(desk)
    pipelines.open("amplicon")
    desk.until(lambda: pipelines.builder.draft.name == "amplicon")
    drop_on(pipelines.bench, SAMPLES / "illumina_pair_2.fastq.gz", SAMPLES / "illumina_pair_1.fastq.gz")
    desk.until(lambda: pipelines.trials.result is not None and not pipelines.trials.is_going)
    assert pipelines.bench.trial.file.text() == "illumina_pair_1.fastq.gz + illumina_pair_2.fastq.gz"
    assert not pipelines.trials.fault
    merge = next(stage for stage in pipelines.trials.stages.values() if stage.name == "merge")
    assert isinstance(merge, StageTrial)
    assert merge.before.reads > merge.after.reads


def test_a_trial_is_cancelled(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    pipelines = open_pipelines(desk)
    pipelines.open("nanopore")
    desk.until(lambda: pipelines.builder.draft.name == "nanopore")
    pipelines.trials.start(write_reads(tmp_path / "a.fastq", 10))
    assert pipelines.bench.trial.cancel.isVisible()
    assert not pipelines.bench.trial.start.isEnabled()
    # It may be over before anybody could: what counts is that it ends, and another one can begin.
    pipelines.bench.trial.cancel.click()
    desk.until(lambda: not pipelines.trials.is_going)
    assert not pipelines.bench.trial.cancel.isVisible()
    pipelines.trials.start()
    desk.until(lambda: pipelines.trials.result is not None and not pipelines.trials.is_going)


def test_a_trial_on_what_are_no_reads(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    pipelines = open_pipelines(desk)
    pipelines.open("nanopore")
    desk.until(lambda: pipelines.builder.draft.name == "nanopore")
    (tmp_path / "text.fastq").write_text("no reads at all\n")
    drop_on(pipelines.bench, tmp_path / "text.fastq")
    desk.until(lambda: pipelines.trials.fault)
    assert "text.fastq" in pipelines.bench.trial.fault.text()
    assert pipelines.trials.result is None

    builder = pipelines.builder
    builder.set(builder.draft.stages[0].key, ("name",), "Not a name")
    pipelines.trials.start()
    desk.until(lambda: "Mend" in pipelines.trials.fault)
