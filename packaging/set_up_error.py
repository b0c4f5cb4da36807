"""What keeps Lanescope from starting and the person in front of it can change."""

from __future__ import annotations


class SetUpError(Exception):
    """Says in plain words what is wrong and what to do."""
