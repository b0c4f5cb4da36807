from __future__ import annotations

import pytest

from engine.pipeline.keeping.versions import is_version, next_version, version_order

IN_ORDER = [
    "0.9.10",
    "1.0.0-1",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.0.1",
    "1.2.0",
    "1.10.0",
    "2.0.0",
]


def test_precedence() -> None:
    mixed = [*IN_ORDER[8:], *IN_ORDER[3:8], *IN_ORDER[:3]]
    assert sorted(mixed, key=version_order) == IN_ORDER
    assert all(is_version(version) for version in IN_ORDER)


@pytest.mark.parametrize(
    "text", ["", "1", "1.0", "1.0.0.0", "01.0.0", "1.0.0-", "1.0.0-a..b", "1.0.0-01", "v1.0.0", "1.0.0\n", "1.0.٣"]
)
def test_what_is_no_version(text: str) -> None:
    assert not is_version(text)
    with pytest.raises(ValueError, match="not a version"):
        version_order(text)


def test_next() -> None:
    assert next_version("1.2.3") == "1.2.4"
    assert next_version("1.2.3", "minor") == "1.3.0"
    assert next_version("1.2.3", "major") == "2.0.0"
    assert next_version("2.0.0-beta.1") == "2.0.0"
