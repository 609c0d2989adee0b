"""One JSON record, Annotator's or Prodigy's, as a document with one annotation set. Pure."""

from __future__ import annotations

import orjson

from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.spans import SpanSet
from annotator.domain.text import Document
from annotator.formats.encoding import with_newlines
from annotator.formats.jsonl.record_fields import (
    Plain,
    RecordFault,
    dict_of,
    id_of,
    is_number,
    kept,
    list_of,
    one_of,
    string_of,
)
from annotator.formats.jsonl.record_spans import (
    relations_from_plain,
    spans_from_plain,
    token_extra,
    tokens_from_plain,
    words_of_relations,
)
from annotator.formats.jsonl.record_writing import TOKEN_EXTRA
from annotator.formats.shapes import ReadOptions

_SET_KEYS = frozenset({"spans", "relations", "cats", "annotator", "status", "answer", "note", "status_reason"})
_DOCUMENT_KEYS = frozenset({"id", "text", "meta", "tokens", "title", "language", "tokenizer", TOKEN_EXTRA})
_KNOWN = _SET_KEYS | _DOCUMENT_KEYS
_PRODIGY_NAMES = ("_annotator_id", "_session_id")
_ANSWERS = {"accept": Status.DONE, "ignore": Status.SKIPPED, "reject": Status.SKIPPED}
_STATUSES = [status.value for status in Status]


def record_from_plain(plain: object, options: ReadOptions) -> AnnotatedDocument:
    """The inverse of `record_to_plain`; also reads Prodigy's records. Raises `RecordFault`."""
    if not isinstance(plain, dict):
        raise RecordFault("the record is not a JSON object")
    text = _text_of(plain, options)
    document = _document_of(plain, text)
    spans = spans_from_plain(list_of(plain, "spans"), text)
    relations = list_of(plain, "relations")
    spans += words_of_relations(relations, spans, document.tokens)
    return AnnotatedDocument(
        document=document,
        annotator=_annotator_of(plain),
        spans=SpanSet(spans),
        relations=relations_from_plain(relations, spans, document.tokens),
        cats=_cats_of(plain),
        status=_status_of(plain),
        note=string_of(plain, "note"),
        status_reason=string_of(plain, "status_reason"),
    )


def _document_of(plain: Plain, text: str) -> Document:
    tokens = list_of(plain, "tokens")
    checked = tokens_from_plain(tokens, text)
    extra = _extra_of(plain)
    if unknown := token_extra(tokens):
        extra[TOKEN_EXTRA] = unknown
    return Document(
        id=id_of(plain, "the record"),
        text=text,
        title=string_of(plain, "title"),
        language=string_of(plain, "language"),
        meta=_meta_of(plain, extra),
        extra=extra,
        tokens=checked,
        tokenizer=string_of(plain, "tokenizer"),
    )


def _text_of(plain: Plain, options: ReadOptions) -> str:
    text = plain.get("text")
    if not isinstance(text, str):
        raise RecordFault("the record has no text" if text is None else "the text is not a string")
    if not text.strip():
        raise RecordFault("the text has only white space" if text else "the text is empty")
    if "\0" in text:
        raise RecordFault("the text has NUL characters")
    changed = with_newlines(text, options.newlines)
    if changed != text and (plain.get("spans") or plain.get("tokens")):
        raise RecordFault("line ends cannot be changed under existing offsets; import with --newlines keep")
    return changed


def _extra_of(plain: Plain) -> Plain:
    """Keys that Annotator does not know.

    Prodigy's ``reject`` is kept, since no status says the same. The names of Prodigy's annotators are not:
    they become the annotator, and the extra keys of a document are shared by all who annotate it.
    """
    extra = {key: value for key, value in plain.items() if key not in _KNOWN}
    for key in _PRODIGY_NAMES:
        if isinstance(extra.get(key), str):
            del extra[key]
    if plain.get("answer") == "reject" and _status_of(plain) is Status.SKIPPED:
        extra["answer"] = "reject"
    return kept(extra)


def _meta_of(plain: Plain, extra: Plain) -> Plain:
    """``meta`` without what the writer had put there from the extra keys."""
    meta = dict_of(plain, "meta")
    return {
        key: value for key, value in meta.items() if key not in extra or orjson.dumps(extra[key]) != orjson.dumps(value)
    }


def _annotator_of(plain: Plain) -> str:
    if given := string_of(plain, "annotator"):
        return given
    return next((plain[key] for key in _PRODIGY_NAMES if isinstance(plain.get(key), str) and plain[key]), "")


def _status_of(plain: Plain) -> Status:
    given = plain.get("status")
    if given is None:
        is_answered = _find_asked_label(plain) is not None
        return Status.DONE if is_answered else _ANSWERS.get(str(plain.get("answer")), Status.NEW)
    return Status(one_of(given, _STATUSES, "the status"))


def _cats_of(plain: Plain) -> dict[str, float]:
    cats = dict_of(plain, "cats")
    if not all(is_number(value) or isinstance(value, bool) for value in cats.values()):
        raise RecordFault("a value in cats is not a number")
    chosen = plain.get("accept")
    if plain.get("cats") is None and "options" in plain and isinstance(chosen, list):  # Prodigy's choice interface
        return {str(label): 1.0 for label in chosen}
    if plain.get("cats") is None and (asked := _find_asked_label(plain)) is not None:
        return {asked: 1.0 if plain["answer"] == "accept" else 0.0}
    return {label: float(value) for label, value in cats.items()}


def _find_asked_label(plain: Plain) -> str | None:
    """The label that Prodigy asked about the whole text and that was answered with yes or no; None: it did not."""
    asked = plain.get("label")
    is_about_text = not plain.get("spans") and "options" not in plain and plain.get("status") is None
    is_answered = plain.get("answer") in ("accept", "reject")
    return asked if isinstance(asked, str) and asked and is_about_text and is_answered else None
