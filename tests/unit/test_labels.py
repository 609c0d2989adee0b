"""A scheme that learns labels."""

from __future__ import annotations

from annotator.domain.labels import LabelScheme
from annotator.domain.scheme_plain import scheme_from_plain, scheme_to_plain


def test_labels_that_are_learnt_have_keys_of_their_own() -> None:
    scheme = LabelScheme("open", is_extensible=True).extended([("entities", "A"), ("entities", "B")], "RST", "XY")
    assert [label.key for _, label in scheme.labels] == ["1", "2"]
    assert [label.key for label in scheme.relation_labels] == ["1", "2", "3"]
    assert [label.key for label in scheme.document_labels] == ["1", "2"]
    assert scheme_from_plain(scheme_to_plain(scheme)) == scheme
