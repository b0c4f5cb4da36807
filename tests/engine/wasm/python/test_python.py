from __future__ import annotations

import re
from typing import Any

import pytest

from engine.wasm.errors import PluginError
from engine.wasm.host import Host
from engine.wasm.manifest import Manifest
from engine.wasm.python.compiling import compile_python
from engine.wasm.python.source import Declared, SourceError
from engine.wasm.python.translate import translate
from engine.wasm.stage.stage import StagePlugin
from tests.guests import batch_of, manifest_for, reads_in
from tests.naive_parser import Read

READS = [Read(b"one", b"ACGT", b"FFFF"), Read(b"x", b"", b""), Read(b"two", b"GGCCA", b"##F##")]


def plugin_of(host: Host, text: str, values: dict[str, object] | None = None, **changes: Any) -> StagePlugin:
    manifest: Manifest = manifest_for(b"", **changes)
    return StagePlugin(host, manifest, compile_python(text, manifest), values)


def test_a_bool_keeps_or_drops(host: Host) -> None:
    text = """
LETTER = 65

def count(text, letter):
    found = 0
    for byte in text:
        found += byte == letter
    return found

def process(name, bases, least: int, strict: bool, which: int, share: float) -> bool:
    found = count(bases, LETTER)
    if strict:
        return found > least and name[0] == 111 and which == 1 and share == 0.5
    return found >= least
"""
    parameters = [
        {"name": "least", "type": "integer", "default": 1},
        {"name": "strict", "type": "boolean", "default": False},
        {"name": "which", "type": "choice", "default": "a", "choices": ["a", "b"]},
        {"name": "share", "type": "number", "default": 0.5},
    ]
    for values, kept in (({}, READS[::2]), ({"least": 0, "strict": True, "which": "b"}, READS[:1])):
        with plugin_of(host, text, values, parameters=parameters).open() as stage:
            assert reads_in(stage.process(batch_of(READS)).batch) == kept


def test_nothing_leaves_reads_as_they_are(host: Host) -> None:
    with plugin_of(host, "def process(bases) -> None:\n    return\n").open() as stage:
        assert reads_in(stage.process(batch_of(READS)).batch) == READS


def test_a_number_may_be_whole(host: Host) -> None:
    text = "def process(bases) -> int:\n    return len(bases)\n"
    metrics = [{"name": "length", "kind": "per_read", "high": 10}]
    with plugin_of(host, text, metrics=metrics, changes=[]).open() as stage:
        length = stage.process(batch_of(READS)).metrics.values()["length"]
    assert (length.count, length.value, length.least, length.most) == (3, 3, 0, 5)


def test_an_index_outside_of_a_read_is_told(host: Host) -> None:
    text = "def process(bases) -> bool:\n    return bases[3] == 84\n"
    with plugin_of(host, text).open() as stage:
        assert stage.process(batch_of(READS[:1])).batch.dropped is None
        with pytest.raises(PluginError, match=r"guest: it cannot go on: plugin\.py: an index is outside of the read"):
            stage.process(batch_of(READS))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("    return len({base: 1 for base in bases}) > 3", "line 2: it makes a dictionary"),
        ("    found = {1}\n    return len(found) > len(bases)", "line 2: it makes a set"),
        ("    found = 1\n    return len([base for base in bases]) > found", "line 3: it makes a list"),
        ("    return f'{len(bases)}' == '5'", "line 2: it makes a text"),
        ("    try:\n        return bases[5] > 3\n    except IndexError:\n        return False", "line 2: it catches"),
        ("    return sorted(bases)[0] > 2", r"line 0: it makes arrays of its own, as sorted"),
    ],
)  # fmt: skip
def test_python_that_cannot_be_compiled_is_named(body: str, words: str) -> None:
    with pytest.raises(SourceError) as caught:
        translate(f"def process(bases) -> bool:\n{body}\n", [])
    assert caught.value.is_python
    assert re.match(words, f"line {caught.value.line}: {caught.value}")


