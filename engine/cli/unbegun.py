"""Inputs that could not even be begun: kept as failed, so that whoever looks later sees them."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.cli.processing import outputs_wanted
from engine.errors import InputError, LanescopeError
from engine.source.naming import Dataset

if TYPE_CHECKING:
    from pydantic import JsonValue

    from engine.run.settings import RunSettings
    from engine.run.work import Work
    from engine.sink.plan import OutputPlan
    from engine.store.store import Store

NOT_ALONE = "is_not_alone"
"""Parameter of a run that cannot be carried out as it is kept: a folder, or a file of a sample that lacks others."""


def keep_unbegun(
    store: Store,
    refused: Iterable[InputError],
    arguments: argparse.Namespace,
    settings: RunSettings,
    work: Work,
    taken: Sequence[OutputPlan | None],
) -> None:
    """Enters inputs as failed runs, each with what was to become of it.

    Args:
        store: where runs are kept.
        refused: why each was not begun.
        arguments: of `lanescope run`.
        settings: how it would have been carried out.
        work: what was to be done with its reads; where they were to go is found out for each.
        taken: outputs of those that were begun.

    Raises:
        StoreError: they cannot be entered.
    """
    from engine.run.failure import describe
    from engine.run.versions import component_versions

    for error in refused:
        path = error.path.absolute()
        output = _output(arguments, Dataset(path.name, ((error.path,),)))
        own = replace(work, output=output)
        is_single = arguments.pairs not in {"auto", "given"} and not path.is_dir()
        is_alone = is_single and (output is None or output not in taken)
        marked: dict[str, JsonValue] = {} if is_alone else {NOT_ALONE: True}
        store.create_run(
            name=path.name or str(path),
            path=path,
            kind="",
            bytes_total=None,
            workers=settings.workers,
            parameters=settings.model_dump(mode="json") | own.parameters() | marked,
            versions=component_versions(),
            inputs=((path,), (path,)) if arguments.pairs == "interleaved" else (),
            failure=describe(error),
            judged_by=work.judged_by,
        )


def _output(arguments: argparse.Namespace, sample: Dataset) -> OutputPlan | None:
    with contextlib.suppress(LanescopeError):
        [output] = outputs_wanted(arguments, [sample])
        return output
    return None
