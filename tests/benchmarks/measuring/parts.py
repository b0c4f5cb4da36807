"""Programs run one after another, each with a limit of time, and a fragment of Markdown that tells of them."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_MOST = 6_000
"""Characters of what a part said that are kept of each of its streams, from the end."""

_DYING = 5.0


@dataclass(frozen=True, slots=True)
class Part:
    """A program.

    Attributes:
        name: for people, and of the file that it may write figures to.
        command: to run.
        limit: seconds that it may take.
    """

    name: str
    command: tuple[str, ...]
    limit: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a part.

    Attributes:
        part: which.
        status: its exit status; ``None``: it was not begun, or was ended at its limit.
        output: what it printed.
        errors: what it printed as errors, tracebacks among them, or why it was not begun.
        seconds: that it took.
    """

    part: Part
    status: int | None
    output: str
    errors: str
    seconds: float

    @property
    def verdict(self) -> str:
        """In a word or two."""
        if self.status is None:
            return "timed out" if self.seconds else "not begun"
        return f"failed ({self.status})" if self.status else "passed"

    def tail(self) -> str:
        """The end of all that it said."""
        return "\n".join(filter(None, (self.output[-_MOST:].strip(), self.errors[-_MOST:].strip())))


def run(part: Part, folder: Path, settings: Mapping[str, str], seconds: float) -> Outcome:
    """Runs a part in a folder, and ends it with all its children when its time is over; raises nothing."""
    if seconds < 1:
        return Outcome(part, None, "", "There was no time left.", 0.0)
    began = time.monotonic()
    # Files, not pipes: what a program has said is there also when it, or a child that outlives it, is killed.
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as wrong:
        status: int | None = None
        note = ""
        try:
            child = subprocess.Popen(
                part.command, stdout=said, stderr=wrong, cwd=folder, env=dict(settings), start_new_session=True
            )
        except OSError as error:
            status, note = 127, f"{error}\n"
        else:
            try:
                status = child.wait(seconds)
            except subprocess.TimeoutExpired:
                note = f"\nEnded after {seconds:.0f} seconds."
                _end(child)
        texts = []
        for file in (said, wrong):
            file.seek(0)
            texts.append(file.read().decode(errors="replace"))
    return Outcome(part, status, texts[0], texts[1] + note, max(time.monotonic() - began, 0.001))


def begun(command: Sequence[str], folder: Path, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """A program that goes on beside others, and of which nothing is told; for `awaited`."""
    nothing = subprocess.DEVNULL
    return subprocess.Popen(
        command, stdout=nothing, stderr=nothing, cwd=folder, env=dict(settings), start_new_session=True
    )


def awaited(child: subprocess.Popen[bytes], seconds: float) -> None:
    """Returns when such a program has ended, or ends it when its time is over."""
    try:
        child.wait(max(seconds, 0))
    except subprocess.TimeoutExpired:
        _end(child)


def digest(folder: Path) -> str:
    """All figures in few lines, for whoever sees only the end of what is printed."""
    lines: list[str] = []
    for path in sorted(folder.glob("*.json")):
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            continue
        lines += [f"{path.stem}, {name}: {_brief(figures)}" for name, figures in found.items()]
    return "\n".join(lines)


def _brief(figures: object) -> str:
    if not isinstance(figures, dict):
        return _number(figures).replace("\n", "; ")
    return ", ".join(
        f"{name} ({_brief(each)})" if isinstance(each, dict) else f"{name} {_number(each)}"
        for name, each in figures.items()
    )


def _end(child: subprocess.Popen[bytes]) -> None:
    if os.name == "posix":
        os.killpg(child.pid, signal.SIGKILL)
    else:
        child.kill()
    with suppress(subprocess.TimeoutExpired):  # one that hangs in a driver does not even die
        child.wait(_DYING)


def file_name(name: str) -> str:
    """A device's name as part of a file's."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "unknown"


def write(path: Path, device: str, outcomes: Sequence[Outcome], folder: Path) -> None:
    """Writes the fragment anew.

    Args:
        path: of the fragment.
        device: the GPU's name.
        outcomes: of all parts so far; the first tells what the device is.
        folder: where parts have left their figures, as JSON files by their names.
    """
    path.write_text("\n".join(_lines(device, outcomes, folder)) + "\n", encoding="utf-8")


def _lines(device: str, outcomes: Sequence[Outcome], folder: Path) -> Iterator[str]:
    yield f"## {device}"
    yield ""
    yield f"Run on {dt.datetime.now(dt.UTC):%Y-%m-%d}, Python {platform.python_version()}."
    yield ""
    yield "| part | outcome | seconds |"
    yield "|---|---|---:|"
    for each in outcomes:
        yield f"| {each.part.name} | {each.verdict} | {each.seconds:.1f} |"
    for each in outcomes:
        yield ""
        yield f"### {each.part.name}"
        yield ""
        figures = folder / f"{each.part.name}.json"
        if figures.exists():
            yield from _tables(figures)
        yield from _fenced(each.output)
        if each.status != 0:
            yield from _fenced(each.errors)


def _fenced(text: str) -> Iterator[str]:
    if text.strip():
        yield "```text"
        yield text[-_MOST:].strip("\n").replace("```", "'''")
        yield "```"
        yield ""


def _tables(path: Path) -> Iterator[str]:
    """Figures as tables: a number a row, or, where there are many of a kind, one of these a row."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        yield f"`{path.name}` cannot be read: {error}"
        return
    for name, figures in found.items():
        if not isinstance(figures, dict):
            continue
        plain = {key: value for key, value in figures.items() if not isinstance(value, dict)}
        yield from (f"{name}:", "", "| what | figure |", "|---|---:|")
        yield from (f"| {key} | {_number(value)} |" for key, value in plain.items())
        yield ""
        for kind, rows in figures.items():
            if isinstance(rows, dict) and rows:
                columns = list(next(iter(rows.values())))
                yield f"| {kind} | {' | '.join(columns)} |"
                yield "|---|" + "---:|" * len(columns)
                for row, values in rows.items():
                    yield f"| {row} | {' | '.join(_number(values[column]) for column in columns)} |"
                yield ""


def _number(value: object) -> str:
    return f"{value:,.4g}" if isinstance(value, float) else str(value)
