from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.models.server_settings import USUAL_PORT, ServerSettings


def test_programs_are_not_let_in_by_default(qtbot: QtBot, tmp_path: Path) -> None:
    settings = ServerSettings(tmp_path / "window.ini")
    assert (settings.is_on, settings.port, settings.folders) == (False, USUAL_PORT, ())


def test_it_comes_back(qtbot: QtBot, tmp_path: Path) -> None:
    settings = ServerSettings(tmp_path / "window.ini")
    folders = (tmp_path / "a, b; %ü", Path("/odd\udcff"))
    settings.is_on, settings.port, settings.folders = True, 9000, folders

    again = ServerSettings(tmp_path / "window.ini")
    assert (again.is_on, again.port, again.folders) == (True, 9000, folders)


@pytest.mark.parametrize("folders", ["{", "3", "[3]", '["relative"]'])
def test_nonsense_reads_as_the_default(qtbot: QtBot, tmp_path: Path, folders: str) -> None:
    path = tmp_path / "window.ini"
    path.write_text(f"[programs]\non=perhaps\nport=80\nfolders={folders}\n")
    settings = ServerSettings(path)
    assert (settings.is_on, settings.port, settings.folders) == (False, USUAL_PORT, ())
