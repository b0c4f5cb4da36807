"""What runs in Numba's simulator, whose threads share the module `cuda` that it puts in place of Numba's own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from numba import cuda

_launching = threading.RLock()
_replaced: list[dict[str, Any]] = []
"""Names of modules, for which `cuda` is the launch's."""


@contextmanager
def one_launch() -> Iterator[None]:
    """Within it a kernel may be launched: the simulator can run but one at a time."""
    with _launching:
        try:
            yield
        finally:
            for names in _replaced:
                names["cuda"] = cuda
            _replaced.clear()


def within_device(function: Callable[..., Any]) -> Callable[..., Any]:
    """Makes a function callable from kernels, by many threads at once.

    At the end of the first call Numba's own would take the launch's `cuda` from all who are in it.
    """
    from numba.cuda.simulator.kernel import _get_kernel_context

    names = function.__globals__

    @wraps(function)
    def call(*arguments: Any) -> Any:
        if names.get("cuda") is cuda:
            _replaced.append(names)
            names["cuda"] = _get_kernel_context()
        return function(*arguments)

    return call
