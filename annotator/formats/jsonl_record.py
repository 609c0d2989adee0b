"""One line of Annotator's JSONL as a document and back, with Prodigy's ways of saying the same. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.spans import DEFAULT_LAYER, Origin, Relation, Span, SpanSet
from annotator.domain.text import Document, Tokens
from annotator.formats.encoding import with_newlines
from annotator.formats.registry import ReadOptions

Plain = dict[str, Any]

KNOWN = frozenset(
    [
        "id",
        "text",
        "meta",
        "tokens",
        "spans",
        "relations",
        "cats",
        "annotator",
        "status",
        "answer",
        "title",
        "language",
        "tokenizer",
        "note",
    ]
)
_SPAN_KEYS = frozenset(
    [
        "id",
        "start",
        "end",
        "label",
        "layer",
        "token_start",
        "token_end",
        "text",
        "attributes",
        "note",
        "origin",
        "score",
        "pipeline",
        "decided",
        "type",
    ]
)
_RELATION_KEYS = frozenset(["id", "head", "child", "label", "attributes", "head_span", "child_span", "color"])
_ANSWERS = {"accept": Status.DONE, "ignore": Status.SKIPPED, "reject": Status.SKIPPED}


class RecordFault(ValueError):
    """A record cannot be taken; the message says why, in one sentence."""


def record_to_plain(doc: AnnotatedDocument) -> Plain:
    """A document with one annotation set as a JSON object. Labels must be names already."""
    document = doc.document
    extra = dict(document.extra)
    kept_in_meta = {key: value for key, value in extra.items() if not key.startswith("_")}
    plain: Plain = {
        "id": document.id,
        "text": document.text,
        "meta": {**kept_in_meta, **document.meta},
        "tokens": list(_tokens_to_plain(document)),
        "spans": [_span_to_plain(span, document) for span in doc.spans],
        "relations": [_relation_to_plain(relation) for _, relation in sorted(doc.relations.items())],
        "cats": dict(sorted(doc.cats.items())),
        "annotator": doc.annotator,
        "status": doc.status.value,
        "answer": extra.pop("answer", "ignore" if doc.status is Status.SKIPPED else "accept"),
    }
    for key, value in (
        ("title", document.title),
        ("language", document.language),
        ("tokenizer", document.tokenizer),
        ("note", doc.note),
    ):
        if value:
            plain[key] = value
    return plain | extra


def _tokens_to_plain(document: Document) -> Iterator[Plain]:
    text, tokens = document.text, document.tokens
    sentences = set(tokens.sentence_starts)
    starts = [*tokens.starts[1:], len(text)]
    for token, following in zip(tokens, starts, strict=True):
        plain: Plain = {
            "id": token.index,
            "text": text[token.start : token.end],
            "start": token.start,
            "end": token.end,
            "ws": following == token.end + 1,
        }
        if token.index in sentences:
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
    if span.pipeline:
        plain["pipeline"] = span.pipeline
    if not span.decided:
        plain["decided"] = False
    return plain


def _relation_to_plain(relation: Relation) -> Plain:
    plain: Plain = {
        "id": relation.id,
        "head": relation.head,
        "child": relation.child,
        "label": relation.label,
    }
    return plain | ({"attributes": dict(relation.attributes)} if relation.attributes else {})


def record_from_plain(plain: object, options: ReadOptions) -> AnnotatedDocument:
    """The inverse of `record_to_plain`; also reads Prodigy's records. Raises `RecordFault`."""
    if not isinstance(plain, dict):
        raise RecordFault("the line is not a JSON object")
    text = _text_of(plain, options)
    extra = _extra_of(plain)
    meta = _typed(plain, "meta", dict, {})
    tokens = _tokens_from_plain(_typed(plain, "tokens", list, []), text)
    spans = _spans_from_plain(_typed(plain, "spans", list, []), text)
    document = Document(
        id=_id_of(plain),
        text=text,
        title=_string(plain, "title"),
        language=_string(plain, "language"),
        meta={key: value for key, value in meta.items() if key not in extra or extra[key] != value},
        extra=extra,
        tokens=tokens,
        tokenizer=_string(plain, "tokenizer"),
    )
    return AnnotatedDocument(
        document=document,
        annotator=_annotator_of(plain),
        spans=SpanSet(spans),
        relations=_relations_from_plain(_typed(plain, "relations", list, []), spans),
        cats=_cats_of(plain),
        status=_status_of(plain),
        note=_string(plain, "note"),
    )


def _text_of(plain: Plain, options: ReadOptions) -> str:
    text = plain.get("text")
    if not isinstance(text, str):
        raise RecordFault("the record has no text" if text is None else "the text is not a string")
    if not text:
        raise RecordFault("the text is empty")
    if "\0" in text:
        raise RecordFault("the text has NUL characters")
    changed = with_newlines(text, options.newlines)
    if changed != text and (plain.get("spans") or plain.get("tokens")):
        raise RecordFault("line ends cannot be changed under existing offsets; import with --newlines keep")
    return changed


def _extra_of(plain: Plain) -> Plain:
    """Keys that Annotator does not know; Prodigy's ``reject`` is one, since no status says the same."""
    extra = {key: value for key, value in plain.items() if key not in KNOWN}
    if plain.get("answer") == "reject":
        extra["answer"] = "reject"
    return extra


def _id_of(plain: Plain) -> str:
    given = plain.get("id", "")
    if given is None or isinstance(given, (dict, list, bool)):
        raise RecordFault("the id is neither a string nor a number")
    return str(given)


