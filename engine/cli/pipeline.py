"""Pipelines from the command line: ``lanescope pipeline list|show|validate|import|export|remove|…``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli import pipeline_stages, pipeline_translate, pipeline_try
from engine.cli.actions import add_action
from engine.cli.console import complain, named_path, printable
from engine.cli.faults import tell_faults
from engine.errors import LanescopeError
from engine.home import find_home
from engine.pipeline.faults import InvalidPipelineError

if TYPE_CHECKING:
    from engine.pipeline.definition import PipelineDefinition
    from engine.pipeline.keeping.associations import Dataset
    from engine.pipeline.keeping.registry import PipelineRegistry


def main(argv: Sequence[str]) -> int:
    """Does what the command line says.

    Returns:
        0 if all went well; 1 if a pipeline has faults or a file cannot be used.

    Raises:
        LanescopeError: it could not be done.
    """
    arguments = _parser().parse_args(argv)
    try:
        status: int = arguments.action(arguments)
    except InvalidPipelineError as error:
        tell_faults(error)
        return 1
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lanescope pipeline",
        description="Keep pipelines: what is done to reads, step by step. NAME is a pipeline's name for its latest "
        "version, or name and version as trimming@1.0.0.",
    )
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    listing = add_action(actions, "list", "list the pipelines there are, and the datasets that use them")
    listing.add_argument("--type", choices=("document", "query", "result"), help="only those of this type")
    listing.set_defaults(action=_list)
    stages = add_action(actions, "stages", "list the stages that pipelines are made of, and what can be set for each")
    pipeline_stages.add_options(stages)
    stages.set_defaults(action=pipeline_stages.show_stages)
    show = add_action(actions, "show", "print a pipeline as a file has it")
    show.add_argument("name", metavar="NAME")
    show.set_defaults(action=_show)
    validate = add_action(actions, "validate", "tell everything that is wrong with a pipeline")
    validate.add_argument("pipelines", metavar="FILE|NAME", nargs="+", help="a TOML file, or a pipeline's name")
    validate.set_defaults(action=_validate)
    bring = add_action(actions, "import", "keep the pipelines in files, as new ones or new versions")
    bring.add_argument("files", metavar="FILE", nargs="+", type=named_path)
    bring.set_defaults(action=_import)
    export = add_action(actions, "export", "write a pipeline to a file")
    export.add_argument("name", metavar="NAME")
    export.add_argument("target", metavar="FILE|DIR", nargs="?", type=named_path, default=Path(), help="default: here")
    export.add_argument("--replace", action="store_true", help="an older file of that name may be replaced")
    export.set_defaults(action=_export)
    translate = add_action(actions, "translate", "make a pipeline of a command of cutadapt or fastp")
    pipeline_translate.add_options(translate)
    translate.set_defaults(action=pipeline_translate.translate)
    attempt = add_action(actions, "try", "tell what a pipeline would do to reads, a search or a result")
    pipeline_try.add_options(attempt)
    attempt.set_defaults(action=pipeline_try.try_pipeline)
    stats = add_action(actions, "stats", "tell what a pipeline has done in all its runs, stage by stage")
    stats.add_argument("name", metavar="NAME")
    stats.add_argument("--json", action="store_true", help="as JSON, a line for each version")
    stats.set_defaults(action=_stats)
    remove = add_action(actions, "remove", "remove a pipeline, or one version of it, that nobody uses")
    remove.add_argument("name", metavar="NAME")
    remove.add_argument("--version", metavar="VERSION", help="only this version")
    remove.set_defaults(action=_remove)
    diff = add_action(actions, "diff", "tell what differs between two versions of a pipeline")
    diff.add_argument("name", metavar="NAME")
    diff.add_argument("before", metavar="VERSION")
    diff.add_argument("after", metavar="VERSION")
    diff.set_defaults(action=_diff)
    associate = add_action(actions, "associate", "let a dataset use a pipeline")
    associate.add_argument("name", metavar="NAME")
    _add_dataset(associate)
    associate.set_defaults(action=_associate)
    dissociate = add_action(actions, "dissociate", "let a dataset use no pipeline any more")
    _add_dataset(dissociate)
    dissociate.add_argument("--type", choices=("document", "query", "result"), default="document")
    dissociate.set_defaults(action=_dissociate)
    return parser


def _add_dataset(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--folder", metavar="DIR", type=named_path, help="the reads in this folder")
    which.add_argument("--watched", metavar="DIR", type=named_path, help="what an instrument writes into this folder")
    which.add_argument("--sample", metavar="NAME", help="the reads of this sample")


# The imports of the actions wait until an action is wanted: --help must not wait for the kernels.


@contextmanager
def _registry() -> Generator[PipelineRegistry]:
    from engine.pipeline.keeping.registry import PipelineRegistry
    from engine.pipeline.plugins import LibraryPlugins
    from engine.store.store import Store
    from engine.wasm.plugins.library import PluginLibrary

    home = find_home()
    with Store.open(home.database) as store:
        yield PipelineRegistry(store.pipelines, plugins=LibraryPlugins(PluginLibrary(home)))


def _list(arguments: argparse.Namespace) -> int:
    with _registry() as registry:
        for listed in registry.list(arguments.type):
            definition = listed.definition
            origin = "shipped" if listed.is_shipped else "kept"
            line = f"{definition.name:30} {definition.version:10} {definition.type:9} {origin:8}"
            print(printable(f"{line} {' '.join(definition.description.split())}".rstrip()))
        for association in registry.associations.list():
            if arguments.type in {None, association.type}:
                print(printable(f"{association.dataset} uses {association.reference}"))
    return 0


def _show(arguments: argparse.Namespace) -> int:
    from engine.pipeline.keeping.files import to_toml

    with _registry() as registry:
        text = to_toml(registry.get(arguments.name))
    print("\n".join(printable(line) for line in text.split("\n")), end="")
    return 0


def _validate(arguments: argparse.Namespace) -> int:
    status = 0
    with _registry() as registry:
        for each in arguments.pipelines:
            try:
                definition = _wanted(registry, each)
            except InvalidPipelineError as error:
                tell_faults(error)
                status = 1
            except LanescopeError as error:
                complain(error)
                status = 1
            else:
                print(printable(f"{each}: {definition.reference} can be used"))
    return status


def _wanted(registry: PipelineRegistry, text: str) -> PipelineDefinition:
    """The pipeline in a file or of a name, with nothing wrong with it."""
    from engine.pipeline.keeping.files import ENDING, load_file

    path = Path(text)
    if path.suffix == ENDING or path.name != text or path.is_file():
        return registry.check(load_file(path), where=path.name)
    return registry.check(registry.get(text))


def _import(arguments: argparse.Namespace) -> int:
    with _registry() as registry:
        for file in arguments.files:
            print(printable(f"{file}: {registry.import_file(file).reference} is kept"))
    return 0


def _export(arguments: argparse.Namespace) -> int:
    with _registry() as registry:
        print(printable(str(registry.export(arguments.name, arguments.target, replace=arguments.replace))))
    return 0


def _stats(arguments: argparse.Namespace) -> int:
    from engine.cli.pipeline_stats import print_statistics
    from engine.pipeline.keeping.lasting import LastingTallies
    from engine.store.store import Store

    name, _, version = arguments.name.partition("@")
    with _registry() as registry:
        registry.get(name, version or None)  # who names one that is not there is told so
    with Store.open(find_home().database) as store:
        done = [each for each in LastingTallies(store.pipelines).of(name) if version in ("", each.version)]
    print_statistics(arguments.name, done, as_json=arguments.json)
    return 0


def _remove(arguments: argparse.Namespace) -> int:
    name, _, version = arguments.name.partition("@")
    with _registry() as registry:
        registry.unregister(name, arguments.version or version or None)
    print(printable(f"{arguments.name} is removed."))
    return 0


def _diff(arguments: argparse.Namespace) -> int:
    from engine.pipeline.keeping.difference import differences

    with _registry() as registry:
        before, after = (registry.get(arguments.name, version) for version in (arguments.before, arguments.after))
    found = differences(before, after)
    for difference in found:
        print(printable(str(difference)))
    if not found:
        print("Nothing differs.")
    return 0


def _associate(arguments: argparse.Namespace) -> int:
    with _registry() as registry:
        association = registry.associations.associate(_dataset(arguments), arguments.name)
    print(printable(f"{association.dataset} uses {association.reference}"))
    if association.dataset.kind != "sample" and not Path(association.dataset.place).is_dir():
        print(printable(f"There is no folder {association.dataset.place} yet."), file=sys.stderr)
    return 0


def _dissociate(arguments: argparse.Namespace) -> int:
    dataset = _dataset(arguments)
    with _registry() as registry:
        had_one = registry.associations.dissociate(dataset, arguments.type)
    print(printable(f"{dataset} {'uses' if had_one else 'used'} no {arguments.type} pipeline{' any more' * had_one}"))
    return 0


def _dataset(arguments: argparse.Namespace) -> Dataset:
    from engine.pipeline.keeping.associations import Dataset

    if arguments.sample is not None:
        return Dataset("sample", arguments.sample)
    if arguments.watched is not None:
        return Dataset.of_folder(arguments.watched, "watched")
    return Dataset.of_folder(arguments.folder)
