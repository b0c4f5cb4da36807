"""One command tells all of a GPU, whatever fails meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks import gpu
from tests.benchmarks.measuring import parts
from tests.benchmarks.measuring.gpu import NOT_HERE
from tests.benchmarks.measuring.parts import Outcome, Part

REPOSITORY = Path(gpu.__file__).parent.parent.parent


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
    assert text.startswith("## NVIDIA H100\n")
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
    monkeypatch.setattr(gpu, "_parts", lambda _sizes, _out: iter(todo))
    assert gpu.main(["--check", "--out", str(tmp_path / "out"), "--only", "bad", "good"]) == 1
    (fragment,) = (tmp_path / "out").glob("gpu-*.md")
    text = fragment.read_text(encoding="utf-8")
    assert "## Numba's simulator" in text
    assert "this is wrong" in text
    assert "| good | passed |" in text
    assert "| other |" not in text
    assert str(fragment) in capsys.readouterr().out


def test_all_parts_are_there() -> None:
    names = [part.name for part in gpu._parts(gpu._Sizes(), Path("out"))]
    assert names == ["comparison", "kernels", "tables", "consumer", "runs", "tests"]


def test_without_a_gpu_it_says_so(tmp_path: Path) -> None:
    child = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.gpu", "--out", str(tmp_path)],
        env={**os.environ, "CUDA_VISIBLE_DEVICES": ""},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert child.returncode == NOT_HERE
    assert child.stderr.startswith("There is no GPU to measure: ")
    assert not list(tmp_path.glob("*.md"))
