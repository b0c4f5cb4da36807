"""Making a module of one object file, without a linker.

Object files of WebAssembly are almost modules: what they import from a linker (memory, stack pointer) is defined
here instead, and functions are exported by the names in their linking section. See "WebAssembly Object File
Linking" in the tool conventions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

TOP_OF_STACK = 2 << 16
"""Address at which the stack begins, downwards; data lies below it, and everything above is free."""

_MOST_DATA = 1 << 16
_PAGES = 3
_IMPORT, _MEMORY, _GLOBAL, _EXPORT, _DATA = 2, 5, 6, 7, 11
_ORDER = (1, 3, 4, _MEMORY, _GLOBAL, _EXPORT, 9, 12, 10, _DATA)
_SYMBOLS = 8
_UNDEFINED, _EXPLICIT_NAME = 0x10, 0x40


class UnresolvedError(Exception):
    """The object needs functions from outside.

    Attributes:
        names: of these functions.
    """

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(f"needs {', '.join(names)}")
        self.names = tuple(names)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def number(self) -> int:
        result = shift = 0
        while True:
            byte = self.byte()
            result |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return result

    def take(self, size: int) -> bytes:
        self.at += size
        return self.data[self.at - size : self.at]

    def name(self) -> str:
        return self.take(self.number()).decode()

    @property
    def more(self) -> bool:
        return self.at < len(self.data)


def module_of(code: bytes, exports: Sequence[str]) -> bytes:
    """A module that exports ``memory`` and these functions.

    Args:
        code: an object file whose code refers to no functions outside.
        exports: names of functions.

    Raises:
        UnresolvedError: it refers to functions outside.
        ValueError: it is not such an object file, or one of the functions is not in it.
    """
    sections: dict[int, bytes] = {}
    functions: dict[str, int] = {}
    for kind, content in _sections(code):
        if kind == 0:
            custom = _Reader(content)
            if custom.name() == "linking":
                functions = _function_symbols(custom)
        else:
            sections[kind] = content
    has_table = _check_imports(sections.pop(_IMPORT, b"\0"))
    if len(sections.get(_DATA, b"")) > _MOST_DATA:
        raise ValueError("more than 64 KiB of constants")
    if has_table:
        sections[4] = b"\1\x70\0\1"
    sections[_MEMORY] = b"\1\0" + _number(_PAGES)
    sections[_GLOBAL] = b"\1\x7f\1\x41" + _signed(TOP_OF_STACK) + b"\x0b"
    missing = [name for name in exports if name not in functions]
    if missing:
        raise ValueError(f"no function {missing[0]}")
    entries = [_text("memory") + b"\2\0", *(_text(name) + b"\0" + _number(functions[name]) for name in exports)]
    sections[_EXPORT] = _number(len(entries)) + b"".join(entries)
    parts = [bytes([kind]) + _number(len(sections[kind])) + sections[kind] for kind in _ORDER if kind in sections]
    return b"\0asm\1\0\0\0" + b"".join(parts)


def _sections(code: bytes) -> Iterator[tuple[int, bytes]]:
    reader = _Reader(code)
    if reader.take(8) != b"\0asm\1\0\0\0":
        raise ValueError("not an object file of WebAssembly")
    while reader.more:
        kind = reader.byte()
        yield kind, reader.take(reader.number())


def _function_symbols(reader: _Reader) -> dict[str, int]:
    found = {}
    reader.number()
    while reader.more:
        kind = reader.byte()
        part = _Reader(reader.take(reader.number()))
        if kind != _SYMBOLS:
            continue
        for _ in range(part.number()):
            symbol, flags = part.byte(), part.number()
            defined = not flags & _UNDEFINED
            if symbol == 1:  # data
                part.name()
                if defined:
                    part.number(), part.number(), part.number()
            elif symbol == 3:  # section
                part.number()
            else:  # function, global, event, table
                index = part.number()
                name = part.name() if defined or flags & _EXPLICIT_NAME else ""
                if symbol == 0 and defined:
                    found[name] = index
    return found


def _check_imports(content: bytes) -> bool:
    """Whether a table is imported; functions must not be."""
    reader, outside, has_table = _Reader(content), [], False
    for _ in range(reader.number()):
        reader.name()
        name, kind = reader.name(), reader.byte()
        if kind == 0:
            outside.append(name)
            reader.number()
        elif kind == 1:
            has_table = True
            reader.byte()
            _skip_limits(reader)
        elif kind == 2:
            _skip_limits(reader)
        else:
            reader.take(2)
            if name != "__stack_pointer":
                raise ValueError(f"needs the global {name}")
    if outside:
        raise UnresolvedError(outside)
    return has_table


def _skip_limits(reader: _Reader) -> None:
    flags = reader.number()
    reader.number()
    if flags & 1:
        reader.number()


def _number(value: int) -> bytes:
    result = bytearray()
    while True:
        result.append(value & 127 | (128 if value > 127 else 0))
        value >>= 7
        if not value:
            return bytes(result)


def _signed(value: int) -> bytes:
    result = bytearray()
    while True:
        byte = value & 127
        value >>= 7
        if value == 0 and not byte & 64:
            return bytes([*result, byte])
        result.append(byte | 128)


def _text(name: str) -> bytes:
    return _number(len(name.encode())) + name.encode()
