"""Commands about files of other tools: ``import``, ``export``, ``formats``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from annotator.domain.projects import Status
from annotator.terminal import DONE, LEFT_OUT, Terminal

if TYPE_CHECKING:
    from annotator.workflows.exporting import ExportReport
    from annotator.workflows.import_request import ImportReport

STATUS = click.Choice([status.value for status in Status])
TAGS = click.Choice(["IOB2", "IOB1", "BIOES", "BILOU"])
SHOWN_LOSSES = 200
"""So many losses are named one by one on a terminal; the manifest and ``--json`` have all."""

Reports = Callable[[Callable[..., Any]], Callable[..., Any]]


class Pairs(click.ParamType[tuple[str, str]]):
    """``NAME=VALUE``."""

    name = "name=value"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """The two sides of the first ``=``."""
        if isinstance(value, tuple):
            return (str(value[0]), str(value[1]))
        name, equals, given = str(value).partition("=")
        if not equals or not name.strip():
            self.fail(f"{value!r} is not NAME=VALUE", param, ctx)
        return name.strip(), given.strip()


class Shares(click.ParamType[tuple[float, float, float]]):
    """``80/10/10``: shares of train, dev and test."""

    name = "train/dev/test"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, float, float]:
        """Three shares that make 1."""
        if isinstance(value, tuple):
            return (float(value[0]), float(value[1]), float(value[2]))
        try:
            shares = [float(part) for part in str(value).split("/")]
        except ValueError:
            shares = []
        if not 2 <= len(shares) <= 3 or min(shares) < 0 or sum(shares) <= 0:
            self.fail(f"{value!r} is not three shares such as 80/10/10", param, ctx)
        train, dev, test = (*shares, 0.0)[:3]
        return train / sum(shares), dev / sum(shares), test / sum(shares)


def add_file_commands(cli: click.Group, reports: Reports, default_annotator: Callable[[], str]) -> None:
    """Give the command line its commands about files."""

    @cli.command("import")
    @click.argument("project")
    @click.argument("sources", nargs=-1, required=True)
    @click.option("--format", "format_name", default=None, help="The format (default: guessed). See `formats`.")
    @click.option("--annotator", default=None, help="Whose labels these are (default: as the records say).")
    @click.option(
        "--newlines", type=click.Choice(["keep", "lf"]), default="keep", show_default=True, help="CRLF and CR."
    )
    @click.option("--map", "labels", type=Pairs(), multiple=True, help="A label of the file as one here; empty: not.")
    @click.option("--column", "columns", type=Pairs(), multiple=True, help="Of a table: text=Body, id=Key …")
    @click.option("--dry-run", is_flag=True, help="Report what would happen; store nothing.")
    @reports
    def import_documents(
        terminal: Terminal,
        project: str,
        sources: tuple[str, ...],
        format_name: str | None,
        annotator: str | None,
        newlines: Literal["keep", "lf"],
        labels: tuple[tuple[str, str], ...],
        columns: tuple[tuple[str, str], ...],
        dry_run: bool,
    ) -> int:
        """Import documents from files, folders, archives or - (standard input)."""
        from annotator.workflows.import_request import ImportRequest
        from annotator.workflows.project import Project

        request = ImportRequest(
            sources, format_name, annotator, default_annotator(), newlines, dry_run, dict(labels), columns
        )
        with Project.open(project) as opened, terminal.progress("Importing") as progress:
            report = opened.import_documents(request, progress)
        return _tell_import(terminal, report, "Would import" if dry_run else "Imported")

    @cli.command()
    @click.argument("project")
    @click.argument("out", type=click.Path(path_type=Path))
    @click.option("--format", "format_name", required=True, help="jsonl, conll2003, spacy … See `formats`.")
    @click.option("--annotator", default=None, help="Whose labels (default: the only annotator's).")
    @click.option("--gold", is_flag=True, help="The adjudicated labels.")
    @click.option("--all", "everybody", is_flag=True, help="The labels of every annotator.")
    @click.option("--status", "statuses", multiple=True, type=STATUS, help="Only documents with this status.")
    @click.option("--label", "labels", multiple=True, help="Only spans with this label.")
    @click.option("--on-loss", type=click.Choice(["report", "refuse"]), default="report", show_default=True)
    @click.option("--tags", type=TAGS, default="IOB2", show_default=True, help="For one tag a token.")
    @click.option("--split", type=Shares(), default=None, help="Train, dev and test, such as 80/10/10.")
    @click.option("--seed", type=int, default=0, show_default=True, help="Makes the split the same again.")
    @click.option("--pseudonyms", is_flag=True, help="Annotators are A1, A2, … in the files and their card.")
    @reports
    def export(
        terminal: Terminal,
        project: str,
        out: Path,
        format_name: str,
        annotator: str | None,
        gold: bool,
        everybody: bool,
        statuses: tuple[str, ...],
        labels: tuple[str, ...],
        on_loss: Literal["report", "refuse"],
        tags: Literal["IOB2", "IOB1", "BIOES", "BILOU"],
        split: tuple[float, float, float] | None,
        seed: int,
        pseudonyms: bool,
    ) -> int:
        """Write training data to OUT (a file or a folder), read it back as proof, with a manifest and a data card."""
        from annotator.workflows.export_request import ExportRequest
        from annotator.workflows.project import Project

        if sum((annotator is not None, gold, everybody)) > 1:
            raise click.UsageError("choose one of --annotator, --gold and --all")
        request = ExportRequest(
            out=out,
            format=format_name,
            annotator=annotator,
            is_gold=gold,
            is_all=everybody,
            statuses=tuple(Status(status) for status in statuses),
            labels=labels,
            on_loss=on_loss,
            tag_scheme=tags,
            split=split,
            seed=seed,
            has_pseudonyms=pseudonyms,
        )
        with Project.open(project, read_only=True) as opened, terminal.progress("Exporting") as progress:
            report = opened.export(request, progress)
        return _tell_export(terminal, report)

    @cli.command()
    @reports
    def formats(terminal: Terminal) -> int:
        """Every format: what it reads and writes, and what it cannot hold."""
        return _tell_formats(terminal)


def _tell_import(terminal: Terminal, report: ImportReport, verb: str) -> int:
    for rejected in report.rejected:
        terminal.warn(f"{rejected.path}:{rejected.line}: rejected: {rejected.reason}")
    for remark in report.remarks:
        terminal.say(f"{remark.path}:{remark.line}: {remark.what}")
    suggested = f" and {report.suggestions} suggestions" if report.suggestions else ""
    terminal.result(
        {
            "accepted": report.accepted,
            "duplicates": report.duplicates,
            "spans": report.spans,
            "suggestions": report.suggestions,
            "rejected": [{"path": one.path, "line": one.line, "reason": one.reason} for one in report.rejected],
            "remarks": [{"path": one.path, "line": one.line, "what": one.what} for one in report.remarks],
        },
        f"{verb} {report.accepted} documents with {report.spans} spans{suggested}; {report.duplicates} duplicates, "
        f"{len(report.rejected)} rejected",
    )
    return LEFT_OUT if report.rejected else DONE


def _tell_export(terminal: Terminal, report: ExportReport) -> int:
    from annotator.formats.manifest import loss_to_plain
    from annotator.workflows.proving import proof_to_plain

    for loss in report.left_out[:SHOWN_LOSSES]:
        what = " ".join(filter(None, [loss.label, loss.kind.value if loss.kind != "span" else "", loss.name]))
        terminal.warn(f"{loss.document_id} {loss.start}–{loss.end} {what}: left out: {loss.reason}")
    if (more := len(report.left_out) - SHOWN_LOSSES) > 0:
        terminal.warn(f"… and {more:,} more; all of them are in {report.manifest}")
    for difference in report.proof.differences:
        terminal.warn(f"{difference.document_id}: {difference.what}")
    files = [str(path) for path in report.files]
    terminal.result(
        {
            "documents": report.documents,
            "spans": report.spans,
            "left_out": [loss_to_plain(loss) for loss in report.left_out],
            "files": files,
            "manifest": str(report.manifest),
            "card": str(report.card),
            "proof": proof_to_plain(report.proof),
        },
        f"Wrote {report.documents} documents with {report.spans} spans to {', '.join(files)}; {report.proof.in_words}",
    )
    if report.proof.differences:
        terminal.warn("Do not use this export: what was read back differs from the project, as its manifest says.")
    return LEFT_OUT if report.left_out or report.proof.differences else DONE


def _tell_formats(terminal: Terminal) -> int:
    from annotator.workflows.format_list import known_formats

    found = known_formats()
    lines = []
    for one in found:
        does = " and ".join(word for word, can in (("reads", one.reads), ("writes", one.writes)) if can)
        needs = f" (pip install 'annotator[{one.extra}]')" if one.extra else ""
        lines.append(f"{one.name:14} {one.extension:10} {does}: {one.title}{needs}")
        lines += [f"{'':14} {'':10} cannot hold: {loss}" for loss in one.loses]
    plain = [
        {
            "name": one.name,
            "title": one.title,
            "extension": one.extension,
            "reads": one.reads,
            "writes": one.writes,
            "loses": list(one.loses),
            "extra": one.extra,
        }
        for one in found
    ]
    terminal.result({"formats": plain}, "\n".join(lines))
    return DONE
