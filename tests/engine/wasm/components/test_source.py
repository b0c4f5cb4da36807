from __future__ import annotations

from typing import Any

import pytest

from engine.wasm.components.source import read_free_source
from engine.wasm.python.source import SourceError
from tests.guests import manifest_for

PARAMETERS = [
    {"name": "least", "type": "integer", "default": 1},
    {"name": "which", "type": "choice", "default": "a", "choices": ["a", "b"]},
    {"name": "word", "type": "text", "default": "a"},
]
OVER_DOCUMENTS: dict[str, Any] = {
    "abi": "document/1", "documents": ["result"], "changes": [],
    "fields": [{"name": "total", "path": "total", "type": "integer"}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("def process(bases) -> bool:\n    return len(basis) > 1\n", 2, "there is nothing of the name basis"),
        ("def process(bases) -> bool:\n    def f():\n        return x\n    return f()\n", 3, "of the name x"),
        ("def process(bases) -> bool:\n    return bases.mean() > 1\n", 2, "bytes here, which have no mean"),
        ("import re\nimport numpy as np\ndef process(bases) -> bool:\n    return True\n", 2, "no module numpy"),
        ("def process(bases) -> bool:\n    from engine import home\n    return home\n", 2, "no module engine"),
        ("def process(bases)\n    return 1\n", 1, "expected ':'"),
        ("def process(bases):\n    return True\n", 1, "must say what it returns"),
        ("def process(bases) -> dict:\n    return {}\n", 1, "must say what it returns"),
        ("def process(bases, *more) -> bool:\n    return True\n", 1, "plain arguments"),
        ("def process(other: int) -> bool:\n    return True\n", 1, "neither a part of the read"),
        ("def process(word: int) -> bool:\n    return True\n", 1, "write word: str"),
        ("def process(which) -> bool:\n    return True\n", 1, "write which: int or str"),
        ("x = 1\n", 0, "there is no function process"),
    ],
)
def test_what_cannot_go_well_is_told_before_anything_is_built(text: str, line: int, words: str) -> None:
    with pytest.raises(SourceError, match=words) as caught:
        read_free_source(text, manifest_for(b"", parameters=PARAMETERS))
    assert caught.value.line == line


def test_names_may_come_from_anywhere() -> None:
    text = """
from os.path import *
import collections.abc, json as j
class Kind: x = 1
CACHE = {}
def fill():
    global LATE
    LATE = [each for each in range(3)]
def process(bases, name, which: int, word: str) -> float:
    import re
    try:
        fill()
        return len(re.findall(word, bases.decode())) + len(CACHE) + Kind.x + LATE[0] + len(j.dumps([]))
    except KeyError as error:
        return len(str(error)) if __name__ else basename(name)
"""
    function = read_free_source(text, manifest_for(b"", parameters=PARAMETERS))
    assert function.arguments == ("bases", "name", "which", "word")
    assert (function.parts, function.values, function.places) == (("bases", "name"), ("which", "word"), ("which",))
    assert (function.result, function.line) == ("metric", 9)
    assert function.modules == ("os.path", "collections.abc", "json", "re")


@pytest.mark.parametrize(
    ("arguments", "calls"),
    [
        ("", ["process()", "process()"]),
        ("least: int", ["process(1)", "process(1)"]),
        ("qualities, least: int, name", ["process(q1, 1, n1)", "process(q2, 1, n2)"]),
        ("bases", ["process(b1)", "process(b2)"]),
    ],
)
def test_the_function_is_called_with_what_it_takes(arguments: str, calls: list[str]) -> None:
    text = f"def process({arguments}) -> None:\n    return\n"
    function = read_free_source(text, manifest_for(b"", parameters=PARAMETERS))
    declared: dict[str, Any] = {}
    exec(function.module(), declared)  # noqa: S102 - what the component runs
    columns = {"names": ["n1", "n2"], "bases": ["b1", "b2"], "qualities": ["q1", "q2"]}
    seen: list[str] = []
    declared["run"](
        lambda *given: f"process({', '.join(map(str, given))})", 2, [columns[part] for part in declared["PARTS"]],
        [1 for _ in declared["VALUES"]], seen.append,
    )  # fmt: skip
    assert seen == calls


def test_documents_come_whole() -> None:
    text = "def process(document: dict, kind: str, total: int) -> dict:\n    return document\n"
    function = read_free_source(text, manifest_for(b"", **OVER_DOCUMENTS))
    assert (function.values, function.result, function.parts) == (("document", "kind", "total"), "patch", ())
    with pytest.raises(SourceError, match="bases is neither the document, its kind, a field nor a parameter"):
        read_free_source("def process(bases) -> bool:\n    return True\n", manifest_for(b"", **OVER_DOCUMENTS))
