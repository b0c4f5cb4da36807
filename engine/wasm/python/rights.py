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
from dataclasses import dataclass
from pathlib import Path

from engine.wasm.python.system_calls import MACHINES, Machine

SECONDS = 60
MEMORY_BYTES = 4 << 30
_OPEN_FILES = 64
_SYSTEM = ("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/opt", "/dev/null", "/dev/urandom", "/nix/store")
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
_LOAD, _EQUAL, _AT_LEAST, _HAS_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _REFUSE, _UNKNOWN = 0x7FFF0000, 0x80000000, 0x00050001, 0x00050026
_NUMBER_AT, _MACHINE_AT, _FIRST_ARGUMENT_AT, _SECOND_ARGUMENT_AT = 0, 4, 16, 24
_OF_THIS_PROCESS = 0x00010000  # CLONE_THREAD
_FOREIGN = 0x40000000
_CREATE_RULES, _ADD_RULE, _RESTRICT = 444, 445, 446
_READ_FILES, _EVERYTHING = 0b1100, (1 << 13) - 1
_READ_FILE = 0b100
_OF_A_PATH = 1
_LARGEST_FILE = 256 << 20


@dataclass(frozen=True, slots=True)
class Kept:
    """What a process keeps of its rights.

    Attributes:
        threads: whether it may start threads of its own, and set room for memory aside that it does not use.
        folder: where it may make, change and remove files; ``None`` for nowhere.
        seconds: of processor time.
    """

    threads: bool = False
    folder: Path | None = None
    seconds: int = SECONDS


NOTHING = Kept()


def give_up_rights(kept: Kept = NOTHING) -> list[str]:
    """Leaves little time and memory, no files to write, no network, no programs, and only the interpreter's own files.

    Args:
        kept: what it needs beyond that.

    Returns:
        What this system could not take away, in words that follow "could not be kept from"; empty where it took all.
    """
    unkept = [] if _limited(kept) else ["taking all time and memory"]
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    machine = MACHINES.get(platform.machine())
    files = "reading files" if kept.folder is None else "reading and changing files"
    if libc is None or machine is None or libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        return [*unkept, files, "the network", "other programs"]
    if not _reads_its_own_alone(libc, kept.folder):
        unkept.append(files)
    if not _calls_filtered(libc, machine, kept):
        unkept += ["the network", "other programs"]
    return unkept


def _limited(kept: Kept) -> bool:
    if sys.platform == "win32":  # has no such limits
        return False
    import resource

    limits = {
        "RLIMIT_CPU": kept.seconds, "RLIMIT_FSIZE": _LARGEST_FILE if kept.folder else 0, "RLIMIT_CORE": 0,
        "RLIMIT_NOFILE": _OPEN_FILES,
    }  # fmt: skip
    if not kept.threads:  # which count as processes
        limits["RLIMIT_NPROC"] = 0
    if sys.platform == "linux":  # elsewhere address space cannot be limited
        limits["RLIMIT_DATA" if kept.threads else "RLIMIT_AS"] = MEMORY_BYTES
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


def _reads_its_own_alone(libc: ctypes.CDLL, folder: Path | None) -> bool:
    """Landlock: files of the interpreter and its packages may be read, nothing else, and only a folder written."""
    handled = ctypes.create_string_buffer(struct.pack("=Q", _EVERYTHING))
    rules = libc.syscall(_CREATE_RULES, handled, ctypes.c_size_t(8), 0)
    if rules < 0:
        return False
    for place in {*_SYSTEM, sys.prefix, sys.base_prefix, *filter(None, sys.path)}:
        with suppress(OSError):  # not on this system
            _may(libc, rules, Path(place), _READ_FILES)
    if folder is not None:
        _may(libc, rules, folder, _EVERYTHING)
    restricted: int = libc.syscall(_RESTRICT, rules, 0)
    os.close(rules)
    return restricted == 0


def _may(libc: ctypes.CDLL, rules: int, place: Path, what: int) -> None:
    handle = os.open(place, os.O_PATH | os.O_CLOEXEC)  # type: ignore[attr-defined, unused-ignore] # on Linux
    try:
        access = what if place.is_dir() else _READ_FILE
        rule = ctypes.create_string_buffer(struct.pack("=Qi", access, handle))
        libc.syscall(_ADD_RULE, rules, _OF_A_PATH, rule, 0)
    finally:
        os.close(handle)


def _calls_filtered(libc: ctypes.CDLL, machine: Machine, kept: Kept) -> bool:
    """A filter of system calls, as a program of the kernel's packet filter."""
    steps = [
        _step(_LOAD, _MACHINE_AT), _step(_EQUAL, machine.architecture, 1), _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER_AT), _step(_AT_LEAST, _FOREIGN, 0, 1), _step(_RETURN, _KILL),
    ]  # fmt: skip
    if kept.threads:
        steps += _own_threads(machine)
    if kept.folder is not None:
        steps += _changes_of_files(machine)
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


def _own_threads(machine: Machine) -> list[bytes]:
    return [
        # Asked for in a structure that no filter can look into; the C library then does it the older way.
        _step(_EQUAL, machine.clone3, 0, 1), _step(_RETURN, _UNKNOWN),
        _step(_EQUAL, machine.clone, 0, 4), _step(_LOAD, _FIRST_ARGUMENT_AT),
        _step(_HAS_BIT, _OF_THIS_PROCESS, 0, 1), _step(_RETURN, _ALLOW), _step(_RETURN, _REFUSE),
    ]  # fmt: skip


def _changes_of_files(machine: Machine) -> list[bytes]:
    """Lets through what Landlock keeps to the folder, and times of files that are open."""
    steps = []
    for number in machine.in_folder:
        steps += [_step(_EQUAL, number, 0, 1), _step(_RETURN, _ALLOW)]
    return [
        *steps, _step(_EQUAL, machine.set_times, 0, 6), _step(_LOAD, _SECOND_ARGUMENT_AT), _step(_EQUAL, 0, 0, 2),
        _step(_LOAD, _SECOND_ARGUMENT_AT + 4), _step(_EQUAL, 0, 1), _step(_RETURN, _REFUSE), _step(_RETURN, _ALLOW),
    ]  # fmt: skip


def _step(code: int, value: int, if_so: int = 0, if_not: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_so, if_not, value)
