"""doccano: JSON lines of every kind of text project, its CSV files and label types; and fastText's lines of labels.

Offsets are code points. doccano's own editor counts UTF-16 units; where that changes anything, the words that entities
carry (or, without any, the edges of words) show which it is.
"""

from __future__ import annotations

from annotator.formats.json_head import JsonHead, head_of
from annotator.formats.shapes import FileWriter, Format, Reader, Source

JSON_LOSES = (
    "Layers, attributes, notes on spans, scores, status, annotators and attributes of relations are not written.",
    "Spans in parts are written from their first to their last character.",
    "Document labels with another value than 1 are left out.",
    "Where a text has emoji, doccano's editor shows spans shifted: it counts UTF-16 units, the file code points.",
)
FASTTEXT_LOSES = (
    "Only the words and the document labels are written: no spans, relations, notes, status or annotators.",
    "Line ends and other white space become single spaces.",
    "Document labels with another value than 1 are left out.",
)
_PRODIGY = ("answer", "_input_hash", "_task_hash", "_view_id", "_session_id", "options", "spans", "tokens")


def _make_reader() -> Reader:
    from annotator.formats.doccano.reader import DoccanoReader

    return DoccanoReader()


def _make_writer() -> FileWriter:
    from annotator.formats.doccano.writer import DoccanoWriter

    return DoccanoWriter()


def _make_fasttext_reader() -> Reader:
    from annotator.formats.doccano.fasttext import FastTextReader

    return FastTextReader()


def _make_fasttext_writer() -> FileWriter:
    from annotator.formats.doccano.fasttext import FastTextWriter

    return FastTextWriter()


def _recognises(source: Source, head: bytes) -> int:
    """By the keys of its records, or the header of its tables."""
    if source.name.lower().endswith(".csv"):
        line = head.replace(b"\0", b"").split(b"\n", 1)[0].decode("utf-8", "ignore")
        names = {name.strip('\ufeff"\r þÿ\ufffd').strip() for name in line.split(",")}
        return 3 if {"text", "label"} <= names or {"column_data", "column_label"} <= names else 0
    found = head_of(source, head)
    if found.has_any(*_PRODIGY) or found.has_any("data", "annotation_id"):
        return 0
    return _score(found)


def _score(found: JsonHead) -> int:
    if found.has("text", "background_color"):
        return 6
    if found.has("filename") and found.has_any("label", "bbox", "segmentation") and not found.has("text"):
        return 5
    if found.has_any("column_data", "Comments", "annotation_approver", "approved_by"):
        return 5
    if found.has("annotations") and found.has("text"):
        return 5
    if not found.objects:
        return 4 if found.has("text") and found.has_any("label", "labels", "entities") else 0
    is_list = any(found.holds_kind(key, list) for key in ("label", "labels", "entities", "cats"))
    return 5 if is_list else 4 if found.has("text") and found.holds_kind("label", str) else 0


def _recognises_fasttext(_source: Source, head: bytes) -> int:
    return 4 if head.startswith(b"__label__") or b"\n__label__" in head else 0


FORMATS = (
    Format(
        "doccano",
        "doccano JSON lines",
        (".jsonl", ".json", ".ndjson", ".csv"),
        make_reader=_make_reader,
        make_writer=_make_writer,
        loses=JSON_LOSES,
        recognises=_recognises,
    ),
    Format(
        "fasttext",
        "fastText lines with __label__",
        (".txt", ".fasttext", ".ft"),
        make_reader=_make_fasttext_reader,
        make_writer=_make_fasttext_writer,
        loses=FASTTEXT_LOSES,
        recognises=_recognises_fasttext,
    ),
)
