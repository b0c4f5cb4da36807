"""What a shown window costs a run, and how soon its event loop answers meanwhile.

Starts itself again for each of the two, on a screen of its own: with the window of the application, shown, and
without. Both repeat the same gzip file.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import statistics
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.benchmarks.measuring import reads, report
from tests.benchmarks.measuring.screen import NoScreen, screen

_ROUNDS = 5
_COPIES = 4
_P99, _WORST, _LOSS = 16.0, 50.0, 5.0


def main() -> None:
    """Measure and print; with ``--shown`` or ``--hidden``, be what is measured."""
    parser = reads.parser(__doc__)
    parser.add_argument("--shown", type=Path, help="run this file in a shown window")
    parser.add_argument("--hidden", type=Path, help="run this file without a window")
    arguments = parser.parse_args()
    if arguments.shown or arguments.hidden:
        print(json.dumps(_in_a_window(arguments.shown) if arguments.shown else _without(arguments.hidden)))
        return
    inputs = reads.provide(arguments.data)
    report.print_machine()
    with tempfile.TemporaryDirectory(prefix="lanescope-bench-") as folder:
        many = Path(folder) / "many.fastq.gz"
        many.write_bytes(inputs.gzip.read_bytes() * _COPIES)
        try:
            with screen() as environment:
                _compare(many, environment | {"LANESCOPE_HOME": folder})
        except NoScreen:
            print("Needs Xvfb: sudo apt-get install xvfb")


def _compare(path: Path, environment: dict[str, str]) -> None:
    shown: list[dict[str, float]] = []
    hidden: list[dict[str, float]] = []
    for _ in range(_ROUNDS):
        shown.append(_child("--shown", path, environment))
        hidden.append(_child("--hidden", path, environment))
    with_window = statistics.median(each["seconds"] for each in shown)
    without = statistics.median(each["seconds"] for each in hidden)
    p99 = statistics.median(each["p99"] for each in shown)
    worst = sorted(each["worst"] for each in shown)
    report.print_figures(
        [
            report.Figure("seconds with and without a window", f"{with_window:.2f} and {without:.2f}"),
            report.at_most("throughput lost", 100 * (1 - without / with_window), _LOSS, "%"),
            report.at_most("event loop, 99th percentile", p99, _P99, "ms"),
            report.at_most("event loop, worst of the median round", worst[_ROUNDS // 2], _WORST, "ms"),
            report.at_most("event loop, worst of all rounds", worst[-1], _WORST, "ms"),
        ]
    )


def _child(option: str, path: Path, environment: dict[str, str]) -> dict[str, float]:
    command = [sys.executable, __file__, option, str(path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _without(path: Path) -> dict[str, float]:
    from tests.benchmarks.measuring.runs import bench

    with bench() as engine:
        engine.run(path, workers=2)  # the first meets cold caches
        return {"seconds": engine.run(path, workers=2, polite=True).elapsed}


def _in_a_window(path: Path) -> dict[str, float]:
    import qasync

    from engine.home import find_home
    from gui.application import assemble, make_application

    loop = qasync.QEventLoop(make_application())
    asyncio.set_event_loop(loop)
    with ThreadPoolExecutor(max_workers=2) as executor, loop:
        loop.set_default_executor(executor)
        assembly = assemble(find_home(), executor)
        figures: dict[str, float] = loop.run_until_complete(_measure(assembly, path))
        # The figures are taken: taking the window down is not what is measured.
        print(json.dumps(figures), flush=True)
        os._exit(0)


async def _measure(assembly: object, path: Path) -> dict[str, float]:
    from gui.application import Assembly
    from tests.gui.heartbeat import Heartbeat

    assert isinstance(assembly, Assembly)
    session, run_view = assembly.session, assembly.window.runs.run
    assembly.conductor.start(())
    assembly.window.resize(1440, 900)
    while session.engine.current is None or not session.engine.is_warm or not run_view.plots.is_built:
        await asyncio.sleep(0.1)
    queue = session.engine.current
    gc.collect()
    gc.freeze()  # as the application does once it is warm
    heartbeat = Heartbeat()
    for _ in range(2):  # the first meets cold caches
        known = len(queue.snapshots())
        await session.entering.open([path])
        while len(queue.snapshots()) == known:
            await asyncio.sleep(0.01)
        assembly.window.go_to("runs")
        heartbeat.start()
        while queue.busy:
            await asyncio.sleep(0.02)
        heartbeat.stop()
    late = sorted(1000 * delay for delay in heartbeat.delays)
    return {"seconds": queue.snapshots()[-1].elapsed, "p99": late[len(late) * 99 // 100], "worst": late[-1]}


if __name__ == "__main__":
    main()
