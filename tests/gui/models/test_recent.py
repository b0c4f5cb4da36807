from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from gui.models.recent import MOST, Recent, label
from gui.models.settings import Settings
from gui.views.recent_menu import RecentMenu


def test_what_was_opened_comes_back_the_newest_first(qtbot: QtBot, tmp_path: Path) -> None:
    recent = Recent(Settings(tmp_path / "settings.ini"))
    assert recent.paths == ()
    one, other = tmp_path / "a, b.fastq", tmp_path / "folder"
    for path in (one, other, one):
        recent.add([path])
    assert Recent(Settings(tmp_path / "settings.ini")).paths == (one, other)
    for number in range(20):
        recent.add([tmp_path / str(number)])
    assert len(recent.paths) == MOST
    recent.clear()
    assert recent.paths == ()


def test_of_many_files_their_folders_are_kept(qtbot: QtBot, tmp_path: Path) -> None:
    recent = Recent(Settings(tmp_path / "settings.ini"))
    recent.add([tmp_path / "x" / "1.fastq", tmp_path / "x" / "2.fastq", tmp_path / "y" / "3.fastq"])
    assert recent.paths == (tmp_path / "x", tmp_path / "y")


def test_what_could_not_be_opened_is_forgotten(qtbot: QtBot, tmp_path: Path) -> None:
    recent = Recent(Settings(tmp_path / "settings.ini"))
    gone, there = tmp_path / "gone.fastq", tmp_path / "there.fastq"
    recent.add([there])
    recent.add([gone])
    recent.forget([gone, tmp_path / "never.fastq"])
    assert recent.paths == (there,)


def test_names_stay_in_their_line_of_the_menu() -> None:
    assert label(Path("/data/a\tCtrl+Q\n.fastq")).startswith("a Ctrl+Q .fastq")


def test_nonsense_in_the_settings_is_no_path(qtbot: QtBot, tmp_path: Path) -> None:
    for text in ("{", "3", '[1, "/a"]'):
        settings = Settings(tmp_path / "settings.ini")
        settings._file.setValue("reads/recent", text)
        assert [str(path) for path in Recent(settings).paths] == [str(Path("/a"))] * ('"/a"' in text)


def test_the_menu_opens_one_again(qtbot: QtBot, tmp_path: Path) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    recent = Recent(Settings(tmp_path / "settings.ini"))
    entries = RecentMenu(menu, recent)
    assert [action.isEnabled() for action in menu.actions()] == [False]
    path = tmp_path / "salt & pepper.fastq"
    recent.add([path])
    menu.aboutToShow.emit()
    first = menu.actions()[0]
    assert first.text().replace("&&", "&") == label(path) or "…" in first.text()
    with qtbot.waitSignal(entries.chosen) as chosen:
        first.trigger()
    assert chosen.args == [[path]]
    menu.actions()[-1].trigger()
    entries.fill()
    assert [action.text() for action in menu.actions()] == ["Nothing yet"]
