from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.cli.main import main

Command = Callable[..., tuple[int, str, str]]

TRIMMING = """
name = "trimming"
version = "{version}"
description = "Cuts ends"
stages = [{{ name = "quality", stage = "quality", parameters = {{ three_prime = {cutoff} }} }}]
"""


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """Carries out a command on a home and in a folder of the test's own; gives status, output and errors."""
    monkeypatch.setenv("LANESCOPE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    def carry_out(*arguments: str) -> tuple[int, str, str]:
        status = main(["pipeline", *arguments])
        told = capsys.readouterr()
        return status, told.out, told.err

    return carry_out


def write(name: str, cutoff: int = 20, version: str = "1.0.0") -> str:
    Path(name).write_text(TRIMMING.format(version=version, cutoff=cutoff))
    return name


def test_a_pipeline_comes_and_goes(command: Command) -> None:
    assert command("import", write("mine.toml")) == (0, "mine.toml: trimming@1.0.0 is kept\n", "")
    assert command("import", write("newer.toml", 25, "1.1.0"))[0] == 0
    status, listed, _ = command("list")
    assert status == 0
    lines = {line.split()[0]: line.split()[1:] for line in listed.splitlines()}
    assert lines["trimming"] == ["1.1.0", "document", "kept", "Cuts", "ends"]
    assert lines["nanopore"][:3] == ["1.0.0", "document", "shipped"]
    assert command("list", "--type", "query") == (0, "", "")
    assert command("export", "trimming@1.0.0", "out.toml") == (0, "out.toml\n", "")
    assert Path("out.toml").read_text() == command("show", "trimming@1.0.0")[1]
    assert "three_prime = 20" in Path("out.toml").read_text()
    assert command("export", "trimming")[1] == "trimming.toml\n"
    status, _, trouble = command("export", "trimming")
    assert status == 2
    assert "already" in trouble
    assert command("export", "trimming", ".", "--replace")[0] == 0
    assert command("diff", "trimming", "1.0.0", "1.1.0") == (0, "quality / parameters.three_prime: 20 → 25\n", "")
    assert command("diff", "trimming", "1.1.0", "1.1.0")[1] == "Nothing differs.\n"
    assert command("remove", "trimming@1.0.0")[0] == 0
    assert command("remove", "trimming") == (0, "trimming is removed.\n", "")
    status, _, trouble = command("show", "trimming")
    assert status == 2
    assert trouble.startswith("This pipeline cannot be found: There is no pipeline ")


def test_faults_are_told_one_a_line(command: Command) -> None:
    Path("wrong.toml").write_text('name = "../x"\nstages = [{ name = "a", stage = "qualty" }]\n')
    Path("broken.toml").write_text("name = \n")
    status, out, trouble = command("validate", "wrong.toml", "broken.toml", "none.toml", write("mine.toml"), "nanopore")
    assert status == 1
    assert out.splitlines() == ["mine.toml: trimming@1.0.0 can be used", "nanopore: nanopore@1.0.0 can be used"]
    lines = trouble.splitlines()
    assert lines[0] == "This pipeline cannot be used: wrong.toml has 2 faults."
    assert lines[1].startswith("  name: '../x' cannot be used")
    assert lines[2] == "  stages[0].stage: there is no stage qualty; did you mean quality?"
    assert "broken.toml, line 1" in lines[3]
    assert "none.toml cannot be read" in lines[4]
    assert command("import", "wrong.toml")[2].splitlines() == lines[:3]


def test_plugins_are_checked(command: Command) -> None:
    stage = '{ name = "a", type = "wasm", udf_name = "gc-window", parameters = { window = 0, lest = 1 } }'
    Path("plugin.toml").write_text(f'name = "p"\nstages = [{stage}]\n')
    status, _, trouble = command("validate", "plugin.toml")
    assert status == 1
    assert "stages[0].parameters.window: has to be at least 1" in trouble
    assert "did you mean least?" in trouble


def test_datasets(command: Command) -> None:
    command("import", write("mine.toml"))
    Path("reads").mkdir()
    place = Path("reads").resolve()
    assert command("associate", "trimming", "--watched", "reads") == (
        0,
        f"the watched folder {place} uses trimming\n",
        "",
    )
    assert command("associate", "rna-seq", "--sample", "s\x1b[1")[1] == "the sample s?[1 uses rna-seq\n"
    assert f"the watched folder {place} uses trimming" in command("list")[1]
    status, _, trouble = command("remove", "trimming")
    assert status == 1
    assert f"trimming is used by the watched folder {place}." in trouble
    assert command("dissociate", "--watched", "reads")[1].endswith("uses no document pipeline any more\n")
    assert command("dissociate", "--folder", "reads")[1].endswith("used no document pipeline\n")
    assert command("remove", "trimming")[0] == 0
    assert command("associate", "none", "--folder", "reads")[0] == 2


@pytest.mark.parametrize("arguments", [[], ["frob"], ["associate", "x"], ["list", "--type", "x"]])
def test_wrong_command_lines(arguments: list[str], command: Command) -> None:
    with pytest.raises(SystemExit, match="2"):
        command(*arguments)


def test_pipelines_are_tried(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reads = tmp_path / "reads.fastq"
    reads.write_bytes(b"@a\nACGTAC\n+\nIIIIII\n@b\nAC\n+\nII\n")
    long, asks, finds = (tmp_path / f"{name}.toml" for name in ("long", "asks", "finds"))
    long.write_text('name = "long"\n[[stages]]\nname = "long"\nstage = "length"\nparameters = { minimum = 4 }\n')
    asks.write_text('name = "asks"\ntype = "query"\n[[stages]]\nname = "few"\nstage = "search_limit"\n')
    finds.write_text(
        'name = "finds"\ntype = "result"\n[[stages]]\nname = "gate"\ntype = "wasm"\nudf_name = "yield-gate"\n'
        "parameters = { least_reads = 3, reject = true }\n"
    )
    assert main(["pipeline", "try", str(long), str(reads)]) == 0
    shown = capsys.readouterr().out
    assert "long: 2 → 1 reads, 8 → 6 bases, mean quality 40.0 → 40.0" in shown
    assert "1 dropped: too short" in shown

    search = tmp_path / "search.json"
    search.write_text('{"motif": "GATTACA"}')
    assert main(["pipeline", "try", str(asks), "--document", str(search)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "few: limit: not set → 10,000"
    assert json.loads(lines[1])["limit"] == 10_000

    search.write_text('{"mismatches": "x"}')
    assert main(["pipeline", "try", str(asks), "--document", str(search)]) == 2
    assert "mismatches: " in capsys.readouterr().err

    assert main(["pipeline", "try", str(finds), str(reads)]) == 1
    assert "The stage gate rejects what came out." in capsys.readouterr().out
    assert main(["run", str(reads)]) == 0
    capsys.readouterr()
    assert main(["pipeline", "try", str(finds), "--run", "1"]) == 1
    assert json.loads(capsys.readouterr().out.splitlines()[0])["yield_gate"]["missing_reads"] == 1
    for wrong in (["--document", str(reads)], ["--document", str(tmp_path / "no")]):
        assert main(["pipeline", "try", str(finds), *wrong]) == 1
    assert main(["pipeline", "try", str(finds), "--run", "7"]) == 2
    assert main(["pipeline", "try", str(finds)]) == 2
    assert main(["pipeline", "try", str(asks)]) == 2


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("reads.fastq", b"", "is empty"),
        ("reads.fastq.gz", gzip.compress(b"", mtime=0), "is empty"),
        ("reads.fastq", b"\n\n", "holds no reads"),
        ("reads.fastq", None, "does not exist"),
        ("-", None, "A pipeline is tried on a file"),
        ("reads.fastq", b"PK\x03\x04 and more", "reads.fastq"),
    ],
)
def test_nothing_to_try_is_told(
    tmp_path: Path, name: str, content: bytes | None, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    path = name if name == "-" else tmp_path / name
    assert main(["pipeline", "try", "nanopore", str(path)]) == 1
    told = capsys.readouterr()
    assert words in told.err
    assert told.out == ""


def test_a_folder_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gone = tmp_path / "gone"
    assert main(["pipeline", "associate", "rna-seq", "--folder", str(gone)]) == 0
    assert f"There is no folder {gone} yet." in capsys.readouterr().err
