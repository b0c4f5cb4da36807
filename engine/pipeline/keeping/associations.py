"""Which datasets use which pipelines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from engine.pipeline.definition import PipelineDefinition, PipelineType
from engine.pipeline.errors import PipelineError
from engine.pipeline.faults import shown
from engine.pipeline.keeping.place import Keeper, Records
from engine.pipeline.keeping.shelf import Shelf, needs

DatasetKind = Literal["folder", "sample", "watched"]
"""A folder with reads, a sample, or an output folder of an instrument that is watched for new files."""

_KINDS = {"folder": "the folder", "sample": "the sample", "watched": "the watched folder"}
_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Dataset:
    """Reads that belong together. Make folders with `of_folder`, so that each has one name.

    Attributes:
        kind: what it is.
        place: a folder's absolute path, or a sample's name.
    """

    kind: DatasetKind
    place: str

    def __post_init__(self) -> None:
        if self.kind not in get_args(DatasetKind):
            raise ValueError(f"{self.kind!r} is no kind of a dataset")
        if not self.place.strip() or len(self.place) > _LONGEST or "\0" in self.place:
            raise PipelineError(
                f"{shown(self.place)} cannot be the name of a dataset.",
                name="",
                hint=f"Choose a name of 1 to {_LONGEST} characters.",
            )
        try:
            self.place.encode()
        except UnicodeEncodeError as error:
            raise PipelineError(
                f"The name {shown(self.place)} holds bytes that are not UTF-8.", name="", hint="Rename the folder."
            ) from error

    @classmethod
    def of_folder(cls, path: Path, kind: Literal["folder", "watched"] = "folder") -> Dataset:
        """A folder, links followed; it need not be there yet."""
        return cls(kind, str(path.expanduser().resolve()))

    def __str__(self) -> str:
        return f"{_KINDS[self.kind]} {self.place}"


@dataclass(frozen=True, slots=True)
class Association:
    """A dataset and its pipeline of one type.

    Attributes:
        dataset: the reads.
        type: of the pipeline.
        reference: the pipeline: ``name`` for whatever version is the latest, or ``name@version``.
    """

    dataset: Dataset
    type: PipelineType
    reference: str


class Associations:
    """Gives datasets their pipelines: at most one of each type. Every method may be called from any thread."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    def associate(self, dataset: Dataset, reference: str) -> Association:
        """Gives a dataset a pipeline, in place of another one of its type.

        Args:
            dataset: the reads.
            reference: ``name`` for the latest version, whichever that will be, or ``name@version``.

        Raises:
            PipelineNotFoundError: there is no such pipeline.
        """

        def job(records: Records) -> Association:
            name, _, version = reference.partition("@")
            found = Shelf(records).get(name, version or None)
            plain = f"{name}@{version}" if version else name
            records.associate(dataset.kind, dataset.place, found.type, plain)
            return Association(dataset, found.type, plain)

        return self._keeper.change(job)

    def dissociate(self, dataset: Dataset, pipeline_type: PipelineType) -> bool:
        """Takes a dataset's pipeline of one type away; whether there was one."""
        return self._keeper.change(lambda records: records.dissociate(dataset.kind, dataset.place, pipeline_type))

    def list(self) -> tuple[Association, ...]:
        """All of them, by kind and place of the dataset."""
        return self._keeper.read(_all)

    def pipeline(self, dataset: Dataset, pipeline_type: PipelineType = "document") -> PipelineDefinition | None:
        """The pipeline of one type that a dataset uses, as it is today; ``None``: it uses none.

        Raises:
            PipelineError: what is kept of it cannot be understood.
        """
        found = self._keeper.read(lambda records: _used(records, [(dataset.kind, dataset.place)], pipeline_type))
        return None if found is None else found[1]

    def for_file(
        self, path: Path, pipeline_type: PipelineType = "document", *, sample: str = ""
    ) -> PipelineDefinition | None:
        """The pipeline for a file: its sample's, or that of the nearest folder around it that uses one, watched or not.

        Args:
            path: the file, or a folder that is followed.
            pipeline_type: of the pipeline.
            sample: the sample that it belongs to; empty: not known.

        Raises:
            PipelineError: what is kept of it cannot be understood.
        """
        found = self.match(path, pipeline_type, sample=sample)
        return None if found is None else found[1]

    def match(
        self, path: Path, pipeline_type: PipelineType = "document", *, sample: str = ""
    ) -> tuple[Association, PipelineDefinition] | None:
        """The pipeline for a file as `for_file` has it, and because of what; ``None``: there is none.

        Raises:
            PipelineError: what is kept of it cannot be understood.
        """
        resolved = path.expanduser().resolve()
        folders = [resolved, *resolved.parents] if resolved.is_dir() else list(resolved.parents)
        around = [(kind, str(folder)) for folder in folders for kind in ("watched", "folder")]
        return self._keeper.read(lambda records: _used(records, [("sample", sample), *around], pipeline_type))

    @staticmethod
    def users(records: Records, name: str, versions: Sequence[str], left: Sequence[str]) -> Iterator[str]:
        """Datasets that need some versions of a pipeline, in words; arguments as for `needs`."""
        for association in _all(records):
            if needs(association.reference, name, versions, left):
                yield str(association.dataset)


def _all(records: Records) -> tuple[Association, ...]:
    return tuple(
        Association(Dataset(_kind(kind), place), _type(type_), reference)
        for kind, place, type_, reference in records.associations()
    )


def _used(
    records: Records, datasets: Sequence[tuple[str, str]], pipeline_type: PipelineType
) -> tuple[Association, PipelineDefinition] | None:
    """What the first of some datasets, by kind and place, uses which uses any."""
    used = {(each.dataset.kind, each.dataset.place): each for each in _all(records) if each.type == pipeline_type}
    first = next((used[dataset] for dataset in datasets if dataset in used), None)
    definition = None if first is None else Shelf(records).find(first.reference)
    return None if first is None or definition is None else (first, definition)


def _kind(text: str) -> DatasetKind:
    return "folder" if text == "folder" else "sample" if text == "sample" else "watched"


def _type(text: str) -> PipelineType:
    return "document" if text == "document" else "query" if text == "query" else "result"
