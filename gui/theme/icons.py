"""Icons of ``resources/icons``, tinted to a token and drawn at the screen's resolution."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QGuiApplication, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton

from gui.theme.theme import faint, theme

_SIZES = (16, 20)


@cache
def _drawing(name: str) -> str:
    return files("resources").joinpath("icons", f"{name}.svg").read_text("utf-8")


@lru_cache(maxsize=256)
def image(name: str, color: str, size: int, ratio: float = 1.0) -> QImage:
    """The icon ``name`` in ``color`` (``#rrggbb``), ``size`` logical pixels wide, for a screen of ``ratio``.

    Raises:
        FileNotFoundError: there is no such icon.
    """
    renderer = QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", color).encode()))
    pixels = round(size * ratio)
    made = QImage(QSize(pixels, pixels), QImage.Format.Format_ARGB32_Premultiplied)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


def icon(name: str, token_name: str = "text") -> QIcon:
    """The icon ``name`` in the colour of a token as it is now; see :func:`bind_icon` for one that follows the theme.

    Raises:
        FileNotFoundError: there is no such icon.
        KeyError: there is no such token.
    """
    tokens = theme().tokens
    screens = QGuiApplication.screens()
    ratios = {1.0, *(screen.devicePixelRatio() for screen in screens)}
    made = QIcon()
    for mode, color in ((QIcon.Mode.Normal, tokens[token_name]), (QIcon.Mode.Disabled, faint(tokens))):
        for size in _SIZES:
            for ratio in ratios:
                made.addPixmap(QPixmap.fromImage(image(name, color, size, ratio)), mode)
    return made


class _Tint(QObject):
    """Lives as long as the button or action whose icon it keeps in the theme's colour."""

    def __init__(self, target: QAbstractButton | QAction, name: str, token_name: str) -> None:
        super().__init__(target)
        self._target = target
        self._name = name
        self._token_name = token_name
        self.tint()
        theme().changed.connect(self.tint)

    def tint(self) -> None:
        self._target.setIcon(icon(self._name, self._token_name))


def bind_icon(target: QAbstractButton | QAction, name: str, token_name: str = "text") -> None:
    """Give ``target`` the icon ``name``, and tint it anew whenever the theme changes."""
    for old in target.findChildren(_Tint, options=Qt.FindChildOption.FindDirectChildrenOnly):
        old.deleteLater()
        theme().changed.disconnect(old.tint)
    _Tint(target, name, token_name)
