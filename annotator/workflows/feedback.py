"""Feedback: where one annotator differs from gold, by kind and by label, with examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from annotator.domain.disagreements import Kind, find_places
from annotator.domain.errors import UserError
from annotator.domain.labels import LabelScheme
from annotator.domain.projects import GOLD, AnnotatedDocument
from annotator.domain.rulings import Outcome, Said
from annotator.store import ProjectStore, Reader
from annotator.workflows.agreement_choice import choose_sets
from annotator.workflows.progress import Progress, Silent, raise_if_cancelled

DOCUMENTS_A_PAGE = 100
EXAMPLES_EACH = 6
AROUND = 50
NOTHING = "nothing"


class NoFeedback(UserError):
    """There is nothing to compare, and why."""


@dataclass(frozen=True, slots=True)
class Example:
    """One place where the annotator differs from gold: the words, some text around, both answers, and why if ruled.

    ``start`` and ``end`` count code points of the document with ``key``.
    """

    key: int
    document: str
    start: int
    end: int
    before: str
    words: str
    after: str
    theirs: str
    gold: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What the annotator said instead of what holds, so often, with examples."""

    kind: Kind
    theirs: str
    gold: str
    times: int
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class LabelShare:
    """How many spans with this label are ``right``, of those in gold and of those the annotator marked."""

    label: str
    right: int
    of_gold: int
    of_theirs: int


@dataclass(slots=True)
class Feedback:
    """One annotator held against gold, in the documents that both finished. Groups: the most frequent first."""

    annotator: str
    documents: int = 0
    right: int = 0
    kinds: Counter[Kind] = field(default_factory=Counter)
    labels: tuple[LabelShare, ...] = ()
    groups: tuple[Group, ...] = ()

    @property
    def differing(self) -> int:
        """How many places differ."""
        return sum(self.kinds.values())


def give_feedback(store: ProjectStore, annotator: str, progress: Progress | None = None) -> Feedback:
    """Compare an annotator's sets with gold. Raises `NoFeedback`, `UnknownChoice`, `Cancelled`."""
    told = progress or Silent()
    with store.reading() as reader:
        if GOLD not in {one.annotator for one in reader.compared().sets()}:
            raise NoFeedback("there is no gold to compare with", remedy="adjudicate, or import gold labels, first")
        keys = choose_sets(reader.compared().sets(), [annotator, GOLD]).keys
        if not keys:
            raise NoFeedback(f"no document of {annotator} has finished gold", remedy="adjudicate more first")
        found = _Comparing(annotator, reader.scheme())
        for first in range(0, len(keys), DOCUMENTS_A_PAGE):
            raise_if_cancelled(told)
            told.report(first, len(keys), "documents")
            for key, theirs, gold in _pairs(reader, annotator, keys[first : first + DOCUMENTS_A_PAGE]):
                found.add(key, theirs, gold)
        return found.feedback()


def _pairs(
    reader: Reader, annotator: str, keys: Sequence[int]
) -> Iterable[tuple[int, AnnotatedDocument, AnnotatedDocument]]:
    wanted = [(key, name) for key in keys for name in (annotator, GOLD)]
    loaded = {(key, doc.annotator): doc for key, doc in reader.load_sets(wanted)}
    return ((key, loaded[key, annotator], loaded[key, GOLD]) for key in keys)


class _Comparing:
    """Counts, document by document."""

    def __init__(self, annotator: str, scheme: LabelScheme) -> None:
        self._scheme = scheme
        self._feedback = Feedback(annotator)
        self._times: Counter[tuple[Kind, str, str]] = Counter()
        self._examples: dict[tuple[Kind, str, str], list[Example]] = {}
        self._right: Counter[str] = Counter()
        self._of_gold: Counter[str] = Counter()
        self._of_theirs: Counter[str] = Counter()

    def add(self, key: int, theirs: AnnotatedDocument, gold: AnnotatedDocument) -> None:
        """Compare one document."""
        self._feedback.documents += 1
        for layer in sorted({span.layer for doc in (theirs, gold) for span in doc.spans}):
            for place in find_places([theirs, gold], layer):
                said, holds = place.answers[theirs.annotator], place.answers[gold.annotator]
                self._count(said, holds, layer)
                if place.kind is Kind.NONE:
                    self._feedback.right += 1
                else:
                    self._differ(key, gold, (place.start, place.end), layer, (place.kind, said, holds))

    def feedback(self) -> Feedback:
        """All of it."""
        labels = sorted(self._of_gold | self._of_theirs, key=lambda name: (-self._of_gold[name], name))
        self._feedback.labels = tuple(
            LabelShare(name, self._right[name], self._of_gold[name], self._of_theirs[name]) for name in labels
        )
        self._feedback.groups = tuple(
            Group(*group, times, tuple(self._examples[group])) for group, times in self._times.most_common()
        )
        return self._feedback

    def _count(self, said: Sequence[Said], holds: Sequence[Said], layer: str) -> None:
        name = self._scheme.name_of
        self._of_theirs.update(name(one.label, layer) for one in said)
        self._of_gold.update(name(one.label, layer) for one in holds)
        self._right.update(name(one.label, layer) for one in holds if one in said)

    def _differ(
        self,
        key: int,
        gold: AnnotatedDocument,
        where: tuple[int, int],
        layer: str,
        what: tuple[Kind, tuple[Said, ...], tuple[Said, ...]],
    ) -> None:
        kind, said, holds = what
        theirs, right = self._in_words(said, layer), self._in_words(holds, layer)
        self._feedback.kinds[kind] += 1
        group = (kind, theirs, right)
        self._times[group] += 1
        examples = self._examples.setdefault(group, [])
        if len(examples) < EXAMPLES_EACH:
            text, (start, end) = gold.document.text, where
            examples.append(
                Example(
                    key, gold.document.id, start, end, text[max(start - AROUND, 0) : start], text[start:end],
                    text[end : end + AROUND], _with_text(text, said, theirs), _with_text(text, holds, right),
                    _reason(gold, layer, where),
                )
            )  # fmt: skip

    def _in_words(self, answer: Sequence[Said], layer: str) -> str:
        return " + ".join(self._scheme.name_of(one.label, layer) for one in answer) or NOTHING


def _with_text(text: str, answer: Sequence[Said], words: str) -> str:
    surfaces = " + ".join(" ".join(text[one.start : one.end].split()) for one in answer)
    return f"{words} “{surfaces}”" if surfaces else words


def _reason(gold: AnnotatedDocument, layer: str, where: tuple[int, int]) -> str:
    """Why it was ruled so, if somebody wrote it down."""
    about = [one for one in gold.rulings.values() if one.is_about(layer, *where)]
    return next((one.reason for one in about if one.reason), "none is right" if _is_none(about) else "")


def _is_none(rulings: Iterable[object]) -> bool:
    return any(getattr(one, "outcome", None) is Outcome.NONE for one in rulings)
