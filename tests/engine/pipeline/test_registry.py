from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from engine.pipeline.definition import PipelineDefinition
from engine.pipeline.errors import (
    PipelineError,
    PipelineExistsError,
    PipelineInUseError,
    PipelineNotFoundError,
    ShippedPipelineError,
)
from engine.pipeline.faults import InvalidPipelineError
from engine.pipeline.keeping.files import PipelineFileError, write_pipeline
from engine.pipeline.keeping.presets import presets
from engine.pipeline.keeping.registry import PipelineRegistry
from engine.store.store import Store
from tests.engine.pipeline.definitions import composite, native, pipeline


def trimming(cutoff: int = 20, version: str = "1.0.0", name: str = "trimming") -> PipelineDefinition:
    return pipeline(name, native("quality", "quality", three_prime=cutoff), version=version)


def test_what_is_registered_is_kept(registry: PipelineRegistry, store: Store) -> None:
    assert registry.register(trimming()) == trimming()
    assert registry.get("trimming") == trimming()
    store.close()
    with Store.open(store.path) as again:
        assert PipelineRegistry(again.pipelines).get("trimming@1.0.0") == trimming()


def test_a_name_is_registered_once(registry: PipelineRegistry) -> None:
    registry.register(trimming())
    with pytest.raises(PipelineExistsError):
        registry.register(trimming(25, "2.0.0"))
    assert registry.versions("trimming") == ("1.0.0",)


def test_what_is_wrong_is_not_kept(registry: PipelineRegistry) -> None:
    with pytest.raises(InvalidPipelineError) as caught:
        registry.register({"name": "Robert'); DROP TABLE pipelines;--", "stages": [{"name": "a", "stage": "x"}]})
    assert [fault.path for fault in caught.value.faults] == ["name", "stages[0].stage"]
    assert all(listed.is_shipped for listed in registry.list())


def test_versions_in_their_order(registry: PipelineRegistry) -> None:
    registry.register(trimming(20, "1.9.0"))
    registry.update(trimming(21, "1.10.0"))
    registry.update(trimming(22, "2.0.0-beta.1"))
    assert registry.versions("trimming") == ("1.9.0", "1.10.0", "2.0.0-beta.1")
    assert registry.get("trimming").version == "2.0.0-beta.1"
    assert registry.get("trimming", "1.9.0") == trimming(20, "1.9.0")
    with pytest.raises(PipelineNotFoundError, match=r"no version '1\.0\.0'"):
        registry.get("trimming", "1.0.0")
    with pytest.raises(PipelineNotFoundError, match="did you mean trimming"):
        registry.get("triming")


def test_updates_are_higher_versions_of_the_same_type(registry: PipelineRegistry) -> None:
    with pytest.raises(PipelineNotFoundError):
        registry.update(trimming())
    registry.register(trimming())
    with pytest.raises(PipelineExistsError, match=r"1\.0\.0 already") as caught:
        registry.update(trimming(25))
    assert "1.0.1" in caught.value.hint
    assert registry.update(trimming(25), "minor").version == "1.1.0"
    assert registry.update(trimming(26), "patch").version == "1.1.1"
    with pytest.raises(PipelineError, match="cannot become a result"):
        registry.update(trimming(27).model_copy(update={"type": "result"}), "major")


def test_saving_makes_versions_as_needed(registry: PipelineRegistry) -> None:
    assert registry.save(trimming(20)).version == "1.0.0"
    assert registry.save(trimming(20, "7.0.0")).version == "1.0.0"
    assert registry.save(trimming(21)).version == "1.0.1"
    assert registry.save(trimming(22, "1.5.0")).version == "1.5.0"
    assert registry.versions("trimming") == ("1.0.0", "1.0.1", "1.5.0")


def test_shipped_pipelines_are_there_and_stay(registry: PipelineRegistry) -> None:
    assert registry.get("rna-seq") == presets()["rna-seq"]
    assert registry.versions("rna-seq") == ("1.0.0",)
    changes: list[Callable[[], object]] = [
        lambda: registry.register(trimming(name="rna-seq")),
        lambda: registry.update(trimming(name="rna-seq"), "minor"),
        lambda: registry.save(trimming(name="rna-seq")),
        lambda: registry.unregister("rna-seq"),
    ]
    for change in changes:
        with pytest.raises(ShippedPipelineError, match="came with Lanescope"):
            change()


