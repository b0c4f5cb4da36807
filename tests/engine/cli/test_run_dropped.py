"""``lanescope run --dropped``, ``--split-reads``, and the stage of the first reads."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from engine.cli.main import main
from engine.store.store import Store

FIRST = b"".join(
    b"@%s\n%s\n+\n%s\n" % (name, bases, b"I" * len(bases))
    for name, bases in [(b"a", b"ACGT" * 3), (b"b", b"ACGT"), (b"c", b"NNNNACGTACGT"), (b"d", b"ACGTACGTAC")]
)
SECOND = b"".join(
    b"@%s\n%s\n+\n%s\n" % (name, bases, b"I" * len(bases))
    for name, bases in [(b"a", b"TTTT" * 3), (b"b", b"TTTT" * 3), (b"c", b"TTTT"), (b"d", b"TTT")]
)
PIPELINE = """
name = "p"
[[stages]]
name = "length"
stage = "length"
parameters = { minimum = 5, pairs = "RULE" }
[[stages]]
name = "n"
stage = "max_n"
parameters = { maximum = 0 }
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "s_R1.fastq").write_bytes(FIRST)
    (tmp_path / "s_R2.fastq").write_bytes(SECOND)
    (tmp_path / "p.toml").write_text(PIPELINE.replace("RULE", "either"))
    (tmp_path / "each.toml").write_text(PIPELINE.replace("RULE", "each"))
    merging = 'name = "m"\n[[stages]]\nname = "merge"\nstage = "merge"\n'
    (tmp_path / "merge.toml").write_text(merging)
    for plugin in ("mean-quality", "gc-content"):
        (tmp_path / f"{plugin}.toml").write_text(
            f'name = "g"\n[[stages]]\nname = "g"\ntype = "wasm"\nudf_name = "{plugin}"'
        )
    barcodes = 'parameters = { barcodes = [{ name = "A", sequence = "ACGT" }] }'
    (tmp_path / "samples.toml").write_text(f'name = "s"\n[[stages]]\nname = "s"\nstage = "demultiplex"\n{barcodes}')
    (tmp_path / "later.toml").write_text(PIPELINE.replace("RULE", "either").replace('name = "p"\n', merging))
    for name in ("kept", "gone"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(words: str) -> int:
    return main(["run", "--quiet", "--database", "runs.sqlite", *words.split()])


def records(text: bytes, *names: str, words: str = "") -> bytes:
    lines = text.splitlines(keepends=True)
    found = {lines[at][1:-1].decode(): lines[at : at + 4] for at in range(0, len(lines), 4)}
    return b"".join(f"@{name}{words}\n".encode() + b"".join(found[name][1:]) for name in names)


@pytest.mark.parametrize("threads", [1, 2])
def test_single_reads(folder: Path, threads: int) -> None:
    assert run(f"s_R1.fastq --pipeline p.toml -o k.fq --dropped gone.fq.gz --threads {threads}") == 0
    assert (folder / "k.fq").read_bytes() == records(FIRST, "a", "d")
    assert gzip.decompress((folder / "gone.fq.gz").read_bytes()) == records(FIRST, "b", "c")


def test_each_reason_and_its_words(folder: Path) -> None:
    words = "--dropped too-short=short.fq --dropped rest.fq --dropped-reasons"
    assert run(f"s_R1.fastq --pipeline p.toml -o k.fq {words}") == 0
    assert (folder / "short.fq").read_bytes() == records(FIRST, "b", words=" dropped=too-short")
    assert (folder / "rest.fq").read_bytes() == records(FIRST, "c", words=" dropped=too-many-n")


def test_pairs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = "s_R1.fastq s_R2.fastq --pipeline p.toml -o k1.fq --out2 k2.fq"
    assert run(f"{given} --dropped d1.fq --dropped2 d2.fq") == 0
    assert (folder / "d1.fq").read_bytes() == records(FIRST, "b", "c", "d")
    assert (folder / "d2.fq").read_bytes() == records(SECOND, "b", "c", "d")
    assert run(f"{given} --force --dropped both.fq") == 0
    both = b"".join(records(FIRST, name) + records(SECOND, name) for name in "bcd")
    assert (folder / "both.fq").read_bytes() == both
    assert main(["again", "1", "--database", "runs.sqlite", "--force", "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert [Path(file["path"]).name for file in told["outputs"]] == ["k1.fq", "k2.fq", "d1.fq", "d2.fq"]


def test_in_folders_they_have_the_names_of_the_inputs(folder: Path) -> None:
    assert run("s_R1.fastq s_R2.fastq --pairs auto --pipeline p.toml -o kept --dropped gone") == 0
    assert (folder / "gone" / "s_R1.fastq").read_bytes() == records(FIRST, "b", "c", "d")
    assert (folder / "gone" / "s_R2.fastq").read_bytes() == records(SECOND, "b", "c", "d")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("s_R1.fastq -o k.fq --dropped d.fq", "without a pipeline no reads are dropped"),
        ("s_R1.fastq --pipeline p.toml --dropped d.fq", "needs -o"),
        ("s_R1.fastq --pipeline p.toml -o k.fq --dropped k.fq", "are the same file"),
        ("s_R1.fastq --pipeline p.toml -o k.fq --dropped s_R1.fastq --force", "is the input"),
        ("s_R1.fastq --pipeline p.toml -o k.fq --dropped d.fq --dropped e.fq", "one file for each reason"),
        ("s_R1.fastq --pipeline p.toml -o k.fq --dropped too_short=d.fq --dropped2 d2.fq", "would stay empty"),
        ("s_R1.fastq --pipeline p.toml -o k.fq --dropped tooshort=d.fq", "is no reason"),
        ("s_R1.fastq --pipeline p.toml -o k.fq --dropped2 d.fq", "needs --dropped"),
        ("s_R1.fastq --pipeline p.toml -o k.fq --dropped-reasons", "needs --dropped"),
        ("s_R1.fastq -o /dev/fd/9 --split-reads 3", "one stream"),
        ("s_R1.fastq -o k.fq --split-reads 0", "from 1"),
        ("s_R1.fastq --pipeline p.toml -o kept --dropped d.fq", "has d.fq to be"),
        ("s_R1.fastq s_R2.fastq --pipeline each.toml -o k --out2 l --dropped d --dropped2 e", "not go side by side"),
        ("s_R1.fastq s_R2.fastq --pipeline later.toml -o k --out2 l --dropped d --dropped2 e", "not go side by side"),
        (
            "s_R1.fastq s_R2.fastq --pipeline mean-quality.toml -o k --out2 l --dropped d --dropped2 e",
            "not go side by side",
        ),
        (
            "s_R1.fastq s_R2.fastq --pipeline merge.toml -o k --out2 l --dropped merged=d --dropped2 merged=e",
            "not go side by side",
        ),
        ("s_R1.fastq --pipeline p.toml -o kept --dropped kept", "are the same file"),
        ("s_R1.fastq --pipeline p.toml -o k.fq --split-reads 1 --dropped k.0002.fq", "a part of another output"),
        ("s_R1.fastq --pipeline samples.toml -o k.fq --dropped /dev/null", "is no file"),
    ],
)
def test_what_cannot_be_is_refused(folder: Path, words: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        status = run(words)
    except SystemExit as stopped:
        status = int(stopped.code or 0)
    assert status == 2
    assert said in capsys.readouterr().err
    if (folder / "runs.sqlite").exists():
        with Store.open(folder / "runs.sqlite") as store:
            assert store.list_runs() == []


def test_plugins_that_drop_nothing_keep_mates_together(folder: Path) -> None:
    words = "--pipeline gc-content.toml -o k --out2 l --dropped d --dropped2 e"
    assert run(f"s_R1.fastq s_R2.fastq {words}") == 0
    assert [(folder / name).read_bytes() for name in "klde"] == [FIRST, SECOND, b"", b""]


def test_singletons_among_pairs(folder: Path) -> None:
    assert run("s_R1.fastq s_R2.fastq --pipeline each.toml --interleaved -o k --singletons k") == 0
    names = [line[1:] for line in (folder / "k").read_bytes().splitlines()[::4]]
    assert names == [b"a", b"a", b"b", b"d"]  # of b the second read, of d the first


def test_outputs_in_parts(folder: Path) -> None:
    assert run("s_R1.fastq s_R2.fastq -o k.fq --out2 l.fq --split-reads 3") == 0
    parts = {path.name: path.read_bytes() for path in folder.glob("[kl].*.fq")}
    assert parts == {
        "k.0001.fq": records(FIRST, "a", "b", "c"),
        "k.0002.fq": records(FIRST, "d"),
        "l.0001.fq": records(SECOND, "a", "b", "c"),
        "l.0002.fq": records(SECOND, "d"),
    }


def test_the_first_reads_of_all_lanes(folder: Path) -> None:
    (folder / "first.toml").write_text(
        'name = "f"\n[[stages]]\nname = "f"\nstage = "first"\nparameters = { count = 5 }'
    )
    for lane in (1, 2):
        (folder / f"t_L00{lane}_R1.fastq").write_bytes(FIRST)
    words = "t_L001_R1.fastq t_L002_R1.fastq --pairs auto --pipeline first.toml -o k.fq --dropped d.fq"
    assert run(words) == 0
    assert (folder / "k.fq").read_bytes() == FIRST + records(FIRST, "a")
    assert (folder / "d.fq").read_bytes() == b""  # the rest was not read
    assert run(words.replace("k.fq", "l.fq").replace("d.fq", "not-sampled=e.fq")) == 0
    assert (folder / "l.fq").read_bytes() == FIRST + records(FIRST, "a")
    assert (folder / "e.fq").read_bytes() == records(FIRST, "b", "c", "d")
