"""What a scheme allows: attributes, parts, relations, document labels; a broken rule is one sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotator.domain.constraints import check_change
from annotator.domain.edits import (
    AddRelation,
    AddSpan,
    Batch,
    Edit,
    Relabel,
    RemoveSpan,
    Reshape,
    ResizeSpan,
    SetAttribute,
    SetCat,
    SetRelationAttribute,
    apply,
)
from annotator.domain.errors import ConstraintBroken, UnknownLabel, UserError
from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.scheme_plain import scheme_from_plain, scheme_to_plain
from annotator.domain.spans import Relation, Span, SpanSet
from annotator.domain.text import Document, tokenize_simply

TEXT = "Ann met Bob and Cy in New York on 9 May."
SCHEME = scheme_from_plain(
    {
        "name": "s",
        "document_label_choice": "single",
        "layers": [
            {
                "name": "entities",
                "overlap": "none",
                "labels": [{"name": "PERSON"}, {"name": "GPE"}, {"name": "DATE", "split_into": ["GPE", "PERSON"]}],
                "attributes": [
                    {"name": "certainty", "kind": "choice", "values": ["sure", "unsure"]},
                    {"name": "dead", "kind": "flag", "labels": ["PERSON"]},
                    {"name": "wiki", "kind": "text"},
                ],
            },
            {"name": "whole", "fragments": False, "labels": [{"name": "X"}]},
        ],
        "relations": [{"name": "MET", "heads": ["PERSON"], "children": ["PERSON"]}, {"name": "ANY"}],
        "relation_attributes": [
            {"name": "certainty", "kind": "choice", "values": ["sure", "unsure"]},
            {"name": "former", "kind": "flag", "labels": ["ANY"]},
        ],
        "document_labels": [{"name": "news"}, {"name": "sport"}],
    }
)
ANN, BOB = Span("ann", 0, 3, "PERSON"), Span("bob", 8, 11, "PERSON")
YORK = Span("york", 22, 30, "GPE")


def doc(*spans: Span, **fields: object) -> AnnotatedDocument:
    document = Document("d", TEXT, tokens=tokenize_simply(TEXT))
    return AnnotatedDocument(document, "alice", SpanSet(spans or (ANN, BOB, YORK)), **fields)  # type: ignore[arg-type]


def check(edit: Edit, held: AnnotatedDocument | None = None, scheme: LabelScheme = SCHEME) -> None:
    before = held or doc()
    applied = apply(before, edit)
    check_change(scheme, before, applied.doc, applied.touched)


@pytest.mark.parametrize(
    "edit",
    [
        SetAttribute("ann", "certainty", "sure"),
        SetAttribute("ann", "dead", True),
        SetAttribute("york", "wiki", "Q60"),
        SetAttribute("york", "wiki", None),
        AddRelation(Relation("r", "ann", "bob", "MET")),
        AddRelation(Relation("r", "ann", "york", "ANY")),
        SetCat("news", 1.0),
        Reshape("ann", ((0, 3), (16, 18))),
        Batch((RemoveSpan("york"), AddSpan(Span("new", 22, 33, "GPE")))),
        Batch((AddSpan(Span("new", 22, 33, "GPE")), RemoveSpan("york"))),
        AddSpan(Span("gap", 3, 16, "GPE", fragments=((3, 7), (12, 16)))),
    ],
)
def test_what_the_scheme_allows_is_allowed(edit: Edit) -> None:
    check(edit)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (SetAttribute("ann", "certainty", "perhaps"), "choose one of sure, unsure"),
        (SetAttribute("york", "dead", True), "GPE does not have"),
        (SetAttribute("ann", "dead", False), "flag"),
        (SetAttribute("ann", "wiki", 7), "text"),
        (SetAttribute("ann", "colour", "red"), "no attribute 'colour'"),
        (AddRelation(Relation("r", "ann", "york", "MET")), "cannot go from PERSON to GPE"),
        (AddSpan(Span("new", 28, 33, "GPE")), "would overlap GPE"),
        (AddSpan(Span("x", 0, 7, "X", "whole", fragments=((0, 3), (5, 7)))), "in one piece"),
        (Relabel("york", "DATE"), "choose one of GPE, PERSON"),
        (Batch((SetCat("news", 1.0), SetCat("sport", 1.0))), "one document label only"),
        (ResizeSpan("york", 10, 30), "overlap"),
    ],
)
def test_a_broken_rule_is_one_sentence(edit: Edit, words: str) -> None:
    with pytest.raises(ConstraintBroken, match=words) as refused:
        check(edit)
    assert "\n" not in str(refused.value)


def test_a_relation_is_checked_when_the_label_at_its_end_changes() -> None:
    held = doc(relations={"r": Relation("r", "ann", "bob", "MET")})
    with pytest.raises(ConstraintBroken, match="cannot go from PERSON to GPE"):
        check(Relabel("bob", "GPE"), held)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (SetRelationAttribute("r", "certainty", "perhaps"), "choose one of sure, unsure"),
        (SetRelationAttribute("r", "former", True), "MET does not have the attribute 'former'"),
        (SetRelationAttribute("any", "former", False), "flag"),
        (SetRelationAttribute("r", "colour", "red"), "no attribute 'colour' for relations"),
    ],
)
def test_values_of_relations_are_checked(edit: Edit, words: str) -> None:
    ties = {"r": Relation("r", "ann", "bob", "MET", {"_old": 1}), "any": Relation("any", "ann", "york", "ANY")}
    held = doc(relations=ties)
    with pytest.raises(ConstraintBroken, match=words):
        check(edit, held)
    check(SetRelationAttribute("r", "certainty", "sure"), held)
    check(SetRelationAttribute("any", "former", True), held)
    check(SetRelationAttribute("r", "_old", None), held)
    check(SetRelationAttribute("r", "colour", "red"), held, replace(SCHEME, is_extensible=True))


def test_one_document_label_may_take_the_place_of_another() -> None:
    check(Batch((SetCat("news", None), SetCat("sport", 1.0))), doc(cats={"news": 1.0}))
    with pytest.raises(UnknownLabel):
        check(SetCat("weather", 1.0))


def test_what_was_imported_against_the_rules_may_stay_and_be_removed() -> None:
    held = doc(Span("a", 0, 7, "GPE"), Span("b", 0, 3, "GPE"), Span("c", 22, 30, "GPE", attributes={"odd": 1}))
    check(RemoveSpan("b"), held)
    check(SetAttribute("c", "wiki", "Q60"), held)
    check(Relabel("c", "PERSON"), held)


def test_a_scheme_is_the_same_after_writing_and_reading() -> None:
    assert scheme_from_plain(scheme_to_plain(SCHEME)) == SCHEME


def test_moving_the_edges_of_a_discontinuous_span_keeps_the_parts_between() -> None:
    held = doc(Span("s", 0, 30, "GPE", fragments=((0, 3), (8, 11), (22, 30))))
    (span,) = apply(held, ResizeSpan("s", 8, 26)).doc.spans
    assert span.parts == ((8, 11), (22, 26))
    (span,) = apply(held, ResizeSpan("s", 23, 26)).doc.spans
    assert (span.parts, span.fragments) == (((23, 26),), ())


@pytest.mark.parametrize("parts", [(), ((3, 3), (5, 6)), ((5, 6), (0, 3)), ((0, 3), (3, 5)), ((0, 3), (30, 99))])
def test_parts_out_of_order_touching_empty_or_outside_are_refused(parts: tuple[tuple[int, int], ...]) -> None:
    with pytest.raises(UserError):
        apply(doc(), Reshape("ann", parts))
