"""Label Studio: tasks with the annotations of several people and the predictions of models, and its configuration.

Offsets are code points, which is what Label Studio's editor has counted since 2022; files of older versions count
UTF-16 units, and the words that regions carry show which it is (see decision 0023).
"""

from __future__ import annotations

import zlib
from contextlib import suppress

from annotator.formats.json_head import head_of
from annotator.formats.shapes import FolderWriter, Format, Reader, Source

LOSES = (
    "Suggestions, tokens and other statuses than skipped are not written.",
    "Spans in parts are shown there from their first to their last character.",
    "Layers, parts, and attributes that are no text are kept in the regions' meta, where only Annotator looks.",
    "Ids and attributes of relations are read by Annotator only.",
    "Document labels with another value than 1 are left out.",
    "Label Studio takes annotators over only where it knows them; to Annotator they keep their names.",
)
_TABLES = (".csv", ".tsv")


def _make_reader() -> Reader:
    from annotator.formats.label_studio.reader import LabelStudioReader

    return LabelStudioReader()


def _make_writer() -> FolderWriter:
    from annotator.formats.label_studio.writer import LabelStudioWriter

    return LabelStudioWriter()


def _recognises(source: Source, head: bytes) -> int:
    """By the keys of tasks, the columns of an export, the first element of a configuration."""
    name = source.name.lower()
    if name.endswith(".xml"):
        return 4 if b"<View" in head else 0
    if name.endswith(_TABLES):
        columns = head.split(b"\n", 1)[0].replace(b"\0", b"")
        return 6 if b"annotation_id" in columns and b"annotator" in columns else 0
    found = head_of(source, head)
    if found.has("annotation_id", "annotator") or found.has("task", "result"):
        return 6
    is_task = found.has_any("annotations", "completions", "predictions", "result")
    if found.has("data") and not found.has("text"):
        return 6 if is_task else 4 if found.holds_kind("data", dict) else 0
    return 5 if found.has("annotations", "drafts") or (found.has("annotations", "id") and not found.objects) else 0


def _belongs(source: Source) -> bool:
    """Whether this is a configuration beside the tasks that are labelled with it."""
    if not source.name.lower().endswith(".xml"):
        return False
    with suppress(OSError, EOFError, zlib.error):  # a damaged neighbour is rejected when its own turn comes
        if not _score_of(source):
            return False
        names = (name for name in source.neighbours() if name.lower().endswith((".json", ".jsonl", *_TABLES)))
        return any((beside := source.find_beside(name)) and _score_of(beside) > 3 for name in names)
    return False


def _score_of(source: Source) -> int:
    with source.open() as file:
        head = file.read(8192)
    return _recognises(source, head)


FORMATS = (
    Format(
        "label_studio",
        "Label Studio: tasks and configuration",
        (".json", ".jsonl", ".ndjson", ".xml", ".csv", ".tsv"),
        make_reader=_make_reader,
        make_writer=_make_writer,
        loses=LOSES,
        recognises=_recognises,
        belongs=_belongs,
        is_folder=True,
    ),
)
