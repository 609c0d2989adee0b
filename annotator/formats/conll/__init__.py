"""The CoNLL family: one word a line, columns, a blank line after each sentence.

``conll2003`` is here (one tag a word; also CoNLL-2002, IOB, BIOES, BILOU …), ``conllu`` (Universal Dependencies) and
``conll2012`` (OntoNotes, with coreference) in `treebanks`. Readers and writers are imported when they are first used.
"""

from __future__ import annotations

from annotator.formats.conll.recognising import is_columns
from annotator.formats.shapes import FileWriter, Format, Reader

COLUMN_LOSSES = (
    "Of spans that share a token, only the longest is written.",
    "Spans that begin or end inside a token, or with white space, are left out.",
    "Spans in parts that do not touch are left out.",
    "White space between tokens is not written.",
    "Layers, attributes, notes, scores, relations, document labels, status and annotator are not written.",
)


def _columns_reader() -> Reader:
    from annotator.formats.conll.columns_reader import ColumnsReader

    return ColumnsReader()


def _columns_writer() -> FileWriter:
    from annotator.formats.conll.columns_writer import ConllWriter

    return ConllWriter()


FORMATS = (
    Format(
        "conll2003",
        "CoNLL-2003 columns",
        (".conll", ".conll2003", ".conll2002", ".iob", ".iob2", ".bio", ".bioes", ".bilou", ".anns", ".tsv", ".txt"),
        make_reader=_columns_reader,
        make_writer=_columns_writer,
        loses=COLUMN_LOSSES,
        recognises=is_columns,
    ),
)
