"""Which kernels inputs call besides those of every run."""

from __future__ import annotations

from engine.flow.backpressure import Backpressure, Block
from engine.run.sampling import KERNEL_MODULES
from engine.source.colours import COLOUR_SPACE


def input_modules(kind: str, policy: Backpressure) -> frozenset[str]:
    """The modules of kernels that an input needs.

    Args:
        kind: of the input; see `ByteSource`.
        policy: what becomes of batches that find no room; what is left out has to be counted.
    """
    found = frozenset[str]() if isinstance(policy, Block) else KERNEL_MODULES
    if kind in {"bam", "sam"}:
        return found | {f"kernels.source.{kind}"}
    return found | {"kernels.source.colours"} if COLOUR_SPACE in kind else found
