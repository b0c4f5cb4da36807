from __future__ import annotations

import pytest

from engine.wasm.components.building import build_component
from engine.wasm.components.host import ComponentHost
from tests.conftest import REPOSITORY
from tests.engine.wasm.components.sources import DOCUMENTS, DOCUMENTS_MANIFEST, READS, READS_MANIFEST
from tests.guests import manifest_for


@pytest.fixture(scope="session")
def components() -> ComponentHost:
    """One engine for all tests; what it builds is kept for later ones, since that takes longer than they do."""
    return ComponentHost(REPOSITORY / ".cache" / "components")


@pytest.fixture(scope="session")
def reads_component(components: ComponentHost) -> bytes:
    return build_component(READS, manifest_for(b"", **READS_MANIFEST), components)


@pytest.fixture(scope="session")
def documents_component(components: ComponentHost) -> bytes:
    return build_component(DOCUMENTS, manifest_for(b"", **DOCUMENTS_MANIFEST), components)
