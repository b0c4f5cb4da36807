"""Modules that are made to take long before any of them runs."""

from __future__ import annotations

import sys

import pytest

from engine.wasm import compiler
from engine.wasm.errors import ModuleRefused
from engine.wasm.host import Host
from tests.guests import wasm_of

HEADER = b"\0asm\1\0\0\0"
TYPE = b"\1\x60\0\0"  # one type, of functions that take and give nothing
EMPTY_BODY = b"\2\0\x0b"
LOOP = b"\x03\x40\x41\0\x0d\0\x0b"
"""``(loop (br_if 0 (i32.const 0)))``: what the compiler does for a loop grows with the loops before it."""


def number(value: int) -> bytes:
    found = bytearray()
    while value >= 0x80:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def section(kind: int, content: bytes) -> bytes:
    return bytes([kind]) + number(len(content)) + content


def module_of_loops(count: int) -> bytes:
    body = b"\0" + LOOP * count + b"\x0b"
    return HEADER + section(1, TYPE) + section(3, b"\1\0") + section(10, b"\1" + number(len(body)) + body)


def functions(count: int) -> bytes:
    kinds, bodies = number(count) + bytes(count), number(count) + EMPTY_BODY * count
    return HEADER + section(1, TYPE) + section(3, kinds) + section(10, bodies)


def exports(count: int) -> bytes:
    names = b"".join(number(len(name)) + name + b"\0\0" for name in (b"e%d" % place for place in range(count)))
    return HEADER + section(1, TYPE) + section(3, b"\1\0") + section(7, number(count) + names)


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_memory_is_limited_where_the_system_can(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # macOS refuses such a limit, and each large module was refused with it; Windows has none.
    monkeypatch.setattr("sys.platform", system)
    monkeypatch.setitem(sys.modules, "resource", None)
    compiler._limit_memory()


def test_small_and_large_modules_do_the_same(host: Host) -> None:
    text = '(module (func (export "answer") (result i32) (i32.const 42)) {})'
    small, large = wasm_of(text.format("")), wasm_of(text.format("(func (drop (i32.const 1)))" * 3000))
    assert len(small) < 8 << 10 < len(large)
    for wasm in (small, large):
        with host.program("answer", wasm).open() as guest:
            assert guest.call("answer") == 42


def test_compiling_comes_to_an_end(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiler, "_SECONDS", 0.2)
    with pytest.raises(ModuleRefused, match="bomb: compiling the module takes too long"):
        host.compile("bomb", module_of_loops(9000))


def test_a_large_module_that_is_not_valid_is_told_so(host: Host) -> None:
    with pytest.raises(ModuleRefused, match=r"demo: the module is not valid: .*unexpected end"):
        host.compile("demo", module_of_loops(1500)[:-1] + b"\x41")
    with pytest.raises(ModuleRefused, match="demo: the module is not valid"):
        host.compile("demo", HEADER + bytes(20_000))


@pytest.mark.parametrize(
    ("wasm", "words"),
    [
        (functions(20_001), "20,001 functions, and may have 20,000"),
        (exports(100_000), "100,000 exports, and may have 10,000"),
        (HEADER + section(2, number(1_000_000)), "1,000,000 imports, and may have 1,000"),
        (HEADER + section(10, bytes((4 << 20) + 1)), "4,194,305 bytes of code, and may have 4,194,304"),
        (HEADER + b"\x0a\xff\xff\xff\xff\x0f", "4,294,967,295 bytes of code, and may have 4,194,304"),
    ],
    ids=["functions", "exports", "imports", "code", "a size that is a lie"],
)
def test_modules_with_too_much_in_them_are_refused_unseen(host: Host, wasm: bytes, words: str) -> None:
    with pytest.raises(ModuleRefused, match=f"demo: the module has {words} at most"):
        host.compile("demo", wasm)


@pytest.mark.parametrize("tail", [b"\1", b"\1\x80", b"\1\x80\x80\x80\x80\x80\x80", b"\3\xff\xff\xff\xff\x7f", b"\7\0"])
def test_broken_sections_are_left_to_the_compiler(host: Host, tail: bytes) -> None:
    with pytest.raises(ModuleRefused, match="demo: the module is not valid"):
        host.compile("demo", HEADER + tail)
