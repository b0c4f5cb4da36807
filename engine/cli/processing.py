"""What ``lanescope run`` is asked to do to reads, and where they are to go."""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli import dropping
from engine.cli.console import WrongUse, whole_number
from engine.cli.dropping import dropped_files
from engine.cli.standard_output import reads_path
from engine.sink.errors import OutputError
from engine.sink.names import are_one_file, folded, is_open_stream
from engine.sink.plan import OutputPlan
from engine.source.naming import Dataset
from engine.whole_file import reason_of

if TYPE_CHECKING:
    from engine.pipeline.definition import PipelineDefinition
    from engine.store.store import Store


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds the options for pipelines and output."""
    group = parser.add_argument_group("trimming, filtering and output")
    group.add_argument("--pipeline", metavar="FILE|NAME", help="what reads go through: a TOML file, or a kept pipeline")
    group.add_argument(
        "-o", "--output", type=reads_path, metavar="FILE",
        help="write the reads here, packed as the name asks for: .gz, .bgz, .zst, or plain; of pairs, the first reads. "
        "A folder: under the names of the inputs; -: standard output, and all words go to the error stream",
    )  # fmt: skip
    group.add_argument("--out2", type=reads_path, metavar="FILE", help="write the second reads of pairs here")
    group.add_argument(
        "--split-reads", type=_reads, metavar="N",
        help="begin another file after every N reads or pairs; the files get numbers: out.0001.fastq.gz, or "
        "0001.out.fastq.gz of {part}.out.fastq.gz",
    )  # fmt: skip
    group.add_argument(
        "--singletons", type=reads_path, metavar="FILE",
        help="write reads here whose mate was dropped, or merged into them; with --interleaved, the file of -o itself "
        "takes them among the pairs",
    )  # fmt: skip
    dropping.add_options(group)
    group.add_argument("--interleaved", action="store_true", help="write both mates in turn into the one output")
    group.add_argument("--force", action="store_true", help="replace older files of the output's names")


def _reads(text: str) -> int:
    return whole_number(text, 1, (1 << 62) - 1)


def definition_wanted(text: str | None, store: Store) -> PipelineDefinition | None:
    """The pipeline in a file, or the kept or shipped one of a name.

    Raises:
        InvalidPipelineError: something is wrong with it; everything is told.
        LanescopeError: there is none, or the file cannot be read.
    """
    if text is None:
        return None
    from engine.home import find_home
    from engine.pipeline.keeping.files import ENDING, load_file
    from engine.pipeline.keeping.registry import PipelineRegistry
    from engine.pipeline.plugins import LibraryPlugins
    from engine.wasm.plugins.library import PluginLibrary

    registry = PipelineRegistry(store.pipelines, plugins=LibraryPlugins(PluginLibrary(find_home())))
    path = Path(text)
    if path.suffix == ENDING or path.name != text or path.is_file():
        return registry.check(load_file(path), where=path.name)
    return registry.check(registry.get(text))


def outputs_wanted(arguments: argparse.Namespace, samples: Sequence[Dataset]) -> list[OutputPlan | None]:
    """Where the reads of each sample go.

    Raises:
        WrongUse: that is not said, or said twice.
        OutputError: there is no place for mates, several runs would write to one, or a name cannot be.
    """
    first: Path | None = arguments.output
    if first is None:
        others = {
            "--out2": arguments.out2,
            "--singletons": arguments.singletons,
            "--interleaved": arguments.interleaved,
            "--split-reads": arguments.split_reads,
            "--dropped": arguments.dropped,
            "--dropped2": arguments.dropped2,
            "--dropped-reasons": arguments.dropped_reasons,
        }
        given = [name for name, value in others.items() if value]
        if given:
            raise WrongUse(f"{given[0]} needs -o, the file for the first reads.")
        return [None] * len(samples)
    if arguments.out2 is not None and arguments.interleaved:
        raise WrongUse("Mates go to --out2 or are --interleaved, not both.")
    if arguments.split_reads and any(path and is_open_stream(path) for path in (first, arguments.out2)):
        raise WrongUse("--split-reads needs files: standard output is one stream.")
    if _is_folder(first):
        plans = [_named(arguments, sample, first) for sample in samples]
        _check_apart(plans)
        return list(plans)
    if len(samples) > 1:
        raise OutputError(
            f"{first} cannot take the reads of {len(samples):,} runs.",
            path=first,
            hint="Name a folder that is there, or run one at a time.",
        )
    return [_plan(arguments, sample, first, arguments.out2, arguments.singletons) for sample in samples]


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError as error:  # a name that is too long
        raise OutputError(f"{path} cannot be written: {reason_of(error)}.", path=path) from error


def refuse_impossible(
    outputs: Sequence[OutputPlan | None],
    samples: Sequence[Dataset],
    pipeline: PipelineDefinition | None,
    store: Store,
    *,
    are_interleaved: bool,
) -> None:
    """Refuses what can be seen to fail before any run is begun, and stands in the history.

    Args:
        outputs: of each sample.
        samples: what is to be read.
        pipeline: what all reads go through.
        store: where pipelines are kept that it may name.
        are_interleaved: mates take turns in every file.

    Raises:
        LanescopeError: the pipeline names something that cannot be used.
        OutputError: an output cannot be written, would destroy an input of any of the runs, or is to be written by
            another run that has not ended.
    """
    from engine.run.outputs import by_sample, refuse_before_run
    from engine.run.pipelines import RunPipelines

    resolved = None if pipeline is None else RunPipelines(store).resolved(pipeline)
    inputs = [path for sample in samples for lane in sample.files for path in lane]
    for sample, output in zip(samples, outputs, strict=True):
        if output is not None:
            refuse_before_run(output, resolved, inputs, is_paired=are_interleaved or sample.is_paired)
            store.refuse_taken(by_sample(output, resolved))


def _check_apart(plans: Sequence[OutputPlan]) -> None:
    """Raises an `OutputError` where a run would write over what it or another one has written."""
    for plan in plans:
        plan.check()
    seen: defaultdict[str, list[Path]] = defaultdict(list)
    for path in (path for plan in plans for path in plan.paths()):
        if any(are_one_file(other, path) for other in seen[folded(path.name)]):
            raise OutputError(
                f"Several runs would write {path}.",
                path=path,
                hint="Their inputs have the same name: run them one at a time, into different folders.",
            )
        seen[folded(path.name)].append(path)


def _plan(
    arguments: argparse.Namespace, sample: Dataset, first: Path, second: Path | None, singletons: Path | None
) -> OutputPlan:
    is_paired = _is_paired(arguments, sample)
    if is_paired and second is None and not arguments.interleaved:
        raise OutputError(
            f"{sample.name} has mates, and nobody said where they go.",
            path=first,
            hint="Give --out2 FILE for the second reads, or --interleaved.",
        )
    is_among = arguments.interleaved and singletons == first
    return OutputPlan(
        first,
        second,
        None if is_among else singletons,
        with_singletons=is_among,
        replace=arguments.force,
        split_reads=arguments.split_reads,
        dropped=dropped_files(arguments),
        tells_reasons=arguments.dropped_reasons,
    )


def _is_paired(arguments: argparse.Namespace, sample: Dataset) -> bool:
    return arguments.pairs == "interleaved" or any(len(lane) > 1 for lane in sample.files)


def _named(arguments: argparse.Namespace, sample: Dataset, folder: Path) -> OutputPlan:
    """In a folder, files of the same names as the inputs; gzip files for what cannot be written as it was read.

    Reads of several lanes go into one file, which is named after the sample.
    """
    if arguments.out2 is not None or arguments.singletons is not None:
        raise WrongUse("With a folder for -o, the other files get their names by themselves.")
    names = [_output_name(path) for path in sample.files[0]]
    if len(sample.files) > 1:
        ending = next(end for end in (".fastq.gz", ".fq.gz", "") if names[0].endswith(end)) or ".fastq.gz"
        names = [f"{sample.name}_R{mate}{ending}" for mate in (1, 2)] if len(names) > 1 else [f"{sample.name}{ending}"]
    files = [folder / name for name in names]
    is_one = not _is_paired(arguments, sample) or arguments.interleaved or len(files) == 1
    second = None if is_one else files[1]
    return OutputPlan(
        files[0],
        second,
        replace=arguments.force,
        split_reads=arguments.split_reads,
        dropped=dropped_files(arguments, files[0], second),
        tells_reasons=arguments.dropped_reasons,
    )


def _output_name(path: Path) -> str:
    if path == Path("-"):
        return "standard_input.fastq.gz"
    if path.suffix.lower() in {".fastq", ".fq", ".gz", ".bgz", ".zst"}:
        return path.name
    return f"{path.name.split('.')[0]}.fastq.gz"
