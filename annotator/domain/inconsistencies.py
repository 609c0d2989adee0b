"""What contradicts itself in what an annotator decided: found in plain counts and texts, each with its fix. Pure.

Four kinds: one string with several labels; one name with and without its article, title, 's or quotation marks; words
without a label that have one elsewhere; spans with white space or stray punctuation at their edges.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import islice

from annotator.domain.boundaries import Extension, head, inside, outside, tidy
from annotator.domain.folding import fold
from annotator.domain.hits import Hit
from annotator.domain.queries import DECIDED, UNLABELLED, Condition, Field, OneOf, Query, Words

MOST_ENTRIES = 2_000
"""The strongest of each kind; nobody reads more."""
LEAST_SHARE = 0.25
"""A string that has a label less often than this ("one", "first") is no name that was forgotten elsewhere."""


class Kind(StrEnum):
    """What is inconsistent."""

    LABELS = "labels"
    BOUNDARIES = "boundaries"
    TWINS = "twins"
    EDGES = "edges"


@dataclass(frozen=True, slots=True)
class Counted:
    """How many spans have these words, layer and label. ``folded``: see `folding.fold`."""

    folded: str
    surface: str
    layer: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A document's text with its spans as (start, end, whether it counts) by layer, in order of start and end.

    ``has_decided``: whether the annotator has decided something in it, so that what has no label was left without.
    """

    text: str
    spans: Mapping[str, Sequence[tuple[int, int, bool]]]
    has_decided: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One inconsistency. ``words`` as they are mostly written; ``query`` finds its places.

    ``counts``: label ids with how many spans have them, most first. ``inside`` and ``outside``: how many spans take
    the ``extension`` in and leave it out. ``unlabelled``: places without a label.
    """

    kind: Kind
    words: str
    layer: str
    query: Query
    counts: tuple[tuple[str, int], ...]
    extension: Extension | None = None
    inside: int = 0
    outside: int = 0
    unlabelled: int = 0

    @property
    def label(self) -> str:
        """The label that most of the spans have."""
        return self.counts[0][0]

    @property
    def key(self) -> str:
        """What the entry is known by when it was said to be right: it comes back with another label or kind."""
        labels = ",".join(sorted(label for label, _ in self.counts))
        return "|".join((self.kind, self.layer, self.extension or "", labels, _key_words(self.kind, self.words)))

    @property
    def places(self) -> int:
        """How many places there are to look at."""
        if self.kind is Kind.TWINS:
            return self.unlabelled
        if self.kind is Kind.BOUNDARIES:
            return self.inside + self.outside
        return sum(count for _, count in self.counts)

    def keeps(self, hit: Hit) -> bool:
        """Whether a hit of the query is a place of this entry."""
        if self.extension is None:
            return True
        return self.extension in inside(hit.text) or self.extension in outside(hit.left, hit.right)


def key_of_today(key: str) -> str:
    """A key that an earlier version made (it knew no folding), as `Entry.key` is made now."""
    kind, *others = key.split("|", 4)
    return "|".join((kind, *others[:-1], _key_words(kind, others[-1]))) if len(others) == 4 else key


def _key_words(kind: str, words: str) -> str:
    """Which of its spellings stands for a folded string may change with every span."""
    return fold(words) if kind in (Kind.LABELS, Kind.BOUNDARIES) else words.casefold()


def together(entries: Iterable[Entry]) -> list[tuple[Query, list[Entry]]]:
    """Queries that find the places of all the entries, each with its entries: one a layer where that can be."""
    groups: dict[tuple[object, ...], list[Entry]] = {}
    for number, entry in enumerate(entries):
        is_alone = entry.kind is Kind.TWINS
        groups.setdefault((entry.kind, entry.layer, number if is_alone else None), []).append(entry)
    return [(_joined(group), group) for group in groups.values()]


class Sharing:
    """Tells of a hit of a query of `together` which of its entries it is a place of."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._is_by_words = len(entries) > 1
        self._is_folded = entries[0].kind is not Kind.EDGES
        self._by_words: dict[str, list[Entry]] = {}
        for entry in entries:
            for words in _words(entry) if self._is_by_words else ("",):
                self._by_words.setdefault(words, []).append(entry)

    def entries_of(self, hit: Hit) -> list[Entry]:
        """The entries of which the hit is a place."""
        words = (fold(hit.text) if self._is_folded else hit.text) if self._is_by_words else ""
        return [entry for entry in self._by_words.get(words, ()) if entry.keeps(hit)]


