from __future__ import annotations

import re
from importlib.resources import files
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

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


# G. M. Machado, M. M. Oliveira and L. A. F. Fernandes, "A Physiologically-based Model for Simulation of Color Vision
# Deficiency", IEEE TVCG 15 (2009): linear RGB as it is seen without cones of one kind.
SIGHTS = {
    "all": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.9505, 1.0, 1.089])
APART = 10.0
"""Of colours that are told apart at a glance, in CIELAB; 2.3 is just noticed."""


def seen(color: str, sight: str) -> NDArray[np.float64]:
    """A colour in CIELAB, as it is seen."""
    values = np.array([int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    x, y, z = np.cbrt(TO_XYZ @ np.clip(np.asarray(SIGHTS[sight]) @ linear, 0.0, 1.0) / WHITE)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("begin", [":root {", ':root[data-theme="dark"] {'])
def test_lines_are_told_apart_also_by_who_sees_fewer_colours(begin: str, sight: str) -> None:
    block = CSS[CSS.index(begin) :].partition("}")[0]
    lines = re.findall(r"--line-\d: (#[0-9a-f]{6});", block)
    assert len(lines) == 8
    for one, other in combinations(lines, 2):
        assert np.linalg.norm(seen(one, sight) - seen(other, sight)) >= APART, (one, other)
