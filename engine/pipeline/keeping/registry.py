"""All pipelines of a user, in all their versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.pipeline.definition import PipelineDefinition, PipelineType
from engine.pipeline.errors import (
    PipelineError,
    PipelineExistsError,
    PipelineInUseError,
    PipelineNotFoundError,
    ShippedPipelineError,
)
from engine.pipeline.faults import shown
from engine.pipeline.keeping.associations import Associations
from engine.pipeline.keeping.files import read_pipeline, write_pipeline
from engine.pipeline.keeping.place import Keeper, Records
from engine.pipeline.keeping.shelf import Shelf
from engine.pipeline.keeping.versions import Part, next_version, version_order
from engine.pipeline.resolving import Plugins
from engine.pipeline.validation import checked

Data = Mapping[str, Any] | PipelineDefinition
"""A definition, or what was read from a file or a request and may be one."""

Job = Callable[[Records, PipelineDefinition, Shelf], PipelineDefinition]
"""Changes what is kept for a definition that has been checked."""


@dataclass(frozen=True, slots=True)
class ListedPipeline:
    """A pipeline in a list.

    Attributes:
        definition: its latest version.
        versions: all its versions, the latest last.
        is_shipped: whether it came with Lanescope, and stays as it is.
    """

    definition: PipelineDefinition
    versions: tuple[str, ...]
    is_shipped: bool


class PipelineRegistry:
    """Keeps pipelines. What is kept under a name and version never changes; a change is a new version.

    Every method may be called from any thread, and several processes may use one database at a time: what is
    checked is checked where it is changed.

    Attributes:
        associations: which datasets use which pipelines.
    """

    def __init__(self, keeper: Keeper, *, plugins: Plugins | None = None) -> None:
        """A registry over what a place keeps.

        Args:
            keeper: where pipelines are kept, such as `engine.store.store.Store.pipelines`.
            plugins: those that stages may name; ``None``: their names and parameters are not checked.
        """
        self._keeper = keeper
        self._plugins = plugins
        self.associations = Associations(keeper)

    def get(self, name: str, version: str | None = None) -> PipelineDefinition:
        """A pipeline, kept or shipped.

        Args:
            name: its name, or name and version as ``trimming@1.0.0``.
            version: which version; ``None``: the latest one.

        Raises:
            PipelineNotFoundError: there is none.
            PipelineError: what is kept of it cannot be understood.
        """
        name, _, pinned = name.partition("@")
        return self._keeper.read(lambda records: Shelf(records).get(name, version or pinned or None))

    def versions(self, name: str) -> tuple[str, ...]:
        """The versions of a pipeline, the latest last.

        Raises:
            PipelineNotFoundError: there is none.
        """

        def job(records: Records) -> tuple[str, ...]:
            shelf = Shelf(records)
            found = tuple(shelf.versions(name))
            if not found:
                raise PipelineNotFoundError(name, list(shelf.names()))
            return found

        return self._keeper.read(job)

    def list(self, pipeline_type: PipelineType | None = None) -> tuple[ListedPipeline, ...]:
        """The pipelines, by name.

        Args:
            pipeline_type: only those of this type.

        Raises:
            PipelineError: what is kept of one cannot be understood.
        """

        def job(records: Records) -> tuple[ListedPipeline, ...]:
            shelf = Shelf(records)
            everything = [
                ListedPipeline(shelf.get(name), tuple(shelf.versions(name)), shelf.is_shipped(name))
                for name in shelf.names()
            ]
            return tuple(each for each in everything if pipeline_type in {None, each.definition.type})

        return self._keeper.read(job)

    def check(self, data: Data, *, where: str = "") -> PipelineDefinition:
        """The definition, if nothing is wrong with it among the pipelines and plugins that there are.

        Args:
            data: what may be a definition.
            where: what to call it in an error; empty: by its name.

        Raises:
            InvalidPipelineError: with everything that is wrong.
        """
        shelf = self._keeper.read(Shelf)
        return checked(data, plugins=self._plugins, pipelines=shelf, where=where)

    def register(self, data: Data) -> PipelineDefinition:
        """Keeps a new pipeline.

        Raises:
            InvalidPipelineError: with everything that is wrong.
            PipelineExistsError: there is one of this name.
            ShippedPipelineError: one that came with Lanescope has this name.
        """

        def job(records: Records, definition: PipelineDefinition, shelf: Shelf) -> PipelineDefinition:
            if shelf.versions(definition.name):
                raise PipelineExistsError(
                    f"There is a pipeline {shown(definition.name)} already.",
                    name=definition.name,
                    hint="Choose another name, or update that pipeline.",
                )
            return _add(records, definition)

        return self._change(data, job)

    def update(self, data: Data, part: Part | None = None) -> PipelineDefinition:
        """Keeps a new version of a pipeline.

        Args:
            data: the pipeline as it shall be.
            part: which number of the latest version goes up; ``None``: the new version is the one in `data`.

        Raises:
            InvalidPipelineError: with everything that is wrong.
            PipelineNotFoundError: there is no pipeline of this name.
            PipelineExistsError: its version is not higher than the latest.
            PipelineError: it is of another type.
            ShippedPipelineError: it came with Lanescope.
        """

        def job(records: Records, definition: PipelineDefinition, shelf: Shelf) -> PipelineDefinition:
            latest = shelf.get(definition.name)
            if part is not None:
                definition = definition.model_copy(update={"version": next_version(latest.version, part)})
            _check_succession(definition, latest)
            return _add(records, definition)

        return self._change(data, job)

    def save(self, data: Data) -> PipelineDefinition:
        """Keeps a pipeline, new or not: under its version if that is higher than the latest, else the next one.

        Returns:
            What is kept, and in which version; the latest where nothing but the version differs.

        Raises:
            InvalidPipelineError: with everything that is wrong.
            PipelineError: it is of another type than the pipeline of its name.
            ShippedPipelineError: it came with Lanescope.
        """

        def job(records: Records, definition: PipelineDefinition, shelf: Shelf) -> PipelineDefinition:
            latest = shelf.find(definition.name)
            if latest is None:
                return _add(records, definition)
            if latest.model_copy(update={"version": definition.version}) == definition:
                return latest
            if version_order(definition.version) <= version_order(latest.version):
                definition = definition.model_copy(update={"version": next_version(latest.version)})
            _check_succession(definition, latest)
            return _add(records, definition)

        return self._change(data, job)

    def unregister(self, name: str, version: str | None = None) -> None:
        """Removes a pipeline, or one version of it. Runs that go on keep theirs.

        Raises:
            PipelineNotFoundError: there is none.
            PipelineInUseError: datasets or other pipelines use it.
            ShippedPipelineError: it came with Lanescope.
        """

        def job(records: Records) -> None:
            shelf = Shelf(records)
            known = shelf.versions(name)
            if not known or (version is not None and version not in known):
                raise PipelineNotFoundError(name, list(shelf.names()), version)
            if shelf.is_shipped(name):
                raise ShippedPipelineError(name)
            gone = list(known) if version is None else [version]
            left = [each for each in known if each not in gone]
            users = (*Associations.users(records, name, gone, left), *shelf.users(name, gone))
            if users:
                raise PipelineInUseError(name, users)
            for each in gone:
                records.remove(name, each)

        self._keeper.change(job)

    def import_file(self, path: Path) -> PipelineDefinition:
        """Keeps the pipeline in a file, as a new one or as another version of one; again changes nothing.

        Raises:
            PipelineFileError: it cannot be read, or is not TOML.
            InvalidPipelineError: with everything that is wrong.
            PipelineExistsError: there is another pipeline of this name and version.
            PipelineError: it is of another type than the pipeline of its name.
            ShippedPipelineError: one that came with Lanescope has this name.
        """

        def job(records: Records, definition: PipelineDefinition, shelf: Shelf) -> PipelineDefinition:
            same = shelf.find(definition.reference)
            if same is None:
                _check_type(definition, shelf.find(definition.name))
                return _add(records, definition)
            if same != definition:
                raise _taken(definition)
            return same

        return self._change(read_pipeline(path, plugins=self._plugins, pipelines=self._keeper.read(Shelf)), job)

    def export(self, name: str, path: Path, version: str | None = None, *, replace: bool = False) -> Path:
        """Writes a pipeline to a TOML file, or into a folder; see `engine.pipeline.keeping.files.write_pipeline`.

        Raises:
            PipelineNotFoundError: there is none.
            PipelineFileError: it cannot be written, or is there already.
        """
        return write_pipeline(self.get(name, version), path, replace=replace)

    def _change(self, data: Data, job: Job) -> PipelineDefinition:
        # Once outside of the transaction, where it takes long the first time and may hold up nobody.
        definition = self.check(data)

        def inside(records: Records) -> PipelineDefinition:
            shelf = Shelf(records)
            if shelf.is_shipped(definition.name):
                raise ShippedPipelineError(definition.name)
            return job(records, checked(definition, plugins=self._plugins, pipelines=shelf), shelf)

        return self._keeper.change(inside)


def _add(records: Records, definition: PipelineDefinition) -> PipelineDefinition:
    records.add(definition.name, definition.version, definition.model_dump_json())
    return definition


def _check_succession(definition: PipelineDefinition, latest: PipelineDefinition) -> None:
    _check_type(definition, latest)
    if version_order(definition.version) <= version_order(latest.version):
        raise PipelineExistsError(
            f"{shown(definition.name)} has version {latest.version} already.",
            name=definition.name,
            hint=f"Give it a higher version, such as {next_version(latest.version)}.",
        )


def _check_type(definition: PipelineDefinition, latest: PipelineDefinition | None) -> None:
    if latest is not None and latest.type != definition.type:
        raise PipelineError(
            f"{shown(definition.name)} is a {latest.type} pipeline and cannot become a {definition.type} one.",
            name=definition.name,
            hint="Choose another name for it.",
        )


def _taken(definition: PipelineDefinition) -> PipelineExistsError:
    return PipelineExistsError(
        f"There is another pipeline {definition.reference} already.",
        name=definition.name,
        hint="Give the one in the file another version or name.",
    )