def _joined(entries: Sequence[Entry]) -> Query:
    """One query for entries of one kind and layer: they differ in their words only."""
    query = entries[0].query
    if len(entries) == 1:
        return query
    field = Field.TEXT if entries[0].kind is Kind.EDGES else Field.FOLDED
    values = dict.fromkeys(value for entry in entries for value in entry.query.values_of(field))
    others = (one for one in query.conditions if not (isinstance(one, OneOf) and one.field is field))
    return replace(query, conditions=(OneOf(field, tuple(values)), *others))


def _words(entry: Entry) -> Iterable[str]:
    """What the words of an entry's hits are, folded but for stray edges."""
    if entry.kind is Kind.EDGES:
        return entry.query.values_of(Field.TEXT)
    return dict.fromkeys(fold(value) for value in entry.query.values_of(Field.FOLDED))


def leaving_out(hit: Hit, extension: Extension) -> tuple[int, int]:
    """The edges of a hit's span without the extension, ``[start, end)``."""
    left, right = inside(hit.text).get(extension, (0, 0))
    start, end = hit.start + left, hit.end - right
    return (start, end) if start < end else (hit.start, hit.end)


def taking_in(hit: Hit, extension: Extension) -> tuple[int, int]:
    """The edges of a hit's span with the extension that stands beside it, ``[start, end)``."""
    left, right = outside(hit.left, hit.right).get(extension, (0, 0))
    return hit.start - left, hit.end + right


def trimmed(hit: Hit) -> tuple[int, int]:
    """The edges of a hit's span without white space and stray punctuation, ``[start, end)``."""
    start, end = tidy(hit.text)
    return hit.start + start, hit.start + end


def find_labels(rows: Iterable[Counted], *, is_decided: bool) -> list[Entry]:
    """Strings that have more than one label in a layer, those with the most doubt first."""
    groups: dict[tuple[str, str], list[Counted]] = {}
    for row in rows:
        groups.setdefault((row.layer, row.folded), []).append(row)
    found = []
    for (layer, _), group in groups.items():
        counts = _by_label(group)
        if len(counts) > 1:
            words = _mostly_written(group)
            query = Query(conditions=_conditions(OneOf(Field.FOLDED, (words,)), layer, is_decided=is_decided))
            found.append(Entry(Kind.LABELS, words, layer, query, counts))
    return _strongest(found, lambda entry: entry.places - entry.counts[0][1])


def find_edges(rows: Iterable[Counted], *, is_decided: bool) -> list[Entry]:
    """Strings with white space or stray punctuation at their edges, the most frequent first."""
    groups: dict[tuple[str, str], list[Counted]] = {}
    for row in rows:
        if tidy(row.surface) != (0, len(row.surface)):
            groups.setdefault((row.layer, row.surface), []).append(row)
    found = []
    for (layer, surface), group in groups.items():
        query = Query(conditions=_conditions(OneOf(Field.TEXT, (surface,)), layer, is_decided=is_decided))
        found.append(Entry(Kind.EDGES, surface, layer, query, _by_label(group)))
    return _strongest(found, lambda entry: entry.places)


@dataclass
class _Name:
    """The spans of one name in one layer."""

    rows: list[Counted] = field(default_factory=list)
    inside: Counter[Extension] = field(default_factory=Counter)
    outside: Counter[Extension] = field(default_factory=Counter)


