"""What a stage remembers from batch to batch, so that a checkpoint can keep it."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint64]


class Memory(ABC):
    """What the instances of an ordered stage share. It only grows, batch by batch in the order of the input.

    A checkpoint keeps what is new since the one before, so that its cost does not grow with the memory.
    """

    @abstractmethod
    def keep_new(self) -> None:
        """From now on has `new_before` ready."""

    @abstractmethod
    def new_before(self, number: int) -> Words:
        """What came in with batches before this one since the last call, uint64 [n, ...], in order."""

    @abstractmethod
    def restore(self, words: Words, number: int) -> None:
        """Takes up what another one had remembered; before any batch.

        Args:
            words: all that `new_before` gave, one after the other.
            number: of the batch that comes first.
        """
