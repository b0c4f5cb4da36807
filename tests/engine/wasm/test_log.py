from __future__ import annotations

import logging

import pytest

from engine.wasm.capabilities import granted_functions
from engine.wasm.host import Host
from engine.wasm.threads.manager import ThreadManager
from tests.guests import manifest_for, wasm_of

CHATTER = """(local $left i32) (local.set $left (i32.const 700))
    (loop $again (call $log {arguments})
        (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))"""


def test_a_plugin_that_is_granted_the_log_cannot_fill_it(host: Host, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    wasm = wasm_of(f"""(module (import "lanescope" "log" (func $log (param i32 i32))) (memory (export "memory") 1)
        (data (i32.const 0) "ready\\1b[31m\\0a")
        (func (export "talk") {CHATTER.format(arguments="(i32.const 0) (i32.const 11)")}))""")
    functions = granted_functions(manifest_for(wasm, capabilities=["log"]), ["log"])
    program = host.program("guest", wasm, functions)
    for _ in range(2):  # instances are replaced at any time, and count together
        with program.open() as guest:
            guest.call("talk")
    assert caplog.messages == ["guest: ready [31m"] * 1000 + [
        "guest: it says more than 1,000 lines; the rest is left out"
    ]


def test_threads_of_a_guest_cannot_fill_the_log(host: Host, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    wasm = wasm_of(f"""(module (import "env" "__log" (func $log (param i32))) (memory (export "memory") 1)
        (data (i32.const 0) "\\05\\00\\00\\00ready")
        (func (export "talk") {CHATTER.format(arguments="(i32.const 4)")}))""")
    with ThreadManager(host, "guest", wasm) as threads:
        for thread in [threads.spawn("talk") for _ in range(4)]:
            threads.wait_result(thread, 30)
    assert sum(message == "guest: ready" for message in caplog.messages) == 1000
    assert len(caplog.messages) == 1001
