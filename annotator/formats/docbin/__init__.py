"""spaCy's training format (``.spacy``, DocBin), and a folder that ``spacy train`` takes as it is.

Only the modules in here import spaCy, and only when they read or write: not in the window's process.
"""

from __future__ import annotations

from annotator.formats.shapes import FileWriter, FolderWriter, Format, Reader, Source

LOSSES = (
    "Spans that begin or end inside a token are left out.",
    'Spans that share a token with a longer one, or begin or end with white space, are in doc.spans["sc"] only.',
    "Spans in parts, relations, notes and status are kept for Annotator in doc.user_data: spaCy does not learn them.",
)


def _reader() -> Reader:
    from annotator.formats.docbin.reader import DocBinReader

    return DocBinReader()


def _writer() -> FileWriter:
    from annotator.formats.docbin.writer import DocBinWriter

    return DocBinWriter()


def _project_writer() -> FolderWriter:
    from annotator.formats.docbin.project import SpacyProjectWriter

    return SpacyProjectWriter()


def _only_by_name(_source: Source, _head: bytes) -> int:
    return 0


FORMATS = (
    Format("spacy", "spaCy training data", (".spacy",), _reader, _writer, LOSSES),
    Format(
        "spacy-project",
        "spaCy project: train, dev and test data with a config",
        (".spacy",),
        _reader,
        _project_writer,
        LOSSES,
        _only_by_name,
        is_folder=True,
        has_splits=True,
    ),
)
