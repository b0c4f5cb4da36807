"""The one decorator behind every kernel: compiled without the GIL and cached on disk."""

from __future__ import annotations

import functools
import hashlib
import os
import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import llvmlite
import numba
import numpy as np
import platformdirs
from numba.core import sigutils

from kernels.kept import keep

P = ParamSpec("P")
R = TypeVar("R")


def cache_folder() -> Path:
    """Where compiled kernels are kept.

    ``LANESCOPE_KERNEL_CACHE``, else the folder ``cache`` of ``LANESCOPE_HOME``, else the user's
    cache folder. A subfolder named after a hash of every kernel's source and of the compilers'
    versions keeps a changed kernel from meeting an old binary, also when only a kernel that it
    calls has changed. The place of the sources is part of it, for Numba shares no kernels between two.
    """
    if chosen := os.environ.get("LANESCOPE_KERNEL_CACHE"):
        base = Path(chosen)
    elif home := os.environ.get("LANESCOPE_HOME"):
        base = Path(home) / "cache" / "kernels"
    else:
        base = platformdirs.user_cache_path("lanescope") / "kernels"
    return base / _fingerprint()


@functools.cache
def _fingerprint() -> str:
    digest = hashlib.sha256()
    folder = Path(__file__).parent
    for part in (numba.__version__, llvmlite.__version__, np.__version__, platform.python_version(), str(folder)):
        digest.update(os.fsencode(part))
    for source in sorted(folder.rglob("*.py")):
        if source.parent.name != "cuda":  # those for CUDA are compiled for a device, apart
            digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


_settings: Any = numba.config  # its attributes are made at run time

# Numba looks at the folder when a function is decorated, so it has to be set before any kernel is.
_settings.CACHE_DIR = str(cache_folder())

COMPILES = not _settings.DISABLE_JIT
"""Whether kernels are compiled; not so when coverage looks at their Python."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A kernel that can be made ready ahead of its first call."""

    dispatcher: Any
    signature: str

    @property
    def name(self) -> str:
        """The kernel's own name."""
        return str(self.dispatcher.py_func.__name__)

    @property
    def module(self) -> str:
        """Where it is defined."""
        return str(self.dispatcher.py_func.__module__)

    def prepare(self) -> None:
        """Loads the kernel from the cache, or compiles it. Takes up to some seconds; holds the GIL."""
        # By its types, as calls have it compiled: under its text, no call would find it in the cache.
        arguments, _ = sigutils.normalize_signature(self.signature)
        self.dispatcher.compile(arguments)


_kernels: list[Compiled] = []


def kernel(*signatures: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Makes a function a kernel: Numba nopython, no GIL, cached, no bounds checks.

    Args:
        signatures: the argument types, as in ``"int64(uint8[::1], int64)"``, in each form that they come in; compiled
            for by `Compiled.prepare`, or at the first call.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        dispatcher = numba.njit(nogil=True, boundscheck=False, error_model="numpy")(function)
        if COMPILES:
            keep(dispatcher)
            _kernels.extend(Compiled(dispatcher, signature) for signature in signatures)
        return cast("Callable[P, R]", dispatcher)

    return decorate


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Makes a function callable from kernels only, compiled together with them."""
    return cast("Callable[P, R]", numba.njit(nogil=True, boundscheck=False, error_model="numpy")(function))


def registered() -> Iterator[Compiled]:
    """Every kernel imported so far, in order of definition."""
    return iter(tuple(_kernels))
