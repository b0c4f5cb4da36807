"""Whole chains against cutadapt's command line, drawn at random: what stages do together, file against file."""

from __future__ import annotations

from pathlib import Path

import pytest
from cutadapt import adapters
from cutadapt._kmer_finder import KmerFinder

from engine.stages.adapter_parameters import AdapterParameters
from tests.engine.stages.option_sets import OptionSet
from tests.engine.stages.side_by_side import SideBySide
from tests.engine.stages.test_adapters import WithinReads

SETS = 100


@pytest.mark.parametrize("start", range(0, SETS, 10))
def test_chains_agree_with_cutadapt(tmp_path: Path, start: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapters, "KmerFinder", lambda *words: WithinReads(KmerFinder(*words)))
    for seed in range(start, start + 10):
        drawn = OptionSet.drawn(seed)
        files = SideBySide.by_cutadapt(drawn, tmp_path)
        files.process(drawn.chain)
        for mine, other in zip(files.ours, files.theirs, strict=True):
            assert mine.read_bytes() == other.read_bytes(), (seed, drawn.words, drawn.chain)


def test_the_sets_have_everything_in_them() -> None:
    drawn = [OptionSet.drawn(seed) for seed in range(SETS)]
    words = {word.partition("=")[0] for each in drawn for word in each.words if word.startswith("-")}
    wanted = "-u -U --nextseq-trim -q -Q --quality-base -a -g -b -A -e -O -n --no-indels --match-read-wildcards"
    more = "--revcomp --rename --pair-adapters --action --poly-a -l -L --trim-n -m -M --max-n --max-ee --max-aer"
    names = "-N --length-tag --strip-suffix --zero-cap --prefix --suffix"
    last = "--pair-filter --discard-trimmed --discard-untrimmed"
    assert set(f"{wanted} {more} {names} {last}".split()) <= words
    assert {reason for each in drawn for reason in each.dropped} == {"too-short", "too-long", "untrimmed"}
    assert {chosen["drop"] for each in drawn for name, chosen in each.chain if name == "adapter_found"} == {
        "trimmed",
        "untrimmed",
    }
    looked_for = [AdapterParameters.model_validate(p) for each in drawn for name, p in each.chain if name == "adapters"]
    assert len({adapter.place for each in looked_for for adapter in each.adapters}) == 7
    linked = [adapter for each in looked_for for adapter in (*each.adapters, *each.second) if adapter.front]
    assert {adapter.required for adapter in linked} == {"anchored", "both"}
    assert any(each.second and each.revcomp for each in looked_for)
    adapters = [adapter for each in looked_for for adapter in (*each.adapters, *each.second)]
    assert any(adapter.rightmost for adapter in adapters)
    assert any(adapter.anywhere for adapter in adapters)
    assert {adapter.indels for adapter in adapters} == {"as for all", "allowed", "not allowed"}
