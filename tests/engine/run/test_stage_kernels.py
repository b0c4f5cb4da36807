"""Kernels of a pipeline are known before its first batch, and made ready."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from engine.pipeline.definition import PipelineDefinition
from engine.pipeline.plan import resolve
from engine.run.stage_kernels import kernel_modules
from engine.run.warmup import WarmUpUnwanted, warm_up_modules
from kernels import jit


def modules_of(*stages: str) -> frozenset[str]:
    inner = [{"name": name, "stage": name} for name in stages]
    outer = [{"name": "outer", "type": "composite", "stages": inner}]
    return kernel_modules(resolve(PipelineDefinition.model_validate({"name": "tried", "stages": outer})))


def test_only_those_of_its_stages() -> None:
    assert "kernels.stages.trim_mask" in modules_of("mask")
    assert "kernels.stages.align" not in modules_of("mask")
    assert {"kernels.stages.hashes", "kernels.stages.trim_mask"} <= modules_of("deduplicate", "mask")


def test_those_that_carry_reads_into_plugins() -> None:
    stage = {"name": "plugged", "type": "wasm", "udf_name": "gc-window"}
    definition = PipelineDefinition.model_validate({"name": "tried", "stages": [stage]})
    assert {"kernels.wasm.flags", "kernels.wasm.spans"} <= kernel_modules(resolve(definition))


def test_they_are_made_ready_unless_nobody_wants_them() -> None:
    if not jit.COMPILES:  # there is nothing to make ready
        return
    with pytest.raises(WarmUpUnwanted):
        warm_up_modules({"kernels.stages.trim_mask"}, is_wanted=lambda: False)
    warm_up_modules({"kernels.stages.trim_mask"})
    from kernels.stages.trim_mask import mask_low_qualities

    assert mask_low_qualities.signatures  # type: ignore[attr-defined] # a dispatcher of Numba's


_KINDS = (
    "adapters",
    "overlap_adapters",
    "quality",
    "windows",
    "poly_a",
    "length",
    "complexity",
    "umi",
    "rename",
    "mask",
)

_SET = {
    "adapters": ", parameters = { known = true, adapters = ['ACGT...TTGA'], revcomp = true, rename = '{id} {rc}' }",
    "adapters-turned": ", parameters = { adapters = ['ACGT'], second = ['TTGA'], revcomp = true }",
}
MATES = [
    Path(__file__).resolve().parents[3] / "resources" / "samples" / f"illumina_pair_{mate}.fastq.gz" for mate in (1, 2)
]

_RUN = """
import json, sys
from engine.cli.main import main
from kernels import jit
assert main(json.loads(sys.argv[1])) == 0
several = [kernel.dispatcher.py_func.__name__ for kernel in jit.registered()
           if kernel.module in json.loads(sys.argv[2]) and len(kernel.dispatcher.signatures) > 1]
sys.exit(", ".join(several) or 0)
"""


def test_none_is_compiled_while_a_run_goes(tmp_path: Path) -> None:
    """Which happens where a kernel is called with other types than it is prepared for, and holds everything up."""
    pipeline = tmp_path / "all.toml"
    stages = [f'{{ name = "{kind.replace("_", "-")}", stage = "{kind}"{_SET.get(kind, "")} }}' for kind in _KINDS]
    stages.append(f'{{ name = "turned", stage = "adapters"{_SET["adapters-turned"]} }}')
    pipeline.write_text(f'name = "all"\nstages = [{", ".join(stages)}]\n', "utf-8")
    command = ["run", "--no-save", "--pipeline", str(pipeline), *map(str, MATES)]
    outputs = ["-o", str(tmp_path / "1.fastq"), "--out2", str(tmp_path / "2.fastq")]
    modules = sorted(modules_of(*_KINDS) - {"kernels.source.mates"})
    done = subprocess.run(
        [sys.executable, "-c", _RUN, json.dumps([*command, *outputs]), json.dumps(modules)],
        check=False, capture_output=True, text=True,
    )  # fmt: skip

    assert not done.stderr
    assert done.returncode == 0
