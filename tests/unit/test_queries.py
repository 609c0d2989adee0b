"""What can be typed into the search field: how it is read, and one sentence for what cannot be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.labels import Label, LabelScheme, Layer
from annotator.domain.projects import Annotator, AnnotatorKind
from annotator.domain.queries import (
    Field,
    OneOf,
    Query,
    QueryInvalid,
    Regex,
    ScoreRange,
    Words,
)
from annotator.domain.query_reading import bind, parse
from annotator.domain.query_text import pieces, quoted, typed_values, with_values

SCHEME = LabelScheme(
    "news",
    layers=(
        Layer(
            "entities", (Label("l1", "GPE", aliases=("LOCATION",)), Label("l2", "PERSON"), Label("l3", "Work of art"))
        ),
        Layer("mood", (Label("m1", "Good"), Label("l1b", "GPE"))),
    ),
)
PEOPLE = (Annotator("alice"), Annotator("bob"), Annotator("en_core_web_sm", AnnotatorKind.PIPELINE))


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("", Query()),
        ("new york", Query((Words("new york"),))),
        ('"New  York"', Query((Words("New York", is_whole=True),))),
        ("“New York”", Query((Words("New York", is_whole=True),))),
        ('Bush "White House"', Query((Words("Bush"), Words("White House", is_whole=True)))),
        ("/ira[qn] war/", Query((Regex("ira[qn] war"),))),
        (r"/a\/b/i c", Query((Regex(r"a\/b", ignores_case=True), Words("c")))),
        ("Bush -Laura", Query((Words("Bush"),), absent=(Words("Laura"),))),
        ("label:GPE,LOC", Query(conditions=(OneOf(Field.LABEL, ("GPE", "LOC")),))),
        ("LABEL:GPE label:LOC", Query(conditions=(OneOf(Field.LABEL, ("GPE", "LOC")),))),
        ('label:"Work of art",GPE x', Query((Words("x"),), (OneOf(Field.LABEL, ("Work of art", "GPE")),))),
        ('text:"say ""no"""', Query(conditions=(OneOf(Field.TEXT, ('say "no"',)),))),
        ("text:Paris, now", Query((Words("now"),), (OneOf(Field.TEXT, ("Paris,",)),))),
        ("-status:in-progress a", Query((Words("a"),), excluded=(OneOf(Field.STATUS, ("in progress",)),))),
        ("score:<.6", Query(conditions=(ScoreRange(high=0.6, includes_high=False),))),
        ("score:>=60%", Query(conditions=(ScoreRange(low=0.6),))),
        ("score:.4-.7", Query(conditions=(ScoreRange(0.4, 0.7),))),
        ("is:unlabeled a", Query((Words("a"),), (OneOf(Field.IS, ("unlabelled",)),))),
        ("10:30 http://x.org -", Query((Words("10:30 http://x.org -"),))),
    ],
)
def test_a_query_is_read(typed: str, query: Query) -> None:
    assert parse(typed) == query


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("foo:bar", "foo: is nothing to search by; use label:,"),
        ("label:", "label: needs a value; type label:GPE, say."),
        ('note:""', "note: needs a value"),
        ('"New York', 'the quotation does not end; close it with ".'),
        ("/usr/bin", "the regular expression does not end; close it with /"),
        ("/a(b/", "missing ), unterminated subpattern (character 2)"),
        ("//", "the regular expression is empty"),
        ("/a/x", "/…/x is not known; only i may follow"),
        ("/[[a]/", r"write \["),
        ("/[a--b]/", r"write \-"),
        ("/a{99999999999}/", "the regular expression is too large"),
        ('""', "there is nothing between the quotation marks"),
        ("score:5", "score:5 is not a range of scores; type score:<.6 or score:.4-.7."),
        ("score:<5", "the score 5 is above 1"),
        ("status:dune", 'type status:new, status:"in progress", status:done, status:skipped or status:flagged.'),
        ("origin:spacy", "type origin:human, origin:pipeline or origin:imported."),
        ("is:odd", "is:odd is not known"),
        ("label:/x/", "label: takes no regular expression"),
        ("-word", "this says only what must not be there; type what to find, too."),
        ("is:unlabelled", "is:unlabelled finds words that have no label; type the words, too."),
    ],
)
def test_what_cannot_be_read_is_one_sentence_with_what_to_type(typed: str, sentence: str) -> None:
    with pytest.raises(QueryInvalid) as fault:
        parse(typed)
    assert sentence in str(fault.value)


awkward = st.lists(
    st.one_of(
        st.sampled_from(
            ['"', "/", "-", ":", ",", "label:", "score:<", "is:", "[", "(", "\\", "“", "”", "i", " ", "\t"]
        ),
        st.text(max_size=4),
    ),
    max_size=12,
).map("".join)


@given(awkward)
def test_no_query_does_more_than_one_sentence(typed: str) -> None:
    try:
        parse(typed)
    except QueryInvalid as fault:
        assert str(fault).endswith(".")
        assert fault.remedy
        assert "\n" not in str(fault) or "\n" in typed


@given(awkward)
def test_the_pieces_are_all_of_the_query_but_white_space(typed: str) -> None:
    found = pieces(typed)
    between = [typed[end:start] for end, start in zip([0, *(p.end for p in found)], [*(p.start for p in found), None])]  # noqa: B905
    assert all(gap.isspace() or not gap for gap in between)
    assert all(piece.start < piece.end for piece in found)


@given(st.text(min_size=1, max_size=12).filter(lambda text: text.strip()), st.sampled_from([Field.TEXT, Field.LABEL]))
def test_a_value_is_read_as_it_was_put_in(value: str, field: Field) -> None:
    (condition,) = parse(with_values("", field, [value])).conditions
    assert condition == OneOf(field, (value,))


def test_menus_change_only_their_field() -> None:
    typed = 'Bush -label:ORG label:GPE "a b"'
    assert typed_values(typed, Field.LABEL) == ("GPE",)
    assert with_values(typed, Field.LABEL, ("GPE", "x y")) == 'Bush -label:ORG "a b" label:GPE,"x y"'
    assert with_values(typed, Field.LABEL, ()) == 'Bush -label:ORG "a b"'
    assert with_values("a", Field.SCORE, ("<.5",)) == "a score:<.5"
    assert quoted("New York") == '"New York"'


def bound(typed: str, *, may_see_all: bool = False) -> Query:
    return bind(parse(typed), SCHEME, PEOPLE, myself="alice", may_see_all=may_see_all)


def test_names_of_labels_become_ids_in_every_layer() -> None:
    assert bound("label:gpe,location,PERSON").conditions == (OneOf(Field.LABEL, ("l1", "l1b", "l2")),)
    assert bound("a -layer:MOOD").excluded == (OneOf(Field.LAYER, ("mood",)),)
    with pytest.raises(QueryInvalid, match=r"no label 'CITY'; there are GPE, PERSON, Work of art, Good\."):
        bound("label:CITY")


def test_other_peoples_labels_are_not_looked_for_unless_that_is_allowed() -> None:
    assert bound("by:Alice").values_of(Field.BY) == ("alice",)
    assert bound("by:en_core_web_sm").values_of(Field.BY) == ("en_core_web_sm",)
    with pytest.raises(QueryInvalid, match="the labels of bob are not shown to you while you annotate; search without"):
        bound("by:bob")
    assert bound("by:bob", may_see_all=True).values_of(Field.BY) == ("bob",)
    with pytest.raises(QueryInvalid, match="no annotator 'zoe'; there are alice, en_core_web_sm"):
        bound("by:zoe")
