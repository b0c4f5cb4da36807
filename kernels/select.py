"""Which twin of a kernel this machine runs."""

from __future__ import annotations

import platform

from kernels import bases, jit, lines

_FAST_VECTORS = ("x86_64", "amd64", "arm64", "aarch64")


def has_vectors() -> bool:
    """Whether the kernels written in vector instructions can run here and are worth it."""
    return jit.COMPILES and platform.machine().lower() in _FAST_VECTORS


_twins = {
    lines.line_index: lines.line_index_portable,
    bases.base_counts: bases.base_counts_portable,
}

line_index = lines.line_index if has_vectors() else lines.line_index_portable
base_counts = bases.base_counts if has_vectors() else bases.base_counts_portable


def chosen() -> list[jit.Compiled]:
    """Every kernel imported so far but the twins that this machine does not run."""
    passed_over = set(_twins.values()) if has_vectors() else set(_twins)
    return [kernel for kernel in jit.registered() if kernel.dispatcher not in passed_over]
