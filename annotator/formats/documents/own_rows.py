"""A document with one annotation set as the cells of one row, and back. Pure.

A spreadsheet takes a cell that begins with ``= + - @`` (or a tab or carriage return) for a formula. Such a cell gets an
apostrophe in front, and one that has apostrophes before such a sign one more; reading takes one away again. So every
cell comes back as it was, and no text runs as a formula.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.text import Json
from annotator.formats.documents.columns import OWN
from annotator.formats.jsonl import with_names
from annotator.formats.jsonl.record_fields import RecordFault
from annotator.formats.jsonl.record_reading import record_from_plain
from annotator.formats.jsonl.record_writing import TOKEN_EXTRA, record_to_plain
from annotator.formats.shapes import ReadOptions

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_STRINGS = ("id", "text", "title", "language", "annotator", "status", "status_reason", "note")
_JSON = {"labels": "cats", "spans": "spans", "relations": "relations"}
_OF_TOKENS = ("token_start", "token_end")


def guarded(cell: str) -> str:
    """The cell as it is written."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """The inverse of `guarded`."""
    return cell[1:] if _GUARDED.match(cell) else cell


def row_of(doc: AnnotatedDocument, scheme: LabelScheme) -> list[str]:
    """The cells, in the order of `OWN`."""
    plain = record_to_plain(with_names(doc, scheme))
    spans = [{key: span[key] for key in span if key not in _OF_TOKENS} for span in plain["spans"]]
    extra = {key: value for key, value in doc.document.extra.items() if key != TOKEN_EXTRA}
    cells = {key: plain.get(key, "") for key in _STRINGS} | {
        "labels": _json(plain["cats"]), "spans": _json(spans), "relations": _json(plain["relations"]),
        "meta": _json(dict(doc.document.meta)), "extra": _json(extra),
    }  # fmt: skip
    return [guarded(cells[name]) for name in OWN]


def document_of_own(cells: Mapping[str, str], meta: Mapping[str, Json], options: ReadOptions) -> AnnotatedDocument:
    """The document of a row, by names of columns; ``meta`` is added to its own. Raises `RecordFault`."""
    held = {name: unguarded(cells.get(name, "")) for name in OWN}
    plain: dict[str, Any] = {name: held[name] for name in _STRINGS if held[name] or name == "text"}
    plain |= {key: _loaded(held, name) for name, key in _JSON.items() if held[name].strip()}
    doc = record_from_plain(plain, options)
    own, extra = _dict(held, "meta"), _dict(held, "extra")
    return replace(doc, document=replace(doc.document, meta={**meta, **own}, extra=extra))


def _json(value: Any) -> str:
    return orjson.dumps(value).decode() if value else ""


def _loaded(held: Mapping[str, str], name: str) -> Any:
    try:
        return orjson.loads(held[name])
    except orjson.JSONDecodeError as fault:
        raise RecordFault(f"the cell under {name!r} is no valid JSON ({fault.msg}); was it cut off?") from fault


def _dict(held: Mapping[str, str], name: str) -> dict[str, Json]:
    value = _loaded(held, name) if held[name].strip() else {}
    if not isinstance(value, dict):
        raise RecordFault(f"the cell under {name!r} is no JSON object")
    return value
