from __future__ import annotations

import os
from pathlib import Path

import pytest
from wasmtime import Engine, Module

from engine.wasm.cache import CompiledCache, cache_folder
from engine.wasm.host import Host, application_host
from tests.guests import wasm_of

ANSWER = wasm_of('(module (func (export "answer") (result i32) (i32.const 42)))')


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "modules"


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What has been compiled rather than loaded."""
    seen: list[bytes] = []
    compile_module = CompiledCache._compile

    def note(cache: CompiledCache, plugin: str, wasm: bytes, path: Path | None) -> Module:
        seen.append(wasm)
        return compile_module(cache, plugin, wasm, path)

    monkeypatch.setattr(CompiledCache, "_compile", note)
    return seen


def answer(folder: Path) -> object:
    with Host(folder).program("answer", ANSWER).open() as guest:
        return guest.call("answer")


def test_modules_are_compiled_once(folder: Path, compiled: list[bytes]) -> None:
    assert [answer(folder) for _ in range(3)] == [42, 42, 42]
    assert compiled == [ANSWER]
    assert len(list(folder.iterdir())) == 1


@pytest.mark.skipif(os.name == "nt", reason="not on this platform: folders are the user's own there")
def test_the_folder_is_the_users_alone(folder: Path, compiled: list[bytes]) -> None:
    answer(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o777)
    assert answer(folder) == 42
    assert len(compiled) == 2, "loaded from where anybody could put something"
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize("place", [0, 40, 5000, -1])
def test_a_damaged_entry_is_not_run_but_replaced(folder: Path, compiled: list[bytes], place: int) -> None:
    answer(folder)
    entry = next(folder.iterdir())
    content = bytearray(entry.read_bytes())
    content[place] ^= 1
    entry.write_bytes(content)
    assert answer(folder) == 42
    assert answer(folder) == 42
    assert len(compiled) == 2
    entry.write_bytes(b"")
    assert answer(folder) == 42


def test_entries_of_other_settings_are_not_taken(folder: Path, compiled: list[bytes]) -> None:
    answer(folder)
    CompiledCache(folder, Engine(), {"debug_info": True}).module("answer", ANSWER)
    assert len(compiled) == 2


def test_a_folder_that_cannot_be_costs_time_only(tmp_path: Path, compiled: list[bytes]) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert answer(tmp_path / "file") == 42
    assert answer(tmp_path / "file" / "modules") == 42
    assert len(compiled) == 2


def test_the_application_has_one_host_with_a_cache_at_home(lanescope_home: Path) -> None:
    assert application_host() is application_host()
    assert cache_folder() == lanescope_home / "cache" / "modules"
