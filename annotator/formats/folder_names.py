"""Names of files in a folder that is written: one for each document, by its id. Pure."""

from __future__ import annotations

import re

MOST_CHARS = 120
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"\\|?*]|^[ .]+|[ .]+$')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


class FileNames:
    """Gives each document a name of its own, the id wherever every system takes it as a file's name.

    A slash in the id makes a folder, so that what was read from folders goes back into folders.
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def name_for(self, document_id: str) -> str:
        """A path in the folder, with ``/`` and without a suffix; no two are the same, capitals or not."""
        parts = [_safe(part) for part in document_id.split("/") if part not in ("", ".", "..")]
        wanted = "/".join(parts) or "document"
        name, number = wanted, 1
        while name.casefold() in self._taken:
            number += 1
            name = f"{wanted}-{number}"
        self._taken.add(name.casefold())
        return name


def _safe(part: str) -> str:
    name = _UNSAFE.sub(lambda found: "-" * len(found[0]), part)[:MOST_CHARS]
    return f"{name}-" if _RESERVED.fullmatch(name) else name
