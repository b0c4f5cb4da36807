from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import pytest

from engine.sink import writing_out
from engine.sink.codecs import Packing, pack
from engine.sink.file import OutputFile

TEXT = b"@read\nACGT\n+\nIIII\n" * 200_000


def test_what_is_written_is_written_out_in_order_and_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts: list[tuple[int, int]] = []
    monkeypatch.setattr("engine.sink.file.begin_writing_out", lambda _, offset, count: parts.append((offset, count)))
    file = OutputFile(tmp_path / "out.fastq", Packing.PLAIN)
    for _ in range(6):
        file.write(pack(memoryview(TEXT), 200_000, Packing.PLAIN))
    file.end()
    file.publish()
    assert (tmp_path / "out.fastq").read_bytes() == TEXT * 6
    assert len(parts) >= 2
    assert parts[0][0] == 0
    assert all(first + count == second for (first, count), (second, _) in pairwise(parts))


@pytest.mark.skipif(sys.platform != "linux", reason="not on this platform: only Linux has the call")
def test_linux_takes_the_call(tmp_path: Path) -> None:
    call = writing_out._call
    assert call is not None
    with (tmp_path / "file").open("wb") as file:
        file.write(b"text")
        file.flush()
        assert call(file.fileno(), 0, 4, 2) == 0
        assert call(-1, 0, 4, 2) == -1
    writing_out.begin_writing_out(-1, 0, 4)
