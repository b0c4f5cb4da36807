from __future__ import annotations

from pathlib import Path

import pytest

from engine.wasm.host import Host


@pytest.fixture(scope="session")
def host(tmp_path_factory: pytest.TempPathFactory) -> Host:
    """One engine for all tests, as the application has it."""
    return Host(tmp_path_factory.mktemp("modules"))


@pytest.fixture(scope="session", autouse=True)
def compiler_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keeps the C compiler out of the user's folders."""
    folder = tmp_path_factory.mktemp("compiler")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ZIG_GLOBAL_CACHE_DIR", str(folder))
    return folder
