from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from engine.cli.main import main
from engine.home import find_home
from engine.pipeline.definition import PipelineDefinition, StageDefinition
from engine.pipeline.keeping.associations import Dataset
from engine.pipeline.keeping.files import to_toml
from engine.pipeline.keeping.registry import PipelineRegistry
from engine.store.store import Store
from tests.document_plugins import install, plugin, writing

READS = b"@one 1\nCCGATTACACC\n+\nIIIIIIIIIII\n@two 1\nCTGTAATCCCC\n+\nIIIIIIIIIII\n@three\nACGT\n+\n!!!!\n"


@pytest.fixture
def reads(tmp_path: Path) -> Path:
    path = tmp_path / "reads.fastq"
    path.write_bytes(READS)
    return path


def search(*arguments: str | Path) -> int:
    return main(["search", *map(str, arguments)])


def test_hits_are_listed(reads: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert search(reads, "--motif", "GATTACA", "--threads", "2") == 0
    shown = capsys.readouterr()
    assert [line.split("\t") for line in shown.out.splitlines()[1:]] == [
        [str(reads), "1", "one 1", "2", "+", "0", "CCGATTACACC"],
        [str(reads), "2", "two 1", "1", "-", "0", "CTGTAATCCCC"],
    ]
    assert "2 of 3 reads found." in shown.err


def test_hits_as_json(reads: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert search(reads, "--exact-name", "three", "--json") == 0
    hit, summary = map(json.loads, capsys.readouterr().out.splitlines())
    assert hit["hit"] == {
        "file": str(reads), "record": 3, "name": "three", "place": None, "strand": None, "mismatches": None,
        "bases": "ACGT", "qualities": "!!!!",
    }  # fmt: skip
    assert (summary["summary"]["hits"], summary["summary"]["reads"]) == (1, 3)


def test_hits_are_written_and_the_limit_ends_the_search(
    reads: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "hits.fastq.gz"
    assert search(reads, "--name-pattern", "^t", "--limit", "1", "-o", out, "--json") == 0
    assert gzip.decompress(out.read_bytes()) == b"@two 1\nCTGTAATCCCC\n+\nIIIIIIIIIII\n"
    summary = json.loads(capsys.readouterr().out)["summary"]
    assert (summary["limited"], summary["written"][0]["reads"]) == (True, 1)
    assert search(reads, "--min-quality", "20", "-o", out) == 2
    assert "is there already" in capsys.readouterr().err
    assert search(reads, "--min-quality", "20", "--force", "-o", out) == 0
    assert gzip.decompress(out.read_bytes()).count(b"\n") == 8


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--motif", "AXX"], "stands for no base"),
        (["--mismatches", "many", "--motif", "ACGT"], "--mismatches has to be a whole number"),
        (["--name-pattern", "("], "no regular expression"),
        (["--min-length", "9", "--max-length", "2"], "no read has both"),
    ],
)
def test_searches_that_make_no_sense(
    reads: Path, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert search(reads, *arguments) == 2
    assert words in capsys.readouterr().err


def test_bad_files_are_told(reads: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert search(tmp_path / "missing.fastq", reads, "--name", "one") == 1
    shown = capsys.readouterr()
    assert "missing.fastq does not exist" in shown.err
    assert "one 1" in shown.out
    bad = tmp_path / "bad.fastq"
    bad.write_bytes(READS + b"@bad\nA\n+\n\n")
    assert search(bad) == 1
    assert "record 4" in capsys.readouterr().err


def test_pipelines_change_the_search_and_what_it_finds(reads: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Store.open(find_home().database) as store:
        registry = PipelineRegistry(store.pipelines)
        registry.save(
            {
                "name": "asks",
                "type": "query",
                "stages": [{"name": "few", "stage": "search_limit", "parameters": {"hits": 1}}],
            }
        )
        registry.save(
            {
                "name": "finds",
                "type": "result",
                "stages": [{"name": "cut", "stage": "cut", "parameters": {"five_prime": 3}}],
            }
        )
        registry.associations.associate(Dataset.of_folder(reads.parent), "asks")
    assert search(reads, "--motif", "GATTACA", "--result-pipeline", "finds", "--json") == 0
    shown = capsys.readouterr()
    hit, summary = map(json.loads, shown.out.splitlines())
    assert (hit["hit"]["name"], hit["hit"]["bases"], hit["hit"]["place"]) == ("one 1", "ATTACACC", 2)
    assert summary["summary"]["request"]["limit"] == 1
    assert "query pipeline asks@1.0.0 of this folder" in shown.err
    assert search(reads, "--motif", "GATTACA", "--no-pipelines", "--json") == 0
    assert len(capsys.readouterr().out.splitlines()) == 3
    assert search(reads, "--query-pipeline", "finds") == 1
    assert "searches go through query pipelines" in capsys.readouterr().err


def test_pipelines_with_plugins_over_documents(reads: Path, capsys: pytest.CaptureFixture[str]) -> None:
    install("longer", writing('{"minimum_length":5}'), "query")
    asks = reads.with_name("asks.toml")
    asks.write_text(
        to_toml(PipelineDefinition(name="asks", type="query", stages=(StageDefinition(**plugin("longer")),)))
    )
    gate = plugin("yield-gate", parameters={"least_reads": 3})
    with Store.open(find_home().database) as store:
        PipelineRegistry(store.pipelines).save({"name": "finds", "type": "result", "stages": [gate]})
    assert search(reads, "--pipeline", asks, "--pipeline", "finds", "--json") == 0
    summary = json.loads(capsys.readouterr().out.splitlines()[-1])["summary"]
    assert (summary["hits"], summary["request"]["minimum_length"], summary["rejected_by"]) == (2, 5, "")
    assert summary["result"]["yield_gate"] == {"passed": False, "missing_reads": 1, "missing_bases": 0}

    strict = {"name": "finds", "type": "result", "stages": [gate | {"parameters": {"least_reads": 3, "reject": True}}]}
    with Store.open(find_home().database) as store:
        PipelineRegistry(store.pipelines).save(strict)
    assert search(reads, "--pipeline", asks, "--pipeline", "finds") == 1
    assert "The stage yield-gate rejects what came out." in capsys.readouterr().err
    for wrong, words in ((["rna-seq"], "is a document pipeline"), (["finds", "finds"], "both result pipelines")):
        assert search(reads, *[word for name in wrong for word in ("--pipeline", name)]) == 1
        assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "given", "said"),
    [
        ("--limit", "abc", "--limit has to be a whole number."),
        ("--limit", "0", "--limit has to be at least 1."),
        ("--mismatches", "1.5", "--mismatches has to be a whole number."),
        ("--min-quality", "high", "--min-quality has to be a number."),
        ("--min-quality", "94", "--min-quality has to be at most 93."),
        ("--motif", "AXT", "--motif 'X' stands for no base"),
    ],
)
def test_wrong_numbers_are_told_in_plain_words(
    reads: Path, option: str, given: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert search(reads, option, given) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "Input should" not in told


def test_at_the_limit_nobody_knows_how_many_there_are(reads: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert search(reads, "--min-length", "1", "--limit", "2") == 0
    told = capsys.readouterr().err
    assert "The first 2 found, in the first 3 reads: the search ended at its limit, and there may be more." in told
    assert search(reads, "--min-length", "1", "--limit", "1") == 0
    assert "The first found, in the first 3 reads" in capsys.readouterr().err
