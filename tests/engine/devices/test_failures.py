"""Errors of a device in words."""

from __future__ import annotations

import pytest

from engine.devices.driver import CapReached, DeviceHung
from engine.devices.failures import in_words

LASTING = "; it can be used again once Lanescope has been started anew"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (CapReached(), "its memory is full"),
        (MemoryError(), "its memory is full"),
        (RuntimeError("[2] Call to cuMemAlloc results in CUDA_ERROR_OUT_OF_MEMORY"), "its memory is full"),
        (
            RuntimeError("CUDA_ERROR_LAUNCH_FAILED: An exception occurred.\nTo continue, relaunch the process."),
            f"a computation on it failed (CUDA_ERROR_LAUNCH_FAILED){LASTING}",
        ),
        (
            RuntimeError("[218] Call to cuModuleLoadData results in CUDA_ERROR_INVALID_PTX"),
            "the driver cannot run code made for it (CUDA_ERROR_INVALID_PTX)",
        ),
        (
            RuntimeError("[<CUresult.CUDA_ERROR_X_Y: 999>] Call to cuInit results in CUDA_ERROR_X_Y"),
            "it does not answer as it should (CUDA_ERROR_X_Y)",
        ),
        (DeviceHung("it has not ended its work for 60 seconds"), "it has not ended its work for 60 seconds"),
        (ValueError("one line\nand another"), "ValueError: one line"),
        (ValueError(), "ValueError"),
    ],
)
def test_words(error: Exception, words: str) -> None:
    assert in_words(error) == words
