"""Stops at the first read with a base that is not A, C, G, T or N; reads are left as they are."""


def is_base(letter):
    return letter in (65, 67, 71, 84, 78, 97, 99, 103, 116, 110)  # A C G T N a c g t n


def is_ambiguous(letter):
    return letter in (82, 89, 83, 87, 75, 77, 66, 68, 72, 86)  # R Y S W K M B D H V


def process(bases, ambiguous: bool) -> None:
    for base in bases:
        if not is_base(base) and not (ambiguous and is_ambiguous(base & 223)):
            raise ValueError("a read has a base that is not A, C, G, T or N")
