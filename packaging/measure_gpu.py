"""Measure a GPU with any Python 3.11 or newer.

usage: python3 packaging/measure_gpu.py [--out FOLDER] [ARGUMENT...]

Does what ``python3 -m tests.benchmarks.gpu`` does, also where some package has brought another ``tests`` along.
"""

from __future__ import annotations

import importlib
import sys
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> int:
    """Measure. Returns the exit status."""
    sys.path.insert(0, str(REPOSITORY))
    spec = ModuleSpec("tests", None, is_package=True)
    spec.submodule_search_locations = [str(REPOSITORY / "tests")]
    sys.modules["tests"] = module_from_spec(spec)
    return int(importlib.import_module("tests.benchmarks.gpu").main(arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
