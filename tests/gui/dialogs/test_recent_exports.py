"""Recent exports, as their manifests tell; what is gone or broken is passed over."""

from __future__ import annotations

import json
from pathlib import Path

from pytestqt.qtbot import QtBot

from annotator.ui.dialogs.recent_exports import RecentExports, past_exports, remember_export
from tests.gui.dialogs.memory_settings import MemorySettings

PLAIN = {
    "created": "2026-11-26T03:00:00Z", "project": "news", "format": "jsonl", "documents": 3, "spans": 1200,
    "files": [{"name": "a"}, {"name": "b"}], "left_out": [{}], "proof": {"is_proved": True, "unproved_because": ""},
}  # fmt: skip


def manifest(path: Path, **changes: object) -> Path:
    path.write_text(json.dumps(PLAIN | changes))
    return path


def test_the_newest_comes_first_and_each_once(qtbot: QtBot, tmp_path: Path, settings: MemorySettings) -> None:
    one = manifest(tmp_path / "1.manifest.json", proof={})
    two = manifest(tmp_path / "2.manifest.json", proof={"is_proved": False, "unproved_because": ""})
    for path in (one, two, one, tmp_path / "gone.manifest.json"):
        remember_export(settings, path)
    (tmp_path / "3.manifest.json").write_text("[]")
    remember_export(settings, tmp_path / "3.manifest.json")
    found = past_exports(settings)
    assert [(export.manifest, export.is_proved) for export in found] == [(one, None), (two, False)]
    dialog = RecentExports(found)
    qtbot.addWidget(dialog)
    assert dialog.list.item(0).text() == "2026-11-26 03:00  jsonl  a and 1 more"
    assert "3 documents, 1,200 spans; 1 left out; not read back" in dialog.details.text()
    dialog.list.setCurrentRow(1)
    assert "NOT the same" in dialog.details.text()


def test_without_any_it_says_so(qtbot: QtBot) -> None:
    dialog = RecentExports([])
    qtbot.addWidget(dialog)
    assert not dialog.go.isEnabled()
    assert "Nothing was exported yet" in dialog.details.text()
