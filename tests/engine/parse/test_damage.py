"""Damage that is passed over: what comes before and after it is read, and it is counted."""

from __future__ import annotations

import bz2
import gzip
import lzma
import random
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import CompressedStreamError, FastqFormatError
from engine.flow.pool import BufferPool
from engine.parse.damage import MOST_TOLD, Damage, SkippingReader
from engine.parse.place import Place
from engine.parse.resync import Found, next_record
from engine.source.inputs import open_source
from engine.source.skipping import skip
from tests.alignment_files import Record, bam
from tests.parsing import TextSource
from tests.stored_files import bgzf

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def record(number: int) -> bytes:
    bases = b"ACGTN"[number % 5 :] * (number % 7 + 1)
    return b"@r%d\n%s\n+\n%s\n" % (number, bases, b"@" * len(bases))


def names_in(reader: SkippingReader, pool: BufferPool, first: int = 0) -> list[int]:
    names: list[int] = []
    for batch in reader:
        assert batch.first_record == first + len(names)
        text = bytes(batch.buffer)
        for start, length in zip(batch.name_starts.tolist(), batch.name_lengths.tolist(), strict=True):
            names.append(int(text[start + 1 : start + length]))
        pool.give(batch.buffer)
    return names


def read(text: bytes, size: int = 256) -> tuple[list[int], Damage]:
    pool, damage = BufferPool(size, 4), Damage()
    return names_in(SkippingReader(TextSource(text), pool, Path("reads.fastq"), None, damage), pool), damage


SPOILED: dict[str, Callable[[bytes], bytes]] = {
    "header without @": lambda text: text.replace(b"@", b"x", 1),
    "separator": lambda text: text.replace(b"\n+\n", b"\n-\n", 1),
    "a quality less": lambda text: text[:-2] + b"\n",
    "a line less": lambda text: text[text.index(b"\n") + 1 :],
    "zero bytes": lambda text: bytes(len(text)),
}


@pytest.mark.parametrize("how", SPOILED)
@pytest.mark.parametrize("size", [64, 300, 1 << 16])
def test_only_damaged_records_are_lost(how: str, size: int) -> None:
    records = [record(number) for number in range(60)]
    bad = {7, 20, 30, 59}
    spoiled = [SPOILED[how](text) if number in bad else text for number, text in enumerate(records)]
    names, damage = read(b"".join(spoiled), size)
    missing = set(range(60)) - set(names)
    assert names == sorted(names)
    # What runs into the next line takes the record with it.
    assert bad <= missing <= bad | {number + 1 for number in bad}
    assert damage.regions == 4
    assert len(damage.told) == damage.regions
    assert damage.text_bytes >= sum(len(spoiled[number]) for number in bad)


def test_sound_text_is_read_as_ever() -> None:
    names, damage = read(b"".join(record(number) for number in range(100)))
    assert names == list(range(100))
    assert damage == Damage()


def test_text_without_records_is_passed_over_whole() -> None:
    names, damage = read(b"@r\nACGT\n" + b"no record\n" * 5000)
    assert names == []
    assert (damage.regions, damage.text_bytes) == (1, 8 + 50_000)


def test_all_regions_are_counted_and_some_are_told() -> None:
    text = b"".join(record(number) + b"nonsense\n" for number in range(50))
    names, damage = read(text)
    assert names == list(range(50))
    assert (damage.regions, damage.text_bytes, len(damage.told)) == (50, 450, MOST_TOLD)


def test_damage_is_told_with_its_lines_in_the_file() -> None:
    text = b"nonsense\n".join(record(number) for number in range(4))
    _, damage = read(text)
    assert [re.findall(r"line (\d+)", sentence) for sentence in damage.told] == [["5"], ["10"], ["15"]]


def test_a_file_of_nothing_but_damage_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.parse.damage.MOST_REGIONS", 3)
    damaged = b"nonsense\n".join(record(number) for number in range(5))
    with pytest.raises(FastqFormatError, match="record 5, line 20"):
        read(damaged)
    names, damage = read(b"nonsense\n".join(record(number) for number in range(4)))
    assert (names, damage.regions) == ([0, 1, 2, 3], 3)


def test_going_on_from_any_place_gives_the_rest(tmp_path: Path) -> None:
    text = b"".join(record(number) + b"nonsense\n" * (number % 9 == 0) for number in range(80))
    path = tmp_path / "reads.fastq"
    path.write_bytes(text)
    pool, damage = BufferPool(200, 4), Damage()
    reader = SkippingReader(TextSource(text), pool, path, None, damage)
    places: list[Place] = []
    for batch in reader:
        places.append(reader.place.texts[0])
        pool.give(batch.buffer)
    assert damage.regions == 9
    for place in places:
        source = open_source(path, mends=True)
        skip(source, place.offset)
        rest = SkippingReader(source, pool, path, place, Damage())
        assert names_in(rest, pool, place.records) == list(range(place.records, 80))
        source.close()


