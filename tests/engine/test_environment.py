"""What the environment says is settled before it breaks anything, and too little memory is told before it ends us."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Generator
from datetime import datetime, timedelta

import pytest

from engine.environment import settle_environment

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits and time zones of Unix")

_START = [sys.executable, "-m", "gui.main"]


@pytest.fixture(autouse=True)
def _the_usual_zone() -> Generator[None]:
    with pytest.MonkeyPatch.context() as kept:
        kept.setenv("TZ", os.environ.get("TZ", ""))
        if not os.environ["TZ"]:
            kept.delenv("TZ")
        yield
    time.tzset()


@pytest.mark.parametrize("zone", ["UTC-48", "XXX24", "UTC+24:30", "UTC0XXX-30"])
def test_a_zone_that_python_cannot_take(monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    assert zone in (settle_environment() or "")
    assert datetime.now().astimezone().utcoffset() == timedelta()


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "XXX-23:59", ":/none", ""])
def test_a_zone_that_it_can_take(monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    assert settle_environment() is None
    assert os.environ["TZ"] == zone


def test_settings_that_numba_would_fail_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_NUM_THREADS", "0")
    monkeypatch.setenv("NUMBA_CPU_FEATURES", "x")
    monkeypatch.setenv("NUMBA_CACHE_DIR", "/kept")
    settle_environment()
    assert "NUMBA_NUM_THREADS" not in os.environ
    assert "NUMBA_CPU_FEATURES" not in os.environ
    assert os.environ["NUMBA_CACHE_DIR"] == "/kept"


@pytest.mark.parametrize("limit", ["-v", "-d"])
def test_too_little_memory_is_told_before_anything_is_begun(limit: str) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f'ulimit {limit} 400000; exec "$@"', "sh", *_START, "run", "reads.fastq"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "may have 390 MiB of memory and needs" in done.stderr
    assert f"ulimit {limit}" in done.stderr
    assert "Traceback" not in done.stderr
