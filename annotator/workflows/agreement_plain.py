"""An agreement report as the JSON object that the command prints and the window exports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from annotator.agreement.report import AgreementReport, PairFigures
from annotator.agreement.shapes import Value


def report_to_plain(report: AgreementReport) -> dict[str, Any]:
    """The report as the JSON object of the command."""
    return {
        "documents": report.documents,
        "annotators": list(report.annotators),
        "layer": report.layer,
        "measures": _plain_values(report.measures),
        "pairs": [_plain_pair(one) for one in report.pairs],
        "labels": [{"label": one.label, "measures": _plain_values(one.measures)} for one in report.labels],
        "confusion": asdict(report.confusion),
        "left_out": [asdict(one) for one in report.left_out],
        "attributes": [{"attribute": one.label, "measures": _plain_values(one.measures)} for one in report.attributes],
        "by_document": [
            {"document": one.document, "measures": _plain_values(one.measures)} for one in report.documents_apart
        ],
        "reliability": [asdict(one) for one in report.reliability],
        "warnings": list(report.warnings),
        "definitions": [asdict(one) for one in report.definitions],
    }


def _plain_pair(pair: PairFigures) -> dict[str, Any]:
    """``semeval``: the counts of SemEval-2013, ``a`` as reference and ``b`` as response."""
    semeval = {
        way: asdict(counts) | {"precision": counts.precision, "recall": counts.recall, "f1": counts.f1}
        for way, counts in pair.semeval.items()
    }
    return {"a": pair.a, "b": pair.b, "measures": _plain_values(pair.measures), "semeval": semeval}


def _plain_values(values: Iterable[Value]) -> list[dict[str, Any]]:
    return [
        {
            "name": one.name,
            "value": one.value,
            "low": one.low,
            "high": one.high,
            "n": one.n,
            "undefined_because": one.undefined_because or None,
        }
        for one in values
    ]
