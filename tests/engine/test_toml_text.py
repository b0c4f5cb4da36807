from __future__ import annotations

import tomllib

import pytest

from engine.toml_text import load_toml


def test_plain_text_is_read() -> None:
    numbers = ", ".join(["0.5"] * 500)
    text = f'a.b.c = "see a.b. And so on..."\nn = [{numbers}]\n[x.y]\nz = {{ p.q = 1.5 }}\n'
    assert load_toml(text) == {
        "a": {"b": {"c": "see a.b. And so on..."}}, "n": [0.5] * 500, "x": {"y": {"z": {"p": {"q": 1.5}}}}
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        ".".join("a" * 50_000) + " = 1",
        " . ".join(['"a b"'] * 50_000) + " = 1",
        "[" + ".".join("a" * 50_000) + "]",
        "x = {" + ".".join("a" * 50_000) + " = 1}",
        "x = { y = 1, " + ".".join("a" * 50_000) + " = 1}",
    ],
)
def test_names_of_thousands_of_parts_are_refused_at_once(text: str) -> None:
    with pytest.raises(ValueError, match="a name has more than 100 parts"):
        load_toml(text)


@pytest.mark.parametrize("text", ["a = " + "[" * 100_000, "a = " + "[" * 100_000 + "]" * 100_000])
def test_deep_lists_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="too deep"):
        load_toml(text)


@pytest.mark.parametrize("text", ["a = ", "a = 1\na = 2", "a = " + "9" * 5000])
def test_what_is_no_toml_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words are those of Python's own parser
        load_toml(text)
    with pytest.raises(tomllib.TOMLDecodeError):
        load_toml("a = ")
