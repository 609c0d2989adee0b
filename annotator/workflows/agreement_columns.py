"""A project's labels as the columns that coefficients count in: spans by character and by token, ratings."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from annotator.agreement.shapes import Bools, MarkedSpan, SpanTable, Unit, span_table
from annotator.domain.labels import LabelScheme
from annotator.domain.text import Json, tokenize_simply
from annotator.store import ComparedSpan, Reader
from annotator.workflows.agreement_choice import ComparedSets

Place = tuple[int, int, int, tuple[tuple[int, int], ...], str]
"""Document, start, end, parts, label: what spans have in common of which attributes are compared."""

Offsets = dict[int, tuple[Sequence[int], Sequence[int]]]


@dataclass(frozen=True, slots=True)
class SpanColumns:
    """The spans of one layer in code points, and how many of each annotator were left out as undecided.

    ``keys`` are the documents' in the store; ``choices`` the names of all labels of the layer, whether used or not.
    ``attributed``: place, annotator and attributes of each span, if any of them has attributes.
    """

    table: SpanTable
    undecided: dict[str, int]
    keys: tuple[int, ...]
    choices: tuple[str, ...] = ()
    attributed: tuple[tuple[Place, int, Mapping[str, Json]], ...] = ()


def read_spans(reader: Reader, chosen: ComparedSets, scheme: LabelScheme, layer: str) -> SpanColumns:
    """The spans that count. A person's suggestion that nobody has decided is no label of theirs."""
    documents = reader.compared().documents(set(chosen.keys))
    place = {one.key: at for at, one in enumerate(documents)}
    who = {name: at for at, name in enumerate(chosen.annotators)}
    rows, undecided = _counted(reader, chosen, layer)
    labels = _labels(rows, scheme, layer)
    spans = (
        MarkedSpan(place[one.key], who[one.annotator], one.start, one.end, labels[one.label_id], one.parts)
        for one in rows
    )
    names = [scheme.name_of(label, layer) for label in labels]
    ids, lengths = [one.id for one in documents], [one.length for one in documents]
    table = span_table(ids, chosen.annotators, names, lengths, spans, _annotated(chosen, place, who))
    keys = tuple(one.key for one in documents)
    return SpanColumns(table, undecided, keys, _of_layer(scheme, layer), _attributed(rows, place, who))


def _attributed(
    rows: Sequence[ComparedSpan], place: Mapping[int, int], who: Mapping[str, int]
) -> tuple[tuple[Place, int, Mapping[str, Json]], ...]:
    if not any(one.attributes for one in rows):
        return ()
    return tuple(
        ((place[one.key], one.start, one.end, one.parts, one.label_id), who[one.annotator], one.attributes)
        for one in rows
    )


def _counted(reader: Reader, chosen: ComparedSets, layer: str) -> tuple[list[ComparedSpan], dict[str, int]]:
    """The spans of the chosen sets, and how many of each annotator are undecided suggestions."""
    held = {(one.key, one.annotator): one.is_pipeline for one in chosen.sets}
    rows: list[ComparedSpan] = []
    undecided: dict[str, int] = defaultdict(int)
    for span in reader.compared().spans(chosen.annotators, layer):
        is_pipeline = held.get((span.key, span.annotator))
        if is_pipeline or (is_pipeline is not None and span.is_decided):
            rows.append(span)
        elif is_pipeline is not None:
            undecided[span.annotator] += 1
    return rows, dict(undecided)


def _annotated(chosen: ComparedSets, place: Mapping[int, int], who: Mapping[str, int]) -> Bools:
    is_annotated = np.zeros((len(place), len(who)), dtype=np.bool_)
    for one in chosen.sets:
        is_annotated[place[one.key], who[one.annotator]] = True
    return is_annotated


def _of_layer(scheme: LabelScheme, layer: str) -> tuple[str, ...]:
    held = scheme.find_layer(layer)
    return tuple(label.name for label in held.labels) if held else ()


def _labels(rows: Iterable[ComparedSpan], scheme: LabelScheme, layer: str) -> dict[str, int]:
    """Label ids that occur, by their place: in the order of the scheme, those that it lacks at the end."""
    found = {one.label_id for one in rows}
    held = scheme.find_layer(layer)
    known = [label.id for label in held.labels if label.id in found] if held else []
    return {label: at for at, label in enumerate([*known, *sorted(found - set(known))])}


def by_token(reader: Reader, columns: SpanColumns) -> SpanTable:
    """The same spans in tokens: every token that a span touches. Texts without tokens are cut by the simple rule."""
    table = columns.table
    offsets: Offsets = {key: (starts, ends) for key, starts, ends in reader.compared().token_offsets(columns.keys)}
    for key in (key for key in columns.keys if key not in offsets):
        tokens = tokenize_simply(reader.load_document(key).text)
        offsets[key] = (tokens.starts, tokens.ends)
    rows = (_in_tokens(table, row, offsets[columns.keys[table.document[row]]]) for row in range(len(table)))
    lengths = [len(offsets[key][0]) for key in columns.keys]
    return span_table(
        table.documents, table.annotators, table.labels, lengths, rows, table.is_annotated, unit=Unit.TOKEN
    )


def _in_tokens(table: SpanTable, row: int, offsets: tuple[Sequence[int], Sequence[int]]) -> MarkedSpan:
    starts, ends = offsets
    begin, end = int(table.start[row]), int(table.end[row])
    parts = [(begin + first, begin + last) for first, last in table.shapes[table.shape[row]]] or [(begin, end)]
    covered = [(bisect_right(ends, first), bisect_left(starts, last)) for first, last in parts]
    whole = MarkedSpan(
        int(table.document[row]), int(table.annotator[row]), covered[0][0], covered[-1][1], int(table.label[row])
    )
    return replace(whole, parts=tuple(covered)) if len(covered) > 1 else whole
