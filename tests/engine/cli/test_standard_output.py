"""Reads on standard output, and all words elsewhere."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.cli.main import main

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no names for open streams")

READS = b"@a 1\nACGT\n+\nIIII\n@b 1\nAC\n+\nII\n"
_MAIN = "import sys; from engine.cli.main import main; sys.exit(main(sys.argv[1:]))"
_ROOT = Path(__file__).resolve().parents[3]


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-c", _MAIN, "run", *map(str, arguments), "--threads", "1", "--no-save"]


def test_reads_alone_go_to_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "reads.fastq").write_bytes(READS)
    done = subprocess.run(
        command(tmp_path / "reads.fastq", "-o", "-"), cwd=_ROOT, capture_output=True, check=True, timeout=300
    )
    assert done.stdout == READS
    assert b"reads.fastq: completed" in done.stderr


def test_a_file_is_appended_to(tmp_path: Path) -> None:
    (tmp_path / "reads.fastq").write_bytes(READS)
    whole = tmp_path / "all.fastq"
    whole.write_bytes(b"@before\nA\n+\nI\n")
    with whole.open("ab") as out:
        line = command(tmp_path / "reads.fastq", "-o", "/dev/stdout", "--quiet")
        subprocess.run(line, cwd=_ROOT, stdout=out, check=True, timeout=300)
    assert whole.read_bytes() == b"@before\nA\n+\nI\n" + READS


def test_nobody_who_takes_the_reads_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "reads.fastq").write_bytes(READS * 100_000)  # more than a pipe holds
    line = command(tmp_path / "reads.fastq", "-o", "-", "--quiet")
    with subprocess.Popen(line, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as going:
        assert going.stdout is not None
        assert going.stderr is not None
        going.stdout.close()
        told = going.stderr.read()
    assert going.returncode == 141
    assert b"cannot be written" in told


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_what_cannot_be_passed_on_is_an_error_after_the_last_read_too(tmp_path: Path) -> None:
    (tmp_path / "reads.fastq").write_bytes(READS)  # which a pipe holds, so that the run itself goes well
    line = command(tmp_path / "reads.fastq", "-o", "-", "--quiet")
    with Path("/dev/full").open("wb") as out:
        done = subprocess.run(line, cwd=_ROOT, stdout=out, stderr=subprocess.PIPE, check=False, timeout=300)
    assert done.returncode == 1
    assert b"No space left" in done.stderr


def test_only_one_output_can_go_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "r_1.fastq").write_bytes(READS)
    (tmp_path / "r_2.fastq").write_bytes(READS)
    both = [str(tmp_path / "r_1.fastq"), str(tmp_path / "r_2.fastq")]
    assert main(["run", *both, "-o", "-", "--out2", "-", "--no-save"]) == 2
    assert "Only one output" in capsys.readouterr().err


def test_who_is_cancelled_waits_for_no_reader(tmp_path: Path) -> None:
    (tmp_path / "reads.fastq").write_bytes(READS * 100_000)  # more than a pipe holds
    line = command(tmp_path / "reads.fastq", "-o", "-", "--quiet")
    with subprocess.Popen(line, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as going:
        assert going.stdout is not None
        assert going.stdout.read(1) == b"@"  # it writes, and nobody reads on
        going.send_signal(signal.SIGTERM)
        assert going.wait(60) == 143
