from __future__ import annotations

import pytest

from gui.models.pipelines.command_reading import read_command


@pytest.mark.parametrize("text", ["", " \n"])
def test_nothing_is_said_of_nothing(text: str) -> None:
    reading = read_command(text, "made")
    assert (reading.words, reading.pipeline, reading.is_wrong) == ("", None, False)


def test_stages_and_notes_are_told() -> None:
    reading = read_command("fastp -Q -A -L -f 3 -g", "made")
    assert reading.pipeline is not None
    assert reading.pipeline.name == "made"
    assert reading.words.startswith("3 stages: cut, poly-x, length")


def test_what_the_window_does_of_files_is_told() -> None:
    reading = read_command("fastp -i a -o b --failed_out c -S 4000", "made")
    assert "Write dropped reads, too" in reading.words
    assert "--split-reads" in reading.words


@pytest.mark.parametrize("text", ["cutadapt in.fastq", "cutadapt -u 0 in.fastq"])
def test_a_command_that_changes_nothing_makes_no_pipeline(text: str) -> None:
    reading = read_command(text, "made")
    assert reading.words.startswith("This leaves all reads as they are.")
    assert reading.pipeline is None
    assert not reading.is_wrong


@pytest.mark.parametrize("option", ["-e nan", "--max-ee inf", "--max-n -inf", "--max-aer x"])
def test_what_is_no_number_is_called_that(option: str) -> None:
    reading = read_command(f"cutadapt -a ACGT {option} in.fastq", "made")
    assert reading.is_wrong
    assert reading.pipeline is None
    assert f"{option.split()[1]} is no number" in reading.words or "expected one argument" in reading.words


def test_what_no_pipeline_can_hold_is_told_with_the_reason() -> None:
    reading = read_command("cutadapt -a ACGT in.fastq", "No Name")
    assert reading.is_wrong
    assert reading.words.startswith("No pipeline can be like this: ")
