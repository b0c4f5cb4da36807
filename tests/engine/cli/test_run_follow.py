from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.cli.main import main

ROOT = Path(__file__).resolve().parents[3]
RECORD = b"@read\nACGTACGTAC\n+\nIIIIIIIIII\n"
READS = 20_000


def test_a_folder_until_it_is_silent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "fastq_pass"
    folder.mkdir()
    (folder / "a.fastq").write_bytes(RECORD * 7)
    (folder / "b.fastq").write_bytes(RECORD * 5)
    assert main(["run", "--follow", str(folder), "--silent", "0.3", "--json", "--out", str(tmp_path / "out")]) == 0
    shown = capsys.readouterr()
    (document,) = json.loads(shown.out)
    assert document["results"]["basic"]["reads"] == 12
    assert document["run"]["kind"] == "followed"
    assert "Following fastq_pass" in shown.err
    assert (tmp_path / "out" / "fastq_pass.html").exists()


@pytest.mark.parametrize(
    "arguments", [["a", "b"], ["-"], ["a", "--pairs", "interleaved"], ["missing"]], ids=["two", "pipe", "pairs", "none"]
)
def test_what_cannot_be_followed(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--follow", *arguments]) == (1 if arguments == ["missing"] else 2)
    assert capsys.readouterr().err


@pytest.mark.parametrize("seconds", ["0", "-1", "soon", "nan"])
def test_a_silence_that_is_none(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["run", "--follow", "x", "--silent", seconds])
    assert "--silent: must be" in capsys.readouterr().err


def test_silence_means_nothing_where_nothing_is_followed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.fastq").write_text("@a\nACGT\n+\nIIII\n")
    assert main(["run", "--silent", "5", str(tmp_path / "a.fastq")]) == 2
    assert "--silent needs --follow" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how far a process has read")
def test_ctrl_c_ends_with_what_has_come(tmp_path: Path) -> None:
    path = tmp_path / "growing.fastq"
    path.write_bytes(RECORD * READS)
    # A shell's background job, as the tests may be, hands on that SIGINT is ignored.
    code = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "from engine.cli.main import main; sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", code, "run", "--follow", str(path), "--json"]
    with subprocess.Popen(
        command, cwd=ROOT, env=dict(os.environ), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stderr is not None
            assert "Following" in process.stderr.readline()
            deadline = time.monotonic() + 60
            while _position(process.pid, path) < path.stat().st_size and time.monotonic() < deadline:
                time.sleep(0.02)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 0, err
    (document,) = json.loads(out)
    assert document["run"]["state"] == "completed"
    assert document["results"]["basic"]["reads"] == READS


def _position(pid: int, path: Path) -> int:
    """How far a process has read a file."""
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            if descriptor.readlink() == path:
                told = Path(f"/proc/{pid}/fdinfo/{descriptor.name}").read_text()
                return int(told.partition("pos:")[2].split()[0])
        except OSError:  # it was closed meanwhile
            continue
    return 0
