"""Which places of a text are doubtful, and what they could be."""

from __future__ import annotations

import pytest

from annotator.domain.alternatives import NOTHING, Alternative
from annotator.domain.doubt_book import find_doubts
from annotator.domain.doubts import Choice, Doubt, DoubtKind, Evidence
from annotator.domain.name_words import NameWords
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Origin, Span, SpanSet
from annotator.domain.text import Document, tokenize_simply

TEXT = "Ann Lee met Bo in Paris. Later Ann Lee left Paris with NATO staff."


def document(text: str, *spans: Span, language: str = "en") -> AnnotatedDocument:
    tokens = tokenize_simply(text)
    return AnnotatedDocument(Document("d", text, tokens=tokens, language=language), "alice", SpanSet(spans))


def span(
    text: str, surface: str, label: str, *, score: float | None = None, decided: bool = True, nth: int = 0
) -> Span:
    start = -1
    for _ in range(nth + 1):
        start = text.index(surface, start + 1)
    origin = Origin.HUMAN if decided else Origin.PIPELINE
    return Span(f"{surface}{nth}", start, start + len(surface), label, origin=origin, decided=decided, score=score)


def in_words(text: str, doubts: tuple[Doubt, ...]) -> list[tuple[str, DoubtKind]]:
    return [(text[doubt.start : doubt.end], doubt.kind) for doubt in doubts]


def names_in(text: str, language: str = "en") -> list[str]:
    words = NameWords(document(text, language=language).document)
    for _ in words.pieces():
        pass
    return [text[start:end] for start, end in words.runs]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The man met Dmytro Kuleba in New York.", ["Dmytro Kuleba", "New York"]),
        ("later he met Ann. Ann left.", ["Ann", "Ann"]),  # seen with its capital amid a sentence
        ("Yesterday it rained. Angela Merkel was wet.", ["Angela Merkel"]),
        ("Talks with NATO go on. NATO is silent.", ["NATO", "NATO"]),
        ("BEIJING: it rained.", ["BEIJING"]),
        ("he said: “We went to the University of Iowa”", ["University of Iowa"]),
        ("Peace Talks In New York Begin\n\nit rained in Rome", ["Rome"]),  # a headline
        ("then I said that a Minister and a minister met", []),  # a word that also goes without
        ("dann kam der Zug nach Rom", ["Zug", "Rom"]),
        ("he met Jean-Luc Godard", ["Jean-Luc Godard"]),
        ("она видела Иван Петров и Киев", ["Иван Петров", "Киев"]),
    ],
)
def test_capitalised_words_that_may_be_names(text: str, names: list[str]) -> None:
    assert names_in(text) == names


def test_capitals_mean_nothing_where_every_noun_has_one() -> None:
    assert names_in("dann kam der Zug nach Rom", language="de") == []


def test_an_unsure_suggestion_is_doubtful_and_says_what_else_it_could_be() -> None:
    doc = document("he met Bo here", span("he met Bo here", "Bo", "GPE", score=0.54, decided=False))
    known = Evidence((Alternative(7, 9, "NORP", 0.35), Alternative(7, 9, NOTHING, 0.1)), ((7, 9),))
    (doubt,) = find_doubts(doc, known)
    assert (doubt.kind, doubt.span_id) == (DoubtKind.UNSURE, "Bo0")
    assert [(choice.label, choice.share) for choice in doubt.choices] == [("GPE", 0.54), ("NORP", 0.35), (NOTHING, 0.1)]


def test_a_sure_suggestion_is_doubtful_when_the_same_words_were_decided_otherwise() -> None:
    text = "he saw Washington there"
    doc = document(text, span(text, "Washington", "PERSON", score=0.99, decided=False))
    assert find_doubts(doc) == ()
    agreeing = Evidence(memory={"washington": {("entities", "PERSON"): 3, ("entities", "GPE"): 2}})
    assert find_doubts(doc, agreeing) == ()
    (doubt,) = find_doubts(doc, Evidence(memory={"washington": {("entities", "GPE"): 41}}))
    assert doubt.kind is DoubtKind.CLASH
    assert doubt.choices[1] == Choice("GPE", count=41)


def test_a_decision_in_the_same_document_counts_as_memory() -> None:
    text = "he saw Washington, and Washington’s house"
    first = span(text, "Washington", "PERSON")
    second = span(text, "Washington", "GPE", score=0.99, decided=False, nth=1)
    (doubt,) = find_doubts(document(text, first, second))
    assert (doubt.kind, doubt.span_id) == (DoubtKind.CLASH, second.id)


def test_words_labelled_elsewhere_are_doubtful_where_they_are_not() -> None:
    doc = document(TEXT, span(TEXT, "Ann Lee", "PERSON"), span(TEXT, "Paris", "GPE"))
    found = [doubt for doubt in find_doubts(doc) if doubt.kind is DoubtKind.REPEAT]
    assert [TEXT[doubt.start : doubt.end] for doubt in found] == ["Ann Lee", "Paris"]
    assert all(doubt.start > 20 for doubt in found)
    assert [doubt.find_proposal() for doubt in found] == [Choice("PERSON", count=1), Choice("GPE", count=1)]


def test_a_part_of_a_word_is_no_repeat() -> None:
    text = "in Paris he met a Parisian"
    assert not any(doubt.kind is DoubtKind.REPEAT for doubt in find_doubts(document(text, span(text, "Paris", "GPE"))))


def test_of_places_that_overlap_the_strongest_is_raised() -> None:
    text = "he met Ann Lee and then Dr Ann Lee Brown"
    doc = document(text, span(text, "Ann Lee", "PERSON"))
    assert in_words(text, find_doubts(doc)) == [("Ann Lee", DoubtKind.REPEAT)]


def test_what_the_pipeline_nearly_said_is_proposed() -> None:
    text = "a one in Beijing again"
    known = Evidence((Alternative(2, 5, "CARDINAL", 0.31), Alternative(9, 16, "GPE", 0.08)))
    first, second = find_doubts(document(text), known)
    assert (first.find_proposal(), first.kind) == (Choice("CARDINAL", share=0.31), DoubtKind.LOST)
    assert (second.find_proposal(), second.kind) == (Choice("GPE", share=0.08), DoubtKind.LOST)
    assert second.strength > first.strength
    assert find_doubts(document("a one in rome again"), Evidence((Alternative(2, 5, "CARDINAL", 0.29),))) == ()


def test_capitals_are_not_doubted_where_the_pipeline_found_what_the_scheme_lacks() -> None:
    text = "it rained on Thursday"
    assert in_words(text, find_doubts(document(text))) == [("Thursday", DoubtKind.SKIPPED)]
    assert find_doubts(document(text), Evidence((Alternative(13, 21, NOTHING, 0.99),))) == ()


def test_a_rejected_suggestion_is_not_doubted_as_missed() -> None:
    text = "praise from the West again"
    assert find_doubts(document(text), Evidence((), ((16, 20),))) == ()
    assert len(find_doubts(document(text))) == 1
