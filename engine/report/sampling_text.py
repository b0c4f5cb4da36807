"""What a sample of the reads means for a report, in words."""

from __future__ import annotations

from engine.run.snapshot import Sampling

_WHY = {
    "drop": "What found no room was left out, which is no random choice.",
    "sample": "Batches were chosen by their numbers, with the same chance each.",
    "adaptive": "While there was no room for all, batches were chosen by their numbers, with the same chance each.",
}


def sampling_sentences(sampling: Sampling) -> list[str]:
    """What the numbers rest on, and how near they are to those of all reads; empty where nothing was left out."""
    if not sampling.left_out_batches:
        return []
    whole = sampling.reads + sampling.left_out_reads
    size = f"{sampling.reads:,} of {whole:,} reads ({100 * sampling.share:.1f} %)"
    rest = f"{sampling.left_out_reads:,} reads with {sampling.left_out_bases:,} bases were left out"
    return [
        f"These numbers rest on a sample: {size}; {rest}.",
        _WHY.get(sampling.policy, ""),
        _nearness(sampling),
    ]


def _nearness(sampling: Sampling) -> str:
    margins = sampling.margins
    if margins is None:
        return "How near they are to those of all reads is not known."
    return (
        "In 95 of 100 such samples, the numbers of all reads are within "
        f"{_two_digits(margins.gc_percent)} percentage points of GC, Q{_two_digits(margins.mean_quality)} of the mean "
        f"quality and {_two_digits(margins.q30_percent)} percentage points of the bases of Q30 or more."
    )


def _two_digits(margin: float) -> str:
    """Never rounded to nothing."""
    return f"{margin:.2f}" if margin >= 0.095 or not margin else f"{margin:.1g}"
