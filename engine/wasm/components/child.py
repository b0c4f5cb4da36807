"""Having work done in a process without rights, which can be called off."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine.flow.interrupts import OWN_GROUP
from engine.wasm.errors import GuestCancelled, PluginError
from engine.wasm.limits import Watch

_SECONDS = 600
"""Time for one component."""

_POLL = 0.05
"""Seconds between two looks whether it is still wanted."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the work.

    Attributes:
        made: the file that was to be made; ``None`` where it was not.
        unkept: what the system could not keep the process from.
        fault: what is wrong with the plugin's source, in words; empty for nothing.
        error: what else went wrong; empty for nothing.
    """

    made: bytes | None
    unkept: tuple[str, ...]
    fault: str
    error: str


def have_done(
    plugin: str, task: Literal["build", "compile"], files: Mapping[str, bytes], product: str, watch: Watch
) -> Outcome:
    """Does a task of `engine.wasm.components.worker` in a folder that is removed afterwards.

    Args:
        plugin: the name to blame in errors.
        task: which.
        files: what to put into the folder, by path.
        product: the file to fetch.
        watch: ends it early.

    Raises:
        GuestCancelled: it was called off.
        PluginError: it did not end in time.
    """
    with tempfile.TemporaryDirectory(prefix="lanescope-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        for path, content in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        last = _run(plugin, task, folder, watch)
        try:
            answer = json.loads((folder / "answer.json").read_text("utf-8"))
        except (OSError, ValueError):
            answer = {"error": last}
        made = None
        if not answer.get("error") and not answer.get("fault"):
            try:
                made = (folder / product).read_bytes()
            except OSError:
                answer["error"] = last
        return Outcome(
            made, tuple(map(str, answer.get("unkept", ()))), str(answer.get("fault") or ""),
            str(answer.get("error") or ""),
        )  # fmt: skip


def _run(plugin: str, task: str, folder: Path, watch: Watch) -> str:
    """Runs it to its end; the last line of what it complained about."""
    root = Path(__file__).resolve().parents[3]
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    settings = {
        **kept, "PYTHONPATH": os.pathsep.join([str(root), *filter(None, sys.path)]), "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": str(folder), "TEMP": str(folder), "TMP": str(folder), "HOME": str(folder),
        "USERPROFILE": str(folder),  # home on Windows
    }  # fmt: skip
    complaints = folder / "complaints.txt"
    ends = time.monotonic() + _SECONDS
    try:
        with complaints.open("wb") as errors:
            process = subprocess.Popen(  # noqa: S603 - this interpreter, on a module of Lanescope
                [sys.executable, "-m", "engine.wasm.components.worker", task], stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=errors, env=settings, cwd=folder, start_new_session=True,
                creationflags=OWN_GROUP,
            )  # fmt: skip
    except OSError as error:
        raise PluginError(f"{plugin}: the builder of components cannot be started: {error}.", plugin=plugin) from error
    try:
        while process.poll() is None:
            stop_if_due(plugin, watch)
            if time.monotonic() > ends:
                raise _late(plugin)
            try:
                process.wait(_POLL)
            except subprocess.TimeoutExpired:
                continue
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
    lines = complaints.read_text("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else f"it ended with {process.returncode}"


def stop_if_due(plugin: str, watch: Watch) -> None:
    """Ends what is being made when it is called off or takes too long.

    Raises:
        GuestCancelled: it was called off.
        PluginError: its time is up.
    """
    if watch.cancelled:
        raise GuestCancelled("it was called off", plugin=plugin, export="the build", hint="")
    if watch.late:
        raise _late(plugin)


def _late(plugin: str) -> PluginError:
    return PluginError(
        f"{plugin}: building it took too long.", plugin=plugin, hint="Try it again when less else is running."
    )
