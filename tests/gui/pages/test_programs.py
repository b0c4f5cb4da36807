from __future__ import annotations

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from PySide6.QtWidgets import QApplication

from engine.run.state import RunState
from tests.gui.desk import Desk, write_reads

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _ask(desk: Desk, method: str, path: str, token: str, body: object = None) -> httpx.Response:
    """A request of another program, answered while the window lives."""
    opened = desk.conductor.programs.opened
    assert opened is not None
    with ThreadPoolExecutor(1) as executor:
        headers = {"authorization": f"Bearer {token}"}
        reply = executor.submit(
            httpx.request, method, opened.url + path, json=body, headers=headers, timeout=30, trust_env=False
        )
        desk.until(reply.done)
        return reply.result()


def test_a_program_starts_a_run_that_appears_in_the_list(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    programs, card = desk.conductor.programs, desk.conductor.server_card
    desk.window.go_to("settings")
    assert not card.switch.isChecked()
    assert not card.copy_address.isEnabled()
    reads = write_reads(tmp_path / "a.fastq", 30)
    card.port.setValue(_free_port())
    programs.add_folder(tmp_path)
    card.switch.click()
    desk.until(lambda: programs.is_settled)
    assert programs.opened is not None, programs.problem
    card.copy_token.click()
    token = QApplication.clipboard().text()
    assert token not in card.token.text()

    assert _ask(desk, "POST", "/_run", token, {"paths": [str(reads)]}).status_code == 202
    desk.until(lambda: desk.states() == [RunState.COMPLETED])
    queue = desk.session.engine.current
    assert queue is not None
    desk.until(lambda: not queue.busy)
    desk.window.settings_page.workers.setValue(3)
    desk.until(lambda: desk.window.status.engine.text() == "engine: 3 workers")
    (run,) = _ask(desk, "POST", "/_run", token, {"paths": [str(reads)]}).json()
    desk.until(lambda: desk.states() == [RunState.COMPLETED] * 2)
    snapshot = queue.snapshot(run["id"])
    assert snapshot is not None
    assert snapshot.workers == 3
    desk.session.choices.choose_for([run["id"]], "amplicon")
    results = _ask(desk, "GET", f"/_run/{run['id']}/_results", token).json()
    assert results["profile"]["title"] == "Amplicon"

    card.renew.click()
    desk.until(lambda: programs.is_settled)
    assert _ask(desk, "GET", "/_run", token).status_code == 401
    card.show_token.click()
    assert _ask(desk, "GET", "/_run", card.token.text()).status_code == 200
    card.removes[tmp_path].click()
    desk.until(lambda: programs.is_settled)
    refused = _ask(desk, "POST", "/_run", card.token.text(), {"paths": [str(reads)]})
    assert refused.status_code == 403

    desk.close()
    assert "lanescope server" not in {thread.name for thread in threading.enumerate()}
    desk.open()
    desk.until(lambda: desk.conductor.programs.is_settled)
    assert desk.conductor.programs.opened is not None
    desk.conductor.server_card.switch.click()
    desk.until(lambda: desk.conductor.programs.is_settled)
    assert desk.conductor.programs.opened is None


def test_a_port_that_is_in_use_is_told(desk: Desk) -> None:
    desk.open()
    card = desk.conductor.server_card
    desk.window.go_to("settings")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        card.port.setValue(other.getsockname()[1])
        card.switch.click()
        desk.until(lambda: desk.conductor.programs.is_settled)

    assert not card.switch.isChecked()
    assert card.problem.isVisible()
    assert "cannot be used: address already in use" in card.problem.text()
