"""What commands write where terminals and encodings are not those of Linux."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from engine.cli.console import blank_line, quoted
from engine.cli.main import main


def test_letters_that_the_encoding_lacks_are_told_by_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reads = tmp_path / "reads.fastq"
    reads.write_text("@ряд é\nACGT\n+\nIIII\n", encoding="utf-8")
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="cp1252", newline=""))
    assert main(["search", str(reads), "--name", "ряд"]) == 0
    assert rb"\u0440\u044f\u0434 " + "é".encode("cp1252") in written.getvalue()


def test_a_line_is_blanked_without_codes_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    assert blank_line("win32") == "\r" + " " * 19 + "\r"
    assert blank_line("linux") == blank_line("darwin") == "\r\x1b[2K"


def test_words_are_quoted_as_the_shell_has_it() -> None:
    assert quoted(r"C:\my runs\runs.sqlite", "win32") == r'"C:\my runs\runs.sqlite"'
    assert quoted("/my runs/runs.sqlite", "darwin") == "'/my runs/runs.sqlite'"
