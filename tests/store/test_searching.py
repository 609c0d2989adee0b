"""Places found by the store beside a reference that reads every document as the window would."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.edits import AddSpan, Relabel, RemoveSpan, ResizeSpan, SetNote, SetStatus
from annotator.domain.finding import Range, find_words
from annotator.domain.folding import APOSTROPHES, fold
from annotator.domain.hits import CONTEXT_CHARS, Hit
from annotator.domain.projects import AnnotatedDocument, Annotator, AnnotatorKind, Status
from annotator.domain.queries import Condition, Field, OneOf, Query, ScoreRange, TextTerm, Words
from annotator.domain.query_reading import bind, parse
from annotator.domain.spans import Origin, Span, SpanSet
from annotator.domain.text import Document
from annotator.store import ProjectStore, searching
from annotator.store.seeing import first_line
from tests.store.making import ANN, BOB, SCHEME, TEXT, building_edit, document, empty_set, load, make, write
from tests.strategies import LABELS, spans, texts


def find(term: TextTerm, texts_: Sequence[str]) -> list[list[Range]]:
    if isinstance(term, Words):
        return [find_words(term, text) for text in texts_]
    pattern = re.compile(term.pattern, re.MULTILINE)
    return [[match.span() for match in pattern.finditer(text) if match.group()] for text in texts_]


def read(typed: str, *, may_see_all: bool = False) -> Query:
    people = (Annotator("alice"), Annotator("bob"), Annotator("p", AnnotatorKind.PIPELINE))
    return bind(parse(typed), SCHEME, people, myself="alice", may_see_all=may_see_all)


def search(store: ProjectStore, query: Query, annotator: str = "alice") -> list[Hit]:
    with store.reading() as reader:
        return [hit for found in reader.find_hits(annotator, query, find) for hit in found.hits]


def places(store: ProjectStore, typed: str) -> list[tuple[str, int, str]]:
    return [(hit.document_id, hit.start, hit.label_id or hit.text) for hit in search(store, read(typed))]


SUGGESTED = Span("p1", 15, 23, "GPE", origin=Origin.PIPELINE, decided=False, score=0.4, pipeline="p 1")


@pytest.fixture
def two(path: Path) -> Iterator[ProjectStore]:
    """Alice has decided in d1; d2 has suggestions only; bob has labels of his own in both."""
    with make(path, document("d1"), document("d2")) as store:
        write(store, empty_set(), AddSpan(ANN), AddSpan(replace(BOB, note="Bob who?")), SetStatus(Status.DONE))
        write(store, load(store), SetNote("Later: spelling"))
        write(store, empty_set(annotator="carol"), SetNote("later, says Carol"))
        write(store, empty_set(annotator="bob"), AddSpan(Span("b", 0, 3, "ORG")))
        write(store, empty_set(document("d2"), annotator="bob"), AddSpan(Span("b", 4, 7, "ORG")), key=2)
        with store.writing() as unit:
            unit.put_suggestions(1, "p", "p 1", [SUGGESTED])
            unit.put_suggestions(2, "p", "p 1", [SUGGESTED])
        yield store


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ann", [("d1", 0, "PERSON"), ("d2", 0, "Ann")]),
        ('"new york"', [("d1", 15, "New York"), ("d2", 15, "GPE")]),
        ("/[AB]\\w+/", [("d1", 0, "PERSON"), ("d1", 8, "PERSON"), ("d2", 0, "Ann"), ("d2", 8, "Bob")]),
        ("label:GPE", [("d2", 15, "GPE")]),
        ("label:ORG", []),
        ("by:alice", [("d1", 0, "PERSON"), ("d1", 8, "PERSON")]),
        ("-by:alice", [("d2", 15, "GPE")]),
        ("origin:pipeline", [("d2", 15, "GPE")]),
        ("score:<.5", [("d2", 15, "GPE")]),
        ("-score:<.5", [("d1", 0, "PERSON"), ("d1", 8, "PERSON")]),
        ("note:WHO", [("d1", 8, "PERSON")]),
        ("note:later", [("d1", 0, TEXT)]),
        ("note:w", [("d1", 8, "PERSON")]),
        ("note:who note:later", [("d1", 0, TEXT), ("d1", 8, "PERSON")]),
        ("note:later -note:spelling", []),
        ("note:later status:done by:alice", [("d1", 0, TEXT)]),
        ("note:later status:new", []),
        ("note:later -Kremlin", [("d1", 0, TEXT)]),
        ("note:later -Ann", []),
        ("note:later label:PERSON", []),
        ("note:later is:decided", []),
        ("ann note:later", []),
        ("-note:who status:done", [("d1", 0, "PERSON")]),
        ("-is:suggestion", [("d1", 0, "PERSON"), ("d1", 8, "PERSON")]),
        ("-is:decided", [("d2", 15, "GPE")]),
        ("by:p", [("d2", 15, "GPE")]),
        ("is:suggestion", [("d2", 15, "GPE")]),
        ("is:decided", [("d1", 0, "PERSON"), ("d1", 8, "PERSON")]),
        ("status:done", [("d1", 0, "PERSON"), ("d1", 8, "PERSON")]),
        ("status:new", [("d2", 15, "GPE")]),
        ("-status:done", [("d2", 15, "GPE")]),
        ("text:Bob", [("d1", 8, "PERSON")]),
        ("text:bob", []),
        ('folded:"the Bob’s"', [("d1", 8, "PERSON")]),
        ("Bob label:PERSON", [("d1", 8, "PERSON")]),
        ("Bob -label:PERSON", [("d2", 8, "Bob")]),
        ("Bob is:unlabelled", [("d2", 8, "Bob")]),
        ("york", [("d1", 19, "York"), ("d2", 19, "York")]),
        ("york is:labelled", [("d2", 15, "GPE")]),
        ("york is:unlabelled", [("d1", 19, "York")]),
        ("york -ann", []),
        ("label:PERSON -text:Ann", [("d1", 8, "PERSON")]),
    ],
)
def test_a_query_finds_what_the_annotator_sees(
    two: ProjectStore, typed: str, found: list[tuple[str, int, str]]
) -> None:
    assert places(two, typed) == found


def test_others_are_seen_only_by_who_may(two: ProjectStore) -> None:
    found = search(two, read("by:bob label:ORG", may_see_all=True))
    assert [(hit.document_id, hit.annotator, hit.is_decided) for hit in found] == [
        ("d1", "bob", False),
        ("d2", "bob", False),
    ]


def test_a_hit_says_everything_about_its_place(two: ProjectStore) -> None:
    (inside,) = search(two, read("york status:new is:labelled"))
    assert (inside.left, inside.text, inside.right) == (TEXT[:15], "New York", TEXT[23:])
    assert (inside.span_id, inside.annotator, inside.origin, inside.score) == ("p1", "p", "pipeline", 0.4)
    around = search(two, read("york"))[1]
    assert (around.span_id, around.label_id, around.inside) == ("", "", "GPE")


def test_hits_are_renewed_where_a_set_was_written_since(two: ProjectStore) -> None:
    hits = search(two, read("/\\w+/ -label:ORG"))
    ann, met, bob = hits[0], hits[1], hits[2]
    (span,) = search(two, read("text:Bob"))
    doc = write(
        two,
        load(two),
        Relabel("s1", "ORG"),
        RemoveSpan("s2"),
        AddSpan(Span("n", met.start, met.end, "DATE")),
    )
    with two.reading() as reader:
        again = reader.hits_again("alice", [ann, met, bob, span], since="2026")
        assert reader.hits_again("alice", [ann, met, bob], since="9") == [ann, met, bob]
    assert [(hit.label_id, hit.is_gone) for hit in again] == [
        ("ORG", False),
        ("DATE", False),
        ("", False),
        ("PERSON", True),
    ]
    write(two, doc, ResizeSpan("s1", 0, 7))
    with two.reading() as reader:
        (moved,) = reader.hits_again("alice", again[:1], since="2026")
    assert (moved.start, moved.end, moved.text) == (0, 7, "Ann met")


def test_a_note_on_a_document_is_shown_with_its_first_line_and_renewed(path: Path) -> None:
    text = f" \n\t The first line \nthe second {'x' * 300}"
    with make(path, document("d1", text), document("d2", "\n " * 9), document("d3", "y" * 500)) as store:
        docs = [
            write(store, empty_set(document(f"d{key}", held.text)), SetNote("Check"), key=key)
            for key, held in enumerate((document("d1", text), document("d2", "\n " * 9), document("d3", "y" * 500)), 1)
        ]
        hits = search(store, read("note:check"))
        assert [(hit.text, hit.note, hit.annotator, hit.is_on_document) for hit in hits] == [
            ("The first line", "Check", "alice", True),
            ("", "Check", "alice", True),
            ("y" * CONTEXT_CHARS, "Check", "alice", True),
        ]
        write(store, docs[0], SetNote("Checked, and right"))
        write(store, docs[1], SetNote(""), AddSpan(Span("s", 0, 1, "ORG")), key=2)
        with store.reading() as reader:
            again = reader.hits_again("alice", hits, since="2026")
        assert [(hit.note, hit.is_gone, hit.is_on_document) for hit in again] == [
            ("Checked, and right", False, True),
            ("Check", True, True),
            ("Check", False, True),
        ]


def test_a_folded_string_is_found_however_its_apostrophe_is_written(path: Path) -> None:
    text = "O’Neil, O'Neil and Oʼneil"
    with make(path, document("d1", text)) as store:
        spans = [AddSpan(Span(f"s{at}", at, at + 6, "PERSON")) for at in (0, 8, 19)]
        write(store, empty_set(document("d1", text)), *spans)
        for typed in ('folded:"O\'Neil"', "folded:O’Neil", "folded:O`neil"):
            assert [hit.text for hit in search(store, read(typed))] == ["O’Neil", "O'Neil", "Oʼneil"]
        assert [hit.text for hit in search(store, read("text:O’Neil"))] == ["O’Neil"]


def test_only_documents_with_every_term_are_read(path: Path) -> None:
    texts_ = ["nobody", "Ann", "Bob", "Ann, Bob", "Bob and Bob"]
    documents = [document(f"d{number}", text) for number, text in enumerate(texts_)]
    with make(path, *documents) as store, portions_of_one(), store.reading() as reader:
        found = list(reader.find_hits("alice", read('ann "Bob"'), find))
    assert [hit.document_id for one in found for hit in one.hits] == ["d3", "d3"]
    assert (found[-1].done, found[-1].total) == (2, 2)  # the first one, which is read anyway, and d3


@pytest.mark.parametrize("typed", ["O'Neil", "o’nei", '"met Oʼneil"'])
def test_the_index_knows_every_apostrophe(path: Path, typed: str) -> None:
    texts_ = [f"Ann met O{apostrophe}Neil" for apostrophe in APOSTROPHES]
    with make(path, *(document(f"d{number}", text) for number, text in enumerate(texts_))) as store, portions_of_one():
        hits = search(store, read(typed))
    expected = [find(read(typed).texts[0], [text])[0][0] for text in texts_]
    assert [(hit.start, hit.end) for hit in hits] == expected
    assert len(hits) == len(APOSTROPHES)


GLUED = "the new york, the\u00a0Kremlin — the 日本 cafe\u0301 O’Neil  the U.S. don't (9 May) New Yorker"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("new york", ["new york", "New Yorker"]),
        ('"new york"', ["new york"]),
        ("the krem", ["the\u00a0Kremlin"]),
        ('"Kremlin — the"', ["Kremlin — the"]),
        ("kremlin —", ["Kremlin —"]),
        ('"the 日本 cafe"', ["the 日本 cafe\u0301"]),
        ("o'nei th u.s. don", ["O’Neil  the U.S. don"]),
        ('"(9 may)"', ["(9 May)"]),
        ("york kremlin", []),
        ("york new", []),
    ],
)
def test_words_in_a_row_are_found_whatever_the_index_knows_of_them(path: Path, typed: str, found: list[str]) -> None:
    with make(path, document("d1", GLUED), document("d2", "the york of new kremlin")) as store:
        assert [hit.text for hit in search(store, read(typed))] == found


@st.composite
def corpora(draw: st.DrawFn) -> list[tuple[AnnotatedDocument, bool]]:
    """Documents with spans: alice's, or (true) only a pipeline's suggestions."""
    made = []
    for number in range(draw(st.integers(1, 4))):
        text = draw(texts())
        held = [draw(spans(len(text), f"s{place}")) for place in range(draw(st.integers(0, 4)))]
        is_suggested = draw(st.booleans())
        doc = AnnotatedDocument(
            Document(f"d{number}", text),
            "alice",
            SpanSet(replace(span, decided=False) if is_suggested else span for span in held),
            status=Status.NEW if is_suggested else draw(st.sampled_from(Status)),
            note="" if is_suggested else draw(st.sampled_from(["", "call Ann", "x"])),
        )
        made.append((doc, is_suggested))
    return made


terms = st.one_of(
    st.sampled_from(["the", "Kremlin", "York", "May", "don't", "new yo", "9 may", "the the th", "york , the"]).map(
        Words
    ),
    st.sampled_from(["the", "New York", "cafe", "日本", "O'Neil the", "U.S. don't", "the 日本", "9 May — the"]).map(
        lambda words: Words(words, is_whole=True)
    ),
)
conditions: st.SearchStrategy[Condition] = st.one_of(
    st.sampled_from(LABELS).map(lambda label: OneOf(Field.LABEL, (label,))),
    st.sampled_from(["the", "Kremlin", "."]).map(lambda words: OneOf(Field.TEXT, (words,))),
    st.sampled_from(["the Kremlin", "."]).map(lambda words: OneOf(Field.FOLDED, (words,))),
    st.sampled_from(["suggestion", "decided"]).map(lambda state: OneOf(Field.IS, (state,))),
    st.sampled_from(Status).map(lambda status: OneOf(Field.STATUS, (status.value,))),
    st.sampled_from(Origin).map(lambda origin: OneOf(Field.ORIGIN, (origin.value,))),
    st.just(OneOf(Field.NOTE, ("ann",))),
    st.builds(ScoreRange, st.just(0.3), st.just(0.8), st.booleans(), st.booleans()),
)
queries = st.builds(
    Query,
    st.lists(terms, max_size=2).map(tuple),
    st.lists(conditions, max_size=2).map(tuple),
    st.lists(terms, max_size=1).map(tuple),
    st.lists(conditions, max_size=1).map(tuple),
)


def meets(doc: AnnotatedDocument, span: Span, condition: Condition) -> bool:
    if isinstance(condition, ScoreRange):
        if span.score is None:
            return False
        above = span.score >= condition.low if condition.includes_low else span.score > condition.low
        return above and (span.score <= condition.high if condition.includes_high else span.score < condition.high)
    words = doc.document.text[span.start : span.end]
    parts = " ".join(doc.document.text[start:end] for start, end in span.parts)
    value = {
        Field.LABEL: span.label,
        Field.TEXT: words,
        Field.FOLDED: fold(parts),
        Field.IS: "decided" if span.decided else "suggestion",
        Field.STATUS: doc.status.value,
        Field.ORIGIN: span.origin.value,
        Field.NOTE: span.note,
    }[condition.field]
    if condition.field is Field.NOTE:
        return any(wanted.casefold() in value.casefold() for wanted in condition.values)
    wanted = [fold(one) for one in condition.values] if condition.field is Field.FOLDED else condition.values
    return value in wanted


def naive(doc: AnnotatedDocument, query: Query) -> list[tuple[int, int, str]]:
    """(start, end, span id) of what the query finds in one document, by looking at every span and word."""
    text = doc.document.text
    of_document = [one for one in query.conditions if isinstance(one, OneOf) and one.field is Field.STATUS]
    not_of_document = [one for one in query.excluded if isinstance(one, OneOf) and one.field is Field.STATUS]
    if any(doc.status.value not in one.values for one in of_document):
        return []
    if any(doc.status.value in one.values for one in not_of_document):
        return []
    wanted = [one for one in query.conditions if one not in of_document]
    excluded = [one for one in query.excluded if one not in not_of_document]
    if any(find_words(term, text) for term in query.absent if isinstance(term, Words)):
        return []
    by_term = [find_words(term, text) for term in query.texts if isinstance(term, Words)]
    if not all(by_term):
        return []
    at = sorted({place for found in by_term for place in found})
    fitting = [
        span
        for span in doc.spans
        if all(meets(doc, span, one) for one in wanted) and not any(meets(doc, span, one) for one in excluded)
    ]
    if not query.texts:
        return [(span.start, span.end, span.id) for span in fitting]
    if wanted:
        return [(s.start, s.end, s.id) for s in fitting if any(s.overlaps(*place) for place in at)]
    barred = [span for span in doc.spans if any(meets(doc, span, one) for one in excluded)]
    free = [place for place in at if not any(span.overlaps(*place) for span in barred)]
    return [(*place, next((s.id for s in doc.spans if (s.start, s.end) == place), "")) for place in free]


def naive_notes(doc: AnnotatedDocument, query: Query, *, is_suggested: bool) -> list[Range]:
    """Where the note on a document is shown if the query finds it."""
    fields = {one.field for one in (*query.conditions, *query.excluded) if isinstance(one, OneOf)}
    if any(isinstance(one, ScoreRange) for one in (*query.conditions, *query.excluded)) or query.texts:
        return []
    if not query.values_of(Field.NOTE) or not fields <= {Field.NOTE, Field.STATUS}:
        return []
    noted = replace(doc, spans=SpanSet([Span("n", 0, 1, "PERSON", note=doc.note)]))
    is_found = doc.note and not is_suggested and naive(noted, query)
    return [first_line(doc.document.text)] if is_found else []


@contextmanager
def portions_of_one() -> Iterator[None]:
    """Search four documents as it does ten thousand: every step begins after the first one."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "FIRST_DOCUMENTS": 1,
            "MOST_DOCUMENTS": 2,
            "BEGUN_DOCUMENTS": 1,
            "HEAD_DOCUMENTS": 1,
            "MANY_DOCUMENTS": 0,
        }.items():
            patch.setattr(searching, name, value)
        patch.setitem(searching.FREQUENT, Field.SCORE, 1)
        patch.setitem(searching.FREQUENT, Field.LABEL, 1)
        yield


