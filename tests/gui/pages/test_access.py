"""Everything can be reached, seen and heard: by keyboard, by its ring, by its name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QDialog, QMenu, QWidget
from pytestqt.exceptions import TimeoutError as NotInTime

from gui.views.plots.canvas import Canvas
from tests.gui.desk import Desk, write_reads

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

_Role = QAccessible.Role
_NAMED = {
    _Role.Button,
    _Role.ButtonMenu,
    _Role.CheckBox,
    _Role.ComboBox,
    _Role.EditableText,
    _Role.List,
    _Role.RadioButton,
    _Role.SpinBox,
    _Role.Table,
}
_RING = 20
"""Pixels that differ, at least, once something has the keyboard."""


def nameless(part: QAccessibleInterface) -> Iterator[str]:
    """What a screen reader would find below ``part`` and could not name."""
    if part.state().invisible:
        return
    if part.role() in _NAMED and not part.text(QAccessible.Text.Name):
        found = part.object()
        yield f"{part.role().name} {type(found).__name__} in {type(found.parent()).__name__}"
    if part.role() in {_Role.List, _Role.Table}:
        return
    for number in range(part.childCount()):
        child = part.child(number)
        if child.isValid():
            yield from nameless(child)


def stops(root: QWidget) -> list[QWidget]:
    """What Tab stops at within the window ``root``."""
    return [
        widget
        for widget in root.findChildren(QWidget)
        if widget.isVisible()
        and widget.isEnabled()
        and widget.window() is root
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
    ]


def without_ring(root: QWidget) -> list[str]:
    """Stops that look the same with the keyboard as without."""
    found = []
    for widget in stops(root):
        area = QRect(widget.mapTo(root, QPoint(0, 0)), widget.size()).adjusted(-3, -3, 3, 3)
        # What is scrolled out of sight is brought there first by Tab; a plot frames the card around it.
        if isinstance(widget, Canvas) or not widget.visibleRegion().contains(widget.rect()):
            continue
        if widget.hasFocus():
            widget.clearFocus()
        before = root.grab(area).toImage()
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        after = root.grab(area).toImage()
        places = ((x, y) for x in range(before.width()) for y in range(before.height()))
        if before != after and sum(before.pixel(*at) != after.pixel(*at) for at in places) >= _RING:
            continue
        found.append(f"{type(widget).__name__} {widget.accessibleName() or getattr(widget, 'text', str)()}")
    return found


def shown_dialogs(window: QWidget) -> list[QDialog]:
    """The dialogs that are open now."""
    return [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]


def check(desk: Desk, root: QWidget) -> None:
    """Hold what is in the window ``root`` to names and rings, once nothing comes in or moves any more."""
    missing: list[str] = []

    def is_good() -> bool:
        missing[:] = [*nameless(QAccessible.queryAccessibleInterface(root)), *without_ring(root)]
        return not missing

    with suppress(NotInTime):
        desk.until(is_good)
    assert missing == []


def test_pages_and_dialogs_can_be_heard_and_their_focus_seen(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    desk.run(write_reads(tmp_path / "a.fastq", 50))
    window, pipelines, plugins = desk.window, desk.conductor.pipelines, desk.conductor.plugins
    window.go_to("pipelines")
    desk.until(lambda: pipelines.is_ready)
    pipelines.open("rna-seq")
    desk.until(lambda: pipelines.builder.draft.name == "rna-seq")
    for place in ("pipelines", "plugins", "settings", "reads", "runs"):
        window.go_to(place)
        desk.until(lambda: window.place != "plugins" or plugins.is_ready)
        check(desk, window)
    window.commands.overview.trigger()
    desk.until(lambda: desk.conductor._compare.is_shown)
    check(desk, window)
    for command in (window.commands.shortcuts, window.commands.about, window.commands.profiles):
        command.trigger()
        desk.until(lambda: shown_dialogs(window))
        (dialog,) = shown_dialogs(window)
        desk.until(dialog.isActiveWindow)
        check(desk, dialog)
        dialog.close()
        desk.until(lambda: not shown_dialogs(window))


def test_letters_that_open_menus_and_choose_in_them_are_unique(desk: Desk) -> None:
    desk.open(wait=False)
    heads = desk.window.menuBar().actions()
    for actions in (heads, *(menu.actions() for head in heads if isinstance(menu := head.menu(), QMenu))):
        texts = [action.text() for action in actions if action.text()]
        letters = Counter(text.partition("&")[2][:1].casefold() for text in texts)
        assert "" not in letters, texts
        assert max(letters.values()) == 1, letters


def test_every_key_does_one_thing(desk: Desk) -> None:
    desk.open(wait=False)
    heads = (head.menu() for head in desk.window.menuBar().actions())
    actions = [action for menu in heads if isinstance(menu, QMenu) for action in menu.actions()]
    keys = Counter(action.shortcut().toString() for action in actions if not action.shortcut().isEmpty())
    assert max(keys.values()) == 1
