"""Runs from pipes that were lost: they go on where the same comes again, and stay as they were where it does not."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from engine.checkpoint.beside import checkpoints_beside
from engine.checkpoint.folder import CheckpointFolder
from engine.checkpoint.state import State
from engine.cli.checkpoint import main
from engine.errors import CheckpointError
from engine.run.reading_place import ReadingPlace
from engine.run.resuming import beginning_of
from engine.run.run import Run
from engine.run.settings import RunSettings
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.store.store import Store
from tests.engine.run.lost_runs import reads_of
from tests.engine.run.test_followed_checkpoints import snapshot_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes")

PIECE = reads_of(9, 3000)
SETTINGS = RunSettings(workers=2, batch_bytes=1 << 14, checkpoint_seconds=0.01)


@pytest.fixture(autouse=True)
def whatever_memory_tests_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.run.checkpointing._MOST_FROM_PIPES", 1 << 50)


@contextlib.contextmanager
def fed(pipe: Path, texts: Iterator[bytes]) -> Generator[None]:
    """While it lasts, somebody writes texts into a pipe."""

    def write() -> None:
        with contextlib.suppress(BrokenPipeError), pipe.open("wb") as file:
            for text in texts:
                file.write(text)

    thread = threading.Thread(target=write, name="who feeds the pipe")
    thread.start()
    try:
        yield
    finally:
        thread.join(60)
        assert not thread.is_alive()


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    path = tmp_path / "instrument"
    os.mkfifo(path)
    return path


@dataclass(frozen=True)
class Lost:
    """What was kept of a run from a pipe, and the whole text of it."""

    kept: CheckpointFolder
    text: bytes


@pytest.fixture
def lost(pipe: Path, tmp_path: Path) -> Lost:
    """A run that was lost; its text goes on until it has a checkpoint."""
    return lose(pipe, tmp_path, SETTINGS)


def lose(
    pipe: Path,
    tmp_path: Path,
    settings: RunSettings,
    *,
    piece: bytes = PIECE,
    is_enough: Callable[[State], bool] = lambda _state: True,
    pause: float = 0.0,
) -> Lost:
    """A run that was lost when a checkpoint was enough; its text, piece by piece, goes on until then.

    Args:
        pipe: where the text comes from.
        tmp_path: for checkpoints.
        settings: of the run.
        piece: of the text.
        is_enough: whether what a checkpoint holds is.
        pause: seconds between two pieces, so that the text does not become long; nothing counts on it.
    """
    going, kept = CheckpointFolder(tmp_path / "going"), CheckpointFolder(tmp_path / "kept")
    run = Run(snapshot_of(pipe), settings, checkpoints=going)
    thread = threading.Thread(target=run.execute, name="a run that is lost")
    sent = bytearray()

    def texts() -> Iterator[bytes]:
        while (newest := going.newest()) is None or not is_enough(newest[1]):
            sent.extend(piece)
            yield piece
            time.sleep(pause)
        kept.write(newest[1])
        run.cancel()

    thread.start()
    with fed(pipe, texts()):
        pass
    thread.join(60)
    assert not thread.is_alive()
    return Lost(kept, bytes(sent))


def gone_on(pipe: Path, kept: CheckpointFolder, text: bytes) -> RunSnapshot:
    run = snapshot_of(pipe)
    beginning = beginning_of(kept, run)
    assert beginning.number > 0
    with fed(pipe, iter([text])):
        return Run(run, SETTINGS, beginning=beginning, checkpoints=kept).execute()


def whole(text: bytes, tmp_path: Path) -> RunSnapshot:
    path = tmp_path / "whole.fastq"
    path.write_bytes(text)
    return Run(snapshot_of(path), SETTINGS).execute()


def test_the_same_again_goes_on_and_anything_else_leaves_it_as_it_was(pipe: Path, lost: Lost, tmp_path: Path) -> None:
    newest = lost.kept.newest()
    assert newest is not None
    place = ReadingPlace.of(newest[1]["place"])
    [known], [text] = place.sums, place.reader.texts
    assert 0 < text.offset <= known.text_bytes <= len(lost.text)

    end = gone_on(pipe, lost.kept, lost.text[:20].replace(b"M", b"N") + lost.text[20:])
    assert end.state is RunState.INTERRUPTED
    assert end.failure is not None
    words = f"instrument brings other reads than before in the first {known.text_bytes:,} bytes of its text."
    assert end.failure.message == words
    assert "the same reads again" in end.failure.hint

    end = gone_on(pipe, lost.kept, lost.text[: known.text_bytes - 1])
    assert end.state is RunState.INTERRUPTED
    assert end.failure is not None
    assert end.failure.message.startswith(f"instrument ends before byte {known.text_bytes:,} of its text")

    end = gone_on(pipe, lost.kept, lost.text)
    assert end.state is RunState.COMPLETED, end.failure
    assert end.results == whole(lost.text, tmp_path).results
    assert lost.kept.newest() is None


def test_a_run_of_the_database_can_be_gone_on_with_again_after_a_wrong_text(
    pipe: Path, lost: Lost, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = tmp_path / "runs.sqlite"
    newest = lost.kept.newest()
    assert newest is not None
    with Store.open(database) as store:
        created = store.create_run(
            name="instrument", path=pipe, kind="", bytes_total=None, workers=1, parameters={}, versions={}, inputs=()
        )
        CheckpointFolder(checkpoints_beside(database) / str(created.run_id)).write(newest[1])
        store.save_soon(replace(created, state=RunState.INTERRUPTED))
    resume = ["resume", str(created.run_id), "--database", str(database)]
    with fed(pipe, iter([PIECE[:100]])):
        assert main(resume) == 1
    told = capsys.readouterr().err
    assert "From instrument the same reads have to come again" in told
    assert "instrument ends before byte" in told
    assert main(["list", "--database", str(database)]) == 0
    assert "instrument" in capsys.readouterr().out
    with fed(pipe, iter([lost.text])):
        assert main(resume) == 0
    with Store.open(database) as store:
        end = store.load(created.run_id)
    assert (end.state, end.failure) == (RunState.COMPLETED, None)
    assert end.results.basic.reads == lost.text.count(b"\n") // 4


def test_where_memory_is_short_there_are_none_and_the_run_says_so(
    pipe: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.run.checkpointing._MOST_FROM_PIPES", 0)
    folder = CheckpointFolder(tmp_path / "kept")
    run = Run(snapshot_of(pipe), SETTINGS, checkpoints=folder)

    def texts() -> Iterator[bytes]:
        while not run.snapshot.warnings:
            yield PIECE

    with fed(pipe, texts()):
        end = run.execute()
    assert end.state is RunState.COMPLETED
    assert "too much memory for more checkpoints" in end.warnings[0]
    assert folder.newest() is None


def test_a_file_in_its_place_is_told(pipe: Path, lost: Lost) -> None:
    pipe.unlink()
    pipe.write_bytes(PIECE)
    with pytest.raises(CheckpointError, match="instrument is no pipe any more"):
        beginning_of(lost.kept, snapshot_of(pipe))


def test_checkpoints_by_the_number_of_batches(pipe: Path, tmp_path: Path) -> None:
    """Where time asks for none."""
    by_number = {"checkpoint_seconds": 0, "checkpoint_batches": 5}
    lost = lose(pipe, tmp_path, SETTINGS.model_copy(update=by_number))
    newest = lost.kept.newest()
    assert newest is not None
    number = newest[1]["number"]
    assert isinstance(number, int)
    assert number >= 5
    assert gone_on(pipe, lost.kept, lost.text).state is RunState.COMPLETED
    assert not RunSettings(checkpoint_seconds=0).takes_checkpoints
