"""Finding GPUs by a driver that is not there, that is too old, or that knows some."""

from __future__ import annotations

import ctypes
import importlib.util
import sys
import threading
from typing import Any

import pytest

from engine.devices import discovery
from engine.devices.discovery import find_devices


class Driver:
    """The functions of NVIDIA's driver that are asked, over GPUs as (title, bytes, capability)."""

    def __init__(self, *gpus: tuple[str, int, tuple[int, int]], version: int = 12_040, init: int = 0) -> None:
        self.gpus = gpus
        self.version = version
        self.init = init

    def cuInit(self, flags: int) -> int:
        return self.init

    def cuDriverGetVersion(self, version: Any) -> int:
        version._obj.value = self.version
        return 0

    def cuDeviceGetCount(self, count: Any) -> int:
        count._obj.value = len(self.gpus)
        return 0

    def cuDeviceGet(self, handle: Any, number: int) -> int:
        handle._obj.value = number
        return 0

    def cuDeviceGetName(self, title: Any, size: int, handle: ctypes.c_int) -> int:
        title.value = self.gpus[handle.value][0].encode()
        return 0

    def cuDeviceTotalMem_v2(self, memory: Any, handle: ctypes.c_int) -> int:
        memory._obj.value = self.gpus[handle.value][1]
        return 0

    def cuDeviceGetAttribute(self, value: Any, attribute: int, handle: ctypes.c_int) -> int:
        value._obj.value = self.gpus[handle.value][2][attribute - 75]
        return 0

    def nvmlInit_v2(self) -> int:
        return 0

    def nvmlSystemGetDriverVersion(self, text: Any, size: int) -> int:
        text.value = b"550.54"
        return 0

    def nvmlShutdown(self) -> int:
        return 0


@pytest.fixture
def without_simulator(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.delenv("NUMBA_ENABLE_CUDASIM", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    return monkeypatch


def has_driver(patch: pytest.MonkeyPatch, driver: Driver | None, *, has_compiler: bool = True) -> None:
    patch.setattr(discovery, "_load", lambda names: driver)
    known = importlib.util.find_spec
    patch.setattr(
        importlib.util,
        "find_spec",
        lambda name, package=None: (known("json") if has_compiler else None) if name == "numba_cuda" else known(name),
    )


def test_devices_have_name_memory_and_driver(without_simulator: pytest.MonkeyPatch) -> None:
    has_driver(without_simulator, Driver(("Tesla A", 16 << 30, (8, 0)), ("Tesla B", 80 << 30, (9, 0))))
    found = find_devices()
    assert [(d.name, d.title, d.memory, d.capability) for d in found.usable] == [
        ("cuda:0", "Tesla A", 16 << 30, (8, 0)),
        ("cuda:1", "Tesla B", 80 << 30, (9, 0)),
    ]
    assert found.driver == "550.54"
    assert not found.reason


@pytest.mark.parametrize(
    ("driver", "has_compiler", "reason", "hint"),
    [
        (None, True, "driver is not installed", "lanescope[cuda]"),
        (Driver(), True, "finds no GPU", "nvidia-smi"),
        (Driver(init=100), True, "finds no GPU", "nvidia-smi"),
        (Driver(init=803), True, "too old", "newer driver"),
        (Driver(init=999), True, "CUDA error 999", "nvidia-smi"),
        (Driver(("Tesla A", 1, (8, 0)), version=11_080), True, "knows CUDA 11.8, and 12.0", "newer driver"),
        (Driver(("Tesla A", 1, (8, 0))), False, "(Tesla A), but numba-cuda", "pip install 'lanescope[cuda]'"),
        (Driver(("Kepler", 1, (3, 5))), True, "Too old to be used: Kepler", "another device"),
    ],
)
def test_what_is_missing_is_said_with_what_to_do(
    driver: Driver | None, has_compiler: bool, reason: str, hint: str, without_simulator: pytest.MonkeyPatch
) -> None:
    has_driver(without_simulator, driver, has_compiler=has_compiler)
    found = find_devices()
    assert not found.usable
    assert reason in found.reason
    assert hint in found.hint


def test_one_gpu_that_is_too_old_does_not_hide_another(without_simulator: pytest.MonkeyPatch) -> None:
    has_driver(without_simulator, Driver(("Kepler", 1, (3, 5)), ("Tesla A", 1, (8, 0))))
    found = find_devices()
    assert [device.name for device in found.usable] == ["cuda:1"]
    assert "Kepler" in found.reason


def test_other_systems_have_none(without_simulator: pytest.MonkeyPatch) -> None:
    without_simulator.setattr(sys, "platform", "darwin")
    assert "no NVIDIA GPUs on this system" in find_devices().reason


def test_a_driver_that_does_not_answer_is_not_waited_for(without_simulator: pytest.MonkeyPatch) -> None:
    answers = threading.Event()

    class Hanging(Driver):
        def cuInit(self, flags: int) -> int:
            answers.wait()
            return 999

    has_driver(without_simulator, Hanging())
    without_simulator.setattr(discovery, "PATIENCE", 0.01)
    found = find_devices()
    answers.set()
    assert not found.usable
    assert found.reason == "NVIDIA's driver has not answered for 0 seconds."
    assert "nvidia-smi" in found.hint
