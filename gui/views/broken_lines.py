"""Words broken into lines where one does not hold them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QListView, QStyleOptionViewItem

from gui.theme.fonts import Role, font

_ANY_WIDTH = 10_000


def broken_lines(text: str, role: Role, room: float, below: float | None = None) -> list[str]:
    """The text in one line or two; the last one ends with an ellipsis where there is more.

    Args:
        text: words with spaces between them.
        role: of the letters.
        room: for the first line, pixels.
        below: for the second, where that has another.
    """
    metrics = QFontMetricsF(font(role))
    words = text.split()
    first = 1
    while first < len(words) and metrics.horizontalAdvance(" ".join(words[: first + 1])) <= room:
        first += 1
    lines = [" ".join(part) for part in (words[:first], words[first:]) if part] or [""]
    rooms = (room, room if below is None else below)
    return [
        metrics.elidedText(line, Qt.TextElideMode.ElideRight, max(0.0, space))
        for line, space in zip(lines, rooms, strict=False)
    ]


def width_of_line(option: QStyleOptionViewItem) -> float:
    """Pixels that a line of a list has beside its scroll bar, whether or not there is one.

    Heights that follow from the width must not depend on the bar, which comes and goes with the heights.
    """
    view = option.widget
    if not isinstance(view, QListView):
        return float(option.rect.width() or _ANY_WIDTH)
    bar = view.verticalScrollBar().sizeHint().width()
    return float(view.contentsRect().width() - bar - 2 * view.spacing())
