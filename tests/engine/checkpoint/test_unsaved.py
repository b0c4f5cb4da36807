"""What processes leave that keep nothing in a database is removed by those that come after them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.checkpoint.beside import checkpoints_beside
from engine.checkpoint.leftovers import Leftovers
from engine.checkpoint.unsaved import clear_unsaved, noted_outputs, unsaved_beside, unsaved_folder
from engine.store.store import Store
from tests.conftest import REPOSITORY

_HOLDER = """
import sys
from pathlib import Path
from engine.checkpoint.unsaved import noted_outputs
output = Path(sys.argv[2])
with noted_outputs(Path(sys.argv[1]), [output]) as token:
    output.with_name(f".{output.name}.x.{token}.part").write_text("half")
    print(flush=True)
    sys.stdin.readline()
"""


def test_a_folder_is_gone_at_its_end(tmp_path: Path) -> None:
    database = tmp_path / "runs.sqlite"
    with unsaved_folder(database) as first, unsaved_folder(database) as second:
        assert first != second
        (first / "body").write_text("some")
        assert clear_unsaved(database) == 0
        assert (first / "body").exists()
    assert not unsaved_beside(database).exists()


@pytest.mark.parametrize("opens", [True, False])
def test_unfinished_files_of_a_lost_process_are_cleared_and_no_others(tmp_path: Path, *, opens: bool) -> None:
    database, outputs = tmp_path / "runs.sqlite", tmp_path / "out"
    outputs.mkdir()
    strangers = {outputs / ".reads.fastq.x.part", outputs / ".reads.fastq.x.0123456789ab.part", outputs / "reads.fastq"}
    for path in strangers:
        path.write_text("of somebody else")
    command = [sys.executable, "-c", _HOLDER, str(database), str(outputs / "hits.fastq")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=REPOSITORY) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"\n"
        assert clear_unsaved(database) == 0
        [half] = set(outputs.iterdir()) - strangers
        holder.kill()
    assert half.exists()
    if opens:
        Store.open(database).close()
    else:
        with unsaved_folder(database):
            pass
    assert set(outputs.iterdir()) == strangers
    assert not unsaved_beside(database).exists()


def test_what_runs_noted_in_a_database_that_was_lost_is_cleared(tmp_path: Path) -> None:
    database, outputs = tmp_path / "runs.sqlite", tmp_path / "out"
    outputs.mkdir()
    folder = unsaved_beside(database) / "0123456789ab"  # whose lock nobody has
    token = Leftovers(checkpoints_beside(folder / "runs.sqlite") / "1").begin([outputs])
    (outputs / f".reads.{token}.part").write_text("half")
    assert clear_unsaved(database) == 1
    assert not list(outputs.iterdir())
    assert not folder.exists()


def test_what_is_not_ours_stays(tmp_path: Path) -> None:
    database = tmp_path / "runs.sqlite"
    mine = unsaved_beside(database) / "notes"
    mine.mkdir(parents=True)
    assert clear_unsaved(database) == 0
    assert mine.exists()


def test_nothing_is_noted_of_no_output_or_where_nothing_can_be(tmp_path: Path) -> None:
    database = tmp_path / "runs.sqlite"
    with noted_outputs(database, []) as token:
        assert not token
        assert not unsaved_beside(database).exists()
    (tmp_path / "file").touch()
    with noted_outputs(tmp_path / "file" / "runs.sqlite", [tmp_path / "hits.fastq"]) as token:
        assert not token
