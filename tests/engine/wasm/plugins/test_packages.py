from __future__ import annotations

import hashlib
import os
import shutil
import zipfile
from pathlib import Path

import pytest

from engine.cli.main import main
from engine.home import find_home
from engine.wasm.errors import ModuleRefused, PluginError
from engine.wasm.host import Host
from engine.wasm.plugins.build import build_plugin, rust_compiler
from engine.wasm.plugins.conformance import check_plugin
from engine.wasm.plugins.library import PluginLibrary, shipped_folder
from engine.wasm.plugins.package import read_package
from engine.wasm.plugins.template import new_plugin
from tests.guests import column, stage_module


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A plugin's folder, its name not that of a shipped one."""
    folder = tmp_path / "mine"
    shutil.copytree(shipped_folder() / "low-complexity", folder)
    manifest = folder / "plugin.toml"
    manifest.write_text(manifest.read_text().replace('name = "low-complexity"', 'name = "mine"'))
    return folder


def zipped(folder: Path, path: Path, prefix: str = "", extra: dict[str, bytes] | None = None) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in folder.iterdir():
            archive.write(file, prefix + file.name)
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return path


def everything(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


@pytest.mark.parametrize("prefix", ["", "mine-1.0/", "a/b/"])
def test_folders_and_zips_are_installed_listed_and_removed(folder: Path, tmp_path: Path, prefix: str) -> None:
    library = PluginLibrary(find_home())
    library.install(zipped(folder, tmp_path / "mine.zip", prefix))
    library.install(folder)
    assert library.get("mine").files.keys() == {"plugin.toml", "plugin.wasm", "plugin.c"}
    names = {plugin.name: plugin.shipped for plugin in library.listed()}
    assert {name for name, shipped in names.items() if not shipped} == {"mine"}
    assert {"gc-window", "low-complexity"} < names.keys()
    assert {path.name for path in (find_home().root / "plugins").iterdir()} == {"mine"}
    library.remove("mine")
    assert not list((find_home().root / "plugins").iterdir())
    with pytest.raises(PluginError, match="mine is not installed"):
        library.remove("mine")
    with pytest.raises(PluginError, match="gc-window came with Lanescope and stays"):
        library.remove("gc-window")
    for name in ("mine", "../mine", "", "."):
        with pytest.raises(PluginError, match="There is no plugin"):
            library.get(name)


@pytest.mark.parametrize("name", ["../evil", "/evil/evil", "a/../../evil", "..\\evil", "C:evil"])
def test_zips_that_would_write_elsewhere_are_refused(folder: Path, tmp_path: Path, name: str) -> None:
    path = zipped(folder, tmp_path / "evil.zip", extra={name: b"evil"})
    home = find_home().root
    before = everything(tmp_path)
    with pytest.raises(ModuleRefused, match=r"evil\.zip: it would write outside its folder"):
        PluginLibrary(find_home()).install(path)
    assert everything(tmp_path) - before <= {home}


def test_a_manifest_that_lies_about_its_hash_is_refused(folder: Path) -> None:
    library = PluginLibrary(find_home())
    library.install(folder)
    module = folder / "plugin.wasm"
    module.write_bytes(module.read_bytes()[:-1] + b"\0")
    with pytest.raises(ModuleRefused, match=r"mine: plugin\.wasm is not the file that its manifest describes"):
        library.install(folder)
    assert library.get("mine").wasm != module.read_bytes()
    shutil.copy(module, find_home().root / "plugins" / "mine" / "plugin.wasm")
    damaged = {plugin.name: plugin for plugin in library.listed()}["mine"]
    assert damaged.package is None
    assert "SHA-256" in str(damaged.trouble)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('name = "mine"', 'name = "../mine"', "name: "),
        ('name = "mine"', 'name = "nul"', "cannot be a folder on every system"),
        ('name = "mine"', "", "name: Field required"),
        ('abi = "read-stage/1"', 'abi = "read-stage/9"', "abi: "),
        ('module = "plugin.wasm"', 'module = "../plugin.wasm"', "module: "),
        ('module = "plugin.wasm"', 'module = "other.wasm"', "there is no other.wasm in it"),
        ("memory_mib = 256", "memory_mib = 999999", "limits.memory_mib: "),
        ('changes = ["keep"]', 'changes = ["files"]', "changes.0: "),
        ('changes = ["keep"]', 'capabilities = ["network"]', "capabilities.0: "),
        ("default = 30.0", "default = 130.0", "parameters.0.*less than or equal to 100"),
        ('type = "number"', 'type = "choice"', "parameters.0: .*choices"),
        ('name = "complexity"', 'name = "dropped"', "two of the metrics have the same name"),
        ('kind = "sum"', 'kind = "mean"', "metrics.0.kind: "),
        ('version = "1.0.0"', 'version = "1.0.0"\nodd = 1', "odd: "),
        ('version = "1.0.0"', "version = ", "is not TOML"),
    ],
)
def test_manifests_are_checked(folder: Path, old: str, new: str, words: str) -> None:
    manifest = folder / "plugin.toml"
    assert old in manifest.read_text()
    manifest.write_text(manifest.read_text().replace(old, new, 1))
    with pytest.raises(ModuleRefused, match=words):
        read_package(folder)


