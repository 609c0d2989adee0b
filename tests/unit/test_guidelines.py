"""Which heading is a label's rule, where a pin belongs, and when it is stale."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotator.domain.guidelines import (
    Pin,
    Reason,
    find_staleness,
    guideline_from_scheme,
    heading_of,
    headings_of,
    home_of,
    rules_of,
    staleness_in_words,
)
from annotator.domain.labels import Label, LabelScheme, Layer
from annotator.domain.spans import DEFAULT_LAYER, Span
from annotator.workflows.schemes import load_scheme

NEWS = load_scheme("news")
PIN = Pin(1, "alice", "s", 9, 15, "Kuleba", "PERSON", DEFAULT_LAYER)
SPAN = Span("s", 9, 15, "PERSON")

BODY = """# Rules

Names
=====

## GPE

### GPE or ORG?

```
# not a heading: PERSON
```

## Person ##

## *NORP*, `LAW` and __TIME__
"""


def test_a_heading_that_names_a_label_is_its_rule() -> None:
    texts = {heading.text: heading for heading in headings_of(BODY, NEWS)}
    assert list(texts) == ["Rules", "Names", "GPE", "GPE or ORG?", "Person", "NORP, LAW and TIME"]
    assert texts["Person"].labels == (("PERSON", DEFAULT_LAYER),)
    assert [label for label, _ in texts["GPE or ORG?"].labels] == ["GPE", "ORG"]
    assert texts["Rules"].labels == ()


def test_a_label_is_not_named_by_a_part_of_a_word() -> None:
    assert heading_of("LOCATION", NEWS).labels == ()
    assert heading_of("What a LOC is", NEWS).labels == (("LOC", DEFAULT_LAYER),)
    scheme = LabelScheme("x", layers=(Layer(DEFAULT_LAYER, (Label("l-1", "C++", aliases=("CPP",)),)),))
    assert heading_of("On C++ code", scheme).labels == (("l-1", DEFAULT_LAYER),)
    assert heading_of("cpp", scheme).is_exact


def test_a_pin_stands_under_its_rule_else_under_its_label_else_nowhere() -> None:
    headings = headings_of("### GPE or ORG?\n\n## GPE\n\n## ORG\n", NEWS)
    gpe = replace(PIN, label="GPE")
    assert [heading.text for heading in rules_of(headings, "GPE", DEFAULT_LAYER)] == ["GPE", "GPE or ORG?"]
    assert home_of(gpe, headings, "GPE") == 1
    assert home_of(replace(gpe, rule="GPE or ORG?"), headings, "GPE") == 0
    assert home_of(replace(gpe, rule="A heading that is gone"), headings, "GPE") == 1
    assert home_of(PIN, headings, PIN.label) is None


@pytest.mark.parametrize(
    ("here", "reasons", "words"),
    [
        ([SPAN], None, ""),
        ([replace(SPAN, id="other")], None, ""),
        ([], (Reason.GONE,), "the span is gone"),
        ([replace(SPAN, label="GPE")], (Reason.LABEL,), "now GPE"),
        ([replace(SPAN, start=2)], (Reason.EDGES,), "now on “Dmytro Kuleba”"),
        (
            [replace(SPAN, start=2, label="GPE")],
            (Reason.LABEL, Reason.EDGES),
            "now GPE, now on “Dmytro Kuleba”",
        ),
    ],
)
def test_a_positive_pin_is_stale_when_its_span_is_gone_or_another(
    here: list[Span], reasons: tuple[Reason, ...] | None, words: str
) -> None:
    stale = find_staleness(PIN, here, PIN.label)
    assert (stale.reasons if stale else None) == reasons
    if stale is not None:
        assert staleness_in_words(stale, NEWS, "Dmytro Kuleba", PIN.layer) == words


def test_a_negative_pin_is_stale_when_somebody_decided_that_the_words_are_the_label() -> None:
    negative = replace(PIN, is_positive=False)
    assert find_staleness(negative, [], PIN.label) is None
    assert find_staleness(negative, [replace(SPAN, label="GPE")], PIN.label) is None
    assert find_staleness(negative, [replace(SPAN, decided=False)], PIN.label) is None
    stale = find_staleness(negative, [SPAN], PIN.label)
    assert stale is not None
    assert staleness_in_words(stale, NEWS, "Kuleba", PIN.layer) == "it is labelled PERSON"


def test_a_first_guideline_has_a_rule_for_every_label() -> None:
    headings = headings_of(guideline_from_scheme(NEWS), NEWS)
    for layer, label in NEWS.labels:
        assert rules_of(headings, label.id, layer.name)[0].text == label.name
    assert "Countries, cities, states" in guideline_from_scheme(NEWS)


@pytest.mark.parametrize(
    ("here", "known", "words", "has_now"),
    [
        ([replace(SPAN, label="ORG")], "ORG", "its label was merged into ORG", True),
        ([replace(SPAN, label="GPE")], "ORG", "its label was merged into ORG, now GPE", True),
        ([], "ORG", "its label was merged into ORG, the span is gone", False),
        ([], None, "its label was deleted", False),
        ([replace(SPAN, label="GPE")], None, "its label was deleted", True),
    ],
)
def test_a_pin_whose_label_went_says_so(here: list[Span], known: str | None, words: str, *, has_now: bool) -> None:
    stale = find_staleness(PIN, here, known)
    assert stale is not None
    assert staleness_in_words(stale, NEWS, "Kuleba", PIN.layer) == words
    assert (stale.now is not None) == has_now


def test_a_pin_of_what_is_not_a_label_is_stale_without_that_label() -> None:
    stale = find_staleness(replace(PIN, is_positive=False), [], "ORG")
    assert stale is not None
    assert staleness_in_words(stale, NEWS, "", PIN.layer) == "its label was merged into ORG"
