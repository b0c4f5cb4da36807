from __future__ import annotations

from gui.models.warming import Warming


def test_a_warm_start_says_nothing() -> None:
    warming = Warming(clock=iter((0.0, 0.1, 0.3)).__next__)
    warming.tell(0, 0)
    warming.tell(9, 9)
    assert (warming.text, warming.reason) == ("", "")


def test_a_cold_start_is_told_after_a_second_until_it_is_over() -> None:
    times = iter((0.0, 0.0, 1.2, 20.0))
    warming = Warming(clock=times.__next__)
    warming.tell(0, 0)
    assert warming.text == ""
    warming.tell(1, 9)
    assert warming.text == "Preparing kernels 1 of 9 · first start only"
    assert warming.reason.startswith("The engine is being made ready for this computer, 1 of 9;")
    warming.tell(9, 9)
    assert warming.text == ""
