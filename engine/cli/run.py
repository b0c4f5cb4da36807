"""Lanescope without a window: ``lanescope run FILE...``."""

from __future__ import annotations

import argparse
import contextlib
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from engine.checkpoint.unsaved import unsaved_folder
from engine.cli import following, load
from engine.cli.checkpoint import tell_interrupted
from engine.cli.console import (
    FAILED,
    WRONG_COMMAND_LINE,
    WrongUse,
    complain,
    database_path,
    named_path,
    thread_count,
)
from engine.cli.formats import add_telling_options, ready_for_reports
from engine.cli.interrupts import INTERRUPTS
from engine.cli.leaving import ending_in_order
from engine.cli.limits import judged_by_wanted
from engine.cli.processing import add_options, definition_wanted, outputs_wanted, refuse_impossible
from engine.cli.progress import TerminalProgress
from engine.cli.standard_output import reads_on_standard_output
from engine.cli.unbegun import keep_unbegun
from engine.cli.wildcards import PutNames
from engine.devices.wanted import CPU, wanted
from engine.errors import InputError, LanescopeError
from engine.flow.interrupts import held_interrupts
from engine.home import HomeError, find_home
from engine.sink.errors import OutputError
from engine.source.naming import Dataset, Datasets, find_datasets
from engine.store.store import Store

_ROOM = 64 << 20
"""Bytes that a run which is not saved may need for its database and checkpoints."""


def main(argv: Sequence[str]) -> int:
    """Runs files as the command line says.

    Returns:
        0 if every file was read whole and every result kept; 2 if an output cannot be, and no run was begun; else 1.

    Raises:
        LanescopeError: nothing could be run.
        KeyboardInterrupt: it was interrupted; what had been counted is kept, and `Terminated` leaves what can go on.
        BrokenPipeError: whoever took the reads has had enough.
    """
    arguments = _parser().parse_args(argv)
    INTERRUPTS.heed_ends()
    if arguments.pairs == "never" and (
        arguments.out2 or arguments.singletons or arguments.interleaved or arguments.dropped2
    ):
        arguments.pairs = "auto"  # who says where mates go has pairs
    try:
        with reads_on_standard_output(arguments) as is_reader_gone, ExitStack() as stack:
            status = _run(arguments, stack)
            if status == FAILED and is_reader_gone():
                raise BrokenPipeError
            return status
    except OutputError as error:  # seen before any run was begun: those of runs are told with them
        complain(error)
        return WRONG_COMMAND_LINE
    except LanescopeError as error:
        if arguments.pipeline is None:
            raise
        from engine.cli.faults import tell_faults
        from engine.pipeline.faults import InvalidPipelineError

        if not isinstance(error, InvalidPipelineError):
            raise
        tell_faults(error)
        return WRONG_COMMAND_LINE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lanescope run", description="Quality control, trimming and filtering of FASTQ files, without a window."
    )
    parser.add_argument(
        "files",
        nargs="+",
        action=PutNames,
        type=named_path,
        metavar="FILE",
        help="files of reads (FASTQ, BAM or SAM), folders of them, or - for standard input; of BAM and SAM, secondary "
        "and supplementary records that have bases and qualities count as reads, as for FastQC, but not where reads "
        "are pairs, are processed or are written",
    )
    parser.add_argument("--threads", type=thread_count, metavar="N", help="threads that compute (default: every core)")
    parser.add_argument(
        "--device",
        type=_device,
        default=CPU,
        metavar="DEVICE",
        help="what counts: cpu (default), cuda:N for a GPU, several with commas between, such as cpu,cuda:0, or auto, "
        "which tries all and goes on with what is faster; lanescope devices lists them",
    )
    add_telling_options(parser, "FastQC's limits")
    parser.add_argument(
        "--pairs",
        choices=("never", "auto", "given", "interleaved"),
        default="never",
        help="never: each file is a run of its own (default); auto: files that are one sample by their names, lanes "
        "and mates (R1, R2), are one run; given: two by two, whatever they are called, the first reads before the "
        "second ones; interleaved: mates take turns in each file",
    )
    add_options(parser)
    following.add_options(parser)
    load.add_options(parser)
    parser.add_argument(
        "--recovery",
        choices=("resume", "restart", "skip"),
        default="resume",
        help="what lanescope checkpoint resume does should this run be lost: resume: go on from the last checkpoint "
        "(default); restart: begin anew; skip: as resume, and damaged regions of single reads, in files and pipes, are "
        "passed over and counted, in this run too, instead of ending it",
    )
    keep = parser.add_mutually_exclusive_group()
    keep.add_argument(
        "--database", type=database_path, metavar="FILE", help="keep the runs in this database, not in Lanescope's"
    )
    keep.add_argument("--no-save", action="store_true", help="keep the runs in no database")
    return parser


