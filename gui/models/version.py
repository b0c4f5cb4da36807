"""Which Lanescope this is."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def installed_version() -> str:
    """Lanescope's version, or *unpacked* where it runs without having been installed."""
    try:
        return version("lanescope")
    except PackageNotFoundError:
        return "unpacked"
