"""What carries a plugin out in one thread, by one instance of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, Self, TypeVar

from engine.wasm.limits import Limits, Watch
from engine.wasm.manifest import Manifest


class Instance(Protocol):
    """A running instance of a module or a component."""

    @property
    def is_open(self) -> bool:
        """Whether it can still be called."""

    def close(self) -> None:
        """Gives everything back."""


InstanceT = TypeVar("InstanceT", bound=Instance)


class InstanceStage(ABC, Generic[InstanceT]):
    """Carries a plugin out, one instance of it for one thread.

    After an error the instance is thrown away; what comes next gets a new one.

    Args:
        manifest: what the plugin says about itself.
        watch: ends its work early.
        make: makes an instance.
    """

    def __init__(self, manifest: Manifest, watch: Watch, make: Callable[[Limits, Watch], InstanceT]) -> None:
        self._manifest = manifest
        self._watch = watch
        self._make = make
        self._guest: InstanceT | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Gives the instance back, in the thread that used it."""
        guest, self._guest = self._guest, None
        if guest is not None:
            guest.close()

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        """Throws the instance away if what is done within fails."""
        try:
            yield
        except BaseException:
            self.close()
            raise

    def _opened(self) -> InstanceT:
        """The instance, a new one where there is none that can be called."""
        guest = self._guest
        if guest is None or not guest.is_open:
            guest = self._guest = self._make(self._manifest.guest_limits(), self._watch)
            self._begin(guest)
        return guest

    @abstractmethod
    def _begin(self, guest: InstanceT) -> None:
        """Has a new instance get ready."""
