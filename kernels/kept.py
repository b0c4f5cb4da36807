"""Compiled kernels on disk: they save time, and whatever is wrong with them there is no reason to fail."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from numba.core.caching import FunctionCache

if TYPE_CHECKING:
    _Base = Any
else:
    _Base = FunctionCache

_troubles: list[str] = []


def keep(dispatcher: Any) -> None:
    """Has a kernel looked for on disk before it is compiled, and kept there afterwards, where that can be.

    Args:
        dispatcher: of the kernel, as Numba made it.
    """
    try:
        # In place of `cache=True`, which does the same with Numba's own class.
        dispatcher._cache = _KernelCache(dispatcher.py_func)
    except RuntimeError as error:  # no folder can be written to, says Numba
        _troubles.append(str(error))


def trouble() -> str | None:
    """Why kernels that this process compiled could not be kept; ``None`` where all were."""
    return _troubles[0] if _troubles else None


class _KernelCache(_Base):  # type: ignore[misc] # Numba has no types
    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Numba's call: the compiled kernel, or ``None``."""
        try:
            return super().load_overload(sig, target_context)
        except Exception:
            # Cut short, as by a power failure just after it was written, or not even that: as good as none.
            with contextlib.suppress(OSError):
                self.flush()
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Numba's call: keeps a kernel that was just compiled."""
        try:
            super().save_overload(sig, data)
        except OSError as error:
            _troubles.append(error.strerror or str(error))
