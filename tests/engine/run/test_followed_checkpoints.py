"""Lost runs of growing inputs: they go on if what had been read is still there, however much has come since."""

from __future__ import annotations

import os
import threading
import zlib
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from engine.checkpoint.folder import CheckpointFolder
from engine.errors import CheckpointError
from engine.run.following import Following
from engine.run.input_identities import FollowedInputs
from engine.run.reading_place import ReadingPlace
from engine.run.resuming import beginning_of
from engine.run.run import Run
from engine.run.settings import RunSettings
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.source.follow import FollowSource
from tests.engine.run.lost_runs import reads_of
from tests.engine.run.test_following import wait_until

PIECE = reads_of(8, 300)
SETTINGS = RunSettings(workers=2, batch_bytes=1 << 14, checkpoint_seconds=0.01)
SOON = Following(silence=0.4)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Checkpoints as often as can be, and files that soon give way to the next."""
    monkeypatch.setattr("engine.run.checkpointing._COST", 1)
    monkeypatch.setattr("engine.run.reading.FollowSource", partial(FollowSource, settling=1))


def snapshot_of(path: Path) -> RunSnapshot:
    now = datetime.now().astimezone()
    return RunSnapshot(run_id=1, name=path.name, path=path, kind="", state=RunState.CREATED, created=now)


class Writer:
    """Whoever writes a growing file: plain text, or one gzip member that is flushed now and then.

    Attributes:
        text: what has been written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.text = bytearray()
        self._packer = zlib.compressobj(1, wbits=31) if path.suffix == ".gz" else None

    def write(self, piece: bytes = PIECE, *, last: bool = False) -> None:
        """Some more of the text."""
        self.text += piece
        if self._packer is not None:
            piece = self._packer.compress(piece)
            piece += self._packer.flush(zlib.Z_FINISH if last else zlib.Z_SYNC_FLUSH)
        with self._path.open("ab") as file:
            file.write(piece)


def lost(path: Path, kept: Path, grow: Callable[[], None], *, is_there: Callable[[ReadingPlace], bool]) -> RunSnapshot:
    """Follows an input until there is a checkpoint as wanted, which is put aside, as if the process had ended then."""
    folder = CheckpointFolder(kept.with_name("going"))
    run = Run(snapshot_of(path), SETTINGS, following=Following(silence=None), checkpoints=folder)
    thread = threading.Thread(target=run.execute, name="a run that is lost")
    thread.start()

    def has_one() -> bool:
        grow()
        newest = folder.newest()
        if newest is None or not is_there(ReadingPlace.of(newest[1]["place"])):
            return False
        CheckpointFolder(kept).write(newest[1])
        return True

    try:
        wait_until(has_one)
    finally:
        run.cancel()
        thread.join(30)
        assert not thread.is_alive()
    return snapshot_of(path)


def gone_on(run: RunSnapshot, kept: Path) -> RunSnapshot:
    beginning = beginning_of(CheckpointFolder(kept), run)
    assert beginning.number > 0
    return Run(run, SETTINGS, following=SOON, beginning=beginning).execute()


def whole(text: bytes | bytearray, tmp_path: Path) -> RunSnapshot:
    path = tmp_path / "whole.fastq"
    path.write_bytes(text)
    return Run(snapshot_of(path), SETTINGS).execute()


@pytest.mark.parametrize("name", ["reads.fastq", "reads.fastq.gz"])
def test_a_file_that_has_grown_since_goes_on(name: str, tmp_path: Path) -> None:
    path, kept = tmp_path / name, tmp_path / "kept"
    path.touch()
    writer = Writer(path)
    run = lost(path, kept, writer.write, is_there=lambda place: place.reader.texts[0].records > 0)
    writer.write(PIECE[:-100])
    writer.write(PIECE[-100:], last=True)
    end = gone_on(run, kept)
    assert end.state is RunState.COMPLETED, end.failure
    assert end.results == whole(writer.text, tmp_path).results


def damaged(path: Path, at: int) -> None:
    text = bytearray(path.read_bytes())
    text[at] ^= 1
    path.write_bytes(text)


