"""Drops reads whose mean quality is below a threshold."""


def process(qualities, least: float) -> bool:
    total = 0
    for quality in qualities:
        total += quality
    return total >= (least + 33) * len(qualities)
