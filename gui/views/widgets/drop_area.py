"""Where a first run begins."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gui.theme.fonts import font
from gui.theme.theme import theme
from gui.theme.tokens import GAP, RADIUS, SPACE

_SENTENCE = "Drop FASTQ files here and see how good the reads are while they come in."
_READS = (
    (30, 0, "ACGGT"),
    (96, 16, "TTGCAG"),
    (8, 32, "GCATC"),
    (78, 48, "CAGT"),
)
"""Left edge, top and bases of the reads in the picture."""

_BASE = 17
_BAR = 8
_PICTURE = (208, 134)
_LEAST_WITH_PICTURE = 300


class DropArea(QWidget):
    """The empty state that asks for files: one picture, one sentence, three buttons.

    It takes no drops itself; the page does, and calls :meth:`set_hover`.

    Signals:
        open_requested: the user wants to choose files.
        follow_folder_requested: a folder that fills shall be read as it does; likewise a file that grows.
        samples_requested: the user wants to try the reads that come with Lanescope.
    """

    open_requested = Signal()
    follow_folder_requested = Signal()
    follow_file_requested = Signal()
    samples_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hover = False
        self._picture = _Picture()
        sentence = QLabel(_SENTENCE)
        sentence.setTextFormat(Qt.TextFormat.PlainText)
        sentence.setFont(font("heading"))
        sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        sentence.setWordWrap(True)
        self.open_button = QPushButton("Open files…")
        self.open_button.setProperty("role", "primary")
        self.open_button.clicked.connect(self.open_requested)
        self.follow_button = QPushButton("Follow…")
        self.follow_button.setToolTip("Read a sequencer's output while it is written")
        menu = QMenu(self.follow_button)
        menu.addAction("A folder that fills…", self.follow_folder_requested.emit)
        menu.addAction("A file that grows…", self.follow_file_requested.emit)
        self.follow_button.setMenu(menu)
        self.samples_button = QPushButton("Try the sample reads")
        self.samples_button.clicked.connect(self.samples_requested)
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP)
        buttons.addStretch(1)
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.follow_button)
        buttons.addWidget(self.samples_button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[6 * SPACE] * 4)
        column.addStretch(1)
        column.addWidget(self._picture, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(7 * SPACE)
        column.addWidget(sentence)
        column.addSpacing(5 * SPACE)
        column.addLayout(buttons)
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(_SENTENCE)

    @property
    def hover(self) -> bool:
        """Whether files are held over the area."""
        return self._hover

    def set_hover(self, hover: bool) -> None:
        """Highlight while files are held over the area."""
        if hover != self._hover:
            self._hover = hover
            self._picture.lit = hover
            self._picture.update()
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's call: a low window has room for the words, but not for the picture."""
        super().resizeEvent(event)
        self._picture.setVisible(event.size().height() >= _LEAST_WITH_PICTURE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the dashed frame."""
        tokens = theme().tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(tokens.accent if self._hover else tokens.line), 2 if self._hover else 1.5)
        pen.setDashPattern([4, 4])
        painter.setPen(pen)
        painter.setBrush(QColor(tokens.soft("accent") if self._hover else tokens.panel))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)


class _Picture(QWidget):
    """Reads that fall into a tray; the arrow lights up while files are held over it."""

    def __init__(self) -> None:
        super().__init__()
        self.lit = False
        self.setFixedSize(*_PICTURE)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme().tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for left, top, bases in _READS:
            for number, base in enumerate(bases):
                painter.setBrush(theme().color(base))
                painter.drawRoundedRect(QRectF(left + number * _BASE, top, _BASE - 2, _BAR), 3, 3)
        arrow = QPen(QColor(tokens.accent if self.lit else tokens.muted), 3)
        arrow.setCapStyle(Qt.PenCapStyle.RoundCap)
        arrow.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(arrow)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        middle = self.width() / 2
        painter.drawLine(QPointF(middle, 72), QPointF(middle, 100))
        painter.drawPolyline(QPolygonF([QPointF(middle - 9, 91), QPointF(middle, 100), QPointF(middle + 9, 91)]))
        tray = [(2, 96), (2, 118), (14, 130), (194, 130), (206, 118), (206, 96)]
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in tray]))