def test_what_is_no_package_is_refused(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "text.zip").write_bytes(b"no zip at all")
    with pytest.raises(ModuleRefused, match="not a folder, and not a zip file"):
        read_package(tmp_path / "text.zip")
    with pytest.raises(ModuleRefused, match=r"gone\.zip cannot be read: no such file"):
        read_package(tmp_path / "gone.zip")
    whole = zipped(folder, tmp_path / "whole.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModuleRefused, match="not a zip file"):
        read_package(tmp_path / "cut.zip")
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(ModuleRefused, match=r"there is no plugin\.toml in it"):
        read_package(empty)
    bomb = zipped(folder, tmp_path / "bomb.zip", extra={"zeros": bytes(80 << 20)})
    with pytest.raises(ModuleRefused, match="more than 50 files or 72 MiB"):
        read_package(bomb)


def test_links_in_a_folder_are_not_followed(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    (folder / "notes.md").symlink_to(secret)
    assert "notes.md" not in read_package(folder).files


RUST = pytest.param(
    "rust",
    marks=pytest.mark.skipif(rust_compiler() is None, reason="not on this platform: no Rust compiler for WebAssembly"),
)


ASSEMBLYSCRIPT = pytest.param(
    "assemblyscript",
    marks=pytest.mark.skipif(shutil.which("asc") is None, reason="not on this platform: no AssemblyScript compiler"),
)


@pytest.mark.parametrize("language", ["c", "python", RUST, ASSEMBLYSCRIPT])
def test_templates_build_and_behave(tmp_path: Path, host: Host, language: str) -> None:
    folder = new_plugin("my-filter", language, tmp_path)
    build_plugin(folder)
    package = read_package(folder)
    assert package.manifest.name == "my-filter"
    assert not [finding for finding in check_plugin(host, package) if finding.trouble]


def test_what_cannot_be_started_or_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = new_plugin("my-filter", "c", tmp_path)
    assert {path.name for path in new_plugin("other", "rust", tmp_path).iterdir()} == {
        "ABI.md", "lanescope.rs", "plugin.rs", "plugin.toml"
    }  # fmt: skip
    typed = new_plugin("typed", "assemblyscript", tmp_path)
    assert {path.name for path in typed.iterdir()} == {"ABI.md", "lanescope.ts", "plugin.ts", "plugin.toml"}
    monkeypatch.setenv("PATH", "")
    with pytest.raises(PluginError, match="takes a compiler for AssemblyScript: npm install"):
        build_plugin(typed)
    for name in ("My Filter", "-x", "a/b", "", "con" * 20):
        with pytest.raises(PluginError, match="cannot be the name of a plugin"):
            new_plugin(name, "c", tmp_path)
    with pytest.raises(PluginError, match="cannot be made: file exists"):
        new_plugin("other", "c", tmp_path)
    (folder / "plugin.c").write_text("int oops(")
    with pytest.raises(PluginError, match=r"the compiler says:\n.*plugin\.c:1"):
        build_plugin(folder)


@pytest.mark.parametrize(
    ("process", "check"),
    [
        (f"(i32.store8 {column(40, 0, 1)} (i32.const 7)) (i32.const 0)", "reads of every length, none and one"),
        (
            f"""(global.set $n (i32.add (global.get $n) (i32.const 1)))
                (i32.store8 {column(40, 0, 1)} (i32.and (global.get $n) (i32.const 1))) (i32.const 0)""",
            "the same result each time and in a new instance",
        ),
        (
            f"(i32.store8 {column(40, 0, 1)} (i32.const 0)) (i32.const 0)",
            "the same result for a batch as for its halves",
        ),
    ],
)  # fmt: skip
def test_the_check_finds_what_is_wrong(folder: Path, host: Host, process: str, check: str) -> None:
    wasm = stage_module(process, more="(global $n (mut i32) (i32.const 0))")
    package = read_package(folder)
    digest = hashlib.sha256(wasm).hexdigest()
    (folder / "plugin.wasm").write_bytes(wasm)
    manifest = folder / "plugin.toml"
    manifest.write_text(manifest.read_text().replace(package.manifest.sha256, digest))
    assert check in [finding.check for finding in check_plugin(host, read_package(folder)) if finding.trouble]


def test_the_command_line(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plugin", "check", str(folder)]) == 0
    assert main(["plugin", "install", str(folder)]) == 0
    assert main(["plugin", "list"]) == 0
    printed = capsys.readouterr().out
    assert "mine 1.0.0 is installed." in printed
    assert "mine                     1.0.0      installed" in printed
    assert main(["plugin", "new", "fresh", "--folder", str(tmp_path)]) == 0
    assert main(["plugin", "build", str(tmp_path / "fresh")]) == 0
    assert main(["plugin", "remove", "mine"]) == 0
    assert main(["plugin", "remove", "mine"]) == 2
    assert "mine is not installed." in capsys.readouterr().err
    assert main(["plugin", "install", str(shipped_folder() / "low-complexity")]) == 0
    assert "stands for the one of this name that came with Lanescope" in capsys.readouterr().out
    (tmp_path / "fresh" / "plugin.wasm").write_bytes(b"")
    assert main(["plugin", "check", str(tmp_path / "fresh")]) == 1


def test_a_source_that_was_changed_after_it_was_built_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    built = (folder / "plugin.wasm").stat().st_mtime_ns
    source = folder / "plugin.c"
    source.write_text("")
    os.utime(source, ns=(built, built))
    assert main(["plugin", "install", str(folder)]) == 0
    assert capsys.readouterr().err == ""
    os.utime(source, ns=(built, built + 1_000_000_000))
    assert main(["plugin", "install", str(folder)]) == 0
    assert "plugin.c was changed after it was built" in capsys.readouterr().err


def test_the_folder_where_one_is_is_told_by_its_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "plugin.toml").write_text("")
    monkeypatch.chdir(folder)
    assert main(["plugin", "check", "."]) == 1
    assert f"{folder.name}: plugin.toml" in capsys.readouterr().err
