"""The rail of places at the window's left edge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class RailEntry:
    """One place.

    Attributes:
        key: what :attr:`Rail.selected` says.
        label: the word below the icon.
        icon: name of an icon in ``resources/icons``.
        foot: whether it stands at the foot of the rail.
    """

    key: str
    label: str
    icon: str
    foot: bool = False


class Rail(QWidget):
    """The places of the window, one below the other.

    Signals:
        selected: key of the entry the user chose; not emitted by :meth:`select`.
    """

    selected = Signal(str)

    def __init__(self, entries: Sequence[RailEntry], parent: QWidget | None = None) -> None:
        super().__init__(parent)

    def select(self, key: str) -> None:
        """Mark the entry ``key`` as the current one.

        Raises:
            KeyError: there is no such entry.
        """
