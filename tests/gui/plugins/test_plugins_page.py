"""The page of plugins, with real plugins, and with bad ones."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from engine.home import find_home
from engine.wasm.plugins.grants import Grants
from engine.wasm.plugins.library import PluginLibrary
from gui.models.settings import Mode
from gui.views.plugins_page import PluginsPage
from tests.guests import stage_module, wasm_of
from tests.gui.desk import Desk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

_GOOD = stage_module()


def _manifest(
    wasm: bytes, more: str = "", *, name: str = "mine", version: str = "1.2", title: str = "My plugin"
) -> str:
    digest = hashlib.sha256(wasm).hexdigest()
    head = f'name = "{name}"\ntitle = "{title}"\nversion = "{version}"\nsha256 = "{digest}"\n'
    return head + 'author = "Ada <b>L</b>"\nlicence = "MIT"\n' + more


def _zipped(path: Path, wasm: bytes, manifest: str, extra: dict[str, bytes] | None = None) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("plugin.toml", manifest)
        archive.writestr("plugin.wasm", wasm)
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return path


def _page(desk: Desk) -> PluginsPage:
    """The page of plugins, as soon as it lists them."""
    desk.open()
    desk.window.go_to("plugins")
    desk.until(lambda: desk.conductor.plugins.is_ready)
    return desk.window.plugins


def _drop(desk: Desk, path: Path) -> None:
    """Drop something on the page, and wait until its checks are through."""
    page = desk.window.plugins
    manager = desk.conductor.plugins.manager
    manager.dismiss()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    place, copy, left = page.rect().center(), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place, copy, data, left, none)
    QApplication.sendEvent(page, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(page, QDropEvent(QPointF(place), copy, data, left, none))
    desk.until(lambda: manager.candidate is not None)


def _names(desk: Desk) -> list[str]:
    return [entry.name for entry in desk.conductor.plugins.manager.plugins.entries]


def _in_palette(desk: Desk) -> set[str]:
    model = desk.conductor.pipelines.bench.palette_panel.model
    return {note.name for row in range(model.rowCount()) if (note := model.note(row)) is not None}


def _words(page: PluginsPage) -> str:
    return "\n".join(label.text() for label in page.details.findChildren(QLabel))


def test_shipped_plugins_are_listed_and_told_about(desk: Desk) -> None:
    page = _page(desk)
    assert {"low-complexity", "gc-content", "strict-bases", "yield-gate"} <= set(_names(desk))
    assert page.panel.name == _names(desk)[0]
    page.panel.choose("low-complexity")
    package = PluginLibrary(find_home()).get("low-complexity")
    words = _words(page)
    for part in (
        "Low complexity",
        "The Lanescope developers",
        "MIT",
        "read-stage/1",
        package.manifest.sha256,
        "256 MiB",
    ):
        assert part in words, part
    assert page.details.remove.isHidden()
    desk.until(lambda: "No run has used it yet" in _words(page))
    assert page.panel.list.accessibleName() == "Plugins"
    QTest.keyClick(page.panel.list, Qt.Key.Key_Down)
    assert page.panel.name == _names(desk)[_names(desk).index("low-complexity") + 1]


def test_a_plugin_is_checked_installed_granted_removed_and_brought_back(desk: Desk, tmp_path: Path) -> None:
    page = _page(desk)
    path = _zipped(tmp_path / "mine.zip", _GOOD, _manifest(_GOOD, 'capabilities = ["log"]\n'))
    _drop(desk, path)
    assert page.check.isVisible()
    assert "My plugin can be installed" in page.check.text
    assert "Reads of every length, none and one" in page.check.text
    assert "Write lines to Lanescope's log" in page.check.text
    assert "mine" not in _names(desk)

    page.check.install.click()
    desk.until(lambda: "mine" in _names(desk) and page.panel.name == "mine")
    assert page.check.isHidden()
    assert "Ada <b>L</b>" in _words(page)
    assert "not granted" in desk.conductor.plugins.manager.plugins.entries[0].note

    home, manifest = find_home(), PluginLibrary(find_home()).get("mine").manifest
    page.details.grants["log"].click()
    desk.until(lambda: Grants(home).of(manifest) == ("log",) and page.details.grants["log"].isChecked())
    desk.until(lambda: "not granted" not in desk.conductor.plugins.manager.plugins.entries[0].note)
    page.details.grants["log"].click()
    desk.until(lambda: Grants(home).of(manifest) == ())

    desk.window.go_to("pipelines")
    pipelines = desk.conductor.pipelines
    desk.until(lambda: pipelines.is_ready)
    assert {"mine", "low-complexity"} <= _in_palette(desk)
    assert "yield-gate" not in _in_palette(desk)  # works on documents
    desk.window.go_to("plugins")
    page.panel.list.setFocus()
    QTest.keyClick(page.panel.list, Qt.Key.Key_Delete)
    desk.until(lambda: "mine" not in _in_palette(desk))
    desk.until(lambda: "mine" not in _names(desk))
    assert page.undo_bar.text.text() == "Removed My plugin"
    assert desk.window.commands.undo.text() == "&Undo: Removed My plugin"
    desk.window.commands.undo.trigger()
    desk.until(lambda: "mine" in _names(desk) and page.panel.name == "mine")
    assert page.undo_bar.isHidden()
    assert PluginLibrary(find_home()).get("mine").wasm == _GOOD


def test_a_new_version_replaces_the_old_one_which_can_come_back(desk: Desk, tmp_path: Path) -> None:
    page = _page(desk)
    for version in ("1.2", "2.0"):
        _drop(desk, _zipped(tmp_path / f"mine-{version}.zip", _GOOD, _manifest(_GOOD, version=version)))
        assert page.check.install.text() == ("Install" if version == "1.2" else "Replace 1.2")
        page.check.install.click()
        desk.until(lambda: desk.conductor.plugins.manager.candidate is None and "mine" in _names(desk))
        assert PluginLibrary(find_home()).get("mine").manifest.version == version
    desk.until(lambda: page.undo_bar.text.text() == "Replaced My plugin 1.2")
    page.undo_bar.undo.click()
    desk.until(lambda: PluginLibrary(find_home()).get("mine").manifest.version == "1.2")


def test_bad_plugins_are_refused_with_their_reason(desk: Desk, tmp_path: Path) -> None:
    page = _page(desk)
    before = _names(desk)
    not_wasm, loop = b"MZ this is a program", stage_module("(loop (br 0)) (i32.const 0)")
    folder = tmp_path / "empty"
    folder.mkdir()
    (tmp_path / "text.zip").write_text("no zip")
    keeps = stage_module("(i32.store8 (i32.load offset=40 (local.get $batch)) (i32.const 7)) (i32.const 0)")
    limits = "[limits]\ncall_seconds = 0.2\n"
    cases = {
        _zipped(tmp_path / "out.zip", _GOOD, _manifest(_GOOD), {"../out.txt": b"x"}): "would write outside its folder",
        _zipped(tmp_path / "lies.zip", _GOOD, _manifest(b"another")): "is not the file that its manifest describes",
        _zipped(tmp_path / "program.zip", not_wasm, _manifest(not_wasm)): "this is not WebAssembly",
        _zipped(tmp_path / "old.zip", _GOOD, _manifest(_GOOD, 'abi = "read-stage/9"\n')): "abi: Input should be",
        _zipped(tmp_path / "two.zip", two := stage_module(abi=2), _manifest(two)): "made for version 2",
        _zipped(tmp_path / "none.zip", none := wasm_of("(module)"), _manifest(none)): "does not export lanescope_abi",
        _zipped(tmp_path / "loop.zip", loop, _manifest(loop, limits)): "its time was up",
        _zipped(tmp_path / "keep.zip", keeps, _manifest(keeps)): "keep is 7",
        tmp_path / "text.zip": "not a zip file that can be read",
        folder: "there is no plugin.toml in it",
        tmp_path / "gone.zip": "cannot be read",
    }
    for path, words in cases.items():
        _drop(desk, path)
        assert words in page.check.text, path
        assert "cannot be installed" in page.check.text
        assert page.check.install.isHidden()
    page.check.dismiss.click()
    assert page.check.isHidden()
    assert _names(desk) == before
    assert not (tmp_path.parent / "out.txt").exists()
    assert not (find_home().root / "plugins").exists()


def test_a_damaged_plugin_is_shown_and_can_be_removed(desk: Desk) -> None:
    folder = find_home().root / "plugins" / "broken"
    folder.mkdir(parents=True)
    (folder / "plugin.toml").write_text("name = ")
    page = _page(desk)
    page.panel.choose("broken")
    assert "This plugin is damaged" in _words(page)
    assert "plugin.toml is not TOML" in _words(page)
    page.details.remove.click()
    desk.until(lambda: "broken" not in _names(desk))
    assert not folder.exists()


@pytest.mark.parametrize("mode", ["dark", "light"])
def test_the_page_fits_a_small_window(desk: Desk, mode: Mode) -> None:
    page = _page(desk)
    desk.window.settings_page.modes[mode].click()
    desk.window.resize(1024, 700)
    page.panel.choose("umi-to-name")
    QApplication.processEvents()
    assert not page.grab().toImage().isNull()
    assert page.details.horizontalScrollBar().maximum() == 0


def test_what_takes_long_and_what_a_component_is_are_told(desk: Desk, tmp_path: Path) -> None:
    page = _page(desk)
    manager = desk.conductor.plugins.manager
    told: list[str] = []
    manager.told.connect(told.append)
    empty = wasm_of("(component)")
    _drop(desk, _zipped(tmp_path / "mine.zip", empty, _manifest(empty)))
    assert told == ["Preparing the plugin mine for this machine: some seconds, once."]
    candidate = manager.candidate
    assert candidate is not None
    assert not candidate.may_be_installed
    assert [finding.trouble for finding in candidate.findings] == [
        "mine: the component does not export lanescope:plugin/reads@1.0.0."
    ]
    made_as = next(fact.value for fact in candidate.facts if fact.name == "Made as")
    assert made_as.startswith("a component, such as Python that is not compiled")
    page.panel.choose("low-complexity")
    assert "a module, compiled for this computer" in _words(page)
