"""Names that the system refuses are told in plain words, wherever a command line has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.cli.main import main

LONG = "x" * 300


@pytest.mark.parametrize(
    "command",
    [
        "pipeline validate {}",
        "pipeline export nanopore {}",
        "pipeline associate nanopore --folder {}",
        "plugin build {}",
        "plugin install {}",
        "report --database {}",
        "checkpoint list --database {}/runs.sqlite",
        "serve --allow {}",
        "run {}",
        "run {reads} --no-save -o {}",
        "run {reads} --no-save --pipeline {}",
        "search {reads} -o {}",
    ],
)
def test_names_that_are_too_long(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reads = tmp_path / "reads.fastq"
    reads.write_text("@r\nACGT\n+\nIIII\n")
    assert main(command.format(LONG, reads=reads).split()) == (2 if " -o " in command else 1)
    told = capsys.readouterr().err
    assert "file name too long" in told.lower()
    assert told.count("\n") == 1


@pytest.mark.parametrize(
    "command",
    [
        "serve --allow {}",
        "pipeline import {}",
        "pipeline export nanopore {}",
        "pipeline associate nanopore --folder {}",
        "pipeline dissociate --watched {}",
        "pipeline try nanopore {}",
        "plugin build {}",
        "plugin check {}",
        "plugin install {}",
        "plugin new odd --folder {}",
        "report 1 --out {}",
        "run {}",
    ],
)
def test_no_name_at_all_is_not_the_current_folder(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What a script makes of a variable that is not set: it must not allow, write or read all that is here."""
    with pytest.raises(SystemExit) as ended:
        main([word.format("") for word in command.split()])
    assert ended.value.code == 2
    assert "the name is empty" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--name", "--exact-name", "--name-pattern", "--motif"])
def test_conditions_of_nothing_find_not_everything(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["search", "reads.fastq", option, ""])
    assert ended.value.code == 2
    assert f"{option}: there is nothing in it" in capsys.readouterr().err


def test_names_with_ends_of_lines_say_nothing_in_our_stead(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reads = tmp_path / "reads.fastq"
    reads.write_text("@r\nACGT\n+\nIIII\n")
    odd = tmp_path / "out\nall is well\r\x1b[2J.fastq"
    assert main(["run", str(reads), "--no-save", "-o", str(odd)]) == 0
    told = capsys.readouterr().out
    [line] = [line for line in told.split("\n") if "all is well" in line]
    assert line.startswith("  written       ")
    assert "\x1b" not in told
    assert odd.is_file()


def test_a_file_whose_name_is_as_long_as_can_be_gets_every_report(tmp_path: Path) -> None:
    reads = tmp_path / ("x" * 249 + ".fastq")
    reads.write_bytes(b"@r\nACGT\n+\nIIII\n")
    assert main(["run", str(reads), "--no-save", "--quiet", "--out", str(tmp_path / "reports")]) == 0
    assert {path.suffix for path in (tmp_path / "reports").iterdir()} == {"", ".html", ".json", ".tsv", ".zip"}
