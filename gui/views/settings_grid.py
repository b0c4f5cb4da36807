"""Names at the left and fields at the right, at the same place on every card of the settings."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout

from gui.theme.tokens import SPACE

_NAMES = 18 * SPACE
"""As wide as the longest name of all cards."""


def settings_grid(between: int) -> QGridLayout:
    """An empty grid of two columns, its rows ``between`` pixels apart."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(5 * SPACE)
    grid.setVerticalSpacing(between)
    grid.setColumnMinimumWidth(0, _NAMES)
    grid.setColumnStretch(1, 1)
    return grid
