from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray
from pytestqt.qtbot import QtBot

from gui.models.settings import Settings


def test_settings_come_back(qtbot: QtBot, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.ini")
    assert (settings.mode, settings.workers, settings.page, settings.geometry.size()) == ("system", None, "", 0)

    assert not settings.tuning
    settings.mode, settings.workers, settings.page, settings.tuning = "light", 3, "runs", True
    settings.geometry = QByteArray(b"\x00\x01geometry")
    assert settings.overview_order == (-1, False)
    settings.overview_order = 3, True
    settings.save()

    again = Settings(tmp_path / "settings.ini")
    assert (again.mode, again.workers, again.page, again.tuning) == ("light", 3, "runs", True)
    assert again.overview_order == (3, True)
    assert again.geometry == QByteArray(b"\x00\x01geometry")


def test_nonsense_reads_as_the_default(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "settings.ini"
    path.write_text("[appearance]\nmode=plaid\n[engine]\nworkers=-2\n[window]\ngeometry=@Invalid()\n")

    settings = Settings(path)

    assert (settings.mode, settings.workers, settings.geometry.size()) == ("system", None, 0)
