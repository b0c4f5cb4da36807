"""The process that compiles Python plugins, asked to do what it must not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from engine.wasm.python.compiling import compile_python
from engine.wasm.python.rights import Kept, give_up_rights
from tests.guests import manifest_for

ROOT = Path(__file__).parents[4]
ATTEMPTS = {
    "network": "import socket; socket.socket()",
    "pair": "import socket; socket.socketpair()",
    "program": "import os; os.execv('/bin/true', ['true'])",
    "fork": "import os; os.fork()",
    "write": "open('here', 'w').write('a')",
    "elsewhere": "open(HIDDEN.replace('secret', 'new'), 'w')",
    "read": "open(HIDDEN).read()",
    "list": "import os; os.listdir(os.path.dirname(HIDDEN))",
    "change": "import os; os.chmod(HIDDEN, 0o777)",
    "remove": "import os; os.unlink(HIDDEN)",
    "signal": "import os; os.kill(PARENT, 0)",
    "memory": "bytearray(8 << 30)",
    "link": "import os; os.symlink('a', 'b')",
    "trace": "import ctypes; assert ctypes.CDLL(None).process_vm_readv(PARENT, 0, 0, 0, 0, 0) == 0",
}
UNKEPT = {  # what a system without the means lets through, and has to say so
    "reading files": {"read", "list", "elsewhere", "write"},
    "the network": {"network", "pair"},
    "other programs": {"program", "fork", "change", "remove", "signal", "link", "trace"},
    "taking all time and memory": {"memory", "write"},
}
SCRIPT = """
import json, os, socket, sys
from engine.wasm.python.rights import give_up_rights
HIDDEN, PARENT = sys.argv[1], os.getppid()
unkept = give_up_rights()
done = []
for name, code in json.load(sys.stdin).items():
    if name in ("program", "fork") and "other programs" in unkept:
        continue
    try:
        exec(code)
        done.append(name)
    except (OSError, MemoryError, AssertionError):
        pass
import calendar, colorsys  # modules are still to be had
print(json.dumps([unkept, done]))
"""


def test_nothing_is_left_to_do(tmp_path: Path) -> None:
    hidden = tmp_path / "secret"
    hidden.write_text("mine")
    (tmp_path / "empty").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(hidden)], input=json.dumps(ATTEMPTS), capture_output=True, text=True,
        env={"PYTHONPATH": str(ROOT)}, cwd=tmp_path / "empty", check=True,
    )  # fmt: skip
    unkept, managed = json.loads(done.stdout)
    allowed = {attempt for words in unkept for attempt in UNKEPT[words]}
    assert set(managed) <= allowed
    if not unkept:
        assert hidden.read_text() == "mine"
        assert list((tmp_path / "empty").iterdir()) == []


BUILDER = """
import json, os, sys, threading
from pathlib import Path
from engine.wasm.python.rights import Kept, give_up_rights
HIDDEN, PARENT = sys.argv[1], os.getppid()
unkept = give_up_rights(Kept(threads=True, folder=Path.cwd()))
done = []
for name, code in json.load(sys.stdin).items():
    if name not in ("program", "fork") or "other programs" not in unkept:
        try:
            exec(code)
            done.append(name)
        except (OSError, MemoryError, AssertionError):
            pass
thread = threading.Thread(target=done.append, args=["thread"])
thread.start()
thread.join()
os.mkdir("made")
Path("made/file").write_text("a")
os.unlink("made/file")
os.rmdir("made")
print(json.dumps([unkept, done]))
"""


def test_a_builder_has_threads_and_one_folder_and_no_more(tmp_path: Path) -> None:
    hidden, folder = tmp_path / "secret", tmp_path / "empty"
    hidden.write_text("mine")
    folder.mkdir()
    attempts = ATTEMPTS | {"time": "import os; os.utime(HIDDEN)"}
    done = subprocess.run(
        [sys.executable, "-c", BUILDER, str(hidden)], input=json.dumps(attempts), capture_output=True, text=True,
        env={"PYTHONPATH": str(ROOT)}, cwd=folder, check=True,
    )  # fmt: skip
    unkept, managed = json.loads(done.stdout)
    words = UNKEPT | {"reading and changing files": {"read", "list", "elsewhere", "remove"}}
    assert "thread" in managed
    assert set(managed) <= {"thread", "write", *(attempt for each in unkept for attempt in words[each])}


def test_what_could_not_be_taken_away_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    monkeypatch.setattr("engine.wasm.python.rights._limited", lambda _: False)
    assert give_up_rights() == ["taking all time and memory", "reading files", "the network", "other programs"]
    assert "reading and changing files" in give_up_rights(Kept(folder=Path()))

    told: list[str] = []
    answer = {"wasm": "AGFzbQ==", "unkept": ["the network"]}
    monkeypatch.setattr("engine.wasm.python.compiling._ask", lambda *_: answer)
    text = "def process(bases) -> None:\n    return\n"
    assert compile_python(text, manifest_for(b""), told.append) == b"\0asm"
    words = "On this system the compiler of Python plugins could not be kept from: the network."
    assert told == [f"{words} Build only sources that you trust."]
