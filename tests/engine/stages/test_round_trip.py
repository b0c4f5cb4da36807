"""What goes through no stage comes out as it was: records byte for byte, line ends as cutadapt writes them."""

from __future__ import annotations

from pathlib import Path

import pytest
from cutadapt.cli import main as cutadapt

from engine.sink.plan import OutputPlan
from tests.engine.stages.test_real_reads import PAIR, SINGLE, batches_of, write_through

PLAIN = b"@a x:1\nacgtN.\n+\nIII!~#\n@b\n\n+\n\n@c\tz\nRYKM\n+\n@+@+\n"


def through_nothing(path: Path, output: Path) -> bytes:
    write_through([], batches_of(path), OutputPlan(output))
    return output.read_bytes()


@pytest.mark.parametrize("path", [SINGLE, *PAIR], ids=lambda path: path.name)
def test_real_reads_come_out_byte_for_byte(tmp_path: Path, path: Path) -> None:
    plain = tmp_path / "plain.fastq"
    cutadapt(["--quiet", "-o", str(plain), str(path)])
    assert through_nothing(path, tmp_path / "out.fastq") == plain.read_bytes()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (PLAIN, PLAIN),
        (b"@a\nAC\n+a\nII\n@b\nA\n+b\nI\n", b"@a\nAC\n+a\nII\n@b\nA\n+b\nI\n"),  # names that separators repeat
        (PLAIN.removesuffix(b"\n"), PLAIN),
        (PLAIN.replace(b"\n", b"\r\n"), PLAIN),
        (PLAIN.replace(b"\n", b"\r\n").removesuffix(b"\r\n"), PLAIN),
    ],
    ids=["plain", "repeated names", "no last newline", "CRLF", "CRLF and no last newline"],
)
def test_line_ends_and_separators(tmp_path: Path, text: bytes, wanted: bytes) -> None:
    path, theirs = tmp_path / "in.fastq", tmp_path / "theirs.fastq"
    path.write_bytes(text)
    assert through_nothing(path, tmp_path / "out.fastq") == wanted
    cutadapt(["--quiet", "-o", str(theirs), str(path)])
    # cutadapt leaves the names out that separators repeat.
    assert theirs.read_bytes().replace(b"+a", b"+").replace(b"+b", b"+") == wanted.replace(b"+a", b"+").replace(
        b"+b", b"+"
    )
