"""A plot held still for its picture."""

from __future__ import annotations

from PySide6.QtCore import QSize

from gui.views.plots.canvas import Canvas

_LEAST = QSize(640, 360)


class Posed:
    """Holds a plot that is small or was never shown at a size fit for a picture, and lets it go again.

    Nothing is seen of it: the window paints only after.
    """

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._before: QSize = canvas.size()

    def __enter__(self) -> QSize:
        """Hold the plot, and tell its size, logical pixels."""
        size = self._before.expandedTo(_LEAST)
        self._resize(size)
        return size

    def __exit__(self, *_: object) -> None:
        """Let the plot go."""
        if self._canvas.size() != self._before:
            self._resize(self._before)

    def _resize(self, size: QSize) -> None:
        self._canvas.resize(size)
        self._canvas.settle()
