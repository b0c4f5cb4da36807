"""Routes for datasets: which there are, and which pipelines they use."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Query

from engine.pipeline.definition import PipelineType
from engine.pipeline.keeping.associations import Association, Dataset
from engine.report.html.elements import legible
from engine.server.documents import AssociationDocument, AssociationRequest, DatasetDocument, DatasetsDocument
from engine.server.problems import RequestError
from engine.server.workplace import Workplace
from engine.source.naming import find_datasets

Kind = Literal["folder", "sample", "watched"]
Place = Annotated[str, Query(min_length=1, max_length=4096, examples=["/data/run7"])]


def dataset_routes(place: Workplace) -> APIRouter:
    """The routes, over what they work with."""
    router = APIRouter(tags=["datasets"])

    @router.get("/_dataset")
    def list_samples(path: Place) -> DatasetsDocument:
        """List the samples among the files of reads in an allowed folder, lanes and mates put together."""
        found = place.allowed.inputs([path])
        samples = find_datasets(found.files)
        return DatasetsDocument(
            samples=[
                DatasetDocument(
                    name=legible(sample.name),
                    is_paired=sample.is_paired,
                    files=tuple(tuple(legible(str(file)) for file in lane) for lane in sample.files),
                )
                for sample in samples.datasets
            ],
            refused=[legible(str(error)) for error in (*found.refused, *samples.refused)],
        )

    @router.get("/_association")
    def list_associations() -> list[AssociationDocument]:
        """List which datasets use which pipelines."""
        return [_document(association) for association in place.registry.associations.list()]

    @router.put("/_association")
    def associate(wanted: AssociationRequest) -> AssociationDocument:
        """Let a dataset use a pipeline, in place of another one of its type."""
        dataset = _dataset(wanted.kind, wanted.place)
        if dataset.kind != "sample":
            place.allowed.place(dataset.place)
        return _document(place.registry.associations.associate(dataset, wanted.pipeline))

    @router.delete("/_association", status_code=HTTPStatus.NO_CONTENT)
    def dissociate(kind: Kind, place_: Annotated[Place, Query(alias="place")], type: PipelineType = "document") -> None:  # noqa: A002 - part of the URL
        """Let a dataset use no pipeline of one type any more."""
        if not place.registry.associations.dissociate(_dataset(kind, place_), type):
            raise RequestError("This dataset uses no pipeline of this type.", status=HTTPStatus.NOT_FOUND)

    return router


def _dataset(kind: Kind, place: str) -> Dataset:
    if kind == "sample":
        return Dataset("sample", place)
    try:
        return Dataset.of_folder(Path(place), kind)
    except (OSError, RuntimeError, ValueError) as error:
        raise RequestError("This is no path of a folder.", status=HTTPStatus.UNPROCESSABLE_ENTITY) from error


def _document(association: Association) -> AssociationDocument:
    return AssociationDocument(
        kind=association.dataset.kind,
        place=association.dataset.place,
        type=association.type,
        pipeline=association.reference,
    )
