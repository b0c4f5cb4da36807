"""Pipelines made of fastp's command lines."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.pipeline.translation import Translation, TranslationError, WordParser, by_mates, sequences_in
from engine.sink.plan import PART

_BESIDE = ("--overlapped_out", "--unpaired2")
_REPORTS = (
    "--json -j", "--html -h", "--report_title -R", "--thread -w", "--compression -z", "--dup_calc_accuracy",
    "--overrepresentation_sampling -P", "--split_prefix_digits -d",
)  # fmt: skip
_UNLIKE = {
    "--fix_mgi_id": "Leave it out, and change headers with the stage 'rename'.",
    "--filter_by_index1": "Leave it out, and drop reads by their headers with a stage 'name' for each barcode.",
    "--filter_by_index2": "Leave it out, and drop reads by their headers with a stage 'name' for each barcode.",
}
_UMI_PLACES = {
    "read1": "first", "read2": "second", "per_read": "both",
    "index1": "first index", "index2": "second index", "per_index": "both indexes",
}  # fmt: skip


def _parser() -> WordParser:
    parser = WordParser("fastp")
    parser.values(
        "--in1 -i",
        "--out1 -o",
        "--in2 -I",
        "--out2 -O",
        "--unpaired1",
        "--merged_out",
        "--failed_out",
        "--split -s",
        *_BESIDE,
        *_REPORTS,
    )
    parser.values("--adapter_sequence -a", "--adapter_sequence_r2", "--adapter_fasta", "--umi_loc", "--umi_prefix")
    parser.values(
        "--trim_front1 -f", "--trim_tail1 -t", "--max_len1 -b", "--trim_front2 -F", "--trim_tail2 -T", "--max_len2 -B",
        "--poly_g_min_len", "--poly_x_min_len", "--cut_window_size -W", "--cut_mean_quality -M", "--average_qual -e",
        "--cut_front_window_size", "--cut_front_mean_quality", "--cut_tail_window_size", "--cut_tail_mean_quality",
        "--cut_right_window_size", "--cut_right_mean_quality", "--qualified_quality_phred -q",
        "--unqualified_percent_limit -u", "--n_base_limit -n", "--length_required -l", "--length_limit",
        "--complexity_threshold -Y", "--overlap_len_require", "--overlap_diff_limit", "--overlap_diff_percent_limit",
        "--umi_len", "--umi_skip", "--filter_by_index_threshold", "--reads_to_process", "--split_by_lines -S",
        type=int,
    )  # fmt: skip
    parser.values("--filter_by_index1", "--filter_by_index2", "--umi_delim")
    parser.values("--dimer_max_len", type=int)
    parser.flags("--allow_gap_overlap_trimming", "--fix_mgi_id")
    parser.flags("--merge -m", "--include_unmerged", "--stdin", "--stdout", "--interleaved_in", "--dont_overwrite")
    parser.flags("--verbose -V", "--disable_adapter_trimming -A", "--detect_adapter_for_pe -2", "--dedup -D")
    parser.flags("--dont_eval_duplication", "--trim_poly_g -g", "--disable_trim_poly_g -G", "--trim_poly_x -x")
    parser.flags("--cut_front -5 --cut_by_quality5", "--cut_tail -3 --cut_by_quality3", "--discard_unmerged")
    parser.flags("--cut_right -r --cut_by_quality_aggressive", "--disable_quality_filtering -Q", "--correction -c")
    parser.flags("--disable_length_filtering -L", "--low_complexity_filter -y", "--umi -U", "--phred64 -6")
    parser.flags("--overrepresentation_analysis -p")
    return parser


def from_fastp(words: Sequence[str]) -> Translation:
    """What a command of fastp comes to.

    Args:
        words: what follows the name of the program.

    Raises:
        TranslationError: it asks for what Lanescope does not do, or cannot be read.
    """
    chosen = _parser().parse_args(list(words))
    for option, instead in _UNLIKE.items():
        if _value(chosen, option):
            raise TranslationError(f"{option} has no counterpart in Lanescope.", hint=instead)
    made = Translation("fastp", is_interleaved=chosen.interleaved_in)
    paired = bool(chosen.in2 or chosen.interleaved_in)
    _add_files(made, chosen, paired)
    _add_cuts(made, chosen, paired)
    _add_adapters(made, chosen, paired)
    _add_last_cuts(made, chosen, paired)
    _add_filters(made, chosen)
    return made


def _value(chosen: argparse.Namespace, option: str) -> Any:
    return getattr(chosen, option.split(maxsplit=1)[0].lstrip("-"))


def _add_files(made: Translation, chosen: argparse.Namespace, paired: bool) -> None:
    made.inputs = [path for path in ("-" if chosen.stdin else chosen.in1, chosen.in2) if path]
    made.outputs = [path for path in (chosen.out1, chosen.out2) if path]
    if chosen.stdout:
        made.outputs = ["-"]
    made.singletons = chosen.merged_out or chosen.unpaired1 or ""
    if chosen.merge and chosen.merged_out and (chosen.include_unmerged or not made.outputs):
        made.outputs = [made.singletons]
    made.interleaves = paired and len(made.outputs) == 1
    if chosen.failed_out and made.outputs:
        made.dropped, made.tells_reasons = [("", chosen.failed_out, "")], True
        made.notes.append(
            "Among dropped reads are duplicates and pairs that fail as a whole, too, with reasons in other words."
        )
    elif chosen.failed_out:
        made.notes.append("--failed_out needs an output for the reads that are kept, too.")
    if chosen.split_by_lines and made.outputs:
        made.split_reads = max(chosen.split_by_lines // 4, 1)
        made.outputs = [str(Path(path).with_name(f"{PART}.{Path(path).name}")) for path in made.outputs]
        made.notes.append(
            "Each file has as many reads as asked for; fastp fills up to whole packs, and may add empty files."
        )
        if chosen.split_prefix_digits not in {None, "4"}:
            made.notes.append("--split_prefix_digits: numbers of files have four digits, or more if need be.")
    if chosen.split:
        made.notes.append(
            f"--split: give --split-reads the reads of one of {chosen.split} equal parts; lanescope run tells how many "
            "reads there are."
        )
    for option in _BESIDE:
        if _value(chosen, option) and not (option == "--unpaired2" and chosen.unpaired2 == chosen.unpaired1):
            made.notes.append(f"{option.split()[0]} asks for files that Lanescope does not write.")


def _add_cuts(made: Translation, chosen: argparse.Namespace, paired: bool) -> None:
    if chosen.reads_to_process:
        made.add("first", count=chosen.reads_to_process)
    if chosen.phred64:
        made.add("encoding")
    if chosen.dedup:
        made.add("deduplicate")
    if chosen.umi:
        if chosen.umi_loc not in _UMI_PLACES:
            raise TranslationError(f"UMIs at {chosen.umi_loc} have no counterpart in Lanescope.")
        prefix = f"{chosen.umi_prefix}_" if chosen.umi_prefix else None
        place = _UMI_PLACES[chosen.umi_loc]
        length = (chosen.umi_len or 1) if chosen.umi_loc.endswith(("read", "read1", "read2")) else None
        made.add(
            "umi", place=place, length=length, skip=chosen.umi_skip or None, prefix=prefix, separator=chosen.umi_delim
        )
    windows = _windows(chosen)
    for (front, back), mates in by_mates(*_cuts(chosen), paired):
        if windows:
            made.add("fastp_windows", five_prime=front or None, three_prime=back or None, **windows, mates=mates)
        elif front or back:
            made.add("cut", five_prime=front or None, three_prime=back or None, mates=mates)
    if chosen.trim_poly_g:
        made.add("poly_x", least=chosen.poly_g_min_len)
    elif not chosen.disable_trim_poly_g:
        made.notes.append(
            "fastp cuts poly-G from reads of NextSeq and NovaSeq unasked: for those, add the stage poly_x."
        )


def _windows(chosen: argparse.Namespace) -> dict[str, Any]:
    """What is set for windows, where any are asked for."""
    made = {}
    for name in ("front", "right", "tail"):
        if getattr(chosen, f"cut_{name}"):
            made[f"{name}_window"] = getattr(chosen, f"cut_{name}_window_size") or chosen.cut_window_size or 4
            made[f"{name}_quality"] = getattr(chosen, f"cut_{name}_mean_quality") or chosen.cut_mean_quality or 20
    return made


def _cuts(chosen: argparse.Namespace) -> tuple[tuple[int, int], tuple[int, int]]:
    """Bases to cut from the 5' and the 3' ends, of first and of second reads."""
    first = chosen.trim_front1 or 0, chosen.trim_tail1 or 0
    return first, (
        first[0] if chosen.trim_front2 is None else chosen.trim_front2,
        first[1] if chosen.trim_tail2 is None else chosen.trim_tail2,
    )


def _add_adapters(made: Translation, chosen: argparse.Namespace, paired: bool) -> None:
    overlap = {
        "least": chosen.overlap_len_require,
        "differences": chosen.overlap_diff_limit,
        "percent": chosen.overlap_diff_percent_limit,
    }
    first, second = _cuts(chosen)
    cut: dict[str, Any] = {}
    if first[0] or second[0] or chosen.cut_front:
        cut = {"cut": True, **_umi(chosen)}
    trims = not chosen.disable_adapter_trimming
    if (chosen.correction or chosen.merge) and paired:  # fastp corrects whatever it merges
        made.add("correct", **overlap, **({"trim": True} | cut if trims else {}))
    elif trims and paired:
        made.add("overlap_adapters", **overlap, **cut)
    if trims:
        _add_sequences(made, chosen, paired)
    if trims and paired and chosen.allow_gap_overlap_trimming:
        made.notes.append("--allow_gap_overlap_trimming: overlaps are found without gaps alone.")
    if trims and chosen.dimer_max_len is not None:
        made.notes.append("--dimer_max_len: adapter dimers are dropped as too short, by the stage length.")
    if chosen.merge and paired:
        made.merge = {"unmerged": "keep" if chosen.out1 or chosen.include_unmerged else "drop", **overlap}


def _umi(chosen: argparse.Namespace) -> dict[str, int]:
    """Bases that UMIs take from the beginnings of reads."""
    if not chosen.umi:
        return {}
    bases = (chosen.umi_len or 1) + (chosen.umi_skip or 0)
    places = {"read1": ("umi",), "read2": ("second_umi",), "per_read": ("umi", "second_umi")}
    return dict.fromkeys(places.get(chosen.umi_loc, ()), bases)


def _add_sequences(made: Translation, chosen: argparse.Namespace, paired: bool) -> None:
    first, second = (None if each == "auto" else each for each in (chosen.adapter_sequence, chosen.adapter_sequence_r2))
    listed = (
        [f"{name}={letters}" for name, letters in sequences_in(chosen.adapter_fasta)] if chosen.adapter_fasta else []
    )
    own = [first] if first else []
    detect = not first and (not paired or chosen.detect_adapter_for_pe)
    if not own and not second and not listed and not detect:
        return
    others = [second, *listed] if paired and second and second != first else None
    made.add(
        "adapters",
        adapters=[*own, *listed] or (others if not detect else None),
        second=others if own or listed else None,
        mates="second" if others and not own and not listed and not detect else None,
        detect=True if detect else None,
        times=2 if listed else None,
    )
    made.notes.append("Adapters are found by cutadapt's rules, not by fastp's: a few reads are cut elsewhere.")


def _add_last_cuts(made: Translation, chosen: argparse.Namespace, paired: bool) -> None:
    if chosen.trim_poly_x:
        made.add("poly_x", bases="ACGT", least=chosen.poly_x_min_len)
    first = chosen.max_len1 or 0
    for length, mates in by_mates(first, chosen.max_len2 or first, paired):
        if length:
            made.add("shorten", length=length, mates=mates)
    if made.merge:
        made.add("merge", **made.merge)


def _add_filters(made: Translation, chosen: argparse.Namespace) -> None:
    rule = "each" if chosen.unpaired1 or (chosen.merge and chosen.include_unmerged) else None
    if not chosen.disable_quality_filtering:
        share = chosen.unqualified_percent_limit
        made.add("low_quality", quality=chosen.qualified_quality_phred, maximum=share, pairs=rule)
        made.add("max_n", maximum=chosen.n_base_limit, pairs=rule)
        if chosen.average_qual:
            made.add("mean_quality", minimum=chosen.average_qual, of_scores=True, pairs=rule)
    least, most = chosen.length_required, chosen.length_limit or None
    least = 15 if least is None else max(least, 1)
    if chosen.disable_length_filtering:  # fastp drops empty reads all the same
        least, most = 1, None
    made.add("length", minimum=least, maximum=most, pairs=rule)
    if chosen.low_complexity_filter:
        made.add("complexity", minimum=chosen.complexity_threshold, pairs=rule)
