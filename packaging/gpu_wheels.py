"""Gather what the benchmarks for a GPU need on a machine without network: wheels in .gpu-wheels, some 40 MB.

usage: python3 packaging/gpu_wheels.py [PYTHON [CUDA]]

  PYTHON  the version there; default: 3.12
  CUDA    that its driver knows; default: 13.0

Of the packages in ``STEPS`` of tests/benchmarks/measuring/surroundings.py the machine's own are taken where they go
together. NVIDIA's compilers have to be there. The wheels are packed anew and tighter than pip reads them;
``python3 packaging/measure_gpu.py`` does.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent

PINNED = (
    "annotated-types", "backports-zstd", "ddsketch", "hypothesis", "iniconfig", "isal", "numba", "packaging",
    "platformdirs", "pluggy", "psutil", "pydantic", "pydantic-core", "pygments", "pytest", "six", "sortedcontainers",
    "typing-extensions", "typing-inspection", "wasmtime",
)  # fmt: skip
"""What the benchmarks and the tests of kernels import, in the versions of the lock file."""

NEWEST = ("cuda-core", "cuda-pathfinder", "numba-cuda", "numpy<2.5")

GLIBC = (17, 24, 27, 28)


def main(arguments: list[str]) -> int:
    """Fetch and pack. Returns the exit status."""
    python, cuda, *_ = [*arguments, *("3.12", "13.0")[len(arguments) :]]
    target = REPOSITORY / ".gpu-wheels"
    target.mkdir(exist_ok=True)
    for old in target.glob("*.whl"):
        old.unlink()
    wanted = [*pinned((REPOSITORY / "packaging" / "requirements.lock").read_text(encoding="utf-8")), *NEWEST]
    with tempfile.TemporaryDirectory(prefix="lanescope-wheels-") as folder:
        platforms = [f"--platform=manylinux_2_{each}_x86_64" for each in GLIBC]
        command = [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"),
            *(f"--python-version={python}", "--implementation=cp", *platforms, "--platform=manylinux2014_x86_64"),
            *("--platform=manylinux1_x86_64", f"--dest={folder}", *wanted, f"cuda-bindings=={cuda}.*"),
        ]
        if subprocess.run(command, check=False).returncode:
            return 1
        size = sum(packed(wheel, target) for wheel in sorted(Path(folder).glob("*.whl")))
    print(f"{size / 1e6:.0f} MB in {target}")
    return 0


def pinned(lock: str) -> list[str]:
    """What of `PINNED` the lock file asks for, each in its one version."""
    found = dict(re.findall(r"^([a-z0-9-]+)==([^ \\;]+)", lock, re.MULTILINE))
    return [f"{name}=={found[name]}" for name in PINNED]


def packed(wheel: Path, target: Path) -> int:
    """Packs a wheel anew. Returns its bytes."""
    path = target / wheel.name
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as new:
        for each in old.infolist():
            if not each.is_dir():
                new.writestr(each.filename, old.read(each), zipfile.ZIP_LZMA)
    return path.stat().st_size


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
