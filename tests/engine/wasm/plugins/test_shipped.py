"""Shipped plugins against plain twins, and shipped modules against their source."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.batch import ReadBatch
from engine.wasm.errors import PluginError
from engine.wasm.host import Host
from engine.wasm.plugins.build import build_plugin
from engine.wasm.plugins.conformance import check_plugin, make_batch, rows_of
from engine.wasm.plugins.library import shipped_folder
from engine.wasm.plugins.package import read_package
from engine.wasm.stage.stage import StagePlugin
from tests.guests import batch_of, reads_in
from tests.naive_parser import Read

NAMES = (
    "gc-content", "gc-window", "homopolymer-trimmer", "low-complexity", "mean-quality", "quality-tail", "strict-bases",
    "umi-to-name",
)  # fmt: skip

Settings = Mapping[str, Any]


def changes(bases: bytes) -> float:
    upper = bases.upper()
    different = sum(left != right for left, right in pairwise(upper))
    return different / (len(bases) - 1) if len(bases) > 1 else 0.0


def low_complexity(read: Read, settings: Settings) -> Read | None:
    return read if changes(read.bases) >= settings["threshold"] / 100 else None


def homopolymer_trimmer(read: Read, settings: Settings) -> Read | None:
    upper, base = read.bases.upper(), settings["base"].encode()
    start, end = 0, len(upper)
    tail = len(upper) - len(upper.rstrip(base))
    if settings["at_end"] and tail >= settings["least"]:
        end -= tail
    head = len(upper[:end]) - len(upper[:end].lstrip(base))
    if settings["at_start"] and head >= settings["least"]:
        start = head
    return Read(read.name, read.bases[start:end], read.qualities[start:end])


def gc_window(read: Read, settings: Settings) -> Read | None:
    upper, width = read.bases.upper(), settings["window"]
    counts = [sum(base in b"GC" for base in upper[start : start + width]) for start in range(len(upper) - width + 1)]
    least, most = settings["least"] * width / 100, settings["most"] * width / 100
    return read if all(least <= count <= most for count in counts) else None


def umi_to_name(read: Read, settings: Settings) -> Read | None:
    umi, cut = settings["length"], settings["length"] + settings["skip"]
    if len(read.bases) < cut:
        return None
    first, space, rest = read.name.partition(b" ")
    name = first + settings["separator"].encode() + read.bases[:umi] + space + rest
    return Read(name, read.bases[cut:], read.qualities[cut:])


def mean_quality(read: Read, settings: Settings) -> Read | None:
    return read if sum(read.qualities) >= (settings["least"] + 33) * len(read.qualities) else None


def quality_tail(read: Read, settings: Settings) -> Read | None:
    end = len(read.bases)
    while end and read.qualities[end - 1] - 33 < settings["least"]:
        end -= 1
    return Read(read.name, read.bases[:end], read.qualities[:end])


Twin = Callable[[Read, Settings], "Read | None"]

CASES: list[tuple[str, Twin, dict[str, Any]]] = [
    ("low-complexity", low_complexity, {"threshold": 30.0}),
    ("low-complexity", low_complexity, {"threshold": 75.0}),
    ("homopolymer-trimmer", homopolymer_trimmer, {"base": "G", "least": 10, "at_start": False, "at_end": True}),
    ("homopolymer-trimmer", homopolymer_trimmer, {"base": "T", "least": 2, "at_start": True, "at_end": True}),
    ("homopolymer-trimmer", homopolymer_trimmer, {"base": "A", "least": 1, "at_start": True, "at_end": False}),
    ("gc-window", gc_window, {"window": 50, "least": 10.0, "most": 90.0}),
    ("gc-window", gc_window, {"window": 7, "least": 20.0, "most": 90.0}),
    ("mean-quality", mean_quality, {"least": 20.0}),
    ("quality-tail", quality_tail, {"least": 25}),
    ("umi-to-name", umi_to_name, {"length": 8, "skip": 0, "separator": "_"}),
    ("umi-to-name", umi_to_name, {"length": 30, "skip": 11, "separator": ":"}),
]


@pytest.fixture(scope="module")
def batch() -> ReadBatch:
    return make_batch(2000, 200)


@pytest.mark.parametrize(("name", "twin", "settings"), CASES)
def test_plugins_do_what_their_plain_twins_do(
    host: Host, batch: ReadBatch, name: str, twin: Twin, settings: dict[str, Any]
) -> None:
    package = read_package(shipped_folder() / name)
    with StagePlugin(host, package.manifest, package.wasm, settings).open() as stage:
        found = reads_in(stage.process(batch).batch)
    wanted = [made for read in reads_in(batch) if (made := twin(read, settings)) is not None]
    assert found == wanted
    assert wanted != reads_in(batch)


@pytest.mark.parametrize("name", NAMES)
def test_shipped_modules_behave_as_their_source(host: Host, batch: ReadBatch, tmp_path: Path, name: str) -> None:
    folder = shipped_folder() / name
    package = read_package(folder)
    assert package.manifest.name == name
    copy = tmp_path / name
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("*.wasm"))
    fresh = build_plugin(copy).read_bytes()
    manifest = package.manifest.model_copy(update={"sha256": hashlib.sha256(fresh).hexdigest()})
    results = []
    for wasm in (package.wasm, fresh):
        with StagePlugin(host, manifest, wasm).open() as stage:
            output = stage.process(batch)
        results.append((rows_of(output.batch), output.metrics.raw()))
    assert results[0] == results[1]


@pytest.mark.parametrize("name", NAMES)
def test_shipped_plugins_pass_their_own_check(host: Host, name: str) -> None:
    findings = list(check_plugin(host, read_package(shipped_folder() / name)))
    assert [finding.check for finding in findings if finding.trouble] == []
    assert len(findings) == 7


def test_metrics_counted_by_hand(host: Host) -> None:
    reads = [Read(b"a", b"AACC", b"FFFF"), Read(b"b", b"GGGGGGGGGG", b"FFFFFFFFFF"), Read(b"c", b"", b"")]
    package = read_package(shipped_folder() / "low-complexity")
    with StagePlugin(host, package.manifest, package.wasm).open() as stage:
        values = stage.process(batch_of(reads)).metrics.values()
    assert values["dropped"].value == 2
    complexity = values["complexity"]
    assert (complexity.count, complexity.least) == (3, 0)
    assert complexity.most == pytest.approx(100 / 3)
    assert complexity.value == pytest.approx(100 / 9)

    package = read_package(shipped_folder() / "homopolymer-trimmer")
    with StagePlugin(host, package.manifest, package.wasm).open() as stage:
        values = stage.process(batch_of(reads)).metrics.values()
    assert (values["reads_cut"].value, values["bases_cut"].value) == (1, 10)
    histogram = values["cut_lengths"].histogram
    assert histogram is not None
    assert np.flatnonzero(histogram).tolist() == [10]

    package = read_package(shipped_folder() / "gc-content")
    with StagePlugin(host, package.manifest, package.wasm).open() as stage:
        gc = stage.process(batch_of(reads)).metrics.values()["gc"]
    assert (gc.count, gc.least, gc.most) == (2, 50, 100)


def test_a_plugin_that_returns_nothing_leaves_reads_or_stops(host: Host) -> None:
    fine, ambiguous = Read(b"a", b"ACgtN", b"FFFFF"), Read(b"b", b"ARYb", b"FFFF")
    package = read_package(shipped_folder() / "strict-bases")
    with StagePlugin(host, package.manifest, package.wasm).open() as stage:
        assert reads_in(stage.process(batch_of([fine])).batch) == [fine]
        with pytest.raises(PluginError, match="line 15: ValueError: a read has a base that is not A, C, G, T or N"):
            stage.process(batch_of([fine, ambiguous]))
    with StagePlugin(host, package.manifest, package.wasm, {"ambiguous": True}).open() as stage:
        assert reads_in(stage.process(batch_of([fine, ambiguous])).batch) == [fine, ambiguous]
