"""Searching the corpus: a query as typed in, hits out, portion by portion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from annotator.domain.finding import Range, find_words
from annotator.domain.hits import Hit
from annotator.domain.queries import Query, TextTerm, Words
from annotator.domain.query_reading import bind, parse
from annotator.store import Found, ProjectStore
from annotator.workflows.matching import Matcher
from annotator.workflows.progress import Progress, Silent, raise_if_cancelled

__all__ = ["MOST_HITS", "Found", "Searcher"]

MOST_HITS = 5_000
"""So many hits are looked for; more is nothing that a person would read."""


class Searcher:
    """Searches one project as one annotator sees it. May be asked by several threads."""

    def __init__(self, store: ProjectStore, annotator: str, *, may_see_all: bool = False) -> None:
        self._store = store
        self._annotator = annotator
        self._may_see_all = may_see_all
        self._matcher = Matcher()

    def read(self, typed: str) -> Query:
        """The query with the names of labels as ids. Raises `QueryInvalid`, in one sentence for the person."""
        with self._store.reading() as reader:
            return bind(
                parse(typed),
                reader.scheme(),
                reader.annotators(),
                myself=self._annotator,
                may_see_all=self._may_see_all,
            )

    def search(self, query: Query, progress: Progress | None = None, *, limit: int = MOST_HITS) -> Iterator[Found]:
        """Hits of a query that was `read`, in document order, until there are more than ``limit``.

        Raises `RegexTooSlow`, `Cancelled`, or a `UserError` of the store.
        """
        told = progress or Silent()
        left = limit
        with self._store.reading() as reader:
            portions = reader.find_hits(self._annotator, query, lambda term, texts: self._find(term, texts, told))
            for portion in portions:
                raise_if_cancelled(told)
                told.report(portion.done, portion.total, "documents")
                yield Found(portion.hits[: left + 1], portion.done, portion.total)
                left -= len(portion.hits)
                if left < 0:
                    return

    def hits_again(self, hits: Sequence[Hit], *, since: str) -> list[Hit]:
        """The same hits as they are now; nothing is read again that was not written at ``since`` or later."""
        with self._store.reading() as reader:
            return reader.hits_again(self._annotator, hits, since=since)

    def prepare_for_regex(self) -> None:
        """A regular expression is about to be searched for."""
        self._matcher.prepare()

    def close(self) -> None:
        """End what still runs."""
        self._matcher.close()

    def _find(self, term: TextTerm, texts: Sequence[str], progress: Progress) -> list[list[Range]]:
        if isinstance(term, Words):
            return [find_words(term, text) for text in texts]
        return self._matcher.find(term, texts, progress)
