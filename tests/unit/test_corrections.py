"""What the correction keys mean: one edit each, or one sentence."""

from __future__ import annotations

import pytest

from annotator.domain.constraints import check_change
from annotator.domain.corrections import Edge, accept, add_span, mark, move_edge, relabel, resize
from annotator.domain.edits import AddSpan, Batch, Decide, Edit, Relabel, ResizeSpan, SetStatus, apply
from annotator.domain.errors import ConstraintBroken, SpanOutsideText, UnknownLabel, UserError
from annotator.domain.labels import Label, LabelScheme, Layer, Overlap
from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.spans import Span, SpanSet
from annotator.domain.text import Document, tokenize_simply

TEXT = "Qin Gang told  Dmytro\n\nKuleba in New York."


def document(*spans: Span) -> AnnotatedDocument:
    return AnnotatedDocument(Document("d", TEXT, tokens=tokenize_simply(TEXT)), "alice", SpanSet(spans))


def suggestion(text: str, label: str = "GPE") -> Span:
    start = TEXT.index(text)
    return Span("s", start, start + len(text), label, decided=False, score=0.5)


@pytest.mark.parametrize(
    ("text", "edge", "step", "expected"),
    [
        ("Gang", Edge.LEFT, -1, "Qin Gang"),
        ("Qin Gang", Edge.LEFT, 1, "Gang"),
        ("Gang", Edge.RIGHT, 1, "Gang told"),
        ("Gang told", Edge.RIGHT, -1, "Gang"),
        ("told", Edge.RIGHT, 1, "told  Dmytro"),
        ("Dmytro", Edge.LEFT, -1, "told  Dmytro"),
        ("Dmytro", Edge.RIGHT, 1, "Dmytro\n\nKuleba"),
        ("Dmytro\n\nKuleba", Edge.RIGHT, -1, "Dmytro"),
        ("Dmytro\n\nKuleba", Edge.LEFT, 1, "Kuleba"),
        ("uleba", Edge.LEFT, -1, "Kuleba"),
        ("Kule", Edge.RIGHT, 1, "Kuleba"),
        ("York", Edge.RIGHT, 1, "York."),
    ],
)
def test_an_edge_moves_by_one_token_over_white_space(text: str, edge: Edge, step: int, expected: str) -> None:
    doc = document(suggestion(text))
    edit = move_edge(doc, "s", edge, step)
    assert isinstance(edit, ResizeSpan)
    assert TEXT[edit.start : edit.end] == expected
    assert edit.decided


@pytest.mark.parametrize(
    ("text", "edge", "step"),
    [("Gang", Edge.LEFT, 1), ("Gang", Edge.RIGHT, -1), ("Qin", Edge.LEFT, -1), (".", Edge.RIGHT, 1)],
)
def test_an_edge_never_makes_a_span_empty_nor_leaves_the_text(text: str, edge: Edge, step: int) -> None:
    with pytest.raises(UserError):
        move_edge(document(suggestion(text)), "s", edge, step)


def test_a_correction_keeps_score_and_provenance() -> None:
    doc = document(suggestion("Gang"))
    after = apply(doc, relabel(doc, "s", "PERSON")).doc.spans.find("s")
    assert after is not None
    assert (after.label, after.decided, after.score) == ("PERSON", True, 0.5)


def test_the_label_it_has_already_accepts_a_suggestion() -> None:
    doc = document(suggestion("Gang"))
    assert relabel(doc, "s", "GPE") == Decide(("s",))
    assert relabel(doc, "s", "ORG") == Relabel("s", "ORG")
    decided = apply(doc, accept(doc, "s")).doc
    with pytest.raises(ConstraintBroken):
        accept(decided, "s")


def test_a_new_span_has_no_white_space_at_its_edges() -> None:
    edit = add_span(document(), (8, 15), "GPE", "n")
    assert isinstance(edit, AddSpan)
    assert TEXT[edit.span.start : edit.span.end] == "told"
    with pytest.raises(ConstraintBroken):
        add_span(document(), (13, 15), "GPE", "n")


def test_done_accepts_what_is_left() -> None:
    doc = document(suggestion("Gang"))
    assert mark(doc, Status.DONE) == Batch((Decide(("s",)), SetStatus(Status.DONE)))
    assert mark(doc, Status.SKIPPED) == SetStatus(Status.SKIPPED)


def test_resize_refuses_an_empty_span_and_one_outside_the_text() -> None:
    doc = document(suggestion("Gang"))
    with pytest.raises(ConstraintBroken):
        resize(doc, "s", 8, 8)
    with pytest.raises(SpanOutsideText):
        apply(doc, ResizeSpan("s", 3, 3))
    with pytest.raises(SpanOutsideText):
        apply(doc, ResizeSpan("s", 0, len(TEXT) + 1))


def scheme(overlap: Overlap) -> LabelScheme:
    return LabelScheme("s", layers=(Layer("entities", (Label("GPE", "GPE"), Label("ORG", "ORG")), overlap),))


def check(scheme: LabelScheme, doc: AnnotatedDocument, edit: Edit) -> None:
    applied = apply(doc, edit)
    check_change(scheme, doc, applied.doc, applied.touched)


@pytest.mark.parametrize(
    ("overlap", "start", "end", "is_allowed"),
    [
        (Overlap.ANY, 0, 6, True),
        (Overlap.NESTED, 0, 3, True),
        (Overlap.NESTED, 0, 13, True),
        (Overlap.NESTED, 4, 13, False),
        (Overlap.NONE, 0, 3, False),
        (Overlap.NONE, 8, 13, True),
    ],
)
def test_the_scheme_says_which_spans_may_share_text(overlap: Overlap, start: int, end: int, is_allowed: bool) -> None:
    doc = document(Span("a", 0, 8, "GPE"))
    edit = AddSpan(Span("b", start, end, "ORG"))
    if is_allowed:
        check(scheme(overlap), doc, edit)
    else:
        with pytest.raises(ConstraintBroken):
            check(scheme(overlap), doc, edit)


def test_the_scheme_refuses_unknown_labels_and_twins() -> None:
    doc = document(Span("a", 0, 8, "GPE"))
    with pytest.raises(UnknownLabel):
        check(scheme(Overlap.ANY), doc, AddSpan(Span("b", 0, 3, "CITY")))
    with pytest.raises(ConstraintBroken, match="already"):
        check(scheme(Overlap.ANY), doc, AddSpan(Span("b", 0, 8, "GPE")))
    check(scheme(Overlap.ANY), doc, Relabel("a", "ORG"))