class Names:
    """Names that some spans take an extension in with and others may leave it out with.

    `read` takes the documents one by one, `entries` gives what was found.
    """

    def __init__(self, rows: Iterable[Counted]) -> None:
        self._names: dict[tuple[str, str], _Name] = {}
        self._of: dict[tuple[str, str], _Name] = {}
        heads: dict[str, str] = {}
        for row in rows:
            bare = heads.get(row.folded) or heads.setdefault(row.folded, head(row.folded))
            name = self._names.setdefault((row.layer, bare), _Name())
            name.rows.append(row)
            for extension in inside(row.surface):
                name.inside[extension] += row.count
        for (layer, _), name in self._names.items():
            for row in name.rows if name.inside else ():
                if name.inside.keys() - inside(row.surface).keys():
                    self._of[layer, row.surface] = name

    def read(self, document: LabelledText) -> None:
        """See in a document which spans leave out what others of their name take in."""
        text = document.text
        for layer, spans in document.spans.items():
            for start, end, counts in spans:
                name = self._of.get((layer, text[start:end])) if counts else None
                if name is not None:
                    beside = outside(text[max(start - _LEFT_CHARS, 0) : start], text[end : end + _RIGHT_CHARS])
                    for extension in beside.keys() & name.inside.keys():
                        name.outside[extension] += 1

    def entries(self, *, is_decided: bool) -> list[Entry]:
        """Names with an extension inside and outside, those with the most doubt first."""
        found = []
        for (layer, _), name in self._names.items():
            for extension, outside_count in name.outside.items():
                folded = tuple(dict.fromkeys(_mostly_written([row]) for row in name.rows))
                query = Query(conditions=_conditions(OneOf(Field.FOLDED, folded), layer, is_decided=is_decided))
                found.append(
                    Entry(
                        Kind.BOUNDARIES,
                        min((row.surface for row in name.rows), key=len),
                        layer,
                        query,
                        _by_label(name.rows),
                        extension,
                        name.inside[extension],
                        outside_count,
                    )
                )
        return _strongest(found, lambda entry: min(entry.inside, entry.outside))


_LEFT_CHARS, _RIGHT_CHARS = 32, 4
_WORD = re.compile(r"\w+")
_NAME = re.compile(r"\w[^\t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]*")


