"""Random documents as other tools tokenize them: gaps, cut-off white space, extra keys, spans on token borders."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import strategies as st

from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.spans import Span, SpanSet
from annotator.domain.text import Tokens
from tests.strategies import annotated_documents, json_values

CONLL_TRAPS = ("-DOCSTART-", "%20", "%", "50%", "%2DDOCSTART-", "O", "B-GPE", "%%41")
LABELS = ("GPE", "NEW YORK", "NEW_YORK", "NEW%20YORK", "100%")


@st.composite
def foreign_tokens(draw: st.DrawFn, text: str) -> Tokens:
    """Tokens that may leave gaps, hold white space or cut words."""
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=12)))
    pairs = [pair for pair in pairwise(cuts) if draw(st.integers(0, 3))]
    sentences = [index for index in range(len(pairs)) if draw(st.booleans())]
    return Tokens([start for start, _ in pairs], [end for _, end in pairs], sentences)


@st.composite
def token_spans(draw: st.DrawFn, tokens: Tokens, number: int) -> Span:
    """A span on token borders, so that few are lost for cutting one."""
    first = draw(st.integers(0, len(tokens) - 1))
    last = draw(st.integers(first, min(first + 4, len(tokens) - 1)))
    return Span(f"t{number}", tokens.starts[first], tokens.ends[last], draw(st.sampled_from(LABELS)))


@st.composite
def exported_documents(draw: st.DrawFn) -> AnnotatedDocument:
    """Documents with spans anywhere and spans on token borders, tokenized by Annotator or by somebody else."""
    doc = draw(annotated_documents())
    document = doc.document
    if draw(st.booleans()):
        document = replace(document, tokens=draw(foreign_tokens(document.text)), tokenizer="imported")
    count = draw(st.integers(0, 6)) if len(document.tokens) else 0
    spans = [*doc.spans, *(draw(token_spans(document.tokens, number)) for number in range(count))]
    return replace(doc, document=document, spans=SpanSet(spans))


@st.composite
def carried_documents(draw: st.DrawFn) -> AnnotatedDocument:
    """Documents with everything that JSONL carries: metadata, unknown keys, title, language, layers."""
    doc = draw(exported_documents().filter(lambda doc: bool(doc.document.text.strip())))
    meta = draw(st.dictionaries(st.sampled_from(("source", "year")), json_values, max_size=2))
    extra = draw(st.dictionaries(st.sampled_from(("_task_hash", "image", "year2")), json_values, max_size=3))
    if doc.status is Status.SKIPPED and draw(st.booleans()):
        extra["answer"] = "reject"
    if len(doc.document.tokens) and draw(st.booleans()):
        first = doc.document.tokens[0]
        extra["_token_extra"] = {f"{first.start}-{first.end}": {"disabled": True}}
    spans = SpanSet(replace(span, layer=draw(st.sampled_from(("entities", "events")))) for span in doc.spans)
    title, language = draw(st.sampled_from(("", "On — Bob"))), draw(st.sampled_from(("", "en")))
    document = replace(doc.document, meta=meta, extra=extra, title=title, language=language)
    return replace(doc, document=document, spans=spans, annotator=draw(st.sampled_from(("", "alice"))))
