"""A project's labels as ratings: of documents, of places that several marked, of attributes there, of tokens."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from annotator.agreement.confusion import NOTHING
from annotator.agreement.contacts import piece_starts, span_pieces
from annotator.agreement.shapes import MISSING, Floats, Ratings, SpanTable, ratings
from annotator.domain.disagreements import GIVEN
from annotator.domain.labels import LabelScheme
from annotator.domain.text import Json
from annotator.workflows.agreement_choice import ComparedSets
from annotator.workflows.agreement_columns import Place, SpanColumns

NO_LABEL = "none"


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
    is_single = scheme.has_single_document_label
    questions = [""] if is_single else given
    answers: list[list[str | None]] = [[None] * len(who) for _ in range(len(place) * len(questions))]
    for one in chosen.sets:
        said = {label for label, value in one.cats.items() if value >= GIVEN}
        for number, question in enumerate(questions):
            answer = _answer(said, question)
            answers[place[one.key] * len(questions) + number][who[one.annotator]] = answer
    document = [at for at in range(len(place)) for _ in questions]
    choices = [label.name for label in scheme.document_labels] if is_single else []
    categories = _with_others([*choices, NO_LABEL] if is_single else ["yes", "no"], answers)
    return ratings(answers, chosen.annotators, categories, document)


def _with_others(choices: Iterable[str], answers: Iterable[Iterable[str | None]]) -> list[str]:
    """What could be said, then what was said besides: some coefficients ask how many categories there are."""
    said = {answer for row in answers for answer in row if answer is not None}
    known = dict.fromkeys(choices)
    return [*known, *sorted(said - set(known))]


def _answer(said: set[str], question: str) -> str:
    if question:
        return "yes" if question in said else "no"
    return " ".join(sorted(said)) or NO_LABEL


def rate_matched_spans(columns: SpanColumns) -> tuple[Ratings | None, int]:
    """The labels of places that two annotators or more marked with the same ends, and how many spans have no such
    place. An annotator who marked a place twice, with two labels, is left out there.
    """
    table = columns.table
    where = np.stack((table.document, table.start, table.end, table.shape), axis=1)
    places, place = np.unique(where, axis=0, return_inverse=True)
    shape = (len(places), len(table.annotators))
    cells = np.ravel_multi_index((place.ravel(), table.annotator), shape) if len(table) else np.zeros(0, dtype=np.int64)
    times = np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)
    categories = list(dict.fromkeys((*columns.choices, *table.labels)))
    as_category = np.array([categories.index(label) for label in table.labels], dtype=np.int64)
    codes = np.full(shape, MISSING, dtype=np.int64)
    codes.ravel()[cells] = as_category[table.label]
    codes[times != 1] = MISSING
    shared = np.count_nonzero(codes != MISSING, axis=1) > 1
    codes = codes[shared]
    dropped = len(table) - int(np.count_nonzero(codes != MISSING))
    if not len(codes):
        return None, dropped
    return Ratings(table.annotators, tuple(categories), codes, places[shared, 0], len(table.documents)), dropped


def rate_label_sets(chosen: ComparedSets) -> Ratings | None:
    """All labels of a document together as one rating, to be compared as sets; None where nobody gave any."""
    if not any(one.cats for one in chosen.sets):
        return None
    place = {key: at for at, key in enumerate(chosen.keys)}
    who = {name: at for at, name in enumerate(chosen.annotators)}
    answers: list[list[frozenset[str] | None]] = [[None] * len(who) for _ in place]
    for one in chosen.sets:
        said = frozenset(label for label, value in one.cats.items() if value >= GIVEN)
        answers[place[one.key]][who[one.annotator]] = said
    return ratings(answers, chosen.annotators)


def in_order(rated: Ratings) -> Ratings:
    """The same without `NO_LABEL`, which has no place in an order; numbers where all categories are numbers."""
    kept = [at for at, category in enumerate(rated.categories) if category != NO_LABEL]
    codes = np.full(len(rated.categories) + 1, MISSING, dtype=np.int64)
    codes[kept] = np.arange(len(kept))
    categories = tuple(rated.categories[at] for at in kept)
    return replace(rated, categories=categories, codes=codes[rated.codes], numbers=_numbers(categories))


def _numbers(categories: Sequence[object]) -> Floats | None:
    try:
        return np.array([float(str(one)) for one in categories], dtype=np.float64)
    except ValueError:
        return None


def rate_tokens(table: SpanTable) -> Ratings:
    """What each annotator says of each token: a label, or `NOTHING`. Of nested spans the longest counts.

    ``table`` is in tokens.
    """
    begins = np.concatenate(([0], np.cumsum(table.lengths)))
    document = np.repeat(np.arange(len(table.documents)), table.lengths)
    codes = np.where(table.is_annotated[document], 0, MISSING).astype(np.int64)
    counted = np.flatnonzero(table.is_annotated[table.document, table.annotator])
    pieces = span_pieces(table, counted)
    order = np.argsort((table.end - table.start)[pieces.owner], kind="stable")
    owner, size = pieces.owner[order], (pieces.end - pieces.start)[order]
    start = begins[table.document[owner]] + piece_starts(table, pieces)[order]
    rows = np.repeat(owner, size)
    tokens = np.repeat(start - np.cumsum(size) + size, size) + np.arange(len(rows))
    codes[tokens, table.annotator[rows]] = table.label[rows] + 1  # the last, longest one stays
    return Ratings(table.annotators, (NOTHING, *table.labels), codes, document, len(table.documents))


def rate_marked_tokens(table: SpanTable) -> Ratings:
    """`rate_tokens` of the tokens that anybody marked: of all, models of annotators learn little but `NOTHING`."""
    rated = rate_tokens(table)
    marked = (rated.codes > 0).any(axis=1)
    return replace(rated, codes=rated.codes[marked], document=rated.document[marked])


def rate_attributes(columns: SpanColumns) -> dict[str, Ratings]:
    """What annotators say of each attribute, by its name, in places that two or more marked alike with one label.

    A span without the attribute says `NO_LABEL`; a place where nobody gives it is left out.
    """
    table = columns.table
    rows: dict[Place, list[Mapping[str, Json] | None]] = {}
    for place, annotator, attributes in columns.attributed:
        rows.setdefault(place, [None] * len(table.annotators))[annotator] = attributes
    shared = {place: row for place, row in rows.items() if sum(one is not None for one in row) > 1}
    names = sorted({name for row in shared.values() for one in row if one for name in one})
    return {name: _rate_attribute(table, name, shared) for name in names}


def _rate_attribute(
    table: SpanTable, name: str, shared: Mapping[Place, Sequence[Mapping[str, Json] | None]]
) -> Ratings:
    given = {place: row for place, row in shared.items() if any(one and name in one for one in row)}
    items = [[None if one is None else _told(one.get(name)) for one in row] for row in given.values()]
    rated = ratings(items, table.annotators, document=[place[0] for place in given])
    return replace(rated, documents=len(table.documents))


def _told(value: Json) -> str:
    if value is None:
        return NO_LABEL
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
