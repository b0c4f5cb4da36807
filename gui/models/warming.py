"""What is said while kernels are being prepared."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

_PATIENCE = 1.0


class Warming:
    """Puts the progress of the engine's first start into words; says nothing where it takes no longer than a second.

    Attributes:
        text: what to say now, or an empty string.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self.text = ""
        self._clock = clock
        self._progress = ""
        self._begun: float | None = None

    @property
    def reason(self) -> str:
        """Why a run that is queued does not begin, or an empty string."""
        if not self.text:
            return ""
        return (
            f"The engine is being made ready for this computer, {self._progress}; once is enough. This run comes next."
        )

    def tell(self, done: int, total: int) -> None:
        """``done`` of ``total`` kernels are ready; ``total`` is 0 before anybody has counted."""
        if self._begun is None:
            self._begun = self._clock()
        is_over = 0 < total <= done
        if is_over or self._clock() - self._begun < _PATIENCE:
            self.text = ""
        else:
            self._progress = f"{done} of {total}"
            self.text = f"Preparing kernels {self._progress} · first start only"
