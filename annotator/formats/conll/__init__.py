"""The CoNLL family: one word a line, columns, a blank line after each sentence.

``conll2003`` (one tag a word; also CoNLL-2002, IOB, BIOES, BILOU …), ``conllu`` (Universal Dependencies) and
``conll2012`` (OntoNotes, with coreference). Readers and writers are imported when they are first used.
"""

from __future__ import annotations

from annotator.formats.conll.recognising import is_columns, is_conllu, is_ontonotes
from annotator.formats.shapes import FileWriter, Format, Reader

COLUMN_LOSSES = (
    "Of spans that share a token, only the longest is written.",
    "Spans that begin or end inside a token, or with white space, are left out.",
    "Spans in parts that do not touch are left out.",
    "White space between tokens is not written.",
    "Layers, attributes, notes, scores, relations, document labels, status and annotator are not written.",
)
CONLLU_LOSSES = (
    "Spans that begin or end inside a token, or with white space, are left out.",
    "Attributes, notes, scores, relations, document labels, status, annotator and metadata are not written.",
)
ONTONOTES_LOSSES = (
    "Spans that begin or end inside a token, or with white space, or cross another span, are left out.",
    "Spans in parts that do not touch are left out.",
    "Of layers only the first and coreference (with its chains) are written, of attributes only the chain.",
    "White space between tokens is not written.",
    "Notes, scores, relations, document labels, status and annotator are not written.",
)


def _columns_reader() -> Reader:
    from annotator.formats.conll.columns_reader import ColumnsReader

    return ColumnsReader()


def _columns_writer() -> FileWriter:
    from annotator.formats.conll.columns_writer import ConllWriter

    return ConllWriter()


def _conllu_reader() -> Reader:
    from annotator.formats.conll.conllu_reader import ConlluReader

    return ConlluReader()


def _conllu_writer() -> FileWriter:
    from annotator.formats.conll.conllu_writer import ConlluWriter

    return ConlluWriter()


def _ontonotes_reader() -> Reader:
    from annotator.formats.conll.ontonotes_reader import OntonotesReader

    return OntonotesReader()


def _ontonotes_writer() -> FileWriter:
    from annotator.formats.conll.ontonotes_writer import OntonotesWriter

    return OntonotesWriter()


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
    Format(
        "conllu",
        "CoNLL-U of Universal Dependencies",
        (".conllu", ".conllup", ".cupt", ".conll", ".txt", ".tsv"),
        make_reader=_conllu_reader,
        make_writer=_conllu_writer,
        loses=CONLLU_LOSSES,
        recognises=is_conllu,
    ),
    Format(
        "conll2012",
        "CoNLL-2012 columns of OntoNotes",
        (".v4_gold_conll", ".v4_auto_conll", ".gold_conll", ".auto_conll", ".conll2012", ".conll", ".txt", ".tsv"),
        make_reader=_ontonotes_reader,
        make_writer=_ontonotes_writer,
        loses=ONTONOTES_LOSSES,
        recognises=is_ontonotes,
    ),
)