def _annotator_of(plain: Plain) -> str:
    for key in ("annotator", "_annotator_id", "_session_id"):
        if isinstance(plain.get(key), str) and plain[key]:
            return str(plain[key])
    return ""


def _status_of(plain: Plain) -> Status:
    given = plain.get("status")
    if given is None:
        return _ANSWERS.get(str(plain.get("answer")), Status.NEW)
    if given not in {status.value for status in Status}:
        raise RecordFault(f"the status {given!r} is none of {', '.join(Status)}")
    return Status(given)


def _cats_of(plain: Plain) -> dict[str, float]:
    cats = _typed(plain, "cats", dict, {})
    if any(not isinstance(value, (int, float)) for value in cats.values()):
        raise RecordFault("a value in cats is not a number")
    chosen = plain.get("accept")
    if "options" in plain and isinstance(chosen, list) and not cats:  # Prodigy's choice interface
        return {str(label): 1.0 for label in chosen}
    return {label: float(value) for label, value in cats.items()}


def _typed(plain: Plain, key: str, kind: type, default: Any) -> Any:
    value = plain.get(key)
    if value is None:
        return default
    if not isinstance(value, kind):
        raise RecordFault(f"{key} is not {'an object' if kind is dict else 'a list'}")
    return value


def _string(plain: Plain, key: str) -> str:
    value = plain.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RecordFault(f"{key} is not a string")
    return value


def _offsets(plain: object, text: str, what: str) -> tuple[int, int]:
    if not isinstance(plain, dict):
        raise RecordFault(f"{what} is not an object")
    start, end = plain.get("start"), plain.get("end")
    if type(start) is not int or type(end) is not int:
        raise RecordFault(f"{what} has no whole numbers as start and end")
    if not 0 <= start < end <= len(text):
        raise RecordFault(f"{what} at {start}–{end} does not lie within the text of {len(text)} characters")
    given = plain.get("text")
    if isinstance(given, str) and given != text[start:end]:
        raise RecordFault(f"{what} at {start}–{end} says {given!r}, but {text[start:end]!r} stands there")
    return start, end


def _tokens_from_plain(plains: list[Any], text: str) -> Tokens:
    starts, ends, sentences = [], [], []
    covered = 0
    for number, plain in enumerate(plains):
        start, end = _offsets(plain, text, f"token {number}")
        if start < covered:
            raise RecordFault(f"token {number} begins before the one before it ends")
        covered = end
        if plain.get("sent_start"):
            sentences.append(number)
        starts.append(start)
        ends.append(end)
    return Tokens(starts, ends, sentences)


def _spans_from_plain(plains: list[Any], text: str) -> list[Span]:
    spans: dict[str, Span] = {}
    for number, plain in enumerate(plains):
        span = _span_from_plain(plain, number, text)
        if span.id in spans:
            raise RecordFault(f"two spans have the id {span.id!r}")
        spans[span.id] = span
    return list(spans.values())


def _span_from_plain(plain: Any, number: int, text: str) -> Span:
    start, end = _offsets(plain, text, f"span {number}")
    label = plain.get("label")
    if not isinstance(label, str) or not label:
        raise RecordFault(f"span {number} at {start}–{end} has no label")
    score = plain.get("score")
    if score is not None and (not isinstance(score, (int, float)) or not 0 <= score <= 1):
        raise RecordFault(f"the score of span {number} is not a number from 0 to 1")
    origin = plain.get("origin", Origin.IMPORTED.value)
    if origin not in {one.value for one in Origin}:
        raise RecordFault(f"the origin {origin!r} of span {number} is none of {', '.join(Origin)}")
    unknown = {key: value for key, value in plain.items() if key not in _SPAN_KEYS}
    given_id = plain.get("id")
    return Span(
        id=f"s{number}" if given_id is None else str(given_id),
        start=start,
        end=end,
        label=label,
        layer=_string(plain, "layer") or DEFAULT_LAYER,
        origin=Origin(origin),
        decided=plain.get("decided") is not False,
        score=None if score is None else float(score),
        pipeline=_string(plain, "pipeline"),
        attributes=unknown | _typed(plain, "attributes", dict, {}),
        note=_string(plain, "note"),
    )


def _relations_from_plain(plains: list[Any], spans: list[Span]) -> Mapping[str, Relation]:
    relations: dict[str, Relation] = {}
    ids = {span.id for span in spans}
    for number, plain in enumerate(plains):
        if not isinstance(plain, dict) or not isinstance(plain.get("label"), str):
            raise RecordFault(f"relation {number} has no label")
        relation_id = str(plain.get("id", f"r{number}"))
        head, child = (_end_of(plain, role, ids, spans, number) for role in ("head", "child"))
        unknown = {key: value for key, value in plain.items() if key not in _RELATION_KEYS}
        attributes = unknown | _typed(plain, "attributes", dict, {})
        if relation_id in relations:
            raise RecordFault(f"two relations have the id {relation_id!r}")
        relations[relation_id] = Relation(relation_id, head, child, plain["label"], attributes)
    return relations


def _end_of(plain: Plain, role: str, ids: set[str], spans: list[Span], number: int) -> str:
    """The span id at one end of a relation; Prodigy names it by the offsets of ``head_span``."""
    place = plain.get(f"{role}_span")
    if isinstance(place, dict):
        for span in spans:
            if (span.start, span.end) == (place.get("start"), place.get("end")):
                return span.id
    given = str(plain.get(role))
    if isinstance(place, dict) or given not in ids:
        raise RecordFault(f"the {role} of relation {number} is no labelled span")
    return given