@pytest.mark.parametrize("steps", [nullcontext, portions_of_one])
@given(corpus=corpora(), asked=st.lists(queries, min_size=8, max_size=8))
@settings(max_examples=40)
def test_hits_are_those_of_a_search_through_every_document(
    steps: Callable[[], AbstractContextManager[None]],
    corpus: list[tuple[AnnotatedDocument, bool]],
    asked: list[Query],
) -> None:
    with (
        steps(),
        tempfile.TemporaryDirectory() as folder,
        make(Path(folder, "p"), *(doc.document for doc, _ in corpus)) as store,
    ):
        for key, (doc, is_suggested) in enumerate(corpus, 1):
            if is_suggested:
                with store.writing() as unit:
                    unit.put_suggestions(key, "p", "p 1", doc.spans)
            else:
                write(store, AnnotatedDocument(doc.document, "alice"), building_edit(doc), key=key)
        for query in asked:
            hits = search(store, query)
            expected = [
                place
                for key, (doc, is_suggested) in enumerate(corpus, 1)
                for place in (
                    *((key, *note, "", True) for note in naive_notes(doc, query, is_suggested=is_suggested)),
                    *((key, *hit, False) for hit in naive(doc, query)),
                )
            ]
            assert [hit.place for hit in hits] == expected, query
            for hit in hits:
                text = corpus[hit.key - 1][0].document.text
                assert hit.text == text[hit.start : hit.end]
                assert text.startswith(hit.left + hit.text + hit.right, max(hit.start - CONTEXT_CHARS, 0))
