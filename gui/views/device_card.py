"""What the devices of a run do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from engine.run.snapshot import RunSnapshot
from gui.models.device_load import DevicePage, DeviceRow, present_devices
from gui.theme.tokens import GAP, SPACE
from gui.views.banner import Banner
from gui.views.plain_label import PlainLabel
from gui.views.symbol import Symbol
from gui.views.widgets.card import TitledCard
from gui.views.widgets.elided_label import ElidedLabel
from gui.views.widgets.progress_line import ProgressLine

_SHARE_WIDTH = 44


class DevicePanel(QWidget):
    """Warnings, and a card of the devices; takes no room where there is nothing to tell."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.warning = Banner()
        self.warning.setAccessibleName("Warning")
        self.card = DeviceCard()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(self.warning)
        column.addWidget(self.card)
        self.hide()

    def set_snapshot(self, snapshot: RunSnapshot) -> None:
        """Show what the devices of ``snapshot`` do."""
        page = present_devices(snapshot)
        self.warning.say("\n".join(page.warnings))
        self.card.set_page(page)
        self.setVisible(not page.is_empty)


class DeviceCard(TitledCard):
    """Each device with how busy it is, its share of the batches, and its times; below, what was chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Devices", parent=parent)
        self.lines: list[DeviceLine] = []
        self.choice = PlainLabel(role="note", muted=True, wraps=True, selectable=True)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(2 * SPACE)
        self.content.setSpacing(2 * SPACE)
        self.content.addLayout(self._lines)
        self.content.addWidget(self.choice)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_page(self, page: DevicePage) -> None:
        """Show ``page``."""
        while len(self.lines) < len(page.rows):
            self.lines.append(DeviceLine())
            self._lines.addWidget(self.lines[-1])
        for line, row in zip(self.lines, page.rows, strict=False):
            line.set_row(row)
        for number, line in enumerate(self.lines):
            line.setVisible(number < len(page.rows))
        self.choice.setText(page.choice)
        self.choice.setVisible(bool(page.choice))
        self.setVisible(bool(page.rows or page.choice))


class DeviceLine(QWidget):
    """One device."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._symbol = Symbol("created", "muted")
        self.name = PlainLabel(role="strong")
        self.title = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self.times = PlainLabel(role="note", muted=True)
        self.busy, self.queue_share = ProgressLine(), ProgressLine()
        self.busy.setAccessibleName("Busy")
        self.queue_share.setAccessibleName("Share of the batches")
        self.busy_text, self.share_text = _figure(), _figure()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2 * SPACE)
        grid.setVerticalSpacing(SPACE)
        grid.addWidget(self._symbol, 0, 0)
        grid.addWidget(self.name, 0, 1)
        grid.addWidget(self.title, 0, 2, 1, 3)
        grid.addWidget(self.times, 0, 5, 1, 3, Qt.AlignmentFlag.AlignRight)
        for column, (text, line, figure) in enumerate(
            (("busy", self.busy, self.busy_text), ("batches", self.queue_share, self.share_text))
        ):
            first = 1 + 4 * column
            grid.addWidget(PlainLabel(text, role="note", muted=True), 1, first)
            grid.addWidget(line, 1, first + 1, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(figure, 1, first + 2)
        grid.setColumnStretch(2, 1)
        grid.setColumnMinimumWidth(4, GAP)
        grid.setColumnStretch(6, 1)

    def set_row(self, row: DeviceRow) -> None:
        """Show ``row``."""
        self._symbol.set_symbol(*row.symbol)
        self.name.setText(row.name)
        self.title.setText(row.title)
        self.times.setText(row.times)
        self.busy.set_fraction(row.busy)
        self.busy_text.setText(f"{100 * row.busy:.0f} %")
        self.queue_share.set_fraction(row.queue_share)
        self.share_text.setText(f"{100 * row.queue_share:.0f} %")
        self.setAccessibleName(f"{row.name}, {row.title}")
        self.setAccessibleDescription(
            f"{self.busy_text.text()} busy, {self.share_text.text()} of the batches, {row.times}"
        )


def _figure() -> PlainLabel:
    label = PlainLabel(role="note")
    label.setMinimumWidth(_SHARE_WIDTH)
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return label
