"""How far annotators agree in a project: which sets count, all figures, and what was left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from annotator.agreement.bootstrap import Resampling
from annotator.agreement.coding import measure_categories, measure_ratings
from annotator.agreement.confusion import NOTHING, count_confusions
from annotator.agreement.dawid_skene import dawid_skene
from annotator.agreement.gamma import GammaSettings, gamma_details
from annotator.agreement.mace import mace
from annotator.agreement.reliability import LEAST_ANNOTATORS
from annotator.agreement.report import (
    AgreementReport,
    AnnotatorReliability,
    Confusion,
    DocumentFigures,
    LabelFigures,
    LeftOut,
    PairFigures,
)
from annotator.agreement.semeval import SemevalCounts, semeval_counts
from annotator.agreement.shapes import Ratings, SpanTable, Value, undefined
from annotator.agreement.span_measures import SPANS, SpanAgreement
from annotator.agreement.unitizing import measure_unitizing, measure_unitizing_labels, unitizing_changes
from annotator.domain.labels import LabelScheme
from annotator.domain.spans import DEFAULT_LAYER
from annotator.store import ProjectStore, Reader
from annotator.workflows.agreement_choice import ComparedSets, choose_sets, refuse_unknown
from annotator.workflows.agreement_columns import SpanColumns, by_token, read_spans
from annotator.workflows.agreement_measures import (
    BY_CATEGORY,
    DOCUMENT,
    GAMMA_ANNOTATORS,
    GAMMA_UNITS,
    LABEL_SETS,
    MATCHED,
    MEASURES,
    NO_RATINGS,
    NOMINAL,
    OF_ALIGNMENTS,
    OF_UNITS,
    ON_REQUEST,
    TOKEN_LABEL,
    TOKEN_WARNING,
    TOO_MUCH_FOR_GAMMA,
    define,
    is_ordered,
)
from annotator.workflows.agreement_ratings import (
    in_order,
    rate_attributes,
    rate_documents,
    rate_label_sets,
    rate_marked_tokens,
    rate_matched_spans,
    rate_tokens,
)
from annotator.workflows.progress import Progress, Silent, raise_if_cancelled

TOKEN = "token_f1"
STEPS = 6


@dataclass(frozen=True, slots=True)
class AgreementRequest:
    """What is to be measured. Nothing named means: all people but gold, the layer with the most spans, all measures.

    ``samples``: how many samples of documents the intervals come from, 0 for none; ``seed`` makes them the same again.
    ``is_by_document``: F1 of each document, too.
    """

    annotators: tuple[str, ...] = ()
    layer: str = ""
    measures: tuple[str, ...] = ()
    samples: int = 1_000
    seed: int = 0
    is_by_document: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """A report, and what it was reckoned from."""

    report: AgreementReport
    chosen: ComparedSets
    columns: SpanColumns


def measure_agreement(
    store: ProjectStore, request: AgreementRequest, progress: Progress | None = None
) -> AgreementReport:
    """Measure on one snapshot of the project. Raises `UnknownChoice` for a name that is not there."""
    with store.reading() as reader:
        return measure_on(reader, request, progress).report


def measure_on(reader: Reader, request: AgreementRequest, progress: Progress | None = None) -> Measured:
    """`measure_agreement` on a snapshot that is open already."""
    for name in request.measures:
        refuse_unknown(name, (*MEASURES, *ON_REQUEST), "measure")
    chosen = choose_sets(reader.compared().sets(), request.annotators)
    layer, others = _layer(reader, chosen, request.layer)
    columns = read_spans(reader, chosen, reader.scheme(), layer)
    report = _Measuring(reader, chosen, columns, layer, request, progress or Silent()).report(others)
    return Measured(report, chosen, columns)


def _layer(reader: Reader, chosen: ComparedSets, wanted: str) -> tuple[str, list[LeftOut]]:
    """The layer to compare, and the spans of others if none was asked for."""
    counts = reader.compared().spans_by_layer(chosen.annotators)
    known = list(dict.fromkeys([*(layer.name for layer in reader.scheme().layers), *counts]))
    if wanted:
        refuse_unknown(wanted, known, "layer")
        return wanted, []
    layer = max(known, key=lambda name: counts.get(name, 0), default=DEFAULT_LAYER)
    others = [
        LeftOut("spans on another layer", f"the layer is {name!r}", n) for name, n in counts.items() if name != layer
    ]
    return layer, others


class _Measuring:
    """One measurement, on one snapshot."""

    def __init__(
        self,
        reader: Reader,
        chosen: ComparedSets,
        columns: SpanColumns,
        layer: str,
        request: AgreementRequest,
        progress: Progress,
    ) -> None:
        self._chosen = chosen
        self._layer = layer
        self._names = request.measures or MEASURES
        self._is_by_document = request.is_by_document
        self._resampling = Resampling(request.samples, request.seed) if request.samples else None
        self._progress = progress
        self._scheme: LabelScheme = reader.scheme()
        self._columns = columns
        self._table = self._columns.table
        self._of_characters = [name for name in self._names if name in SPANS and TOKEN not in name]
        self._of_tokens = [name for name in self._names if name in SPANS and TOKEN in name]
        self._has_tokens = any(TOKEN in name or name.startswith(TOKEN_LABEL) for name in self._names)
        self._token_table = by_token(reader, self._columns) if self._has_tokens else self._table
        self._spans = SpanAgreement(self._table, self._resampling)
        self._tokens = SpanAgreement(self._token_table, self._resampling)
        self._matched, self._dropped = rate_matched_spans(self._columns)
        self._left_out = [*chosen.left_out]
        self._warnings = [TOKEN_WARNING] if any(name.startswith(TOKEN_LABEL) for name in self._names) else []
        self._is_named = bool(request.measures)
        self._seed = request.seed
        self._done = 0

    def report(self, others: Iterable[LeftOut]) -> AgreementReport:
        """All of it."""
        figures = self._span_figures() | self._unit_figures() | self._gamma_figures()
        self._step()
        figures |= self._rating_figures()
        self._step()
        self._note_undecided()
        return AgreementReport(
            documents=len(self._table.documents),
            annotators=self._chosen.annotators,
            layer=self._layer,
            measures=tuple(figures[name] for name in self._names),
            pairs=self._pairs(),
            labels=self._labels(),
            confusion=_confusion(self._table),
            left_out=(*self._left_out, *others),
            definitions=tuple(define(name) for name in self._names),
            attributes=self._attributes(),
            documents_apart=self._documents(),
            reliability=self._reliability(),
            warnings=tuple(self._warnings),
        )

    def _span_figures(self) -> dict[str, Value]:
        found = self._spans.overall(self._of_characters)
        self._step()
        return {one.name: one for one in (*found, *self._tokens.overall(self._of_tokens))}

    def _unit_figures(self) -> dict[str, Value]:
        if not set(self._names) & set(OF_UNITS):
            return {}
        changes = unitizing_changes(self._table)
        if changes.merged:
            reason = "merged, for alpha of unitizing, with an overlapping one of the same annotator and label"
            self._left_out.append(LeftOut("units", reason, changes.merged))
        return {one.name: one for one in measure_unitizing(self._table, self._resampling)}

    def _gamma_figures(self) -> dict[str, Value]:
        if not set(self._names) & set(OF_ALIGNMENTS):
            return {}
        is_much = len(self._table) > GAMMA_UNITS or len(self._chosen.annotators) > GAMMA_ANNOTATORS
        if is_much and not self._is_named:
            return {name: undefined(name, TOO_MUCH_FOR_GAMMA, len(self._table)) for name in OF_ALIGNMENTS}
        found = gamma_details(self._table, GammaSettings(seed=self._seed), self._resampling)
        if found.inexact or found.inexact_samples:
            self._warnings.append(
                f"gamma: the best alignment of {found.inexact} documents, and of {found.inexact_samples} of "
                f"{found.samples} drawn by chance, may not have been found."
            )
        return {one.name: one for one in (found.gamma, found.gamma_cat)}

    def _rating_figures(self) -> dict[str, Value]:
        if self._matched is not None and self._dropped and any(name.startswith(MATCHED) for name in self._names):
            reason = "labels are compared where the text is the same"
            self._left_out.append(LeftOut("spans without a match", reason, self._dropped))
        tokens = rate_tokens(self._token_table) if any(name.startswith(TOKEN_LABEL) for name in self._names) else None
        return (
            self._rated(MATCHED, self._matched)
            | self._rated(DOCUMENT, rate_documents(self._chosen, self._scheme))
            | self._rated(TOKEN_LABEL, tokens)
            | self._label_sets()
        )

    def _step(self) -> None:
        raise_if_cancelled(self._progress)
        self._done += 1
        self._progress.report(self._done, STEPS, "steps")

    def _rated(self, prefix: str, rated: Ratings | None) -> dict[str, Value]:
        names = [name for name in self._names if name.startswith(prefix)]
        if rated is None or not len(rated.codes):
            return {name: undefined(name, NO_RATINGS[prefix]) for name in names}
        ordered = [name for name in names if is_ordered(name)]
        found = self._measured(prefix, [name for name in names if not is_ordered(name)], rated)
        return found | (self._measured(prefix, ordered, in_order(rated)) if ordered else {})

    def _measured(self, prefix: str, names: Sequence[str], rated: Ratings) -> dict[str, Value]:
        found = measure_ratings(rated, [name.removeprefix(prefix) for name in names], self._resampling)
        return {name: replace(value, name=name) for name, value in zip(names, found, strict=True)}

    def _label_sets(self) -> dict[str, Value]:
        if LABEL_SETS not in self._names:
            return {}
        rated = rate_label_sets(self._chosen)
        if rated is None:
            return {LABEL_SETS: undefined(LABEL_SETS, NO_RATINGS[DOCUMENT])}
        (value,) = measure_ratings(rated, ["krippendorff_alpha_masi"], self._resampling)
        return {LABEL_SETS: replace(value, name=LABEL_SETS)}

    def _note_undecided(self) -> None:
        for annotator, count in sorted(self._columns.undecided.items()):
            self._left_out.append(LeftOut("spans", "suggestions that nobody has decided", count, annotator))

    def _pairs(self) -> tuple[PairFigures, ...]:
        found, more = self._spans.by_pair(self._of_characters), self._tokens.by_pair(self._of_tokens)
        people = self._chosen.annotators
        self._step()
        return tuple(
            PairFigures(a, b, (*values, *more[a, b]), _semeval(self._table, people.index(a), people.index(b)))
            for (a, b), values in found.items()
        )

    def _labels(self) -> tuple[LabelFigures, ...]:
        found, more = self._spans.by_label(self._of_characters), self._tokens.by_label(self._of_tokens)
        units = measure_unitizing_labels(self._table) if OF_UNITS[0] in self._names else {}
        matched = self._by_category()
        self._step()
        return tuple(
            LabelFigures(label, (*values, *more[label], *units.get(label, ()), *matched.get(label, ())))
            for label, values in found.items()
        )

    def _by_category(self) -> dict[str, list[Value]]:
        if self._matched is None or not any(name.startswith(MATCHED) for name in self._names):
            return {}
        found = measure_categories(self._matched, BY_CATEGORY, self._resampling)
        return {
            str(label): [replace(one, name=MATCHED + one.name) for one in values] for label, values in found.items()
        }

    def _attributes(self) -> tuple[LabelFigures, ...]:
        return tuple(
            LabelFigures(name, tuple(measure_ratings(rated, NOMINAL, self._resampling)))
            for name, rated in rate_attributes(self._columns).items()
        )

    def _documents(self) -> tuple[DocumentFigures, ...]:
        if not self._is_by_document:
            return ()
        names = [name for name in self._of_characters if name.startswith("pooled")]
        return tuple(DocumentFigures(one, tuple(values)) for one, values in self._spans.by_document(names).items())

    def _reliability(self) -> tuple[AnnotatorReliability, ...]:
        """By what is said of tokens: only there is to mark nothing an answer, too."""
        if not self._has_tokens or len(self._chosen.annotators) < LEAST_ANNOTATORS:
            return ()
        rated = rate_marked_tokens(self._token_table)
        one, other = dawid_skene(rated).annotators, mace(rated).annotators
        self._step()
        if not one:
            return ()
        return tuple(map(AnnotatorReliability, self._chosen.annotators, one, other))


def _semeval(table: SpanTable, reference: int, response: int) -> dict[str, SemevalCounts]:
    return {way.value: counts for way, counts in semeval_counts(table, reference, response).items()}


def _confusion(table: SpanTable) -> Confusion:
    names = (*table.labels, NOTHING)
    return Confusion(names, names, tuple(tuple(row) for row in count_confusions(table).tolist()))
