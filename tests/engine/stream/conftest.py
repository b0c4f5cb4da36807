"""Streams lose no buffers."""

from __future__ import annotations

from tests.pools import all_buffers_given_back

__all__ = ["all_buffers_given_back"]
