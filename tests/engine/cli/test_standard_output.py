"""Reads on standard output, and all words elsewhere."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from engine.cli.main import main
from engine.run.state import RunState
from engine.store.store import Store

if sys.platform != "win32":
    import tty

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
    assert b"standard output: 2 reads" in done.stderr


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
def test_a_run_whose_last_reads_find_no_room_has_failed(tmp_path: Path) -> None:
    (tmp_path / "reads.fastq").write_bytes(READS)
    line = command(tmp_path / "reads.fastq", "-o", "-", "--quiet", "--database", tmp_path / "runs.sqlite")
    with Path("/dev/full").open("wb") as out:
        done = subprocess.run(
            [word for word in line if word != "--no-save"],
            cwd=_ROOT, stdout=out, stderr=subprocess.PIPE, check=False, timeout=300,
        )  # fmt: skip
    assert done.returncode == 1
    assert b"No space left" in done.stderr
    with Store.open(tmp_path / "runs.sqlite") as store:
        [row] = store.list_runs()
    assert row.state is RunState.FAILED
    assert row.failure_title == "There is no room for the output"


def test_a_file_that_may_not_grow_fails_the_run_and_keeps_what_was_before(tmp_path: Path) -> None:
    (tmp_path / "reads.fastq").write_bytes(READS * 20_000)
    whole = tmp_path / "all.fastq"
    whole.write_bytes(b"before")
    line = command(tmp_path / "reads.fastq", "-o", "-", "--quiet", "--database", tmp_path / "runs.sqlite")
    line[2] = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000)); {line[2]}"
    with whole.open("ab") as out:
        done = subprocess.run(
            [word for word in line if word != "--no-save"],
            cwd=_ROOT, stdout=out, stderr=subprocess.PIPE, check=False, timeout=300,
        )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert whole.read_bytes().startswith(b"before" + READS)
    with Store.open(tmp_path / "runs.sqlite") as store:
        [row] = store.list_runs()
    assert row.state is RunState.FAILED


@pytest.mark.parametrize("kind", ["socket", "terminal"])
def test_a_slow_reader_gets_all_of_it(tmp_path: Path, kind: str) -> None:
    (tmp_path / "reads.fastq").write_bytes(READS * 10_000)
    if kind == "socket":
        mine, theirs = (end.detach() for end in socket.socketpair())
    else:
        mine, theirs = os.openpty()
        tty.setraw(theirs)
    line = command(tmp_path / "reads.fastq", "-o", "-", "--quiet")
    taken = bytearray()
    with subprocess.Popen(line, cwd=_ROOT, stdout=theirs, stderr=subprocess.DEVNULL) as going:
        os.close(theirs)
        with contextlib.suppress(OSError):  # how the end of a terminal is told
            while piece := os.read(mine, 1000):
                taken += piece
        os.close(mine)
        assert going.wait(60) == 0
    assert taken == READS * 10_000


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


def test_a_closed_output_is_told_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "reads.fastq").write_bytes(READS)
    line = ["/bin/sh", "-c", 'exec "$@" >&-', "sh", *command(tmp_path / "reads.fastq", "-o", "-")]
    done = subprocess.run(line, cwd=_ROOT, stderr=subprocess.PIPE, text=True, check=False, timeout=300)
    assert done.returncode == 2
    assert "Standard output is closed" in done.stderr
