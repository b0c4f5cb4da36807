from __future__ import annotations

from pathlib import Path

import pytest

from engine.cli.main import main
from engine.home import find_home
from engine.pipeline.plan import user_plugin
from engine.wasm.errors import PluginError
from engine.wasm.manifest import Manifest
from engine.wasm.plugins.grants import Grants
from engine.wasm.plugins.library import PluginLibrary
from tests.guests import manifest_for, stage_module

WASM = stage_module()


def asking(**changes: object) -> Manifest:
    return manifest_for(WASM, **({"capabilities": ["log"]} | changes))


def test_grants_are_kept_for_one_module_alone() -> None:
    home, manifest = find_home(), asking()
    assert Grants(home).of(manifest) == ()
    Grants(home).set(manifest, "log", granted=True)
    Grants(home).set(asking(name="other"), "log", granted=True)
    assert Grants(home).of(manifest) == ("log",)
    assert Grants(home).of(asking(sha256="0" * 64)) == ()
    assert Grants(home).of(asking(capabilities=[])) == ()
    Grants(home).set(manifest, "log", granted=False)
    assert (Grants(home).of(manifest), Grants(home).of(asking(name="other"))) == ((), ("log",))
    with pytest.raises(PluginError, match="does not ask for files"):
        Grants(home).set(manifest, "files", granted=True)


@pytest.mark.parametrize("content", ["", "[1]", "{", '{"guest": 1}', '{"guest": {"sha256": "%s", "capabilities": 7}}'])
def test_nothing_is_granted_that_cannot_be_read(content: str) -> None:
    home, manifest = find_home(), asking()
    (home.root / "plugin-grants.json").write_text(content.replace("%s", manifest.sha256))
    assert Grants(home).of(manifest) == ()
    Grants(home).set(manifest, "log", granted=True)
    assert Grants(home).of(manifest) == ("log",)


def test_pipelines_run_what_is_granted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "guest"
    folder.mkdir()
    (folder / "plugin.wasm").write_bytes(WASM)
    (folder / "plugin.toml").write_text(
        f'name = "guest"\ntitle = "Guest"\nversion = "1"\nsha256 = "{asking().sha256}"\ncapabilities = ["log"]\n'
    )
    assert main(["plugin", "install", str(folder)]) == 0
    assert "lanescope plugin grant guest" in capsys.readouterr().out
    with pytest.raises(PluginError, match="asks for log, which it has not been granted"):
        user_plugin("guest", {})
    assert main(["plugin", "grant", "guest", "log"]) == 0
    assert user_plugin("guest", {}).manifest.name == "guest"
    assert main(["plugin", "revoke", "guest", "log"]) == 0
    assert "is granted nothing" in capsys.readouterr().out
    with pytest.raises(PluginError, match="not been granted"):
        user_plugin("guest", {})


def test_what_is_removed_can_be_put_back(tmp_path: Path) -> None:
    library = PluginLibrary(find_home())
    folder = find_home().root / "plugins" / "guest"
    folder.mkdir(parents=True)
    (folder / "plugin.toml").write_text("damaged")
    files = library.remove("guest")
    assert not folder.exists()
    library.put("guest", files)
    assert (folder / "plugin.toml").read_text() == "damaged"