STORED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress, "bgzf": bgzf, "bzip2": bz2.compress, "xz": lzma.compress, "zstd": zstd.compress,
}  # fmt: skip


@pytest.mark.parametrize("packing", STORED)
@pytest.mark.parametrize("threads", [0, 2])
def test_a_damaged_member_costs_its_own_reads(tmp_path: Path, packing: str, threads: int) -> None:
    """Random reads do not compress, so that every member has some thousand bytes to be damaged."""
    chance = random.Random(4)  # noqa: S311 - reads, not secrets
    texts = []
    for member in range(6):
        reads = ["".join(chance.choices("ACGT", k=80)) for _ in range(60)]
        lines = [f"@{60 * member + at}\n{bases}\n+\n{'I' * 80}\n" for at, bases in enumerate(reads)]
        texts.append("".join(lines).replace("@", "@r").encode())
    members = [STORED[packing](text).removesuffix(bgzf(b"")) for text in texts]
    for bad in (1, 3):
        middle = len(members[bad]) // 2
        members[bad] = members[bad][:middle] + bytes(40) + members[bad][middle + 40 :]
    path = tmp_path / "reads.fastq.gz"
    path.write_bytes(b"".join(members) + (bgzf(b"") if packing == "bgzf" else b""))
    source = open_source(path, threads=threads, mends=True)
    assert source.kind == ("bzip2" if packing == "bzip2" else packing)
    pool, damage = BufferPool(4096, 4), Damage()
    names = names_in(SkippingReader(source, pool, path, None, damage), pool)
    source.close()
    sound = {60 * member + at for member in (0, 2, 4, 5) for at in range(60)}
    assert sound <= set(names)
    assert names == sorted(set(names))
    assert len(names) < 360
    assert damage.regions >= 2
    assert 0 < damage.file_bytes <= len(members[1]) + len(members[3]) + 8


def test_a_file_cut_short_is_read_to_where_it_was_cut(tmp_path: Path) -> None:
    text = b"".join(record(number) for number in range(5000))
    whole = gzip.compress(text)
    path = tmp_path / "reads.fastq.gz"
    path.write_bytes(whole[: len(whole) // 2])
    source = open_source(path, mends=True)
    pool, damage = BufferPool(4096, 4), Damage()
    names = names_in(SkippingReader(source, pool, path, None, damage), pool)
    source.close()
    assert names == list(range(len(names)))
    assert 1000 < len(names) < 5000
    assert damage.regions == 1
    assert damage.file_bytes


def test_the_next_record_is_told_from_what_looks_like_one() -> None:
    sound = b"@r\nACGT\n+\n@@@@\n"
    for damaged in (b"x\n", b"\n", b"IIII\n", b"@@@\n@\n+\n", b"+\n@@@@\n"):
        found = next_record(damaged + sound + sound, at_end=False)
        assert found.is_certain
        assert (damaged + sound + sound)[found.newline + 1 :] in (sound + sound, sound)
    # A line of qualities may begin with @; what follows it is no record.
    assert next_record(b"+\n@@@@\n" + sound, at_end=True).newline == 6
    for end in range(1, len(sound)):
        assert not next_record(b"x\n" + sound[:end], at_end=False).is_certain
    assert next_record(b"x" * 9, at_end=False) == Found(8, is_certain=False)  # the rest is not looked at once more
    assert next_record(b"x\n" + sound[:-1], at_end=True).is_certain
    assert next_record(b"x\n" + sound[:-3], at_end=True).newline == len(b"x\n" + sound[:-3])


def test_alignments_are_not_mended(tmp_path: Path) -> None:
    """A block that is missing at the end, which only BAM always tells, is damage as ever."""
    path = tmp_path / "reads.bam"
    path.write_bytes(bgzf(bam([Record("r1", 4, "ACGT", (30,) * 4)])).removesuffix(bgzf(b"")))
    source = open_source(path, mends=True)
    assert source.kind == "bam"
    pool = BufferPool(4096, 4)
    with pytest.raises(CompressedStreamError, match="end marker"):
        names_in(SkippingReader(source, pool, path, None, Damage()), pool)
    source.close()


def test_what_goes_on_without_an_end_is_not_kept_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.parse.damage.LARGEST_RECORD", 1 << 20)
    longest: list[int] = []

    def watched(text: bytes, *, at_end: bool) -> Found:
        longest.append(len(text))
        return next_record(text, at_end=at_end)

    monkeypatch.setattr("engine.parse.damage.next_record", watched)
    good = b"".join(map(record, range(20)))
    names, damage = read(good + b"x\n@" + bytes(5 << 20) + b"\n" + good)
    assert names == [*range(20), *range(20)]
    assert damage.regions == 1
    assert max(longest) < 3 << 20
