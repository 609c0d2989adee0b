"""An agreement report as files: CSV, JSON, LaTeX, and the page that a paper can cite (HTML)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from annotator.agreement.report import AgreementReport, Definition, LeftOut
from annotator.agreement.shapes import Value
from annotator.formats.documents.own_rows import guarded
from annotator.workflows.agreement_plain import report_to_plain

HEAD = ("scope", "of", "measure", "value", "low", "high", "n", "undefined_because")
CITED = ("pooled_span_f1_exact", "pairwise_span_f1_exact", "pairwise_span_f1_exact_sd", "pooled_token_f1",
    "alpha_u_1995", "u_alpha_2016", "gamma", "gamma_cat", "matched_label_krippendorff_alpha_nominal",
    "document_label_krippendorff_alpha_nominal")  # fmt: skip
"""What the one-page report shows; the other files have all."""

MOST_ROWS = 18

_SPECIAL = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"} | {
    char: f"\\{char}" for char in "&%$#_{}"
}


def as_json(report: AgreementReport) -> str:
    """All figures, as the command prints them."""
    return json.dumps(report_to_plain(report), ensure_ascii=False, indent=1) + "\n"


def as_csv(report: AgreementReport) -> str:
    """A row for each figure: of all, of a label, a pair, an attribute, a document. No cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    for scope, of, value in _figures(report):
        numbers = ("" if one is None else one for one in (value.value, value.low, value.high))
        writer.writerow((scope, guarded(of), value.name, *numbers, value.n, value.undefined_because))
    return out.getvalue()


def as_latex(report: AgreementReport) -> str:
    """Tables for a paper, by booktabs: all figures that are defined, by label, by pair."""
    measures = [(value.name, value) for value in report.measures if value.value is not None]
    labels = [(one.label, value) for one in report.labels for value in one.measures if value.name == CITED[0]]
    pairs = [
        (f"{one.a} and {one.b}", value) for one in report.pairs for value in one.measures if value.name == CITED[0]
    ]
    who = ", ".join(report.annotators)
    caption = f"Agreement of {who} on {report.documents} documents, layer {report.layer}"
    parts = [
        _latex_table("measure", measures, caption),
        _latex_table("label", labels, "Exact F1 by label, pairs pooled"),
        _latex_table("pair", pairs, "Exact F1 by pair"),
    ]
    return "% needs \\usepackage{booktabs}\n" + "\n".join(parts)


def as_html(report: AgreementReport, heading: str, made: str, *, style: str = "") -> str:
    """The page that a paper can cite: figures, by label and by pair, what was left out, and the definitions.

    ``made``: by what and when; ``style``: a style sheet.
    """
    shown = [value for value in report.measures if value.name in CITED and _is_worth_showing(value)]
    definitions = {one.name: one for one in report.definitions}
    who = escape(", ".join(report.annotators))
    body = [
        f"<h1>{escape(heading)}</h1>",
        f"<p>{report.documents:,} documents that two or more of {who} annotated; layer {escape(report.layer)}. "
        f"{escape(made)}</p>",
        _html_table("Figure", [(_title(definitions, value), value) for value in shown]),
        "<table width='100%'><tr><td valign='top'><h2>By label</h2>",
        _html_table("Exact F1, pooled", _of(((one.label, one.measures) for one in report.labels), CITED[0])),
        "</td><td valign='top'><h2>By pair</h2>",
        _html_table("Exact F1", _of(((f"{one.a}, {one.b}", one.measures) for one in report.pairs), CITED[0])),
        "</td></tr></table>",
        "<h2>Left out</h2>",
        _list(_left_out_in_words(one) for one in report.left_out) or "<p>Nothing.</p>",
        *(f"<p><b>Warning:</b> {escape(warning)}</p>" for warning in report.warnings if "token" not in warning),
        "<h2>Definitions</h2>",
        _list(_defined(definitions[value.name]) for value in shown if value.name in definitions),
        "<p>In brackets: 95 % of the samples of documents drawn with replacement. "
        "n is what the definition says.</p>",
    ]  # fmt: skip
    return f"<html><head><meta charset='utf-8'><style>{style}</style></head><body>{''.join(body)}</body></html>"


def value_in_words(value: Value) -> str:
    """A figure with its interval, or a dash."""
    if value.value is None:
        return "–"
    interval = "" if value.low is None or value.high is None else f" [{value.low:.3f}, {value.high:.3f}]"
    return f"{value.value:.3f}{interval}"


def _figures(report: AgreementReport) -> Iterator[tuple[str, str, Value]]:
    yield from (("all", "", value) for value in report.measures)
    yield from (("label", one.label, value) for one in report.labels for value in one.measures)
    yield from (("pair", f"{one.a} | {one.b}", value) for one in report.pairs for value in one.measures)
    yield from (("attribute", one.label, value) for one in report.attributes for value in one.measures)
    yield from (("document", one.document, value) for one in report.documents_apart for value in one.measures)


def _latex_table(first: str, rows: Sequence[tuple[str, Value]], caption: str) -> str:
    lines = [
        r"\begin{table}",
        rf"\caption{{{_latex(caption)}}}",
        r"\begin{tabular}{lrrrr}",
        r"\toprule",
        rf"{first} & value & low & high & n \\",
        r"\midrule",
    ]
    for name, value in rows:
        numbers = " & ".join("--" if one is None else f"{one:.3f}" for one in (value.value, value.low, value.high))
        lines.append(rf"{_latex(name)} & {numbers} & {value.n} \\")
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}", r"\end{table}", ""])


def _latex(words: str) -> str:
    return "".join(_SPECIAL.get(char, char) for char in words)


def _of(groups: Iterable[tuple[str, Sequence[Value]]], name: str) -> list[tuple[str, Value]]:
    return [(of, value) for of, values in groups for value in values if value.name == name]


def _is_worth_showing(value: Value) -> bool:
    return value.value is not None or not value.name.startswith("document_label")


def _title(definitions: dict[str, Definition], value: Value) -> str:
    return definitions[value.name].title if value.name in definitions else value.name


def _html_table(head: str, rows: Sequence[tuple[str, Value]]) -> str:
    if not rows:
        return "<p>There is none.</p>"
    cells = "".join(
        f"<tr><td>{escape(name)}</td><td align='right'>{value_in_words(value)}</td><td align='right'>{value.n:,}</td>"
        f"<td>{escape(value.undefined_because)}</td></tr>"
        for name, value in rows[:MOST_ROWS]
    )
    if len(rows) > MOST_ROWS:
        cells += f"<tr><td>and {len(rows) - MOST_ROWS:,} more: see the file with all figures</td></tr>"
    heads = f"<tr><th align='left'>{escape(head)}</th><th></th><th>n</th><th></th></tr>"
    return f"<table cellpadding='2' cellspacing='0'>{heads}{cells}</table>"


def _list(items: Iterable[str]) -> str:
    held = "".join(f"<li>{one}</li>" for one in items)
    return f"<ul>{held}</ul>" if held else ""


def _left_out_in_words(one: LeftOut) -> str:
    whose = f" of {one.annotator}" if one.annotator else ""
    return escape(f"{one.count:,} {one.what}{whose}: {one.reason}")


def _defined(one: Definition) -> str:
    return f"<b>{escape(one.title)}</b>: {escape(one.words)} n counts {escape(one.counts)}. {escape(one.citation)}."
