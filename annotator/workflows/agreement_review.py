"""What the review page shows: the figures, how spans differ, what is hardest, and agreement over time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np

from annotator.agreement.bootstrap import Resampling
from annotator.agreement.kinds import Kinds, count_differences, count_kinds
from annotator.agreement.report import AgreementReport
from annotator.agreement.shapes import Bools, SpanTable, Value
from annotator.agreement.span_measures import SpanAgreement
from annotator.store import ProjectStore, Reader
from annotator.workflows.agreeing import AgreementRequest, measure_on
from annotator.workflows.agreement_choice import ComparedSets
from annotator.workflows.agreement_columns import SpanColumns
from annotator.workflows.progress import Progress, Silent, raise_if_cancelled

EXACT = "pooled_span_f1_exact"
SHOWN = 12
LEAST_SPANS = 4
"""A document with fewer spans (of both of a pair) is not called hard."""

DAYS_BY_DAY, DAYS_BY_WEEK = 21, 365


@dataclass(frozen=True, slots=True)
class HardDocument:
    """A document on which annotators differ most. ``value``: pooled exact F1; ``spans``: how many it is of."""

    key: int
    id: str
    value: float
    spans: int


@dataclass(frozen=True, slots=True)
class HardString:
    """Words on which annotators differ most: how often, and by what labels. ``key``: a document with them."""

    words: str
    differences: int
    labels: tuple[str, ...]
    key: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Period:
    """Agreement on documents that were finished from ``begin`` on, until the next period."""

    begin: date
    documents: int
    value: Value


@dataclass(frozen=True, slots=True)
class Review:
    """All of it, on one project."""

    report: AgreementReport
    kinds: Kinds
    documents: tuple[HardDocument, ...]
    strings: tuple[HardString, ...]
    periods: tuple[Period, ...]
    request: AgreementRequest


def review_agreement(store: ProjectStore, request: AgreementRequest, progress: Progress | None = None) -> Review:
    """Measure, and look where annotators differ. Raises `UnknownChoice`, `Cancelled`."""
    told = progress or Silent()
    with store.reading() as reader:
        measured = measure_on(reader, request, told)
        columns = measured.columns
        return Review(
            measured.report,
            count_kinds(columns.table),
            _hard_documents(columns),
            _hard_strings(reader, columns, told),
            _periods(measured.chosen, columns, request),
            request,
        )


def _hard_documents(columns: SpanColumns) -> tuple[HardDocument, ...]:
    found = SpanAgreement(columns.table).by_document([EXACT])
    hard = [
        HardDocument(key, name, value.value, value.n)
        for key, (name, (value,)) in zip(columns.keys, found.items(), strict=True)
        if value.value is not None and value.value < 1 and value.n >= LEAST_SPANS
    ]
    return tuple(sorted(hard, key=lambda one: (one.value, -one.spans, one.id))[:SHOWN])


def _hard_strings(reader: Reader, columns: SpanColumns, progress: Progress) -> tuple[HardString, ...]:
    table = columns.table
    differences = count_differences(table)
    counts: Counter[str] = Counter()
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    first: dict[str, tuple[str, int, int, int]] = {}
    for document in np.unique(table.document[differences > 0]).tolist():
        raise_if_cancelled(progress)
        text = reader.load_document(columns.keys[document]).text
        for row in np.flatnonzero((table.document == document) & (differences > 0)).tolist():
            start, end = int(table.start[row]), int(table.end[row])
            words = " ".join(text[start:end].split())
            folded = words.casefold()
            counts[folded] += int(differences[row])
            labels[folded][table.labels[table.label[row]]] += 1
            first.setdefault(folded, (words, columns.keys[document], start, end))
    return tuple(
        HardString(first[one][0], times, tuple(name for name, _ in labels[one].most_common()), *first[one][1:])
        for one, times in counts.most_common(SHOWN)
    )


def _periods(chosen: ComparedSets, columns: SpanColumns, request: AgreementRequest) -> tuple[Period, ...]:
    days = _days(chosen)
    if not days:
        return ()
    begins = [_begin(days[key], (max(days.values()) - min(days.values())).days) for key in columns.keys]
    resampling = Resampling(request.samples, request.seed) if request.samples else None
    found = []
    for begin in sorted(set(begins)):
        keep = np.array([one == begin for one in begins])
        (value,) = SpanAgreement(_only(columns.table, keep), resampling).overall([EXACT])
        found.append(Period(begin, int(keep.sum()), value))
    return tuple(found)


def _days(chosen: ComparedSets) -> Mapping[int, date]:
    """The day on which the last of the compared sets of a document was written."""
    days: dict[int, date] = {}
    for one in chosen.sets:
        day = datetime.fromisoformat(one.at).date()
        days[one.key] = max(day, days.get(one.key, day))
    return days


def _begin(day: date, over_days: int) -> date:
    """The first day of the period: the day, its week, or its month, by how much time there is."""
    if over_days <= DAYS_BY_DAY:
        return day
    return day - timedelta(days=day.weekday()) if over_days <= DAYS_BY_WEEK else day.replace(day=1)


def _only(table: SpanTable, keep: Bools) -> SpanTable:
    """The table with only these documents counted."""
    kept = table.rows(keep[table.document])
    return replace(kept, is_annotated=table.is_annotated & keep[:, np.newaxis])
