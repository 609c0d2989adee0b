"""What can be done about inconsistencies: one correction for all places of one entry or of many. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from annotator.domain.boundaries import Extension
from annotator.domain.hits import Hit
from annotator.domain.inconsistencies import Entry, Kind, leaving_out, taking_in, trimmed
from annotator.domain.labels import LabelScheme
from annotator.ui.models.inbox import extension_in_words
from annotator.workflows import fixing
from annotator.workflows.operations import DocumentEdit

Gathered = Sequence[tuple[Entry, Sequence[Hit]]]


@dataclass(frozen=True, slots=True)
class Remedy:
    """One thing that can be done: ``title`` ("Make all GPE"), and the edits it makes of the places of entries."""

    title: str
    edits: Callable[[Gathered, str], list[DocumentEdit]]


def remedies(entries: Sequence[Entry], scheme: LabelScheme) -> list[Remedy]:
    """What can be done about some entries of one kind, the likeliest first."""
    if not entries:
        return []
    first = entries[0]
    match first.kind:
        case Kind.LABELS:
            return _for_labels(entries, scheme)
        case Kind.TWINS if len(entries) == 1:
            return [_give(first.label, first.layer, f"Label as {scheme.name_of(first.label, first.layer)}")]
        case Kind.TWINS:
            return [Remedy("Label each like its twins", _give_most_frequent)]
        case Kind.EDGES:
            return [Remedy("Trim", _resizing(lambda _entry, hit: trimmed(hit)))]
        case Kind.BOUNDARIES:
            return _for_boundaries(entries)


def _for_labels(entries: Sequence[Entry], scheme: LabelScheme) -> list[Remedy]:
    if len(entries) > 1:
        return [Remedy("Give each its most frequent label", _give_most_frequent)]
    (entry,) = entries
    return [
        _give(label, entry.layer, f"Make all {scheme.name_of(label, entry.layer)}") for label, _ in entry.counts[:4]
    ]


def _for_boundaries(entries: Sequence[Entry]) -> list[Remedy]:
    kinds = {entry.extension for entry in entries}
    what = extension_in_words(next(iter(kinds)) or Extension.ARTICLE) if len(kinds) == 1 else "them"
    leave_out = Remedy(f"Leave out {what}", _resizing(lambda entry, hit: _extended(entry, hit, leaving_out)))
    take_in = Remedy(f"Take in {what}", _resizing(lambda entry, hit: _extended(entry, hit, taking_in)))
    inside, outside = sum(entry.inside for entry in entries), sum(entry.outside for entry in entries)
    return [take_in, leave_out] if inside > outside else [leave_out, take_in]


def _extended(entry: Entry, hit: Hit, moved: Callable[[Hit, Extension], tuple[int, int]]) -> tuple[int, int]:
    return (hit.start, hit.end) if entry.extension is None else moved(hit, entry.extension)


def _give(label: str, layer: str, title: str) -> Remedy:
    def edits(gathered: Gathered, annotator: str) -> list[DocumentEdit]:
        return fixing.relabel(_hits(gathered), label, layer, annotator=annotator)

    return Remedy(title, edits)


def _give_most_frequent(gathered: Gathered, annotator: str) -> list[DocumentEdit]:
    edits: list[DocumentEdit] = []
    for entry, hits in gathered:
        edits += fixing.relabel(hits, entry.label, entry.layer, annotator=annotator)
    return fixing.joined(edits)


def _resizing(edges: Callable[[Entry, Hit], tuple[int, int]]) -> Callable[[Gathered, str], list[DocumentEdit]]:
    def edits(gathered: Gathered, annotator: str) -> list[DocumentEdit]:
        wanted = {hit: edges(entry, hit) for entry, hits in gathered for hit in hits}
        return fixing.resize(wanted, wanted, annotator=annotator)

    return edits


def _hits(gathered: Gathered) -> Iterable[Hit]:
    return [hit for _, hits in gathered for hit in hits]
