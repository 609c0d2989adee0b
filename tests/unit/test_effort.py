"""The pure part of the effort benchmark: reading gold, finding what is wrong, the cheapest keys. No window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span, SpanSet
from annotator.domain.text import Document, tokenize_simply
from annotator.ui.canvas.walking import TokenWalk
from tests.benchmarks.effort_gold import CORPORA, UNER, WIKIGOLD, Corpus, GoldSpan, joined, read_wikigold
from tests.benchmarks.effort_moves import Arrows, Doubts, Hints, Letters, Place, Route, Scene, Tabs, cost, shortest
from tests.benchmarks.effort_plan import Correction, Kind, extent, knots
from tests.benchmarks.effort_ways import Hand, on_paper

GOLD = Path(__file__).resolve().parents[1] / "data" / "gold"
TOKENS = 60
WORDS = " ".join(f"{number:02}" for number in range(TOKENS))
KEYS = {"PER": "1", "ORG": "2"}
NOW: tuple[Route, ...] = (Tabs(), Arrows())


class FixedLines:
    """Ten tokens of three characters a line; x is the place in the line."""

    page_lines = 4
    chars = 30

    def step(self, cursor: int, x: float | None, lines: int) -> tuple[int, float]:
        column = cursor % self.chars if x is None else int(x)
        line = min(max(cursor // self.chars + lines, 0), TOKENS * 3 // self.chars - 1)
        return line * self.chars + column, column

    def edge(self, cursor: int, direction: int) -> int:
        first = cursor - cursor % self.chars
        return first if direction < 0 else first + self.chars - 3

    def is_visible(self, _char: int) -> bool:
        return True


def gold_span(first: int, last: int, label: str = "PER") -> GoldSpan:
    """From the first token to the last, both included."""
    return GoldSpan(first * 3, last * 3 + 2, label)


def scene(*spans: GoldSpan) -> Scene:
    """A text of sixty tokens with these suggestions, called s0, s1, ..."""
    document = Document("d", WORDS, tokens=tokenize_simply(WORDS))
    suggested = [Span(f"s{number}", *span, decided=False) for number, span in enumerate(spans)]
    return Scene(AnnotatedDocument(document, spans=SpanSet(suggested)), TokenWalk(document), FixedLines())


def kinds(suggested: Sequence[GoldSpan], gold: Sequence[GoldSpan]) -> list[Kind]:
    """The kinds of the corrections, in the order in which they are made."""
    return [one.kind for knot in knots(scene(*suggested).doc, gold) for one in knot.ways[0]]


def keys(suggested: Sequence[GoldSpan], gold: Sequence[GoldSpan], *routes: Route, at: int = 0) -> list[object]:
    """All keys of a person with these routes who begins at a token."""
    ways = on_paper(scene(*suggested), Place(at * 3), Hand(routes or NOW, KEYS), gold)
    return [press for way in ways for press in (*way.reaching, *way.correcting)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["He", "said", ",", "yes", "."], "He said, yes."),
        (["did", "n't", "(", "1964", ")", ";"], "didn't (1964);"),
        (['"', "Yes", '"', ",", "he", "said"], '"Yes", he said'),
        (["the", "Markets", "'", "album", "'", "010", "'"], "the Markets' album '010'"),
        (["the", "'", "open", "'", "one"], "the 'open' one"),
        (["Hanved", "/", "Bov", "&", "#", "1"], "Hanved / Bov & #1"),
    ],
)
def test_spaces_of_a_wikigold_sentence_are_put_back(words: list[str], expected: str) -> None:
    text, starts = joined(words)
    assert text == expected
    assert [text[start : start + len(word)] for start, word in zip(starts, words, strict=True)] == words


@pytest.mark.parametrize("corpus", CORPORA, ids=lambda corpus: corpus.name)
def test_gold_tokens_and_spans_stand_where_they_say(corpus: Corpus) -> None:
    documents = corpus.read(GOLD)
    assert len(documents) == 3
    for document in documents:
        edges = {word.start for word in document.words} | {word.end for word in document.words}
        assert all(document.text[word.start : word.end].split() for word in document.words)
        assert {edge for span in document.spans for edge in span[:2]} <= edges
        assert {span.label for span in document.spans} <= set(corpus.labels)


def test_the_names_of_the_excerpts_are_read() -> None:
    oxford, spotify = WIKIGOLD.read(GOLD)[1], UNER.read(GOLD)[0]
    assert ("University of Oxford", "ORG") in {(oxford.text[s.start : s.end], s.label) for s in oxford.spans}
    assert spotify.id == "n04010"
    assert ("Wall Street", "LOC") in {(spotify.text[s.start : s.end], s.label) for s in spotify.spans}


def test_a_name_ends_with_its_sentence_and_with_its_label() -> None:
    lines = ["A I-PER", "", "B I-PER", "C I-PER", "D I-ORG", "E O", "F I-ORG", "", "-DOCSTART- O", "", "G I-LOC", ""]
    first, second = read_wikigold(lines)
    assert [(first.text[s.start : s.end], s.label) for s in first.spans] == [
        ("A", "PER"), ("B C", "PER"), ("D", "ORG"), ("F", "ORG"),
    ]  # fmt: skip
    assert [second.text[s.start : s.end] for s in second.spans] == ["G"]


@pytest.mark.parametrize(
    ("suggested", "gold", "expected"),
    [
        ([gold_span(3, 4)], [gold_span(3, 4)], [Kind.ACCEPT]),
        ([gold_span(3, 4)], [gold_span(3, 4, "ORG")], [Kind.RELABEL]),
        ([gold_span(3, 4)], [], [Kind.DELETE]),
        ([], [gold_span(3, 4)], [Kind.ADD]),
        ([gold_span(3, 4)], [gold_span(4, 5, "ORG")], [Kind.RESIZE]),
        ([gold_span(3, 4), gold_span(5, 6)], [gold_span(3, 6)], [Kind.DELETE, Kind.RESIZE]),
        ([gold_span(3, 6)], [gold_span(3, 4), gold_span(5, 6)], [Kind.RESIZE, Kind.ADD]),
        ([gold_span(3, 4)], [gold_span(5, 6)], [Kind.DELETE, Kind.ADD]),
    ],
)
def test_each_difference_is_one_correction(
    suggested: list[GoldSpan], gold: list[GoldSpan], expected: list[Kind]
) -> None:
    assert kinds(suggested, gold) == expected


def test_a_span_shrinks_before_its_neighbour_grows_there() -> None:
    (knot,) = knots(scene(gold_span(3, 4), gold_span(5, 8)).doc, [gold_span(3, 6), gold_span(7, 8)])
    assert [one.suggested.id for one in knot.ways[0]] == ["s1", "s0"]


def test_a_merge_may_keep_either_part() -> None:
    (knot,) = knots(scene(gold_span(3, 4), gold_span(5, 6)).doc, [gold_span(3, 6)])
    assert {way[0].suggested.id for way in knot.ways} == {"s0", "s1"}
    assert keys([gold_span(3, 4), gold_span(5, 6)], [gold_span(3, 6)]) == ["Tab", "Delete", "Tab", "[", "["]


@pytest.mark.parametrize(
    ("at", "suggested", "gold", "expected"),
    [
        (0, [gold_span(3, 4)], [gold_span(3, 4, "ORG")], ["Tab", "2"]),
        (4, [gold_span(6, 6), gold_span(8, 8), gold_span(9, 9)], [gold_span(6, 6), gold_span(9, 9)],
            ["Tab", "Tab", "Delete"]),
        (0, [gold_span(0, 0), gold_span(50, 50)], [gold_span(0, 0)], ["Shift+Tab", "Delete"]),
        (0, [gold_span(3, 4)], [gold_span(2, 6)], ["Tab", "[", "}", "}"]),
        (0, [gold_span(3, 6)], [gold_span(4, 5, "ORG")], ["Tab", "]", "{", "2"]),
        (0, [gold_span(3, 12)], [gold_span(3, 4)], ["Tab", "Delete", "}", "1"]),
        (0, [], [gold_span(2, 3)], ["Right", "Right", "}", "1"]),
        (0, [], [gold_span(8, 9)], ["End", "[", "1"]),
        (0, [], [gold_span(8, 9), gold_span(18, 19)], ["End", "[", "1", "Down", "}", "1"]),
        (41, [], [gold_span(30, 32)], ["Up", "[", "}", "1"]),
    ],
)  # fmt: skip
def test_a_trained_person_takes_the_fewest_keys(
    at: int, suggested: list[GoldSpan], gold: list[GoldSpan], expected: list[str]
) -> None:
    assert keys(suggested, gold, at=at) == expected


def test_a_hint_is_taken_where_it_is_shorter() -> None:
    far, near = [gold_span(35, 36)], [gold_span(2, 2)]
    assert keys([], far, *NOW, Hints(2)) == ["f", Letters(35 * 3), "}", "1"]
    assert keys([], near, *NOW, Hints(2)) == ["Right", "Right", "1"]
    assert cost(["f", Letters(0), "1"]) == 4


@pytest.mark.parametrize(("word", "letters"), [("Berlin", 1), ("city", 2), ("Paris", 2), (".", None)])
def test_one_letter_is_reckoned_with_on_a_name_that_no_span_covers(word: str, letters: int | None) -> None:
    document = Document("d", text := "the city Berlin , Paris .", tokens=tokenize_simply(text))
    covered = Span("s", text.index("Paris"), text.index("Paris") + 5, "LOC")
    here = Scene(AnnotatedDocument(document, spans=SpanSet([covered])), TokenWalk(document), FixedLines())
    steps = list(Hints().steps(here, Place(0), (text.index(word),)))
    assert [cost(step.presses) - 1 for step in steps] == ([letters] if letters else [])


def test_a_doubt_that_is_a_miss_is_selected_and_needs_only_its_label() -> None:
    doubts = Doubts(lambda _doc: [gold_span(2, 3)[:2], gold_span(35, 36)[:2]])
    suggested, gold = [gold_span(2, 3)], [gold_span(2, 3, "ORG"), gold_span(35, 36)]
    assert keys(suggested, gold, *NOW, doubts) == ["Tab", "2", "n", "1"]


def test_keys_that_lead_nowhere_near_are_not_a_way() -> None:
    nowhere = shortest(scene(), Place(0), (Tabs(),), (), lambda here: None if here.current is None else 0)
    assert nowhere is None


@given(st.data())
def test_corrections_on_paper_end_with_the_gold(data: st.DataObject) -> None:
    def flat(name: str) -> list[GoldSpan]:
        edges = sorted(data.draw(st.sets(st.integers(0, TOKENS - 1), max_size=12), label=name))
        pairs = zip(edges[::2], edges[1::2], strict=False)
        return [gold_span(*pair, data.draw(st.sampled_from(["PER", "ORG"]))) for pair in pairs]

    suggested, gold = flat("suggested"), flat("gold")
    last = scene(*suggested).doc
    for way in on_paper(scene(*suggested), Place(0), Hand(NOW, KEYS), gold):
        last = way.scene.doc
        assert_promised(way.correction, cost(way.correcting), last)
    assert [GoldSpan(span.start, span.end, span.label) for span in last.spans] == gold


def assert_promised(correction: Correction, correcting: int, doc: AnnotatedDocument) -> None:
    """One key for a label or a removal, one for each token of an edge."""
    match correction.kind:
        case Kind.ACCEPT:
            assert correcting == 0
        case Kind.RELABEL | Kind.DELETE:
            assert correcting == 1
        case Kind.ADD:
            assert correcting <= extent(doc, correction), "B may take several tokens at once"
        case Kind.RESIZE:
            is_relabelled = correction.suggested.label != correction.wanted.label
            assert correcting <= extent(doc, correction) + is_relabelled
