"""What the next runs do with their reads: QC alone, or a pipeline, and where its reads go."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Signal

FORMATS = {"gzip": ".fastq.gz", "zstd": ".fastq.zst", "plain": ".fastq"}
"""How reads are written, and how the names of their files end."""

_ENDINGS = re.compile(r"(\.(fastq|fq))?(\.(gz|gzip|bgz|bgzf|bz2|xz|zst|zstd))?$|\.(bam|ubam|sam)$", re.IGNORECASE)

_NUMBER = re.compile(r"(?<=.)-([2-9]|[1-9][0-9]{1,3})$")


@dataclass(frozen=True, slots=True)
class RunChoice:
    """What a run does.

    Attributes:
        pipeline: name of the pipeline; empty: QC only.
        writes: whether the reads that the pipeline keeps are written.
        format: a key of `FORMATS`.
        folder: where to; ``None``: beside the reads.
        drops: whether those that it drops are written too, with the reason behind each name.
    """

    pipeline: str = ""
    writes: bool = True
    format: str = "gzip"
    folder: Path | None = None
    drops: bool = False

    def output_for(self, path: Path, taken: Collection[Path] = ()) -> Path | None:
        """Where the reads of ``path`` would go: a name that is not there yet, and so never the input's own.

        Args:
            path: the input.
            taken: names that other runs will write to.

        Returns:
            The file, or ``None`` where nothing is written.
        """
        if not self.pipeline or not self.writes:
            return None
        folder = path.parent if self.folder is None else self.folder
        stem = path.name[: _end(path)] or path.name
        wanted = folder / f"{stem}.{self.pipeline}{FORMATS[self.format]}"
        number = 2
        while _is_there(wanted, FORMATS[self.format]) or wanted in taken or wanted.resolve() in taken:
            wanted = folder / f"{stem}.{self.pipeline}-{number}{FORMATS[self.format]}"
            number += 1
        return wanted


def dropped_name(output: Path) -> Path:
    """The path of the file for what is dropped: ``a.trim.dropped-2.fastq.gz`` beside ``a.trim-2.fastq.gz``."""
    path, number = counted_name(output)
    named = _before_ending(path, ".dropped")
    return named if number == 1 else numbered_name(named, number)


def numbered_name(path: Path, number: int) -> Path:
    """The path of another file beside it: ``a.trim-2.fastq.gz`` of ``a.trim.fastq.gz``."""
    return _before_ending(path, f"-{number}")


def counted_name(path: Path) -> tuple[Path, int]:
    """The name that `numbered_name` made a name of, and the number; the name itself and 1, if it has none."""
    end = _end(path)
    number = _NUMBER.search(path.name, 0, end)
    if number is None:
        return path, 1
    return path.with_name(f"{path.name[: number.start()]}{path.name[end:]}"), int(number[1])


def _before_ending(path: Path, added: str) -> Path:
    end = _end(path)
    return path.with_name(f"{path.name[:end]}{added}{path.name[end:]}")


def _end(path: Path) -> int:
    """Where the ending of its name begins."""
    return _ENDINGS.search(path.name).start()  # type: ignore[union-attr] # matches at the end of any text


def _is_there(path: Path, ending: str) -> bool:
    """Whether a file has this name, or one of a sample's that would stand beside it."""
    start = path.name.removesuffix(ending)
    try:
        names = [other.name for other in path.parent.iterdir()]
    except OSError:
        return path.exists()
    return any(name.startswith(f"{start}.") and name.endswith(ending) for name in names)


class RunChoices(QObject):
    """The choice that holds, remembered from one day to the next.

    Signals:
        changed: another one holds.
    """

    changed = Signal()

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = QSettings(str(path), QSettings.Format.IniFormat)
        self.current = self._read()

    def choose(self, **fields: object) -> None:
        """Let other values of `RunChoice` hold."""
        chosen = replace(self.current, **fields)  # type: ignore[arg-type] # its own fields
        if chosen != self.current:
            self.current = chosen
            self._file.setValue("run/pipeline", chosen.pipeline)
            self._file.setValue("run/writes", "yes" if chosen.writes else "no")
            self._file.setValue("run/drops", "yes" if chosen.drops else "no")
            self._file.setValue("run/format", chosen.format)
            self._file.setValue("run/folder", "" if chosen.folder is None else str(chosen.folder))
            self.changed.emit()

    def _read(self) -> RunChoice:
        folder = str(self._file.value("run/folder", ""))
        kind = str(self._file.value("run/format", "gzip"))
        return RunChoice(
            pipeline=str(self._file.value("run/pipeline", "")),
            writes=str(self._file.value("run/writes", "yes")) != "no",
            format=kind if kind in FORMATS else "gzip",
            folder=Path(folder) if folder else None,
            drops=str(self._file.value("run/drops", "no")) == "yes",
        )
