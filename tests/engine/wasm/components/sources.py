"""Sources of plugins: functions that can be compiled, and two plugins that cannot, each with many faces.

Building one takes longer than all the tests of it, so that there are no more than two.
"""

from __future__ import annotations

from typing import Any

TYPED = """
import math

def mean(values):
    total = 0
    for value in values:
        total += value - 33
    return total / max(len(values), 1)

def filtered(name, bases, qualities, least, share):
    found = 0
    for base in bases:
        found += base == 71 or base == 67
    return found >= share * len(bases) and mean(qualities) > least

def measured(name, bases, qualities, least, share):
    if len(bases) == 0:
        return math.nan
    return mean(qualities) * share + math.sqrt(len(name))

def trimmed(name, bases, qualities, least, share):
    end = len(bases)
    while end > 0 and qualities[end - 1] - 33 < least:
        end -= 1
    return 0, end
"""

READS = f"""{TYPED}
import collections
import json
import re

MOTIF = re.compile(rb"(GC)+")
COUNTS = collections.Counter(["a", "b", "a"])

class Refused(Exception):
    pass

def process(name, bases, qualities, what: str, least: int, share: float, which: int, word: str, on: bool) -> bool:
    if what == "tell":
        raise Refused([name, bases, least, share, which, word, on])
    kind, _, todo = what.partition(" ")
    # What a source says that it returns is fixed when it is built; this one is all of them in turn.
    __import__("declared").RESULT = kind
    return globals()[todo](name, bases, qualities, least, share) if todo in globals() else ATTEMPTS[todo](bases)

def motif(name, bases, *_):
    return bool(MOTIF.search(bases)) and COUNTS["a"] == 2 and {{"x": 1}}["x"] == 1

def nothing(*_):
    return None

def some_nothing(name, bases, *_):
    return None if bases.startswith(b"G") else 1 if len(bases) > 2 else 0

def bounds_or_nothing(name, bases, *_):
    return None if bases.startswith(b"G") else (1, 2)

def boom(name, bases, *_):
    if len(bases) > 4:
        raise Refused("too long: " + json.dumps(bases.decode()))
    return True

def bomb(*_):
    kept = []
    while True:
        kept.append(bytearray(1 << 20))

def spin(*_):
    while True:
        pass

def backtrack(*_):
    return re.match("(((a*)*)*)*b", "a" * 100) is None

def deep(*_):
    return deep() + 1

def nested(*_):
    return json.loads("[" * 100000)

def bad_word(*_):
    return "yes"

def bad_bounds(*_):
    return 3, 1

def past_the_end(*_):
    return 0, 1000

def endless(*_):
    return math.inf

def huge(*_):
    return 10 ** 400

def read_file(_):
    return open("/etc/passwd").read()

def list_files(_):
    import os
    return os.listdir("/")

def dial(_):
    import socket
    return socket.create_connection(("localhost", 80))

def look_around(_):
    import os
    return os.environ["HOME"]

def ask_the_time(_):
    import time
    return time.time()

def ask_the_date(_):
    import datetime
    return datetime.datetime.now()

def roll(_):
    import random
    return random.random()

def roll_deeper(_):
    import random
    return random.Random().random()

def roll_of_ones_own(_):
    import random
    return random.Random(7).random() < 2

def say(_):
    print("hello")

def run(_):
    import subprocess
    return subprocess.run(["ls"])

def fork(_):
    import os
    return os.fork()

def leave(_):
    raise SystemExit(3)

def import_late(_):
    return __import__("colorsys")

ATTEMPTS = {{function.__name__: function for function in (
    read_file, list_files, dial, look_around, ask_the_time, ask_the_date, roll, roll_deeper, roll_of_ones_own, say, run,
    fork, leave, import_late,
)}}
for taken in ATTEMPTS:
    del globals()[taken]
"""

READS_MANIFEST: dict[str, Any] = {
    "parameters": [
        {"name": "what", "type": "text", "default": "filter motif"},
        {"name": "least", "type": "integer", "default": 20},
        {"name": "share", "type": "number", "default": 0.5},
        {"name": "which", "type": "choice", "default": "b", "choices": ["a", "b"]},
        {"name": "word", "type": "choice", "default": "b", "choices": ["a", "b"]},
        {"name": "on", "type": "boolean", "default": True},
    ],
    "limits": {"memory_mib": 128, "call_seconds": 60},
}

DOCUMENTS = """
def process(document: dict, kind: str, total: int, share: float, least: float, what: str) -> dict:
    if what == "keep":
        __import__("declared").RESULT = "filter"
        return share >= least
    if what == "number":
        __import__("declared").RESULT = "metric"
        return total * 2
    __import__("declared").RESULT = "patch"
    if what == "boom":
        return document["missing"]
    if what == "word":
        return "done"
    if what == "nothing":
        return None
    return {"kind": kind, "names": sorted(document), "old": None, "total": total}
"""

DOCUMENTS_MANIFEST: dict[str, Any] = {
    "abi": "document/1",
    "documents": ["result", "query"],
    "changes": [],
    "fields": [
        {"name": "total", "path": "reads.total", "type": "integer"},
        {"name": "share", "path": "share"},
    ],
    "parameters": [
        {"name": "least", "type": "number", "default": 0.5},
        {"name": "what", "type": "text", "default": "patch"},
    ],
}
