"""Which of the things a user points at are FASTQ files, and why the others are not."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from engine.errors import InputError
from engine.source.base import ByteSource
from engine.source.gzipped import MAGIC as GZIP
from engine.source.gzipped import GzipSource
from engine.source.plain import PlainSource
from engine.source.trouble import input_error

_OTHER_FORMATS = {
    b"BZh": "bzip2",
    b"\xfd7zXZ\0": "xz",
    b"\x28\xb5\x2f\xfd": "Zstandard",
    b"PK\x03\x04": "a ZIP archive",
    b"BAM\x01": "BAM",
    b"CRAM": "CRAM",
    b"\x89HDF": "HDF5 (FAST5)",
    b"POD5": "POD5",
}
_FASTQ_SUFFIXES = (".fastq", ".fq")
_HEAD = 1 << 16


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
        if path.is_dir():
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


def _walk(folder: Path) -> tuple[list[Path], list[InputError]]:
    files: list[Path] = []
    refused: list[InputError] = []
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(name for name in names if not name.startswith(".")):
            path = Path(parent) / name
            try:
                check(path)
                files.append(path)
            except InputError as error:
                if _is_named_fastq(path):
                    refused.append(error)
    return files, refused


def _is_named_fastq(path: Path) -> bool:
    return any(suffix in _FASTQ_SUFFIXES for suffix in (s.lower() for s in path.suffixes))


def check(path: Path) -> None:
    """Makes sure that a file is worth starting a run on.

    Raises:
        InputError: it is missing, unreadable, empty, or begins with something that is not FASTQ.
    """
    source = open_source(path)
    try:
        head = bytearray(_HEAD)
        count = source.read_into(memoryview(head))
    finally:
        source.close()
    text = bytes(head[:count])
    if not text:
        raise InputError(
            f"{path.name} is empty.", path=path, hint="Check that what wrote the file has finished, and did not fail."
        )
    first = text.lstrip(b"\r\n")[:1]
    if not first or first == b"@":
        return
    for magic, name in _OTHER_FORMATS.items():
        if text.startswith(magic):
            raise InputError(
                f"{path.name} holds {name} data, which Lanescope does not read.",
                path=path,
                hint="Convert it to FASTQ, plain or gzip.",
            )
    if first == b">":
        raise InputError(
            f"{path.name} is FASTA: it has no qualities.",
            path=path,
            hint="Choose the FASTQ file that it was made from.",
        )
    raise InputError(
        f"{path.name} is not FASTQ: it does not begin with @.",
        path=path,
        hint="Choose a FASTQ file (.fastq or .fq, plain or gzip).",
    )


def open_source(path: Path) -> ByteSource:
    """Opens a file for reading, recognised by its first bytes.

    Raises:
        InputError: it is missing or cannot be read.
    """
    if path.is_dir():
        raise input_error(IsADirectoryError(21, "is a directory"), path)
    try:
        with path.open("rb", buffering=0) as file:
            magic = file.read(len(GZIP))
    except OSError as error:
        raise input_error(error, path) from error
    return GzipSource(path) if magic == GZIP else PlainSource(path)
