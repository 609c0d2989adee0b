"""Random documents for Hypothesis: emoji families, flags, combining marks, right-to-left, CRLF, controls."""

from __future__ import annotations

from hypothesis import strategies as st

from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.spans import Origin, Relation, Span, SpanSet
from annotator.domain.text import SIMPLE_TOKENIZER, Document, Json, tokenize_simply

PIECES = (
    "the", "Kremlin", "O’Neil", "U.S.", "don't", "New York", " ", "  ", "\n", "\r\n", "\t", "\n\n", ".", ",",
    "“", "”", "👨‍👩‍👧‍👦", "🇫🇷", "👍🏽", "❤️", "𝒳", "e\u0301", "cafe\u0301", "שָׁלוֹם", "مرحبا", "日本語", "ภาษาไทย",
    "मराठी", "\u200f", "\u202e", "\ufeff", "\u0001", "\u001f", "\u0085", "\u2028", "a\u0300\u0301", "9 May",
)  # fmt: skip


def texts(min_pieces: int = 1, max_pieces: int = 24) -> st.SearchStrategy[str]:
    """Texts glued from awkward pieces and arbitrary characters (no NUL, no lone surrogate), never empty."""
    characters = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
    piece = st.one_of(st.sampled_from(PIECES), st.sampled_from(PIECES), st.text(characters, min_size=1, max_size=4))
    return st.lists(piece, min_size=min_pieces, max_size=max_pieces).map("".join)


@st.composite
def ranges(draw: st.DrawFn, length: int) -> tuple[int, int]:
    """A range ``[start, end)`` inside a text of ``length`` code points, at least one long."""
    start = draw(st.integers(0, length - 1))
    return start, draw(st.integers(start + 1, length))


LABELS = ("GPE", "PERSON", "ORG", "DATE")
scores = st.one_of(st.none(), st.floats(0, 1, allow_nan=False))
json_values: st.SearchStrategy[Json] = st.one_of(
    st.booleans(), st.integers(-(2**53), 2**53), st.text(max_size=8), st.just([1, "two"])
)


@st.composite
def spans(draw: st.DrawFn, length: int, span_id: str) -> Span:
    """A span with all its fields, inside a text of ``length`` code points."""
    start, end = draw(ranges(length))
    fragments: tuple[tuple[int, int], ...] = ()
    if end - start > 2 and draw(st.booleans()):
        first = draw(st.integers(start + 1, end - 2))
        second = draw(st.integers(first + 1, end - 1))
        fragments = ((start, first), (second, end))
    origin = draw(st.sampled_from(Origin))
    return Span(
        id=span_id,
        start=start,
        end=end,
        label=draw(st.sampled_from(LABELS)),
        origin=origin,
        decided=draw(st.booleans()),
        score=draw(scores),
        pipeline="en_core_web_sm 3.8.0" if origin is Origin.PIPELINE else "",
        attributes=draw(st.dictionaries(st.sampled_from(("sure", "kind")), json_values, max_size=2)),
        note=draw(st.sampled_from(("", "ask Ann", "naïve — 👍"))),
        fragments=fragments,
    )


@st.composite
def annotated_documents(draw: st.DrawFn, max_spans: int = 6) -> AnnotatedDocument:
    """A document with nested and overlapping spans, relations, document labels, a status and a note."""
    text = draw(texts())
    count = draw(st.integers(0, max_spans))
    held = [draw(spans(len(text), f"s{number}")) for number in range(count)]
    relations = {}
    if len(held) > 1 and draw(st.booleans()):
        values = draw(st.dictionaries(st.sampled_from(("sure", "kind")), json_values, max_size=2))
        relations["r0"] = Relation("r0", held[0].id, held[1].id, "MET", values)
    return AnnotatedDocument(
        document=Document("doc-1", text, tokens=tokenize_simply(text), tokenizer=SIMPLE_TOKENIZER),
        annotator="alice",
        spans=SpanSet(held),
        relations=relations,
        cats=draw(st.dictionaries(st.sampled_from(("politics", "sport")), st.just(1.0), max_size=2)),
        status=draw(st.sampled_from(Status)),
        note=draw(st.sampled_from(("", "check the date"))),
        status_reason=draw(st.sampled_from(("", "not news"))),
    )
