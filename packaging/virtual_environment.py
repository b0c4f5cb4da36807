"""Virtual environments: made once, mended when they are not whole. The one in ``.venv`` is made from the lock file.

A stamp, written last, says what an environment was made for; of ``.venv`` the lock file, Python and folder. Where it is
missing or says something else, the environment is made anew; where it fits, nothing else is looked at.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import checkout
from set_up_error import SetUpError

NOT_FOR_PIP = ("PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PIP_ROOT", "PIP_TARGET", "PIP_USER", "PYTHONHOME", "PYTHONPATH")
"""Settings of the environment that would make pip install elsewhere."""

OFFLINE_SIGNS = ("connection broken by", "Could not fetch URL", "Failed to establish", "Failed to resolve", "timed out")
"""What pip says, across its versions, where it cannot reach the package index."""


def provide(repository: Path) -> Path:
    """Make or mend ``.venv`` where needed.

    Returns:
        Its Python.

    Raises:
        SetUpError: it could not be made.
    """
    lock = repository / "packaging" / "requirements.lock"
    ensure(_folder(repository), stamp(repository), ["--require-hashes", "--no-deps", "-r", str(lock)], "300 MB")
    checkout.register(repository)
    return python(repository)


def python(repository: Path) -> Path:
    """The Python of ``.venv``, whether or not it is there."""
    return program(repository, "python")


def program(repository: Path, name: str) -> Path:
    """A program of ``.venv`` by name, whether or not it is there."""
    return _program(_folder(repository), name)


def is_ready(repository: Path) -> bool:
    """Whether ``.venv`` is whole and fits the lock file and the running Python."""
    return _is_made(_folder(repository), stamp(repository))


def stamp(repository: Path) -> str:
    """What ``.venv`` depends on, as one hash: lock file, version of Python, place."""
    lock = (repository / "packaging" / "requirements.lock").read_bytes()
    version = f"{sys.implementation.name} {sys.version_info.major}.{sys.version_info.minor} {sys.platform}"
    return hashlib.sha256(b"\0".join([lock, version.encode(), os.fsencode(repository)])).hexdigest()


def _folder(repository: Path) -> Path:
    return repository / ".venv"


def ensure(folder: Path, wanted: str, packages: list[str], size: str) -> Path:
    """Make or mend an environment where needed; only one process does so at a time.

    Args:
        folder: where it is, in the repository.
        wanted: its stamp.
        packages: what pip is to install: names, or options that say where they stand.
        size: of the download, as a person is told.

    Returns:
        Its Python.

    Raises:
        SetUpError: it could not be made.
    """
    if not _is_made(folder, wanted):
        with _alone(folder):
            if not _is_made(folder, wanted):  # another call may have made it while this one waited
                _make(folder, wanted, packages, size)
    return _program(folder, "python")


def _program(folder: Path, name: str) -> Path:
    return folder / "Scripts" / f"{name}.exe" if sys.platform == "win32" else folder / "bin" / name


def _is_made(folder: Path, wanted: str) -> bool:
    try:
        stamped = _stamp_file(folder).read_text(encoding="utf-8")
    except OSError:
        return False
    return stamped == wanted and _program(folder, "python").exists()


def _stamp_file(folder: Path) -> Path:
    return folder / "lanescope-stamp"


def _make(folder: Path, wanted: str, packages: list[str], size: str) -> None:
    print(f"Setting up {folder.name}; this happens once and downloads about {size}.", flush=True)
    _stamp_file(folder).unlink(missing_ok=True)
    _create(folder)
    _install(folder, packages)
    unfinished = _stamp_file(folder).with_suffix(".part")
    unfinished.write_text(wanted, encoding="utf-8")
    unfinished.replace(_stamp_file(folder))
    print("Set up.\n", flush=True)


def _create(folder: Path) -> None:
    import importlib.util
    import subprocess

    if importlib.util.find_spec("ensurepip") is None:
        import system_packages

        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        system_packages.install([f"python{version}-venv"], "to make a virtual environment")
    # Called with the environment's own Python, the one below it must rebuild the environment.
    base = getattr(sys, "_base_executable", sys.executable)
    made = subprocess.run(
        [base, "-m", "venv", "--clear", str(folder)],
        env=_pip_settings(),
        capture_output=True,
        text=True,
        check=False,
        close_fds=False,
    )
    if made.returncode:
        raise SetUpError(f"The virtual environment could not be made in {folder}:\n{made.stdout}{made.stderr}".rstrip())


def _install(folder: Path, packages: list[str]) -> None:
    import subprocess

    command = [
        str(_program(folder, "python")), "-m", "pip", "install", "--disable-pip-version-check", "--no-input",
        "--only-binary", ":all:", *packages,
    ]  # fmt: skip
    said: list[str] = []
    with subprocess.Popen(
        command, env=_pip_settings(), stderr=subprocess.PIPE, text=True, errors="replace", close_fds=False
    ) as pip:
        for line in pip.stderr or ():
            said.append(line)
            print(line, end="", file=sys.stderr, flush=True)
    if pip.returncode:
        raise SetUpError(explain_pip("".join(said)))


def explain_pip(said: str) -> str:
    """Why pip failed, in words for a person, from what it said."""
    if any(sign in said for sign in OFFLINE_SIGNS):
        return (
            "pip could not reach the package index. Check the network (behind a proxy, set HTTPS_PROXY),"
            " then give the same command again. Once set up, Lanescope needs no network."
        )
    if "No matching distribution" in said:
        version = f"Python {sys.version_info.major}.{sys.version_info.minor}"
        return (
            f"A package that Lanescope needs is not offered for {version} on this system; pip names it above."
            " Give the same command with another Python from 3.11 on."
        )
    if "No space left" in said:
        return "The disk is full: Lanescope's packages need about 1.2 GB. Make room, then give the same command again."
    return "pip could not install what Lanescope needs; its own words are above. Give the same command again."


def _pip_settings() -> dict[str, str]:
    """The environment for pip, without what would make it install elsewhere."""
    return {name: value for name, value in os.environ.items() if name not in NOT_FOR_PIP}


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the lock file of an environment; wait for whoever holds it. The system frees it when its holder ends."""
    path = folder.parent / ".cache" / f"set-up{folder.name}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        if not _try_lock(file.fileno()):
            print(f"Another command is setting up {folder.name}; waiting for it.", flush=True)
            _lock(file.fileno())
        # Children hold it as well: a pip that outlives this process must end before anyone starts anew.
        os.set_inheritable(file.fileno(), True)
        yield


if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _lock(descriptor: int) -> None:
        import time

        while not _try_lock(descriptor):
            time.sleep(0.2)

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
