from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from engine.source.trouble import input_error

PATH = Path("folder") / "reads.fastq"


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOENT, "reads.fastq does not exist (any more)."),
        (errno.EACCES, "You are not allowed to read reads.fastq."),
        (errno.EPERM, "You are not allowed to read reads.fastq."),
        (errno.EISDIR, "reads.fastq is a folder, not a file."),
        (errno.ESTALE, "reads.fastq vanished from the network drive while it was read."),
        (errno.EIO, "The drive could not read reads.fastq."),
        (errno.EMFILE, f"reads.fastq cannot be read: {os.strerror(errno.EMFILE)}."),
    ],
)
def test_says_what_happened_and_what_to_do(number: int, sentence: str) -> None:
    error = input_error(OSError(number, os.strerror(number)), PATH)
    assert str(error) == sentence
    assert error.path == PATH
    assert error.hint.endswith(".")


def test_an_error_without_a_number_is_quoted() -> None:
    assert str(input_error(OSError("it just failed"), PATH)) == "reads.fastq cannot be read: it just failed."


class Held(PermissionError):
    """What Windows raises for a file that another program has opened for itself alone."""

    winerror = 32


def test_a_file_that_another_program_holds_asks_nobody_for_rights() -> None:
    error = input_error(Held(errno.EACCES, "The process cannot access the file"), PATH)
    assert str(error) == "Another program keeps reads.fastq to itself."
    assert error.hint == "Close it there, and try it again."


@pytest.mark.parametrize("name", ["{name}.fastq", "{0}{}.fastq", "%s <b>&amp;.fastq"])
def test_names_are_data(name: str) -> None:
    for number in (errno.ENOENT, errno.EMFILE):
        assert name in str(input_error(OSError(number, "why"), Path(name)))


def test_reasons_are_data() -> None:
    assert "{x}" in str(input_error(OSError(errno.EMFILE, "no {x}"), PATH))
