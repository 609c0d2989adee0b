"""Where the annotator was: the last document of each project, and what was shown of it. No Qt."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from annotator.domain.text import Json
from annotator.ui.dialogs.settings import Settings

View = Mapping[str, Json]
KEPT = ("top", "cursor")


@dataclass
class Places:
    """Views of this run by document key, and the last place of each project between runs."""

    settings: Settings
    views: dict[int, View] = field(default_factory=dict)

    def leave(self, key: int, view: View) -> None:
        """The annotator leaves a document that looks like this."""
        self.views[key] = view

    def find_view(self, key: int) -> View | None:
        """How a document looked when it was left in this run, or None."""
        return self.views.get(key)

    def keep(self, location: str, document_id: str, view: View) -> None:
        """Remember the last place of a project for the next run."""
        group = _group(location)
        self.settings.set_value(f"{group}/document", document_id)
        for name in KEPT:
            value = view.get(name)
            self.settings.set_value(f"{group}/{name}", value if isinstance(value, int) else 0)

    def last_document(self, location: str) -> str:
        """The id of the document where the annotator was; empty when that is not known."""
        return self.settings.value(f"{_group(location)}/document", "")

    def last_view(self, location: str) -> View:
        """What was shown of it."""
        return {name: self.settings.value(f"{_group(location)}/{name}", 0) for name in KEPT}

    def forget_run(self) -> None:
        """Another project: keys mean other documents now."""
        self.views.clear()


def _group(location: str) -> str:
    """A settings group for a project. A digest, because an address may hold a password."""
    name = location if "://" in location else str(Path(location).absolute())
    return f"places/{hashlib.sha256(name.encode()).hexdigest()[:16]}"
