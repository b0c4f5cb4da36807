"""What guests hand over to be flushed: keys and values in turn, as protobuf.

The message is ``message KeyValueFlush { repeated bytes list = 1; }``.
"""

from __future__ import annotations

from engine.wasm.state.errors import StateError

_FIELD = 0x0A
_MOST_SHIFT = 63


def decode_flush(message: bytes) -> dict[bytes, bytes]:
    """Keys and their values; of a key that comes twice the last.

    Raises:
        StateError: it is not such a message.
    """
    items: list[bytes] = []
    place = 0
    while place < len(message):
        field, place = _number(message, place)
        length, place = _number(message, place)
        if field != _FIELD or length > len(message) - place:
            raise StateError("What is to be flushed is not a list of keys and values.")
        items.append(message[place : place + length])
        place += length
    if len(items) % 2:
        raise StateError("What is to be flushed has a key without a value.")
    return dict(zip(items[::2], items[1::2], strict=True))


def encode_flush(writes: dict[bytes, bytes]) -> bytes:
    """The message for keys and values, as guests make it."""
    return b"".join(
        bytes([_FIELD]) + _varint(len(item)) + item for key_and_value in writes.items() for item in key_and_value
    )


def _number(message: bytes, place: int) -> tuple[int, int]:
    number = shift = 0
    while place < len(message) and shift < _MOST_SHIFT:
        byte = message[place]
        place += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, place
        shift += 7
    raise StateError("What is to be flushed ends in the middle of a number.")


def _varint(number: int) -> bytes:
    digits = bytearray()
    while number >= 0x80:
        digits.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*digits, number])
