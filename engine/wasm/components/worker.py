"""The process that builds or compiles a component in its own folder, without rights to anything else."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path

from engine.wasm.python.rights import Kept, give_up_rights

SECONDS = {"build": 300, "compile": 120}
"""Of processor time; a tenth of it is usual."""

_MARK = "lanescope:"


def main(task: str) -> None:
    """Does one task; leaves what came of it, and ``answer.json`` with ``unkept`` and what went wrong, if anything."""
    folder = Path.cwd()
    kept = Kept(threads=True, folder=folder, seconds=SECONDS[task])
    answer = {"unkept": [], "fault": "", "error": ""} | (_build(kept) if task == "build" else _compile(kept))
    (folder / "answer.json").write_text(json.dumps(answer), "utf-8")


def _build(kept: Kept) -> dict[str, object]:
    import componentize_py

    world = Path("world.txt").read_text("utf-8")
    unkept = give_up_rights(kept)
    sys.argv = [
        "componentize-py", "-q", "-d", "wit", "-w", world, "componentize", "app", "-p", "source", "--stub-wasi",
        "-o", "plugin.wasm",
    ]  # fmt: skip
    try:
        componentize_py.script()
    except SystemExit as error:
        return {"unkept": unkept, "error": f"it ended with {error.code}"} if error.code else {"unkept": unkept}
    except AssertionError as error:
        return {"unkept": unkept, **_reason(str(error))}
    return {"unkept": unkept}


def _reason(said: str) -> dict[str, object]:
    """What a source does wrong while it is loaded, told apart from what the builder cannot do."""
    _, marked, rest = said.partition(_MARK)
    if marked:
        with suppress(ValueError):
            return {"fault": json.JSONDecoder().raw_decode(rest)[0]}
    lines = [line.strip() for line in said.partition("Caused by:")[0].splitlines() if line.strip()]
    return {"error": lines[-1] if lines else "no reason given"}


def _compile(kept: Kept) -> dict[str, object]:
    from wasmtime import Engine, WasmtimeError
    from wasmtime.component import Component

    from engine.wasm.components.settings import config

    unkept = give_up_rights(kept)
    try:
        component = Component(Engine(config(parallel=True)), Path("plugin.wasm").read_bytes())
    except WasmtimeError as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        return {"unkept": unkept, "error": "; ".join(line for line in lines[:3] if not line.startswith("Caused by"))}
    Path("plugin.cwasm").write_bytes(component.serialize())
    return {"unkept": unkept}


if __name__ == "__main__":
    main(sys.argv[1])