def test_lists_by_type(registry: PipelineRegistry) -> None:
    registry.register(trimming())
    registry.update(trimming(25), "minor")
    registry.register(pipeline("hits", native("long", "length"), type="result"))
    assert [each.definition.name for each in registry.list("result")] == ["hits"]
    assert registry.list("query") == ()
    documents = {each.definition.name: each for each in registry.list("document")}
    assert set(documents) == {"trimming", *presets()}
    assert documents["trimming"].versions == ("1.0.0", "1.1.0")
    assert documents["trimming"].definition.version == "1.1.0"
    assert documents["nanopore"].is_shipped


def test_composites_are_checked_among_what_is_kept(registry: PipelineRegistry) -> None:
    registry.register(trimming())
    registry.register(pipeline("outer", composite("x", "trimming"), composite("y", "nanopore")))
    with pytest.raises(InvalidPipelineError, match="trimming would contain itself, through outer"):
        registry.update(pipeline("trimming", composite("x", "outer"), version="2.0.0"))


def test_what_is_used_is_not_removed(registry: PipelineRegistry) -> None:
    registry.register(trimming())
    registry.update(trimming(25), "minor")
    registry.register(pipeline("outer", composite("x", "trimming@1.1.0")))
    with pytest.raises(PipelineInUseError, match=r"the pipeline outer@1\.0\.0") as caught:
        registry.unregister("trimming")
    assert caught.value.users == ("the pipeline outer@1.0.0",)
    registry.unregister("trimming", "1.0.0")
    with pytest.raises(PipelineInUseError):
        registry.unregister("trimming", "1.1.0")
    registry.unregister("outer")
    registry.unregister("trimming")
    with pytest.raises(PipelineNotFoundError):
        registry.unregister("trimming")


def test_files_go_in_and_out(registry: PipelineRegistry, tmp_path: Path) -> None:
    first = write_pipeline(trimming(), tmp_path / "first.toml")
    second = write_pipeline(trimming(25, "0.9.0"), tmp_path / "second.toml")
    other = write_pipeline(trimming(30), tmp_path / "other.toml")
    assert registry.import_file(first) == registry.import_file(first) == trimming()
    registry.import_file(second)
    assert registry.versions("trimming") == ("0.9.0", "1.0.0")
    with pytest.raises(PipelineExistsError, match="another pipeline trimming@"):
        registry.import_file(other)
    written = registry.export("trimming", tmp_path, "0.9.0")
    assert written.name == "trimming.toml"
    assert written.read_bytes() == second.read_bytes()
    with pytest.raises(PipelineFileError, match="already"):
        registry.export("trimming", tmp_path)
    registry.export("rna-seq", tmp_path)
    with pytest.raises(ShippedPipelineError):
        registry.import_file(write_pipeline(trimming(name="rna-seq"), tmp_path / "stolen.toml"))


def test_what_cannot_be_understood_is_told_and_can_be_removed(registry: PipelineRegistry, store: Store) -> None:
    registry.register(trimming())
    with closing(sqlite3.connect(store.path)) as connection, connection:
        connection.execute("""UPDATE pipelines SET definition = '{"name": 1}'""")
    with pytest.raises(PipelineError, match="cannot be understood") as caught:
        registry.get("trimming")
    assert "pipeline remove trimming --version 1.0.0" in caught.value.hint
    registry.unregister("trimming", "1.0.0")
    assert all(listed.is_shipped for listed in registry.list())


def test_many_threads_and_stores_at_a_time(registry: PipelineRegistry, store: Store) -> None:
    registry.register(trimming())
    troubles: list[BaseException] = []
    taken: list[str] = []

    def change(mine: PipelineRegistry, own: int) -> None:
        try:
            for step in range(5):
                taken.append(mine.update(trimming(own * 10 + step), "patch").version)
                mine.get("trimming")
        except BaseException as error:
            troubles.append(error)

    with Store.open(store.path) as other:
        registries = [registry, PipelineRegistry(other.pipelines)]
        threads = [threading.Thread(target=change, args=(registries[own % 2], own)) for own in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not troubles
    assert len(set(taken)) == 20
    assert set(registry.versions("trimming")) == {"1.0.0", *taken}


def test_of_many_who_register_a_name_one_succeeds(registry: PipelineRegistry) -> None:
    results: list[object] = []

    def register(own: int) -> None:
        try:
            results.append(registry.register(trimming(own)))
        except PipelineExistsError as error:
            results.append(error)

    threads = [threading.Thread(target=register, args=(own,)) for own in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each for each in results if isinstance(each, PipelineDefinition)] == [registry.get("trimming")]
    assert len(results) == 6
