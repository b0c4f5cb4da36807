"""How a run is entered in the database, before anything is read."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from engine.collectors.judged_by import standard
from engine.run.sampling import check_can_leave_out
from engine.run.settings import RunSettings
from engine.run.snapshot import RunSnapshot
from engine.run.versions import component_versions
from engine.run.work import Work
from engine.source.inputs import check
from engine.source.pipe import STANDARD_INPUT
from engine.store.store import Store


def enter(
    store: Store,
    settings: RunSettings,
    name: str,
    files: tuple[tuple[Path, ...], ...],
    work: Work,
    over: Collection[int],
) -> RunSnapshot:
    """Checks what a run reads, and enters it.

    Args:
        store: where runs are kept.
        settings: how it is to be carried out.
        name: what to call it.
        files: lanes, each with the file of its reads or those of its mates.
        work: what is to be done.
        over: runs that have ended, which the store may not have heard of yet.

    Raises:
        InputError: a file is not worth starting on; see `check`.
        LanescopeError: a file would be sampled.
        OutputTakenError: a run that has not ended, of whatever process, is going to write one of its files.
        StoreError: it could not be entered.
    """
    paths = tuple(dict.fromkeys(path for group in files for path in group))
    if work.following is None:
        for path in paths:
            check(path)
        check_can_leave_out(settings.backpressure, paths)
    absolute = tuple(tuple(path if path == STANDARD_INPUT else path.absolute() for path in group) for group in files)
    sizes = [path.stat().st_size if path.is_file() and work.following is None else None for path in paths]
    known = [size for size in sizes if size is not None]
    return store.create_run(
        name=name,
        path=absolute[0][0],
        kind="",
        bytes_total=sum(known) if len(known) == len(sizes) else None,
        workers=settings.workers,
        parameters=settings.model_dump(mode="json") | work.parameters(),
        versions=component_versions(),
        inputs=() if len(files) == len(files[0]) == 1 else absolute,
        over=over,
        judged_by=work.judged_by or standard(),
    )
