"""Hugging Face data sets: a folder of Parquet files with a card, which ``datasets.load_dataset(folder)`` loads.

Read are Annotator's own folders, and others' Parquet, Arrow and JSON lines with tokens and tags or text and label.
"""

from __future__ import annotations

from annotator.formats.json_head import head_of
from annotator.formats.shapes import FolderWriter, Format, Reader, Source

EXTENSIONS = (".parquet", ".arrow", ".jsonl", ".json", ".ndjson")
LOSSES = ("The column ner_tags has the longest of spans that share a token; the column spans has all of them.",)
TOKENS, TAGS = ("tokens", "words"), ("ner_tags", "tags", "labels", "ner")
TEXTS, LABELS = ("text", "sentence", "content", "document"), ("label", "labels", "category")
_ABOUT = frozenset({"dataset_info.json", "dataset_infos.json", "dataset_dict.json", "state.json"})
_MAGIC = (b"PAR1", b"ARROW1", b"\xff\xff\xff\xff")


def _reader() -> Reader:
    from annotator.formats.huggingface.reader import HuggingFaceReader

    return HuggingFaceReader()


def _writer() -> FolderWriter:
    from annotator.formats.huggingface.writer import HuggingFaceWriter

    return HuggingFaceWriter()


def _recognises(source: Source, head: bytes) -> int:
    """Parquet and Arrow by their first bytes; JSON lines with tokens and tags, or a text and the number of a label."""
    if not source.name.lower().endswith((".jsonl", ".json", ".ndjson")):
        return 3 if head.startswith(_MAGIC) else 1
    found = head_of(source, head)
    if any(found.holds_kind(name, list) for name in TOKENS) and any(found.holds_kind(name, list) for name in TAGS):
        return 6 if any(_has_words(one) for one in found.objects) else 0
    is_numbered = found.has("text") and found.holds_kind("label", int) and not found.has_any("spans", "cats")
    return 4 if is_numbered else 0


def _has_words(row: dict[str, object]) -> bool:
    """Whether tokens are strings, as others have them, and not objects, as Annotator and Prodigy do."""
    tokens = next((row[name] for name in TOKENS if isinstance(row.get(name), list)), None)
    return isinstance(tokens, list) and bool(tokens) and all(isinstance(one, str) for one in tokens)


def _belongs(source: Source) -> bool:
    return source.name in _ABOUT


FORMATS = (
    Format(
        "huggingface",
        "Hugging Face data set",
        EXTENSIONS,
        _reader,
        _writer,
        LOSSES,
        _recognises,
        _belongs,
        is_folder=True,
        extra="hf",
        has_splits=True,
    ),
)
