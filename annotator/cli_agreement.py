"""The command ``agreement``: how far annotators agree, as a table or as JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from annotator.terminal import DONE, LEFT_OUT, Terminal, names_of

if TYPE_CHECKING:
    from annotator.agreement.report import AgreementReport
    from annotator.agreement.shapes import Value

Reports = Callable[[Callable[..., Any]], Callable[..., Any]]
_NAME_WIDTH = 44


def add_agreement_command(cli: click.Group, reports: Reports) -> None:
    """Give the command line ``agreement``."""

    @cli.command()
    @click.argument("project")
    @click.option("--annotators", default="", help="Names, separated by commas; without any, all people but gold.")
    @click.option("--layer", default="", help="The layer of the spans; without it, the one with most of them.")
    @click.option("--measure", "measures", multiple=True, help="Only this measure; may be given several times.")
    @click.option(
        "--bootstrap",
        "samples",
        type=click.IntRange(0, 100_000),
        default=1_000,
        show_default=True,
        help="Samples of documents for the intervals (95 %); 0: no intervals.",
    )
    @click.option("--by-document", is_flag=True, help="F1 of each document, too (with --json).")
    @click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Makes the samples the same.")
    @reports
    def agreement(
        terminal: Terminal,
        project: str,
        annotators: str,
        layer: str,
        measures: tuple[str, ...],
        samples: int,
        by_document: bool,
        seed: int,
    ) -> int:
        """Measure how far annotators agree, with intervals, by pair and by label.

        Only documents that two of them annotated count. What is undefined says why.
        """
        from annotator.workflows.agreeing import AgreementRequest
        from annotator.workflows.agreement_plain import report_to_plain
        from annotator.workflows.project import Project

        names = names_of(annotators)
        request = AgreementRequest(names, layer, measures, samples, seed, by_document)
        with Project.open(project, read_only=True) as opened, terminal.progress("Measuring agreement") as progress:
            report = opened.measure_agreement(request, progress)
        terminal.result(report_to_plain(report), report_in_words(report))
        return DONE if report.is_whole else LEFT_OUT


def report_in_words(report: AgreementReport) -> str:
    """The report for a person: every figure with its interval, by label and by pair, and what was left out."""
    who = ", ".join(report.annotators) or "nobody"
    lines = [f"{report.documents} documents annotated by two or more of {who}; layer {report.layer}"]
    lines += [_line(one) for one in report.measures]
    for label in report.labels:
        lines += [f"{label.label}:", *(_line(one) for one in label.measures if not one.name.endswith("_sd"))]
    for pair in report.pairs:
        lines += [f"{pair.a} and {pair.b}:", *(_line(one) for one in pair.measures if one.name.startswith("pooled"))]
    for attribute in report.attributes:
        lines += [f"attribute {attribute.label}:", *(_line(one) for one in attribute.measures)]
    for each in report.reliability:
        lines.append(
            f"reliability of {each.annotator}: {_share(each.dawid_skene)} (Dawid–Skene), {_share(each.mace)} (MACE)"
        )
    lines += [f"warning: {warning}" for warning in report.warnings]
    for one in report.left_out:
        whose = f" of {one.annotator}" if one.annotator else ""
        lines.append(f"left out: {one.count} {one.what}{whose}: {one.reason}")
    return "\n".join(lines)


def _share(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.3f}"


def _line(value: Value) -> str:
    if value.value is None:
        return f"  {value.name:{_NAME_WIDTH}} undefined: {value.undefined_because}"
    interval = "" if value.low is None or value.high is None else f" [{value.low:.3f}, {value.high:.3f}]"
    return f"  {value.name:{_NAME_WIDTH}} {value.value:.3f}{interval}  n = {value.n}"
