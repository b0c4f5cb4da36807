from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.pipeline.errors import PipelineError, PipelineInUseError, PipelineNotFoundError
from engine.pipeline.keeping.associations import Association, Dataset
from engine.pipeline.keeping.presets import presets
from engine.pipeline.keeping.registry import PipelineRegistry
from engine.store.store import Store
from tests.engine.pipeline.definitions import native, pipeline

TRIMMING = pipeline("trimming", native("quality", "quality"))


def test_a_dataset_has_one_pipeline_of_each_type(registry: PipelineRegistry, store: Store) -> None:
    registry.register(TRIMMING)
    registry.register(pipeline("hits", native("long", "length"), type="result"))
    sample = Dataset("sample", "patient 7; '--")
    mine = registry.associations
    mine.associate(sample, "trimming")
    mine.associate(sample, "hits@1.0.0")
    assert mine.associate(sample, "rna-seq") == Association(sample, "document", "rna-seq")
    assert mine.list() == (Association(sample, "document", "rna-seq"), Association(sample, "result", "hits@1.0.0"))
    again = PipelineRegistry(store.pipelines).associations
    assert again.pipeline(sample) == presets()["rna-seq"]
    assert again.pipeline(sample, "result") == registry.get("hits")
    assert again.pipeline(sample, "query") is None
    assert mine.dissociate(sample, "document")
    assert not mine.dissociate(sample, "document")
    assert mine.pipeline(sample) is None


def test_the_latest_version_unless_one_is_named(registry: PipelineRegistry) -> None:
    registry.register(TRIMMING)
    latest, pinned = Dataset("sample", "latest"), Dataset("sample", "pinned")
    registry.associations.associate(latest, "trimming")
    registry.associations.associate(pinned, "trimming@1.0.0")
    updated = registry.update(TRIMMING.model_copy(update={"description": "new"}), "major")
    assert registry.associations.pipeline(latest) == updated
    assert registry.associations.pipeline(pinned) == TRIMMING


def test_only_what_is_there(registry: PipelineRegistry) -> None:
    for reference in ("trimming", "rna-seq@9.9.9", "../x", ""):
        with pytest.raises(PipelineNotFoundError):
            registry.associations.associate(Dataset("sample", "s"), reference)
    assert registry.associations.list() == ()


def test_what_is_associated_is_not_removed(registry: PipelineRegistry, tmp_path: Path) -> None:
    registry.register(TRIMMING)
    registry.update(TRIMMING, "minor")
    folder = Dataset.of_folder(tmp_path, "watched")
    registry.associations.associate(folder, "trimming")
    registry.associations.associate(Dataset("sample", "s"), "trimming@1.0.0")
    with pytest.raises(PipelineInUseError) as caught:
        registry.unregister("trimming")
    assert caught.value.users == ("the sample s", f"the watched folder {tmp_path.resolve()}")
    with pytest.raises(PipelineInUseError, match="the sample s"):
        registry.unregister("trimming", "1.0.0")
    registry.unregister("trimming", "1.1.0")
    registry.associations.dissociate(folder, "document")
    registry.associations.dissociate(Dataset("sample", "s"), "document")
    registry.unregister("trimming")


def test_files_take_the_pipeline_of_the_nearest_folder(registry: PipelineRegistry, tmp_path: Path) -> None:
    registry.register(TRIMMING)
    run, lane = tmp_path / "run", tmp_path / "run" / "lane 1"
    lane.mkdir(parents=True)
    (tmp_path / "link").symlink_to(run)
    mine = registry.associations
    assert mine.for_file(lane / "reads.fastq") is None
    mine.associate(Dataset.of_folder(run), "trimming")
    mine.associate(Dataset.of_folder(lane, "watched"), "nanopore")
    assert mine.for_file(lane / "deep" / "reads.fastq") == presets()["nanopore"]
    assert mine.for_file(run / "reads.fastq") == TRIMMING
    assert mine.for_file(tmp_path / "link" / "reads.fastq") == TRIMMING
    assert mine.for_file(tmp_path / "reads.fastq") is None
    mine.associate(Dataset("sample", "s1"), "rna-seq")
    assert mine.for_file(lane / "reads.fastq", sample="s1") == presets()["rna-seq"]
    assert mine.for_file(lane / "reads.fastq", sample="s2") == presets()["nanopore"]
    assert mine.for_file(tmp_path / "run2" / "reads.fastq") is None


@pytest.mark.skipif(os.name == "nt", reason="names on Windows are text")
def test_folders_whose_names_are_not_text(registry: PipelineRegistry, tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"odd\xff")
    assert registry.associations.for_file(odd / "reads.fastq") is None
    with pytest.raises(PipelineError, match="not UTF-8"):
        Dataset.of_folder(odd)


@pytest.mark.parametrize("place", ["", "  ", "a\0b", "x" * 5000])
def test_names_that_no_dataset_has(place: str) -> None:
    with pytest.raises(PipelineError, match="cannot be the name of a dataset"):
        Dataset("sample", place)


def test_a_file_tells_because_of_what_it_is_run(registry: PipelineRegistry, tmp_path: Path) -> None:
    run = tmp_path / "instrument" / "run7"
    run.mkdir(parents=True)
    watched = Dataset.of_folder(tmp_path / "instrument", "watched")
    registry.associations.associate(watched, "rna-seq")
    mine = registry.associations
    wanted = (Association(watched, "document", "rna-seq"), presets()["rna-seq"])
    assert mine.match(run / "a.fastq") == wanted
    assert mine.match(watched_path := tmp_path / "instrument") == wanted, "the folder itself, when it is followed"
    assert mine.match(watched_path / "b.fastq", "query") is None
    assert mine.match(tmp_path / "c.fastq") is None
