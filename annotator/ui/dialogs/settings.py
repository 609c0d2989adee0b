"""What dialogs remember between runs, and under which names."""

from __future__ import annotations

from typing import Protocol, TypeVar

Kind = TypeVar("Kind", str, int, bool)

EXPORT_FOLDER = "export/folder"
EXPORT_FORMAT = "export/format"
EXPORT_RECENT = "export/recent"
EXPORT_TAGS = "export/tags"
IMPORT_COLUMNS = "import/columns"
IMPORT_FOLDER = "import/folder"
IMPORT_LEFT_OUT = "import/left_out"
IMPORT_NEWLINES = "import/newlines"
PROJECT_FOLDER = "project/folder"
SUGGEST_PIPELINE = "suggest/pipeline"


class Settings(Protocol):
    """A person's settings, kept between runs."""

    def value(self, key: str, default: Kind) -> Kind:
        """What was remembered under ``key``, as the type of ``default``; else ``default``."""

    def set_value(self, key: str, value: str | int | bool) -> None:
        """Remember ``value``."""
