from __future__ import annotations

from importlib.resources import files

import pytest
from PySide6.QtGui import QColor, QFontDatabase, QFontInfo, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from gui.theme.fonts import Role, font
from gui.theme.icons import bind_icon, icon, image
from gui.theme.theme import Theme, stylesheet, theme
from gui.theme.tokens import DARK, LIGHT, SERIES


def test_there_is_one_theme(qapp: QApplication) -> None:
    assert theme() is theme()


def test_applying_dresses_the_application(dark: Theme, qapp: QApplication) -> None:
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(DARK.ground)
    assert DARK.accent in qapp.styleSheet()
    assert QFontInfo(qapp.font()).family() == "Inter"


def test_another_mode_is_told_once_the_application_wears_it(dark: Theme, qapp: QApplication, qtbot: QtBot) -> None:
    seen: list[str] = []
    dark.changed.connect(lambda: seen.append(qapp.palette().color(QPalette.ColorRole.Window).name()))
    with qtbot.waitSignal(dark.changed):
        dark.set_mode("light")
    assert (dark.is_dark, dark.tokens) == (False, LIGHT)
    assert seen == [LIGHT.ground]


def test_the_same_mode_again_changes_nothing(dark: Theme, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(dark.changed):
        dark.set_mode("dark")


def test_colours_of_tokens_and_series(dark: Theme) -> None:
    assert dark.color("accent") == QColor(DARK.accent)
    assert dark.color("A") == QColor(SERIES["A"])
    with pytest.raises(KeyError):
        dark.color("pink")


@pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])
def test_the_stylesheet_has_no_hole(tokens: object) -> None:
    assert "$" not in stylesheet(DARK if tokens is DARK else LIGHT)


@pytest.mark.parametrize(
    ("role", "family", "style"),
    [("text", "Inter", "Regular"), ("figure", "Inter", "SemiBold"), ("mono", "JetBrains Mono", "Regular")],
)
def test_shipped_fonts_are_used(dark: Theme, role: Role, family: str, style: str) -> None:
    assert QFontInfo(font(role)).family() == family
    assert style.lower() in {known.lower().replace(" ", "") for known in QFontDatabase.styles(family)}


def test_figures_are_tabular(dark: Theme) -> None:
    metrics = QFontMetricsF(font("figure"))
    widths = {metrics.horizontalAdvance(figure) for figure in "0123456789"}
    assert len(widths) == 1


@pytest.mark.parametrize("role", ["text", "strong"])
def test_hyphens_of_names_are_not_as_wide_as_figures(dark: Theme, role: Role) -> None:
    plain = font(role)
    plain.clearFeatures()
    made, before = QFontMetricsF(font(role)), QFontMetricsF(plain)
    assert made.horizontalAdvance("-") == before.horizontalAdvance("-")
    assert made.horizontalAdvance("0-0") < 3 * made.horizontalAdvance("0")


def test_fonts_come_with_their_licences() -> None:
    folder = files("resources").joinpath("fonts")
    for family in ("Inter", "JetBrainsMono"):
        assert "SIL OPEN FONT LICENSE" in folder.joinpath(f"{family}-LICENSE.txt").read_text("utf-8")


def test_fonts_stay_small() -> None:
    folder = files("resources").joinpath("fonts")
    assert sum(len(entry.read_bytes()) for entry in folder.iterdir()) < 1_500_000


@pytest.mark.parametrize(
    "name",
    [
        "reads",
        "pipeline",
        "runs",
        "plugins",
        "settings",
        "pause",
        "resume",
        "cancel",
        "delete",
        "search",
        "logo",
        "more",
    ],
)
def test_icons_are_drawn_in_the_colour_of_a_token(dark: Theme, name: str) -> None:
    drawn = image(name, DARK.accent, 48)
    pixels = [QColor(drawn.pixelColor(x, y)) for x in range(48) for y in range(48)]
    opaque = [pixel for pixel in pixels if pixel.alpha() == 255]
    wanted = QColor(DARK.accent)
    assert opaque
    # Where a line lies over an area, rounding may move a channel by one.
    for pixel in opaque:
        assert pixel.red() == wanted.red()
        assert abs(pixel.green() - wanted.green()) <= 1
        assert pixel.blue() == wanted.blue()
    assert not icon(name, "accent").isNull()


def test_icons_are_sharp_on_fine_screens() -> None:
    drawn = image("runs", DARK.text, 20, 2.0)
    assert (drawn.width(), drawn.devicePixelRatio()) == (40, 2.0)


def test_an_unknown_icon_is_a_defect() -> None:
    with pytest.raises(FileNotFoundError):
        icon("unicorn")


def test_a_bound_icon_follows_the_theme(dark: Theme, qtbot: QtBot) -> None:
    button = QPushButton("Open")
    qtbot.addWidget(button)
    bind_icon(button, "cancel")
    assert middle(button) == QColor(DARK.text)
    dark.set_mode("light")
    assert middle(button) == QColor(LIGHT.text)
    bind_icon(button, "resume", "accent")
    dark.set_mode("dark")
    assert middle(button) == QColor(DARK.accent)


def test_a_bound_icon_dies_with_its_button(dark: Theme, qtbot: QtBot) -> None:
    button = QToolButton()
    bind_icon(button, "more")
    button.deleteLater()
    qtbot.wait(1)
    dark.set_mode("light")


def middle(button: QPushButton) -> QColor:
    drawn = button.icon().pixmap(20, 20).toImage()
    return QColor(drawn.pixelColor(drawn.width() // 2, drawn.height() // 2))
