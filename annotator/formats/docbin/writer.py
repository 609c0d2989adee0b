"""Writes ``.spacy`` files: spaCy itself makes them, from the stored tokens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import DEFAULT_LAYER, Span
from annotator.domain.text import Tokens
from annotator.formats.docbin import LOSSES
from annotator.formats.docbin.carried import user_data_of, with_whole_tokens, without_cut_tokens
from annotator.formats.flat import flatten
from annotator.formats.gaps import fill_gaps
from annotator.formats.holding import CUTS_TOKEN, loss_of_span
from annotator.formats.shapes import Holds, Loss, WriteOptions

SPANS_KEY = "sc"
"""The key under which spaCy's span categorizer looks for overlapping spans."""
OWN_NORMS = frozenset({"hi", "ht", "ne"})
"""Languages whose words have norms of their own in spaCy. All others are written by the vocabulary of none: the file is
the same, and a language need not be loaded for it (French takes 2.4 s).
"""
HOLDS = Holds(
    layers=True,
    overlaps=True,
    fragments=True,
    attributes=True,
    notes=True,
    scores=True,
    relations=True,
    relation_attributes=True,
    cats=True,
    document_note=True,
    status=True,
    meta=True,
)


class DocBinWriter:
    """Writes ``doc.ents`` (the longest of overlapping spans), all spans as ``doc.spans``, and what spaCy has no place
    for as ``doc.user_data["annotator"]``.
    """

    name = "spacy"
    extension = ".spacy"
    loses: tuple[str, ...] = LOSSES
    holds = HOLDS

    def losses(self, doc: AnnotatedDocument, scheme: LabelScheme, options: WriteOptions) -> list[Loss]:  # noqa: ARG002
        """Spans that cut a token: spaCy's training refuses them."""
        tokens = fill_gaps(doc.document.text, doc.document.tokens)
        return [
            loss_of_span(doc, span, scheme, CUTS_TOKEN)
            for span in doc.spans
            if not span.fragments and tokens.find_aligned(span.start, span.end) is None
        ]

    def write(
        self,
        docs: Iterable[AnnotatedDocument],
        target: BinaryIO,
        scheme: LabelScheme,
        options: WriteOptions,  # noqa: ARG002
    ) -> None:
        """Write all documents into one DocBin."""
        target.write(bytes_of(docs, scheme))


def bytes_of(docs: Iterable[AnnotatedDocument], scheme: LabelScheme, categories: Iterable[str] = ()) -> bytes:
    """One DocBin of all documents. Of ``categories`` each document that has labels gets 0 for those that it has not:
    spaCy takes what is not there for unknown.
    """
    from spacy.tokens import DocBin

    vocabs = _Vocabularies()
    zeros = dict.fromkeys(categories, 0.0)
    bin_ = DocBin(store_user_data=True)
    for doc in docs:
        made = _to_spacy(with_whole_tokens(doc), scheme, vocabs.of(doc.document.language or scheme.language))
        if made.cats:
            made.cats = dict(sorted((zeros | made.cats).items()))
        bin_.add(made)
    return _in_order(bin_)


class _Vocabularies:
    """One spaCy vocabulary for each language that needs its own, and one for all others."""

    def __init__(self) -> None:
        self._vocabs: dict[str, Any] = {}

    def of(self, language: str) -> Any:
        language = language if language in OWN_NORMS else "xx"
        if language not in self._vocabs:
            import spacy

            self._vocabs[language] = spacy.blank(language).vocab
        return self._vocabs[language]


def _to_spacy(doc: AnnotatedDocument, scheme: LabelScheme, vocab: Any) -> Any:
    from spacy.tokens import Doc
    from spacy.tokens import Span as SpacySpan

    text, tokens = doc.document.text, doc.document.tokens
    words = [text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)]
    made = Doc(vocab, words=words, spaces=_spaces(text, tokens), sent_starts=_sentence_starts(tokens))

    def to_span(span: Span, covered: range) -> Any:
        label = scheme.name_of(span.label, span.layer)
        kb_id, ent_id = _text_of(span, "kb_id"), _text_of(span, "ent_id")
        return SpacySpan(made, covered.start, covered.stop, label=label, kb_id=kb_id, span_id=ent_id)

    kept = flatten(doc, scheme).kept
    made.set_ents([to_span(span, kept[span.id]) for span in doc.spans if span.id in kept], default="outside")
    for key, spans in groups_of(doc).items():
        made.spans[key] = [to_span(span, covered) for span, covered in spans]
    made.cats = {label: float(value) for label, value in sorted(cats_of(doc, scheme).items())}
    made.user_data = user_data_of(without_cut_tokens(doc), scheme)
    return made


def _text_of(span: Span, attribute: str) -> str:
    value = span.attributes.get(attribute)
    return value if isinstance(value, str) else ""


def groups_of(doc: AnnotatedDocument) -> Mapping[str, list[tuple[Span, range]]]:
    """Aligned spans by span group: the default layer under spaCy's usual key, others under their name."""
    groups: dict[str, list[tuple[Span, range]]] = {SPANS_KEY: []}
    for span in doc.spans:
        covered = doc.document.tokens.find_aligned(span.start, span.end)
        if covered is not None and not span.fragments:
            key = SPANS_KEY if span.layer == DEFAULT_LAYER else span.layer
            groups.setdefault(key, []).append((span, covered))
    return groups


def cats_of(doc: AnnotatedDocument, scheme: LabelScheme) -> dict[str, float]:
    """The document labels by name."""
    names = {label.id: label.name for label in scheme.document_labels}
    return {names.get(label, label): value for label, value in doc.cats.items()}


def _spaces(text: str, tokens: Tokens) -> list[bool]:
    """Whether one space that belongs to no token follows each token."""
    nexts = [*tokens.starts[1:], len(text)]
    return [following > end for end, following in zip(tokens.ends, nexts, strict=False)]


def _sentence_starts(tokens: Tokens) -> list[bool | int | None] | None:
    if not len(tokens.sentence_starts):
        return None
    known = set(tokens.sentence_starts)
    return [index in known or index == 0 for index in range(len(tokens))]


def _in_order(bin_: Any) -> bytes:
    """The DocBin's bytes; its strings come from a set, so they are put in order for the same bytes each time."""
    import zlib
    from importlib import import_module

    srsly = import_module("srsly")  # spaCy's own serializer; it has no types
    message = srsly.msgpack_loads(zlib.decompress(bin_.to_bytes()))
    message["strings"] = sorted(message["strings"])
    return zlib.compress(srsly.msgpack_dumps(message))
