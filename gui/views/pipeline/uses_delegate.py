"""How a dataset that uses pipelines looks as a line of the list."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

from gui.models.pipelines.uses import Use
from gui.views.two_lines import TwoLines

USE_ROLE = Qt.ItemDataRole.UserRole
"""Under which each line has its `Use`."""


def use_lines(index: QModelIndex | QPersistentModelIndex) -> TwoLines | None:
    """Name over kind and place."""
    use = index.data(USE_ROLE)
    if not isinstance(use, Use):
        return None
    return TwoLines(f"{use.title} · {use.words}", use.note, "muted" if use.is_there else "warned")
