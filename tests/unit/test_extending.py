"""A scheme that learns labels stays one that can be read again."""

from __future__ import annotations

from annotator.domain.labels import LabelScheme
from annotator.domain.scheme_plain import scheme_from_plain, scheme_to_plain


def test_labels_that_are_learned_have_keys_of_their_own() -> None:
    names = [f"label {number}" for number in range(12)]
    learned = LabelScheme("s").extended([("entities", name) for name in names], names, names)
    for labels in (learned.layers[0].labels, learned.relation_labels, learned.document_labels):
        keys = [label.key for label in labels if label.key]
        assert len(keys) == len(set(keys)) > 1
    assert scheme_from_plain(scheme_to_plain(learned)) == learned
