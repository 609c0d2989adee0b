"""CoNLL holds every decided span or names it as a loss, exactly. Read back by a small reader of the tests' own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from annotator.domain.labels import Label, LabelScheme, Layer
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span, SpanSet
from annotator.domain.text import Document, Tokens, tokenize_simply
from annotator.formats.conll.columns_reader import ColumnsReader
from annotator.formats.conll.columns_writer import ConllWriter
from annotator.formats.conll.percent import escaped
from annotator.formats.holding import CUTS_TOKEN, EDGE_IS_WHITE, SHARES_TOKEN
from annotator.formats.shapes import Loss, WriteOptions
from tests.formats.documents import CONLL_TRAPS, exported_documents
from tests.formats.reading import OPEN, documents_in, read_bytes, written
from tests.strategies import texts

BIOES = WriteOptions(tag_scheme="BIOES")


@dataclass
class Article:
    """What the reader found: words, sentences as counts of words, and spans as word ranges with labels."""

    words: list[str] = field(default_factory=list)
    sentences: list[int] = field(default_factory=list)
    spans: list[tuple[int, int, str]] = field(default_factory=list)


def read_conll(content: bytes) -> list[Article]:
    """A reader of IOB2 and BIOES, which knows nothing of Annotator."""
    articles: list[Article] = []
    for block in content.decode().split("\n\n"):
        rows = [line.split() for line in block.split("\n") if line]
        assert all(len(row) == 4 for row in rows)
        if rows and rows[0][0] == "-DOCSTART-":
            articles.append(Article())
        elif rows:
            read_sentence(articles[-1], rows)
    return articles


def read_sentence(article: Article, rows: list[list[str]]) -> None:
    begun: tuple[int, str] | None = None
    for number, row in enumerate([*rows, ["", "", "", "O"]], len(article.words)):
        edge, _, label = row[3].partition("-")
        if begun is not None and edge in "BSO":
            article.spans.append((begun[0], number - 1, unquote(begun[1])))
            begun = None
        if edge in "IE":
            assert begun is not None
            assert begun[1] == label
        elif edge in "BS":
            begun = (number, label)
    article.words += [unquote(row[0]) for row in rows]
    article.sentences.append(len(rows))


def placed(article: Article, text: str) -> Counter[tuple[int, int, str]]:
    """The spans as code points: each word is looked for after the one before."""
    places, at = [], 0
    for word in article.words:
        start = text.index(word, at)
        places.append((start, start + len(word)))
        at = start + len(word)
    return Counter((places[first][0], places[last][1], label) for first, last, label in article.spans)


def tokens_in(doc: AnnotatedDocument) -> Counter[str]:
    words = (doc.document.text[token.start : token.end] for token in doc.document.tokens)
    return Counter(word for word in words if not word.isspace())


def without_white_space(words: Iterable[str]) -> str:
    return "".join("".join(words).split())


def without_repeated_words(doc: AnnotatedDocument) -> bool:
    """Whether no gap between foreign tokens holds text, so that the reader cannot be led astray."""
    ends = [0, *doc.document.tokens.ends]
    starts = [*doc.document.tokens.starts, len(doc.document.text)]
    return all(not doc.document.text[end:start].strip() for end, start in zip(ends, starts, strict=True))


@given(exported_documents().filter(without_repeated_words), st.sampled_from((WriteOptions(), BIOES)))
def test_written_spans_and_losses_are_all_spans(doc: AnnotatedDocument, options: WriteOptions) -> None:
    writer = ConllWriter()
    (article,) = read_conll(written(writer, [doc], options=options))
    losses = Counter((loss.start, loss.end, loss.label) for loss in writer.losses(doc, OPEN, options))
    everything = Counter((span.start, span.end, span.label) for span in doc.spans)
    assert placed(article, doc.document.text) + losses == everything


@given(exported_documents(), st.sampled_from((WriteOptions(), BIOES)))
def test_words_come_back_and_counts_agree(doc: AnnotatedDocument, options: WriteOptions) -> None:
    writer = ConllWriter()
    (article,) = read_conll(written(writer, [doc], options=options))
    assert tokens_in(doc) <= Counter(article.words)
    assert without_white_space(article.words) == without_white_space(doc.document.text)
    assert len(article.spans) + len(writer.losses(doc, OPEN, options)) == len(doc.spans)


@given(exported_documents())
def test_both_tag_schemes_say_the_same(doc: AnnotatedDocument) -> None:
    assert read_conll(written(ConllWriter(), [doc])) == read_conll(written(ConllWriter(), [doc], options=BIOES))


@given(st.one_of(st.sampled_from(CONLL_TRAPS), texts(), st.text("%0aA Z-2\u2028\x85", min_size=1)))
@example("-DOCSTART- ")
def test_an_escaped_word_is_one_word_that_reads_back(word: str) -> None:
    assert unquote(escaped(word)) == word
    assert escaped(word).split() == [escaped(word)]
    assert not escaped(word).startswith("-DOCSTART-")


@pytest.mark.parametrize("word", ["%", "50%", "U.S.", "-", "100%ig"])
def test_usual_words_are_written_as_they_are(word: str) -> None:
    assert escaped(word) == word


def article_of(text: str, *spans: tuple[int, int, str], tokens: Tokens | None = None) -> AnnotatedDocument:
    held = SpanSet(Span(f"s{number}", *span) for number, span in enumerate(spans))
    return AnnotatedDocument(Document("d", text, tokens=tokens or tokenize_simply(text)), "ann", held)


def test_the_bytes_are_these() -> None:
    doc = article_of("Ann left New York.", (0, 3, "PERSON"), (9, 17, "GPE"))
    head = b"-DOCSTART- -X- (d) O\n\n"
    assert written(ConllWriter(), [doc]) == (
        head + b"Ann -X- _ B-PERSON\nleft -X- _ O\nNew -X- _ B-GPE\nYork -X- _ I-GPE\n. -X- _ O\n\n"
    )
    assert written(ConllWriter(), [doc], options=BIOES) == (
        head + b"Ann -X- _ S-PERSON\nleft -X- _ O\nNew -X- _ B-GPE\nYork -X- _ E-GPE\n. -X- _ O\n\n"
    )


def test_each_loss_is_named_with_its_reason() -> None:
    doc = article_of("New York\nis", (0, 8, "GPE"), (4, 8, "GPE"), (0, 2, "X"), (4, 9, "X"), (8, 9, "X"))
    losses = ConllWriter().losses(doc, OPEN, WriteOptions())
    assert [replace(loss, element="") for loss in losses] == [
        Loss("d", 0, 2, "X", CUTS_TOKEN),
        Loss("d", 4, 8, "GPE", SHARES_TOKEN),
        Loss("d", 4, 9, "X", EDGE_IS_WHITE),
        Loss("d", 8, 9, "X", EDGE_IS_WHITE),
    ]


def test_a_token_that_reads_as_a_border_is_none() -> None:
    text = "-DOCSTART- is a line"
    tokens = Tokens([0, 11, 14, 16], [10, 13, 15, 20])
    articles = read_conll(written(ConllWriter(), [article_of(text, (0, 10, "X"), tokens=tokens)]))
    assert [article.words for article in articles] == [["-DOCSTART-", "is", "a", "line"]]


def test_labels_that_differ_in_white_space_stay_two() -> None:
    labels = (Label("a", "New York"), Label("b", "New_York"), Label("c", "New%20York"))
    scheme = LabelScheme("s", layers=(Layer("entities", labels),))
    doc = article_of("x y z", (0, 1, "a"), (2, 3, "b"), (4, 5, "c"))
    (article,) = read_conll(written(ConllWriter(), [doc], scheme))
    assert [label for _, _, label in article.spans] == ["New York", "New_York", "New%20York"]


def test_a_sentence_break_inside_a_span_moves_to_its_end() -> None:
    text = "Yahoo ! Inc rose . It fell"
    starts, ends = [0, 6, 8, 12, 17, 19, 22], [5, 7, 11, 16, 18, 21, 26]
    tokens = Tokens(starts, ends, [0, 2, 5])
    (article,) = read_conll(written(ConllWriter(), [article_of(text, (0, 11, "ORG"), tokens=tokens)]))
    assert (article.sentences, article.spans) == ([3, 2, 2], [(0, 2, "ORG")])


def test_words_that_no_token_covers_are_written_too() -> None:
    doc = article_of("Ann went home . Bob", (0, 3, "PER"), tokens=Tokens([0, 9], [3, 13], [0, 1]))
    (article,) = read_conll(written(ConllWriter(), [doc]))
    assert article.words == ["Ann", "went", "home", ".", "Bob"]
    assert (article.sentences, article.spans) == ([2, 3], [(0, 0, "PER")])


def test_a_document_without_tokens_is_written_by_its_words() -> None:
    doc = AnnotatedDocument(Document("", "Two words."))
    assert written(ConllWriter(), [doc]) == b"-DOCSTART- -X- _ O\n\nTwo -X- _ O\nwords -X- _ O\n. -X- _ O\n\n"


@pytest.mark.parametrize("name", ["n01001", "a b", "(x)", "50%", "%20", "d\tö", "_"])
def test_the_id_of_a_document_is_one_column_of_its_border(name: str) -> None:
    doc = replace(article_of("Ann", (0, 3, "PER")), document=Document(name, "Ann"))
    content = written(ConllWriter(), [doc])
    assert [len(line.split()) for line in content.decode().split("\n") if line] == [4, 4]
    (read,) = documents_in(read_bytes(ColumnsReader(), content))
    assert (read.document.id, read.document.text) == (name, "Ann")
