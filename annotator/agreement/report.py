"""`AgreementReport`: what agreement comes to, as plain values, with what was left out and why.

Knows no project, no file and no window. Annotators, labels and documents stand here by their names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from annotator.agreement.semeval import SemevalCounts
from annotator.agreement.shapes import Value


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What was not counted, and why: ``count`` of ``what``.

    ``what`` is "sets" or "spans" of those who were to be compared, or else what was not asked for: "spans on another
    layer", or "spans without a match" where a measure takes matched ones only.
    """

    what: str
    reason: str
    count: int
    annotator: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """How a figure is reckoned, what its ``n`` counts, and who is to be cited."""

    name: str
    title: str
    words: str
    counts: str
    citation: str


@dataclass(frozen=True, slots=True)
class PairFigures:
    """The figures of two annotators, over the documents that both are counted in.

    ``semeval``: the counts of SemEval-2013 by way, ``a`` taken as reference and ``b`` as response.
    """

    a: str
    b: str
    measures: tuple[Value, ...]
    semeval: Mapping[str, SemevalCounts] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DocumentFigures:
    """The figures of one document."""

    document: str
    measures: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class AnnotatorReliability:
    """How reliable an annotator is, 0 to 1, by models of what is true (`dawid_skene`, `mace`)."""

    annotator: str
    dawid_skene: float | None
    mace: float | None


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """The figures of one label."""

    label: str
    measures: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often ``rows`` met ``columns``, see `confusion.count_confusions`; the last of each is "nothing"."""

    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    counts: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """The whole. ``documents``: how many documents at least two of the annotators are counted in.

    ``attributes`` are figures by attribute; ``documents_apart`` by document, if they were asked for; ``reliability``
    only of three annotators or more. ``warnings``: what a reader of the figures must know.
    """

    documents: int
    annotators: tuple[str, ...]
    layer: str
    measures: tuple[Value, ...]
    pairs: tuple[PairFigures, ...]
    labels: tuple[LabelFigures, ...]
    confusion: Confusion
    left_out: tuple[LeftOut, ...]
    definitions: tuple[Definition, ...]
    attributes: tuple[LabelFigures, ...] = ()
    documents_apart: tuple[DocumentFigures, ...] = ()
    reliability: tuple[AnnotatorReliability, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether no set and no span of those who were to be compared was left out."""
        return not any(one.what in ("sets", "spans") for one in self.left_out)
