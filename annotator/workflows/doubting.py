"""The doubts of the open document as an annotator sees them: what is known is read, then they are found.

All in small pieces of work, so that a window can do it between two events. Blind to what other people decided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from itertools import islice

from annotator.domain.alternatives import Alternative, with_labels_of_today
from annotator.domain.doubt_book import DoubtBook, words_to_remember
from annotator.domain.doubts import Doubt, Evidence
from annotator.domain.edits import Touched
from annotator.domain.labels import LabelScheme
from annotator.domain.migrating import find_known
from annotator.domain.name_words import NameWords
from annotator.domain.projects import AnnotatedDocument
from annotator.store import ProjectStore
from annotator.workflows.memory import CorpusMemory

__all__ = ["DoubtFinder"]

STRINGS_AT_ONCE = 5


class DoubtFinder:
    """Finds the doubts of one document, and follows its edits. ``dismissed``: places that raise no doubt."""

    def __init__(
        self,
        store: ProjectStore,
        memory: CorpusMemory,
        key: int,
        doc: AnnotatedDocument,
        dismissed: Collection[tuple[int, int]] = (),
    ) -> None:
        self.key = key
        self._store, self._memory = store, memory
        self._first = self._doc = doc
        self._dismissed = dismissed
        self._words = NameWords(doc.document)
        self._book: DoubtBook | None = None
        self._is_found = False
        self._work = self._pieces()

    @property
    def length_chars(self) -> int:
        """The length of the text."""
        return len(self._doc.document.text)

    @property
    def is_found(self) -> bool:
        """Whether the whole document was looked at; edits may wait."""
        return self._is_found

    @property
    def is_up_to_date(self) -> bool:
        """Whether there is nothing left to do."""
        return self._book is not None and self._book.is_up_to_date

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """The doubts found so far, in order."""
        return self._book.doubts if self._book is not None else ()

    def work(self) -> bool:
        """Do one small piece of work; false when nothing is left to do."""
        is_done = next(self._work, self) is self
        if is_done:
            self._work = self._pieces()
        self._is_found = self._is_found or self.is_up_to_date
        return not is_done

    def change(self, doc: AnnotatedDocument, touched: Touched) -> None:
        """Take over the document after an edit."""
        self._doc = doc
        if self._book is not None:
            self._book.change(doc, touched)

    def dismiss(self, doubt: Doubt) -> None:
        """Do not raise the doubt again."""
        if self._book is not None:
            self._book.dismiss(doubt)

    def _pieces(self) -> Iterator[None]:
        if self._book is None:
            yield from self._words.pieces()
            alternatives, judged = self._considered()
            yield
            known: dict[str, Counter[tuple[str, str]]] = {}
            asked: set[str] = set()
            strings = words_to_remember(self._doc, self._words)
            while some := set(islice(strings, STRINGS_AT_ONCE)):
                known |= self._memory.labels_elsewhere(some - asked, self.key)
                asked |= some
                yield
            self._book = DoubtBook(self._doc, self._words, Evidence(alternatives, judged, known), self._dismissed)
        yield from self._book.pieces()

    def _considered(self) -> tuple[tuple[Alternative, ...], tuple[tuple[int, int], ...]]:
        """What the pipeline nearly said, and which of its suggestions the annotator has seen.

        To an annotator whose set was begun without them, the suggestions themselves are what it nearly said.
        """
        annotator = self._first.annotator
        with self._store.reading() as reader:
            scheme = reader.scheme()
            find_label = lambda layer, label: _find_givable(scheme, layer, label)  # noqa: E731
            alternatives = with_labels_of_today(reader.alternatives(self.key), find_label)
            if not reader.has_set(self.key, annotator):
                return alternatives, tuple((span.start, span.end) for span in self._first.spans)
            suggested = reader.suggested(self.key)
            if reader.has_taken_suggestions(self.key, annotator):
                return alternatives, tuple((one.start, one.end) for one in suggested)
        return (*suggested, *alternatives), ()


def _find_givable(scheme: LabelScheme, layer: str, label_id: str) -> str | None:
    """The label that this one is by now, None when it was deleted or waits to be split."""
    found = scheme.find_layer(layer)
    known = find_known(found.labels, label_id) if found is not None else None
    label = scheme.find_label(known, layer) if known is not None else None
    return None if label is None or label.split_into else label.id
