"""A process that begins runs, or goes on with them, in processes of their own that are made to be killed.

All of them are forked from one that has loaded everything: thus a hundred lost runs take seconds. Orders come as lines
of JSON; see `tests.engine.run.killing`.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

import engine.parse.fastq
import engine.run.checkpointing
import engine.run.run
from engine.batch import ReadBatch
from engine.checkpoint.folder import Checkpoint, CheckpointFolder
from engine.checkpoint.state import State
from engine.errors import CheckpointError
from engine.pipeline.definition import PipelineDefinition
from engine.pipeline.plan import resolve
from engine.run.processing import Processing
from engine.run.processor_part import ProcessorPart
from engine.run.queue import RunQueue
from engine.run.sampling import KERNEL_MODULES
from engine.run.settings import RunSettings
from engine.run.stage_kernels import kernel_modules
from engine.run.warmup import warm_up, warm_up_modules
from engine.sink.dropped import DroppedFile
from engine.sink.plan import OutputPlan
from engine.sink.state import FileState
from engine.source.naming import Dataset
from engine.store.store import Store

SLOWNESS = 0.002
"""Seconds that each batch takes besides, so that there is something to be killed in."""


SLOWNESS_AT_FIRST = 0.05
"""Likewise, until there is a checkpoint: however busy the machine is, none of them ends without one."""


def say(word: str) -> None:
    os.write(1, f"{word}\n".encode())


def make_killable(*, names_outputs: bool, most_checkpoints: int) -> None:
    """Tells of every checkpoint, takes them as often as can be, and never ends a run.

    Args:
        names_outputs: stay after the outputs have their names, not before.
        most_checkpoints: after these there is no room for more.
    """
    write, process, finish = CheckpointFolder.write, ProcessorPart.process, Processing.finish
    is_safe = threading.Event()
    room = [None] * most_checkpoints

    def write_and_say(folder: CheckpointFolder, state: State) -> Checkpoint:
        if not room:
            raise CheckpointError("No checkpoint can be written in there: no space left on device.")
        room.pop()
        checkpoint = write(folder, state)
        is_safe.set()
        say("mark")
        return checkpoint

    def process_slowly(part: ProcessorPart, batch: ReadBatch) -> None:
        time.sleep(SLOWNESS if is_safe.is_set() else SLOWNESS_AT_FIRST)
        process(part, batch)

    def never_finish(processing: Processing, about_to_name: Callable[[Sequence[FileState]], object]) -> NoReturn:
        if names_outputs:
            finish(processing, about_to_name)
        say("end")
        time.sleep(600)
        raise AssertionError("it was not killed")

    # In a process of its own, where they stay so.
    for owner, name, replacement in (
        (CheckpointFolder, "write", write_and_say),
        (ProcessorPart, "process", process_slowly),
        (Processing, "finish", never_finish),
    ):
        setattr(owner, name, replacement)
    engine.run.run._INTERVAL = 0.002
    engine.run.checkpointing._COST = 1
    engine.parse.fastq._LIVE = 3600.0  # however slowly a pipe is fed, samples are of the same batches


def carry_out(order: dict[str, Any]) -> None:
    make_killable(names_outputs=order["names_outputs"], most_checkpoints=order["most_checkpoints"])
    policy = {"backpressure": order["backpressure"], "recovery": order["recovery"]}
    settings = RunSettings(workers=2, batch_bytes=order["batch_bytes"], checkpoint_seconds=0.01, **policy)
    with Store.open(Path(order["database"])) as store:
        queue = RunQueue(store, settings=settings)
        if order["again"]:
            queue.continue_run(order["again"])
        else:
            submit(queue, order)
        say("begun")
        queue.wait()


def submit(queue: RunQueue, order: dict[str, Any]) -> int:
    """Queues what an order asks for."""
    files = [Path(file) for file in order["files"]]
    pipeline = PipelineDefinition.model_validate(order["pipeline"]) if order["pipeline"] else None
    first, second, alone, *gone = (*map(Path, order["outputs"]), *[None] * 5)[:5]
    dropped = () if gone[0] is None else (DroppedFile(gone[0], gone[1]),)
    plan = (
        None
        if first is None
        else OutputPlan(first, second, alone, split_reads=order["split_reads"], dropped=dropped, tells_reasons=True)
    )
    dataset = Dataset("reads", tuple((file,) for file in files) if order["are_lanes"] else (tuple(files),))
    return queue.submit_dataset(dataset, pipeline=pipeline, output=plan).run_id


def main() -> None:
    warm_up()
    modules = set(KERNEL_MODULES)
    for text in sys.argv[1:]:
        modules.update(kernel_modules(resolve(PipelineDefinition.model_validate_json(text))))
    warm_up_modules(modules)
    say("ready")
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            try:
                carry_out(json.loads(line))
            finally:
                os._exit(1)
        os.waitpid(pid, 0)
        say("gone")


if __name__ == "__main__":
    main()
