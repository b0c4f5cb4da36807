"""How much there is in a module, told without compiling it."""

from __future__ import annotations

from engine.wasm.errors import ModuleRefused

_HEADER = 8
_CODE = 10
_MOST_CODE = 4 << 20
_MOST = {
    1: ("types", 10_000),
    2: ("imports", 1_000),
    3: ("functions", 20_000),
    6: ("global variables", 20_000),
    7: ("exports", 10_000),
    9: ("element segments", 10_000),
    11: ("data segments", 20_000),
}
"""Sections that begin with a number of things: their name, and how many of them a module may have."""


def check_size(plugin: str, wasm: bytes) -> None:
    """Refuses modules that would take long to compile; a small file can hold a million functions.

    What is wrong with a module otherwise is for the compiler to say.

    Args:
        plugin: the name to blame.
        wasm: a module in binary form.

    Raises:
        ModuleRefused: it has too much of something.
    """
    place = _HEADER
    while place < len(wasm):
        section = wasm[place]
        size, start = _number(wasm, place + 1)
        if section == _CODE and size > _MOST_CODE:
            raise _too_many(plugin, f"{size:,} bytes of code", f"{_MOST_CODE:,}")
        if section in _MOST:
            what, most = _MOST[section]
            count, _ = _number(wasm, start)
            if count > most:
                raise _too_many(plugin, f"{count:,} {what}", f"{most:,}")
        place = start + size


def _too_many(plugin: str, found: str, most: str) -> ModuleRefused:
    return ModuleRefused(f"{plugin}: the module has {found}, and may have {most} at most.", plugin=plugin)


def _number(wasm: bytes, place: int) -> tuple[int, int]:
    """An unsigned number of seven bits a byte, and where it ends."""
    number = shift = 0
    for end, byte in enumerate(wasm[place : place + 5], place + 1):
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, end
        shift += 7
    return number, len(wasm)
