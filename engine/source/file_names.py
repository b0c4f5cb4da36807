"""What the name of a file of reads says about it. Nothing here looks at a disk."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

_SUFFIXES = re.compile(r"(?:\.(?:fastq|fq|bam|ubam|sam))?(?:\.(?:gz|bgz|bgzf|bz2|xz|zst|zstd))?", re.IGNORECASE)
# bcl2fastq and BCL Convert: sample, its number in the sheet, lane, read, set; CASAVA had no number, and always a lane.
_ILLUMINA = re.compile(
    r"(?P<full>(?P<sample>.+?)(?:_S\d+|(?=_L\d{3}_)))(?:_L(?P<lane>\d{3}))?_(?:R(?P<read>\d)|(?P<index>I\d))_(?P<chunk>\d{3})"
)
# MinKNOW and Guppy: flow cell or run with what else all chunks share, number of the chunk.
_NANOPORE = (
    re.compile(
        r"(?P<sample>[A-Z]{3}\d{4,}_(?:pass|fail|skip)(?:_\w+?)?(?:_[0-9a-f]{8}){1,2})_(?P<chunk>\d+)(?P<part>)"
    ),
    re.compile(r"(?P<sample>fastq_runid_[0-9a-f]{8,40})_(?P<chunk>\d+)(?:_(?P<part>\d+))?"),
)
_READ = re.compile(r"[._-](?:R|read)(?P<read>[1-9])(?=[._-]|$)", re.IGNORECASE)
_LANE = re.compile(r"[._-]L(?:ane)?(?P<lane>\d{1,3})(?=[._-]|$)", re.IGNORECASE)
_TRIM_GALORE = re.compile(r"(?:[._-]R?(?P<read>[12]))?[._-]val[._-](?P<again>[12])$", re.IGNORECASE)
_NUMBER = re.compile(r"[._](?P<read>\d+)P?$")
_NOTHING_ELSE = re.compile(r"(?P<word>R|read)(?P<read>\d)", re.IGNORECASE)
_UNPAIRED = re.compile(r"(?:^|[._-])(?:unpaired|orphans?|singles?|singletons?)(?:[._-]|$)", re.IGNORECASE)
_FASTQ = (".fastq", ".fq")
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class FileName:
    """One file, as its name has it.

    Attributes:
        path: the file.
        sample: what is left of the name without everything below.
        full_sample: the same, with what tells two samples of one name apart.
        lane: number of the lane; 0 where the name has none.
        chunk: numbers of the chunk; empty where the name has none.
        read: 1 and 2 for mates (3 and more for other reads of the same molecule), 0 where the name has none.
        is_index: whether it holds index reads.
        is_guess: `read` is no more than a number at the end, or all that the name has, which may mean
            something else.
    """

    path: Path
    sample: str
    full_sample: str
    lane: int = 0
    chunk: tuple[int, ...] = ()
    read: int = 0
    is_index: bool = False
    is_guess: bool = False

    @property
    def without_guess(self) -> FileName:
        """The same file with the number at its end as a part of its sample's name."""
        return _without_read(self.path, stem_of(self.path)) if self.is_guess else self


def natural_key(text: str) -> tuple[tuple[int, str], ...]:
    """What to sort names by so that numbers in them count as numbers: 2 before 10."""
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in _DIGITS.split(text))


def stem_of(path: Path) -> str:
    """The name without the suffixes of formats and compressions."""
    for at in range(1, len(path.name)):
        if path.name[at] == "." and _SUFFIXES.fullmatch(path.name, at):
            return path.name[:at]
    return path.name


def is_named_fastq(path: Path) -> bool:
    """Whether a file claims by its name to be FASTQ, compressed or not."""
    return any(suffix.lower() in _FASTQ for suffix in path.suffixes)


def read_name(path: Path) -> FileName:
    """Takes a name apart."""
    stem = stem_of(path)
    if found := _ILLUMINA.fullmatch(stem):
        return FileName(
            path,
            found["sample"],
            found["full"],
            lane=int(found["lane"] or 0),
            chunk=(int(found["chunk"]),),
            read=int(found["read"] or 0),
            is_index=found["index"] is not None,
        )
    for pattern in _NANOPORE:
        if found := pattern.fullmatch(stem):
            chunk = tuple(int(found[name]) for name in ("chunk", "part") if found[name])
            return FileName(path, found["sample"], found["sample"], chunk=chunk)
    return _read_other(path, stem)


def _read_other(path: Path, stem: str) -> FileName:
    if _UNPAIRED.search(stem):
        return _without_read(path, stem)
    if (found := _TRIM_GALORE.search(stem)) and found["read"] in {None, found["again"]}:
        return replace(_without_read(path, stem[: found.start()]), read=int(found["again"]))
    reads = list(_READ.finditer(stem))
    if reads:
        rest = stem[: reads[-1].start()] + stem[reads[-1].end() :]
        return replace(_without_read(path, rest), read=int(reads[-1]["read"]))
    if found := _NOTHING_ELSE.fullmatch(stem):
        both = "{0}1_{0}2".format(found["word"])  # a sample has to be called something
        return FileName(path, both, both, read=int(found["read"]), is_guess=True)
    if found := _NUMBER.search(stem):
        guess = _without_read(path, stem[: found.start()])
        return replace(guess, read=int(found["read"]), is_guess=True)
    return _without_read(path, stem)


def _without_read(path: Path, stem: str) -> FileName:
    lanes = list(_LANE.finditer(stem))
    if not lanes:
        return FileName(path, stem, stem)
    sample = stem[: lanes[-1].start()] + stem[lanes[-1].end() :]
    return FileName(path, sample, sample, lane=int(lanes[-1]["lane"]))
