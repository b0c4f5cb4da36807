"""What has changed since a run was lost is noticed before it goes on."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from engine.checkpoint.beside import checkpoints_beside
from engine.checkpoint.folder import CheckpointFolder
from engine.cli.checkpoint import main
from engine.errors import CheckpointError
from engine.pipeline.definition import FailurePolicy, PipelineDefinition, StageDefinition
from engine.pipeline.fingerprint import difference, fingerprint
from engine.pipeline.plan import PluginPlan, ResolvedPipeline, resolve
from engine.pipeline.policies import Rules
from engine.run.queue import RunQueue
from engine.run.resuming import beginning_of
from engine.run.run import Run
from engine.run.settings import RunSettings
from engine.run.state import RunState
from engine.run.work import Work
from engine.sink.plan import OutputPlan
from engine.sink.state import SinkState
from engine.store.store import Store
from engine.wasm.host import Host
from tests.engine.pipeline.chains import pipeline
from tests.engine.run.killing import Case, Executioner, executioner, result_of
from tests.engine.run.lost_runs import reads_of
from tests.guests import stage_module, stage_of

TRIM = PipelineDefinition(
    name="trim",
    stages=(
        StageDefinition(name="tails", stage="quality"),
        StageDefinition(name="first", stage="deduplicate"),
    ),
)
SOME = TRIM.model_copy(
    update={"stages": (*TRIM.stages, StageDefinition(name="some", stage="first", parameters={"count": 4321}))}
)


@dataclass(frozen=True)
class Lost:
    case: Case
    folder: Path
    database: Path

    @property
    def checkpoints(self) -> CheckpointFolder:
        return CheckpointFolder(checkpoints_beside(self.database) / "1")

    def written(self) -> Path:
        [part] = (self.folder / "out").glob(".*.part")
        return part


@pytest.fixture(scope="module")
def by() -> Generator[Executioner]:
    with executioner([TRIM]) as found:
        yield found


@pytest.fixture
def lost(tmp_path: Path, by: Executioner) -> Lost:
    """A run with a pipeline and an output, lost at its very end."""
    reads = tmp_path / "reads.fastq"
    reads.write_bytes(reads_of(3, 6000))
    case = Case([reads], TRIM, [".fastq.gz"])
    (tmp_path / "lost" / "out").mkdir(parents=True)
    by.lose(case.order(tmp_path / "lost"), marks=1000, delay=0)
    return Lost(case, tmp_path / "lost", tmp_path / "lost" / "runs.sqlite")


def refused(lost: Lost) -> str:
    with Store.open(lost.database) as store:
        queue = RunQueue(store)
        try:
            with pytest.raises(CheckpointError) as caught:
                queue.continue_run(1)
        finally:
            queue.close()
        assert store.load(1).state is RunState.INTERRUPTED
    assert "anew" in caught.value.hint
    return str(caught.value)


def test_changes_of_the_output_are_told_and_the_rest_goes_on(lost: Lost, capsys: pytest.CaptureFixture[str]) -> None:
    part, kept = lost.written(), lost.folder / "kept"
    shutil.copy(part, kept)
    text = part.read_bytes()
    sizes = []
    for checkpoint in lost.checkpoints.checkpoints():
        [file] = SinkState.of(checkpoint.load()["sink"]).files()
        sizes.append(file.file_bytes)
    assert sizes == sorted(sizes, reverse=True)

    part.write_bytes(text[: sizes[-1] - 1])
    assert refused(lost).startswith("What was written of kept_0.fastq.gz has ")
    part.write_bytes(bytes(len(text)))
    assert refused(lost) == "What was written of kept_0.fastq.gz has been changed."
    part.unlink()
    assert refused(lost) == "What was written of kept_0.fastq.gz is gone."

    shutil.copy(kept, part)
    at = ["--database", str(lost.database)]
    assert main(["show", "1", *at]) == 0
    assert "output         kept_0.fastq.gz: " in capsys.readouterr().out
    assert main(["resume", "1", *at]) == 0
    whole = result_of(lost.case, lost.folder.parent / "whole")
    assert (lost.folder / "out" / "kept_0.fastq.gz").read_bytes() == whole["out/kept_0.fastq.gz"]
    assert not list((lost.folder / "out").glob(".*"))


def test_where_less_was_written_an_older_checkpoint_will_do(lost: Lost) -> None:
    state = lost.checkpoints.checkpoints()[0].load()
    sink = SinkState.of(state["sink"])
    more = tuple(tuple(replace(file, file_bytes=1 << 40) for file in stream) for stream in sink.streams)
    lost.checkpoints.write({**state, "sink": replace(sink, streams=more).state()})
    with Store.open(lost.database) as store:
        output = Work.of(store.parameters(1)).output
        beginning = beginning_of(lost.checkpoints, store.load(1), resolve(TRIM), output)
    assert beginning.sink == sink
    [words], [journal] = beginning.memories, beginning.journals
    assert words.shape == (journal.write()["length"],)
    assert len(words) > 0  # how many is up to the moment of the checkpoint


@pytest.mark.parametrize(
    ("chain", "split", "most"), [(TRIM, None, 1000), (SOME, None, 1000), (TRIM, 1000, 1000), (SOME, 1000, 1)]
)
def test_a_run_lost_when_its_outputs_had_their_names_goes_on(
    tmp_path: Path, by: Executioner, chain: PipelineDefinition, split: int | None, most: int
) -> None:
    """Also from a checkpoint that knows nothing of the later ones."""
    reads = tmp_path / "reads.fastq"
    reads.write_bytes(reads_of(3, 6000))
    case = Case([reads], chain, [".fastq.gz"], split)
    lost = Lost(case, tmp_path / "lost", tmp_path / "lost" / "runs.sqlite")
    (lost.folder / "out").mkdir(parents=True)
    by.lose(case.order(lost.folder) | {"names_outputs": True, "most_checkpoints": most}, marks=1000, delay=0)
    whole = result_of(case, tmp_path / "whole")
    names = sorted(name for name in whole if "reports" not in name)
    assert sorted(f"out/{path.name}" for path in (lost.folder / "out").iterdir()) == names
    with Store.open(lost.database) as store:
        queue = RunQueue(store)
        try:
            queue.continue_run(1)
            assert queue.wait(60)
            store.flush()
            assert store.load(1).state is RunState.COMPLETED
        finally:
            queue.close()
    for name in names:
        assert (lost.folder / name).read_bytes() == whole[name]
    assert sorted(f"out/{path.name}" for path in (lost.folder / "out").iterdir()) == names


def test_outputs_that_cannot_be_taken_up_leave_the_run_as_it_was(lost: Lost, monkeypatch: pytest.MonkeyPatch) -> None:
    output = lost.folder / "out" / "kept_0.fastq.gz"
    output.write_text("another's")
    assert refused(lost) == f"{output} is there already."
    output.unlink()
    moved = lost.folder / "elsewhere"
    moved.mkdir()
    output.symlink_to(moved / "reads.fastq.gz")
    assert refused(lost) == f"{output} leads elsewhere than before."
    output.unlink()
    monkeypatch.setattr("engine.run.resuming.RESERVE", 1 << 60)
    assert refused(lost).startswith("There are ")
    assert lost.written().exists()


def test_a_run_that_somebody_works_on_is_left_alone(lost: Lost) -> None:
    """However it looks in the database: clocks that jump make processes seem to have ended that have not."""
    lock = lost.checkpoints.lock
    assert lock.take()
    try:
        assert lost.checkpoints.lock.is_taken
        with Store.open(lost.database) as store:
            queue = RunQueue(store)
            try:
                for recovery in (None, "restart"):
                    with pytest.raises(CheckpointError, match="Another Lanescope is at work on this run"):
                        queue.continue_run(1, recovery)
            finally:
                queue.close()
        assert main(["prune", "--database", str(lost.database)]) == 0
        for checkpoint in lost.checkpoints.checkpoints():
            checkpoint.path.unlink()
        Store.open(lost.database).close()  # which removes what is left of runs that cannot go on
        assert lost.written().exists()
    finally:
        lock.release()
    released = lost.checkpoints
    assert not released.lock.is_taken
    Store.open(lost.database).close()
    assert list((lost.folder / "out").iterdir()) == []


def test_a_pruned_run_leaves_nothing_of_its_output(lost: Lost, capsys: pytest.CaptureFixture[str]) -> None:
    assert lost.written().exists()
    assert main(["prune", "--database", str(lost.database)]) == 0
    assert "bytes are free again" in capsys.readouterr().out
    assert list((lost.folder / "out").iterdir()) == []
    assert refused(lost) == "There is no checkpoint of reads."


def test_a_run_that_begins_anew_does_not_go_on_with_what_it_has_removed(lost: Lost) -> None:
    """It is left before it has taken a checkpoint of its own, when the outputs of the older ones are gone."""
    with Store.open(lost.database) as store:
        output = Work.of(store.parameters(1)).output

        def leave() -> ResolvedPipeline:
            run.leave()
            return resolve(TRIM)

        run = Run(store.reopen_run(1), RunSettings(), pipeline=leave, output=output, checkpoints=lost.checkpoints)
        end = run.execute()
    assert end.state is RunState.INTERRUPTED
    assert end.failure is not None
    assert end.failure.hint == "Run the file again."
    assert not lost.checkpoints.checkpoints()
    assert list((lost.folder / "out").iterdir()) == []


def test_another_run_than_the_checkpoint_is_refused(lost: Lost) -> None:
    with Store.open(lost.database) as store:
        run, output = store.load(1), Work.of(store.parameters(1)).output
    assert output is not None
    trim = resolve(TRIM)
    for change, words in (
        ((None, output), "a run with a pipeline"),
        ((trim, None), "another output"),
        ((trim, OutputPlan(output.first, output.first.with_name("second"))), "another output"),
        ((resolve(TRIM.model_copy(update={"stages": TRIM.stages[:1]})), output), "The pipeline trim does not do what"),
    ):
        with pytest.raises(CheckpointError, match=words):
            beginning_of(lost.checkpoints, run, *change)
    state = lost.checkpoints.checkpoints()[0].load()
    for missing in ("number", "place", "sink", "inputs", "pipeline"):
        broken = CheckpointFolder(lost.folder / f"without {missing}")
        broken.write({name: value for name, value in state.items() if name != missing})
        with pytest.raises(CheckpointError):
            beginning_of(broken, run, trim, output)


def test_a_plugin_that_was_changed_is_told(tmp_path: Path) -> None:
    host = Host(tmp_path)

    def with_guest(process: str) -> ResolvedPipeline:
        plugin = stage_of(host, stage_module(process), name="guest")
        return pipeline(PluginPlan(Rules("step", "step", "guest", FailurePolicy()), plugin))

    first = with_guest("(i32.const 0)")
    assert difference(fingerprint(first), with_guest("(i32.const 0)")) is None
    other = with_guest("(nop) (i32.const 0)")
    assert difference(fingerprint(first), other) == "The plugin guest has been changed since."
    assert str(difference(None, first)).endswith("does not do what it did when the run began.")
