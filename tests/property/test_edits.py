"""Laws of edits on random documents: inverses, journal form, touched ranges, SpanSet against a plain list."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.codec import edit_from_plain, edit_to_plain
from annotator.domain.edits import (
    AddRelation,
    AddSpan,
    Batch,
    Decide,
    Edit,
    Relabel,
    RemoveRelation,
    RemoveSpan,
    Reshape,
    ResizeSpan,
    SetAttribute,
    SetCat,
    SetNote,
    SetRelationAttribute,
    SetRuling,
    SetSpanNote,
    SetStatus,
    apply,
)
from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.rulings import Outcome, Ruling, Said
from annotator.domain.spans import Relation, Span, SpanSet
from annotator.domain.undoing import find_inverse_of_what_holds
from tests.strategies import LABELS, annotated_documents, json_values, ranges, spans

RULING = Ruling(
    "ruling", 0, 1, "entities", Outcome.TAKEN, ("ann",), "", "dora", "2026-01-01T00:00:00.000+00:00",
    {"ann": (Said(0, 1, "PERSON", (), {"sure": "no"}),), "bob": ()}, ("s1",),
)  # fmt: skip


@st.composite
def parts(draw: st.DrawFn, length: int) -> tuple[tuple[int, int], ...]:
    """One to three parts of a text of ``length`` code points, in order and not touching."""
    cuts = sorted(draw(st.sets(st.integers(0, length), min_size=2, max_size=6)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    return tuple(pairs)


@st.composite
def simple_edits(draw: st.DrawFn, doc: AnnotatedDocument) -> Edit:
    """Any single edit that fits ``doc``."""
    length = len(doc.document.text)
    ids = [span.id for span in doc.spans]
    choices: list[st.SearchStrategy[Edit]] = [
        spans(length, "new").map(AddSpan),
        st.builds(SetStatus, st.sampled_from(Status), st.sampled_from(("", "not news"))),
        st.text(max_size=5).map(SetNote),
        st.builds(SetRuling, st.just("ruling"), st.sampled_from((None, RULING, replace(RULING, reason="vague")))),
        st.builds(SetCat, st.sampled_from(("politics", "sport")), st.sampled_from((1.0, 0.25, None))),
    ]
    if ids:
        some_id = st.sampled_from(ids)
        choices += [
            some_id.map(RemoveSpan),
            st.builds(lambda i, r, d: ResizeSpan(i, r[0], r[1], d), some_id, ranges(length), st.booleans()),
            st.builds(Reshape, some_id, parts(length), st.booleans()),
            st.builds(Relabel, some_id, st.sampled_from(LABELS), st.booleans()),
            st.builds(Decide, st.lists(some_id, unique=True).map(tuple), st.booleans()),
            st.builds(SetAttribute, some_id, st.sampled_from(("sure", "x")), st.one_of(st.none(), json_values)),
            st.builds(SetSpanNote, some_id, st.text(max_size=5)),
            st.builds(lambda h, c: AddRelation(Relation("new", h, c, "MET")), some_id, some_id),
        ]
    if doc.relations:
        relation_id = st.sampled_from(sorted(doc.relations))
        choices.append(relation_id.map(RemoveRelation))
        value = st.one_of(st.none(), json_values)
        choices.append(st.builds(SetRelationAttribute, relation_id, st.sampled_from(("sure", "x")), value))
    return draw(st.one_of(choices))


@st.composite
def documents_with_edits(draw: st.DrawFn) -> tuple[AnnotatedDocument, Edit]:
    """A document and one edit of it: simple, or a batch of edits each of which fits what came before."""
    doc = draw(annotated_documents())
    if draw(st.booleans()):
        return doc, draw(simple_edits(doc))
    current, edits = doc, []
    for _ in range(draw(st.integers(0, 4))):
        edit = draw(simple_edits(current))
        if isinstance(edit, AddSpan) and edit.span.id in current.spans:
            continue
        if isinstance(edit, AddRelation) and edit.relation.id in current.relations:
            continue
        edits.append(edit)
        current = apply(current, edit).doc
    return doc, Batch(tuple(edits))


@given(documents_with_edits())
def test_the_inverse_takes_every_edit_back(case: tuple[AnnotatedDocument, Edit]) -> None:
    doc, edit = case
    applied = apply(doc, edit)
    back = apply(applied.doc, applied.inverse)
    assert back.doc == doc
    assert apply(back.doc, back.inverse).doc == applied.doc


@given(documents_with_edits())
def test_an_edit_survives_the_journal(case: tuple[AnnotatedDocument, Edit]) -> None:
    doc, edit = case
    inverse = apply(doc, edit).inverse
    assert edit_from_plain(edit_to_plain(edit)) == edit
    assert edit_from_plain(edit_to_plain(inverse)) == inverse


@given(documents_with_edits())
def test_what_an_edit_did_not_touch_is_unchanged(case: tuple[AnnotatedDocument, Edit]) -> None:
    doc, edit = case
    applied = apply(doc, edit)
    touched = applied.touched
    before = {span.id: span for span in doc.spans if span.id not in touched.span_ids}
    after = {span.id: span for span in applied.doc.spans if span.id not in touched.span_ids}
    assert before == after
    if not touched.has_document_changes:
        assert (doc.status, doc.status_reason, doc.note, doc.cats) == (
            applied.doc.status,
            applied.doc.status_reason,
            applied.doc.note,
            applied.doc.cats,
        )
    for span_id in touched.span_ids:
        for held in (doc.spans.find(span_id), applied.doc.spans.find(span_id)):
            if held is not None and held not in (doc.spans.find(span_id), None):
                assert any(start <= held.start and held.end <= end for start, end in touched.ranges)


@st.composite
def far_spans(draw: st.DrawFn) -> list[Span]:
    """Spans over several buckets of `SpanSet` (512 code points each), some very long."""
    count = draw(st.integers(0, 12))
    found = []
    for number in range(count):
        start = draw(st.integers(0, 3000))
        end = start + draw(st.one_of(st.integers(1, 40), st.integers(400, 2500)))
        found.append(Span(f"s{number}", start, end, "GPE", decided=draw(st.booleans())))
    return found


@given(far_spans(), st.integers(0, 4000), st.integers(1, 2000))
def test_a_span_set_answers_like_a_plain_list(held: list[Span], start: int, length: int) -> None:
    span_set = SpanSet(held)
    in_order = sorted(held, key=lambda span: span.order)
    assert list(span_set) == in_order
    assert span_set.overlapping(start, start + length) == [
        span for span in in_order if span.overlaps(start, start + length)
    ]
    assert {span.id for span in span_set.at(start)} == {span.id for span in held if span.start <= start < span.end}
    probe = (start, -start - 3, "")
    assert span_set.find_next(probe) == next((span for span in in_order if span.order > probe), None)
    assert span_set.find_previous(probe) == next((span for span in reversed(in_order) if span.order < probe), None)
    assert span_set.undecided == sum(not span.decided for span in held)


@given(far_spans(), far_spans(), st.randoms())
def test_a_changed_span_set_equals_a_new_one(held: list[Span], put: list[Span], random: object) -> None:
    gone = [span.id for span in held[::2]]
    changed = SpanSet(held).changed(put, gone)
    expected = {span.id: span for span in held if span.id not in gone} | {span.id: span for span in put}
    assert changed == SpanSet(expected.values())
    assert list(changed) == sorted(expected.values(), key=lambda span: span.order)
    assert changed.undecided == sum(not span.decided for span in expected.values())


@given(st.integers(0, 300), st.integers(0, 300), st.integers(1, 300))
def test_many_changes_at_once_equal_a_new_set(count: int, first: int, changes: int) -> None:
    held = [Span(f"s{n}", n * 7, n * 7 + 9, "GPE", decided=n % 3 == 0) for n in range(count)]
    put = [Span(f"s{n}", n * 5, n * 5 + 700, "ORG") for n in range(first, first + changes)]
    gone = [span.id for span in held[::3]]
    changed = SpanSet(held).changed(put, gone)
    expected = {span.id: span for span in held if span.id not in gone} | {span.id: span for span in put}
    assert list(changed) == sorted(expected.values(), key=lambda span: span.order)
    assert changed.undecided == sum(not span.decided for span in expected.values())
    assert changed.overlapping(900, 1000) == [span for span in changed if span.overlaps(900, 1000)]


@given(documents_with_edits())
def test_an_edit_that_nothing_came_after_is_taken_back_as_a_whole(case: tuple[AnnotatedDocument, Edit]) -> None:
    doc, edit = case
    applied = apply(doc, edit)
    if isinstance(edit, Batch):
        return  # a later part of a batch may go over an earlier one
    inverse = find_inverse_of_what_holds(applied.doc, edit, applied.inverse)
    assert inverse is not None
    assert apply(applied.doc, inverse).doc == doc


@given(st.sampled_from((0, 511, 512, 1_300, 2_047, 2_300)), st.lists(st.tuples(st.integers(0, 2_400), st.booleans())))
@settings(max_examples=25, deadline=None)
def test_a_large_set_keeps_its_spans_through_single_changes(count: int, changes: list[tuple[int, bool]]) -> None:
    held = {f"s{n}": Span(f"s{n}", n * 7, n * 7 + 9, "GPE") for n in range(count)}
    spans = SpanSet(held.values())
    before = spans
    for number, is_removal in changes:
        span = Span(f"s{number}", number, number + 3, "ORG", decided=False)
        if not is_removal:
            spans, held[span.id] = spans.changed([span]), span
        elif span.id in held:
            spans = spans.changed(removed=[span.id])
            del held[span.id]
    assert len(spans) == len(held) and spans == SpanSet(held.values())
    assert all(spans.find(span_id) is span for span_id, span in held.items())
    assert "gone" not in spans and 3 not in spans and spans.find("gone") is None
    assert len(before) == count and all(span.label == "GPE" for span in before)


def test_a_set_that_grows_span_by_span_is_the_same_set() -> None:
    spans = SpanSet()
    for number in range(2_100):
        spans = spans.changed([Span(f"s{number}", number, number + 2, "GPE")])
    assert spans == SpanSet(Span(f"s{n}", n, n + 2, "GPE") for n in range(2_100)) and len(spans) == 2_100
