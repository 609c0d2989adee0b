"""What of a document spaCy has no place for, in ``doc.user_data``: plain values only, nothing need be registered. Pure.

Under ``"annotator"`` stands the whole record but for text and tokens, as a JSON string. For spaCy's own users the
attributes of spans are there as ``span._`` has them, the metadata as ``doc._`` has it. Where two spans share their
place the first one's values are shown; the record has both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

import orjson

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.formats.gaps import fill_gaps
from annotator.formats.jsonl import with_names
from annotator.formats.jsonl.record_fields import Plain
from annotator.formats.jsonl.record_writing import TOKEN_EXTRA, record_to_plain

RECORD = "annotator"
UNDERSCORE = "._."
FOREIGN = "spacy"
"""Key of `Document.extra`: values on tokens and other user data of a DocBin that was read."""

Place: TypeAlias = tuple[str, int | None, int | None]
"""Name, start and end (code points) of a custom attribute; no start: the document's, no end: a token's."""


class NotPlain(ValueError):
    """A value that JSON cannot hold."""


def with_whole_tokens(doc: AnnotatedDocument) -> AnnotatedDocument:
    """The document with tokens that make up the whole text."""
    document = doc.document
    return replace(doc, document=replace(document, tokens=fill_gaps(document.text, document.tokens)))


def without_cut_tokens(doc: AnnotatedDocument) -> AnnotatedDocument:
    """The document without spans that begin or end inside a token, and without the relations of these."""
    find_aligned = doc.document.tokens.find_aligned
    gone = {span.id for span in doc.spans if not span.fragments and find_aligned(span.start, span.end) is None}
    relations = {key: one for key, one in doc.relations.items() if one.head not in gone and one.child not in gone}
    return replace(doc, spans=doc.spans.changed((), gone), relations=relations)


def user_data_of(doc: AnnotatedDocument, scheme: LabelScheme) -> dict[Any, Any]:
    """What goes into ``doc.user_data``."""
    record = record_to_plain(with_names(doc, scheme))
    del record["text"], record["tokens"]
    if extra := doc.document.extra.get(TOKEN_EXTRA):
        record[TOKEN_EXTRA] = extra
    foreign = record.pop(FOREIGN, None)
    user_data: dict[Any, Any] = {"id": doc.document.id, RECORD: orjson.dumps(record).decode()}
    shown = dict(shown_values(record))
    if isinstance(foreign, dict):
        user_data = _dict_in(foreign, "user_data") | user_data
        shown |= dict(_values_in(foreign))
    for (name, start, end), value in shown.items():
        if _fits_msgpack(value):
            user_data[(UNDERSCORE, name, start, end)] = value
    return user_data


def _dict_in(foreign: Plain, key: str) -> Plain:
    found = foreign.get(key)
    return {key: value for key, value in found.items() if _fits_msgpack(value)} if isinstance(found, dict) else {}


def _values_in(foreign: Plain) -> Iterator[tuple[Place, Any]]:
    entries = foreign.get("values")
    for one in entries if isinstance(entries, list) else ():
        if isinstance(one, list) and len(one) == 4 and isinstance(one[0], str):
            name, start, end, value = one
            if all(place is None or type(place) is int for place in (start, end)):
                yield (name, start, end), value


def shown_values(record: Plain) -> Iterator[tuple[Place, Any]]:
    """The attributes and metadata of a record, the first ones last, as `dict` then keeps them."""
    for span in reversed(record.get("spans", [])):
        for name, value in span["attributes"].items():
            yield (name, span["start"], span["end"]), value
    for name, value in record.get("meta", {}).items():
        yield (name, None, None), value


def _fits_msgpack(value: Any) -> bool:
    if isinstance(value, int):
        return -(2**63) <= value < 2**64
    if isinstance(value, dict):
        return all(_fits_msgpack(one) for one in value.values())
    return not isinstance(value, list) or all(_fits_msgpack(one) for one in value)


def plain_of(value: Any) -> Any:
    """``value`` as JSON has it: tuples are lists. Raises `NotPlain`."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [plain_of(one) for one in value]
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {key: plain_of(one) for key, one in value.items()}
    raise NotPlain
