"""Where the reads of a run go."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from engine.sink.codecs import Packing
from engine.sink.dropped import DroppedFile
from engine.sink.errors import OutputError
from engine.sink.names import fault_of, place_of

SAMPLE = "{sample}"
"""Stands for a sample's name in the name of a file."""

PART = "{part}"
"""Stands for the number of a part in the name of a split file."""

UNKNOWN = "unknown"
"""Where reads go that belong to no sample."""

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_OTHER_FORMATS = {".bam", ".sam", ".cram", ".bz2", ".xz", ".lzma", ".zip", ".rar", ".7z"}
_ENDINGS = re.compile(r"(\.(fastq|fq))?(\.(gz|bgz|bgzf|zst|zstd))?$", re.IGNORECASE)
_NUMBER = re.compile("[0-9]{4,18}")


@dataclass(frozen=True, slots=True)
class OutputPlan:
    """Files that a run writes.

    Attributes:
        first: single reads, or the first reads of pairs; both, in turn, where `second` is not given.
        second: the second reads of pairs.
        singletons: reads whose mate was dropped; without it they are not written.
        with_singletons: where pairs take turns in one file, reads whose mate was dropped, or merged into them, stand
            there too.
        packing: how; ``None``: as each name asks for.
        replace: older files of these names may be replaced.
        split_reads: a file takes so many single reads or pairs, then the next one begins; the files get numbers in
            their names, see `numbered`. Singletons are never split.
        dropped: files for the reads that are dropped; they are never split either.
        tells_reasons: in these, each name has the reason behind it: ``dropped=too-short``.
        samples: a file for each of these and one for reads that belong to none of them; see `ReadBatch.samples`. Their
            names replace ``{sample}`` in the files' names, or stand before their endings. Empty: samples do not count.
    """

    first: Path
    second: Path | None = None
    singletons: Path | None = None
    with_singletons: bool = False
    packing: Packing | None = None
    replace: bool = False
    split_reads: int | None = None
    samples: tuple[str, ...] = ()
    dropped: tuple[DroppedFile, ...] = ()
    tells_reasons: bool = False

    def __post_init__(self) -> None:
        if self.split_reads is not None and self.split_reads < 1:
            raise ValueError("a file takes at least one read")
        if self.samples and self.is_split:
            raise ValueError("split by samples, or by reads")
        if self.with_singletons and (self.second is not None or self.singletons is not None or self.is_split):
            raise ValueError("singletons stand among pairs only in one file that is not split")
        if len({file.reason for file in self.dropped}) < len(self.dropped):
            raise ValueError("reads that are dropped for one reason go to one file, or two of pairs")

    @property
    def is_split(self) -> bool:
        """Whether there may be more than one file of each kind."""
        return self.split_reads is not None

    def paths(self) -> tuple[Path, ...]:
        """The files of each stream, as named by the user."""
        kept = (path for path in (self.first, self.second, self.singletons) if path is not None)
        return (*kept, *(path for file in self.dropped for path in file.paths()))

    def files(self, path: Path) -> tuple[Path, ...]:
        """The files of one stream that are there from the start: one, or one for each sample and the unknown.

        Args:
            path: as named by the user.
        """
        if self.samples:
            return tuple(of_sample(path, sample) for sample in (*self.samples, UNKNOWN))
        return (numbered(path, 1) if self.is_split and path in {self.first, self.second} else path,)

    def renamed(self, rename: Callable[[Path], Path]) -> OutputPlan:
        """The plan with other names for all of its files."""
        return replace(
            self,
            first=rename(self.first),
            second=None if self.second is None else rename(self.second),
            singletons=None if self.singletons is None else rename(self.singletons),
            dropped=tuple(file.renamed(rename) for file in self.dropped),
        )

    def check(self) -> None:
        """Raises an `OutputError` where streams go to the same file, or a name cannot be or tells of another format."""
        seen: dict[str, Path] = {}
        for path in (file for stream in self.paths() for file in self.files(stream)):
            _check_name(path)
            other = seen.setdefault(place_of(path), path)
            if other is not path:
                raise OutputError(f"{path} and {other} are the same file.", path=path)
        if self.is_split:
            self._refuse_names_of_parts()

    def _refuse_names_of_parts(self) -> None:
        split = [path for path in (self.first, self.second) if path is not None]
        for path in self.paths()[len(split) :]:
            parts = [numbered(whole, int(number)) for whole in split for number in _NUMBER.findall(path.name)]
            if any(place_of(part) == place_of(path) for part in parts):
                raise OutputError(f"{path} may come to be a part of another output.", path=path)

    def packing_of(self, path: Path) -> Packing:
        """How a file is compressed."""
        return Packing.of(path) if self.packing is None else self.packing


def _check_name(path: Path) -> None:
    if fault := fault_of(path.name):
        raise OutputError(f"{path}: {path.name} {fault}.", path=path, hint="Choose another name, or rename the sample.")
    if path.suffix.lower() in _OTHER_FORMATS:
        raise OutputError(
            f"{path} would be FASTQ under the name of something else: {path.suffix} cannot be written.",
            path=path,
            hint="Let the name end with .fastq, .fastq.gz, .fastq.bgz or .fastq.zst.",
        )


def numbered(path: Path, number: int) -> Path:
    """The name of a part, from 1: ``0001.reads.fq`` of ``{part}.reads.fq``, ``reads.0001.fq`` of ``reads.fq``."""
    word = f"{number:04}"
    return path.with_name(path.name.replace(PART, word)) if PART in path.name else _with_word(path, word)


def of_sample(path: Path, sample: str) -> Path:
    """The name of a sample's file: ``a_R1.fastq.gz`` of ``{sample}_R1.fastq.gz``, ``R1.a.fastq.gz`` of ``R1.fastq.gz``.

    Raises:
        OutputError: the sample's name cannot be part of a file's name.
    """
    if not _PLAIN.fullmatch(sample):
        raise OutputError(f"{sample!a} cannot be part of a file's name.", path=path, hint="Rename that sample.")
    if SAMPLE in path.name:
        return path.with_name(path.name.replace(SAMPLE, sample))
    return _with_word(path, sample)


def _with_word(path: Path, word: str) -> Path:
    """The path with a word before the endings of its name."""
    endings = _ENDINGS.search(path.name)
    at = endings.start() if endings else len(path.name)
    return path.with_name(f"{path.name[:at]}.{word}{path.name[at:]}")
