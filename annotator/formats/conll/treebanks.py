"""CoNLL with more columns: ``conllu`` (Universal Dependencies) and ``conll2012`` (OntoNotes, with coreference)."""

from __future__ import annotations

from annotator.formats.conll.recognising import is_conllu, is_ontonotes
from annotator.formats.shapes import FileWriter, Format, Reader

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
