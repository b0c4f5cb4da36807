"""Giving up what a process needs no more, before it looks at a plugin's source.

Nothing here takes privileges. On Linux a filter of system calls (seccomp) keeps the process from network, programs
and other processes, and Landlock from files that are none of the interpreter's. See seccomp(2) and landlock(7).
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
from contextlib import suppress
from pathlib import Path

from engine.wasm.python.system_calls import MACHINES, Machine

SECONDS = 60
MEMORY_BYTES = 4 << 30
_OPEN_FILES = 64
_SYSTEM = ("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/opt", "/dev/null", "/dev/urandom", "/nix/store")
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050001
_NUMBER_AT, _MACHINE_AT, _FIRST_ARGUMENT_AT = 0, 4, 16
_FOREIGN = 0x40000000
_CREATE_RULES, _ADD_RULE, _RESTRICT = 444, 445, 446
_READ_FILES, _EVERYTHING = 0b1100, (1 << 13) - 1
_READ_FILE = 0b100
_OF_A_PATH = 1


def give_up_rights() -> list[str]:
    """Leaves little time and memory, no files to write, no network, no programs, and only the interpreter's own files.

    Returns:
        What this system could not take away, in words that follow "could not be kept from"; empty where it took all.
    """
    unkept = [] if _limited() else ["taking all time and memory"]
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    machine = MACHINES.get(platform.machine())
    if libc is None or machine is None or libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        return [*unkept, "reading files", "the network", "other programs"]
    if not _reads_its_own_alone(libc):
        unkept.append("reading files")
    if not _calls_filtered(libc, machine):
        unkept += ["the network", "other programs"]
    return unkept


def _limited() -> bool:
    try:
        import resource
    except ImportError:  # Windows
        return False
    limits = {
        "RLIMIT_CPU": SECONDS, "RLIMIT_FSIZE": 0, "RLIMIT_CORE": 0, "RLIMIT_NOFILE": _OPEN_FILES, "RLIMIT_NPROC": 0,
    }  # fmt: skip
    if sys.platform == "linux":  # elsewhere address space cannot be limited
        limits["RLIMIT_AS"] = MEMORY_BYTES
    done = True
    for name, most in limits.items():
        try:
            kind = getattr(resource, name)
            held = resource.getrlimit(kind)[1]  # which can only be lowered
            least = most if held == resource.RLIM_INFINITY else min(most, held)
            resource.setrlimit(kind, (least, least))
        except (AttributeError, OSError, ValueError):
            done = False
    return done


def _reads_its_own_alone(libc: ctypes.CDLL) -> bool:
    """Landlock: files of the interpreter and its packages may be read, nothing else, and nothing written."""
    handled = ctypes.create_string_buffer(struct.pack("=Q", _EVERYTHING))
    rules = libc.syscall(_CREATE_RULES, handled, ctypes.c_size_t(8), 0)
    if rules < 0:
        return False
    for place in {*_SYSTEM, sys.prefix, sys.base_prefix, *filter(None, sys.path)}:
        with suppress(OSError):  # not on this system
            _may_read(libc, rules, Path(place))
    restricted: int = libc.syscall(_RESTRICT, rules, 0)
    os.close(rules)
    return restricted == 0


def _may_read(libc: ctypes.CDLL, rules: int, place: Path) -> None:
    handle = os.open(place, os.O_PATH | os.O_CLOEXEC)  # type: ignore[attr-defined, unused-ignore] # on Linux
    try:
        access = _READ_FILES if place.is_dir() else _READ_FILE
        rule = ctypes.create_string_buffer(struct.pack("=Qi", access, handle))
        libc.syscall(_ADD_RULE, rules, _OF_A_PATH, rule, 0)
    finally:
        os.close(handle)


def _calls_filtered(libc: ctypes.CDLL, machine: Machine) -> bool:
    """A filter of system calls, as a program of the kernel's packet filter."""
    steps = [
        _step(_LOAD, _MACHINE_AT), _step(_EQUAL, machine.architecture, 1), _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER_AT), _step(_AT_LEAST, _FOREIGN, 0, 1), _step(_RETURN, _KILL),
    ]  # fmt: skip
    for number in machine.refused:
        steps += [_step(_EQUAL, number, 0, 1), _step(_RETURN, _REFUSE)]
    for number, own in ((machine.signal_thread, os.getpid()), (machine.limit_process, 0)):
        steps += [
            _step(_EQUAL, number, 0, 4), _step(_LOAD, _FIRST_ARGUMENT_AT), _step(_EQUAL, own, 1),
            _step(_RETURN, _REFUSE), _step(_RETURN, _ALLOW),
        ]  # fmt: skip
    steps.append(_step(_RETURN, _ALLOW))
    program = ctypes.create_string_buffer(b"".join(steps))
    head = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(program)))
    return bool(libc.prctl(_SECCOMP, _FILTER, head, 0, 0) == 0)


def _step(code: int, value: int, if_so: int = 0, if_not: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_so, if_not, value)
