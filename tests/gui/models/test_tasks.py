from __future__ import annotations

import asyncio
import threading
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor

import pytest
from pytestqt.qtbot import QtBot

from engine.errors import LanescopeError
from gui.models.tasks import Tasks


@pytest.fixture
def tasks(loop: asyncio.AbstractEventLoop) -> Generator[Tasks]:
    with ThreadPoolExecutor(1) as executor:
        yield Tasks(executor)


def test_what_blocks_is_done_aside(qtbot: QtBot, tasks: Tasks) -> None:
    names: list[str] = []

    async def work() -> None:
        names.append(await tasks.aside(lambda: threading.current_thread().name))
        names.append(threading.current_thread().name)

    tasks.start(work())
    qtbot.waitUntil(lambda: len(names) == 2)

    assert names[0].startswith("ThreadPoolExecutor")
    assert names[1] == "MainThread"


def test_what_the_user_can_act_on_is_told(qtbot: QtBot, tasks: Tasks) -> None:
    async def work() -> None:
        raise LanescopeError("no room")

    with qtbot.waitSignal(tasks.failed) as failed:
        tasks.start(work())

    assert failed.args is not None
    assert str(failed.args[0]) == "no room"


def test_defects_reach_the_loop(qtbot: QtBot, tasks: Tasks, loop: asyncio.AbstractEventLoop) -> None:
    caught: list[object] = []
    usual = loop.get_exception_handler()
    loop.set_exception_handler(lambda _loop, context: caught.append(context["exception"]))

    async def work() -> None:
        raise ZeroDivisionError

    tasks.start(work())
    qtbot.waitUntil(lambda: bool(caught))
    loop.set_exception_handler(usual)

    assert isinstance(caught[0], ZeroDivisionError)


def test_the_end_cancels_all_but_who_ends(qtbot: QtBot, tasks: Tasks) -> None:
    ended: list[str] = []

    async def wait() -> None:
        try:
            await asyncio.get_event_loop().create_future()
        finally:
            ended.append("waiter")

    async def end() -> None:
        await tasks.close()
        ended.append("who ends")

    tasks.start(wait())
    tasks.start(end())
    qtbot.waitUntil(lambda: ended == ["waiter", "who ends"])
