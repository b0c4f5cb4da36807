"""Every native stage, by the name that definitions of pipelines use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.stages import (
    adapter_parameters,
    adapters,
    barcodes,
    demultiplexing,
    duplicates,
    encoding,
    fastp_windows,
    filters,
    fixed_cuts,
    found_adapters,
    masking,
    name_filters,
    naming,
    pair_merge,
    pair_overlap,
    renaming,
    sampling,
    trimming,
)
from engine.stages.base import NativeStage, StageParameters

_CUTADAPT = "Martin 2011, EMBnet.journal 17(1); cutadapt 5"
_FASTP = "Chen et al. 2018, Bioinformatics 34(17); fastp 0.23"


@dataclass(frozen=True, slots=True)
class StageKind:
    """What is known of a native stage without running it.

    Attributes:
        name: what definitions call it; never changes.
        title: what people call it.
        help: what it does, in sentences.
        source: where its definition comes from.
        group: ``trim``, ``filter`` or ``change``.
        parameters: the model of what can be set.
        stage: its class.
        is_ordered: its instances share something that batches go through in order of their numbers: every
            batch of the input has to come to it, or be skipped with `NativeStage.skip`.
        works_on: the types of pipelines that it can be a stage of.
    """

    name: str
    title: str
    help: str
    source: str
    group: str
    parameters: type[StageParameters]
    stage: type[NativeStage[Any]]
    is_ordered: bool = False
    works_on: tuple[str, ...] = ("document", "result")

    def share(self, parameters: StageParameters) -> Any:
        """What the instances of one run have in common; made once and given to each."""
        return self.stage.share(parameters)

    def build(self, parameters: StageParameters, shared: Any = None) -> NativeStage[Any]:
        """An instance for one worker."""
        return self.stage(parameters, shared)


_KINDS = (
    StageKind(
        "adapters",
        "Adapter trimming",
        "Finds adapters by semi-global alignment, with errors allowed in proportion to what is aligned, and removes "
        "the best match and what lies beyond it. Linked adapters have a part on each side of the insert.",
        f"{_CUTADAPT}: -a, -g, -b, -A, -G, -B, linked adapters, -e, -O, -n, -N, --no-indels, --revcomp, "
        "--pair-adapters, --action, --discard-trimmed and --discard-untrimmed, with --no-index; --rename with what was "
        "found.",
        "trim",
        adapter_parameters.AdapterParameters,
        adapters.AdapterTrimmer,
    ),
    StageKind(
        "overlap_adapters",
        "Adapter trimming by overlap",
        "Cuts from both reads of a pair what runs past the beginning of the other one: adapters, whatever they are.",
        f"{_FASTP}: the default for pairs; --overlap_len_require, --overlap_diff_limit, --overlap_diff_percent_limit.",
        "trim",
        pair_overlap.OverlapTrimParameters,
        pair_overlap.OverlapTrimmer,
    ),
    StageKind(
        "quality",
        "Quality trimming",
        "Cuts ends where the sum of cutoff minus quality, from the end inwards, is largest.",
        f"{_CUTADAPT}: -q, --quality-base; after BWA.",
        "trim",
        trimming.QualityTrimParameters,
        trimming.QualityTrimmer,
    ),
    StageKind(
        "two_colour_quality",
        "Two-colour quality trimming",
        "Quality trimming of 3' ends for NextSeq and NovaSeq, where a dark cycle is read as a G of high quality: "
        "every G counts as just below the cutoff.",
        f"{_CUTADAPT}: --nextseq-trim.",
        "trim",
        trimming.TwoColourTrimParameters,
        trimming.TwoColourTrimmer,
    ),
    StageKind(
        "windows",
        "Sliding-window trimming",
        "Cuts by the mean quality of a window that slides along the read.",
        f"{_FASTP}: --cut_tail, --cut_front, --cut_right as its documentation has them; Bolger et al. 2014, "
        "Trimmomatic: SLIDINGWINDOW.",
        "trim",
        trimming.WindowTrimParameters,
        trimming.WindowTrimmer,
    ),
    StageKind(
        "fastp_windows",
        "Sliding windows of fastp",
        "Cuts by windows just as fastp does: Ns behind them too, all but one base of the first good one at an end, and "
        "without a look at the last one. For results that have to be the same; else take sliding-window trimming.",
        f"{_FASTP}: --cut_front, --cut_right, --cut_tail with --trim_front1 and --trim_tail1 before.",
        "trim",
        fastp_windows.FastpWindowParameters,
        fastp_windows.FastpWindowTrimmer,
    ),
    StageKind(
        "cut",
        "Fixed cuts",
        "Cuts a fixed number of bases from either end.",
        f"{_CUTADAPT}: -u, and --rename with what was cut.",
        "trim",
        fixed_cuts.FixedCutParameters,
        fixed_cuts.FixedCutter,
    ),
    StageKind(
        "shorten",
        "Shorten",
        "Shortens longer reads to a fixed length.",
        f"{_CUTADAPT}: -l.",
        "trim",
        trimming.ShortenParameters,
        trimming.Shortener,
    ),
    StageKind(
        "trim_n",
        "N trimming",
        "Cuts Ns from both ends.",
        f"{_CUTADAPT}: --trim-n.",
        "trim",
        trimming.NTrimParameters,
        trimming.NTrimmer,
    ),
    StageKind(
        "poly_a",
        "Poly-A trimming",
        "Cuts poly-A tails, and poly-T heads from the second reads of pairs; one base in five may differ.",
        f"{_CUTADAPT}: --poly-a.",
        "trim",
        trimming.PolyATrimParameters,
        trimming.PolyATrimmer,
    ),
    StageKind(
        "poly_x",
        "Poly-G and poly-X trimming",
        "Cuts a run of one base from the 3' end; one base in eight may differ, five at most.",
        f"{_FASTP}: --trim_poly_g, for other bases by the same rule; --trim_poly_x for a run of any.",
        "trim",
        trimming.PolyXTrimParameters,
        trimming.PolyXTrimmer,
    ),
    StageKind(
        "length",
        "Length",
        "Drops reads that are too short or too long.",
        f"{_CUTADAPT}: -m, -M, LEN:LEN2 with them, --pair-filter.",
        "filter",
        filters.LengthFilterParameters,
        filters.LengthFilter,
    ),
    StageKind(
        "max_n",
        "Number of N",
        "Drops reads with too many Ns.",
        f"{_CUTADAPT}: --max-n.",
        "filter",
        filters.NFilterParameters,
        filters.NFilter,
    ),
    StageKind(
        "expected_errors",
        "Expected errors",
        "Drops reads by the sum of the chances that each base is wrong.",
        f"Edgar and Flyvbjerg 2015, Bioinformatics 31(21); {_CUTADAPT}: --max-ee.",
        "filter",
        filters.ExpectedErrorsFilterParameters,
        filters.ExpectedErrorsFilter,
    ),
    StageKind(
        "error_rate",
        "Error rate",
        "Drops reads by the average chance that a base is wrong.",
        f"{_CUTADAPT}: --max-aer.",
        "filter",
        filters.ErrorRateFilterParameters,
        filters.ErrorRateFilter,
    ),
    StageKind(
        "mean_quality",
        "Mean quality",
        "Drops reads by their mean quality: of the chances of an error, or of the scores as they stand.",
        f"{_FASTP}: --average_qual, where of scores.",
        "filter",
        filters.MeanQualityFilterParameters,
        filters.MeanQualityFilter,
    ),
    StageKind(
        "low_quality",
        "Bases of low quality",
        "Drops reads in which too large a share of the bases is of low quality.",
        f"{_FASTP}: --qualified_quality_phred, --unqualified_percent_limit.",
        "filter",
        filters.LowQualityFilterParameters,
        filters.LowQualityFilter,
    ),
    StageKind(
        "complexity",
        "Complexity",
        "Drops reads in which too few bases differ from the next one.",
        f"{_FASTP}: --low_complexity_filter.",
        "filter",
        filters.ComplexityFilterParameters,
        filters.ComplexityFilter,
    ),
    StageKind(
        "gc",
        "GC",
        "Drops reads whose share of G and C lies outside a range; Ns count as bases.",
        "Lanescope.",
        "filter",
        filters.GcFilterParameters,
        filters.GcFilter,
    ),
    StageKind(
        "name",
        "Name",
        "Drops or keeps reads whose header line matches a text or a regular expression.",
        "Lanescope; Python's re on bytes.",
        "filter",
        name_filters.NameFilterParameters,
        name_filters.NameFilter,
    ),
    StageKind(
        "casava",
        "Instrument's filter",
        "Drops reads that the instrument marked as failed: Y in the second word of the header.",
        f"{_CUTADAPT}: --discard-casava.",
        "filter",
        name_filters.CasavaFilterParameters,
        name_filters.CasavaFilter,
    ),
    StageKind(
        "adapter_found",
        "Adapter found",
        "Drops reads in which the stages before have found no adapter, or those in which they have. Adapter trimming "
        "can do so by itself; this one drops only what no other filter before it has.",
        f"{_CUTADAPT}: --discard-trimmed, --discard-untrimmed and --untrimmed-output.",
        "filter",
        found_adapters.FoundAdapterFilterParameters,
        found_adapters.FoundAdapterFilter,
    ),
    StageKind(
        "sample",
        "Sub-sampling",
        "Keeps a random share of the reads or pairs, the same ones for the same seed: each by a hash of its number.",
        "Lanescope; splitmix64 (Steele, Lea and Flood 2014).",
        "filter",
        sampling.SampleParameters,
        sampling.Sampler,
    ),
    StageKind(
        "first",
        "First reads",
        "Keeps the first reads or pairs of the input. What is behind them is not read, and counted nowhere, unless a "
        "file for dropped reads of the reason not-sampled asks for it.",
        f"{_FASTP}: --reads_to_process.",
        "filter",
        sampling.FirstReadsParameters,
        sampling.FirstReads,
    ),
    StageKind(
        "deduplicate",
        "Deduplication",
        "Keeps the first of reads or pairs with the same bases, in the order of the input.",
        "Lanescope.",
        "filter",
        duplicates.DuplicateParameters,
        duplicates.Deduplicator,
        is_ordered=True,
    ),
    StageKind(
        "correct",
        "Correction by overlap",
        "Where the reads of a pair differ in their overlap, a base of good quality replaces one of bad quality.",
        f"{_FASTP}: --correction.",
        "change",
        pair_merge.CorrectParameters,
        pair_merge.Corrector,
    ),
    StageKind(
        "merge",
        "Merging",
        "Makes one read of each pair that overlaps; it stands in the first read's place and the second is dropped.",
        f"{_FASTP}: --merge.",
        "change",
        pair_merge.MergeParameters,
        pair_merge.Merger,
    ),
    StageKind(
        "demultiplex",
        "Demultiplexing",
        "Tells samples apart by the barcodes that reads begin or end with, or that stand in their header lines; each "
        "sample gets output files of its own.",
        f"{_CUTADAPT}: -g ^BARCODE or -a BARCODE$, -e with a whole number, --no-indels, --pair-adapters. "
        "Where two barcodes suit as well, cutadapt takes the first, and Lanescope none unless told to.",
        "change",
        barcodes.DemultiplexParameters,
        demultiplexing.Demultiplexer,
    ),
    StageKind(
        "umi",
        "UMI to name",
        "Cuts UMIs from the beginnings of reads, or takes them from the barcodes of headers, and puts them into the "
        "names of both mates, after the ID.",
        f"{_FASTP}: --umi, --umi_loc, --umi_len, --umi_skip, --umi_prefix.",
        "change",
        naming.UmiParameters,
        naming.UmiMover,
    ),
    StageKind(
        "rename",
        "Renaming",
        "Brings lengths in headers up to date, takes suffixes off, and gives reads names made from a template.",
        f"{_CUTADAPT}: --rename, --prefix, --suffix, --length-tag, --strip-suffix.",
        "change",
        renaming.RenameParameters,
        renaming.Renamer,
    ),
    StageKind(
        "encoding",
        "Quality encoding",
        "Writes qualities of Phred+64 as Phred+33, and raises scores below 0 to 0.",
        f"{_FASTP}: --phred64; {_CUTADAPT}: --zero-cap, --quality-base.",
        "change",
        encoding.EncodingParameters,
        encoding.Encoder,
    ),
    StageKind(
        "mask",
        "Masking",
        "Writes N over bases of low quality.",
        "Lanescope.",
        "change",
        masking.QualityMaskParameters,
        masking.QualityMasker,
    ),
)

KINDS: Mapping[str, StageKind] = {kind.name: kind for kind in _KINDS}
"""Every native stage, by its name, in the order in which a palette shows them."""
