"""A review in words and cells. Knows no widget."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from annotator.agreement.report import AgreementReport
from annotator.agreement.shapes import Value
from annotator.ui.agreement.grid import Cell
from annotator.ui.theme import Theme
from annotator.workflows.agreement_files import value_in_words
from annotator.workflows.agreement_review import EXACT, Review

BY_LABEL = (EXACT, "pooled_span_f1_partial", "alpha_u_1995_category")
HEADS = ("Exact F1", "Partial F1", "Unitizing alpha")


def headline(report: AgreementReport) -> str:
    """The first figure, in a sentence."""
    value = next((one for one in report.measures if one.name == EXACT), None)
    if value is None or value.value is None:
        return f"Exact F1 is undefined: {value.undefined_because if value else 'it was not measured'}"
    return f"Exact F1 {value_in_words(value)}, all pairs pooled"


def pair_cells(report: AgreementReport, name: str) -> list[list[Cell]]:
    """The matrix of pairs, symmetric; the diagonal is empty."""
    people = report.annotators
    values = {frozenset((one.a, one.b)): one.measures for one in report.pairs}
    return [
        [Cell() if a == b else _pair_cell(a, b, _find(values.get(frozenset((a, b)), ()), name)) for b in people]
        for a in people
    ]


def confusion_cells(report: AgreementReport) -> list[list[Cell]]:
    """Counts, shaded by their share of the row; agreement stands on the diagonal."""
    rows = []
    for at, counts in enumerate(report.confusion.counts):
        total = max(sum(counts), 1)
        name = report.confusion.rows[at]
        rows.append(
            [
                Cell(
                    f"{count:,}" if count else "",
                    count / total,
                    f"{name} met {report.confusion.columns[column]} {count:,} times",
                    can_be_chosen=count > 0 and column != at,
                )
                for column, count in enumerate(counts)
            ]
        )
    return rows


def tables(review: Review, theme: Theme) -> str:
    """Labels, kinds, hardest documents and strings, all figures, and what was left out, as HTML."""
    kinds = review.kinds
    head = f"<style>body {{ color: {theme.text}; }} a {{ color: {theme.accent}; }} th {{ color: {theme.dim}; }}</style>"
    return "".join(
        (
            head,
            "<h3>Labels</h3>",
            _table(("", *HEADS, "n"), (_label_row(one.label, one.measures) for one in review.report.labels)),
            "<h3>How spans of two annotators differ</h3>",
            _table(
                ("the same", "missing", "boundary", "label", "boundary and label"),
                [[f"{one:,}" for one in (kinds.agreed, kinds.missing, kinds.boundary, kinds.label, kinds.both)]],
            ),
            "<h3>Hardest documents</h3>",
            _table(
                ("", "Exact F1", "spans"),
                ([_link(one.id, one.key), f"{one.value:.3f}", f"{one.spans:,}"] for one in review.documents),
            ),
            "<h3>Hardest strings</h3>",
            _table(
                ("", "differences", "labels"),
                (
                    [
                        _link(one.words, one.key, one.start, one.end),
                        f"{one.differences:,}",
                        _joined(one.labels),
                    ]
                    for one in review.strings
                ),
            ),
            "<h3>All figures</h3>",
            _table(("", "value", "n", ""), (_figure_row(value, review.report) for value in review.report.measures)),
            _reliability(review.report),
            "<h3>Left out</h3>",
            _left_out(review.report),
        )
    )


def find_document(url: Any) -> tuple[int, int, int]:
    """Key, start and end of a link of `tables`; start and end are 0 for a whole document."""
    key, start, end = (int(part) for part in url.toString().removeprefix("document:").split("-"))
    return key, start, end


def _pair_cell(a: str, b: str, value: Value | None) -> Cell:
    if value is None:
        return Cell("–", tip=f"{a} and {b} share no document")
    if value.value is None:
        return Cell("–", tip=value.undefined_because)
    tip = f"{a} and {b}: {value_in_words(value)}, n = {value.n:,}"
    return Cell(f"{value.value:.3f}", value.value, tip, can_be_chosen=True)


def _find(measures: Iterable[Value], name: str) -> Value | None:
    return next((one for one in measures if one.name == name), None)


def _label_row(label: str, measures: Sequence[Value]) -> list[str]:
    values = [_find(measures, name) for name in BY_LABEL]
    shown = [value_in_words(one) if one else "–" for one in values]
    return [escape(label), *shown, f"{values[0].n:,}" if values[0] else ""]


def _figure_row(value: Value, report: AgreementReport) -> list[str]:
    title = next((one.title for one in report.definitions if one.name == value.name), value.name)
    prefix = next((words for name, words in _PREFIXES.items() if value.name.startswith(name)), "")
    return [escape(prefix + title), value_in_words(value), f"{value.n:,}", escape(value.undefined_because)]


_PREFIXES = {"matched_label": "Matched labels: ", "document_label": "Document labels: ", "token_label": "Tokens: "}


def _reliability(report: AgreementReport) -> str:
    if not report.reliability:
        return ""
    rows = [
        [escape(one.annotator), *("–" if held is None else f"{held:.3f}" for held in (one.dawid_skene, one.mace))]
        for one in report.reliability
    ]
    return "<h3>Reliability</h3>" + _table(("", "Dawid–Skene", "MACE"), rows)


def _left_out(report: AgreementReport) -> str:
    items = [
        f"{one.count:,} {one.what}{f' of {one.annotator}' if one.annotator else ''}: {one.reason}"
        for one in report.left_out
    ]
    return "".join(f"<p>{escape(item)}</p>" for item in [*items, *report.warnings] or ["Nothing."])


def _joined(names: Sequence[str]) -> str:
    return escape(", ".join(names))


def _link(words: str, key: int, start: int = 0, end: int = 0) -> str:
    return f"<a href='document:{key}-{start}-{end}'>{escape(words)}</a>"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    body = "".join(
        "<tr>" + "".join(f"<td{' align=right' if at else ''}>{cell}</td>" for at, cell in enumerate(row)) + "</tr>"
        for row in rows
    )
    if not body:
        return "<p>None.</p>"
    head = "".join(f"<th align={'right' if at else 'left'}>{escape(one)}</th>" for at, one in enumerate(heads))
    return f"<table cellpadding=4>{f'<tr>{head}</tr>'}{body}</table>"
