"""PTX to machine code of this machine: ``python -m tests.emulated_gpu.ptx.translate RUNTIME IN.ptx OUT.so``.

By way of C, of which the compiler makes a shared object. ``RUNTIME`` is what `runtime` builds.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.emulated_gpu.ptx.reading import read
from tests.emulated_gpu.ptx.writing import write

SOURCES = Path(__file__).parent

COMPILER = "gcc"

_OPTIONS = ("-std=gnu11", "-O2", "-fPIC", "-shared")
_AS_PTX_HAS_IT = ("-fno-strict-aliasing", "-fwrapv", "-w")


def runtime(library: Path) -> None:
    """Build what runs threads and blocks, once for all kernels."""
    sources = [str(path) for path in sorted(SOURCES.glob("*.c"))]
    subprocess.run([COMPILER, *_OPTIONS, "-Wall", "-Wextra", *sources, "-o", str(library), "-lpthread"], check=True)


def translate(ptx: str, library: Path, runtime_library: Path) -> None:
    """Make a shared object of the kernels of a module.

    Raises:
        UnknownPtx: it has what is not known.
    """
    source = library.with_name(f"{library.name}.c")
    source.write_text(write(read(ptx)), encoding="utf-8")
    linked = [str(runtime_library), f"-Wl,-rpath,{runtime_library.parent}"]
    options = [*_OPTIONS, *_AS_PTX_HAS_IT, f"-I{SOURCES}"]
    subprocess.run([COMPILER, *options, str(source), "-o", str(library), *linked], check=True)
    source.unlink()


def main(runtime_library: str, ptx: str, library: str) -> None:
    """Translate one file."""
    translate(Path(ptx).read_text(encoding="utf-8"), Path(library), Path(runtime_library))


if __name__ == "__main__":
    main(*sys.argv[1:])
