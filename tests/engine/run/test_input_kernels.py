"""Kernels that only some inputs need are made ready before the first batch, and pass for preparing, not for work."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

import pytest

from engine.flow.backpressure import Block, Drop
from engine.run.input_kernels import input_modules
from engine.run.run import Run
from engine.run.state import RunState
from engine.run.warmup import warm_up_modules
from engine.source.inputs import open_source
from kernels import jit

MakeRun = Callable[..., Run]

TEXTS = {
    "kernels.source.colours": b"@a\nT0123\n+\nIIII\n",
    "kernels.source.sam": b"@HD\tVN:1.6\na\t4\t*\t0\t0\t*\t*\t0\t0\tACGT\tIIII\n",
    "": b"@a\nACGT\n+\nIIII\n",
}


@pytest.mark.parametrize("module", list(TEXTS))
def test_they_are_ready_when_work_begins(
    module: str, tmp_path: Path, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = frozenset({module} if module else ())
    path = tmp_path / "reads"
    path.write_bytes(TEXTS[module])
    source = open_source(path)
    source.close()
    assert input_modules(source.kind, Block()) == wanted
    assert input_modules(source.kind, Drop()) == wanted | {"kernels.collectors.sample_totals"}
    made_ready = []

    def note(modules: Collection[str], *, is_wanted: Callable[[], bool]) -> None:
        warm_up_modules(modules, is_wanted=is_wanted)
        made_ready.append(modules)

    monkeypatch.setattr("engine.run.run.warm_up_modules", note)
    run = make_run(path)
    end = run.execute()
    assert (end.state, end.results.basic.reads) == (RunState.COMPLETED, 1)
    assert made_ready == [wanted]
    if module and jit.COMPILES:
        kernels = [kernel for kernel in jit.registered() if kernel.module == module]
        assert kernels
        # Called with other types than it was made ready for, it would have been compiled again.
        assert all(len(kernel.dispatcher.signatures) == 1 for kernel in kernels)


def test_alignments_in_bam() -> None:
    assert input_modules("bam", Block()) == {"kernels.source.bam"}
