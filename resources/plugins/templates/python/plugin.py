"""Drops reads whose mean quality is below a threshold. Change it into what you need.

``process`` is called for every read. It may take ``name``, ``bases`` and ``qualities`` (their bytes; qualities are
Phred + 33) and parameters of plugin.toml, with their types. What it says that it returns decides what becomes of it:

    bool             False drops the read
    float or int     is the read's value of the one metric of the kind per_read; not-a-number is none
    tuple[int, int]  keeps the bases from the first up to the second
    None             nothing

It is compiled and then runs without Python, if it does with numbers, loops, functions and, of ``math``, what
exponentials, logarithms, powers and roots need. With texts, lists, dictionaries or other modules it gets an interpreter
of its own, and is many times slower; PYTHON.md tells more. ``raise ValueError("...")`` stops with that message and its
line.
"""


def process(qualities, least: float) -> bool:
    total = 0
    for quality in qualities:
        total += quality
    return total >= (least + 33) * len(qualities)
