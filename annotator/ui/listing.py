"""The list of documents as the window reckons with it: which to open, what an edit changes. No Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from annotator.domain.projects import AnnotatedDocument, Status
from annotator.workflows.project import DocumentRow

OPEN_STATUSES = (Status.NEW, Status.IN_PROGRESS)


class Progress:
    """How many documents have which status, over the whole project."""

    def __init__(self, rows: Iterable[DocumentRow] = ()) -> None:
        self._counts = Counter(row.status for row in rows)

    @property
    def done(self) -> int:
        """Documents that are done."""
        return self._counts[Status.DONE]

    @property
    def total(self) -> int:
        """All documents."""
        return self._counts.total()

    @property
    def left(self) -> int:
        """Documents that are new or in progress."""
        return sum(self._counts[status] for status in OPEN_STATUSES)

    def move(self, before: Status, after: Status) -> None:
        """One document has another status now."""
        self._counts[before] -= 1
        self._counts[after] += 1


def first_to_open(rows: Sequence[DocumentRow], last_id: str) -> int | None:
    """The key of the document where the annotator was, else of the first that is not done, else of the first."""
    last = next((row.key for row in rows if row.id == last_id), None)
    if last is not None or not rows:
        return last
    return next((row.key for row in rows if row.status in OPEN_STATUSES), rows[0].key)


def next_to_do(rows: Sequence[DocumentRow], after: int) -> DocumentRow | None:
    """The next document that is new or in progress, from the one after ``after`` round to it."""
    start = next((place + 1 for place, row in enumerate(rows) if row.key == after), 0)
    round_trip = (*rows[start:], *rows[:start])
    return next((row for row in round_trip if row.key != after and row.status in OPEN_STATUSES), None)


def row_of(key: int, doc: AnnotatedDocument, before: DocumentRow | None) -> DocumentRow:
    """The row of an open document as it is now."""
    return DocumentRow(
        key,
        doc.document.id,
        before.title if before else doc.document.display_title,
        doc.status,
        doc.spans.undecided,
        len(doc.spans),
        len(doc.document.text),
    )
