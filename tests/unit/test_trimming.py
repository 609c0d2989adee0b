"""Suggestions lose the words that their layer leaves out at the edges; everything else stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotator.domain.errors import SchemeInvalid
from annotator.domain.labels import Trims
from annotator.domain.scheme_edits import TrimSuggestions, change
from annotator.domain.scheme_plain import scheme_from_plain, scheme_to_plain
from annotator.domain.text import Tokens
from annotator.domain.trimming import Trimmer
from annotator.nlp.messages import Suggested, SuggestedSpan
from annotator.nlp.pipelines import Pipeline
from annotator.workflows.label_names import LabelNames
from annotator.workflows.schemes import load_scheme

TEXT = "The Kremlin's men saw the Shining and The Shining at the US’s the."
WORDS = (
    "The",
    "Kremlin",
    "'s",
    "men",
    "saw",
    "the",
    "Shining",
    "and",
    "The",
    "Shining",
    "at",
    "the",
    "US",
    "’s",
    "the",
    ".",
)
TRIMS = Trims(("the", "a"), ("'s",))


def tokens(*, sentence_starts: tuple[int, ...] = (0,)) -> Tokens:
    starts: list[int] = []
    at = 0
    for word in WORDS:
        at = TEXT.index(word, at)
        starts.append(at)
        at += len(word)
    return Tokens(starts, [start + len(word) for start, word in zip(starts, WORDS, strict=True)], sentence_starts)


def place(words: str, nth: int = 0) -> tuple[int, int]:
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(words, start + 1)
    return start, start + len(words)


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("The Kremlin's", "Kremlin"),
        ("the Shining", "Shining"),
        ("The Shining", "The Shining"),
        ("the US’s", "US"),
        ("saw the Shining", "saw the Shining"),
        ("the Shining and", "Shining and"),
        ("'s", "'s"),
        ("The", "The"),
    ],
)
def test_words_at_the_edges_are_left_out_and_one_always_stays(words: str, left: str) -> None:
    start, end = Trimmer(TEXT, tokens(), TRIMS).trimmed(*place(words))
    assert TEXT[start:end] == left


def test_a_capital_is_a_part_of_the_name_unless_a_sentence_begins_there() -> None:
    start, end = Trimmer(TEXT, tokens(sentence_starts=()), TRIMS).trimmed(*place("The Kremlin"))
    assert TEXT[start:end] == "The Kremlin"


def test_what_cuts_a_word_stays_as_it_is() -> None:
    assert Trimmer(TEXT, tokens(), TRIMS).trimmed(0, 6) == (0, 6)


def test_a_scheme_without_such_words_changes_nothing() -> None:
    assert Trimmer(TEXT, tokens(), Trims()).trimmed(*place("The Kremlin's")) == place("The Kremlin's")


def test_suggestions_and_what_was_nearly_said_are_trimmed_alike() -> None:
    suggested = Suggested(
        1, tokens(), (SuggestedSpan(*place("The Kremlin's"), "ORG", 0.6),), 15,
        (SuggestedSpan(*place("The Kremlin's"), "GPE", 0.3), SuggestedSpan(*place("Kremlin"), "FAC", 0.05)),
    )  # fmt: skip
    names = LabelNames(load_scheme("conll"))
    spans, alternatives = names.of(suggested, Pipeline("p", "1", "en"), TEXT, tokens())
    assert [(TEXT[one.start : one.end], one.label, one.score) for one in spans] == [("Kremlin", "ORG", 0.6)]
    assert [(TEXT[one.start : one.end], one.label, one.score) for one in alternatives] == [("Kremlin", "LOC", 0.35)]


def test_the_words_are_a_part_of_the_scheme() -> None:
    scheme = load_scheme("conll")
    assert scheme.layers[0].trims == Trims(("the", "a", "an"), ("'s",))
    assert scheme_from_plain(scheme_to_plain(scheme)) == scheme
    changed = change(scheme, TrimSuggestions("entities", Trims()))
    assert changed.layers == (replace(scheme.layers[0], trims=Trims()),)


@pytest.mark.parametrize("words", ["the", [1], [""]])
def test_what_is_no_list_of_words_is_refused(words: object) -> None:
    plain = scheme_to_plain(load_scheme("conll"))
    plain["layers"][0]["trim_before"] = words
    with pytest.raises(SchemeInvalid, match="trim_before is no list of words"):
        scheme_from_plain(plain)
