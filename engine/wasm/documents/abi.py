"""The document ABI, version 1: how a JSON document lies in a guest's memory.

``resources/plugins/ABI.md`` says the same to those who write plugins, byte by byte.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

import numpy as np

VERSION = 1
NAME: Final = "document/1"
"""As manifests spell it."""

DocumentKind = Literal["query", "result"]
"""What a document is: a search of reads before it runs, or what came out of a run."""

KIND_NUMBERS: dict[str, int] = {kind: number for number, kind in enumerate(get_args(DocumentKind), 1)}

DESCRIPTOR = np.dtype(
    [
        ("abi", "<u4"),  # 0
        ("size", "<u4"),  # 4
        ("kind", "<u4"),  # 8
        ("text", "<u4"),  # 12
        ("text_bytes", "<u4"),  # 16
        ("parameters", "<u4"),  # 20
        ("fields", "<u4"),  # 24
        ("field_count", "<u4"),  # 28
        ("keep", "<u4"),  # 32
        ("has_number", "<u4"),  # 36
        ("number", "<f8"),  # 40
        ("output", "<u4"),  # 48
        ("output_bytes", "<u4"),  # 52
        ("message", "<u4"),  # 56
        ("message_bytes", "<u4"),  # 60
    ]
)
"""The document descriptor: 64 bytes, addresses in the guest's memory."""

MESSAGE_BYTES = 256
ALIGNMENT = 16

MOST_BYTES = 16 << 20
"""Of a document's text, in and out."""

VERSION_EXPORT = "lanescope_document_abi"
RESERVE_EXPORT = "lanescope_reserve"
PROCESS_EXPORT = "lanescope_document"
EXPORTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    VERSION_EXPORT: ((), ("i32",)),
    RESERVE_EXPORT: (("i32",), ("i32",)),
    PROCESS_EXPORT: (("i32",), ("i32",)),
}
"""Functions that a module must export, to their parameters and results; besides, it exports ``memory``."""
