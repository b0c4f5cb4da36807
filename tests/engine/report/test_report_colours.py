from __future__ import annotations

import re
from importlib.resources import files

import pytest

from tests.luminance import luminance

CSS = files("resources").joinpath("report", "plots.css").read_text("utf-8")
SEEN = 3.0
"""What the guidelines want of lines in plots, against what they are drawn on."""


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
