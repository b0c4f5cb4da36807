"""The read-stage ABI, version 1: how a batch lies in a guest's memory.

``resources/plugins/ABI.md`` says the same to those who write plugins, byte by byte.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

import numpy as np

VERSION = 1
NAME: Final = "read-stage/1"
"""As manifests spell it."""

Change = Literal["keep", "trim", "bases", "qualities", "names"]

Need = Literal["names", "bases", "qualities"]

CHANGE_BITS: dict[Change, int] = {change: 1 << bit for bit, change in enumerate(get_args(Change))}
"""What a plugin may change, to its bit in ``changes``."""

DESCRIPTOR = np.dtype(
    [
        ("abi", "<u4"),  # 0
        ("size", "<u4"),  # 4
        ("reads", "<u4"),  # 8
        ("text_bytes", "<u4"),  # 12
        ("text", "<u4"),  # 16
        ("name_starts", "<u4"),  # 20
        ("name_lengths", "<u4"),  # 24
        ("sequence_starts", "<u4"),  # 28
        ("quality_starts", "<u4"),  # 32
        ("lengths", "<u4"),  # 36
        ("keep", "<u4"),  # 40
        ("trim_starts", "<u4"),  # 44
        ("trim_ends", "<u4"),  # 48
        ("new_name_starts", "<u4"),  # 52
        ("new_name_lengths", "<u4"),  # 56
        ("new_names", "<u4"),  # 60
        ("new_names_bytes", "<u4"),  # 64
        ("parameters", "<u4"),  # 68
        ("metrics", "<u4"),  # 72
        ("metric_slots", "<u4"),  # 76
        ("read_metrics", "<u4"),  # 80
        ("read_metric_columns", "<u4"),  # 84
        ("message", "<u4"),  # 88
        ("message_bytes", "<u4"),  # 92
        ("first_record", "<u8"),  # 96
        ("batch_number", "<u8"),  # 104
        ("mate", "<u4"),  # 112
        ("changes", "<u4"),  # 116
        ("reserved", "<u8"),  # 120
    ]
)
"""The batch descriptor: 128 bytes, addresses in the guest's memory."""

ALIGNMENT = 64
"""Bytes to a multiple of which every column begins, counted from the region that the guest gives."""

GUEST_ALIGNMENT = 16
"""Bytes to a multiple of which the guest must align its region."""

MESSAGE_BYTES = 256
UNCHANGED = 0xFFFFFFFF
"""In ``new_name_starts``: this read keeps its name."""

VERSION_EXPORT = "lanescope_abi"
RESERVE_EXPORT = "lanescope_reserve"
PROCESS_EXPORT = "lanescope_process"
EXPORTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    VERSION_EXPORT: ((), ("i32",)),
    RESERVE_EXPORT: (("i32",), ("i32",)),
    PROCESS_EXPORT: (("i32",), ("i32",)),
}
"""Functions that a module must export, to their parameters and results; besides, it exports ``memory``."""
