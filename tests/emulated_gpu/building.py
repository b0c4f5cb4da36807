"""Builds the emulated GPU and says what has the tests use it: ``python -m tests.emulated_gpu.building FOLDER``.

It is built with the packages of the Python that runs this, and prints the environment for the tests as JSON.
"""

from __future__ import annotations

import hashlib
import json
import shlex
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from tests.emulated_gpu.ptx import translate

HERE = Path(__file__).parent
REPOSITORY = HERE.parent.parent

_OPTIONS = ("-std=gnu11", "-O2", "-g", "-fPIC", "-shared", "-Wall", "-Wextra")


def _folder(package: str) -> Path:
    spec = find_spec(package)
    if not spec or not spec.submodule_search_locations:
        raise SystemExit(f"{package} is not installed: the emulated GPU needs the extra 'cuda' of pyproject.toml.")
    return Path(next(iter(spec.submodule_search_locations)))


def _fingerprint() -> str:
    """Of everything that what is built, or is translated by it, depends on."""
    digest = hashlib.sha256(f"{REPOSITORY} {sys.executable}".encode())
    for path in sorted([*HERE.glob("*/*.py"), *HERE.glob("*/*.[ch]"), Path(__file__)]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _compile(sources: list[Path], library: Path, *options: str) -> None:
    command = [translate.COMPILER, *_OPTIONS, *map(str, sources), *options]
    subprocess.run([*command, "-o", str(library), f"-Wl,-soname,{library.name}", "-lpthread", "-ldl"], check=True)


def _build(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    translate.runtime(folder / "libkernels.so")
    driver = HERE / "driver"
    include = f"-I{_folder('nvidia.cuda_runtime') / 'include'}"
    linker, management = driver / "nvjitlink.c", driver / "nvml.c"
    parts = sorted(set(driver.glob("*.c")) - {linker, management})
    _compile(parts, folder / "libcuda.so.1", include, "-fvisibility=hidden")
    _compile([management], folder / "libnvidia-ml.so.1")
    _compile([linker, driver / "cubin.c"], folder / "libnvJitLink.so.12", include)
    translator = folder / "translator"
    # Without what Lanescope's own processes are given: the compiler has no use for a GPU.
    translator.write_text(
        "#!/bin/sh\nunset LD_LIBRARY_PATH LD_PRELOAD\n"
        f"cd {shlex.quote(str(REPOSITORY))} && exec {shlex.quote(sys.executable)} -m {translate.__name__}"
        f' {shlex.quote(str(folder / "libkernels.so"))} "$@"\n',
        encoding="utf-8",
    )
    translator.chmod(0o755)


def environment(folder: Path) -> dict[str, str]:
    """What has a process find the emulated driver, in ``folder``, instead of a real one."""
    linkers = sorted((_folder("nvidia.nvjitlink") / "lib").glob("libnvJitLink.so.12"))
    if not linkers:
        raise SystemExit("nvidia-nvjitlink-cu12 lacks its library. Remove the virtual environment and try again.")
    return {
        "EMU_CACHE": str(folder),
        "EMU_CHECK": "1",
        "EMU_NVJITLINK": str(linkers[0]),
        "EMU_RUNTIME": str(folder / "libkernels.so"),
        "EMU_TRANSLATOR": str(folder / "translator"),
        "LANESCOPE_KERNEL_CACHE": str(folder / "kernels"),  # no place that a real GPU would take code from
        "LANESCOPE_TEST_GPU": "1",
        "LD_LIBRARY_PATH": str(folder),
        # cuda.bindings takes one that is loaded already. Found in that folder: a path would end at a space.
        "LD_PRELOAD": "libnvJitLink.so.12",
    }


def main(cache: str) -> None:
    """Build what is not there yet."""
    folder = Path(cache).absolute() / _fingerprint()
    ready = folder / "ready"
    if not ready.exists():
        _build(folder)
        ready.touch()
    json.dump(environment(folder), sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
