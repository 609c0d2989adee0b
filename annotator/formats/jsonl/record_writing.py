"""A document with one annotation set as one JSON object. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.rulings import ruling_to_plain
from annotator.domain.spans import Relation, Span
from annotator.domain.text import Document
from annotator.formats.jsonl.record_fields import Plain

TOKEN_EXTRA = "_token_extra"
"""Key of `Document.extra` that holds unknown keys of tokens; in a file they stand in the tokens."""


def place_of(start: int, end: int) -> str:
    """How the place of a token is written as a key there."""
    return f"{start}-{end}"


def record_to_plain(doc: AnnotatedDocument) -> Plain:
    """A document with one annotation set as a JSON object. Labels must be names already."""
    document = doc.document
    left = ("answer", TOKEN_EXTRA, *(("rulings",) if doc.rulings else ()))
    extra = {key: value for key, value in document.extra.items() if key not in left}
    plain: Plain = {
        "id": document.id,
        "text": document.text,
        "meta": {key: value for key, value in extra.items() if not key.startswith("_")} | dict(document.meta),
        "tokens": _tokens_to_plain(document),
        "spans": [_span_to_plain(span, document) for span in doc.spans],
        "relations": [_relation_to_plain(relation) for _, relation in sorted(doc.relations.items())],
        "cats": dict(sorted(doc.cats.items())),
        "annotator": doc.annotator,
        "status": doc.status.value,
        "answer": _answer_of(doc),
    }
    return plain | _optional_fields(doc) | extra


def _optional_fields(doc: AnnotatedDocument) -> Plain:
    document = doc.document
    fields: Plain = {
        "title": document.title,
        "language": document.language,
        "tokenizer": document.tokenizer,
        "note": doc.note,
        "status_reason": doc.status_reason,
        "rulings": [ruling_to_plain(ruling) for ruling in doc.rulings.values()],
    }
    return {key: value for key, value in fields.items() if value}


def _answer_of(doc: AnnotatedDocument) -> str:
    """Prodigy's answer: a ``reject`` that was read stays one until somebody gives another status."""
    if doc.status is not Status.SKIPPED:
        asked = doc.document.extra.get("label")  # Prodigy's question about the text: no is an answer, too
        return "reject" if isinstance(asked, str) and doc.cats.get(asked) == 0 else "accept"
    return "reject" if doc.document.extra.get("answer") == "reject" else "ignore"


def _tokens_to_plain(document: Document) -> list[Plain]:
    """The tokens with their unknown keys; a token that is no more (the text was tokenized anew) has none."""
    extra = document.extra.get(TOKEN_EXTRA)
    if not isinstance(extra, dict):
        return list(_bare_tokens(document))
    return [plain | _extra_at(extra, plain) for plain in _bare_tokens(document)]


def _extra_at(extra: Plain, plain: Plain) -> Plain:
    found = extra.get(place_of(plain["start"], plain["end"]))
    return found if isinstance(found, dict) else {}


def _bare_tokens(document: Document) -> Iterator[Plain]:
    text, tokens = document.text, document.tokens
    sentences = set(tokens.sentence_starts)
    nexts = [*tokens.starts[1:], len(text) + 1]
    places = zip(tokens.starts, tokens.ends, nexts, strict=False)  # without tokens there is one next too many
    for index, (start, end, following) in enumerate(places):
        has_space = following > end and text[end : end + 1] == " "
        plain: Plain = {"id": index, "text": text[start:end], "start": start, "end": end, "ws": has_space}
        if index in sentences:
            plain["sent_start"] = True
        yield plain


def _span_to_plain(span: Span, document: Document) -> Plain:
    covered = document.tokens.find_aligned(span.start, span.end)
    plain: Plain = {
        "id": span.id,
        "start": span.start,
        "end": span.end,
        "label": span.label,
        "layer": span.layer,
        "token_start": covered.start if covered else None,
        "token_end": covered.stop - 1 if covered else None,
        "text": document.text[span.start : span.end],
        "attributes": dict(span.attributes),
        "note": span.note,
        "origin": span.origin.value,
        "score": span.score,
    }
    if span.fragments:
        plain["fragments"] = [list(part) for part in span.fragments]
    return plain | _provenance(span)


def _provenance(span: Span) -> Plain:
    plain: Plain = {"pipeline": span.pipeline} if span.pipeline else {}
    return plain if span.decided else plain | {"decided": False}


def _relation_to_plain(relation: Relation) -> Plain:
    plain: Plain = {
        "id": relation.id,
        "head": relation.head,
        "child": relation.child,
        "label": relation.label,
    }
    return plain | ({"attributes": dict(relation.attributes)} if relation.attributes else {})