def _device(text: str) -> str:
    try:
        wanted(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def _prepare(progress: TerminalProgress, stack: ExitStack) -> float:
    """Has kernels ready, and tells how many seconds that took; those of stages follow when a run wants them."""
    began = time.perf_counter()
    with held_interrupts():
        from engine.run.warmup import listen, settle, warm_up
    warm_up(progress.preparing, leaves_seldom=True)
    stack.callback(listen(progress.preparing_stages))
    settle()
    return time.perf_counter() - began


def _run(arguments: argparse.Namespace, stack: ExitStack) -> int:
    # Imported here, as all that not every run needs: --help and a wrong command line must not wait for the compiler.
    with held_interrupts():
        from engine.cli.telling import Troubles, told_at_the_end
        from engine.run.following import Following
        from engine.run.queue import RunQueue
        from engine.run.sampling import check_can_leave_out
        from engine.run.settings import RunSettings
        from engine.run.work import Work
        from engine.source.inputs import Inputs, find_inputs

    if arguments.formats and arguments.out is None:
        raise WrongUse("--format needs --out.")
    if arguments.silent is not None and not arguments.follow:
        raise WrongUse("--silent needs --follow.")
    judged_by = judged_by_wanted(arguments.profile)
    follow = Following(following.silence_wanted(arguments)) if arguments.follow else None
    found = find_inputs(arguments.files) if follow is None else Inputs(tuple(arguments.files), ())
    progress = stack.enter_context(TerminalProgress(sys.stderr))
    troubles = Troubles(progress)
    troubles.refuse(found.refused)
    if not found.files or (found.refused and arguments.pairs == "given"):
        return FAILED
    settings = RunSettings.model_validate(
        {"device": arguments.device, "recovery": arguments.recovery, **load.load_wanted(arguments)}
    )
    if follow is None:
        check_can_leave_out(settings.backpressure, found.files)
    samples = _samples(found.files, arguments.pairs)
    outputs = outputs_wanted(arguments, samples.datasets)
    store = stack.enter_context(Store.open(_database(arguments, stack)))
    tell_interrupted(store, found.files)
    pipeline = definition_wanted(arguments.pipeline, store)
    is_interleaved = arguments.pairs == "interleaved"
    refuse_impossible(outputs, samples.datasets, pipeline, store, are_interleaved=is_interleaved)
    if arguments.out is not None:
        ready_for_reports(arguments.out)
    prepared = _prepare(progress, stack)
    queue = RunQueue(
        store,
        workers=arguments.threads,
        settings=settings,
        on_change=lambda: troubles.watch(queue.snapshots()),
        prepared=prepared,
    )
    stack.enter_context(ending_in_order(queue, store, progress, is_kept=not arguments.no_save, out=arguments.out))
    troubles.refuse(samples.refused)
    if follow is not None:
        run = queue.submit_following(
            found.files[0], following=follow, pipeline=pipeline, output=outputs[0], judged_by=judged_by
        )
        stack.enter_context(following.finishing_on_interrupt(queue, run.run_id, run.name))
    for sample, output in zip(samples.datasets, outputs, strict=True) if follow is None else ():
        try:
            queue.submit_dataset(
                sample, interleaved=is_interleaved, pipeline=pipeline, output=output, judged_by=judged_by
            )
        except InputError as error:  # it changed since it was looked at
            troubles.refuse([error])
    keep_unbegun(store, troubles.refused, arguments, settings, Work(pipeline, judged_by=judged_by), outputs)
    return told_at_the_end(queue, store, troubles, arguments)


def _samples(files: Sequence[Path], pairs: str) -> Datasets:
    """What to run, each a run of its own."""
    if pairs == "auto":
        return find_datasets(files)
    together = 2 if pairs == "given" else 1
    if len(files) % together:
        raise WrongUse("--pairs given takes files two by two: the first reads, then the second ones.")
    names = ["standard input" if path == Path("-") else path.name for path in files[::together]]
    lanes = [tuple(files[at : at + together]) for at in range(0, len(files), together)]
    return Datasets(tuple(Dataset(name, (lane,)) for name, lane in zip(names, lanes, strict=True)), ())


def _database(arguments: argparse.Namespace, stack: ExitStack) -> Path:
    return _passing_folder(stack) / "runs.sqlite" if arguments.no_save else arguments.database or find_home().database


def _passing_folder(stack: ExitStack) -> Path:
    """Where others clear up should this process be lost; elsewhere if that cannot be, or there is hardly any room."""
    with contextlib.suppress(HomeError, OSError):
        home = find_home()
        if shutil.disk_usage(home.root).free > _ROOM:
            return stack.enter_context(unsaved_folder(home.database))
    return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lanescope-")))
