"""What is done with hits: the edits of their documents that relabel, remove, accept or move them. Pure.

Each function gives one `DocumentEdit` a document, in the order of the hits; hits for which there is nothing to do,
those of other people and notes on documents have none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from annotator.domain.edits import AddSpan, Batch, Decide, Edit, Relabel, RemoveSpan, ResizeSpan
from annotator.domain.hits import Hit
from annotator.domain.spans import Span
from annotator.workflows.clock import new_id
from annotator.workflows.operations import DocumentEdit


def relabel(hits: Iterable[Hit], label: str, layer: str, *, annotator: str) -> list[DocumentEdit]:
    """Give every hit this label (by id): its span, or a new one where there is none in this layer."""

    def edit(hit: Hit) -> Edit | None:
        if not _has_span(hit) or hit.layer != layer:
            return _added(hit, label, layer)
        if hit.label_id != label:
            return Relabel(hit.span_id, label)
        return None if hit.is_decided else Decide((hit.span_id,))

    return _by_document(hits, edit, annotator)


def remove(hits: Iterable[Hit], *, annotator: str) -> list[DocumentEdit]:
    """Remove every hit's span."""
    return _by_document(hits, lambda hit: RemoveSpan(hit.span_id) if _has_span(hit) else None, annotator)


def accept(hits: Iterable[Hit], *, annotator: str) -> list[DocumentEdit]:
    """Accept every hit that is a suggestion."""

    def edit(hit: Hit) -> Edit | None:
        return Decide((hit.span_id,)) if _has_span(hit) and not hit.is_decided else None

    return _by_document(hits, edit, annotator)


def resize(hits: Iterable[Hit], edges: Mapping[Hit, tuple[int, int]], *, annotator: str) -> list[DocumentEdit]:
    """Move the edges of the hits' spans to ``[start, end)``, code points; hits that are not in ``edges`` stay."""

    def edit(hit: Hit) -> Edit | None:
        wanted = edges.get(hit)
        if wanted is None or wanted == (hit.start, hit.end) or not _has_span(hit):
            return None
        return ResizeSpan(hit.span_id, *wanted)

    return _by_document(hits, edit, annotator)


def _has_span(hit: Hit) -> bool:
    return bool(hit.span_id) and not hit.is_gone


def _added(hit: Hit, label: str, layer: str) -> Edit | None:
    """A new span over the words of a hit without the white space at their edges."""
    words = hit.text.strip()
    if not words:
        return None
    start = hit.start + len(hit.text) - len(hit.text.lstrip())
    return AddSpan(Span(new_id(), start, start + len(words), label, layer))


def _by_document(hits: Iterable[Hit], edit: Callable[[Hit], Edit | None], annotator: str) -> list[DocumentEdit]:
    edits: dict[int, list[Edit]] = {}
    for hit in hits:
        is_of_another = hit.is_decided and hit.annotator != annotator
        if not is_of_another and not hit.is_on_document and (made := edit(hit)) is not None:
            edits.setdefault(hit.key, []).append(made)
    return [_of_document(key, made) for key, made in edits.items()]


def joined(edits: Iterable[DocumentEdit]) -> list[DocumentEdit]:
    """The same edits, one `DocumentEdit` a document."""
    by_document: dict[int, list[Edit]] = {}
    for one in edits:
        by_document.setdefault(one.key, []).extend(_leaves(one.edit))
    return [_of_document(key, made) for key, made in by_document.items()]


def count(edits: Iterable[DocumentEdit]) -> int:
    """How many spans are changed."""
    return sum(len(_leaves(one.edit)) for one in edits)


def _of_document(key: int, made: Sequence[Edit]) -> DocumentEdit:
    return DocumentEdit(key, made[0] if len(made) == 1 else Batch(tuple(made)))


def _leaves(edit: Edit) -> Sequence[Edit]:
    return edit.edits if isinstance(edit, Batch) else (edit,)