@pytest.mark.parametrize("name", ["reads.fastq", "reads.fastq.gz"])
def test_what_had_been_read_and_is_another_now_is_told(name: str, tmp_path: Path) -> None:
    path, kept = tmp_path / name, tmp_path / "kept"
    path.touch()
    writer = Writer(path)
    run = lost(path, kept, writer.write, is_there=lambda place: place.reader.texts[0].records > 0)
    newest = CheckpointFolder(kept).newest()
    assert newest is not None
    [identity] = FollowedInputs().identities(newest[1]["place"])
    text = path.read_bytes()
    assert 0 < identity.size <= len(text)

    def reason() -> str:
        with pytest.raises(CheckpointError) as caught:
            beginning_of(CheckpointFolder(kept), run)
        assert "anew" in caught.value.hint
        path.write_bytes(text)
        return str(caught.value)

    path.write_bytes(text[: identity.size - 1])
    assert reason() == f"{name} shrank to {identity.size - 1:,} bytes, and {identity.size:,} of it had been read."
    damaged(path, 20)
    assert reason() == f"{name} begins with other reads than before."
    if identity.size > 1 << 17:  # or the beginning is all there is
        damaged(path, identity.size - 1)
        assert reason() == f"{name} holds other reads before byte {identity.size:,}, up to which it had been read."
    path.unlink()
    assert reason() == f"{name} cannot be read: no such file or directory."
    # What comes behind, or how often it was touched, is nobody's business.
    path.write_bytes(text[: identity.size])
    assert beginning_of(CheckpointFolder(kept), run).number > 0
    path.write_bytes(text + b"anything")
    assert beginning_of(CheckpointFolder(kept), run).number > 0


class Sequencer:
    """Whoever fills a folder: every file is there as a whole, ten seconds after the one before by its time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0

    def write(self) -> None:
        """One more file."""
        hidden, path = (self.folder / f"{dot}reads_{self.count}.fastq" for dot in (".", ""))
        hidden.write_bytes(PIECE)
        os.utime(hidden, (1e9 + 10 * self.count,) * 2)
        hidden.rename(path)
        self.count += 1


@pytest.fixture
def sequencer(tmp_path: Path) -> Sequencer:
    (tmp_path / "run").mkdir()
    return Sequencer(tmp_path / "run")


def lost_within(sequencer: Sequencer, kept: Path) -> RunSnapshot:
    """Lost when some files had been read."""

    def is_within(place: ReadingPlace) -> bool:
        return place.followed is not None and len(place.followed.finished) > 1

    return lost(sequencer.folder, kept, sequencer.write, is_there=is_within)


@pytest.mark.parametrize("moves", [False, True], ids=["all there", "some moved away"])
def test_a_folder_that_has_filled_since_goes_on(moves: bool, sequencer: Sequencer, tmp_path: Path) -> None:
    run = lost_within(sequencer, tmp_path / "kept")
    sequencer.write()
    if moves:
        (sequencer.folder / "reads_0.fastq").rename(tmp_path / "elsewhere.fastq")
    end = gone_on(run, tmp_path / "kept")
    assert end.state is RunState.COMPLETED, end.failure
    assert end.results == whole(PIECE * sequencer.count, tmp_path).results


def test_changes_in_a_folder_are_told(sequencer: Sequencer, tmp_path: Path) -> None:
    run = lost_within(sequencer, tmp_path / "kept")
    names = sorted(sequencer.folder.iterdir())
    damaged(names[0], 20)
    with pytest.raises(CheckpointError, match=r"reads_0\.fastq begins with other reads"):
        beginning_of(CheckpointFolder(tmp_path / "kept"), run)
    damaged(names[0], 20)
    other = snapshot_of(tmp_path / "other")
    with pytest.raises(CheckpointError, match="of other files"):
        beginning_of(CheckpointFolder(tmp_path / "kept"), other)
    for name in names:
        name.rename(tmp_path / name.name)
    with pytest.raises(CheckpointError, match=r"reads_\d+\.fastq cannot be read|None of the files"):
        beginning_of(CheckpointFolder(tmp_path / "kept"), run)


def test_a_file_that_grew_after_it_was_taken_for_finished_is_told_in_the_end(
    sequencer: Sequencer, tmp_path: Path
) -> None:
    run = lost_within(sequencer, tmp_path / "kept")
    with (sequencer.folder / "reads_0.fastq").open("ab") as file:
        file.write(PIECE[:200])
    end = gone_on(run, tmp_path / "kept")
    assert end.state is RunState.FAILED
    assert end.failure is not None
    assert "reads_0.fastq grew by 200 bytes" in end.failure.message
