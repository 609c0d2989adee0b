"""Whether what was read back is what was written, span by span. Pure.

Where a format keeps only the words, places are compared by how many characters that are not white space stand before
them: such a count does not change when white space does.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import DEFAULT_LAYER, Span
from annotator.formats.shapes import Holds

SHOWN_CHARS = 40


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that did not come back as it was written. ``what`` is one sentence without a full stop."""

    document_id: str
    what: str


def differences(
    written: AnnotatedDocument, read: AnnotatedDocument, scheme: LabelScheme, holds: Holds
) -> list[Difference]:
    """What of ``written`` (label ids, as `holding.what_is_left` has it) is not in ``read`` (label names), or the other
    way round; empty: it is all there.
    """
    return [Difference(written.document.id, what) for what in _differences(written, read, scheme, holds)]


def _differences(
    written: AnnotatedDocument, read: AnnotatedDocument, scheme: LabelScheme, holds: Holds
) -> Iterator[str]:
    there, back = _Places(written.document.text, holds), _Places(read.document.text, holds)
    if there.compared != back.compared:
        yield f"the text is another one ({_first_difference(there.compared, back.compared)})"
        return
    names = {(layer.name, label.id): label.name for layer, label in scheme.labels}
    keys = {span.id: _span_key(span, there, names, holds) for span in written.spans}
    back_keys = {span.id: _span_key(span, back, {}, holds) for span in read.spans}
    yield from _compared("span", Counter(keys.values()), Counter(back_keys.values()))
    if holds.relations:
        relation_names = {one.id: one.name for one in scheme.relation_labels}
        yield from _compared(
            "relation", Counter(_relation_keys(written, keys, relation_names, holds)),
            Counter(_relation_keys(read, back_keys, {}, holds)),
        )  # fmt: skip
    yield from _document_differences(written, read, scheme, holds)


def _document_differences(
    written: AnnotatedDocument, read: AnnotatedDocument, scheme: LabelScheme, holds: Holds
) -> Iterator[str]:
    if holds.cats:
        names = {one.id: one.name for one in scheme.document_labels}
        cats = {names.get(label, label): float(value) for label, value in written.cats.items()}
        if cats != dict(read.cats):
            yield f"the document labels were {cats} and are {dict(read.cats)}"
    if holds.document_note and written.note != read.note:
        yield "the note on the document is another one"
    if holds.status and (written.status, written.status_reason) != (read.status, read.status_reason):
        yield f"the status was {written.status.value} and is {read.status.value}"


class _Places:
    """Offsets as they are compared."""

    def __init__(self, text: str, holds: Holds) -> None:
        self._white = [] if holds.text == "exact" else [place for place, char in enumerate(text) if char.isspace()]
        self.compared = text if holds.text == "exact" else "".join(text.split())

    def of(self, start: int, end: int) -> tuple[int, int]:
        """A range without the white space before and in it."""
        return start - bisect_left(self._white, start), end - bisect_left(self._white, end)


def _span_key(span: Span, places: _Places, names: Mapping[tuple[str, str], str], holds: Holds) -> str:
    layer = span.layer if holds.layers else DEFAULT_LAYER
    label = names.get((span.layer, span.label), span.label)
    parts = span.parts if holds.fragments else ((span.start, span.end),)
    place = ", ".join("{}–{}".format(*places.of(*part)) for part in parts)
    more = [_plain(span.attributes)] if holds.attributes and span.attributes else []
    more += [f"note {span.note!r}"] if holds.notes and span.note else []
    more += [f"score {span.score:.6f}"] if holds.scores and span.score is not None else []
    return " ".join([place, f"{layer}/{label}" if layer != DEFAULT_LAYER else label, *more])


def _relation_keys(
    doc: AnnotatedDocument, keys: Mapping[str, str], names: Mapping[str, str], holds: Holds
) -> Iterator[str]:
    for one in doc.relations.values():
        more = f" {_plain(one.attributes)}" if holds.relation_attributes and one.attributes else ""
        yield f"{names.get(one.label, one.label)} from {keys.get(one.head, '?')} to {keys.get(one.child, '?')}{more}"


def _plain(attributes: Mapping[str, Any]) -> str:
    return orjson.dumps(dict(attributes), option=orjson.OPT_SORT_KEYS).decode()


def _compared(what: str, written: Counter[str], read: Counter[str]) -> Iterator[str]:
    yield from (f"the {what} {key} did not come back" for key in _sorted(written - read))
    yield from (f"a {what} {key} came back that was not written" for key in _sorted(read - written))


def _sorted(counts: Counter[str]) -> Iterable[str]:
    return sorted(counts.elements())


def _first_difference(one: str, other: str) -> str:
    pairs = enumerate(zip(one, other, strict=False))
    at = next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))
    return f"{one[at : at + SHOWN_CHARS]!r} was written and {other[at : at + SHOWN_CHARS]!r} is there"
