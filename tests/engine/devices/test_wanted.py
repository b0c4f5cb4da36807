from __future__ import annotations

import pytest

from engine.devices.wanted import Wanted, wanted


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("cpu", Wanted(cpu=True, devices=())),
        ("auto", Wanted(cpu=True, devices=(), is_auto=True)),
        ("cuda:0", Wanted(cpu=False, devices=(0,))),
        ("cuda:1,cuda:0", Wanted(cpu=False, devices=(0, 1))),
        ("cpu,cuda:12", Wanted(cpu=True, devices=(12,))),
        ("CPU, CUDA:3", Wanted(cpu=True, devices=(3,))),
        ("Auto", Wanted(cpu=True, devices=(), is_auto=True)),
    ],
)
def test_texts_say_who_counts(text: str, meant: Wanted) -> None:
    assert wanted(text) == meant
    assert meant.needs_devices == (text != "cpu")


@pytest.mark.parametrize("text", ["", "gpu", "cuda", "cuda:", "cuda:x", "cuda:01", "cuda:-1", "auto,cpu", "cuda:0,"])
def test_others_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be auto, cpu, cuda:0 for the first GPU"):
        wanted(text)


def test_each_can_be_named_once() -> None:
    with pytest.raises(ValueError, match="names cuda:0 twice"):
        wanted("cuda:0,cpu,CUDA:0")
