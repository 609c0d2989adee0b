"""What a file has between word and tag (part of speech, chunk), kept with the document and written back. Pure.

It is written back as long as the document has the tokens that it had when it was read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from annotator.domain.text import Document, Json, Tokens

KEY = "conll2003"
_WRITTEN = 2


def mark_of(text: str, tokens: Tokens) -> str:
    """A short sign of a text and its tokens: another one when either changes."""
    held = hashlib.sha256(text.encode("utf-8", "surrogatepass"))
    held.update(tokens.starts.tobytes() + tokens.ends.tobytes())
    return held.hexdigest()[:16]


def keep_columns(text: str, tokens: Tokens, columns: Sequence[str]) -> dict[str, Json]:
    """What goes into `Document.extra`: for each token its columns, parted by blanks; nothing where all are empty."""
    if not any(cell not in _EMPTY for row in columns for cell in row.split(" ")):
        return {}
    return {"tokens": mark_of(text, tokens), "columns": list(columns)}


_EMPTY = frozenset(("", "_", "-", "-X-", "O", "*"))


def kept_columns(document: Document) -> list[tuple[str, str]]:
    """Part of speech and chunk of each token; empty when nothing was kept or the tokens are others by now."""
    held = document.extra.get(KEY)
    if not isinstance(held, Mapping) or held.get("tokens") != mark_of(document.text, document.tokens):
        return []
    columns = held.get("columns")
    if not isinstance(columns, list) or len(columns) != len(document.tokens):
        return []
    rows = [str(row).split(" ") for row in columns]
    if any(len(row) > _WRITTEN or not all(row) or row[0].startswith("-DOC") for row in rows):
        return []
    return [(row[0], row[1] if len(row) == _WRITTEN else "_") for row in rows]
