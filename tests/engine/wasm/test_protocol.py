from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.wasm.host import Host
from engine.wasm.protocol import (
    ProtocolError,
    ProtocolMessage,
    decode_message,
    decode_messages,
    encode_messages,
)
from engine.wasm.threads.manager import ThreadManager
from tests.engine.wasm.threads.family import family

MESSAGES = st.lists(st.builds(ProtocolMessage, st.integers(0, 255), st.binary(max_size=300)), max_size=20)


@given(MESSAGES)
def test_messages_come_back_as_they_were(messages: list[ProtocolMessage]) -> None:
    assert decode_messages(encode_messages(messages)) == messages


@given(st.binary(max_size=60))
def test_any_bytes_are_messages_or_told_where_they_are_not(data: bytes) -> None:
    end = len(data)
    try:
        messages = decode_messages(data)
    except ProtocolError as error:
        end = error.offset
        messages = decode_messages(data[:end])
    assert encode_messages(messages) == data[:end]


def test_a_message_byte_by_byte() -> None:
    assert encode_messages([ProtocolMessage(7, b"ACG"), ProtocolMessage(255)]) == b"\7\3\0\0\0ACG\xff\0\0\0\0"
    assert decode_message(b"\7\3\0\0\0ACG\xff\0\0\0\0", 8) == (ProtocolMessage(255), 13)


def test_a_message_cut_off_at_every_byte() -> None:
    first, second = ProtocolMessage(1, b"AC"), ProtocolMessage(2, b"GGT")
    data = encode_messages([first, second])
    for end in range(1, len(data)):
        if end == 7:
            assert decode_messages(data[:end]) == [first]
            continue
        with pytest.raises(ProtocolError, match=r"message at byte (0|7)") as caught:
            decode_messages(data[:end])
        assert caught.value.offset == (0 if end < 7 else 7)


def test_a_length_that_lies_takes_no_memory() -> None:
    with pytest.raises(ProtocolError, match="should have 4,294,967,295 bytes of data, but 2 follow"):
        decode_messages(b"\1\xff\xff\xff\xffab")
    with pytest.raises(ProtocolError):
        decode_message(b"\1\0\0\0\0", -1)


@pytest.mark.parametrize("kind", [-1, 256])
def test_a_type_is_one_byte(kind: int) -> None:
    with pytest.raises(ProtocolError, match="0 to 255"):
        ProtocolMessage(kind)


def test_messages_go_through_a_pipeline_thread(host: Host) -> None:
    messages = [ProtocolMessage(number, b"ACGT" * number) for number in range(10)]
    with ThreadManager(host, "demo", family()) as threads:
        assert decode_messages(threads.run_batch([encode_messages(messages)])[0]) == messages
