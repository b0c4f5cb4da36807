"""Which runs have not ended, as a condition of queries."""

from __future__ import annotations

from engine.run.state import RunState

_STATES = ", ".join(f"'{state.value}'" for state in RunState if not state.is_final)

GOING = f"state IN ({_STATES})"
"""Holds for rows of table ``runs`` that go or wait; an index finds them."""
