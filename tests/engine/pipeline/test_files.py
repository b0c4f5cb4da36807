from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings

from engine.pipeline.definition import PipelineDefinition
from engine.pipeline.faults import InvalidPipelineError
from engine.pipeline.keeping.files import (
    MOST_BYTES,
    PipelineFileError,
    parse_toml,
    read_pipeline,
    to_toml,
    write_pipeline,
)
from tests.engine.pipeline.definitions import DEFINITIONS, native, pipeline

TRIMMING = pipeline(
    "trimming",
    native("quality", "quality", three_prime=25),
    native("length", "length", minimum=30),
    description='Cuts "bad" ends.\nThen drops.',
    timeout=2.5,
)


@settings(max_examples=60)
@given(definition=DEFINITIONS)
def test_what_is_written_is_read_again(definition: PipelineDefinition) -> None:
    values = parse_toml(to_toml(definition).encode(), Path("x.toml"))
    assert PipelineDefinition.model_validate(values) == definition


def test_a_file_is_written_and_read(tmp_path: Path) -> None:
    path = write_pipeline(TRIMMING, tmp_path)
    assert path == tmp_path / "trimming.toml"
    assert read_pipeline(path) == TRIMMING
    assert [file.name for file in tmp_path.iterdir()] == ["trimming.toml"]


def test_a_file_is_replaced_only_on_demand(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("old")
    with pytest.raises(PipelineFileError, match="already"):
        write_pipeline(TRIMMING, path)
    assert path.read_text() == "old"
    write_pipeline(TRIMMING, path, replace=True)
    assert tomllib.loads(path.read_text())["name"] == "trimming"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PipelineFileError, match="cannot be written: no such file"):
        write_pipeline(TRIMMING, tmp_path / "none" / "x.toml")
    with pytest.raises(PipelineFileError, match="cannot be read: no such file"):
        read_pipeline(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b'name = "a"\nversion 1\n', 2, "expected '='"),
        (b'name = "a"\nname = "b"\n', 2, "overwrite"),
        (b"name = 'a'\nx = [1,\n", 3, "invalid value"),
        (b"name = 'a'\n\n# \xff\n", 3, "not UTF-8"),
        (b"x = " + b"[" * 100_000, None, "deep"),
        (b"x = " + b"9" * 5000, None, "digits"),
        (b"#" * (MOST_BYTES + 1), None, "larger than 1 MiB"),
    ],
    ids=["no equals", "twice", "open end", "bytes", "deep", "digits", "large"],
)
def test_a_broken_file_is_told_with_its_line(content: bytes, line: int | None, words: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_bytes(content)
    with pytest.raises(PipelineFileError, match=words) as caught:
        read_pipeline(path)
    assert caught.value.line == line
    assert "broken.toml" in str(caught.value)


def test_faults_are_told_with_the_file_s_name(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text('name = "../x"\nversion = 2026-01-01\n')
    with pytest.raises(InvalidPipelineError, match=r"wrong\.toml has 2 faults") as caught:
        read_pipeline(path)
    assert [fault.path for fault in caught.value.faults] == ["name", "version"]
