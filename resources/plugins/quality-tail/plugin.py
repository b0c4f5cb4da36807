"""Cuts bases of low quality from the end of each read."""


def process(qualities, least: int) -> tuple[int, int]:
    end = len(qualities)
    while end > 0 and qualities[end - 1] < least + 33:
        end -= 1
    return 0, end
