"""What the keys for attributes, notes, parts, relations and document labels mean: one edit each, or one sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotator.domain import carrying
from annotator.domain.edits import (
    Batch,
    Edit,
    RemoveRelation,
    Reshape,
    SetAttribute,
    SetCat,
    SetNote,
    SetRelationAttribute,
    apply,
)
from annotator.domain.errors import ConstraintBroken, UnknownSpan
from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Relation, Span, SpanSet
from annotator.domain.text import Document, tokenize_simply
from annotator.ui.panels.facts import document_facts, relation_facts, span_facts
from annotator.workflows.schemes import load_scheme

TEXT = "North and South Dakota sent Ann Lee to Bismarck."
DAKOTA, ANN = Span("dakota", 10, 22, "PLACE"), Span("ann", 28, 35, "PERSON")
CITY = Span("city", 39, 47, "PLACE")


@pytest.fixture
def scheme() -> LabelScheme:
    return load_scheme("people")


@pytest.fixture
def doc() -> AnnotatedDocument:
    document = Document("d", TEXT, tokens=tokenize_simply(TEXT))
    return AnnotatedDocument(document, "ann", SpanSet((DAKOTA, ANN, CITY)))


def done(doc: AnnotatedDocument, edit: Edit) -> AnnotatedDocument:
    return apply(doc, edit).doc


def test_a_label_has_the_attributes_that_the_scheme_gives_it(scheme: LabelScheme) -> None:
    assert [one.name for one in carrying.attributes_for(scheme, ANN)] == ["certainty", "identifier"]
    assert [one.name for one in carrying.attributes_for(scheme, CITY)] == ["certainty", "metonymic", "identifier"]


def test_a_value_is_given_changed_and_taken_away(scheme: LabelScheme, doc: AnnotatedDocument) -> None:
    certainty, metonymic, identifier = carrying.attributes_for(scheme, CITY)
    doc = done(doc, carrying.toggle_attribute(doc, "city", certainty, "sure"))
    doc = done(doc, carrying.toggle_attribute(doc, "city", certainty, "likely"))
    doc = done(doc, carrying.toggle_attribute(doc, "city", metonymic, "metonymic"))
    doc = done(doc, carrying.write_attribute(doc, "city", identifier, " Q37066 "))
    city = doc.spans.find("city")
    assert city is not None
    assert city.attributes == {"certainty": "likely", "metonymic": True, "identifier": "Q37066"}
    assert span_facts(doc, scheme, city) == "certainty: likely\nidentifier: Q37066\nmetonymic"
    assert carrying.toggle_attribute(doc, "city", metonymic, "") == SetAttribute("city", "metonymic", None)
    with pytest.raises(ConstraintBroken, match="already"):
        carrying.write_attribute(doc, "city", identifier, "Q37066")


def test_values_of_relations_are_given_changed_and_taken_away(scheme: LabelScheme, doc: AnnotatedDocument) -> None:
    ties = {"r": Relation("r", "ann", "city", "works for"), "ann": Relation("ann", "city", "dakota", "lies in")}
    doc = replace(doc, relations=ties)
    certainty, former, since = carrying.attributes_for(scheme, ties["r"])
    assert carrying.attributes_for(scheme, ties["ann"]) == [certainty]
    doc = done(doc, carrying.toggle_relation_attribute(doc, "r", certainty, "sure"))
    doc = done(doc, carrying.toggle_relation_attribute(doc, "r", former, "former"))
    doc = done(doc, carrying.write_relation_attribute(doc, "r", since, " 2014 "))
    assert doc.relations["r"].attributes == {"certainty": "sure", "former": True, "since": "2014"}
    assert relation_facts(doc.relations["r"]) == "certainty: sure\nformer\nsince: 2014"
    taken = carrying.toggle_relation_attribute(doc, "r", certainty, "sure")
    assert taken == SetRelationAttribute("r", "certainty", None)
    with pytest.raises(ConstraintBroken, match="already"):
        carrying.write_relation_attribute(doc, "r", since, "2014")
    with pytest.raises(UnknownSpan, match="not there any more"):
        carrying.write_relation_attribute(doc, "dakota", since, "2014")


def test_the_words_between_are_no_part_of_a_discontinuous_span(doc: AnnotatedDocument) -> None:
    edit = carrying.add_part(doc, "dakota", (0, 6))
    assert edit == Reshape("dakota", ((0, 5), (10, 22)))
    parted = done(doc, edit)
    with pytest.raises(ConstraintBroken, match="already"):
        carrying.add_part(parted, "dakota", (0, 5))
    assert done(parted, carrying.add_part(parted, "dakota", (5, 10))) == done(doc, Reshape("dakota", ((0, 22),)))
    assert done(parted, carrying.remove_part(parted, "dakota", 2)) == doc
    assert done(parted, carrying.remove_part(parted, "dakota")) == done(doc, Reshape("dakota", ((0, 5),)))
    with pytest.raises(ConstraintBroken, match="in one piece"):
        carrying.remove_part(doc, "dakota")


def test_parts_that_meet_become_one(doc: AnnotatedDocument) -> None:
    assert carrying.add_part(doc, "ann", (35, 38)) == Reshape("ann", ((28, 38),))  # white space keeps nothing apart
    assert carrying.add_part(doc, "ann", (30, 38)) == Reshape("ann", ((28, 38),))
    with pytest.raises(ConstraintBroken, match="white space"):
        carrying.add_part(doc, "ann", (35, 36))


def test_only_relations_that_the_scheme_allows_are_offered(scheme: LabelScheme, doc: AnnotatedDocument) -> None:
    assert [one.name for one in carrying.relation_labels_for(scheme, ANN, CITY)] == ["works for"]
    assert [one.name for one in carrying.relation_labels_for(scheme, CITY, DAKOTA)] == ["lies in"]
    assert carrying.relation_labels_for(scheme, CITY, ANN) == []


def test_a_relation_that_is_there_already_is_taken_away(scheme: LabelScheme, doc: AnnotatedDocument) -> None:
    related = done(doc, carrying.toggle_relation(doc, "city", "dakota", "lies in", "r"))
    assert dict(related.relations) == {"r": Relation("r", "city", "dakota", "lies in")}
    assert carrying.toggle_relation(related, "city", "dakota", "lies in", "new") == RemoveRelation("r")
    city, dakota = related.spans.find("city"), related.spans.find("dakota")
    assert city is not None and dakota is not None
    assert span_facts(related, scheme, city) == "lies in → South Dakota"
    assert span_facts(related, scheme, dakota) == "Bismarck lies in → this"
    with pytest.raises(ConstraintBroken, match="two spans"):
        carrying.toggle_relation(doc, "city", "city", "lies in", "r")
    with pytest.raises(UnknownSpan):
        carrying.toggle_relation(doc, "city", "gone", "lies in", "r")


def test_the_only_document_label_takes_the_place_of_the_other(scheme: LabelScheme, doc: AnnotatedDocument) -> None:
    politics = done(doc, carrying.toggle_document_label(doc, scheme, "politics"))
    edit = carrying.toggle_document_label(politics, scheme, "business")
    assert edit == Batch((SetCat("politics", None), SetCat("business", 1.0)))
    assert document_facts(done(politics, edit), scheme) == "Document labels: business"
    assert done(politics, carrying.toggle_document_label(politics, scheme, "politics")) == doc


def test_a_note_is_kept_without_the_blanks_around_it(scheme: LabelScheme, doc: AnnotatedDocument) -> None:
    assert carrying.write_note(doc, None, "  ask Ann \n") == SetNote("ask Ann")
    noted = done(doc, carrying.write_note(doc, "city", "which one?"))
    city = noted.spans.find("city")
    assert city is not None
    assert span_facts(noted, scheme, city) == "Note: which one?"
    with pytest.raises(ConstraintBroken, match="already"):
        carrying.write_note(doc, None, " ")
