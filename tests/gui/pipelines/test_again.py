from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import LanescopeError
from engine.home import find_home
from engine.run.state import RunState
from engine.sink.errors import OutputError
from engine.sink.plan import OutputPlan
from engine.store.store import Store
from gui.models.grouping import Grouping
from gui.models.pipelines import orders
from gui.models.pipelines.choice import counted_name, numbered_name
from gui.models.pipelines.orders import beside
from tests.gui.desk import Desk, write_reads


def _again(desk: Desk, run_id: int) -> None:
    before = desk.session.runs.total
    desk.session.tasks.start(desk.session.entering.run_again([run_id]))
    desk.until(lambda: desk.session.runs.total > before and not desk.session.is_busy)


def test_a_run_does_again_what_it_did(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    choices = desk.conductor.pipelines.choices
    reads = write_reads(tmp_path / "a.fastq", 20)
    choices.choose(pipeline="rna-seq", format="plain")
    desk.run(reads)
    first = desk.shown.run_id
    written = tmp_path / "a.rna-seq.fastq"
    before = written.stat().st_mtime_ns

    choices.choose(pipeline="", format="gzip")
    _again(desk, first)
    assert desk.states() == [RunState.COMPLETED] * 2
    assert sorted(path.name for path in tmp_path.glob("a.*")) == ["a.fastq", "a.rna-seq-2.fastq", "a.rna-seq.fastq"]
    assert written.stat().st_mtime_ns == before

    last = max(entry.run_id for entry in desk.entries())
    with Store.open(find_home().database) as store:
        assert store.parameters(last)["pipeline"] == store.parameters(first)["pipeline"]


def test_a_run_without_a_pipeline_gets_none(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    choices = desk.conductor.pipelines.choices
    choices.choose(pipeline="")
    desk.run(write_reads(tmp_path / "a.fastq", 20))
    first = desk.shown.run_id
    choices.choose(pipeline="rna-seq", format="plain")
    _again(desk, first)
    assert [path.name for path in tmp_path.glob("a.*")] == ["a.fastq"]


@pytest.mark.parametrize("stream", ["/dev/fd/1", "/dev/stdout"])
def test_reads_that_went_to_an_open_stream_do_not_go_there_again(tmp_path: Path, stream: str) -> None:
    with pytest.raises(OutputError, match="open in the process of that run alone"):
        orders._repeated({"output": {"first": stream}}, tmp_path / "a.fastq", ())


def test_a_file_that_another_process_is_going_to_write_is_left_to_it(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    desk.conductor.pipelines.choices.choose(pipeline="rna-seq", format="plain")
    reads = write_reads(tmp_path / "a.fastq", 20)
    with Store.open(find_home().database) as other:
        other.create_run(
            name="other", path=reads, kind="", bytes_total=1, workers=1, versions={},
            parameters={"output": {"first": str(tmp_path / "a.rna-seq.fastq")}},
        )  # fmt: skip
        desk.run(reads)
        assert sorted(path.name for path in tmp_path.glob("a.*")) == ["a.fastq", "a.rna-seq-2.fastq"]
        _again(desk, desk.shown.run_id)
    assert sorted(path.name for path in tmp_path.glob("a.*")) == ["a.fastq", "a.rna-seq-2.fastq", "a.rna-seq-3.fastq"]


def test_doing_again_what_was_done_again_goes_on_counting(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    desk.conductor.pipelines.choices.choose(pipeline="rna-seq", format="plain")
    desk.run(write_reads(tmp_path / "a.fastq", 20))
    write_reads(tmp_path / "a.rna-seq-3.fastq", 1)
    for _ in range(2):
        _again(desk, max(entry.run_id for entry in desk.entries()))
    assert desk.states() == [RunState.COMPLETED] * 3
    assert sorted(path.name for path in tmp_path.glob("a.*")) == [
        "a.fastq", "a.rna-seq-2.fastq", "a.rna-seq-3.fastq", "a.rna-seq-4.fastq", "a.rna-seq.fastq",
    ]  # fmt: skip


def test_both_files_of_mates_get_the_same_number(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    mates = [write_reads(tmp_path / f"a_R{mate}.fastq", 20) for mate in (1, 2)]
    desk.conductor.pipelines.choices.choose(pipeline="rna-seq", format="plain")
    desk.session.tasks.start(desk.session.entering.accept(mates, Grouping.PAIRS))
    desk.until(lambda: desk.session.runs.total == 1 and not desk.session.is_busy)
    _again(desk, desk.entries()[0].run_id)
    assert desk.states() == [RunState.COMPLETED] * 2
    assert sorted(path.name for path in tmp_path.glob("a_*.rna-seq*")) == [
        f"a_R{mate}.rna-seq{number}.fastq" for mate in (1, 2) for number in ("-2", "")
    ]


def test_numbers_stand_before_the_endings() -> None:
    assert numbered_name(Path("/d/a.trim.fastq.gz"), 2) == Path("/d/a.trim-2.fastq.gz")
    assert numbered_name(Path("/d/a"), 3) == Path("/d/a-3")
    assert counted_name(Path("/d/a.trim-2.fastq.gz")) == (Path("/d/a.trim.fastq.gz"), 2)
    for name in ("a", "a-1.fastq", "a-02.fastq", "-2.fastq", "a-20261121.fastq"):
        assert counted_name(Path("/d") / name) == (Path("/d") / name, 1)


def test_a_number_that_the_user_gave_stays(tmp_path: Path) -> None:
    kept = OutputPlan(write_reads(tmp_path / "patient-7.fastq", 1))
    assert beside(kept, ()).first.name == "patient-7-2.fastq"
    write_reads(tmp_path / "patient.fastq", 1)
    assert beside(kept, ()).first.name == "patient-8.fastq"
    assert beside(kept, {tmp_path / "patient-8.fastq"}).first.name == "patient-9.fastq"


def test_a_folder_that_is_gone_leaves_no_failed_run(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    failures: list[LanescopeError] = []
    desk.session.tasks.failed.connect(failures.append)
    desk.conductor.pipelines.choices.choose(pipeline="rna-seq", folder=tmp_path / "gone")
    desk.session.tasks.start(desk.session.entering.accept([write_reads(tmp_path / "a.fastq", 1)], Grouping.EACH))
    desk.until(lambda: failures)
    assert str(failures[0]) == f"There is no folder {tmp_path / 'gone'}."
    assert desk.session.runs.total == 0
