"""Doubts of random documents: kept up to date they are those found anew; decided places raise none."""

from __future__ import annotations

from random import Random
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from annotator.domain import doubt_book
from annotator.domain.alternatives import (
    NOTHING,
    Alternative,
    alternatives_from_plain,
    alternatives_to_plain,
)
from annotator.domain.doubt_book import DoubtBook, find_doubts
from annotator.domain.doubt_places import REACH
from annotator.domain.doubts import Evidence
from annotator.domain.edits import AddSpan, Decide, Edit, Relabel, RemoveSpan, ResizeSpan, apply
from annotator.domain.folding import fold, surface_of
from annotator.domain.name_words import NameWords
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span, SpanSet
from annotator.domain.text import Document, tokenize_simply
from tests.property.test_edits import simple_edits
from tests.strategies import LABELS, annotated_documents, ranges

FAR = "z" * REACH
"""What stands beyond it is not looked at again only because it is near."""
WORDS = ("Ann", "Paris", "York", "New", "NATO", "met", "the", "of", ".", "“", "\n", "日本", "👍", FAR, FAR)


@st.composite
def articles(draw: st.DrawFn) -> AnnotatedDocument:
    """A text of few different words, so that they come again, with spans on some of them."""
    text = " ".join(draw(st.lists(st.sampled_from(WORDS), min_size=12, max_size=30)))
    tokens = tokenize_simply(text)
    spans = []
    for number in range(draw(st.integers(2, 8))):
        first = draw(st.integers(0, len(tokens) - 1))
        last = draw(st.integers(first, min(first + 1, len(tokens) - 1)))
        score = draw(st.one_of(st.none(), st.floats(0, 1)))
        label, decided = draw(st.sampled_from(LABELS)), draw(st.booleans())
        place = (tokens.starts[first], tokens.ends[last])
        spans.append(Span(f"s{number}", *place, label, decided=decided, score=score))
    return AnnotatedDocument(Document("d", text, tokens=tokens), "alice", SpanSet(spans))


documents = st.one_of(articles(), annotated_documents())


@st.composite
def evidence(draw: st.DrawFn, doc: AnnotatedDocument) -> Evidence:
    """Alternatives anywhere, and a memory of some of the document's own words."""
    length = len(doc.document.text)
    place = ranges(length)
    labels = st.sampled_from((*LABELS, NOTHING))
    made = st.builds(lambda at, label, score: Alternative(at[0], at[1], label, score), place, labels, st.floats(0, 1))
    alternatives = draw(st.lists(made, max_size=5))
    known = {fold(surface_of(doc.document.text, span)) for span in doc.spans}
    counts = st.dictionaries(st.tuples(st.just("entities"), st.sampled_from(LABELS)), st.integers(1, 9), max_size=2)
    memory = {words: draw(counts) for words in sorted(known)}
    return Evidence(tuple(alternatives), tuple(draw(st.lists(place, max_size=2))), memory)


def article(random: Random) -> AnnotatedDocument:
    """As `articles`, but never a small one."""
    text = " ".join(random.choices(WORDS, k=24))
    doc = AnnotatedDocument(Document("d", text, tokens=tokenize_simply(text)), "alice")
    for number in range(9):
        doc = apply(doc, AddSpan(word_span(random, doc, f"s{number}"))).doc
    return doc


def word_span(random: Random, doc: AnnotatedDocument, span_id: str) -> Span:
    """A label on one or two whole words."""
    tokens = doc.document.tokens
    first = random.randrange(len(tokens))
    place = (tokens.starts[first], tokens.ends[min(first + random.randint(0, 1), len(tokens) - 1)])
    label, is_decided = random.choice(LABELS[:2]), random.random() < 0.5
    return Span(span_id, *place, label, decided=is_decided, score=random.choice((None, 0.5, 0.99)))


def some_edit(random: Random, doc: AnnotatedDocument, number: int) -> Edit:
    """An edit as a person makes it."""
    held = [span.id for span in doc.spans]
    if not held or random.random() < 0.3:
        return AddSpan(word_span(random, doc, f"n{number}"))
    span_id = random.choice(held)
    place = word_span(random, doc, "")
    return random.choice(
        (
            RemoveSpan(span_id),
            Relabel(span_id, random.choice(LABELS[:2])),
            Decide((span_id,)),
            ResizeSpan(span_id, place.start, place.end),
        )
    )


