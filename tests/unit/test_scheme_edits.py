"""What a change of the scheme does, and why it does not, in the words that a person reads."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotator.domain.edits import AddRelation, AddSpan, Batch, Decide, apply
from annotator.domain.errors import UserError
from annotator.domain.label_groups import DOCUMENTS, RELATIONS, LabelGroup, label_in
from annotator.domain.labels import Attribute, AttributeKind, Label, LabelScheme, Layer, RelationRule
from annotator.domain.migrating import Migration, migrated
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.scheme_edits import (
    AddAttribute,
    AddLabel,
    AddLayer,
    DeleteLabel,
    MergeLabels,
    NameAliases,
    RekeyLabel,
    RemoveLayer,
    RenameLabel,
    SchemeEdit,
    SplitLabel,
    TakeOverScheme,
    change,
)
from annotator.domain.spans import Relation, Span, SpanSet
from annotator.domain.text import Document
from annotator.domain.undoing import find_inverse_of_what_holds

SPANS = LabelGroup.of_layer("entities")
GPE, LOC, ORG = Label("GPE", "GPE", "1"), Label("LOC", "LOC", "2", aliases=("PLACE",)), Label("ORG", "ORG", "3")
SCHEME = LabelScheme(
    "news",
    layers=(Layer("entities", (GPE, LOC, ORG), attributes=(Attribute("kind", labels=("LOC",)),)), Layer("events")),
    relation_labels=(Label("IN", "IN"), Label("AT", "AT")),
    relation_rules=(RelationRule("IN", heads=("ORG",), children=("LOC",)), RelationRule("AT", heads=("GPE",))),
    document_labels=(Label("sport", "sport"),),
)
RESERVED = {"X": "Remove the span"}


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (RenameLabel(SPANS, "GPE", "loc"), "there is already a label LOC; choose another name."),
        (RenameLabel(SPANS, "GPE", "  "), "a label needs a name; type one."),
        (RenameLabel(SPANS, "GPE", "a\nb"), "a name cannot have line breaks"),
        (RenameLabel(SPANS, "GPE", "x" * 81), "a name has at most 80 characters, this one has 81."),
        (RekeyLabel(SPANS, "GPE", "2"), "the key 2 gives LOC already; choose another key."),
        (RekeyLabel(SPANS, "GPE", "x"), "the key x means “Remove the span” already; choose another key."),
        (NameAliases(SPANS, "GPE", ("PLACE",)), "PLACE means LOC already; leave it out here."),
        (MergeLabels(SPANS, ("GPE",), "GPE"), "GPE cannot be merged into itself"),
        (SplitLabel(SPANS, "GPE", (Label("n", "CITY"),)), "GPE is split into two or more other labels; name them."),
        (DeleteLabel(SPANS, "LOC"), "the relation IN joins no other label; let it join another one, or delete it"),
        (DeleteLabel(SPANS, "gone"), "has no such label any more"),
        (AddLayer("entities"), "there is already a layer entities"),
        (RemoveLayer("entities"), "entities: the other layers have no labels"),
        (AddAttribute("entities", Attribute("mood", AttributeKind.CHOICE)), "mood is a choice without values"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(edit: SchemeEdit, sentence: str) -> None:
    with pytest.raises(UserError) as fault:
        change(SCHEME, edit, RESERVED)
    assert sentence in str(fault.value)


def test_the_last_label_stays() -> None:
    scheme = LabelScheme("one", layers=(Layer("entities", (GPE,)),))
    with pytest.raises(UserError, match="GPE is the last label; add another one first"):
        change(scheme, DeleteLabel(SPANS, "GPE"))
    assert change(replace(scheme, is_extensible=True), DeleteLabel(SPANS, "GPE")).layers[0].labels == ()


def test_a_rename_keeps_the_id_and_files_that_use_the_old_name_are_still_read() -> None:
    changed = change(SCHEME, RenameLabel(SPANS, "GPE", "Country"))
    assert label_in(changed, SPANS, "GPE").name == "Country"
    found = changed.find_by_name("GPE")
    assert found is not None
    assert found.id == "GPE"


def test_a_merged_label_lives_on_as_an_alias_and_rules_name_the_other_one() -> None:
    changed = change(SCHEME, MergeLabels(SPANS, ("LOC",), "GPE"))
    assert label_in(changed, SPANS, "GPE").aliases == ("LOC", "PLACE")
    assert changed.relation_rules[0] == RelationRule("IN", ("ORG",), ("GPE",))
    assert changed.layers[0].attributes[0].labels == ("GPE",)


def test_merged_relation_labels_may_join_what_any_of_them_could() -> None:
    assert change(SCHEME, MergeLabels(RELATIONS, ("AT",), "IN")).relation_rules == (
        RelationRule("IN", heads=("ORG", "GPE")),
    )


def test_an_attribute_that_only_a_deleted_label_had_goes_with_it() -> None:
    free = replace(SCHEME, relation_rules=())
    assert change(free, DeleteLabel(SPANS, "LOC")).layers[0].attributes == ()


def test_a_split_label_waits_without_a_key_and_its_rules_hold_for_its_parts() -> None:
    parts = (Label("n1", "CITY", "1"), Label("n2", "STATE"))
    changed = change(change(SCHEME, RekeyLabel(SPANS, "GPE", "")), SplitLabel(SPANS, "LOC", parts), RESERVED)
    assert (label_in(changed, SPANS, "LOC").split_into, label_in(changed, SPANS, "LOC").key) == (("n1", "n2"), "")
    assert changed.relation_rules[0].children == ("LOC", "n1", "n2")
    with pytest.raises(UserError, match="LOC was split into CITY; decide the spans of LOC first"):
        change(changed, DeleteLabel(SPANS, "n1"))
    with pytest.raises(UserError, match="LOC was split; choose another label, or merge all its parts back"):
        change(changed, MergeLabels(SPANS, ("n1",), "LOC"))
    whole = change(changed, MergeLabels(SPANS, ("n1", "n2"), "LOC"))
    assert label_in(whole, SPANS, "LOC").split_into == ()
    assert change(changed, DeleteLabel(SPANS, "LOC")).relation_rules[0].children == ("n1", "n2")


def test_a_split_into_a_label_that_is_there_takes_that_one() -> None:
    changed = change(SCHEME, SplitLabel(SPANS, "LOC", (GPE, Label("n", "REGION"))))
    assert [label.name for label in changed.layers[0].labels] == ["GPE", "LOC", "ORG", "REGION"]
    assert label_in(changed, SPANS, "LOC").split_into == ("GPE", "n")


def test_a_name_takes_the_alias_from_another_label() -> None:
    changed = change(SCHEME, AddLabel(SPANS, Label("n", "PLACE")))
    found = changed.find_by_name("PLACE")
    assert found is not None
    assert found.id == "n"
    assert label_in(changed, SPANS, "LOC").aliases == ()


def test_another_scheme_keeps_our_ids_by_name_and_what_is_used() -> None:
    ours = change(SCHEME, RenameLabel(SPANS, "GPE", "Country"))
    theirs = LabelScheme(
        "theirs",
        layers=(Layer("entities", (Label("Country", "Country", "2"), Label("CAR", "CAR", "3"))),),
        relation_labels=(Label("OF", "OF"),),
        relation_rules=(RelationRule("OF", ("Country",)),),
    )
    used = frozenset({(SPANS, "GPE"), (SPANS, "LOC"), (DOCUMENTS, "sport")})
    taken = change(ours, TakeOverScheme(theirs, used))
    assert [(one.id, one.name, one.key) for one in taken.layers[0].labels] == [
        ("GPE", "Country", "2"),
        ("CAR", "CAR", "3"),
        ("LOC", "LOC", ""),
    ]
    assert taken.relation_rules == (RelationRule("OF", ("GPE",)),)
    assert [one.name for one in taken.document_labels] == ["sport"]
    assert taken.name == "theirs"


def test_of_spans_that_come_to_be_the_same_the_decided_one_stays_with_what_both_carried() -> None:
    text = Document("d", "Paris, France")
    spans = (
        Span("a", 0, 5, "GPE", decided=False, note="capital"),
        Span("b", 0, 5, "LOC", attributes={"kind": "city"}),
        Span("c", 7, 13, "ORG"),
    )
    relations = {"r": Relation("r", "a", "c", "IN"), "s": Relation("s", "a", "b", "IN")}
    doc = AnnotatedDocument(text, "ann", SpanSet(spans), relations)
    edit = migrated(doc, Migration(SPANS, {"LOC": "GPE"}))
    assert edit is not None
    applied = apply(doc, edit)
    (kept, other) = applied.doc.spans
    assert (kept.id, kept.label, kept.decided, kept.note, other.id) == ("b", "GPE", True, "capital", "c")
    assert kept.attributes == {"kind": "city"}
    assert [(one.head, one.child) for one in applied.doc.relations.values()] == [("b", "c")]
    assert apply(applied.doc, applied.inverse).doc == doc


def test_what_was_decided_since_stays_decided_when_a_merge_is_taken_back() -> None:
    doc = AnnotatedDocument(Document("d", "Paris"), "ann", SpanSet([Span("a", 0, 5, "LOC", decided=False)]))
    edit = migrated(doc, Migration(SPANS, {"LOC": "GPE"}))
    assert edit is not None
    merged = apply(doc, edit)
    accepted = apply(merged.doc, Decide(("a",))).doc
    back = find_inverse_of_what_holds(accepted, edit, merged.inverse)
    assert back is not None
    span = apply(accepted, back).doc.spans.find("a")
    assert span is not None
    assert (span.label, span.decided) == ("LOC", True)


def test_a_taken_back_merge_leaves_relations_alone_that_came_later() -> None:
    spans = SpanSet([Span("a", 0, 5, "LOC"), Span("b", 6, 10, "ORG")])
    doc = AnnotatedDocument(Document("d", "Paris Bank"), "ann", spans)
    edit = migrated(doc, Migration(SPANS, {"LOC": "GPE"}))
    assert edit is not None
    merged = apply(doc, edit)
    later = apply(merged.doc, Batch((AddRelation(Relation("r", "a", "b", "IN")), AddSpan(Span("n", 0, 2, "GPE"))))).doc
    back = find_inverse_of_what_holds(later, edit, merged.inverse)
    assert back is not None
    undone = apply(later, back).doc
    assert {span.id: span.label for span in undone.spans} == {"a": "LOC", "n": "GPE", "b": "ORG"}
    assert "r" in undone.relations
