"""Laws of the time machine: any moment is what the edits made, all that is restored equals what was."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.differences import (
    RelationDiffers,
    StatusDiffers,
    aligned,
    differences,
    restorable,
    restoring_edit,
)
from annotator.domain.edits import AddRelation, AddSpan, Edit, apply
from annotator.domain.history import Replay
from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Relation, SpanSet
from annotator.domain.telling import Teller
from annotator.domain.text import Document
from tests.property.test_edits import simple_edits
from tests.strategies import annotated_documents, spans

SCHEME = LabelScheme("none")


@st.composite
def histories(draw: st.DrawFn, most: int = 6) -> tuple[list[AnnotatedDocument], list[Edit]]:
    """Every state of a set, the first one first, and the edits between them."""
    states, edits = [draw(annotated_documents())], []
    for number in range(draw(st.integers(0, most))):
        edit = draw(simple_edits(states[-1]))
        if isinstance(edit, AddSpan):
            edit = AddSpan(replace(edit.span, id=f"n{number}"))
        if isinstance(edit, AddRelation):
            edit = AddRelation(replace(edit.relation, id=f"q{number}"))
        edits.append(edit)
        states.append(apply(states[-1], edit).doc)
    return states, edits


@st.composite
def two_states(draw: st.DrawFn) -> tuple[AnnotatedDocument, AnnotatedDocument]:
    """Two states of one set with nothing in common but the text and some ids."""
    one = draw(annotated_documents())
    other = draw(annotated_documents())
    length = len(one.document.text)
    held = [draw(spans(length, span_id)) for span_id in draw(st.sets(st.sampled_from(("s0", "s1", "s2", "t0"))))]
    relations = [
        Relation(name, draw(st.sampled_from(held)).id, draw(st.sampled_from(held)).id, "MET")
        for name in draw(st.sets(st.sampled_from(("r0", "r1"))))
        if held
    ]
    return one, replace(
        other, document=one.document, spans=SpanSet(held), relations={relation.id: relation for relation in relations}
    )


@given(histories(), st.integers(1, 4), st.lists(st.integers(0, 9), max_size=12))
def test_every_moment_is_what_the_edits_made_in_whatever_order_one_asks(
    history: tuple[list[AnnotatedDocument], list[Edit]], every: int, asked: list[int]
) -> None:
    states, edits = history
    inverses = [apply(before, edit).inverse for before, edit in zip(states[:-1], edits, strict=True)]
    replay = Replay(states[0], states[-1], edits, inverses, every=every)
    for moment in [*asked, *range(len(states))]:
        if moment <= replay.last_moment:
            assert replay.at(moment) == states[moment]


@given(two_states())
def test_what_differs_is_nothing_exactly_when_two_states_are_equal(
    case: tuple[AnnotatedDocument, AnnotatedDocument],
) -> None:
    one, other = case
    assert differences(one, one) == []
    assert (differences(one, other) == []) == (replace(one, annotator=other.annotator, rulings=other.rulings) == other)


@given(two_states())
def test_restoring_everything_equals_what_was(case: tuple[AnnotatedDocument, AnnotatedDocument]) -> None:
    now, then = case
    applied = apply(now, restoring_edit(now, then, differences(then, now)))
    assert applied.doc == replace(then, rulings=now.rulings)
    assert apply(applied.doc, applied.inverse).doc == now


@given(two_states(), st.data())
def test_restoring_a_part_brings_back_that_part_and_leaves_the_rest(
    case: tuple[AnnotatedDocument, AnnotatedDocument], data: st.DataObject
) -> None:
    now, then = case
    found = differences(then, now)
    chosen = [one for one in found if data.draw(st.booleans())]
    restored = apply(now, restoring_edit(now, then, chosen)).doc
    assert restorable(restored, then, chosen) == []
    rest = [one for one in found if one not in chosen and not isinstance(one, RelationDiffers)]
    ends = {end for one in chosen if isinstance(one, RelationDiffers) for end in _ends(one)}
    left = {one.key for one in differences(then, restored)}
    gone = {one.key for one in rest} - left
    assert all(key[0] == "presence" and key[1] in ends for key in gone)


def _ends(one: RelationDiffers) -> tuple[str, ...]:
    return (one.before.head, one.before.child) if one.before else ()


@given(histories())
def test_the_status_stays_when_it_is_not_chosen(history: tuple[list[AnnotatedDocument], list[Edit]]) -> None:
    then, now = history[0][0], history[0][-1]
    chosen = [one for one in differences(then, now) if not isinstance(one, StatusDiffers)]
    restored = apply(now, restoring_edit(now, then, chosen)).doc
    expected = replace(then, status=now.status, status_reason=now.status_reason, rulings=now.rulings)
    assert restored == expected


@st.composite
def two_sets(draw: st.DrawFn) -> tuple[AnnotatedDocument, AnnotatedDocument]:
    """Sets of two annotators on one text, with ids that do not mean the same."""
    ours = draw(annotated_documents())
    length = len(ours.document.text)
    copies = [replace(span, id=f"x{number}", decided=True) for number, span in enumerate(ours.spans)]
    kept = [span for span in copies if draw(st.booleans())]
    kept += [draw(spans(length, span_id)) for span_id in draw(st.sets(st.sampled_from(("s0", "s1", "y0"))))]
    return ours, AnnotatedDocument(ours.document, "gold", SpanSet({span.id: span for span in kept}.values()))


def places(doc: AnnotatedDocument) -> list[tuple[object, ...]]:
    return sorted(((span.layer, span.parts, span.label) for span in doc.spans), key=repr)


@given(two_sets())
def test_taking_over_all_of_anothers_set_gives_the_same_labels_on_the_same_words(
    case: tuple[AnnotatedDocument, AnnotatedDocument],
) -> None:
    ours, theirs = case
    numbers = count()
    other = aligned(theirs, ours, lambda: f"new{next(numbers)}")
    assert len(other.spans) == len(theirs.spans)
    assert places(other) == places(theirs)
    restored = apply(ours, restoring_edit(ours, other, differences(other, ours))).doc
    assert places(restored) == places(theirs)
    assert (restored.status, restored.note) == (ours.status, ours.note)


@given(annotated_documents())
def test_the_same_labels_under_other_ids_do_not_differ(ours: AnnotatedDocument) -> None:
    renamed = {span.id: f"x{number}" for number, span in enumerate(ours.spans)}
    theirs = replace(
        ours,
        annotator="gold",
        spans=SpanSet(replace(span, id=renamed[span.id], decided=True) for span in ours.spans),
        relations={
            f"y{number}": replace(held, id=f"y{number}", head=renamed[held.head], child=renamed[held.child])
            for number, held in enumerate(ours.relations.values())
        },
    )
    shown = {(span.layer, span.parts, span.label) for span in ours.spans}
    found = differences(aligned(theirs, ours, lambda: "never"), ours)
    if len(shown) == len(ours.spans):  # twins on the same words may change places
        assert found == []


@given(two_states())
def test_every_difference_is_told_in_one_line(case: tuple[AnnotatedDocument, AnnotatedDocument]) -> None:
    told = [Teller(case[0], SCHEME, case[1]).tell_difference(one) for one in differences(*case)]
    assert all(told)
    assert not any("\n" in words for words in told)


def test_a_set_without_edits_has_one_moment() -> None:
    bare = AnnotatedDocument(Document("d", "Ann."), "alice")
    replay = Replay(bare, bare, [], [])
    assert (replay.last_moment, replay.at(0), replay.is_warm) == (0, bare, True)