def test_who_is_told_so_is_told_what_to_do() -> None:
    with pytest.raises(PluginError, match=r"plugin\.py, line 2: it makes a text") as caught:
        compile_python("def process(bases) -> bool:\n    return f'{len(bases)}' == '5'\n", manifest_for(b""))
    assert "lanescope plugin new NAME --language c" in caught.value.hint


def test_words_of_exceptions_come_through_as_they_are(host: Host) -> None:
    text = """
def process(bases) -> None:
    'Neither this text nor the next is in the way.'
    if len(bases) > 4:
        raise ValueError('a\\\\b "quoted" é')
"""
    with (
        plugin_of(host, text, changes=[]).open() as stage,
        pytest.raises(PluginError, match=r'line 5: ValueError: a\\b "quoted" é\.$'),
    ):
        stage.process(batch_of(READS))


def test_an_exception_is_told_with_its_line(host: Host) -> None:
    text = "def process(bases) -> None:\n    if len(bases) > 4:\n        raise ValueError('too long')\n"
    with plugin_of(host, text, changes=[]).open() as stage:
        assert reads_in(stage.process(batch_of(READS[:2])).batch) == READS[:2]
        with pytest.raises(PluginError, match=r"guest: it cannot go on: plugin\.py, line 3: ValueError: too long"):
            stage.process(batch_of(READS))


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("def process(bases) -> bool:\n    x = 1\n    return bases.foo(x)\n", 3, "Unknown attribute 'foo'"),
        ("def process(bases) -> bool:\n\n    return 'a' + 1\n", 3, "it works with a text, 'a'"),
        ("def helper(x):\n    return x.y\n\ndef process(bases) -> bool:\n    return helper(1)\n", 2, "attribute 'y'"),
        ("def process(bases) -> bool:\n    return open('/etc/passwd')\n", 2, "'open'"),
        ("def process(bases)\n    return 1\n", 1, "expected ':'"),
        ("x = 1\nimport os\ndef process(bases) -> bool:\n    return True\n", 2, "may stand outside functions"),
        ("print('hi')\ndef process(bases) -> bool:\n    return True\n", 1, "may stand outside functions"),
        ("x = __import__('os')\ndef process(bases) -> bool:\n    return True\n", 1, "only constants"),
        ("@print\ndef process(bases) -> bool:\n    return True\n", 2, "no decorators"),
        ("def process(bases, x=print()) -> bool:\n    return True\n", 1, "without defaults"),
        ("def process(bases):\n    return True\n", 1, "must say what it returns"),
        ("def process(bases, other: int) -> bool:\n    return True\n", 1, "neither a part of the read"),
        ("def process(bases, least: float) -> bool:\n    return True\n", 1, "write least: int"),
        ("def work(bases) -> bool:\n    return True\n", 0, "there is no function process"),
        ("def process(bases) -> tuple[int, int]:\n    return len(bases)\n", 1, "does not return what it says"),
        ("import math\ndef process(bases) -> bool:\n    return math.sin(len(bases)) > 5.0\n", 0, "uses sin"),
        ("import numpy\ndef process(bases) -> bool:\n    return numpy.zeros(9).sum() > 1\n", 0, "arrays of its own"),
    ],
)  # fmt: skip
def test_errors_point_at_the_line(text: str, line: int, words: str) -> None:
    with pytest.raises(SourceError, match=words) as caught:
        translate(text, [Declared("least", "integer")])
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("text", "changes", "words"),
    [
        ("def process(bases) -> bool:\n    return True\n", {"needs": ["qualities"]}, "name bases among the needs"),
        ("def process(bases) -> bool:\n    return True\n", {"changes": []}, "name keep among the changes"),
        ("def process(bases) -> tuple[int, int]:\n    return 0, 1\n", {}, "name trim among the changes"),
        ("def process(bases) -> float:\n    return 1.0\n", {}, "declare one metric of the kind per_read"),
        ("def process(bases) -> bool:\n    return bases.foo\n", {}, "plugin.py, line 2: Unknown attribute"),
    ],
)
def test_source_and_manifest_go_together(text: str, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(PluginError, match=words):
        compile_python(text, manifest_for(b"", **changes))
