"""What cutadapt writes for a set of options, and what a chain of stages writes for the same reads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from cutadapt.cli import main as cutadapt

from engine.sink.dropped import DroppedFile
from engine.sink.plan import OutputPlan
from tests.engine.stages.option_sets import OptionSet
from tests.engine.stages.test_real_reads import Chain, batches_of, write_through


@dataclass(frozen=True)
class SideBySide:
    """The files of both, one for each side of the reads, and behind these those of the reads that are dropped.

    Attributes:
        words: the command line that cutadapt has run.
        dropped: the reasons for which there are such.
    """

    inputs: list[Path]
    theirs: list[Path]
    ours: list[Path]
    words: list[str]
    dropped: list[str]

    @classmethod
    def by_cutadapt(cls, drawn: OptionSet, folder: Path) -> SideBySide:
        """Writes reads for a set, and has cutadapt process them."""
        sides = (1, 2) if drawn.paired else (1,)
        kinds = [str(side) for side in sides] + [f"_{reason}{side}" for reason in drawn.dropped for side in sides]
        theirs, ours = ([folder / f"{name}{kind}.fastq" for kind in kinds] for name in ("theirs", "ours"))
        inputs = [folder / f"in{side}.fastq" for side in sides]
        drawn.write_reads(inputs)
        flags = ["-o", "-p"][: len(sides)]
        flags += [f"--{reason}{paired}-output" for reason in drawn.dropped for paired in ("", "-paired")[: len(sides)]]
        outputs = [word for flag, path in zip(flags, theirs, strict=True) for word in (flag, str(path))]
        words = [*drawn.words, *outputs, *map(str, inputs)]
        cutadapt(["--quiet", "--no-index", *words])
        return cls(inputs, theirs, ours, words, drawn.dropped)

    def process(self, chain: Chain) -> None:
        """Has a chain process the same reads."""
        first, *mates = [batches_of(path) for path in self.inputs]
        batches = [replace(one, mate=mate) for one, mate in zip(first, mates[0], strict=True)] if mates else first
        (first_path, second_path), *others = (
            (*self.ours[at : at + len(self.inputs)], None)[:2] for at in range(0, len(self.ours), len(self.inputs))
        )
        dropped = tuple(
            DroppedFile(path, other, reason)
            for reason, (path, other) in zip(self.dropped, others, strict=True)
            if path is not None
        )
        assert first_path is not None
        write_through(chain, batches, OutputPlan(first_path, second_path, replace=True, dropped=dropped))