def finish(book: DoubtBook) -> None:
    for _ in book.pieces():
        pass
    assert book.is_up_to_date


def opened(doc: AnnotatedDocument, known: Evidence) -> DoubtBook:
    words = NameWords(doc.document)
    for _ in words.pieces():
        pass
    return DoubtBook(doc, words, known)


@given(st.integers(0, 2**32))
def test_doubts_kept_up_to_date_are_those_found_anew(seed: int) -> None:
    random = Random(seed)
    doc = article(random)
    place = word_span(random, doc, "")
    known = Evidence((Alternative(place.start, place.end, "GPE", 0.4),), ((0, 3),))
    with patch.object(doubt_book, "PIECE_SPANS", 2):
        _edit_and_compare(random, doc, known)


def _edit_and_compare(random: Random, doc: AnnotatedDocument, known: Evidence) -> None:
    book = opened(doc, known)
    for number in range(12):
        for _ in zip(range(random.choice((1, 2, 999))), book.pieces(), strict=False):
            pass  # the next edit may come before everything is up to date
        done = apply(doc, some_edit(random, doc, number))
        doc = done.doc
        book.change(doc, done.touched)
        if random.random() < 0.5:
            finish(book)
            assert book.doubts == find_doubts(doc, known)
    finish(book)
    assert book.doubts == find_doubts(doc, known)


@given(st.data())
def test_any_edit_is_followed(data: st.DataObject) -> None:
    doc = data.draw(documents)
    known = data.draw(evidence(doc))
    book = opened(doc, known)
    finish(book)
    done = apply(doc, data.draw(simple_edits(doc)))
    book.change(done.doc, done.touched)
    finish(book)
    assert book.doubts == find_doubts(done.doc, known)


@given(st.data())
def test_doubts_are_in_order_inside_the_text_and_about_what_is_undecided(data: st.DataObject) -> None:
    doc = data.draw(documents)
    found = find_doubts(doc, data.draw(evidence(doc)))
    assert [doubt.key for doubt in found] == sorted({doubt.key for doubt in found})
    for doubt in found:
        assert 0 <= doubt.start < doubt.end <= len(doc.document.text)
        assert 0 < doubt.strength <= 1
        if doubt.span_id is not None:
            span = doc.spans.find(doubt.span_id)
            assert span is not None
            assert not span.decided
            assert (span.start, span.end) == (doubt.start, doubt.end)
            assert doubt.choices[0].label == span.label
            assert doubt.find_proposal() is None
    missed = [doubt for doubt in found if doubt.span_id is None]
    assert not any(a.start < b.end and b.start < a.end for a in missed for b in missed if a is not b)


@given(st.data())
def test_what_is_decided_raises_no_doubt(data: st.DataObject) -> None:
    doc = data.draw(documents)
    known = data.draw(evidence(doc))
    decided = apply(doc, Decide(tuple(span.id for span in doc.spans))).doc
    assert all(doubt.span_id is None for doubt in find_doubts(decided, known))
    judged = Evidence(known.alternatives, ((0, len(doc.document.text)),), known.memory)
    assert find_doubts(decided, judged) == (), "where a suggestion was rejected nothing is missed"


@given(st.data())
def test_a_dismissed_doubt_does_not_come_back(data: st.DataObject) -> None:
    doc = data.draw(articles())
    book = opened(doc, Evidence())
    finish(book)
    if not book.doubts:
        return
    gone = data.draw(st.sampled_from(book.doubts))
    book.dismiss(gone)
    finish(book)
    assert (gone.start, gone.end) not in {(doubt.start, doubt.end) for doubt in book.doubts}
    assert book.doubts == find_doubts(doc, dismissed=[(gone.start, gone.end)])


@given(st.data())
def test_alternatives_are_read_as_they_were_written(data: st.DataObject) -> None:
    known = data.draw(evidence(data.draw(articles()))).alternatives
    other = tuple(Alternative(one.start, one.end, one.label, one.score, "events") for one in known)
    assert alternatives_from_plain(alternatives_to_plain((*known, *other))) == (*known, *other)
