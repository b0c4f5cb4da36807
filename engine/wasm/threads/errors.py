"""What can go wrong with a thread of a guest."""

from __future__ import annotations

from enum import Enum

from engine.wasm.errors import PluginError


class ThreadFault(Enum):
    """Kinds of trouble with a thread."""

    TIMEOUT = "timeout"
    NOT_FOUND = "not found"
    TRAPPED = "trapped"
    OUT_OF_RESOURCES = "out of resources"
    BAD_ARGUMENT = "bad argument"
    DOUBLE_FREE = "double free"


class ThreadError(PluginError):
    """Something is wrong with a thread, or with what was asked of it.

    Attributes:
        kind: what.
        thread: number of the thread; ``None`` where there is none.
    """

    title = "A plugin's thread failed"

    def __init__(
        self, kind: ThreadFault, message: str, *, plugin: str, thread: int | None = None, hint: str | None = None
    ) -> None:
        super().__init__(f"{plugin}: {message}", plugin=plugin, hint=hint)
        self.kind = kind
        self.thread = thread
