"""Plugins that mean harm: each is refused or ended in words, and nothing is left of it."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.cli.main import main
from engine.errors import LanescopeError
from engine.home import find_home
from engine.wasm.errors import ModuleRefused
from engine.wasm.plugins.library import PluginLibrary
from engine.wasm.plugins.package import read_package
from tests.guests import column, stage_module, wasm_of

WELL = stage_module()
LIMITS = "[limits]\ncall_seconds = 60\nmemory_mib = 8\n"
SHORT = LIMITS.replace("60", "0.3")


def manifest(wasm: bytes, more: str = LIMITS) -> str:
    digest = hashlib.sha256(wasm).hexdigest()
    return f'name = "guest"\ntitle = "Guest"\nversion = "1"\nsha256 = "{digest}"\n{more}'


def plugin(folder: Path, wasm: bytes, text: str | bytes | None = None) -> Path:
    folder.mkdir()
    (folder / "plugin.wasm").write_bytes(wasm)
    written = manifest(wasm) if text is None else text
    (folder / "plugin.toml").write_bytes(written.encode() if isinstance(written, str) else written)
    return folder


def with_all(process: str = "(i32.const 0)", more: str = "") -> bytes:
    return stage_module(process, more=more)


GUESTS: dict[str, tuple[bytes, str]] = {
    "an endless start": (
        with_all(more="(func $spins (loop $again (br $again))) (start $spins)"),
        r"start stopped: its time was up, in spins \(\+0x",
    ),
    "an endless _initialize": (
        with_all(more='(func $spins (export "_initialize") (loop $again (br $again)))'),
        "_initialize stopped: its time was up, in spins",
    ),
    "a start that traps": (with_all(more="(func $stops unreachable) (start $stops)"), "start stopped: it gave up"),
    "data outside": (with_all(more='(data (i32.const 65530) "0123456789")'), "start stopped: it reached outside"),
    "elements outside": (
        with_all(more="(table 1 funcref) (func $f) (elem (i32.const 5) $f)"),
        "start stopped: it reached outside a table",
    ),
    "a huge table": (with_all(more="(table 100000000 funcref)"), "start failed: table minimum size of 100000000"),
    "many tables": (with_all(more="(table 1 funcref)" * 20), "start failed: resource limit exceeded: table count"),
    "a huge memory": (
        WELL.replace(b"\x05\x03\x01\x00\x01", b"\x05\x05\x01\x00\x80\x80\x04"),
        "start failed: memory minimum size of 65536 pages",
    ),
    "a stack bomb": (
        with_all(
            "(drop (call $deep (i64.const 1))) (i32.const 0)",
            "(func $deep (param i64) (result i64) (i64.add (call $deep (local.get 0)) (i64.const 1)))",
        ),
        r"lanescope_process stopped: it called itself too deeply .* in deep( \(\+0x[0-9a-f]+\))? < deep",
    ),
    "names of functions without end": (
        with_all(f"(call ${'f' * 50_000}) (i32.const 0)", f"(func ${'f' * 50_000} unreachable)"),
        r"lanescope_process stopped: it gave up .*, in f{79}… \(\+0x[0-9a-f]+\) < function 2",
    ),
    "everything overwritten": (
        with_all("(memory.fill (i32.const 0) (i32.const 255) (i32.shl (memory.size) (i32.const 16))) (i32.const 0)"),
        "read 1: keep is 255",
    ),
    "a message of control characters": (
        with_all("(memory.fill (i32.load offset=88 (local.get $batch)) (i32.const 27) (i32.const 300)) (i32.const 1)"),
        "it cannot go on: status 1",
    ),
    "an import without end": (
        wasm_of(f'(module (import "env" "{"x" * 100_000}" (func)))'),
        r"asks for env\.x{100}, which it has not been granted",
    ),
    "64-bit memory": (wasm_of('(module (memory (export "memory") i64 1))'), "the module is not valid: .*memory64"),
    "shared memory": (wasm_of('(module (memory (export "memory") 1 1 shared))'), "not valid: .*shared memories"),
    "two memories": (wasm_of('(module (memory 1) (memory (export "memory") 1))'), "not valid: .*multiple memories"),
    "the system's functions": (
        wasm_of('(module (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32))))'),
        "asks for wasi_snapshot_preview1.fd_write, which it has not been granted",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("wasm", "words"), GUESTS.values(), ids=GUESTS)
def test_the_check_tells_what_a_hostile_guest_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wasm: bytes, words: str
) -> None:
    before = threading.active_count()
    limits = SHORT if "its time was up" in words else LIMITS
    assert main(["plugin", "check", str(plugin(tmp_path / "guest", wasm, manifest(wasm, limits)))]) == 1
    printed = capsys.readouterr()
    assert printed.err == ""
    assert len(printed.out) < 4000
    assert all(letter.isprintable() or letter == "\n" for letter in printed.out)
    found = next(line for line in printed.out.splitlines() if line.startswith("         guest: "))
    assert re.search(words, found), found
    assert threading.active_count() <= before + 1  # the ticker goes by itself


def test_memory_that_grows_in_the_middle_of_a_batch_is_followed(tmp_path: Path) -> None:
    """Columns are read where they were put, whatever became of the memory's size and of the descriptor."""
    process = f"""(drop (memory.grow (i32.const 40))) (i32.store8 {column(40, 2, 1)} (i32.const 0))
        (memory.fill (local.get $batch) (i32.const 255) (i32.const 128)) (i32.const 0)"""
    folder = plugin(tmp_path / "guest", with_all(process))
    assert main(["plugin", "check", str(folder)]) == 1  # it drops the third read of each batch, so halves differ
    folder = plugin(tmp_path / "growing", with_all("(drop (memory.grow (i32.const 40))) (i32.const 0)"))
    assert main(["plugin", "check", str(folder)]) == 0


