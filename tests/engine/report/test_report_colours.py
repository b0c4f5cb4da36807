from __future__ import annotations

import re
from importlib.resources import files

import pytest

CSS = files("resources").joinpath("report", "plots.css").read_text("utf-8")
SEEN = 3.0
"""What the guidelines want of lines in plots, against what they are drawn on."""


def luminance(color: str) -> float:
    parts = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("begin", [":root {", ':root:not([data-theme="light"]) {', ':root[data-theme="dark"] {'])
def test_lines_of_plots_are_seen_on_light_and_on_dark(begin: str) -> None:
    block = CSS[CSS.index(begin) :].partition("}")[0]
    colors = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
    lines = [name for name in colors if re.match(r"base-|line-|mean$|median$", name)]
    assert {*"acgtn"} <= {name.removeprefix("base-") for name in lines}
    ground = luminance(colors["panel"])
    for name in lines:
        light, dark = sorted((luminance(colors[name]), ground), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= SEEN, name
