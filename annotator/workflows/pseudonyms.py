"""Names of people in what is exported: A1, A2, … instead, in the data as in what is said about them. Pure.

What stands in texts, notes and metadata is the project's own and is left as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from annotator.domain.projects import AnnotatedDocument
from annotator.domain.rulings import with_people
from annotator.domain.text import Json

_OF_PEOPLE = frozenset({
    "_session_id", "_annotator_id", "annotator", "user", "username", "completed_by", "updated_by", "created_username",
    "reviewers", "annotators", "approved_by", "annotation_approver", "email",
    "decided_by", "taken_from",
})  # fmt: skip
"""Keys under which Prodigy, Label Studio, doccano and our own rulings say who did something."""
_BY_PEOPLE = frozenset({"annotations", "seen"})
"""Keys under which values are kept by the annotator's name."""


def pseudonyms(people: Sequence[str]) -> dict[str, str]:
    """A1, A2, … in order of the names' fingerprints, so that the order says nothing about the names.

    Given everybody in the project, whoever is exported: the same person has the same pseudonym in every file.
    """
    ordered = sorted(people, key=lambda name: hashlib.sha256(name.encode()).hexdigest())
    return {name: f"A{number}" for number, name in enumerate(ordered, 1)}


def without_names(doc: AnnotatedDocument, names: Mapping[str, str]) -> AnnotatedDocument:
    """``doc`` under its annotator's pseudonym, without what other tools' values in ``extra`` say of people."""
    extra = {key: _nameless(value, names) for key, value in doc.document.extra.items() if key not in _OF_PEOPLE}
    rulings = {key: with_people(ruling, names) for key, ruling in doc.rulings.items()}
    document = replace(doc.document, extra=extra)
    return replace(doc, annotator=names.get(doc.annotator, doc.annotator), document=document, rulings=rulings)


def _nameless(value: Json, names: Mapping[str, str]) -> Json:
    if isinstance(value, list):
        return [_nameless(one, names) for one in value]
    if not isinstance(value, dict):
        return value
    left = {key: one for key, one in value.items() if key not in _OF_PEOPLE}
    return {key: _of_people(one, names) if key in _BY_PEOPLE else _nameless(one, names) for key, one in left.items()}


def _of_people(value: Json, names: Mapping[str, str]) -> Json:
    """Values by annotator: under pseudonyms; those of whom the project does not know are left out."""
    if not isinstance(value, dict):
        return _nameless(value, names)
    return {names[key]: _nameless(one, names) for key, one in value.items() if key in names}
