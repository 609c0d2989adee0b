"""Dismissed inconsistencies that the settings of the window held before projects did (up to schema 0003)."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from annotator.domain.inconsistencies import key_of_today
from annotator.ui.settings import WindowSettings
from annotator.workflows.dismissing import Dismissals


def take_over(settings: WindowSettings, location: str, dismissals: Dismissals) -> None:
    """Move what the settings hold for a project into it. Raises a `UserError` of the store; then it stays there."""
    name = f"inbox/{hashlib.sha256(str(Path(location).absolute()).encode()).hexdigest()[:16]}"
    held = settings.value(name, "")
    if not held:
        return
    try:
        keys = json.loads(held)
    except ValueError:
        keys = None
    if isinstance(keys, list):
        dismissals.add_keys(key_of_today(key) for key in keys if isinstance(key, str) and key)
    settings.forget(name)
