"""spaCy reads from a ``.spacy`` file what Annotator wrote, but for the losses that were named."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import given
from spacy.tokens import DocBin

from annotator.domain.labels import Label, LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span, SpanSet
from annotator.domain.text import Document, Tokens, tokenize_simply
from annotator.formats.docbin.writer import OWN_NORMS, DocBinWriter
from annotator.formats.gaps import fill_gaps
from annotator.formats.shapes import WriteOptions
from tests.formats.documents import exported_documents
from tests.formats.reading import OPEN, written

Place = tuple[int, int, str]


@cache
def vocabulary() -> Any:
    return spacy.blank("xx").vocab


def read_spacy(content: bytes) -> list[Any]:
    return list(DocBin().from_bytes(content).get_docs(vocabulary()))


def places(spans: Any) -> Counter[Place]:
    return Counter((span.start_char, span.end_char, span.label_) for span in spans)


def all_spans(doc: AnnotatedDocument) -> Counter[Place]:
    return Counter((span.start, span.end, span.label) for span in doc.spans)


@given(exported_documents())
def test_span_groups_and_losses_are_all_spans(doc: AnnotatedDocument) -> None:
    writer = DocBinWriter()
    (read,) = read_spacy(written(writer, [doc]))
    losses = Counter((loss.start, loss.end, loss.label) for loss in writer.losses(doc, OPEN, WriteOptions()))
    in_parts = Counter((span.start, span.end, span.label) for span in doc.spans if span.fragments)
    assert places(read.spans["sc"]) + losses + in_parts == all_spans(doc)


@given(exported_documents())
def test_entities_are_the_longest_spans_that_share_no_token(doc: AnnotatedDocument) -> None:
    (read,) = read_spacy(written(DocBinWriter(), [doc]))
    ents = list(places(read.ents))
    assert set(ents) <= set(places(read.spans["sc"]))
    for start, end, _ in set(places(read.spans["sc"])) - set(ents):
        words = [token for token in read if start <= token.idx < end]
        is_under = any(s < end and start < e and e - s >= end - start for s, e, _ in ents)
        assert is_under or words[0].is_space or words[-1].is_space


@given(exported_documents())
def test_text_document_labels_and_id_come_back(doc: AnnotatedDocument) -> None:
    (read,) = read_spacy(written(DocBinWriter(), [doc]))
    assert (read.text, read.cats, read.user_data["id"]) == (doc.document.text, dict(doc.cats), doc.document.id)


@given(exported_documents())
def test_tokens_that_leave_no_gaps_come_back(doc: AnnotatedDocument) -> None:
    doc = replace(doc, document=replace(doc.document, tokens=tokenize_simply(doc.document.text)))
    (read,) = read_spacy(written(DocBinWriter(), [doc]))
    assert [(token.idx, token.idx + len(token)) for token in read] == [(t.start, t.end) for t in doc.document.tokens]


@given(exported_documents())
def test_filled_tokens_make_up_the_text_and_hold_the_old_ones(doc: AnnotatedDocument) -> None:
    text, tokens = doc.document.text, doc.document.tokens
    filled = fill_gaps(text, tokens)
    pairs = list(zip(filled.starts, filled.ends, strict=True))
    assert set(zip(tokens.starts, tokens.ends, strict=True)) <= set(pairs)
    assert {filled.starts[i] for i in filled.sentence_starts} == {tokens.starts[i] for i in tokens.sentence_starts}
    assert fill_gaps(text, filled) == filled


@given(exported_documents())
def test_the_same_documents_give_the_same_bytes(doc: AnnotatedDocument) -> None:
    assert written(DocBinWriter(), [doc, doc]) == written(DocBinWriter(), [doc, doc])


def test_sentences_come_back() -> None:
    text = "Ann left. She met Bob."
    doc = AnnotatedDocument(Document("d", text, language="en", tokens=tokenize_simply(text)))
    (read,) = read_spacy(written(DocBinWriter(), [doc]))
    assert [sentence.text for sentence in read.sents] == ["Ann left.", "She met Bob."]


def test_other_layers_have_groups_of_their_own() -> None:
    text = "Ann left"
    spans = SpanSet([Span("a", 0, 3, "PERSON"), Span("b", 0, 8, "LEAVING", "events")])
    doc = AnnotatedDocument(Document("d", text, tokens=tokenize_simply(text)), "ann", spans)
    (read,) = read_spacy(written(DocBinWriter(), [doc]))
    assert {key: [span.label_ for span in group] for key, group in read.spans.items()} == {
        "sc": ["PERSON"],
        "events": ["LEAVING"],
    }


def test_document_labels_go_by_their_names() -> None:
    scheme = LabelScheme("s", document_labels=(Label("pol", "politics"),))
    doc = AnnotatedDocument(Document("d", "x", tokens=Tokens([0], [1])), cats={"pol": 0.5})
    assert read_spacy(written(DocBinWriter(), [doc], scheme))[0].cats == {"politics": 0.5}


@pytest.mark.parametrize("language", ["", "en", "de", "zz"])
def test_a_language_that_spacy_does_not_know_is_no_obstacle(language: str) -> None:
    doc = AnnotatedDocument(Document("d", "Ann left", language=language))
    assert read_spacy(written(DocBinWriter(), [doc]))[0].text == "Ann left"


def test_languages_with_norms_of_their_own_are_those_of_spacy() -> None:
    files = Path(spacy.__file__).parent.glob("lang/*/lex_attrs.py")
    assert {path.parent.name for path in files if "NORM" in path.read_text(encoding="utf-8")} == OWN_NORMS


@pytest.mark.parametrize("language", ["en", "de", "hi"])
def test_norms_are_those_that_the_language_gives(language: str) -> None:
    text = "Can’t “we” go to the colour café ? दिल्लीयों में Straße"
    doc = AnnotatedDocument(Document("d", text, language=language, tokens=tokenize_simply(text)))
    (read,) = read_spacy(written(DocBinWriter(), [doc]))
    vocab = spacy.blank(language).vocab
    assert [token.norm_ for token in read] == [vocab[token.text].norm_ for token in read]


def test_no_documents_are_an_empty_file_that_spacy_reads() -> None:
    assert read_spacy(written(DocBinWriter(), [])) == []


WRITE = """
import io, hashlib
from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.text import Document
from annotator.formats.docbin.writer import DocBinWriter
from annotator.formats.shapes import WriteOptions
target = io.BytesIO()
DocBinWriter().write([AnnotatedDocument(Document("d", "Ann left"))], target, LabelScheme("s"), WriteOptions())
print(hashlib.sha256(target.getvalue()).hexdigest())
"""


def test_two_processes_write_the_same_bytes() -> None:
    def digest(seed: str) -> bytes:
        return subprocess.check_output([sys.executable, "-c", WRITE], env={**os.environ, "PYTHONHASHSEED": seed})

    assert digest("1") == digest("2")
