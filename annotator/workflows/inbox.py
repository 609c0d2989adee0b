"""Looks through the corpus for inconsistencies. Runs in a process of its own (see `jobs.inbox_job`)."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.domain.hits import Hit
from annotator.domain.inconsistencies import Entry, Names, Sharing, Twins, find_edges, find_labels, together
from annotator.store import ProjectStore
from annotator.workflows.progress import Progress, raise_if_cancelled
from annotator.workflows.searching import Searcher

PORTION_DOCUMENTS = 100
NO_LIMIT = 10**9


def find_inconsistencies(
    store: ProjectStore, annotator: str, progress: Progress, *, with_suggestions: bool = False
) -> tuple[Entry, ...]:
    """Everything that contradicts itself among the annotator's decided spans (or among all that they see).

    Raises `Cancelled`, or a `UserError` of the store.
    """
    is_decided = not with_suggestions
    with store.reading() as reader:
        keys = reader.seen_documents(annotator, with_suggestions=with_suggestions)
        progress.report(0, len(keys), "documents")
        rows = reader.count_spans(annotator, with_suggestions=with_suggestions)
        names, twins = Names(rows), Twins(rows)
        for first in range(0, len(keys), PORTION_DOCUMENTS):
            raise_if_cancelled(progress)
            portion = keys[first : first + PORTION_DOCUMENTS]
            for document in reader.labelled_texts(annotator, portion, with_suggestions=with_suggestions):
                names.read(document)
                twins.read(document)
            progress.report(first + len(portion), len(keys), "documents")
    return (
        *find_labels(rows, is_decided=is_decided),
        *names.entries(is_decided=is_decided),
        *twins.entries(),
        *find_edges(rows, is_decided=is_decided),
    )


def gather(searcher: Searcher, entries: Sequence[Entry], progress: Progress) -> list[tuple[Entry, list[Hit]]]:
    """All places of some entries, however many. Raises `Cancelled`, or a `UserError` of the store."""
    gathered: dict[Entry, list[Hit]] = {entry: [] for entry in entries}
    groups = together(entries)
    for number, (query, group) in enumerate(groups):
        raise_if_cancelled(progress)
        progress.report(number, len(groups), "strings")
        sharing = Sharing(group)
        for found in searcher.search(query, _Unreported(progress), limit=NO_LIMIT):
            for hit in found.hits:
                for entry in sharing.entries_of(hit):
                    gathered[entry].append(hit)
    return list(gathered.items())


class _Unreported:
    """Can be cancelled; tells nothing."""

    def __init__(self, outer: Progress) -> None:
        self._outer = outer

    def report(self, done: int, total: int | None, unit: str) -> None:
        """Do nothing: the entries are counted."""

    def is_cancelled(self) -> bool:
        """Whether the work is to stop."""
        return self._outer.is_cancelled()
