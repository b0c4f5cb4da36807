"""Runs that take reads through a pipeline and write them."""

from __future__ import annotations

import gzip
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from engine.batch import ReadBatch
from engine.pipeline.definition import FailurePolicy, PipelineDefinition, StageDefinition
from engine.pipeline.plan import ResolvedPipeline, resolve
from engine.run.queue import RunQueue
from engine.run.run import Run
from engine.run.settings import RunSettings
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.sink.plan import OutputPlan
from engine.source.naming import Dataset
from engine.store.store import Store
from engine.wasm.host import Host
from tests.engine.pipeline.chains import pipeline, stage
from tests.guests import stage_module, stage_of

SAMPLES = Path(__file__).resolve().parents[3] / "resources" / "samples"
PAIR = (SAMPLES / "illumina_pair_1.fastq.gz", SAMPLES / "illumina_pair_2.fastq.gz")
SMALL = 20_000
"""Bytes of a batch, so that samples have many."""

Execute = Callable[..., RunSnapshot]


def made(
    *files: Path,
    pipeline: ResolvedPipeline | Callable[[], ResolvedPipeline] | None = None,
    output: OutputPlan | None = None,
    on_change: Callable[[RunSnapshot], None] | None = None,
    workers: int = 2,
    batch_bytes: int = SMALL,
) -> Run:
    """A run that no store knows."""
    created = RunSnapshot(
        run_id=1,
        name=files[0].name,
        path=files[0],
        kind="",
        state=RunState.CREATED,
        created=datetime.now().astimezone(),
        inputs=tuple((file,) for file in files) if len(files) > 1 else (),
    )
    settings = RunSettings(workers=workers, batch_bytes=batch_bytes)
    given = (lambda: pipeline) if isinstance(pipeline, ResolvedPipeline) else pipeline
    return Run(created, settings, on_change, pipeline=given, output=output)


def definition(*stages: tuple[str, dict[str, object]], **more: object) -> PipelineDefinition:
    """A pipeline of native stages."""
    made = [
        StageDefinition.model_validate({"name": f"s{number}", "stage": name, "parameters": parameters})
        for number, (name, parameters) in enumerate(stages)
    ]
    return PipelineDefinition.model_validate({"name": "tried", "stages": made} | more)


def test_what_prepares_a_pipeline_is_no_time_of_work(sample: Path) -> None:
    def slow() -> ResolvedPipeline:
        time.sleep(0.2)
        return resolve(definition())

    began = time.perf_counter()
    run = made(sample, pipeline=slow).execute()
    whole = time.perf_counter() - began
    assert run.state is RunState.COMPLETED
    assert run.prepared >= 0.2
    assert 0 < run.elapsed <= whole - run.prepared
    assert run.samples[-1].time <= run.elapsed


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_without_stages_reads_come_out_byte_for_byte(tmp_path: Path, sample: Path, workers: int) -> None:
    out = tmp_path / "out.fastq"
    run = made(sample, pipeline=resolve(definition()), output=OutputPlan(out), workers=workers).execute()
    assert run.state is RunState.COMPLETED
    assert out.read_bytes() == gzip.decompress(sample.read_bytes())
    (written,) = run.outputs
    assert (written.path, written.reads, written.file_bytes) == (out, 10_000, out.stat().st_size)
    assert run.results_after == run.results


def test_results_after_are_those_of_what_is_written(tmp_path: Path, sample: Path) -> None:
    out = tmp_path / "out.fastq"
    chain = definition(("quality", {}), ("length", {"minimum": 120}), ("deduplicate", {}))
    run = made(sample, pipeline=resolve(chain), output=OutputPlan(out), workers=3).execute()
    again = made(out).execute()
    assert run.results_after is not None
    assert run.results_after == again.results
    assert run.results == made(sample).execute().results
    assert run.pipeline is not None
    total = run.pipeline.total
    assert (total.reads_in, total.bases_in) == (run.results.basic.reads, run.results.basic.bases)
    assert (total.reads_out, total.bases_out) == (run.results_after.basic.reads, run.results_after.basic.bases)
    assert sum(sum(step.drops.values()) for step in run.pipeline.stages) == total.reads_in - total.reads_out
    assert total.executions > 100


@pytest.mark.parametrize("chain", [("quality", {}), ("sample", {"fraction": 0.5})], ids=["trimmed", "sampled"])
def test_results_after_do_not_depend_on_batches(tmp_path: Path, chain: tuple[str, dict[str, object]]) -> None:
    path = tmp_path / "reads.fastq"
    records = (
        b"@M0:1:FC:1:%d:%d:1 1:N:0:A\n%s\n+\n%s\n"
        % (1101 + i % 7, i, b"A" * (i % 3), b"#5I"[i % 5 % 3 :][:1] * (i % 3))
        for i in range(13_000)  # of the tiles, one read in ten counts from the ten thousandth on
    )
    path.write_bytes(b"".join(records))
    results = [
        made(path, pipeline=resolve(definition(chain)), workers=workers, batch_bytes=size).execute().results_after
        for workers, size in ((1, 1 << 20), (3, 30_000))
    ]
    assert results[0] is not None
    assert results[0].tile_quality is not None
    assert results[0] == results[1]


