from __future__ import annotations

from pathlib import Path

import pytest

from engine.whole_file import PRIVATE, PUBLIC, give_name, read_small, write_whole
from tests.open_files import no_file_left_open

__all__ = ["no_file_left_open"]


class Unwritable(Exception):
    """Made of a reason."""


def test_what_was_there_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / ("ä" * 60 + ".txt")
    for content in ("first\r\n", b"second"):
        write_whole(path, content, settled=True)
        assert path.read_bytes() == (content.encode() if isinstance(content, str) else content)
    assert list(tmp_path.iterdir()) == [path]


def test_rights_are_those_of_any_file_or_those_that_are_asked_for(tmp_path: Path) -> None:
    usual = tmp_path / "usual"
    usual.touch()
    for name, rights in (("a", None), ("b", PRIVATE), ("c", PUBLIC)):
        write_whole(tmp_path / name, "x", rights=rights)
        wanted = usual.stat().st_mode & 0o777 if rights is None else rights
        assert (tmp_path / name).stat().st_mode & 0o777 == wanted
    later = tmp_path / "later"
    later.touch()
    assert later.stat().st_mode == usual.stat().st_mode


def test_trouble_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "folder"
    path.mkdir()
    (path / "inside").write_text("old")
    with pytest.raises(Unwritable, match="directory"):
        write_whole(path, "new", failure=Unwritable)
    with pytest.raises(OSError, match="directory"):
        write_whole(path, "new")
    with pytest.raises(Unwritable, match="no such file"):
        write_whole(tmp_path / "nowhere" / "file", "new", failure=Unwritable)
    assert [each.name for each in tmp_path.iterdir()] == ["folder"]
    assert [each.name for each in path.iterdir()] == ["inside"]


@pytest.mark.parametrize(("platform", "tries"), [("win32", 3), ("linux", 1)])
def test_a_file_that_is_looked_at_gets_its_name_afterwards(
    platform: str, tries: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part, path = tmp_path / "part", tmp_path / "whole"
    part.write_bytes(b"new")
    path.write_bytes(b"old")
    asked = 0

    def replace(old: Path, new: Path) -> None:
        nonlocal asked
        asked += 1
        if asked < 3:
            raise PermissionError(13, "The process cannot access the file")
        old.rename(new)

    monkeypatch.setattr(Path, "replace", replace)
    if platform == "linux":
        with pytest.raises(PermissionError):
            give_name(part, path, platform)
        assert path.read_bytes() == b"old"
    else:
        give_name(part, path, platform)
        assert path.read_bytes() == b"new"
    assert asked == tries


def test_more_than_a_file_may_have_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * 100)
    assert read_small(path, 100) == b"x" * 100
    path.write_bytes(b"x" * 101)
    with pytest.raises(OSError, match="larger"):
        read_small(path, 100)