MANIFESTS: dict[str, tuple[bytes, str]] = {
    "ten megabytes": (b'name = "x"\n#' + b"y" * (10 << 20), "larger than 256 KiB"),
    "lists in lists": (b"a = " + b"[" * 100_000, "too deep in each other"),
    "a name of parts": (b".".join([b"a"] * 50_000) + b" = 1", "a name has more than 100 parts"),
    "a table of parts": (b"[" + b".".join([b"a"] * 50_000) + b"]", "a name has more than 100 parts"),
    "an endless number": (b"a = " + b"9" * 5000, "is not TOML: "),
    "NUL": (b'name = "\0"', "is not TOML"),
    "UTF-16": (manifest(WELL).encode("utf-16"), "is not TOML"),
    "a title without end": (manifest(WELL).replace('"Guest"', f'"{"G" * 1000}"').encode(), "title: .*500 characters"),
    "another module's hash": (manifest(b"other").encode(), "is not the file that its manifest describes"),
}


@pytest.mark.parametrize(("text", "words"), MANIFESTS.values(), ids=MANIFESTS)
def test_hostile_manifests_are_refused(tmp_path: Path, text: bytes, words: str) -> None:
    with pytest.raises(ModuleRefused, match=words):
        PluginLibrary(find_home()).install(plugin(tmp_path / "guest", WELL, text))


PARAMETERS = {
    "integer inf": ('"integer"\ndefault = 1\nminimum = -inf', "-inf cannot be"),
    "number nan": ('"number"\ndefault = 1.0\nmaximum = nan', "nan cannot be"),
    "text -3": ('"text"\ndefault = "a"\nminimum = -3', "-3 cannot be"),
    "text 1e300": ('"text"\ndefault = "a"\nmaximum = 1e300', r"1e\+300 cannot be"),
    "too large": ('"integer"\ndefault = 99999999999999999999999', "less than or equal to"),
    "crossing": ('"integer"\ndefault = 3\nminimum = 5\nmaximum = 2', "(greater|less) than or equal to"),
    "choices": ('"choice"\ndefault = "a"\nchoices = ["a", "a"]', "two of the choices are the same"),
}


@pytest.mark.parametrize(("words", "trouble"), PARAMETERS.values(), ids=PARAMETERS)
def test_impossible_parameters_are_refused(tmp_path: Path, words: str, trouble: str) -> None:
    text = manifest(WELL, f'{LIMITS}[[parameters]]\nname = "x"\ntype = {words}\n')
    with pytest.raises(ModuleRefused, match=f"parameters.0.*{trouble}"):
        read_package(plugin(tmp_path / "guest", WELL, text))


@pytest.mark.parametrize("name", ["copy", "json", "schema", "model_config", "dict"])
def test_parameters_cannot_be_named_like_what_holds_them(tmp_path: Path, name: str) -> None:
    text = manifest(WELL, f'{LIMITS}[[parameters]]\nname = "{name}"\ntype = "integer"\ndefault = 1\n')
    with pytest.raises(ModuleRefused, match=f"{name} cannot be the name of a parameter"):
        read_package(plugin(tmp_path / "guest", WELL, text))


def zip_of(path: Path, more: Callable[[zipfile.ZipFile], object], kind: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", kind) as archive:
        archive.writestr("plugin.toml", manifest(WELL))
        archive.writestr("plugin.wasm", WELL)
        more(archive)
    return path


def test_links_in_a_zip_are_never_made_or_followed(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("secret.txt")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    PluginLibrary(find_home()).install(
        zip_of(tmp_path / "link.zip", lambda archive: archive.writestr(link, "/etc/passwd"))
    )
    installed = find_home().root / "plugins" / "guest" / "secret.txt"
    assert not installed.is_symlink()
    assert installed.read_text() == "/etc/passwd"


def test_a_zip_that_lies_about_its_sizes_is_refused(tmp_path: Path) -> None:
    size, path = 30 << 20, tmp_path / "bomb.zip"
    zip_of(path, lambda archive: archive.writestr("zeros.bin", bytes(size)))
    content = path.read_bytes().replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little"))
    path.write_bytes(content)
    with pytest.raises(ModuleRefused, match="not a zip file that can be read"):
        read_package(path)


@pytest.mark.parametrize("kind", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_damaged_zips_are_refused_in_words(tmp_path: Path, kind: int) -> None:
    path = tmp_path / "damaged.zip"
    whole = zip_of(path, lambda _archive: None, kind).read_bytes()
    chance = np.random.default_rng(20_261_121)
    refused = 0
    for _ in range(300):
        content = bytearray(whole)
        for _ in range(chance.integers(1, 5)):
            content[chance.integers(len(content))] = chance.integers(256)
        path.write_bytes(content)
        try:
            read_package(path)
        except LanescopeError:
            refused += 1
    assert refused > 100


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(ModuleRefused, match="not a folder, and not a zip file"):
            read_package(tmp_path / "pipe")
    for device in (Path("/dev/zero"), Path("/dev/null")):
        if device.exists():
            with pytest.raises(ModuleRefused, match="not a folder, and not a zip file"):
                read_package(device)
    large = tmp_path / "large.zip"
    with large.open("wb") as file:
        file.truncate(100 << 20)
    with pytest.raises(ModuleRefused, match="larger than 72 MiB"):
        read_package(large)
