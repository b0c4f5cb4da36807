"""Pipelines made of cutadapt's command lines."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from functools import partial
from typing import Any

from engine.pipeline.cutadapt_adapters import RULES, add_adapters
from engine.pipeline.translation import Translation, TranslationError, WordParser, by_mates, finite

_BESIDE = ("--info-file", "--info-file-paired", "-r --rest-file", "--wildcard-file", "--json")
_OF_DROPPED = ("too-short", "too-long", "untrimmed")
_UNLIKE = ("--fasta",)
_FIELD = r"\{(?:r[12]\.)?(\w+)\}"
_KNOWN = {
    "cut": {"cut_prefix": "", "cut_suffix": ""},
    "adapters": {"adapter_name": "no_adapter", "match_sequence": "", "rc": ""},
}
"""What stages know that headers may hold, and what cutadapt writes in its place without them."""


def _of_kind(kind: str, text: str) -> tuple[str, str]:
    return kind, text


def _parser() -> WordParser:
    parser = WordParser("cutadapt")
    for kind in "agbAGB":
        long = {"a": ["--adapter"], "g": ["--front"], "b": ["--anywhere"]}.get(kind, [])
        parser.add_argument(
            f"-{kind}", *long, dest=f"adapters{2 if kind.isupper() else 1}", action="append", default=[],
            type=partial(_of_kind, kind.lower()),
        )  # fmt: skip
    parser.add_argument("-u", "--cut", dest="cut1", action="append", type=int, default=[])
    parser.add_argument("-U", dest="cut2", action="append", type=int, default=[])
    parser.add_argument("-e", "--error-rate", "--errors", type=finite)
    parser.add_argument("--action", choices=("trim", "retain", "mask", "lowercase", "crop", "none"))
    parser.add_argument("--no-trim", dest="action", action="store_const", const="none")
    parser.add_argument("--mask-adapter", dest="action", action="store_const", const="mask")
    parser.add_argument("--max-expected-errors", "--max-ee", type=finite)
    parser.add_argument("--max-average-error-rate", "--max-aer", type=finite)
    parser.add_argument("--max-n", type=finite)
    parser.add_argument("--pair-filter", choices=tuple(RULES))
    parser.values("-n --times", "-O --overlap", "--nextseq-trim", "--quality-base", "-L", "--length -l", type=int)
    parser.values("--quality-cutoff -q", "-Q", "--minimum-length -m", "--maximum-length -M")
    parser.values("--prefix -x", "--suffix -y", "--rename", "--output -o", "--paired-output -p")
    parser.values("-j --cores", "--report", "--compression-level", "--buffer-size", "--gc-content")
    parser.add_argument("--strip-suffix", action="append", default=[])
    parser.values(*_BESIDE, "--length-tag")
    parser.values(*(f"--{reason}{paired}-output" for reason in _OF_DROPPED for paired in ("", "-paired")))
    parser.flags(
        "--no-indels",
        "--match-read-wildcards",
        "-N --no-match-adapter-wildcards",
        "--revcomp --rc",
        "--poly-a",
        "--trim-n",
        "--interleaved",
    )
    parser.flags("--discard-trimmed --discard", "--discard-untrimmed --trimmed-only", "--discard-casava")
    parser.flags("--pair-adapters", "--quiet", "-Z", "--no-index", "-z --zero-cap", *_UNLIKE)
    parser.add_argument("--debug", action="count")
    parser.add_argument("inputs", nargs="*")
    return parser


def from_cutadapt(words: Sequence[str]) -> Translation:
    """What a command of cutadapt comes to.

    Args:
        words: what follows the name of the program.

    Raises:
        TranslationError: it asks for what Lanescope does not do, or cannot be read.
    """
    chosen = _parser().parse_intermixed_args(list(words))
    _refuse(chosen)
    made = Translation("cutadapt", inputs=chosen.inputs, is_interleaved=chosen.interleaved and len(chosen.inputs) == 1)
    made.outputs = [path for path in (chosen.output, chosen.paired_output) if path]
    made.notes += [
        f"{option.split()[-1]} writes a file that Lanescope does not write; its reports hold the numbers."
        for option in _BESIDE
        if _given(chosen, option)
    ]
    paired = _is_paired(chosen)
    made.interleaves = paired and len(made.outputs) == 1
    _add_dropped(made, chosen)
    renaming = _renaming(chosen)
    early = bool(renaming) and "rename" not in renaming
    if early:  # headers are made of what adapters and cuts tell, before anything else could change them
        if chosen.length_tag:
            raise TranslationError("--length-tag, and headers with what was cut off, have no counterpart in Lanescope.")
        _add_renaming(made, chosen, "")
    _add_cuts(made, chosen, paired, renaming)
    discard = _discarded(chosen)
    add_adapters(made, chosen, paired, renaming.get("adapters", ""), "" if made.dropped else discard)
    _add_ends(made, chosen, paired)
    if not early:
        _add_renaming(made, chosen, renaming.get("rename", ""))
    if chosen.zero_cap and chosen.quality_base == 64:  # no file has scores below 0 of Phred+33
        made.add("encoding", rewrite=False)
    _add_filters(made, chosen, paired)
    if made.dropped and discard:  # last, as with cutadapt: what is too short besides goes to another file
        made.add("adapter_found", drop=None if discard == "untrimmed" else discard, pairs=RULES.get(chosen.pair_filter))
    return made


def _given(chosen: argparse.Namespace, option: str) -> Any:
    long = next((name for name in option.split() if name.startswith("--")), option)
    return getattr(chosen, long.lstrip("-").replace("-", "_"))


def _refuse(chosen: argparse.Namespace) -> None:
    for option in _UNLIKE:
        if _given(chosen, option):
            raise TranslationError(f"{option.split()[-1]} has no counterpart in Lanescope.")
    for template in (chosen.output, chosen.paired_output):
        if template and "{name" in template:
            raise TranslationError(
                "An output for each adapter tells samples apart by their barcodes.",
                hint="That is the stage 'demultiplex': lanescope pipeline stages demultiplex",
            )


def _add_dropped(made: Translation, chosen: argparse.Namespace) -> None:
    for reason in _OF_DROPPED:
        first, second = (_given(chosen, f"--{reason}{paired}-output") for paired in ("", "-paired"))
        if second and not first:
            raise TranslationError(f"--{reason}-paired-output without --{reason}-output.")
        if first:
            made.dropped.append((reason, first, second or ""))
    if made.dropped and not made.outputs:
        made.outputs = ["-"]


def _discarded(chosen: argparse.Namespace) -> str:
    """Which reads are dropped for their adapters; nothing: none."""
    wanted = {"trimmed": chosen.discard_trimmed, "untrimmed": chosen.discard_untrimmed or chosen.untrimmed_output}
    found = [name for name, is_so in wanted.items() if is_so]
    if len(found) > 1 or (chosen.discard_untrimmed and chosen.untrimmed_output):
        raise TranslationError("--discard-trimmed, --discard-untrimmed, --untrimmed-output: cutadapt takes only one.")
    if found and not chosen.adapters1 and not chosen.adapters2:
        raise TranslationError(f"Reads that are {found[0]} are to be dropped, without an adapter to look for.")
    return found[0] if found else ""


def _is_paired(chosen: argparse.Namespace) -> bool:
    second = (chosen.adapters2, chosen.cut2, chosen.L is not None, chosen.Q, chosen.pair_filter)
    return any((chosen.paired_output, chosen.interleaved, *second)) or len(chosen.inputs) == 2


def _renaming(chosen: argparse.Namespace) -> dict[str, str]:
    """The template of new headers, by the stage that knows what it asks for; nothing where they stay."""
    template = (chosen.rename or "").replace("\\t", "\t")
    ends = [re.sub(r"[{}]", r"\g<0>\g<0>", end or "") for end in (chosen.prefix, chosen.suffix)]
    if template and any(ends):
        raise TranslationError("--rename, and --prefix or --suffix: cutadapt takes only one of them.")
    if any(ends):
        template = "{header}".join(end.replace("{{name}}", "{adapter_name}") for end in ends)
    has = {"cut": any([*chosen.cut1, *chosen.cut2]), "adapters": bool(chosen.adapters1 or chosen.adapters2)}
    template = _without_unknown(template, has)
    asked = set(re.findall(_FIELD, template))
    knowing = {stage for stage, fields in _KNOWN.items() if asked & set(fields)}
    if len(knowing) > 1:
        raise TranslationError("One template for what was cut and for adapters has no counterpart in Lanescope.")
    if chosen.revcomp and "cut" in knowing:
        raise TranslationError("--rename with what was cut, and --revcomp, have no counterpart in Lanescope.")
    if chosen.revcomp and any(ends) and "adapters" in knowing:
        raise TranslationError("{name} in --prefix or --suffix, with --revcomp, has no counterpart in Lanescope.")
    return {next(iter(knowing), "rename"): template} if template else {}


def _without_unknown(template: str, has: dict[str, bool]) -> str:
    """The template with what cutadapt writes where nothing was cut, and no adapter looked for."""
    unknown = {field: word for stage, fields in _KNOWN.items() if not has[stage] for field, word in fields.items()}
    known = re.sub(_FIELD, lambda field: unknown.get(field[1], field[0]), template)
    if template and not known:
        raise TranslationError("--rename leaves no header.")
    return known


def _add_renaming(made: Translation, chosen: argparse.Namespace, template: str) -> None:
    """Adds the stage that changes headers by what they hold themselves, where they are to change."""
    tag, strip = chosen.length_tag or "", chosen.strip_suffix
    if tag and set(tag) & set(r".^$*+?{}[]\|()"):
        raise TranslationError("--length-tag with signs of a regular expression has no counterpart in Lanescope.")
    if "" in strip:
        raise TranslationError("--strip-suffix with nothing in it leaves no header.")
    if tag or strip or template:
        made.add("rename", template=template or None, length_tag=tag or None, strip=strip or None)


def _add_cuts(made: Translation, chosen: argparse.Namespace, paired: bool, renaming: dict[str, str]) -> None:
    sides = []
    for cuts, mates in ((chosen.cut1, "first" if paired else None), (chosen.cut2, "second")):
        front, back = (max([sign * cut for cut in cuts if sign * cut > 0], default=None) for sign in (1, -1))
        if front or back:
            sides.append({"five_prime": front, "three_prime": back, "mates": mates})
    if len(sides) == 2 and {**sides[0], "mates": ""} == {**sides[1], "mates": ""}:
        sides = [{**sides[0], "mates": None}]
    if len(sides) == 2 and "cut" in renaming:
        raise TranslationError("Headers with what was cut, where -u and -U differ, have no counterpart in Lanescope.")
    for side in sides:
        made.add("cut", **side, rename=renaming.get("cut"))
    encoding = None if chosen.quality_base in {None, 33} else f"Phred+{chosen.quality_base}"
    if chosen.nextseq_trim is not None:  # of 0, only Gs are cut
        made.add("two_colour_quality", cutoff=chosen.nextseq_trim, encoding=encoding)
    first = _cutoffs(chosen.quality_cutoff)
    second = first if chosen.Q is None else _cutoffs(chosen.Q)
    for cutoffs, mates in by_mates(first, second, paired):
        if cutoffs is not None and (any(cutoffs) or encoding):
            made.add("quality", five_prime=cutoffs[0], three_prime=cutoffs[1], encoding=encoding, mates=mates)


def _cutoffs(text: str | None) -> tuple[int, int] | None:
    """Those of the 5' and of the 3' end; ``None``: no trimming, while 0 for both does trim where scores are below."""
    if text in {None, "0"}:
        return None
    try:
        numbers = [int(number) for number in str(text).split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in {1, 2}:
        raise TranslationError(f"{text}: a quality is a whole number, or two with a comma between.")
    return (numbers[0], numbers[1]) if len(numbers) == 2 else (0, numbers[0])


def _add_ends(made: Translation, chosen: argparse.Namespace, paired: bool) -> None:
    if chosen.poly_a:
        made.add("poly_a")
    first, second = chosen.length, chosen.length if chosen.L is None else chosen.L
    for length, mates in by_mates(first, second, paired):
        if length is not None:
            made.add("shorten", length=abs(length), keep="3' end" if length < 0 else None, mates=mates)
    if chosen.trim_n:
        made.add("trim_n")


def _add_filters(made: Translation, chosen: argparse.Namespace, paired: bool) -> None:
    rule = RULES.get(chosen.pair_filter)
    for name, text in (("minimum", chosen.minimum_length), ("maximum", chosen.maximum_length)):
        if text is not None:
            _add_length(made, name, text, rule, paired)
    for stage, most in (
        ("max_n", chosen.max_n),
        ("expected_errors", chosen.max_expected_errors),
        ("error_rate", chosen.max_average_error_rate),
    ):
        if most is not None:
            made.add(stage, maximum=most, pairs=rule)
    if chosen.discard_casava:
        made.add("casava", pairs=rule)


def _add_length(made: Translation, name: str, text: str, rule: str | None, paired: bool) -> None:
    try:
        limits = [int(part) if part else None for part in text.split(":")]
    except ValueError:
        limits = []
    if len(limits) not in {1, 2} or limits in ([None], [None, None]) or (len(limits) == 2 and not paired):
        raise TranslationError(f"{text}: a length is a whole number, or of pairs two with a colon between.")
    no_limit = 0 if name == "minimum" else 2**31 - 1
    first, second = (no_limit if limit is None else limit for limit in (limits * 2)[:2])
    made.add(
        "length",
        # Where only one of the reads has a limit, it alone decides.
        pairs=None if None in limits else rule,
        **({"minimum": 0} if name == "maximum" else {}),
        **{name: first},
        **({} if first == second else {f"second_{name}": second}),
    )
