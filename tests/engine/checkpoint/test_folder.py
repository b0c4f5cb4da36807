"""Checkpoints on a real disk."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from engine.checkpoint.folder import CheckpointFolder
from engine.checkpoint.identity import InputIdentity
from engine.errors import CheckpointError


def test_the_last_few_are_kept_and_the_newest_is_found(tmp_path: Path) -> None:
    folder = CheckpointFolder(tmp_path / "run 1", kept=2)
    assert folder.checkpoints() == ()
    assert folder.newest() is None
    for number in range(1, 5):
        assert folder.write({"batch": number, "table": np.arange(number)}).number == number
    assert [found.number for found in folder.checkpoints()] == [4, 3]
    newest = folder.newest()
    assert newest is not None
    assert newest[1]["batch"] == 4


def test_a_damaged_one_is_passed_over_for_the_one_before(tmp_path: Path) -> None:
    folder = CheckpointFolder(tmp_path)
    folder.write({"batch": 1})
    path = folder.write({"batch": 2}).path
    path.write_bytes(path.read_bytes()[:-1])
    newest = folder.newest()
    assert newest is not None
    assert newest[1] == {"batch": 1}
    with pytest.raises(CheckpointError, match=f"{path.name} cannot be used: it is damaged"):
        folder.checkpoints()[0].load()


def test_pruning_leaves_nothing(tmp_path: Path) -> None:
    folder = CheckpointFolder(tmp_path / "run")
    sizes = sum(folder.write({"batch": number}).size for number in range(3))
    (tmp_path / "run" / ".checkpoint-000009.lsc.part").write_bytes(b"cut short")
    assert folder.prune() == sizes
    assert not (tmp_path / "run").exists()
    assert folder.prune() == 0


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "checkpoint-x.lsc").write_text("mine")
    (tmp_path / "checkpoint-000001.lsc").mkdir()
    folder = CheckpointFolder(tmp_path)
    assert folder.checkpoints() == ()
    folder.prune()
    assert (tmp_path / "checkpoint-x.lsc").read_text() == "mine"


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CheckpointError, match="No checkpoint can be written"):
        CheckpointFolder(tmp_path / "file" / "run").write({"batch": 1})


def test_what_changed_in_an_input_is_told(tmp_path: Path) -> None:
    path = tmp_path / "reads.fastq"
    text = b"@a\nACGT\n+\nIIII\n" * 20_000
    path.write_bytes(text)
    before = InputIdentity.of(path)
    assert before.difference() is None
    os.utime(path, ns=(before.modified, before.modified + 1_000_000_000))
    assert before.difference() == "reads.fastq has been written again since."
    for changed, sentence in [
        (text[:-15], "reads.fastq shrank from 300,000 to 299,985 bytes."),
        (text + b"\n", "reads.fastq grew from 300,000 to 300,001 bytes."),
        (b"@b" + text[2:], "reads.fastq begins with other reads than before."),
        (text[:-2] + b"A\n", "reads.fastq ends with other reads than before."),
    ]:
        path.write_bytes(changed)
        assert before.difference() == sentence
    path.unlink()
    with pytest.raises(CheckpointError, match=r"reads\.fastq cannot be read: no such file"):
        before.difference()
    assert InputIdentity.of_text(before.text()) == before


@pytest.mark.parametrize("size", [300, 300_000])
def test_of_an_input_that_grows_only_what_had_been_read_counts(tmp_path: Path, size: int) -> None:
    path = tmp_path / "reads.fastq"
    text = (b"@a\nACGT\n+\nIIII\n" * 20_000)[:size]
    path.write_bytes(text + b"@half")
    before = InputIdentity.of(path, size)
    for changed, sentence in [
        (text, None),
        (text + text, None),
        (text[:-1], f"reads.fastq shrank to {size - 1:,} bytes, and {size:,} of it had been read."),
        (b"@b" + text[2:] + text, "reads.fastq begins with other reads than before."),
    ]:
        path.write_bytes(changed)
        assert before.difference() == sentence
    path.write_bytes(text[:-2] + b"A\n" + text)
    assert "other reads" in str(before.difference())


def test_an_input_whose_name_is_no_valid_text_is_known_again(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"r\xff.fastq")
    try:
        path.write_bytes(b"@a\nACGT\n+\nIIII\n")
    except OSError:
        pytest.skip("this file system takes no such names")
    before = InputIdentity.of(path)
    assert InputIdentity.of_text(before.text()) == before


def test_a_folder_that_cannot_be_listed_is_told_and_left(tmp_path: Path) -> None:
    folder = CheckpointFolder(tmp_path / ("long" * 100))
    with pytest.raises(CheckpointError, match="No checkpoint can be written"):
        folder.write({"batch": 1})
    assert folder.prune() == 0
