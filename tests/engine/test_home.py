"""Where Lanescope keeps its files."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import platformdirs
import pytest

from engine.errors import LanescopeError
from engine.home import Home, HomeError, find_home


def test_the_folder_named_by_the_environment_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "a" / "b ü"
    monkeypatch.setenv("LANESCOPE_HOME", str(root))
    home = find_home()
    assert home == Home(root)
    assert list(root.iterdir()) == []
    assert find_home() == home


def test_what_lies_where(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert home.database == tmp_path / "lanescope.sqlite"
    assert home.settings == tmp_path / "window.ini"
    assert home.results == tmp_path / "results"


@pytest.mark.parametrize("named", [None, ""])
def test_else_the_place_of_the_platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str | None) -> None:
    monkeypatch.delenv("LANESCOPE_HOME")
    if named is not None:
        monkeypatch.setenv("LANESCOPE_HOME", named)
    monkeypatch.setattr(platformdirs, "user_data_path", lambda app, appauthor: tmp_path / app)
    assert find_home().root == tmp_path / "Lanescope"


def test_a_relative_folder_becomes_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANESCOPE_HOME", "here")
    assert find_home().root == tmp_path / "here"


def test_a_tilde_is_the_users_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("LANESCOPE_HOME", "~/scope")
    assert find_home().root == tmp_path / "scope"


def test_a_file_in_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.touch()
    for root in (file, file / "below"):
        monkeypatch.setenv("LANESCOPE_HOME", str(root))
        with pytest.raises(HomeError, match="cannot be made") as caught:
            find_home()
        assert isinstance(caught.value, LanescopeError)
        assert str(root) in str(caught.value)
        assert "LANESCOPE_HOME" in caught.value.hint
        assert caught.value.root == root


@pytest.mark.skipif(sys.platform == "win32", reason="not on this platform: folders have no permission bits")
def test_a_folder_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o555)
        monkeypatch.setenv("LANESCOPE_HOME", folder)
        user = os.geteuid()
        if user == 0:
            os.seteuid(65534)  # permissions do not bind root
        try:
            with pytest.raises(HomeError, match="Nothing can be written"):
                find_home()
        finally:
            os.seteuid(user)
            Path(folder).chmod(0o755)
