"""What a pipeline would do to the first reads of a file, in words and figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gui.models import format as show


@dataclass(frozen=True, slots=True)
class Look:
    """Reads at one place of the pipeline.

    Attributes:
        reads: how many there are.
        bases: how many bases they have.
        quality: mean Phred over all of these, ``None`` where there are none.
    """

    reads: int
    bases: int
    quality: float | None

    @property
    def length(self) -> float | None:
        """Mean length, bp."""
        return self.bases / self.reads if self.reads else None


@dataclass(frozen=True, slots=True)
class StageTrial:
    """One stage of a trial.

    Attributes:
        name: the stage's.
        before: the reads that came to it.
        after: those that it left.
        drops: reads dropped, by reason in words.
        trimmed: reads that stayed and are shorter.
        errors: what went wrong in it.
        verdict: what a stage over documents said of the numbers; empty for any other.
    """

    name: str
    before: Look
    after: Look
    drops: Mapping[str, int] = field(default_factory=dict)
    trimmed: int = 0
    errors: tuple[str, ...] = ()
    verdict: str = ""

    @property
    def line(self) -> str:
        """The stage in one line, for its card."""
        if self.verdict:
            return self.verdict
        if self.before == self.after and not self.errors:
            return f"{self.before.reads:,} reads pass as they are"
        gone = self.before.reads - self.after.reads
        parts = [show.plural(self.before.reads, "read")]
        if gone:
            parts = [f"{self.before.reads:,} → {self.after.reads:,} reads"]
            parts.append(f"{show.share(gone, self.before.reads)} dropped")
        parts += [
            part for part in (moved_length(self.before, self.after), moved_quality(self.before, self.after)) if part
        ]
        return " · ".join(parts)

    @property
    def details(self) -> tuple[str, ...]:
        """Everything that is to be told of it, a line each."""
        if self.verdict:
            return (self.verdict, *(f"Error: {error}" for error in self.errors))
        lines = [f"{self.before.reads:,} reads in, {self.after.reads:,} out"]
        if self.trimmed:
            shortened = show.share(self.trimmed, self.before.reads)
            lines.append(f"{show.plural(self.trimmed, 'read')} shortened ({shortened})")
        for reason, count in sorted(self.drops.items(), key=lambda drop: -drop[1]):
            lines.append(f"{count:,} dropped: {reason} ({show.share(count, self.before.reads)})")
        lines.append(f"Mean length {_length(self.before)} → {_length(self.after)}")
        lines.append(f"Mean quality {_quality(self.before)} → {_quality(self.after)}")
        lines += [f"Error: {error}" for error in self.errors]
        return tuple(lines)


@dataclass(frozen=True, slots=True)
class Trial:
    """A whole trial.

    Attributes:
        file: what was read.
        stages: those that are not switched off, in order.
        before: the reads as they came.
        after: those that are left.
        rejected_by: the stage that rejects what came out; empty: none does.
    """

    file: str
    stages: tuple[StageTrial, ...]
    before: Look
    after: Look
    rejected_by: str = ""

    @property
    def line(self) -> str:
        """All of it in one line."""
        if not self.before.reads:
            return "There are no reads in this file."
        kept = f"{self.after.reads:,} of {show.plural(self.before.reads, 'read')} kept"
        share = f"({show.share(self.after.reads, self.before.reads)})"
        parts = (moved_length(self.before, self.after), moved_quality(self.before, self.after))
        rejected = f"rejected by {self.rejected_by}" if self.rejected_by else ""
        return " · ".join((f"{kept} {share}", *(part for part in (*parts, rejected) if part)))


@dataclass(frozen=True, slots=True)
class SearchStageTrial:
    """One stage of a trial of a pipeline for searches.

    Attributes:
        name: the stage's.
        changes: what it changed, a line each.
        trouble: why it failed or rejected the search; empty: it did neither.
    """

    name: str
    changes: tuple[str, ...]
    trouble: str = ""

    @property
    def line(self) -> str:
        """The stage in one line, for its card."""
        return self.trouble or " · ".join(self.changes) or "The search passes as it is"

    @property
    def details(self) -> tuple[str, ...]:
        """Everything that is to be told of it, a line each."""
        return (*(self.changes or ("The search passes as it is",)), *((self.trouble,) if self.trouble else ()))


@dataclass(frozen=True, slots=True)
class SearchTrial:
    """A whole trial of a pipeline for searches.

    Attributes:
        stages: those that are not switched off, in order.
        changes: what all of them changed, a line each.
    """

    stages: tuple[SearchStageTrial, ...]
    changes: tuple[str, ...]

    @property
    def line(self) -> str:
        """All of it in one line."""
        return " · ".join(self.changes) or "The search stays as it is."


def moved_length(before: Look, after: Look) -> str:
    """How the mean length moved, or an empty string where it did not."""
    old, new = _length(before), _length(after)
    return "" if old == new else f"{old.removesuffix(' bp') if after.reads else old} → {new}"


def moved_quality(before: Look, after: Look) -> str:
    """How the mean quality moved, or an empty string where it did not."""
    old, new = _quality(before), _quality(after)
    return "" if old == new else f"{old} → {new.removeprefix('Q ')}"


def _length(look: Look) -> str:
    return "none" if look.length is None else f"{look.length:.1f} bp"


def _quality(look: Look) -> str:
    return "none" if look.quality is None else f"Q {look.quality:.1f}"
