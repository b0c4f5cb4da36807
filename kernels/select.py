"""Which twin of a kernel this machine runs."""

from __future__ import annotations

import platform

from kernels import bases, jit, lines

_FAST_VECTORS = ("x86_64", "amd64", "arm64", "aarch64")


def has_vectors() -> bool:
    """Whether the kernels written in vector instructions can run here and are worth it."""
    return jit.COMPILES and platform.machine().lower() in _FAST_VECTORS


line_index = lines.line_index if has_vectors() else lines.line_index_portable
base_counts = bases.base_counts if has_vectors() else bases.base_counts_portable
