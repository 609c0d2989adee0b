"""WebAnno TSV 3, which INCEpTION writes, too: one file a document, one token a line, a column for each feature.

How features, relations, chains and slots stand in a document is in decision 0022.
"""

from __future__ import annotations

import codecs

from annotator.formats.shapes import FolderWriter, Format, Reader, Source

LOSES = (
    "Spans that begin or end with white space outside the tokens, and spans in parts, are left out.",
    "Of attributes, texts and flags are written, under names that are words of ASCII letters and digits.",
    "Notes, document labels, status, scores, where a span came from and annotator are not written.",
)


def _reader() -> Reader:
    from annotator.formats.webanno.reader import WebannoReader

    return WebannoReader()


def _writer() -> FolderWriter:
    from annotator.formats.webanno.writer import WebannoWriter

    return WebannoWriter()


def _recognises(_source: Source, head: bytes) -> int:
    return 3 if head.removeprefix(codecs.BOM_UTF8).startswith(b"#FORMAT=WebAnno TSV") else 0


FORMATS = (
    Format(
        "webanno",
        "WebAnno TSV 3 (WebAnno, INCEpTION)",
        (".tsv",),
        make_reader=_reader,
        make_writer=_writer,
        loses=LOSES,
        recognises=_recognises,
        is_folder=True,
    ),
)
