"""What the first lines of an export would be: the first documents, written nowhere but to memory."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.formats.encoding import NotText, decode
from annotator.formats.shapes import FileWriter, FolderWriter, Format, WriteOptions, Writer

SAMPLE_DOCUMENTS, SAMPLE_CHARS, SAMPLE_FILES = 2, 3_000, 4


def sample_of(
    format_: Format, writer: Writer, docs: Sequence[AnnotatedDocument], scheme: LabelScheme, options: WriteOptions
) -> str:
    """The beginning of the file, or of the first files of the folder. What is no text is said to be none."""
    if not docs:
        return ""
    if not format_.is_folder:
        target = io.BytesIO()
        cast(FileWriter, writer).write(docs, target, scheme, options)
        return _as_text(target.getvalue())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cast(FolderWriter, writer).write_folder(docs, folder, scheme, options)
        files = sorted(path for path in folder.rglob("*") if path.is_file())[:SAMPLE_FILES]
        return "\n".join(f"── {path.relative_to(folder).as_posix()}\n{_as_text(path.read_bytes())}" for path in files)


def _as_text(content: bytes) -> str:
    try:
        text = decode(content).text
    except NotText:
        return f"({len(content):,} bytes that are no text)"
    return text if len(text) <= SAMPLE_CHARS else f"{text[:SAMPLE_CHARS]}…"
