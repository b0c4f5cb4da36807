"""A registry on a real database."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from engine.pipeline.keeping.registry import PipelineRegistry
from engine.store.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Generator[Store]:
    """An empty store."""
    with Store.open(tmp_path / "lanescope.sqlite") as store:
        yield store


@pytest.fixture
def registry(store: Store) -> PipelineRegistry:
    """Of the pipelines in the store."""
    return PipelineRegistry(store.pipelines)
