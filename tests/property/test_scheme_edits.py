"""Whatever is done to a scheme, it stays one: ids, names and keys differ, rules name what exists, nothing is lost."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.edits import Batch, RemoveSpan, apply
from annotator.domain.errors import UnknownLabel, UserError
from annotator.domain.label_groups import DOCUMENTS, RELATIONS, LabelGroup, groups_of, labels_of
from annotator.domain.labels import (
    HUES,
    Attribute,
    AttributeKind,
    Label,
    LabelScheme,
    Layer,
    Overlap,
)
from annotator.domain.migrating import Migration, find_migration, migrated, with_known_labels
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.scheme_edits import (
    AddAttribute,
    AddLabel,
    AddLayer,
    AllowFragments,
    ChangeAttribute,
    DeleteLabel,
    DescribeLabel,
    LimitDocumentLabels,
    MergeLabels,
    MoveLabel,
    NameAliases,
    RecolourLabel,
    RekeyLabel,
    RemoveAttribute,
    RemoveLayer,
    RenameLabel,
    RenameLayer,
    RuleRelation,
    SchemeEdit,
    SetExtensible,
    SetOverlap,
    SplitLabel,
    TakeOverScheme,
    change,
)
from annotator.domain.scheme_plain import scheme_from_plain, scheme_to_plain
from annotator.domain.scheme_toml import scheme_to_toml
from annotator.domain.spans import DEFAULT_LAYER
from annotator.domain.undoing import find_inverse_of_what_holds
from tests.strategies import LABELS, annotated_documents

NAMES = ("GPE", "PER", "Ort", "été 👍🏽", 'a "b" \\ c', "שלום", "x\u200by", "G", "gpe")
KEYS = ("", "1", "2", "q", "Q", "x")
RESERVED = {"X": "Remove the span"}
names = st.sampled_from(NAMES)
words = st.one_of(st.sampled_from(("", "What it is for.\nTwo lines\ttab", "é\x1f\x7f")), st.text(max_size=5))
numbers = count()


def start() -> LabelScheme:
    labels = (Label("GPE", "GPE", "1"), Label("p", "PER", "2", HUES[1], aliases=("PERSON",)), Label("o", "ORG"))
    attributes = (Attribute("sure", AttributeKind.CHOICE, ("yes", "no"), ("GPE",)), Attribute("free"))
    return LabelScheme(
        "news",
        layers=(Layer(DEFAULT_LAYER, labels, Overlap.NESTED, attributes), Layer("events", (Label("EV", "EV"),))),
        relation_labels=(Label("MET", "MET"), Label("IN", "IN")),
        document_labels=(Label("sport", "sport"),),
        relation_attributes=(
            Attribute("sure", labels=("MET", "IN")),
            Attribute("free", AttributeKind.FLAG, (), ("IN",)),
        ),
    )


@st.composite
def edits_of(draw: st.DrawFn, scheme: LabelScheme) -> SchemeEdit:
    """An edit that may or may not be allowed."""
    group = draw(st.sampled_from(groups_of(scheme)))
    ids = [label.id for label in labels_of(scheme, group)]
    label_id = draw(st.sampled_from([*ids, "gone"]))
    layer = draw(st.sampled_from([one.name for one in scheme.layers] + ["gone"]))
    of = draw(st.sampled_from(["", layer]))  # attributes: of relations, or of a layer
    span_ids = [label.id for _, label in scheme.labels]
    some = st.lists(st.sampled_from([*span_ids, "gone"] if draw(st.booleans()) else span_ids), max_size=2).map(tuple)
    label = Label(f"n{next(numbers)}", draw(names), draw(st.sampled_from(KEYS)), draw(st.sampled_from((*HUES, 7))))
    other = Label(f"n{next(numbers)}", draw(names))
    known = [one for one in labels_of(scheme, group) if one.id != label_id]
    parts = draw(st.lists(st.sampled_from([label, other, *known]), max_size=3)) if known else [label, other]
    attribute = Attribute(
        draw(st.sampled_from(("sure", "free", " ", "kind"))),
        draw(st.sampled_from(AttributeKind)),
        draw(st.sampled_from(((), ("a", "b", "a")))),
        draw(some) if of and span_ids else draw(st.sampled_from(((), ("MET",), ("IN", "MET"), ("gone",)))),
        draw(words),
    )
    return draw(
        st.sampled_from(
            [
                AddLabel(group, label),
                RenameLabel(group, label_id, draw(names)),
                RecolourLabel(group, label_id, draw(st.sampled_from((*HUES, 7)))),
                RekeyLabel(group, label_id, draw(st.sampled_from(KEYS))),
                DescribeLabel(group, label_id, draw(words)),
                NameAliases(group, label_id, tuple(draw(st.lists(names, max_size=2)))),
                MoveLabel(group, label_id, draw(st.integers(-1, 5))),
                MergeLabels(group, tuple(draw(st.lists(st.sampled_from([*ids, "gone"]), max_size=2))), label_id),
                SplitLabel(group, label_id, tuple(parts)),
                DeleteLabel(group, label_id, draw(st.sampled_from(["", *ids]))),
                AddLayer(draw(names)),
                RenameLayer(layer, draw(names)),
                RemoveLayer(layer),
                SetOverlap(layer, draw(st.sampled_from(Overlap))),
                AllowFragments(layer, draw(st.booleans())),
                AddAttribute(of, attribute),
                ChangeAttribute(of, "sure", attribute),
                RemoveAttribute(of, draw(st.sampled_from(("sure", "free")))),
                RuleRelation(draw(st.sampled_from(("MET", "IN"))), draw(some), draw(some))
                if span_ids
                else AddLayer(""),
                LimitDocumentLabels(draw(st.booleans())),
                SetExtensible(draw(st.booleans())),
                TakeOverScheme(start(), frozenset((group, one) for one in ids)),
            ]
        )
    )


def check_valid(scheme: LabelScheme) -> None:
    for group in groups_of(scheme):
        labels = labels_of(scheme, group)
        for values in (
            [one.id for one in labels],
            [one.name for one in labels],
            [a for one in labels for a in one.aliases],
        ):
            assert len(values) == len(set(values)), (group, values)
        assert not {one.name for one in labels} & {alias for one in labels for alias in one.aliases}
        assert {part for one in labels for part in one.split_into} <= {one.id for one in labels}
        assert all(one.name.strip() and one.hue in HUES for one in labels)
    keys = [label.key.upper() for _, label in scheme.labels if label.key]
    assert len(keys) == len(set(keys))
    assert not set(keys) & set(RESERVED)
    span_ids = {label.id for _, label in scheme.labels}
    for rule in scheme.relation_rules:
        assert rule.label in {label.id for label in scheme.relation_labels}
        assert rule.heads or rule.children
        assert {*rule.heads, *rule.children} <= span_ids
    for layer in scheme.layers:
        assert len({one.name for one in layer.attributes}) == len(layer.attributes)
        for one in layer.attributes:
            assert set(one.labels) <= {label.id for label in layer.labels}
    assert len({one.name for one in scheme.relation_attributes}) == len(scheme.relation_attributes)
    for one in scheme.relation_attributes:
        assert set(one.labels) <= {label.id for label in scheme.relation_labels}
    assert scheme.layers


def by_label(scheme: LabelScheme) -> LabelScheme:
    """The rules in the order of their labels, as files have them: between labels the order says nothing."""
    place = {label.id: at for at, label in enumerate(scheme.relation_labels)}
    return replace(scheme, relation_rules=tuple(sorted(scheme.relation_rules, key=lambda rule: place[rule.label])))


@given(st.data())
def test_a_scheme_stays_valid_and_survives_its_files_whatever_is_done_to_it(data: st.DataObject) -> None:
    scheme = start()
    for _ in range(data.draw(st.integers(1, 8))):
        edit = data.draw(edits_of(scheme))
        try:
            scheme = change(scheme, edit, RESERVED)
        except UserError as fault:
            assert str(fault).endswith(".")
            assert "\n" not in str(fault)
        check_valid(scheme)
        assert scheme_from_plain(scheme_to_plain(scheme)) == by_label(scheme)
        assert scheme_from_plain(tomllib.loads(scheme_to_toml(scheme))) == by_label(scheme)


@given(st.data())
def test_what_carried_a_label_can_still_be_told_by_the_changed_scheme(data: st.DataObject) -> None:
    scheme = start()
    edit = data.draw(edits_of(scheme))
    try:
        after = change(scheme, edit, RESERVED)
    except UserError:
        return
    if isinstance(edit, RemoveLayer | RenameLayer | TakeOverScheme):
        return  # only for layers without spans; what is used stays
    migration = find_migration(edit)
    gone = {(group, one.id) for group in groups_of(scheme) for one in labels_of(scheme, group)}
    gone -= {(group, one.id) for group in groups_of(after) for one in labels_of(after, group)}
    assert gone == ({(migration.group, one) for one in migration.becomes} if migration else set())


migrations = st.sampled_from(
    [
        Migration(LabelGroup.of_layer(), {"GPE": "ORG"}),
        Migration(LabelGroup.of_layer(), {"GPE": "ORG", "DATE": "ORG"}),
        Migration(LabelGroup.of_layer(), {"GPE": ""}),
        Migration(RELATIONS, {"MET": "IN"}),
        Migration(RELATIONS, {"MET": ""}),
        Migration(DOCUMENTS, {"sport": "politics"}),
        Migration(DOCUMENTS, {"politics": ""}),
    ]
)


@given(annotated_documents(max_spans=8), migrations)
def test_a_migration_reaches_everything_and_can_be_taken_back_exactly(
    doc: AnnotatedDocument, migration: Migration
) -> None:
    edit = migrated(doc, migration)
    if edit is None:
        return
    applied = apply(doc, edit)
    after = applied.doc
    assert migrated(after, migration) is None
    assert all(one.head in after.spans and one.child in after.spans for one in after.relations.values())
    if migration.group.layer:
        told = {(one.parts, migration.becomes.get(one.label, one.label)) for one in doc.spans}
        assert {(one.parts, one.label) for one in after.spans} == {one for one in told if one[1]}
    assert apply(after, applied.inverse).doc == doc
    back = find_inverse_of_what_holds(after, edit, applied.inverse)
    assert back is not None
    assert apply(after, back).doc == doc
    again = find_inverse_of_what_holds(doc, applied.inverse, edit)
    assert again is not None
    assert apply(doc, again).doc == after


@given(annotated_documents(max_spans=8))
def test_an_old_edit_comes_back_with_the_label_that_took_the_old_ones_place(doc: AnnotatedDocument) -> None:
    layer = Layer(DEFAULT_LAYER, tuple(Label(one, one) for one in LABELS))
    scheme = LabelScheme("news", layers=(layer,), relation_labels=(Label("MET", "MET"),))
    gone = [span for span in doc.spans if span.label == "GPE"]
    removed = apply(doc, Batch(tuple(RemoveSpan(span.id) for span in gone)))
    merged = change(scheme, MergeLabels(LabelGroup.of_layer(), ("GPE",), "ORG"))
    back = apply(removed.doc, with_known_labels(removed.inverse, removed.doc, merged)).doc
    assert {span.id: span.label for span in back.spans} == {
        span.id: "ORG" if span in gone else span.label for span in doc.spans
    }
    assert back.relations == doc.relations
    deleted = change(scheme, DeleteLabel(LabelGroup.of_layer(), "GPE"))
    if gone:
        with pytest.raises(UnknownLabel, match="was deleted"):
            with_known_labels(removed.inverse, removed.doc, deleted)
