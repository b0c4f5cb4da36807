"""What ``lanescope run`` tells: failures when they happen, then the numbers of each run, then what there was in all."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import textwrap
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from engine.cli.console import FAILED, printable
from engine.cli.progress import TerminalProgress
from engine.collectors.profiles import Profile
from engine.collectors.results import QcResults
from engine.collectors.verdicts import Status, Verdict, verdicts
from engine.errors import InputError
from engine.report.fastqc_modules import TITLES
from engine.report.text import summary
from engine.run.queue import RunQueue
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.store.store import Store

_WIDTH = 96
_MOST = 20


class Troubles:
    """Tells on the error stream what goes wrong, each once, as soon as it is known.

    Attributes:
        progress: what draws on the same terminal.
        refused: inputs that could not even be begun.
    """

    def __init__(self, progress: TerminalProgress) -> None:
        self.refused: list[InputError] = []
        self.progress = progress
        self._guard = threading.Lock()
        self._told: set[int] = set()

    def refuse(self, errors: Iterable[InputError]) -> None:
        """Inputs are not run; of those with the same trouble, as the files of a sample, one is told at length."""
        alike: defaultdict[str, list[InputError]] = defaultdict(list)
        for error in errors:
            self.refused.append(error)
            alike[str(error).removeprefix(f"{error.path.name}: ")].append(error)
        for first, *others in alike.values():
            more = f" The same holds for {_listed([error.path.name for error in others])}." if others else ""
            self._say(f"{first.title}: {first} {first.hint}".rstrip() + more)

    def watch(self, runs: Sequence[RunSnapshot]) -> None:
        """Tells of runs that have ended, and draws the one that goes."""
        self.look(runs)
        self.progress.show(runs)

    def look(self, runs: Iterable[RunSnapshot]) -> None:
        """Tells of runs that have ended since the last look; of any thread."""
        with self._guard:
            for run in runs:
                # How to go on with those that are left is told at once for all of them.
                is_over = run.state.is_final and run.state is not RunState.INTERRUPTED
                if is_over and run.run_id not in self._told:
                    self._told.add(run.run_id)
                    self._tell(run)

    def _tell(self, run: RunSnapshot) -> None:
        for warning in run.warnings:
            self._say(f"{run.name}: {warning}")
        if run.failure is not None:
            self._say(f"{run.failure.title}: {run.failure.message} {run.failure.hint}")

    def _say(self, words: str) -> None:
        self.progress.clear()
        with contextlib.suppress(OSError):  # nobody reads that any more
            print(printable(words), file=sys.stderr)


def told_at_the_end(queue: RunQueue, store: Store, troubles: Troubles, arguments: argparse.Namespace) -> int:
    """Waits for all runs of a queue, tells of them, and writes the reports that were asked for.

    Returns:
        0 only if every input was read whole.
    """
    queue.wait()
    runs = queue.snapshots()
    troubles.look(runs)
    troubles.progress.clear()
    _tell(runs, troubles.refused, arguments)
    # Told first: whoever has no room for reports still learns the numbers.
    _write(runs, troubles.refused, arguments)
    store.flush()
    return FAILED if troubles.refused or any(run.state is not RunState.COMPLETED for run in runs) else 0


def _tell(runs: Sequence[RunSnapshot], refused: Sequence[InputError], arguments: argparse.Namespace) -> None:
    """Tells on standard output what the runs found; with ``--quiet`` nothing, with ``--json`` as JSON."""
    if arguments.json:
        from engine.report.json_report import run_document

        print(json.dumps([run_document(run) for run in runs], indent=2))
    elif not arguments.quiet:
        told = [_told(run, with_load=arguments.verbose) for run in runs]
        if len(runs) != 1 or refused:
            told.append(_in_all(runs, refused))
        print("\n\n".join(_printable_lines(text) for text in told), flush=True)


def _told(run: RunSnapshot, *, with_load: bool) -> str:
    lines = [summary(run, printable(run.name)), *_verdict_lines(run)]
    if with_load:
        from engine.report.load_text import load_text

        lines.append(load_text(run))
    return "\n".join(lines)


def _verdict_lines(run: RunSnapshot) -> list[str]:
    """The modules that warn or fail, of either mate; where a pipeline wrote reads, before and after it."""
    if not run.results.basic.reads:
        return []
    if run.results_after is None:
        return _judged_lines(run.results, run.limits, "")
    before = _judged_lines(run.results, run.limits, " before")
    if not run.results_after.basic.reads:
        return before
    after = _judged_lines(run.results_after, run.limits, " after") or [f"  {'after':<13} nothing fails or warns"]
    return before + after


def _judged_lines(results: QcResults, limits: Profile, when: str) -> list[str]:
    judged = [verdicts(each, limits) for each in (results, results.mate) if each is not None]
    lines = []
    for status in (Status.FAIL, Status.WARN):
        found = [module for module in TITLES if any(_is(status, module, one) for one in judged)]
        if found:
            named = ", ".join(f"{TITLES[module]}{_of_mate(status, module, judged)}" for module in found)
            indent = f"  {f'{status}s{when}':<13} "
            lines.append(textwrap.fill(named, _WIDTH, initial_indent=indent, subsequent_indent=" " * len(indent)))
    return lines


def _is(status: Status, module: str, judged: Mapping[str, Verdict]) -> bool:
    return module in judged and judged[module].status is status


def _of_mate(status: Status, module: str, judged: Sequence[Mapping[str, Verdict]]) -> str:
    """Which of the mates, where it is one of them."""
    which = [side for side, one in enumerate(judged, 1) if _is(status, module, one)]
    return "" if len(which) == len(judged) else f" (R{which[0]})"


def _in_all(runs: Sequence[RunSnapshot], refused: Sequence[InputError]) -> str:
    """How many there were of each state, and which did not go well: the end of a long list is what people see."""
    states = Counter(run.state for run in runs)
    told = ", ".join(f"{count:,} {state}" for state, count in states.items())
    lines = [f"In all: {len(runs):,} {'run' if len(runs) == 1 else 'runs'}{f', {told}' if told else ''}."]
    lines += [f"  {run.state:<13} {run.name}" for run in runs if run.state is not RunState.COMPLETED][:_MOST]
    if refused:
        lines.append(f"  {'not begun':<13} {_listed([error.path.name for error in refused])}")
    return "\n".join(lines)


def _listed(names: Sequence[str]) -> str:
    more = f", and {len(names) - _MOST:,} more" if len(names) > _MOST else ""
    return ", ".join(names[:_MOST]) + more


def _printable_lines(text: str) -> str:
    return "\n".join(printable(line) for line in text.split("\n"))


def _write(runs: Sequence[RunSnapshot], refused: Sequence[InputError], arguments: argparse.Namespace) -> None:
    """Writes the reports that were asked for, if any."""
    out: Path | None = arguments.out
    if out is None:
        return
    from engine.report.bundle import USUAL, Format, write_reports

    formats = {Format(name) for name in arguments.formats or USUAL}
    options = {"scale": arguments.scale, "guess_encoding": arguments.guess_encoding}
    write_reports(runs, out, formats, refused=refused, **options)
    if not (arguments.json or arguments.quiet):
        print(f"\nResults are in {printable(str(out.absolute()))}")
