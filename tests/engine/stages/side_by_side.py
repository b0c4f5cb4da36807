"""What cutadapt writes for a set of options, and what a chain of stages writes for the same reads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from cutadapt.cli import main as cutadapt

from engine.sink.plan import OutputPlan
from tests.engine.stages.option_sets import OptionSet
from tests.engine.stages.test_real_reads import Chain, batches_of, write_through


@dataclass(frozen=True)
class SideBySide:
    """The files of both, one for each side of the reads.

    Attributes:
        words: the command line that cutadapt has run.
    """

    inputs: list[Path]
    theirs: list[Path]
    ours: list[Path]
    words: list[str]

    @classmethod
    def by_cutadapt(cls, drawn: OptionSet, folder: Path) -> SideBySide:
        """Writes reads for a set, and has cutadapt process them."""
        sides = (1, 2) if drawn.paired else (1,)
        inputs, theirs, ours = ([folder / f"{name}{side}.fastq" for side in sides] for name in ("in", "theirs", "ours"))
        drawn.write_reads(inputs)
        outputs = [word for flag, path in zip("op", theirs, strict=False) for word in (f"-{flag}", str(path))]
        words = [*drawn.words, *outputs, *map(str, inputs)]
        cutadapt(["--quiet", "--no-index", *words])
        return cls(inputs, theirs, ours, words)

    def process(self, chain: Chain) -> None:
        """Has a chain process the same reads."""
        first, *mates = [batches_of(path) for path in self.inputs]
        batches = [replace(one, mate=mate) for one, mate in zip(first, mates[0], strict=True)] if mates else first
        write_through(chain, batches, OutputPlan(self.ours[0], self.ours[1] if mates else None, replace=True))
