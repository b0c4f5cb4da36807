"""Commands that keep nothing in a database leave nothing either, once another one comes after them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.checkpoint.unsaved import unsaved_beside
from engine.home import find_home
from engine.store.store import Store

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
MAIN = "import sys; from engine.cli.main import main; sys.exit(main(sys.argv[1:]))"
READ = b"@r\nACGT\n+\nIIII\n"


def test_a_run_that_is_not_saved(tmp_path: Path) -> None:
    growing = tmp_path / "reads.fastq"
    growing.write_bytes(READ)
    check_nothing_is_left(tmp_path / "out", "run", "--no-save", "--follow", str(growing))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_search_with_an_output(tmp_path: Path) -> None:
    pipe = tmp_path / "reads.fastq"
    os.mkfifo(pipe)
    writer = os.open(pipe, os.O_RDWR)  # nobody ever ends it
    try:
        os.write(writer, READ)
        check_nothing_is_left(tmp_path / "out", "search", str(pipe))
    finally:
        os.close(writer)


def check_nothing_is_left(outputs: Path, *command: str) -> None:
    """Kills a command that never ends once it has begun to write, and opens the database."""
    outputs.mkdir()
    line = [sys.executable, "-c", MAIN, *command, "-o", str(outputs / "kept.fastq")]
    with subprocess.Popen(line, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        try:
            end = time.monotonic() + PATIENCE
            while not list(outputs.iterdir()):
                assert process.poll() is None
                assert time.monotonic() < end
                time.sleep(0.05)
        finally:
            process.kill()
    assert list(outputs.iterdir())
    home = find_home()
    Store.open(home.database).close()
    assert not list(outputs.iterdir())
    assert not unsaved_beside(home.database).exists()
