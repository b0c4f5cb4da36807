from __future__ import annotations

from dataclasses import replace

from cutadapt import adapters as theirs
from cutadapt._kmer_finder import KmerFinder
from cutadapt.modifiers import AdapterCutter
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.stages.adapter_models import Adapter
from engine.stages.adapter_parameters import AdapterParameters
from engine.stages.adapter_set import AdapterSpec, Place
from engine.stages.adapters import AdapterTrimmer
from tests.engine.stages.agreement import modified, reads_with, through
from tests.naive_parser import Read

CLASSES = {
    Place.END: theirs.BackAdapter,
    Place.START: theirs.FrontAdapter,
    Place.END_ANCHORED: theirs.SuffixAdapter,
    Place.START_ANCHORED: theirs.PrefixAdapter,
    Place.END_ONLY: theirs.NonInternalBackAdapter,
    Place.START_ONLY: theirs.NonInternalFrontAdapter,
    Place.EITHER: theirs.AnywhereAdapter,
}
TRUSEQ = "AGATCGGAAGAGCACACGTCTGAACTCCAGTCA"


class WithinReads:
    """cutadapt's search for words, kept within the read.

    By itself it looks for words of 5' adapters at as many bases as the adapter has, also where the read has fewer: what
    stands behind the read in memory then decides whether the adapter is looked for.
    """

    def __init__(self, finder: KmerFinder) -> None:
        self._finders = [
            (slice(start, stop), KmerFinder([(0, None, words)], finder.ref_wildcards, finder.query_wildcards))
            for start, stop, words in finder.positions_and_kmers
        ]

    def kmers_present(self, sequence: str) -> bool:
        return any(finder.kmers_present(sequence[part]) for part, finder in self._finders)


def cutter(parameters: AdapterParameters, *, of_second: bool = False) -> AdapterCutter:
    """What cutadapt makes of the adapters."""
    built = [theirs_of(name, spec, parameters) for name, spec in parameters.specs(of_second=of_second)]
    action = None if parameters.action == "none" else parameters.action
    return AdapterCutter(built, times=parameters.times, action=action, index=False)


def theirs_of(name: str, spec: AdapterSpec, parameters: AdapterParameters) -> theirs.Adapter:
    """cutadapt's adapter of these."""
    if spec.front is not None:
        parts = theirs_of(name, spec.front, parameters), theirs_of(name, replace(spec, front=None), parameters)
        return theirs.LinkedAdapter(*parts, spec.needs_front, spec.needs_back, name)
    extra = {} if spec.is_anchored else {"min_overlap": spec.overlap}
    built: theirs.Adapter = CLASSES[spec.place](
        spec.sequence,
        max_errors=spec.errors,
        read_wildcards=parameters.read_wildcards,
        name=name,
        indels=spec.indels,
        **extra,
    )
    if isinstance(built.kmer_finder, KmerFinder):
        built.kmer_finder = WithinReads(built.kmer_finder)
    return built


@st.composite
def cases(draw: st.DrawFn) -> tuple[AdapterParameters, list[Read]]:
    letters = draw(st.sampled_from(["ACGT", "AC", "ACGTN", "ACGTNU"]))
    wildcards = draw(st.booleans())
    alphabet = "ACGTNRYWX" if wildcards else "ACGT" if letters != "AC" else "AC"
    sequence = st.text(alphabet=alphabet, min_size=1, max_size=40).filter(lambda text: set(text) - set("NX"))
    errors = st.sampled_from([0.0, 0.1, 0.1, 0.2, 0.34])
    chosen = draw(
        st.lists(
            st.builds(
                Adapter,
                sequence=st.one_of(sequence, st.just(TRUSEQ), st.just("AGATCGGAAGAG")),
                place=st.sampled_from(list(Place)),
                errors=errors,
                minimum_overlap=st.sampled_from([1, 3, 3, 5, 12]),
            ),
            min_size=1,
            max_size=draw(st.sampled_from([1, 1, 3])),
        )
    )
    times = draw(st.sampled_from([1, 1, 2, 3]))
    actions = ["trim", "trim", "mask", "lowercase", "none"] + (["retain", "crop"] if times == 1 else [])
    parameters = AdapterParameters(
        adapters=tuple(chosen),
        indels=draw(st.booleans()),
        read_wildcards=draw(st.sampled_from([False, False, True])),
        times=times,
        action=draw(st.sampled_from(actions)),
    )
    return parameters, draw(reads_with(chosen[0].sequence, letters))


@settings(max_examples=250)
@given(case=cases())
def test_agrees_with_cutadapt(case: tuple[AdapterParameters, list[Read]]) -> None:
    parameters, reads = case
    assert through(AdapterTrimmer(parameters), reads) == modified(cutter(parameters), reads)