def test_deduplication_does_not_depend_on_workers(tmp_path: Path, sample: Path) -> None:
    texts = []
    for workers in (1, 4):
        out = tmp_path / f"{workers}.fastq"
        chain = resolve(definition(("deduplicate", {"compared": 20})))
        made(sample, pipeline=chain, output=OutputPlan(out), workers=workers).execute()
        texts.append(out.read_bytes())
    assert texts[0] == texts[1]
    assert texts[0].count(b"\n") < 40_000


@pytest.mark.parametrize("pairs", ["either", "both", "each"])
def test_pairs_stay_pairs(tmp_path: Path, pairs: str) -> None:
    first, second, singles = (tmp_path / f"{name}.fastq.gz" for name in ("1", "2", "single"))
    chain = resolve(definition(("quality", {"three_prime": 34}), ("length", {"minimum": 200, "pairs": pairs})))
    run = made(*PAIR, pipeline=chain, output=OutputPlan(first, second, singles)).execute()
    assert run.state is RunState.COMPLETED
    names = [
        [line.split()[0] for line in gzip.decompress(path.read_bytes()).splitlines()[::4]]
        for path in (first, second, singles)
    ]
    assert names[0] == names[1]
    assert len(names[0]) > 100
    assert (len(names[2]) > 0) == (pairs == "each")
    assert not Counter(names[0]) & Counter(names[2])
    assert run.results_after is not None
    assert run.results_after.mate is not None
    kept = run.results_after.basic.reads + run.results_after.mate.basic.reads
    assert kept == sum(map(len, names)) == run.pipeline.total.reads_out  # type: ignore[union-attr] # there is one


def failing_once_in_a_hundred(batch: ReadBatch) -> ReadBatch:
    if batch.number % 100 == 50:
        batch.buffer[:] = ord("!")
        raise ValueError("no")
    return batch


@pytest.mark.parametrize(
    ("policy", "state"),
    [
        (FailurePolicy(action="continue"), RunState.COMPLETED),
        (FailurePolicy(action="abort"), RunState.FAILED),
        (FailurePolicy(action="retry", backoff=0, then="continue"), RunState.COMPLETED),
        (FailurePolicy(action="retry", backoff=0, then="abort"), RunState.FAILED),
    ],
    ids=["continue", "abort", "retry-continue", "retry-abort"],
)
def test_a_stage_that_fails_on_one_batch_in_a_hundred(
    tmp_path: Path, sample: Path, policy: FailurePolicy, state: RunState
) -> None:
    out = tmp_path / "out.fastq"
    chain = pipeline(stage(failing_once_in_a_hundred, policy, in_place=True, spares=policy.action != "abort"))
    run = made(sample, pipeline=chain, output=OutputPlan(out)).execute()
    assert run.state is state
    assert run.pipeline is not None
    (step,) = run.pipeline.stages
    if state is RunState.COMPLETED:
        assert out.read_bytes() == gzip.decompress(sample.read_bytes())
        assert step.failures == (step.executions + 49) // 100 >= 1
        assert len(step.errors) == step.failures
        assert step.retries == (2 * step.failures if policy.action == "retry" else 0)
    else:
        assert run.failure is not None
        assert "ValueError: no" in run.failure.message
        assert list(tmp_path.iterdir()) == []


def test_trouble_with_the_input_leaves_no_output(tmp_path: Path) -> None:
    path = tmp_path / "in.fastq"
    path.write_bytes(b"@a\nACGT\n+\nIIII\n" * 5000 + b"@b\nACGT\n")
    run = made(path, output=OutputPlan(tmp_path / "out.fastq")).execute()
    assert run.state is RunState.FAILED
    assert run.results.basic.reads == 5000
    assert list(tmp_path.iterdir()) == [path]


def test_the_input_is_never_written_to(tmp_path: Path) -> None:
    path = tmp_path / "in.fastq"
    path.write_bytes(b"@a\nACGT\n+\nIIII\n")
    (tmp_path / "link.fastq").symlink_to(path)
    for target in (path, tmp_path / "link.fastq"):
        run = made(path, output=OutputPlan(target, replace=True)).execute()
        assert run.failure is not None
        assert "is the input" in run.failure.message
    assert path.read_bytes() == b"@a\nACGT\n+\nIIII\n"


