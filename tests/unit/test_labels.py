"""A scheme that learns labels, and what of it survives its files."""

from __future__ import annotations

import tomllib

from annotator.domain.labels import Label, LabelScheme, Layer, RelationRule
from annotator.domain.scheme_plain import scheme_from_plain, scheme_to_plain
from annotator.domain.scheme_toml import scheme_to_toml


def test_labels_that_are_learnt_have_keys_of_their_own() -> None:
    scheme = LabelScheme("open", is_extensible=True).extended([("entities", "A"), ("entities", "B")], "RST", "XY")
    assert [label.key for _, label in scheme.labels] == ["1", "2"]
    assert [label.key for label in scheme.relation_labels] == ["1", "2", "3"]
    assert [label.key for label in scheme.document_labels] == ["1", "2"]
    assert scheme_from_plain(scheme_to_plain(scheme)) == scheme


def test_all_rules_of_a_relation_label_survive_its_files() -> None:
    """A role that several events have is allowed where any of them allows it: brat's schemes have such."""
    layer = Layer("entities", labels=(Label("A", "A"), Label("B", "B")))
    rules = (RelationRule("R", ("A",), ("B",)), RelationRule("R", ("B",), ("A",)), RelationRule("R", (), ("A",)))
    scheme = LabelScheme("x", layers=(layer,), relation_labels=(Label("R", "R"),), relation_rules=rules)
    assert scheme_from_plain(scheme_to_plain(scheme)) == scheme
    assert scheme_from_plain(tomllib.loads(scheme_to_toml(scheme))) == scheme
