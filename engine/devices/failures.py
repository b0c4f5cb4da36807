"""What devices fail by: why one is not used any more, in words for people."""

from __future__ import annotations

import re

from engine.devices.driver import CapReached, DeviceHung

_CODE = re.compile(r"\bCUDA_ERROR_[A-Z_]+[A-Z]\b")

_FULL = "its memory is full"

_WORDS = {
    "CUDA_ERROR_OUT_OF_MEMORY": _FULL,
    "CUDA_ERROR_NO_DEVICE": "the driver does not find it",
    "CUDA_ERROR_INVALID_DEVICE": "the driver does not find it",
    "CUDA_ERROR_DEVICE_UNAVAILABLE": "another program has it to itself",
    "CUDA_ERROR_DEVICE_NOT_LICENSED": "it has no licence for computations",
    "CUDA_ERROR_INVALID_PTX": "the driver cannot run code made for it",
    "CUDA_ERROR_NO_BINARY_FOR_GPU": "the driver cannot run code made for it",
    "CUDA_ERROR_UNSUPPORTED_PTX_VERSION": "its driver is older than the compiler for it: install a newer driver",
    "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH": "parts of its driver do not fit together: start the machine anew",
    "CUDA_ERROR_LAUNCH_TIMEOUT": "it stopped a computation that took it too long, as GPUs do that drive a screen",
    "CUDA_ERROR_ECC_UNCORRECTABLE": "its memory is damaged (uncorrectable ECC error)",
    "CUDA_ERROR_LAUNCH_FAILED": "a computation on it failed",
    "CUDA_ERROR_ILLEGAL_ADDRESS": "a computation on it failed",
    "CUDA_ERROR_MISALIGNED_ADDRESS": "a computation on it failed",
    "CUDA_ERROR_ILLEGAL_INSTRUCTION": "a computation on it failed",
    "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES": "it has too little room for a computation",
    "CUDA_ERROR_NVLINK_UNCORRECTABLE": "its connection failed",
    "CUDA_ERROR_HARDWARE_STACK_ERROR": "a computation on it failed",
    "CUDA_ERROR_INVALID_ADDRESS_SPACE": "a computation on it failed",
    "CUDA_ERROR_INVALID_PC": "a computation on it failed",
    "CUDA_ERROR_DEINITIALIZED": "its driver has shut down",
}

_LASTING = frozenset({
    "CUDA_ERROR_LAUNCH_TIMEOUT",
    "CUDA_ERROR_LAUNCH_FAILED",
    "CUDA_ERROR_ILLEGAL_ADDRESS",
    "CUDA_ERROR_MISALIGNED_ADDRESS",
    "CUDA_ERROR_ILLEGAL_INSTRUCTION",
    "CUDA_ERROR_HARDWARE_STACK_ERROR",
    "CUDA_ERROR_INVALID_ADDRESS_SPACE",
    "CUDA_ERROR_INVALID_PC",
})  # fmt: skip
"""After these the driver refuses the device to this process for good, as its reference says of each."""


def in_words(error: Exception) -> str:
    """What an error of a device means, without a full stop; names CUDA's own error where there is one."""
    if isinstance(error, (CapReached, MemoryError)):
        return _FULL
    if isinstance(error, DeviceHung):
        return str(error)
    text = str(error).strip()
    if found := _CODE.search(text):
        words = _WORDS.get(found[0], "it does not answer as it should")
        if words == _FULL:
            return words
        lasting = "; it can be used again once Lanescope has been started anew" if found[0] in _LASTING else ""
        return f"{words} ({found[0]}){lasting}"
    lines = text.splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


def take_frames_off(error: BaseException | None) -> None:
    """Takes the tracebacks off an error and those before it: their frames would keep a device's memory alive."""
    while error is not None:
        error.__traceback__ = None
        error = error.__cause__ or error.__context__
