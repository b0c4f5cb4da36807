"""What to tell a person who is not looking when long work is over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from gui.models import format as show
from gui.models.run_page import STATE_WORDS, is_followed

LONG = 30.0
"""Seconds of work from which on a person is likely to have gone on to something else."""


class Endings:
    """Gathers the runs of this session that end, until nothing is going any more.

    A run that follows its input goes for as long as a sequencer writes, perhaps for days: it holds up no news of the
    others.
    """

    def __init__(self) -> None:
        self._going: set[int] = set()
        self._following: set[int] = set()
        self._ended: dict[int, RunSnapshot] = {}

    def hear(self, news: Iterable[RunSnapshot]) -> str:
        """Take in newer snapshots.

        Returns:
            What to tell, once all is over that was going, but for runs that follow their input, and it took long; else
            an empty string. A run that was cancelled is no news to who cancelled it.
        """
        for run in news:
            if not run.state.is_final:
                (self._following if is_followed(run) else self._going).add(run.run_id)
            elif run.run_id in self._going | self._following:
                self._going.discard(run.run_id)
                self._following.discard(run.run_id)
                self._ended[run.run_id] = run
        if self._going or not self._ended:
            return ""
        ended = [run for run in self._ended.values() if run.state is not RunState.CANCELLED]
        self._ended = {}
        return told(ended) if sum(run.elapsed for run in ended) >= LONG else ""


def told(ended: list[RunSnapshot]) -> str:
    """How runs that are over came out, in a line."""
    if len(ended) == 1:
        run = ended[0]
        return f"{show.one_line(run.name)}: {STATE_WORDS[run.state]}, {show.plural(run.results.basic.reads, 'read')}"
    states = Counter(run.state for run in ended)
    words = ", ".join(f"{states[state]:,} {STATE_WORDS[state]}" for state in RunState if states[state])
    return f"{show.plural(len(ended), 'run')} are over: {words}"
