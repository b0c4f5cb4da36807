"""The same world for every test: no screen, no GPU, a home of its own, and nothing left behind.

``LANESCOPE_TEST_GPU=1`` runs the CUDA kernels on a real GPU instead of Numba's simulator.
"""

from __future__ import annotations

import gzip
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Generator
from pathlib import Path

import hypothesis
import pytest

REAL_GPU = os.environ.get("LANESCOPE_TEST_GPU") == "1"
REPOSITORY = Path(__file__).resolve().parent.parent

ALLOWED_SKIPS = ("not on this platform: ",)
"""How the reason of a skip may begin. Any other skip fails: a test that silently stops running is lost."""

LIBRARY_THREADS = ("pytest_timeout ",)
"""How the names of threads begin that outlive a test by design of a library."""

THREAD_GRACE = 30.0
"""Seconds that threads get to end after their test, on a machine that is busy with other things."""

_crashes: list[object] = []


def _settle_environment() -> None:
    """Runs before anything imports Qt or Numba, which read these once."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if REAL_GPU:
        os.environ.pop("NUMBA_ENABLE_CUDASIM", None)
    else:
        os.environ["NUMBA_ENABLE_CUDASIM"] = "1"
    # Compiled kernels are shared by all tests and by later runs: compiling anew takes longer than the tests.
    os.environ.setdefault("LANESCOPE_KERNEL_CACHE", str(REPOSITORY / ".cache" / "kernels"))


_settle_environment()

# Without the time of day: processes that share the tests must find the same names, some of which come of such bytes.
gzip.compress.__kwdefaults__ = {"mtime": 0}

# The first call of a kernel compiles it, so that no time limit for one example makes sense.
hypothesis.settings.register_profile("lanescope", deadline=None)
hypothesis.settings.register_profile("lanescope-ci", deadline=None, derandomize=True, database=None, print_blob=True)
hypothesis.settings.load_profile("lanescope-ci" if os.environ.get("CI") else "lanescope")


def pytest_configure(config: pytest.Config) -> None:
    """Keep whatever runs outside a test, collection for one, away from the user's files; refuse a GPU that is not."""
    if REAL_GPU and (reason := _why_no_gpu()):
        raise pytest.UsageError(f"LANESCOPE_TEST_GPU=1 asks for a real GPU, but there is none: {reason}")
    home = tempfile.mkdtemp(prefix="lanescope-tests-")
    os.environ["LANESCOPE_HOME"] = home
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))


def _why_no_gpu() -> str:
    try:
        from numba import cuda

        cuda.current_context()
    except Exception as error:
        return " ".join(str(error).split())
    return ""


def pytest_report_header() -> str:
    """Say which CUDA the tests run on."""
    if not REAL_GPU:
        return "CUDA: simulated (LANESCOPE_TEST_GPU=1 asks for a real GPU)"
    from numba import cuda

    name = cuda.get_current_device().name  # text or bytes, as the driver's version has it
    return f"CUDA: real, {name if isinstance(name, str) else name.decode()}, by Numba's target {cuda.implementation}"


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(error: object) -> None:
    """Remember that one of several processes with tests has crashed, by ``pytest-xdist``."""
    if error:
        _crashes.append(error)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Do not let a crash pass for a test that failed, which another attempt would make good."""
    if _crashes:
        session.exitstatus = pytest.ExitCode.INTERNAL_ERROR


@pytest.fixture(autouse=True)
def no_thread_left() -> Generator[None]:
    """Fail the test that leaves a thread running, daemon or not. Torn down after the test's other fixtures."""
    before = set(threading.enumerate())
    yield
    end = time.monotonic() + THREAD_GRACE
    leaked = [thread for thread in threading.enumerate() if thread not in before and _is_ours(thread)]
    for thread in leaked:
        thread.join(max(0.0, end - time.monotonic()))
    names = sorted(thread.name for thread in leaked if thread.is_alive())
    if names:
        pytest.fail(f"threads left running: {', '.join(names)}", pytrace=False)


def _is_ours(thread: threading.Thread) -> bool:
    # Python keeps a dummy for each foreign thread (Qt's, say) that ever called it, and cannot know when that ends.
    foreign = isinstance(thread, threading._DummyThread)
    return not foreign and not thread.name.startswith(LIBRARY_THREADS)


@pytest.fixture(autouse=True)
def lanescope_home(no_thread_left: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh home folder for the test, not made yet."""
    home = tmp_path / "lanescope-home"
    monkeypatch.setenv("LANESCOPE_HOME", str(home))
    return home


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail tests that are skipped without leave."""
    report = yield
    if not hasattr(report, "wasxfail"):
        _fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Fail modules that are skipped without leave."""
    report = yield
    _fail_if_skipped(report)
    return report


def _fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    if not report.skipped or not isinstance(report.longrepr, tuple):
        return
    path, line, message = report.longrepr
    reason = message.removeprefix("Skipped: ")
    if not reason.startswith(ALLOWED_SKIPS):
        report.outcome = "failed"
        report.longrepr = f"{path}:{line}: skipped without leave: {reason}"
