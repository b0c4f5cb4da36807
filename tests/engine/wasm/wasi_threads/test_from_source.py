from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from engine.wasm.host import Host, application_host
from engine.wasm.wasi_threads.process import WasiProcess

SOURCE = Path(__file__).with_name("adding.c")
COMPILER = (
    sys.executable, "-m", "ziglang", "cc", "-target", "wasm32-freestanding",
    "-mcpu=generic+atomics+bulk_memory+mutable_globals", "-O2", "-nostdlib", "-Wall", "-Wextra",
    "-Wl,--no-entry,--import-memory,--shared-memory,--max-memory=4194304",
)  # fmt: skip


def test_a_program_in_c_with_a_lock(shared_host: Host, tmp_path: Path) -> None:
    module = tmp_path / "adding.wasm"
    subprocess.run([*COMPILER, "-o", str(module), str(SOURCE)], check=True, timeout=100)
    for _ in range(3):
        result = WasiProcess(shared_host, "adding", module.read_bytes()).run()
        assert (result.exit_code, result.output, result.threads) == (0, b"all added\n", 5)


def test_the_application_has_an_engine_for_shared_memory() -> None:
    assert application_host(shared_memory=True) is application_host(shared_memory=True)
    assert application_host(shared_memory=True) is not application_host()
