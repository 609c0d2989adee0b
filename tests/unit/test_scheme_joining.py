"""Two schemes made one: nothing that either has is lost, nothing that either allows is forbidden."""

from __future__ import annotations

from typing import Any

from annotator.domain.labels import LabelScheme
from annotator.domain.scheme_joining import joined_schemes
from annotator.domain.scheme_plain import scheme_from_plain


def scheme(relations: list[dict[str, Any]], labels: tuple[str, ...] = ("A", "B")) -> LabelScheme:
    held = [{"name": name, "key": str(number)} for number, name in enumerate(labels)]
    return scheme_from_plain({"name": "s", "layers": [{"name": "entities", "labels": held}], "relations": relations})


def test_labels_keys_and_layers_are_added_and_what_is_there_stays() -> None:
    joined = joined_schemes(scheme([]), scheme([], ("B", "C", "D")))
    assert [(label.name, label.key) for _, label in joined.labels] == [("A", "0"), ("B", "1"), ("C", ""), ("D", "2")]
    assert joined_schemes(joined, joined) == joined


def test_rules_allow_what_either_allows() -> None:
    one = scheme([{"name": "R", "heads": ["A"], "children": ["B"]}, {"name": "Q", "heads": ["A"]}])
    other = scheme([{"name": "R", "heads": ["B"], "children": ["A"]}, {"name": "Q"}, {"name": "N", "heads": ["B"]}])
    joined = joined_schemes(one, other)
    assert [(rule.label, rule.heads, rule.children) for rule in joined.relation_rules] == [
        ("R", ("A",), ("B",)), ("R", ("B",), ("A",)), ("N", ("B",), ()),
    ]  # fmt: skip
    assert joined_schemes(joined, other) == joined
