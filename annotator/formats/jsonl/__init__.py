"""Annotator's own JSONL, lossless, which is also Prodigy's: one document and one annotation set a line.

Offsets are Unicode code points into the text exactly as imported. ``token_end`` is the index of a span's last
token (inclusive), as Prodigy has it. Keys that Annotator does not know are kept and written back: those of a
record in `Document.extra`, of spans and relations in their attributes, of tokens in `Document.extra`, too, as
long as the text keeps these tokens. Left out are only those that Annotator writes anew (``ws``,
``head_span``, ``child_span``, a span's ``"type": "span"``) and Prodigy's ids of annotators, which become the
annotator.
"""

from __future__ import annotations

import codecs

from annotator.formats.json_head import head_of
from annotator.formats.jsonl.reader import JsonlReader
from annotator.formats.jsonl.writer import JsonlWriter, with_names
from annotator.formats.shapes import Format, Source

__all__ = ["FORMATS", "JsonlReader", "JsonlWriter", "with_names"]

_OURS = (
    "spans", "tokens", "answer", "options", "_input_hash", "_task_hash", "_session_id", "_view_id", "_annotator_id",
    "status", "annotator",
)  # fmt: skip


def _recognises(source: Source, head: bytes) -> int:
    """JSON objects with a text and with keys of Annotator or Prodigy; other JSON is some other tool's more likely."""
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    if start not in (b"{", b"["):
        return 1
    found = head_of(source, head)
    if not found.has("text"):
        return 2
    return 5 if found.has_any(*_OURS) else 3


FORMATS = (
    Format(
        "jsonl",
        "JSON lines, Annotator's own and Prodigy's",
        (".jsonl", ".ndjson", ".json"),
        make_reader=JsonlReader,
        make_writer=JsonlWriter,
        recognises=_recognises,
    ),
)
