#!/usr/bin/env python3
"""Set Lanescope up, run it, test it. Needs Python 3.11 or newer and nothing else.

usage: python3 packaging/dev.py COMMAND

  run [ARGUMENT...]    start the application; without a screen, run the sample reads in the terminal
  test [ARGUMENT...]   check style, types and layers, then run the tests; arguments go to pytest
       --emulated-gpu  run the tests of the GPU alone, on one that is emulated (Linux, with a C compiler)
  bench [NAME...]      run the benchmarks, all or those named
  lock [--upgrade]     pin what pyproject.toml asks for anew, in packaging/requirements.lock

The first command sets up a virtual environment in .venv; later ones start at once.
"""

from __future__ import annotations

import sys

# This file alone must be readable for older versions of Python; what it imports need not.
if sys.version_info < (3, 11):  # noqa: UP036 - whoever has an older Python is told so in words
    sys.exit("Lanescope needs Python 3.11 or newer; this is Python {}.{}.".format(*sys.version_info[:2]))

import os
from collections.abc import Callable
from pathlib import Path

import launch
import system_packages
import virtual_environment
from set_up_error import SetUpError

REPOSITORY = Path(__file__).resolve().parent.parent

EMULATED_GPU = "--emulated-gpu"


def run(arguments: list[str]) -> int:
    """Start the application; without a screen, do its main job on the sample reads."""
    python = virtual_environment.provide(REPOSITORY)
    if arguments and not launch.opens_window(arguments):
        return launch.hand_over(launch.application(python, arguments))
    if launch.has_display(os.environ, sys.platform):
        system_packages.provide_libraries(launch.libraries(os.environ, sys.platform), "to open a window")
        return launch.hand_over(launch.application(python, arguments))
    print("There is no screen (neither DISPLAY nor WAYLAND_DISPLAY is set), so Lanescope runs in this terminal.")
    return launch.hand_over(launch.without_window(python, REPOSITORY, arguments))


def test(arguments: list[str]) -> int:
    """Run all checks and the tests."""
    import checks
    import emulated_gpu

    if EMULATED_GPU in arguments:
        return emulated_gpu.run(REPOSITORY, [each for each in arguments if each != EMULATED_GPU])

    python = virtual_environment.provide(REPOSITORY)
    system_packages.provide_libraries(system_packages.QT, "to draw windows off screen")
    return checks.run_all(checks.steps(python, arguments), REPOSITORY)


def bench(names: list[str]) -> int:
    """Run the benchmarks, which compare Lanescope with the tools that people use today."""
    import benchmarks
    import emulated_gpu

    scripts = benchmarks.select(REPOSITORY / "tests" / "benchmarks", names)
    with_gpu = benchmarks.measure_gpu(scripts)  # the lock file has nothing for GPUs
    python = (emulated_gpu if with_gpu else virtual_environment).provide(REPOSITORY)
    system_packages.provide_libraries(system_packages.QT, "to draw windows off screen")
    benchmarks.provide_tools()
    return benchmarks.run_all(python, scripts, REPOSITORY)


def lock(arguments: list[str]) -> int:
    """Pin the dependencies anew."""
    import requirements

    requirements.pin(REPOSITORY, upgrade="--upgrade" in arguments)
    return 0


COMMANDS: dict[str, Callable[[list[str]], int]] = {"run": run, "test": test, "bench": bench, "lock": lock}


def main(arguments: list[str]) -> int:
    """Do what the first argument says; the rest belongs to it. Returns the exit status."""
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print((__doc__ or "").strip())
        return 0 if arguments else 2
    command = COMMANDS.get(arguments[0])
    if command is None:
        print(f"There is no command {arguments[0]!r}; try one of {', '.join(COMMANDS)}.", file=sys.stderr)
        return 2
    try:
        return command(arguments[1:])
    except SetUpError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
