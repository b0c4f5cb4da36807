"""What can go wrong with key-value state."""

from __future__ import annotations

from engine.errors import LanescopeError


class StateError(LanescopeError):
    """Key-value state cannot be read or written, or would grow too large. Nothing of a flush was kept."""

    title = "The state of plugins cannot be kept"
