"""What Python exceptions become in a plugin: words that point at the user's line."""

from __future__ import annotations

import pickle
import re

from engine.wasm.python.source import SOURCE_NAME
from engine.wasm.stage.abi import MESSAGE_BYTES

_DATA = re.compile(r'^(@\.const\.pickledata\.([0-9a-f]+) = internal constant )\[\d+ x i8\] c"([^"]*)"', re.MULTILINE)
_LENGTH = r"(@\.const\.picklebuf\.{0} = .* ptr @\.const\.pickledata\.{0}, i32 )\d+"
_ESCAPE = re.compile(r"\\(\\|[0-9A-Fa-f]{2})")


def with_plain_words(text: str) -> str:
    """Puts words where Numba has put pickled exceptions.

    Args:
        text: LLVM text of a plugin.
    """
    for match in list(_DATA.finditer(text)):
        words = _words(_bytes(match.group(3)))[: MESSAGE_BYTES - 1] + b"\0"
        letters = "".join(f"\\{byte:02X}" for byte in words)
        text = text.replace(match.group(0), f'{match.group(1)}[{len(words)} x i8] c"{letters}"')
        text = re.sub(_LENGTH.format(match.group(2)), rf"\g<1>{len(words)}", text)
    return text


def _bytes(escaped: str) -> bytes:
    return _ESCAPE.sub(lambda match: "\\" if match.group(1) == "\\" else chr(int(match.group(1), 16)), escaped).encode(
        "latin-1"
    )


def _words(pickled: bytes) -> bytes:
    kind, arguments, place = pickle.loads(pickled)  # noqa: S301 - made by Numba, here, some seconds ago
    said = "an index is outside of the read" if kind is IndexError else ": ".join([kind.__name__, *map(str, arguments)])
    line = f", line {place[2]}" if place is not None and place[1] == SOURCE_NAME else ""
    return f"{SOURCE_NAME}{line}: {said}".encode()
