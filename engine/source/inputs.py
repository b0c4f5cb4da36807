"""Which of the things a user points at are FASTQ files, and why the others are not."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from engine.errors import InputError
from engine.source.base import ByteSource
from engine.source.file_names import is_named_fastq
from engine.source.head import HeadSource
from engine.source.pipe import is_null, is_pipe, open_pipe
from engine.source.recognise import alignment_kind, decoded, decompressed, refusal
from engine.source.stored import StoredInput, open_file
from engine.source.taped import can_be_mended
from engine.source.trouble import input_error


@dataclass(frozen=True, slots=True)
class Inputs:
    """What `find_inputs` found, in the order given, folders walked by name."""

    files: tuple[Path, ...]
    refused: tuple[InputError, ...]


def find_inputs(paths: Iterable[Path]) -> Inputs:
    """Sorts files and folders into FASTQ files and refusals.

    A file is judged by its content. In a folder, at any depth, files that are neither named nor
    look like FASTQ are passed over in silence; hidden files and folders too.
    """
    files: list[Path] = []
    refused: list[InputError] = []
    for path in paths:
        if _is_folder(path):
            found, troubles = _walk(path)
            files += found
            refused += troubles
            if not found and not troubles:
                refused.append(
                    InputError(f"{path.name or path} holds no FASTQ files.", path=path, hint="Choose another folder.")
                )
        else:
            try:
                check(path)
                files.append(path)
            except InputError as error:
                refused.append(error)
    return Inputs(tuple(dict.fromkeys(files)), tuple(refused))


def _is_folder(path: Path) -> bool:
    return os.path.isdir(path)  # noqa: PTH112 - path.is_dir() raises where the folder above may not be entered


def _walk(folder: Path) -> tuple[list[Path], list[InputError]]:
    files: list[Path] = []
    refused: list[InputError] = []

    def note(error: OSError) -> None:
        refused.append(input_error(error, Path(error.filename)))

    for parent, folders, names in os.walk(folder, onerror=note):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(name for name in names if not name.startswith(".")):
            path = Path(parent) / name
            if is_pipe(path):  # nobody named it
                continue
            try:
                check(path)
                files.append(path)
            except InputError as error:
                if is_named_fastq(path):
                    refused.append(error)
    return files, refused


def check(path: Path) -> None:
    """Makes sure that a file is worth starting a run on.

    Standard input and pipes would be used up by a look: they are checked when they are opened.

    Raises:
        InputError: it is missing, unreadable, empty, or begins with something that is not FASTQ.
    """
    if is_pipe(path) and not is_null(path):
        return
    stored = _open(path)
    try:
        source = HeadSource(decompressed(stored, threads=0))
        head = source.look()
    finally:
        stored.close()
    if source.trouble and not head:
        raise source.trouble
    if alignment_kind(head) is None and (error := refusal(head, path, path.name)):
        raise error


def open_source(
    path: Path,
    *,
    threads: int = 2,
    on_open: Callable[[StoredInput], None] = lambda _stored: None,
    mends: bool = False,
    repeats: bool = False,
) -> ByteSource:
    """Opens an input for reading, recognised by its first bytes.

    Args:
        path: a file, a named pipe, or ``-`` for standard input. Pipes are waited for.
        threads: that may decompress where the format allows it; 0: the one that reads does.
        on_open: gets the input before its first byte is waited for; closing it ends the wait.
        mends: damaged compressed data is passed over, and marked in the text; see `mark`. Not of BAM, SAM and colours.
        repeats: secondary and supplementary records of BAM and SAM are reads too.

    Raises:
        InputError: it is missing or cannot be read, or it is a pipe that brings something else than reads.
    """
    stored = _open(path)
    try:
        on_open(stored)
        return decoded(stored, threads, mends=mends and can_be_mended(stored), repeats=repeats)
    except BaseException:
        stored.close()
        raise


def _open(path: Path) -> StoredInput:
    if _is_folder(path):
        raise input_error(IsADirectoryError(21, "is a directory"), path)
    return open_pipe(path) if is_pipe(path) else open_file(path)
