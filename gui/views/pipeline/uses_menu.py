"""What a line of a list offers about pipelines."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QMenu


def add_pipeline_actions(menu: QMenu, run_id: int | None, ask: Callable[[int, str], object]) -> None:
    """Add the ways to give the folder or the sample of a run a pipeline.

    Args:
        menu: where to.
        run_id: key of the run; ``None``: it is not one run, and nothing can be asked.
        ask: gets the key, and ``folder`` or ``sample``.
    """
    for kind in ("folder", "sample"):
        action = menu.addAction(f"Pipeline for this {kind}…", partial(ask, run_id or 0, kind))
        action.setEnabled(run_id is not None)
