"""Which GPUs this machine has, and what is missing where they cannot be used. Imports no CUDA."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from engine.devices.within import within

INSTALL = "pip install 'lanescope[cuda]'"
"""What brings the compiler for GPUs."""

OLDEST_DRIVER = 12_000
"""The driver has to know this version of CUDA, in thousands: 12.0."""

OLDEST_CAPABILITY = (5, 0)

PATIENCE = 30.0
"""Seconds that the driver gets to tell what there is, which takes it one at most."""

_LIBRARIES = {"linux": ("libcuda.so.1", "libcuda.so"), "win32": ("nvcuda.dll",)}
_MANAGEMENT = {"linux": "libnvidia-ml.so.1", "win32": "nvml.dll"}
_CAPABILITY_MAJOR = 75
_CAPABILITY_MINOR = 76


@dataclass(frozen=True, slots=True)
class Device:
    """A GPU.

    Attributes:
        number: as CUDA counts, from 0; it is called ``cuda:<number>``.
        title: the maker's name for it.
        memory: bytes; 0: unknown.
        capability: its compute capability, such as (9, 0).
        is_simulated: there is none, Numba's simulator stands in for it.
    """

    number: int
    title: str
    memory: int
    capability: tuple[int, int] = (0, 0)
    is_simulated: bool = False

    @property
    def name(self) -> str:
        """What ``--device`` calls it."""
        return f"cuda:{self.number}"


@dataclass(frozen=True, slots=True)
class Devices:
    """What has been found.

    Attributes:
        usable: what reads can be counted on.
        driver: version of NVIDIA's driver, empty where there is none or it does not tell.
        reason: why there is nothing to be used, or not everything; empty where all is well.
        hint: what to do about it.
    """

    usable: tuple[Device, ...] = ()
    driver: str = ""
    reason: str = ""
    hint: str = ""


class _Refused(Exception):
    """A call of the driver that failed, with its number."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def find_devices() -> Devices:
    """Looks for GPUs. Takes some milliseconds where there is no driver, up to a second where there is one."""
    if is_simulated():
        return Devices((Device(0, "Numba's CUDA simulator (no GPU, for tests)", 0, is_simulated=True),))
    library = _load(_LIBRARIES.get(sys.platform, ()))
    if library is None:
        return _without_driver()
    try:
        return within(PATIENCE, lambda: _ask(library))
    except _Refused as error:
        return _refusal(error.code)
    except TimeoutError:
        return Devices(
            reason=f"NVIDIA's driver has not answered for {PATIENCE:.0f} seconds.",
            hint="See whether nvidia-smi gets an answer; if not, start the machine anew.",
        )


def install_command() -> str:
    """`INSTALL`, for the very Python that runs here; for a shell of this system."""
    return f'"{sys.executable}" -m pip install "lanescope[cuda]"'


def is_simulated() -> bool:
    """Whether Numba's simulator has been asked for, by its environment variable."""
    return os.environ.get("NUMBA_ENABLE_CUDASIM", "0") not in {"", "0"}


def _without_driver() -> Devices:
    if sys.platform not in _LIBRARIES:
        return Devices(
            reason="There are no NVIDIA GPUs on this system.", hint="Nothing is missing: reads are counted on the CPU."
        )
    return Devices(
        reason="NVIDIA's driver is not installed, or this machine has no NVIDIA GPU.",
        hint=f"With a GPU, install NVIDIA's driver and then {INSTALL}. Without one, nothing is missing.",
    )


def _ask(library: ctypes.CDLL) -> Devices:
    _call(library, "cuInit", 0)
    driver = _driver_version()
    version = _number(library, "cuDriverGetVersion")
    found = [_device(library, number) for number in range(_number(library, "cuDeviceGetCount"))]
    if not found:
        return _none_found(driver)
    if version < OLDEST_DRIVER:
        return Devices(
            driver=driver,
            reason=f"NVIDIA's driver is too old: it knows CUDA {_dotted(version)}, and {_dotted(OLDEST_DRIVER)} "
            "or newer is needed.",
            hint="Install a newer driver.",
        )
    if importlib.util.find_spec("numba_cuda") is None:
        names = ", ".join(device.title for device in found)
        return Devices(
            driver=driver,
            reason=f"There is a GPU ({names}), but numba-cuda, which makes code for it, is not installed.",
            hint=f"Install it with {INSTALL}.",
        )
    usable = tuple(device for device in found if device.capability >= OLDEST_CAPABILITY)
    refused = [device.title for device in found if device not in usable]
    reason = f"Too old to be used: {', '.join(refused)}." if refused else ""
    return Devices(usable, driver, reason, "Choose another device." if refused else "")


def _device(library: ctypes.CDLL, number: int) -> Device:
    handle = ctypes.c_int()
    _call(library, "cuDeviceGet", ctypes.byref(handle), number)
    title = ctypes.create_string_buffer(256)
    _call(library, "cuDeviceGetName", title, len(title), handle)
    memory = ctypes.c_size_t()
    _call(library, "cuDeviceTotalMem_v2", ctypes.byref(memory), handle)
    major = _number(library, "cuDeviceGetAttribute", _CAPABILITY_MAJOR, handle)
    minor = _number(library, "cuDeviceGetAttribute", _CAPABILITY_MINOR, handle)
    return Device(number, title.value.decode(errors="replace"), memory.value, (major, minor))


def _number(library: ctypes.CDLL, function: str, *arguments: object) -> int:
    """What a function of the driver writes where its first argument points."""
    value = ctypes.c_int()
    _call(library, function, ctypes.byref(value), *arguments)
    return value.value


def _call(library: ctypes.CDLL, function: str, *arguments: object) -> None:
    try:
        code = int(getattr(library, function)(*arguments))
    except AttributeError as error:  # a driver from before that function
        raise _Refused(0) from error
    if code:
        raise _Refused(code)


_NO_DEVICE = 100
_MISMATCH = 803


def _refusal(code: int) -> Devices:
    driver = _driver_version()
    if code == _NO_DEVICE:
        return _none_found(driver)
    if code in {0, _MISMATCH}:
        return Devices((), driver, "NVIDIA's driver is too old, or its parts do not fit.", "Install a newer driver.")
    return Devices(
        driver=driver,
        reason=f"NVIDIA's driver does not answer (CUDA error {code}).",
        hint="See what nvidia-smi tells; starting the machine anew often helps after an update of the driver.",
    )


def _none_found(driver: str) -> Devices:
    return Devices((), driver, "NVIDIA's driver finds no GPU.", "See what nvidia-smi tells.")


def _driver_version() -> str:
    """As nvidia-smi tells it, such as 550.54; empty where nobody tells."""
    library = _load((_MANAGEMENT.get(sys.platform, ""),))
    if library is None:
        return ""
    text = ctypes.create_string_buffer(96)
    try:
        if library.nvmlInit_v2():
            return ""
        failed = library.nvmlSystemGetDriverVersion(text, len(text))
        library.nvmlShutdown()
    except AttributeError:
        return ""
    return "" if failed else text.value.decode(errors="replace")


def _load(names: Sequence[str]) -> ctypes.CDLL | None:
    for name in filter(None, names):
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    return None


def _dotted(version: int) -> str:
    return f"{version // 1000}.{version % 1000 // 10}"
