from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from engine.home import find_home
from engine.pipeline.definition import PipelineDefinition
from engine.pipeline.keeping.associations import Dataset
from engine.pipeline.keeping.registry import PipelineRegistry
from engine.store.store import Store
from gui.views.notice import Notice
from tests.gui.desk import Desk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_deleting_what_is_used_says_by_whom(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    folder = Dataset.of_folder(tmp_path / "nanopore")
    stages = [{"name": "cut", "stage": "cut", "parameters": {"five_prime": 3}}]
    with Store.open(find_home().database) as store:
        registry = PipelineRegistry(store.pipelines)
        registry.register(PipelineDefinition.model_validate({"name": "mine", "version": "1.0.0", "stages": stages}))
        registry.associations.associate(folder, "mine")
    desk.window.go_to("pipelines")
    pipelines = desk.conductor.pipelines
    desk.until(lambda: pipelines.is_ready and pipelines.library.shelf.entry("mine") is not None)

    pipelines.delete("mine")
    desk.question().go.click()
    desk.until(lambda: desk.window.findChildren(Notice))

    assert pipelines.library.shelf.entry("mine") is not None
    words = " ".join(label.text() for label in desk.window.findChildren(Notice)[0].findChildren(QLabel))
    assert str(folder) in words
