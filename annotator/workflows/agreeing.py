"""How far annotators agree in a project: which sets count, all figures, and what was left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from annotator.agreement.bootstrap import Resampling
from annotator.agreement.coding import CODING, measure_ratings
from annotator.agreement.confusion import NOTHING, count_confusions
from annotator.agreement.report import AgreementReport, Confusion, Definition, LabelFigures, LeftOut, PairFigures
from annotator.agreement.shapes import Ratings, SpanTable, Value, undefined
from annotator.agreement.span_measures import SPANS, SpanAgreement
from annotator.domain.labels import LabelScheme
from annotator.domain.spans import DEFAULT_LAYER
from annotator.store import ProjectStore, Reader
from annotator.workflows.agreement_choice import ComparedSets, choose_sets, refuse_unknown
from annotator.workflows.agreement_columns import by_token, rate_documents, rate_matched_spans, read_spans
from annotator.workflows.progress import Progress, Silent, raise_if_cancelled

TOKEN = "token_f1"
STEPS = 4
MATCHED, DOCUMENT = "matched_label_", "document_label_"
_RATED = [name for name, one in CODING.items() if not one.is_by_category and not name.endswith(("interval", "masi"))]
_ORDERED = ("krippendorff_alpha_ordinal", "gwet_ac2_linear", "gwet_ac2_quadratic")
_NOMINAL = [name for name in _RATED if name not in _ORDERED]
MEASURES = (*SPANS, *(MATCHED + name for name in _NOMINAL), *(DOCUMENT + name for name in _NOMINAL))
"""All names that can be asked for, in the order of reports."""

NO_RATINGS = {
    MATCHED: "No two annotators marked the same text.",
    DOCUMENT: "Nobody gave a document label.",
}
_SAYS = {
    MATCHED: "labels of spans with the same ends (what only one annotator marked is dropped, and counted)",
    DOCUMENT: "document labels",
}


@dataclass(frozen=True, slots=True)
class AgreementRequest:
    """What is to be measured. Nothing named means: all people but gold, the layer with the most spans, all measures.

    ``samples``: how many samples of documents the intervals come from, 0 for none; ``seed`` makes them the same again.
    """

    annotators: tuple[str, ...] = ()
    layer: str = ""
    measures: tuple[str, ...] = ()
    samples: int = 1_000
    seed: int = 0


def measure_agreement(
    store: ProjectStore, request: AgreementRequest, progress: Progress | None = None
) -> AgreementReport:
    """Measure on one snapshot of the project. Raises `UnknownChoice` for a name that is not there."""
    for name in request.measures:
        refuse_unknown(name, MEASURES, "measure")
    with store.reading() as reader:
        chosen = choose_sets(reader.compared().sets(), request.annotators)
        layer, others = _layer(reader, chosen, request.layer)
        return _Measuring(reader, chosen, layer, request, progress or Silent()).report(others)


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
        self, reader: Reader, chosen: ComparedSets, layer: str, request: AgreementRequest, progress: Progress
    ) -> None:
        self._chosen = chosen
        self._layer = layer
        self._names = request.measures or MEASURES
        self._resampling = Resampling(request.samples, request.seed) if request.samples else None
        self._progress = progress
        self._scheme: LabelScheme = reader.scheme()
        self._columns = read_spans(reader, chosen, self._scheme, layer)
        self._table = self._columns.table
        self._by_characters = [name for name in self._names if name in SPANS and TOKEN not in name]
        self._by_token = [name for name in self._names if name in SPANS and TOKEN in name]
        self._tokens = by_token(reader, self._columns) if self._by_token else self._table
        self._of_spans = SpanAgreement(self._table, self._resampling)
        self._of_tokens = SpanAgreement(self._tokens, self._resampling)
        self._left_out = [*chosen.left_out]
        self._done = 0

    def report(self, others: Iterable[LeftOut]) -> AgreementReport:
        """All of it."""
        figures = self._span_figures() | self._rated(DOCUMENT, rate_documents(self._chosen, self._scheme))
        figures |= self._matched_figures()
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
            definitions=tuple(_definition(name) for name in self._names),
        )

    def _span_figures(self) -> dict[str, Value]:
        found = self._of_spans.overall(self._by_characters)
        self._step()
        return {one.name: one for one in (*found, *self._of_tokens.overall(self._by_token))}

    def _matched_figures(self) -> dict[str, Value]:
        matched, dropped = rate_matched_spans(self._columns)
        figures = self._rated(MATCHED, matched)
        if figures and matched is not None and dropped:
            reason = "labels are compared where the text is the same"
            self._left_out.append(LeftOut("spans without a match", reason, dropped))
        return figures

    def _step(self) -> None:
        raise_if_cancelled(self._progress)
        self._done += 1
        self._progress.report(self._done, STEPS, "steps")

    def _rated(self, prefix: str, rated: Ratings | None) -> dict[str, Value]:
        names = [name for name in self._names if name.startswith(prefix)]
        if rated is None:
            return {name: undefined(name, NO_RATINGS[prefix]) for name in names}
        found = measure_ratings(rated, [name.removeprefix(prefix) for name in names], self._resampling)
        return {name: _renamed(value, name) for name, value in zip(names, found, strict=True)}

    def _note_undecided(self) -> None:
        for annotator, count in sorted(self._columns.undecided.items()):
            self._left_out.append(LeftOut("spans", "suggestions that nobody has decided", count, annotator))

    def _pairs(self) -> tuple[PairFigures, ...]:
        found = self._of_spans.by_pair(self._by_characters)
        more = self._of_tokens.by_pair(self._by_token)
        self._step()
        return tuple(PairFigures(a, b, (*values, *more[a, b])) for (a, b), values in found.items())

    def _labels(self) -> tuple[LabelFigures, ...]:
        found = self._of_spans.by_label(self._by_characters)
        more = self._of_tokens.by_label(self._by_token)
        self._step()
        return tuple(LabelFigures(label, (*values, *more[label])) for label, values in found.items())


def _renamed(value: Value, name: str) -> Value:
    return Value(name, value.value, value.n, value.low, value.high, value.undefined_because)


def _confusion(table: SpanTable) -> Confusion:
    names = (*table.labels, NOTHING)
    return Confusion(names, names, tuple(tuple(row) for row in count_confusions(table).tolist()))


def _definition(name: str) -> Definition:
    if name in SPANS:
        one = SPANS[name]
        return Definition(name, one.title, one.definition, one.counts, one.citation)
    prefix = MATCHED if name.startswith(MATCHED) else DOCUMENT
    rated, said = CODING[name.removeprefix(prefix)], _SAYS[prefix]
    return Definition(name, rated.title, f"Of {said}: {rated.definition}", rated.counts, rated.citation)
