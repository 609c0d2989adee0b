"""Krippendorff's alphas of unitizing: how far annotators cut and label a text alike, beyond chance.

Both take all documents for one continuum, see `units` for what its units and gaps are. In the formulas, m annotators
are counted in a document of length L; sums over documents stand for one long continuum, so that documents may have
different annotators. What `SpanTable.unit` says is what lengths are counted in.

1995: Krippendorff 1995, Sociological Methodology 25, 47–76; 2004, Content Analysis, 2nd ed., § 11.6. For a category,
D_o = Σ_documents 2 / (m (m - 1)) Σ δ² / (ΣL)² over pairs of annotators: δ² is Δbegin² + Δend² for two units that
overlap, l² for a unit of length l that lies wholly within a gap of the other's;
D_e = 2 / ΣL · Σ_units [(N - 1) / 3 · (2l³ - 3l² + l) + l² Σ_{gaps g ≥ l} (g - l + 1)] / (M (M - 1) - Σ l (l - 1)), with
N units of the category, the gaps of all annotators in it and M = Σ m L. α = 1 - D_o / D_e, and of all categories
1 - Σ D_o / Σ D_e.

2016: Krippendorff, Mathet, Bouvry & Widlöcher 2016, Quality & Quantity 50, 2347–2364. Gaps are a category like others.
o_ck is the length over which one annotator says c and another k, of all ordered pairs, by (m - 1); l_c its sum over k,
l the sum of all; e_ck = l (l_c l_k - [c = k] S_c) / (l² - Σ S), S_c the sum of squared lengths of units, of lengths for
gaps. α = 1 - (l - Σ o_cc) / (l - Σ e_cc).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from annotator.agreement.bootstrap import Resampling, draw, interval
from annotator.agreement.coefficients import divided
from annotator.agreement.contacts import Contacts, find_contacts
from annotator.agreement.report import Definition
from annotator.agreement.shapes import Floats, Ints, SpanTable, Value, undefined
from annotator.agreement.span_measures import NO_PAIR, NOTHING_MARKED, ONE_ANNOTATOR
from annotator.agreement.units import Changes, Units, find_units

UNITS = "units (spans, or pieces of them) in documents that two annotators or more annotated"
LABEL_UNUSED = "Nobody marked anything with this label in documents that two annotators or more annotated."
NO_CHANCE = "Units cannot disagree by chance: there is no room for them to lie elsewhere."
ONE_CATEGORY = "All annotators gave the whole text one and the same label, so that agreeing by chance is certain."

_CITATION_1995 = "Krippendorff 1995, Sociological Methodology 25, 47–76; 2004, Content Analysis, 2nd ed., § 11.6"
_OVER_DOCUMENTS = (
    "Documents are one continuum, in which neither units nor gaps go from one document into the next; each document "
    "counts those who annotated it, if they are two or more. Pieces of a span are units; overlapping units of one "
    "annotator and label are one."
)

UNITIZING: dict[str, Definition] = {
    one.name: one
    for one in (
        Definition(
            "alpha_u_1995",
            "Krippendorff's alpha of unitizing, 1995",
            "1 - observed by expected disagreement, both summed over labels; units of a label that overlap disagree by "
            "the squares of the differences of their ends, others by the square of their length. It has no interval: "
            f"what is expected is no sum over documents. {_OVER_DOCUMENTS}",
            UNITS,
            _CITATION_1995,
        ),
        Definition(
            "u_alpha_2016",
            "Krippendorff's alpha of unitizing, 2016 (uα)",
            "1 - observed by expected disagreement about what each place of the text says, where to say nothing is a "
            "label too, and units are dealt out whole. It is undefined where units of one annotator with different "
            f"labels overlap. {_OVER_DOCUMENTS}",
            UNITS,
            "Krippendorff, Mathet, Bouvry & Widlöcher 2016, Quality & Quantity 50, 2347–2364",
        ),
        Definition(
            "alpha_u_1995_category",
            "Krippendorff's alpha of unitizing of a label, 1995",
            "1 - observed by expected disagreement about the units of one label, which overlap or lie in a gap; units "
            f"of other labels are gaps. {_OVER_DOCUMENTS}",
            UNITS,
            _CITATION_1995,
        ),
    )
}
"""In the order of reports; the last is by label."""


def measure_unitizing(table: SpanTable, resampling: Resampling | None = None) -> list[Value]:
    """``alpha_u_1995`` and ``u_alpha_2016`` of all labels, see `UNITIZING`; only uα has an interval over documents.

    ``n`` is how many units count. What was changed so that spans are units `unitizing_changes` tells.
    """
    continuum = _Continuum(find_units(table))
    return [_alpha_u(continuum), _u_alpha(continuum, resampling)]


def measure_unitizing_labels(table: SpanTable) -> dict[str, list[Value]]:
    """``alpha_u_1995_category`` of each label of the table; ``n`` is how many units have it."""
    continuum = _Continuum(find_units(table))
    observed, expected = _observed(continuum), _expected(continuum.units)
    return {
        label: [_alpha_u_label(continuum, at, float(observed[at]), float(expected[at]))]
        for at, label in enumerate(table.labels)
    }


def unitizing_changes(table: SpanTable) -> Changes:
    """What `measure_unitizing` has to change so that spans are units, as counts."""
    return find_units(table).changes


def disagreements_1995(table: SpanTable) -> tuple[Floats, Floats]:
    """D_o and D_e of each label, both of shape (labels,), as shares of the squared length of the continuum."""
    continuum = _Continuum(find_units(table))
    return _observed(continuum), _expected(continuum.units)


@dataclass(frozen=True)
class _Continuum:
    """Units and their contacts, which both coefficients need and which are found once."""

    units: Units

    @cached_property
    def contacts(self) -> Contacts:
        return find_contacts(self.units.table)

    @cached_property
    def alike(self) -> Contacts:
        """Only contacts of units with the same label."""
        label = self.units.table.label
        return self.contacts.where(label[self.contacts.first] == label[self.contacts.second])

    @property
    def objection(self) -> str | None:
        """Why there is no figure of unitizing at all, or nothing."""
        if len(self.units.table.annotators) < 2:
            return ONE_ANNOTATOR
        if not self.units.people.any():
            return NO_PAIR
        return None if len(self.units) else NOTHING_MARKED


def _alpha_u(continuum: _Continuum) -> Value:
    if continuum.objection:
        return undefined("alpha_u_1995", continuum.objection)
    observed, expected = float(_observed(continuum).sum()), float(_expected(continuum.units).sum())
    n = len(continuum.units)
    if expected <= 0:
        return undefined("alpha_u_1995", NO_CHANCE, n)
    return Value("alpha_u_1995", 1 - observed / expected, n)


def _alpha_u_label(continuum: _Continuum, label: int, observed: float, expected: float) -> Value:
    n = int(np.count_nonzero(continuum.units.table.label == label))
    if continuum.objection or not n:
        return undefined("alpha_u_1995_category", continuum.objection or LABEL_UNUSED)
    if expected <= 0:
        return undefined("alpha_u_1995_category", NO_CHANCE, n)
    return Value("alpha_u_1995_category", 1 - observed / expected, n)


def _u_alpha(continuum: _Continuum, resampling: Resampling | None) -> Value:
    name, n, crossing = "u_alpha_2016", len(continuum.units), continuum.units.crossing
    if continuum.objection:
        return undefined(name, continuum.objection)
    if crossing:
        because = f"It is for units that do not overlap; {crossing} of {n} begin within another of the same annotator."
        return undefined(name, because, n)
    statistics = _u_statistics(continuum)
    value = float(_u_figure(statistics.sum(axis=0, keepdims=True))[0])
    if np.isnan(value):
        return undefined(name, ONE_CATEGORY, n)
    if resampling is None:
        return Value(name, value, n)
    return Value(name, value, n, *interval(draw(resampling, len(statistics)), statistics, _u_figure, value))


def _u_statistics(continuum: _Continuum) -> Floats:
    """l - Σ o_cc, Σ S, l_gap and l_c of each label: shape (documents, 3 + labels)."""
    units = continuum.units
    table = units.table
    length = table.end - table.start
    said = _by_document_and_label(table, length)
    marked, squares = said.sum(axis=1), _by_document_and_label(table, length**2).sum(axis=1)
    gaps = units.people * units.lengths - marked
    agreed = _shared(table, continuum.contacts) + _shared(table, continuum.alike)
    apart = 2 * marked - 2 * agreed / np.maximum(units.people - 1, 1)
    return np.column_stack([apart, squares + gaps, gaps, said])


def _u_figure(sums: Floats) -> Floats:
    """uα of each sample of shape (samples, 3 + labels), see `_u_statistics`; nan where only one category was said."""
    apart, dealt, said = sums[:, 0], sums[:, 1], sums[:, 2:]
    whole = said.sum(axis=1, keepdims=True)
    different = (said * (whole - said)).sum(axis=1)
    return 1 - divided(apart * (whole[:, 0] ** 2 - dealt), whole[:, 0] * different)


def _shared(table: SpanTable, contacts: Contacts) -> Floats:
    """How much text the units of contacts share in each document."""
    sums = np.bincount(table.document[contacts.first], contacts.shared, minlength=len(table.documents))
    return np.asarray(sums, dtype=np.float64)  # of nothing they would be whole numbers


def _by_document_and_label(table: SpanTable, weights: Ints) -> Floats:
    labels = len(table.labels)
    sums = np.bincount(table.document * labels + table.label, weights, minlength=len(table.documents) * labels)
    return np.asarray(sums, dtype=np.float64).reshape(len(table.documents), labels)


def _observed(continuum: _Continuum) -> Floats:
    """D_o of 1995 for each label, shape (labels,); 0 for one that nobody used."""
    units, contacts = continuum.units, continuum.alike
    table, labels = units.table, len(units.table.labels)
    begins = (table.start[contacts.first] - table.start[contacts.second]).astype(np.float64)
    ends = (table.end[contacts.first] - table.end[contacts.second]).astype(np.float64)
    weight = 2 / np.maximum(units.people * (units.people - 1), 1)[table.document]
    apart = np.bincount(table.label[contacts.first], weight[contacts.first] * (begins**2 + ends**2), minlength=labels)
    length = (table.end - table.start).astype(np.float64)
    missed = np.bincount(table.label, weight * length**2 * _unmet(units, contacts), minlength=labels)
    return np.asarray((apart + missed) / max(float(units.lengths.sum()), 1.0) ** 2, dtype=np.float64)


def _unmet(units: Units, contacts: Contacts) -> Ints:
    """By how many of the other annotators a unit lies wholly in a gap, shape (units,)."""
    table, people = units.table, len(units.table.annotators)
    met = np.concatenate([
        contacts.first * people + table.annotator[contacts.second],
        contacts.second * people + table.annotator[contacts.first],
    ])  # fmt: skip
    others = np.bincount(np.unique(met) // people, minlength=len(table))
    return np.asarray(units.people[table.document] - 1 - others)


def _expected(units: Units) -> Floats:
    """D_e of 1995 for each label, shape (labels,); 0 for one that nobody used."""
    table, labels = units.table, len(units.table.labels)
    order = np.lexsort((table.start, table.annotator, table.document, table.label))
    borders = np.searchsorted(table.label[order], np.arange(labels + 1))
    of_label = (order[borders[label] : borders[label + 1]] for label in range(labels))
    return np.array([_expected_of(units, rows) if len(rows) else 0.0 for rows in of_label])


def _expected_of(units: Units, rows: Ints) -> float:
    """D_e of the units of one label, sorted by document, annotator and start."""
    whole = units.table.end[rows] - units.table.start[rows]
    length = whole.astype(np.float64)
    among_units = (len(rows) - 1) / 3 * (2 * length**3 - 3 * length**2 + length)
    among_gaps = length**2 * _room(_gaps(units, rows), whole)
    size = float((units.people * units.lengths).sum())
    pairs = size * (size - 1) - (length * (length - 1)).sum()
    return float(2 / units.lengths.sum() * (among_units + among_gaps).sum() / pairs)


def _gaps(units: Units, rows: Ints) -> Ints:
    """Lengths of all gaps, some of them 0, between these units, sorted by document, annotator and start."""
    table = units.table
    document, annotator, end = table.document[rows], table.annotator[rows], table.end[rows]
    before = np.zeros(len(rows), dtype=np.int64)
    is_next = (document[1:] == document[:-1]) & (annotator[1:] == annotator[:-1])
    before[1:] = np.where(is_next, end[:-1], 0)
    last = np.zeros(table.is_annotated.shape, dtype=np.int64)
    np.maximum.at(last, (document, annotator), end)
    after = (units.lengths[:, np.newaxis] - last)[table.is_annotated]
    return np.concatenate([table.start[rows] - before, after])


def _room(gaps: Ints, lengths: Ints) -> Floats:
    """At how many places units of these lengths fit into gaps: Σ_{g ≥ l} (g - l + 1), shape (lengths,)."""
    gaps = np.sort(gaps)
    longer = np.append(np.cumsum(gaps[::-1])[::-1], 0)
    at = np.searchsorted(gaps, lengths, "left")
    return np.asarray(longer[at] - (len(gaps) - at) * (lengths - 1), dtype=np.float64)
