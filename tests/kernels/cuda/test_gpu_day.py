"""One command tells all of a GPU, whatever fails meanwhile."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks import gpu
from tests.benchmarks.measuring import parts
from tests.benchmarks.measuring.gpu import NOT_HERE
from tests.benchmarks.measuring.parts import Outcome, Part
from tests.benchmarks.measuring.surroundings import Surroundings, surroundings

REPOSITORY = Path(gpu.__file__).parent.parent.parent
NO_WHEELS = ("--wheels", os.devnull)


def python(name: str, code: str, limit: float = 100) -> Part:
    return Part(name, (sys.executable, "-c", code), limit)


def run(part: Part, seconds: float = 100) -> Outcome:
    return parts.run(part, REPOSITORY, os.environ, seconds)


def test_what_parts_become() -> None:
    passed = run(python("good", "print('well')"))
    assert (passed.verdict, passed.output.strip()) == ("passed", "well")
    failed = run(python("bad", "print('first', flush=True); raise ValueError('this is wrong')"))
    assert failed.verdict == "failed (1)"
    assert failed.output.strip() == "first"
    assert "Traceback" in failed.errors
    assert "this is wrong" in failed.errors
    assert run(Part("none", (str(REPOSITORY / "there is none"),), 1)).verdict == "failed (127)"
    assert run(python("late", ""), 0.5).verdict == "not begun"


def test_a_part_that_hangs_is_ended_with_its_children() -> None:
    code = (
        "import subprocess, sys\n"
        "print('begun', flush=True)\n"
        "subprocess.run([sys.executable, '-c', 'import threading; threading.Event().wait()'])"
    )
    hung = run(python("hung", code), 2)
    assert hung.verdict == "timed out"
    assert "Ended after 2 seconds." in hung.errors


def test_the_fragment_tells_figures_and_failures(tmp_path: Path) -> None:
    figures = {"device": "GPU", "reads": {"text": 5, "upload, GB/s": 12.345678, "kernels": {"bases": {"ms": 0.5}}}}
    (tmp_path / "good.json").write_text(json.dumps(figures), encoding="utf-8")
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    outcomes = [
        Outcome(python("good", ""), 0, "said", "", 1.0),
        Outcome(python("broken", ""), 0, "", "", 1.0),
        Outcome(python("bad", ""), 1, "", "Traceback ```: wrong", 1.0),
        Outcome(python("hung", ""), None, "so far", "Ended after 9 seconds.", 9.0),
    ]
    parts.write(tmp_path / "fragment.md", "NVIDIA H100", outcomes, tmp_path)
    text = (tmp_path / "fragment.md").read_text(encoding="utf-8")
    assert text.startswith("## NVIDIA H100\n\nRun on ")
    for row in (
        "| good | passed | 1.0 |", "| bad | failed (1) | 1.0 |", "| hung | timed out | 9.0 |", "| text | 5 |",
        "| upload, GB/s | 12.35 |", "| bases | 0.5 |", "Traceback ''': wrong", "Ended after 9 seconds.", "so far",
        "`broken.json` cannot be read",
    ):  # fmt: skip
        assert row in text


def test_names_of_devices_name_files() -> None:
    assert parts.file_name("NVIDIA H100 80GB HBM3") == "nvidia-h100-80gb-hbm3"
    assert parts.file_name("///") == "unknown"


def test_one_part_fails_and_the_next_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    todo = [python("bad", "raise ValueError('this is wrong')"), python("good", "print('well')"), python("other", "")]
    monkeypatch.setattr(gpu, "_parts", lambda *_: iter(todo))
    assert gpu.main(["--check", "--out", str(tmp_path / "out"), *NO_WHEELS, "--only", "bad", "good"]) == 1
    (fragment,) = (tmp_path / "out").glob("gpu-*.md")
    text = fragment.read_text(encoding="utf-8")
    assert "## Numba's simulator" in text
    assert "this is wrong" in text
    assert "| good | passed |" in text
    assert "| other |" not in text
    assert str(fragment) in capsys.readouterr().out


def test_no_more_packages_are_unpacked_once_there_is_no_time_to_try_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpacked = []

    def found(*_: object) -> Iterator[Surroundings]:
        for number in range(9):
            unpacked.append(number)
            yield Surroundings(str(number), ())

    monkeypatch.setattr(gpu, "surroundings", found)
    monkeypatch.setattr(gpu, "_toolkits", lambda: [{}])
    monkeypatch.setattr(parts, "run", lambda part, *_: Outcome(part, 1, "said", "wrong", 1.0))
    asked = argparse.Namespace(check=True, wheels=tmp_path)
    outcome, _ = gpu._device(asked, tmp_path, {"PYTHONPATH": ""}, time.monotonic() + 100)
    assert outcome.output == "With 0:\nsaid\nwrong"
    assert unpacked == [0, 1]


def test_a_kernel_that_fails_twice_is_left_out(tmp_path: Path) -> None:
    at = tmp_path / "at"
    code = (
        "import pathlib, sys\n"
        f"if sys.argv[1:] != ['--without', 'slow']: pathlib.Path({str(at)!r}).write_text('slow'); sys.exit(1)"
    )
    outcomes = gpu._attempts(python("kernels", code), os.environ, time.monotonic() + 100, at)
    assert [outcome.verdict for outcome in outcomes] == ["failed (1)", "failed (1)", "passed"]


def wheel(folder: Path, name: str, tags: str, version: str) -> None:
    with zipfile.ZipFile(folder / f"{name}-1.0-{tags}.whl", "w") as archive:
        archive.writestr(f"{name}.py", f"version = {version!r}")
        archive.writestr(f"{name}.pth", f"import {name}")


def test_packages_come_along_as_wheels(tmp_path: Path) -> None:
    wheels, into = tmp_path / "wheels", tmp_path / "into"
    wheels.mkdir()
    wheel(wheels, "not_here", "py3-none-any", "carried")
    wheel(wheels, "not_fit", "cp30-cp30-manylinux1_x86_64", "carried")
    wheel(wheels, "numpy", "py3-none-any", "carried")
    usual, with_numpy = surroundings(wheels, into)
    assert (usual.name, with_numpy.name) == ("the machine's packages", "numpy from wheels")
    for each, expected in ((usual, False), (with_numpy, True)):
        code = "import sys, not_here, importlib.util as u; print('numpy' in sys.modules, bool(u.find_spec('not_fit')))"
        settings = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, each.folders))}
        outcome = parts.run(python("wheels", code), tmp_path, settings, 100)
        assert outcome.output.split() == [str(expected), "False"], outcome.errors


def test_other_tests_that_are_installed_are_passed_over(tmp_path: Path) -> None:
    other = tmp_path / "other" / "tests"
    other.mkdir(parents=True)
    (other / "__init__.py").touch()
    (alone,) = surroundings(tmp_path / "none", tmp_path / "into")
    folders = [*alone.folders, REPOSITORY, other.parent]
    settings = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders))}
    code = (
        "import tests.benchmarks.measuring.parts, tests.conftest, importlib.util as u; print(u.find_spec('tests').name)"
    )
    outcome = parts.run(python("tests", code), tmp_path, settings, 100)
    assert outcome.output.strip() == "tests", outcome.errors
    script = REPOSITORY / "packaging" / "measure_gpu.py"
    helped = parts.run(Part("help", (sys.executable, str(script), "--help"), 100), tmp_path, settings, 100)
    assert "--wheels" in helped.output, helped.errors


def test_all_parts_are_there() -> None:
    names = [part.name for part in gpu._parts(gpu._Sizes(is_tiny=True), Path("out"), Path("folder"))]
    assert names == ["comparison", "kernels", "tables", "consumer", "runs", "tests"]


def test_without_a_gpu_it_says_so(tmp_path: Path) -> None:
    child = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.gpu", "--out", str(tmp_path), *NO_WHEELS],
        env={**os.environ, "CUDA_VISIBLE_DEVICES": ""},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert child.returncode == NOT_HERE
    assert "There is no GPU to measure: " in child.stderr
    assert not list(tmp_path.glob("*.md"))
