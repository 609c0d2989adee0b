"""Who annotates, and how far a document is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from annotator.domain.rulings import Ruling
from annotator.domain.spans import Relation, SpanSet
from annotator.domain.text import Document


class Status(StrEnum):
    """How far one annotator is with one document."""

    NEW = "new"
    IN_PROGRESS = "in progress"
    DONE = "done"
    SKIPPED = "skipped"
    FLAGGED = "flagged"


class AnnotatorKind(StrEnum):
    """A pipeline is an annotator of its own kind, so that human-model agreement is the same code."""

    HUMAN = "human"
    PIPELINE = "pipeline"


@dataclass(frozen=True, slots=True)
class Annotator:
    """Somebody (or some pipeline) with annotation sets of their own. The name is unique in a project."""

    name: str
    kind: AnnotatorKind = AnnotatorKind.HUMAN


GOLD = "gold"
"""The annotator whose sets are what was adjudicated."""

_NO_RULINGS: Mapping[str, Ruling] = {}
_NO_RELATIONS: Mapping[str, Relation] = {}
_NO_CATS: Mapping[str, float] = {}


@dataclass(frozen=True, slots=True)
class AnnotatedDocument:
    """A document with one annotator's annotation set: what edits act on and formats write.

    ``relations`` are keyed by id. ``cats`` are document labels with their value (1.0 = given), keyed by label
    id. ``annotator`` is empty where a file does not say whose labels it holds. ``status_reason`` says in words why
    the document is skipped or flagged. ``rulings``, keyed by id, only a set has that was adjudicated.
    """

    document: Document
    annotator: str = ""
    spans: SpanSet = field(default_factory=SpanSet)
    relations: Mapping[str, Relation] = field(default_factory=lambda: _NO_RELATIONS)
    cats: Mapping[str, float] = field(default_factory=lambda: _NO_CATS)
    status: Status = Status.NEW
    note: str = ""
    status_reason: str = ""
    rulings: Mapping[str, Ruling] = field(default_factory=lambda: _NO_RULINGS)
