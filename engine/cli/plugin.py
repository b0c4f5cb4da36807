"""Plugins from the command line: ``lanescope plugin new|build|check|install|list|grant|revoke|remove``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from engine.cli.actions import add_action
from engine.cli.console import complain, named_path, printable
from engine.home import find_home


def main(argv: Sequence[str]) -> int:
    """Does what the command line says.

    Returns:
        0 if all went well; 1 if a plugin that was checked does not behave, or a listed one is damaged.

    Raises:
        LanescopeError: it could not be done.
    """
    arguments = _parser().parse_args(argv)
    status: int = arguments.action(arguments)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lanescope plugin", description="Make, check, install and remove plugins, which run in a sandbox."
    )
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    new = add_action(actions, "new", "start a plugin of your own in a new folder")
    new.add_argument("name", metavar="NAME", help="lower case, words joined by '-'")
    new.add_argument(
        "--language",
        choices=("assemblyscript", "c", "python", "rust"),
        default="c",
        help="what to write it in (default: c)",
    )
    new.add_argument("--folder", type=named_path, default=Path(), metavar="DIR", help="where to make the folder")
    new.set_defaults(action=_new)
    build = add_action(actions, "build", "compile a plugin's source")
    build.add_argument("folder", type=_plugin_path, metavar="FOLDER", help="the plugin's folder")
    build.set_defaults(action=_build)
    check = add_action(actions, "check", "see whether a plugin behaves")
    check.add_argument("file", type=_plugin_path, metavar="FILE", help="the plugin's folder or zip file")
    check.set_defaults(action=_check)
    install = add_action(actions, "install", "install a plugin, or a new version of one")
    install.add_argument("file", type=_plugin_path, metavar="FILE", help="the plugin's folder or zip file")
    install.set_defaults(action=_install)
    listing = add_action(actions, "list", "list the plugins there are")
    listing.set_defaults(action=_list)
    for word, words in (("grant", "grant a plugin what it asks for"), ("revoke", "take away what was granted")):
        change = add_action(actions, word, words)
        change.add_argument("name", metavar="NAME", help="as listed")
        change.add_argument("capability", metavar="CAPABILITY", help="as 'lanescope plugin install' says: log")
        change.set_defaults(action=_change_grant, granted=word == "grant")
    remove = add_action(actions, "remove", "remove an installed plugin")
    remove.add_argument("name", metavar="NAME", help="as listed")
    remove.set_defaults(action=_remove)
    return parser


# The imports of the actions wait until an action is wanted: --help must not wait for the WebAssembly engine.


def _tell(words: str) -> None:
    print(printable(words), flush=True)


def _new(arguments: argparse.Namespace) -> int:
    from engine.wasm.plugins.template import new_plugin

    folder = new_plugin(arguments.name, arguments.language, arguments.folder)
    print(printable(f"{folder} is a plugin to start from. Build it with: lanescope plugin build {folder}"))
    return 0


def _build(arguments: argparse.Namespace) -> int:
    from engine.wasm.plugins.build import build_plugin

    module = build_plugin(arguments.folder, _tell)
    print(printable(f"{module}: {module.stat().st_size:,} bytes. See whether it behaves with: "
                    f"lanescope plugin check {arguments.folder}"))  # fmt: skip
    return 0


def _plugin_path(text: str) -> Path:
    """The path of a plugin, which errors call by its last part: ``.`` has none."""
    path = named_path(text)
    return path if path.name.strip(".") else path.absolute().resolve()


def _tell_stale(folder: Path) -> None:
    """Says where a plugin's source was changed after its module was made."""
    from engine.wasm.plugins.build import changed_source

    source = changed_source(folder)
    if source is not None:
        words = f"{source.name} was changed after it was built. To have the change: lanescope plugin build {folder}"
        print(printable(words), file=sys.stderr)


def _check(arguments: argparse.Namespace) -> int:
    from engine.wasm.host import application_host
    from engine.wasm.plugins.conformance import check_plugin
    from engine.wasm.plugins.package import read_package

    find_home()  # compiled modules are kept there
    package = read_package(arguments.file)
    _tell_stale(arguments.file)
    print(printable(f"{package.manifest.name} {package.manifest.version}"))
    well = True
    for finding in check_plugin(application_host(), package, _tell):
        print(printable(f"  {'fails' if finding.trouble else 'ok   '}  {finding.check}"))
        if finding.trouble:
            well = False
            print(printable(f"         {finding.trouble}"))
    return 0 if well else 1


def _install(arguments: argparse.Namespace) -> int:
    from engine.wasm.components.host import application_components, is_component
    from engine.wasm.plugins.library import PluginLibrary, shipped_folder

    package = PluginLibrary(find_home()).install(arguments.file)
    _tell_stale(arguments.file)
    manifest = package.manifest
    if is_component(package.wasm):  # now rather than when a run is waiting for it
        application_components().component(manifest.name, package.wasm, _tell)
    asks = f' A pipeline takes it as a stage with type = "wasm" and udf_name = "{manifest.name}".'
    if (shipped_folder() / manifest.name).is_dir():
        asks += " It stands for the one of this name that came with Lanescope, until it is removed."
    if manifest.capabilities:
        asks += (
            f" It asks for: {', '.join(manifest.capabilities)}. Grant it with: lanescope plugin grant {manifest.name}"
        )
    print(printable(f"{manifest.name} {manifest.version} is installed.{asks}"))
    return 0


def _list(_arguments: argparse.Namespace) -> int:
    from engine.wasm.plugins.library import PluginLibrary

    damaged = 0
    for plugin in PluginLibrary(find_home()).listed():
        origin = "shipped" if plugin.shipped else "installed"
        if plugin.package is None:
            damaged += 1
            print(printable(f"{plugin.name:24} {'damaged':10} {origin}"))
            if plugin.trouble is not None:
                complain(plugin.trouble)
        else:
            manifest = plugin.package.manifest
            print(printable(f"{plugin.name:24} {manifest.version:10} {origin:10} {manifest.description}"))
    return 1 if damaged else 0


def _change_grant(arguments: argparse.Namespace) -> int:
    from engine.wasm.plugins.grants import Grants
    from engine.wasm.plugins.library import PluginLibrary

    home = find_home()
    manifest = PluginLibrary(home).get(arguments.name).manifest
    Grants(home).set(manifest, arguments.capability, granted=arguments.granted)
    held = ", ".join(Grants(home).of(manifest)) or "nothing"
    print(printable(f"{manifest.name} {manifest.version} is granted {held}."))
    return 0


def _remove(arguments: argparse.Namespace) -> int:
    from engine.wasm.plugins.library import PluginLibrary

    PluginLibrary(find_home()).remove(arguments.name)
    print(printable(f"{arguments.name} is removed."))
    return 0
