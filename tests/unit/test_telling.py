"""What edits and differences are called in the lists that people read."""

from __future__ import annotations

import pytest

from annotator.domain.differences import differences
from annotator.domain.edits import (
    AddRelation,
    AddSpan,
    Batch,
    Decide,
    Edit,
    Relabel,
    RemoveSpan,
    ResizeSpan,
    SetAttribute,
    SetCat,
    SetNote,
    SetRelationAttribute,
    SetStatus,
    apply,
)
from annotator.domain.labels import Label, LabelScheme, Layer
from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.spans import DEFAULT_LAYER, Relation, Span, SpanSet
from annotator.domain.telling import Teller
from annotator.domain.text import Document

TEXT = "Minister Kuleba met Qin Gang."
SCHEME = LabelScheme(
    "news",
    layers=(Layer(DEFAULT_LAYER, (Label("GPE", "PLACE"), Label("PERSON", "PERSON"))),),
    relation_labels=(Label("MET", "met"),),
    document_labels=(Label("pol", "politics"),),
)
KULEBA = Span("a", 9, 15, "GPE", decided=False)
QIN = Span("b", 20, 28, "PERSON")
HELD = Relation("held", "b", "a", "MET", {"sure": "yes"})
BEFORE = AnnotatedDocument(Document("d", TEXT), "alice", SpanSet([KULEBA, QIN]), {"held": HELD})

TOLD: list[tuple[Edit, str, str]] = [
    (Relabel("a", "PERSON"), "relabelled Kuleba PLACE → PERSON", "relabelled Kuleba PLACE → PERSON"),
    (
        ResizeSpan("a", 0, 15, decided=False),
        "moved the edges of Kuleba to Minister Kuleba",
        "edges Kuleba → Minister Kuleba",
    ),
    (AddSpan(Span("c", 0, 8, "PERSON")), "added Minister PERSON", "added Minister PERSON"),
    (RemoveSpan("b"), "removed Qin Gang PERSON", "removed Qin Gang PERSON"),
    (Decide(("a",)), "accepted Kuleba PLACE", "accepted Kuleba PLACE"),
    (SetAttribute("b", "sure", value=True), "set sure of Qin Gang to yes", "sure of Qin Gang none → yes"),
    (
        AddRelation(Relation("r", "a", "b", "MET")),
        "added met from Kuleba to Qin Gang",
        "added met from Kuleba to Qin Gang",
    ),
    (
        SetRelationAttribute("held", "sure", "likely"),
        "set sure of met from Qin Gang to Kuleba to likely",
        "changed met from Qin Gang to Kuleba: sure yes → likely",
    ),
    (SetCat("pol", 1.0), "document label politics: given", "document label politics none → given"),
    (SetNote("a\nb"), "note: “a b”", "note none → “a b”"),
    (SetStatus(Status.SKIPPED, "not news"), "status: skipped (not news)", "status new → skipped (not news)"),
]


@pytest.mark.parametrize(("edit", "told", "difference"), TOLD)
def test_an_edit_and_what_it_changed_are_told_in_the_words_of_the_article(
    edit: Edit, told: str, difference: str
) -> None:
    assert Teller(BEFORE, SCHEME).tell(edit) == told
    after = apply(BEFORE, edit).doc
    found = [Teller(BEFORE, SCHEME, after).tell_difference(one) for one in differences(BEFORE, after)]
    assert difference in found


def test_a_batch_counts_what_is_alike_and_leaves_out_that_the_document_is_begun() -> None:
    teller = Teller(BEFORE, SCHEME)
    begun = SetStatus(Status.IN_PROGRESS)
    assert teller.tell(Batch((RemoveSpan("a"), RemoveSpan("b"), begun))) == "removed 2 spans"
    assert teller.tell(Batch((RemoveSpan("a"), begun))) == "removed Kuleba PLACE"
    assert teller.tell(Batch((RemoveSpan("a"), SetNote("x")))) == "removed Kuleba PLACE, and 1 more"
    assert teller.tell(Batch((begun,))) == "status: in progress"
