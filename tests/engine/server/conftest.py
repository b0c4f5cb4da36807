from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.server.serving import Served, serving


@pytest.fixture
def served(lanescope_home: Path, tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path / "allowed") as served:
        yield served