class Twins:
    """Counts the words without a label that have one elsewhere. `read` takes the documents one by one.

    Known strings are looked up by their first word and by their first two, so that a text takes the same time however
    many strings are known.
    """

    def __init__(self, rows: Iterable[Counted]) -> None:
        self._rows: dict[str, dict[str, list[Counted]]] = {}
        self._found: Counter[tuple[str, str]] = Counter()
        lengths: dict[str, set[int]] = {}
        for row in rows:
            if _NAME.fullmatch(row.surface) and "  " not in row.surface and tidy(row.surface) == (0, len(row.surface)):
                self._rows.setdefault(row.surface, {}).setdefault(row.layer, []).append(row)
                lengths.setdefault(_beginning(row.surface), set()).add(len(row.surface))
        self._lengths = {beginning: sorted(of, reverse=True) for beginning, of in lengths.items()}
        self._layers = sorted({layer for by_layer in self._rows.values() for layer in by_layer})
        self._firsts = {first[0] for first in map(_WORD.match, self._rows) if first}
        letters = re.escape("".join(sorted({first[0] for first in self._firsts})))
        self._first = re.compile(rf"(?<!\w)[{letters}]\w*") if letters else None

    def read(self, document: LabelledText) -> None:
        """Look for known words that no span of their layer overlaps; of several at one place the longest counts."""
        if self._first is None or not document.has_decided:
            return
        text, reached = document.text, 0
        masks = {layer: _mask(len(text), document.spans.get(layer, ())) for layer in self._layers}
        mask = masks[self._layers[0]] if len(self._layers) == 1 else None  # the usual case: skip what has a label
        for word in self._first.finditer(text):
            start = word.start()
            if start < reached or word[0] not in self._firsts or (mask is not None and mask[start]):
                continue
            if (length := self._find_longest(text, start, word.end())) > 0:
                reached = start + length
                self._count(text[start:reached], start, reached, masks)

    def _find_longest(self, text: str, start: int, word_end: int) -> int:
        """The length of the longest known string at ``start``, 0 when there is none."""
        second = _WORD.search(text, word_end)
        for end in (second.end() if second else len(text), word_end):
            for length in self._lengths.get(text[start:end], ()):
                last = start + length
                if text[start:last] in self._rows and not _is_cut(text, last):
                    return length
        return 0

    def _count(self, surface: str, start: int, end: int, masks: Mapping[str, bytearray]) -> None:
        for layer in self._rows[surface]:
            if 1 not in masks[layer][start:end]:
                self._found[surface, layer] += 1

    def entries(self) -> list[Entry]:
        """What was found, the surest first."""
        found = []
        for (surface, layer), unlabelled in self._found.items():
            counts = _by_label(self._rows[surface][layer])
            labelled = sum(count for _, count in counts)
            if labelled >= LEAST_SHARE * (labelled + unlabelled):
                words = Words(surface, is_whole=True, matches_case=True)
                conditions = (OneOf(Field.IS, (UNLABELLED,)), OneOf(Field.LAYER, (layer,)))
                query = Query((words,), conditions, is_among_decided=True)
                found.append(Entry(Kind.TWINS, surface, layer, query, counts, unlabelled=unlabelled))
        return _strongest(found, _surety)


def _surety(entry: Entry) -> float:
    """A twin is the surer forgotten the more of its like have a label, and the more of those agree."""
    labelled = sum(count for _, count in entry.counts)
    return entry.counts[0][1] / (labelled + entry.unlabelled) * min(labelled, 10)


def _beginning(surface: str) -> str:
    """A string up to the end of its second word, or of its only one."""
    ends = [word.end() for word in islice(_WORD.finditer(surface), 2)]
    return surface[: ends[-1]]


def _is_cut(text: str, end: int) -> bool:
    """Whether a word goes on over ``end``."""
    if end >= len(text):
        return False
    last, following = text[end - 1], text[end]
    return (last.isalnum() or last == "_") and (following.isalnum() or following == "_")


def _mask(length: int, spans: Iterable[tuple[int, int, bool]]) -> bytearray:
    """One byte a code point: 1 where a span lies."""
    mask = bytearray(length)
    for start, end, _ in spans:
        mask[start:end] = b"\1" * (end - start)
    return mask


def _conditions(first: Condition, layer: str, *, is_decided: bool) -> tuple[Condition, ...]:
    decided = (OneOf(Field.IS, (DECIDED,)),) if is_decided else ()
    return (first, OneOf(Field.LAYER, (layer,)), *decided)


def _by_label(rows: Iterable[Counted]) -> tuple[tuple[str, int], ...]:
    counts: Counter[str] = Counter()
    for row in rows:
        counts[row.label] += row.count
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _mostly_written(rows: Iterable[Counted]) -> str:
    counts: Counter[str] = Counter()
    for row in rows:
        counts[row.surface] += row.count
    return min(counts, key=lambda surface: (-counts[surface], surface))


def _strongest(entries: list[Entry], weight: Callable[[Entry], float]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (-weight(entry), entry.words, entry.layer))[:MOST_ENTRIES]


def in_order(entries: Iterable[Entry]) -> Iterator[tuple[Kind, list[Entry]]]:
    """The entries of each kind."""
    by_kind: dict[Kind, list[Entry]] = {kind: [] for kind in Kind}
    for entry in entries:
        by_kind[entry.kind].append(entry)
    yield from by_kind.items()
