"""A project's labels as the columns that coefficients count in: spans by character and by token, ratings."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from annotator.agreement.shapes import MarkedSpan, Ratings, SpanTable, Unit, ratings, span_table
from annotator.domain.labels import LabelScheme
from annotator.domain.text import tokenize_simply
from annotator.store import ComparedSpan, Reader
from annotator.workflows.agreement_choice import ComparedSets

Offsets = dict[int, tuple[Sequence[int], Sequence[int]]]


@dataclass(frozen=True, slots=True)
class SpanColumns:
    """The spans of one layer in code points, and how many of each annotator were left out as undecided."""

    table: SpanTable
    undecided: dict[str, int]
    keys: tuple[int, ...]


def read_spans(reader: Reader, chosen: ComparedSets, scheme: LabelScheme, layer: str) -> SpanColumns:
    """The spans that count. A person's suggestion that nobody has decided is no label of theirs."""
    documents = reader.compared().documents(set(chosen.keys))
    place = {one.key: at for at, one in enumerate(documents)}
    who = {name: at for at, name in enumerate(chosen.annotators)}
    pipelines = {one.annotator for one in chosen.sets if one.is_pipeline}
    is_annotated = np.zeros((len(documents), len(who)), dtype=np.bool_)
    for one in chosen.sets:
        is_annotated[place[one.key], who[one.annotator]] = True
    rows: list[ComparedSpan] = []
    undecided: dict[str, int] = defaultdict(int)
    for span in reader.compared().spans(chosen.annotators, layer):
        if span.key not in place or not is_annotated[place[span.key], who[span.annotator]]:
            continue
        if span.is_decided or span.annotator in pipelines:
            rows.append(span)
        else:
            undecided[span.annotator] += 1
    labels = _labels(rows, scheme, layer)
    spans = (
        MarkedSpan(place[one.key], who[one.annotator], one.start, one.end, labels[one.label_id], one.parts)
        for one in rows
    )
    names = [scheme.name_of(label, layer) for label in labels]
    ids, lengths = [one.id for one in documents], [one.length for one in documents]
    table = span_table(ids, chosen.annotators, names, lengths, spans, is_annotated)
    return SpanColumns(table, dict(undecided), tuple(one.key for one in documents))


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


def rate_documents(chosen: ComparedSets, scheme: LabelScheme) -> Ratings | None:
    """Document labels as ratings; None where nobody gave any.

    Where a document has one label only, it is rated by that (or by none); else each label is a question of its own to
    each document, answered by yes or no.
    """
    given = sorted({label for one in chosen.sets for label in one.cats})
    if not given:
        return None
    place = {key: at for at, key in enumerate(chosen.keys)}
    who = {name: at for at, name in enumerate(chosen.annotators)}
    questions = [""] if scheme.has_single_document_label else given
    answers: list[list[str | None]] = [[None] * len(who) for _ in range(len(place) * len(questions))]
    for one in chosen.sets:
        said = {label for label, value in one.cats.items() if value >= YES}
        for number, question in enumerate(questions):
            answer = _answer(said, question)
            answers[place[one.key] * len(questions) + number][who[one.annotator]] = answer
    document = [at for at in range(len(place)) for _ in questions]
    return ratings(answers, chosen.annotators, document=document)


YES = 0.5
"""A document label with at least this value is given."""


def _answer(said: set[str], question: str) -> str:
    if question:
        return "yes" if question in said else "no"
    return " ".join(sorted(said)) or "none"


def rate_matched_spans(table: SpanTable) -> tuple[Ratings | None, int]:
    """The labels of places that two annotators or more marked with the same ends, and how many spans have no such
    place. An annotator who marked a place twice, with two labels, is left out there.
    """
    places: dict[tuple[int, ...], dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    columns = (table.document, table.start, table.end, table.shape, table.annotator, table.label)
    for document, start, end, shape, annotator, label in zip(*(one.tolist() for one in columns), strict=True):
        places[document, start, end, shape][annotator].append(label)
    items, document = [], []
    for place, said in places.items():
        answers = [said[at][0] if len(said.get(at, ())) == 1 else None for at in range(len(table.annotators))]
        if sum(answer is not None for answer in answers) > 1:
            items.append([None if answer is None else table.labels[answer] for answer in answers])
            document.append(place[0])
    dropped = len(table) - sum(answer is not None for answers in items for answer in answers)
    if not items:
        return None, dropped
    return replace(ratings(items, table.annotators, document=document), documents=len(table.documents)), dropped
