from __future__ import annotations

from pathlib import Path

import pytest

from engine.cli.main import main
from engine.cli.wildcards import expanded


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("lane2.fastq", "lane1.fastq", "lane[3].fastq", ".hidden.fastq", "deep/lane4.fastq", "notes.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"@r\nACGT\n+\nIIII\n")
    return tmp_path


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("*.fastq", ["lane1.fastq", "lane2.fastq", "lane[3].fastq"]),
        ("lane?.fastq", ["lane1.fastq", "lane2.fastq"]),
        ("*/*.fastq", ["deep/lane4.fastq"]),
        ("lane[3].fastq", ["lane[3].fastq"]),
        (".*.fastq", [".hidden.fastq"]),
        ("lane9*", ["lane9*"]),
        ("lane1.fastq", ["lane1.fastq"]),
    ],
)
def test_patterns_stand_for_names_on_windows(pattern: str, found: list[str], folder: Path) -> None:
    assert expanded([folder / pattern], "win32") == [folder / name for name in found]
    assert expanded([folder / pattern], "linux") == expanded([folder / pattern], "darwin") == [folder / pattern]


@pytest.mark.parametrize("command", ["search --name r", "run --no-save"])
def test_commands_take_patterns(
    command: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("engine.cli.wildcards.expanded", lambda paths: expanded(paths, "win32"))
    name, *options = command.split()
    assert main([name, str(folder / "d*" / "lane?.fastq"), *options]) == 0
    assert "does not exist" not in capsys.readouterr().err
