from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from itertools import product

import pytest

from gui.theme.theme import edge
from gui.theme.tokens import DARK, LIGHT, SERIES, SERIES_ON_LIGHT, Tokens, mixed
from tests.luminance import luminance

GROUNDS = ("ground", "panel", "raised")
TEXTS = ("text", "muted", "accent", "passed", "warned", "failed")
LEGIBLE = 4.5
SEEN = 3.0


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_the_one_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize(("text", "ground"), list(product(TEXTS, GROUNDS)))
def test_text_is_legible_on_every_ground(tokens: Tokens, text: str, ground: str) -> None:
    assert contrast(tokens[text], tokens[ground]) >= LEGIBLE


@pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("name", ["muted", "accent", "passed", "warned", "failed"])
def test_badges_are_legible(tokens: Tokens, name: str) -> None:
    assert contrast(tokens[name], tokens.soft(name)) >= LEGIBLE


@pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("name", TEXTS)
def test_text_is_legible_in_a_chosen_line(tokens: Tokens, name: str) -> None:
    assert contrast(tokens[name], tokens.soft("accent")) >= LEGIBLE


@pytest.mark.parametrize(("tokens", "series"), [(DARK, SERIES), (LIGHT, SERIES_ON_LIGHT)], ids=["dark", "light"])
def test_lines_and_outlines_are_seen(tokens: Tokens, series: Mapping[str, str]) -> None:
    for color in (*series.values(), tokens.accent, tokens.passed, tokens.warned, tokens.failed):
        assert min(contrast(color, tokens[ground]) for ground in ("panel", "raised")) >= SEEN, color
    assert min(contrast(edge(tokens), tokens[ground]) for ground in GROUNDS) >= SEEN


@pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])
def test_text_on_the_accent_is_legible(tokens: Tokens) -> None:
    assert contrast(tokens.on_accent, tokens.accent) >= LEGIBLE


@pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])
def test_colours_are_written_as_six_digits(tokens: Tokens) -> None:
    for color in (*asdict(tokens).values(), *SERIES.values(), *SERIES_ON_LIGHT.values()):
        assert len(color) == 7
        int(color[1:], 16)


def test_tokens_are_asked_for_by_name() -> None:
    assert DARK["accent"] == DARK.accent
    with pytest.raises(KeyError):
        DARK["soft"]


def test_mixing_goes_from_one_colour_to_the_other() -> None:
    assert mixed("#000000", "#ffffff", 0.0) == "#000000"
    assert mixed("#000000", "#ffffff", 1.0) == "#ffffff"
    assert mixed("#102030", "#304050", 0.5) == "#203040"
