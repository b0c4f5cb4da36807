from __future__ import annotations

import pytest

from engine.wasm.host import Host


@pytest.fixture(scope="session")
def shared_host(tmp_path_factory: pytest.TempPathFactory) -> Host:
    """An engine for guests whose threads share a memory."""
    return Host(tmp_path_factory.mktemp("shared-modules"), shared_memory=True)
