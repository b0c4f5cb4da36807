from __future__ import annotations

import pytest

from engine.parse.faults import describe
from kernels.parse.record_faults import Fault


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault])
def test_every_fault_has_a_sentence(fault: Fault) -> None:
    sentence = describe(fault, ord("x"), 1234, 5)
    assert sentence.endswith(".")
    assert "{" not in sentence
    assert sentence[0].islower() or not sentence[0].isalpha()  # it follows the place and a colon


@pytest.mark.parametrize(
    ("byte", "name"),
    [
        (0, "a zero byte"),
        (9, "a tab"),
        (10, "the end of the line"),
        (13, "a carriage return"),
        (32, "a space"),
        (33, "“!”"),
        (65, "“A”"),
        (126, "“~”"),
        (127, "a delete"),
        (27, "the byte 27 (0x1B)"),
        (128, "the byte 128 (0x80)"),
        (255, "the byte 255 (0xFF)"),
    ],
)
def test_bytes_have_names(byte: int, name: str) -> None:
    assert describe(Fault.SEQUENCE_BYTE, byte, 0, 0) == f"{name} cannot stand in a sequence."


def test_every_byte_has_a_name_of_its_own_that_can_be_printed() -> None:
    names = [describe(Fault.HEADER, byte, 0, 0) for byte in range(256)]
    assert len(set(names)) == 256
    assert all(name.isprintable() for name in names)
