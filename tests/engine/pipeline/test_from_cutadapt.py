"""Command lines of cutadapt as pipelines, held to what cutadapt itself writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cutadapt import adapters
from cutadapt._kmer_finder import KmerFinder
from cutadapt.cli import main as cutadapt

from engine.pipeline.from_cutadapt import from_cutadapt
from engine.pipeline.translation import Translation, TranslationError
from engine.sink.plan import OutputPlan
from tests.engine.stages.option_sets import OptionSet
from tests.engine.stages.side_by_side import SideBySide
from tests.engine.stages.test_adapters import WithinReads
from tests.engine.stages.test_real_reads import batches_of, write_through


def chain_of(made: Translation) -> list[tuple[str, dict[str, Any]]]:
    made.definition("made")
    return [(stage["stage"], stage.get("parameters", {})) for stage in made.stages]


def made_of(words: str) -> Translation:
    return from_cutadapt(words.split())


@pytest.mark.parametrize("start", range(1000, 1040, 10))
def test_what_is_translated_does_the_same(tmp_path: Path, start: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapters, "KmerFinder", lambda *words: WithinReads(KmerFinder(*words)))
    for seed in range(start, start + 10):
        drawn = OptionSet.drawn(seed)
        files = SideBySide.by_cutadapt(drawn, tmp_path)
        made = from_cutadapt(files.words)
        assert made.inputs == [str(path) for path in files.inputs]
        theirs = [str(path) for path in files.theirs]
        assert made.outputs == theirs[: len(files.inputs)]
        assert [path for _, *paths in made.dropped for path in paths if path] == theirs[len(files.inputs) :]
        files.process(chain_of(made))
        for mine, other in zip(files.ours, files.theirs, strict=True):
            assert mine.read_bytes() == other.read_bytes(), (seed, drawn.words, made.stages)


def test_by_hand() -> None:
    made = made_of("-j 8 -a AGATCGGAAGAGC -A AGATCGGAAGAGC -q 20 -m 25 -o 1.fq.gz -p 2.fq.gz a.fq b.fq")
    assert chain_of(made) == [
        ("quality", {"five_prime": 0, "three_prime": 20}),
        ("adapters", {"adapters": ["AGATCGGAAGAGC"]}),
        ("length", {"minimum": 25}),
    ]
    assert " ".join(made.command("x.toml")) == "run --pipeline x.toml --pairs given a.fq b.fq -o 1.fq.gz --out2 2.fq.gz"


@pytest.mark.parametrize(
    ("words", "stage", "template"),
    [
        ("-a ACGTAC --rename {id}_{adapter_name}", "adapters", "{id}_{adapter_name}"),
        ("-u 8 --rename {id}_{r1.cut_prefix} -p o", "cut", "{id}_{r1.cut_prefix}"),
        ("--rename {id}", "rename", "{id}"),
        ("-a ACGTAC -x pre -y _{name}", "adapters", "pre{header}_{adapter_name}"),
        ("-m 20 -x a{b}", "rename", "a{{b}}{header}"),
        ("-u 8 --rename {rn}:{id} -p o", "rename", "{rn}:{id}"),
        ("-u 8 --rename {id}_{cut_prefix}_{adapter_name}", "cut", "{id}_{cut_prefix}_no_adapter"),
        ("-u 0 --rename {id}{r1.cut_prefix}{r2.match_sequence}_{adapter_name} -p o", "rename", "{id}_no_adapter"),
        ("-m 20 -x {name}:", "rename", "no_adapter:{header}"),
    ],
)
def test_headers(words: str, stage: str, template: str) -> None:
    chain = dict(chain_of(made_of(f"{words} in.fq")))
    assert chain[stage].get("template", chain[stage].get("rename")) == template


def test_nought_is_not_nothing_where_cutadapt_cuts(tmp_path: Path) -> None:
    reads, theirs, ours = (tmp_path / name for name in ("in.fastq", "theirs.fastq", "ours.fastq"))
    reads.write_bytes(b"@a\nACGTACGGGG\n+\nIIIIIIIIII\n@b\nACGTACGTAC\n+\nIIIIIIII!!\n")
    words = ["--nextseq-trim=0", "-o", str(theirs), str(reads)]
    cutadapt(["--quiet", *words])
    write_through(chain_of(from_cutadapt(words)), batches_of(reads), OutputPlan(ours))
    assert ours.read_bytes() == theirs.read_bytes() == b"@a\nACGTAC\n+\nIIIIII\n@b\nACGTACGTAC\n+\nIIIIIIII!!\n"


def test_adapters_without_names_have_numbers_in_headers() -> None:
    words = "-a ACGTAC -g x=TTGACA -b GGCCAA -A ^ACGT...TTGACC -p o --rename {id}_{adapter_name} in.fq"
    chosen = dict(chain_of(made_of(words)))["adapters"]
    first, second = chosen["adapters"], chosen["second"]
    assert first[0] == "1=ACGTAC"
    assert [each["name"] for each in first[1:]] == ["x", "2"]
    assert second == ["3=^ACGT...TTGACC"]
    unnamed = dict(chain_of(made_of("-a ACGTAC --rename {id}_{match_sequence} in.fq")))["adapters"]
    assert unnamed["adapters"] == ["ACGTAC"]


def test_adapters_in_files(tmp_path: Path) -> None:
    path = tmp_path / "adapters.fa"
    path.write_text(">one first of them\nACGT\nACGT\n\n>two\nTTGA...CCGG\n")
    made = from_cutadapt(["-a", f"file:{path};e=0.2", "-g", f"^file:{path}", "--interleaved", "in.fq"])
    stage, chosen = chain_of(made)[0]
    assert stage == "adapters"
    assert chosen["adapters"][:2] == ["one=ACGTACGT;e=0.2", "two=TTGA;e=0.2...CCGG;e=0.2"]
    assert chosen["adapters"][2] == {"name": "one", "sequence": "ACGTACGT", "place": "5' anchored"}
    assert chosen["adapters"][3]["required"] == "both"
    assert chosen["mates"] == "first"
    assert made.is_interleaved
    anchored = dict(chain_of(from_cutadapt(["-a", f"file$:{path};o=5;noindels", "in.fq"])))["adapters"]["adapters"]
    assert anchored == ["one=ACGTACGT$;noindels", "two=TTGA;o=5;noindels...CCGG$;noindels"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--fasta in.fq", "--fasta"),
        ("--length-tag l.*= in.fq", "regular expression"),
        ("-u 3 --length-tag l= --rename {cut_prefix} in.fq", "--length-tag"),
        ("-a ACGT -o {name}.fq in.fq", "barcodes"),
        ("-a ACGT --nonesuch in.fq", "nonesuch"),
        ("-b ACGT;rightmost in.fq", "rightmost"),
        ("-a ^ACGT...TTGA;rightmost in.fq", "not linked"),
        ("-a ACGT$;anywhere in.fq", "without"),
        ("-b ^ACGT in.fq", "-b"),
        ("-q x in.fq", "whole number"),
        ("-m 3:4 in.fq", "a length"),
        ("-a file:nowhere.fa in.fq", "nowhere.fa"),
        ("-a file:/dev/zero in.fq", "no such file"),
        (f"-a file:{__file__} in.fq", "no FASTA"),
        ("--discard-untrimmed in.fq", "without an adapter"),
        ("-n x in.fq", "invalid int"),
        ("--untrimmed-output x.fq in.fq", "without an adapter"),
        ("-a ACGT --untrimmed-output x.fq --discard-trimmed in.fq", "only one"),
        ("-m 3 --too-short-paired-output x.fq in.fq", "without --too-short-output"),
        ("-u 3 -a ACGTAC --rename {cut_prefix}{adapter_name} in.fq", "One template"),
        ("-m 20 --rename {match_sequence} in.fq", "no header"),
        ("--rename {id} -x y in.fq", "only one"),
        ("-u 3 -a ACGTAC --revcomp --rename {id}_{cut_prefix} in.fq", "--revcomp"),
        ("-a ACGTAC --revcomp -x {name} in.fq", "--revcomp"),
    ],
)
def test_what_has_no_counterpart_is_said(words: str, said: str) -> None:
    with pytest.raises(TranslationError, match=said):
        made_of(words)


def test_files_that_are_not_written_are_told() -> None:
    made = made_of("-a ACGTACGT --info-file x.tsv --json y.json in.fq")
    assert [note.partition(" ")[0] for note in made.notes] == ["--info-file", "--json"]


def test_reads_that_are_dropped_go_where_cutadapt_writes_them() -> None:
    made = made_of("-a ACGTAC -m 20 --too-short-output s.fq --untrimmed-output u.fq in.fq")
    assert chain_of(made) == [
        ("adapters", {"adapters": ["ACGTAC"]}),
        ("length", {"minimum": 20}),
        ("adapter_found", {}),
    ]
    assert (
        " ".join(made.command("x")) == "run --pipeline x in.fq -o - --dropped too-short=s.fq --dropped untrimmed=u.fq"
    )
    words = "-a ACGTAC --discard-trimmed -M 20 --too-long-output s --too-long-paired-output t -o a -p b 1.fq 2.fq"
    made = made_of(words)
    assert chain_of(made)[-1] == ("adapter_found", {"drop": "trimmed"})
    assert made.command("x")[-4:] == ["--dropped", "too-long=s", "--dropped2", "too-long=t"]


def test_headers_are_changed_where_cutadapt_changes_them() -> None:
    made = made_of("-a ACGTAC --length-tag length= --strip-suffix /1 --strip-suffix /2 -x p_ -z in.fq")
    assert chain_of(made)[1:] == [
        ("rename", {"template": "p_{header}", "length_tag": "length=", "strip": ["/1", "/2"]})
    ]
    made = made_of("-u 3 --strip-suffix /1 --rename {id}_{cut_prefix} --quality-base 64 -z in.fq")
    assert [(name, *chosen) for name, chosen in chain_of(made)] == [
        ("rename", "strip"),
        ("cut", "five_prime", "rename"),
        ("encoding", "rewrite"),
    ]