def test_second_reads_need_mates(tmp_path: Path, sample: Path) -> None:
    run = made(sample, output=OutputPlan(tmp_path / "a.fastq", tmp_path / "b.fastq")).execute()
    assert run.failure is not None
    assert "no mates" in run.failure.message
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="not on this platform: /dev/full")
def test_a_full_device_fails_the_run(sample: Path) -> None:
    run = made(sample, output=OutputPlan(Path("/dev/full")), workers=3).execute()
    assert run.state is RunState.FAILED
    assert run.failure is not None
    assert run.failure.title == "There is no room for the output"


def test_cancel_in_the_middle_leaves_nothing_behind(tmp_path: Path, large: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    runs: list[Run] = []

    def cancel(snapshot: RunSnapshot) -> None:
        if snapshot.pipeline is not None and snapshot.pipeline.total.executions:
            runs[0].cancel()

    chain = resolve(definition(("adapters", {"adapters": ["GATTACAGATTACA"]}), ("deduplicate", {})))
    runs.append(made(large, pipeline=chain, output=OutputPlan(folder / "out.fastq.gz"), on_change=cancel, workers=3))
    assert runs[0].execute().state is RunState.CANCELLED
    assert list(folder.iterdir()) == []


def hanging(host: Host, **more: object) -> ResolvedPipeline:
    """A pipeline of one plugin that never comes to an end."""
    plugin = stage_of(host, stage_module("(loop $on (br $on)) (i32.const 0)"), limits={"call_seconds": 300})
    plugged = {"name": "hang", "type": "wasm", "udf_name": "guest"} | more
    chain = PipelineDefinition.model_validate({"name": "tried", "stages": [plugged]})
    return resolve(chain, open_plugin=lambda _name, _parameters: plugin)


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Host:
    return Host(tmp_path_factory.mktemp("modules"))


def test_a_plugin_that_hangs_is_timed_out(tmp_path: Path, host: Host) -> None:
    path = tmp_path / "in.fastq"
    path.write_bytes(b"@a\nACGT\n+\nIIII\n")
    run = made(path, pipeline=hanging(host, timeout=0.1), output=OutputPlan(tmp_path / "out.fastq")).execute()
    assert run.failure is not None
    assert run.failure.title == "A stage of the pipeline took too long"
    assert not (tmp_path / "out.fastq").exists()
    goes_on = hanging(host, timeout=0.1, on_failure={"action": "continue"})
    run = made(path, pipeline=goes_on, output=OutputPlan(tmp_path / "out.fastq")).execute()
    assert run.state is RunState.COMPLETED
    assert (tmp_path / "out.fastq").read_bytes() == path.read_bytes()
    assert run.pipeline is not None
    assert run.pipeline.stages[0].timeouts == 1


def test_a_plugin_that_hangs_is_cancelled(tmp_path: Path, host: Host) -> None:
    path = tmp_path / "in.fastq"
    path.write_bytes(b"@a\nACGT\n+\nIIII\n")
    runs: list[Run] = []
    hangs = threading.Event()

    def cancel(snapshot: RunSnapshot) -> None:
        if snapshot.threads and any(thread.activity.value == "computing" for thread in snapshot.threads):
            hangs.set()
            runs[0].cancel()

    runs.append(made(path, pipeline=hanging(host), output=OutputPlan(tmp_path / "out.fastq"), on_change=cancel))
    assert runs[0].execute().state is RunState.CANCELLED
    assert hangs.is_set()
    assert list(tmp_path.iterdir()) == [path]


def test_a_run_of_the_queue_is_kept_with_its_pipeline(tmp_path: Path, store: Store) -> None:
    queue = RunQueue(store, workers=2)
    chain = definition(("quality", {}), ("length", {"minimum": 200}))
    output = OutputPlan(tmp_path / "1.fastq.gz", tmp_path / "2.fastq.gz")
    try:
        run = queue.submit_dataset(Dataset("pair", (PAIR,)), pipeline=chain, output=output)
        assert queue.wait(60)
        ended = queue.snapshot(run.run_id)
    finally:
        queue.close()
    assert ended is not None
    assert ended.state is RunState.COMPLETED
    store.flush()
    kept = store.load(run.run_id)
    assert kept.pipeline == ended.pipeline
    assert kept.results_after == ended.results_after
    assert kept.outputs == ended.outputs
    assert store.parameters(run.run_id)["pipeline"] == chain.model_dump(mode="json")


def test_a_pipeline_that_cannot_be_used_fails_its_run(tmp_path: Path, store: Store, sample: Path) -> None:
    queue = RunQueue(store, workers=2)
    chain = PipelineDefinition.model_validate({"name": "tried", "stages": [{"name": "a", "stage": "nothing"}]})
    try:
        run = queue.submit(sample, pipeline=chain, output=OutputPlan(tmp_path / "out.fastq"))
        assert queue.wait(60)
        ended = queue.snapshot(run.run_id)
    finally:
        queue.close()
    assert ended is not None
    assert ended.failure is not None
    assert "there is no stage nothing" in ended.failure.message
    assert not (tmp_path / "out.fastq").exists()
