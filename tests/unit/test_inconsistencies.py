"""What counts as inconsistent, and what does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.boundaries import Extension, head, inside, outside, tidy
from annotator.domain.folding import fold
from annotator.domain.hits import Hit
from annotator.domain.inconsistencies import (
    Counted,
    Entry,
    Kind,
    LabelledText,
    Names,
    Sharing,
    Twins,
    find_edges,
    find_labels,
    leaving_out,
    taking_in,
    together,
    trimmed,
)
from annotator.domain.queries import Field
from tests.strategies import texts

ARTICLE, TITLE, POSSESSIVE, QUOTES = Extension


@pytest.mark.parametrize(
    ("surface", "kept"),
    [
        ("Paris", "Paris"),
        (" Paris,\n", "Paris"),
        ("U.S.", "U.S."),
        ("Apple Inc.", "Apple Inc."),
        ("John F.", "John F."),
        ("the end.", "the end"),
        ("“Dune”", "“Dune”"),
        ("(Reuters)", "(Reuters)"),
        ("“Dune", "Dune"),
        ("Dune”", "Dune"),
        ("Ford (Ohio)", "Ford (Ohio)"),
        ("Ohio)", "Ohio"),
        ("-5", "-5"),
        ("’90s", "’90s"),
        ("- dash", "dash"),
        (".NET", ".NET"),
        ("$5", "$5"),
        (" “Barney”,", "“Barney”"),
        ('"Dune', "Dune"),
        ("'s", "'s"),
        ("‘Dune’", "‘Dune’"),
        ("...", "..."),
        ("", ""),
        ("50%", "50%"),
    ],
)
def test_stray_edges_are_cut_and_what_belongs_to_the_name_is_not(surface: str, kept: str) -> None:
    start, end = tidy(surface)
    assert surface[start:end] == kept


@given(texts())
def test_what_is_tidy_stays_so(text: str) -> None:
    start, end = tidy(text)
    assert 0 <= start < end <= len(text)
    assert tidy(text[start:end]) == (0, end - start)


@pytest.mark.parametrize(
    ("surface", "found"),
    [
        ("the Kremlin", {ARTICLE: (4, 0)}),
        ("The Kremlin's", {ARTICLE: (4, 0), POSSESSIVE: (0, 2)}),
        ("President Bush", {TITLE: (10, 0)}),
        ("Sen. John Kerry", {TITLE: (5, 0)}),
        ("Vice President Dick Cheney", {TITLE: (15, 0)}),
        ("“Dune”", {QUOTES: (1, 1)}),
        ("Bush", {}),
        ("President", {}),
        ("Theodore", {}),
        ("Generals", {}),
    ],
)
def test_extensions_inside_a_span(surface: str, found: dict[Extension, tuple[int, int]]) -> None:
    assert inside(surface) == found


@pytest.mark.parametrize(
    ("left", "right", "found"),
    [
        ("in the ", " said", {ARTICLE: (4, 0)}),
        ("with President ", "’s dog", {TITLE: (10, 0), POSSESSIVE: (0, 2)}),
        ("read “", "”.", {QUOTES: (1, 1)}),
        ("bathe ", "'sore", {}),
        ("", "", {}),
    ],
)
def test_extensions_beside_a_span(left: str, right: str, found: dict[Extension, tuple[int, int]]) -> None:
    assert outside(left, right) == found


def test_a_title_does_not_make_another_name() -> None:
    assert head(fold("President Bush")) == head(fold("the President Bush’s")) == head(fold("Bush")) == "bush"
    assert head("president") == "president"


def counted(surface: str, label: str, count: int = 1, layer: str = "entities") -> Counted:
    return Counted(fold(surface), surface, layer, label, count)


def test_one_string_with_two_labels_is_found_however_it_is_written() -> None:
    rows = [
        counted("the Kremlin", "GPE", 7),
        counted("Kremlin’s", "ORG", 2),
        counted("Moscow", "GPE", 9),
        counted("Moscow", "good", 3, layer="mood"),
    ]
    (entry,) = find_labels(rows, is_decided=True)
    assert (entry.words, entry.counts, entry.label, entry.places) == ("the Kremlin", (("GPE", 7), ("ORG", 2)), "GPE", 9)


def test_stray_edges_are_found() -> None:
    rows = [counted("Paris,", "GPE", 2), counted("Paris,", "ORG"), counted("U.S.", "GPE"), counted("Paris", "GPE")]
    assert [(e.words, e.places) for e in find_edges(rows, is_decided=True)] == [("Paris,", 3)]


def text_with(text: str, *surfaces: str, counts: bool = True) -> LabelledText:
    """A text with a span on the first place of each string."""
    spans = sorted((text.index(one), text.index(one) + len(one), counts) for one in surfaces)
    return LabelledText(text, {"entities": spans}, has_decided=True)


def test_boundaries_differ_only_where_what_was_left_out_stands_there() -> None:
    rows = [counted("the Kremlin", "GPE", 3), counted("Kremlin", "GPE", 2), counted("President Bush", "PERSON")]
    names = Names([*rows, counted("Bush", "PERSON", 2)])
    names.read(text_with("Kremlin officials met Bush.", "Kremlin", "Bush"))
    assert names.entries(is_decided=True) == []
    names.read(text_with("Near the Kremlin with President Bush.", "Kremlin", "Bush"))
    names.read(text_with("Near the Kremlin.", "Kremlin", counts=False))
    found = {(entry.words, entry.extension): entry for entry in names.entries(is_decided=True)}
    assert set(found) == {("Kremlin", ARTICLE), ("Bush", TITLE)}
    assert (found["Kremlin", ARTICLE].inside, found["Kremlin", ARTICLE].outside) == (3, 1)


def hit(text: str, surface: str) -> Hit:
    start = text.index(surface)
    end = start + len(surface)
    return Hit(1, "d", "", start, end, text[:start], surface, text[end:], "s")


def moved(text: str, edges: tuple[int, int]) -> str:
    return text[slice(*edges)]


def test_extensions_are_left_out_and_taken_in() -> None:
    text = "With the President Bush’s dog, “Barney”,"
    for surface, extension, left_out, taken in (
        ("the President Bush", ARTICLE, "President Bush", "the President Bush"),
        ("President Bush", TITLE, "Bush", "President Bush"),
        ("President Bush", ARTICLE, "President Bush", "the President Bush"),
        ("Bush’s", POSSESSIVE, "Bush", "Bush’s"),
        ("Bush", POSSESSIVE, "Bush", "Bush’s"),
        ("“Barney”", QUOTES, "Barney", "“Barney”"),
        ("Barney", QUOTES, "Barney", "“Barney”"),
    ):
        place = hit(text, surface)
        assert moved(text, leaving_out(place, extension)) == left_out
        assert moved(text, taking_in(place, extension)) == taken
    assert moved(text, trimmed(hit(text, " “Barney”,"))) == "“Barney”"


def twins(rows: list[Counted], *documents: LabelledText) -> dict[str, Entry]:
    looking = Twins(rows)
    for document in documents:
        looking.read(document)
    return {entry.words: entry for entry in looking.entries()}


def test_words_without_a_label_that_have_one_elsewhere_are_found() -> None:
    rows = [counted("Paris", "GPE", 5), counted("Paris Hilton", "PERSON", 2), counted("May", "DATE", 1)]
    text = "Paris. Paris Hilton may be in Paris; Parisians are not. O May, May, May, May!"
    found = twins(rows, text_with(text, "Paris"))
    assert {words: entry.unlabelled for words, entry in found.items()} == {"Paris": 1, "Paris Hilton": 1}
    assert found["Paris"].label == "GPE"  # May has a label too seldom to be a name that was forgotten


def test_a_document_in_which_nothing_was_decided_has_no_twins() -> None:
    assert twins([counted("Paris", "GPE")], LabelledText("Paris", {}, has_decided=False)) == {}


def test_a_span_of_another_layer_is_no_label() -> None:
    rows = [counted("Paris", "GPE"), counted("Paris", "good", layer="mood")]
    looking = Twins(rows)
    looking.read(text_with("Paris", "Paris"))
    assert [(entry.layer, entry.unlabelled) for entry in looking.entries()] == [("mood", 1)]


NAMES = ("Ann", "Ann Lee", "Lee", "New York", "York", "U.S.")


@given(
    st.lists(st.sampled_from(("Ann", "Lee", "New", "York", "U.S.", "Annie", "and", ",")), max_size=14).map(" ".join),
    st.sets(st.sampled_from(NAMES), min_size=1),
    st.lists(st.integers(0, 60), max_size=3),
)
def test_twins_are_those_of_a_search_from_left_to_right(text: str, known: set[str], starts: list[int]) -> None:
    spans = sorted({(at, at + 4, True) for at in starts if at + 4 <= len(text)})
    found = twins(
        [counted(name, "X", 100) for name in known], LabelledText(text, {"entities": spans}, has_decided=True)
    )
    expected: dict[str, int] = {}
    at = 0
    while at < len(text):
        is_start = text[at].isalnum() and (at == 0 or not text[at - 1].isalnum())
        is_free = is_start and not any(start <= at < end for start, end, _ in spans)
        here = [
            name
            for name in known
            if is_free
            and text.startswith(name, at)
            and not (name[-1].isalnum() and text[at + len(name) : at + len(name) + 1].isalnum())
        ]
        if not here:
            at += 1
            continue
        longest = max(here, key=len)
        if not any(start < at + len(longest) and at < end for start, end, _ in spans):
            expected[longest] = expected.get(longest, 0) + 1
        at += len(longest)
    assert {words: entry.unlabelled for words, entry in found.items()} == expected


def test_many_entries_are_found_together_and_told_apart_by_their_words() -> None:
    rows = [counted(words, label) for words in ("the Kremlin", "May") for label in ("GPE", "ORG")]
    rows += [counted("May", label, layer="mood") for label in ("good", "bad")]
    entries = find_labels(rows, is_decided=True)
    groups = together(entries)
    assert [len(group) for _, group in groups] == [2, 1]
    query, group = groups[0]
    assert query.values_of(Field.FOLDED) == tuple(entry.words for entry in group)
    assert query.values_of(Field.LAYER) == ("entities",)
    sharing = Sharing(group)
    for surface, words in (("Kremlin’s", ["the Kremlin"]), ("may", ["May"]), ("Moscow", [])):
        assert [entry.words for entry in sharing.entries_of(hit(f"in {surface} now", surface))] == words
    edges = find_edges([counted("Paris,", "GPE"), counted("Paris.", "GPE")], is_decided=True)
    ((_, both),) = together(edges)
    assert [entry.words for entry in Sharing(both).entries_of(hit("a Paris.", "Paris."))] == ["Paris."]


def test_an_entry_that_was_said_to_be_right_comes_back_with_another_label() -> None:
    (two,) = find_labels([counted("May", "DATE"), counted("May", "PERSON")], is_decided=True)
    (more,) = find_labels([counted("May", "DATE", 9), counted("May", "PERSON")], is_decided=True)
    (three,) = find_labels([counted("May", one) for one in ("DATE", "PERSON", "ORG")], is_decided=True)
    assert two.key == more.key != three.key
    assert two.kind is Kind.LABELS
