"""Commands about several annotators: ``assign``, ``handout``, ``collect``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from annotator.domain.projects import Status
from annotator.terminal import DONE, FAILED, LEFT_OUT, Terminal, names_of

if TYPE_CHECKING:
    from annotator.domain.assigning import Plan, Way
    from annotator.workflows.assigning import WorkDone
    from annotator.workflows.collecting import Collected

STATUS = click.Choice([status.value for status in Status])
Reports = Callable[[Callable[..., Any]], Callable[..., Any]]


def add_team_commands(cli: click.Group, reports: Reports) -> None:
    """Give the command line its commands about several annotators."""

    @cli.command()
    @click.argument("project")
    @click.option("--annotators", default="", help="Names, separated by commas; without any, how far everybody is.")
    @click.option("--all", "is_all", is_flag=True, help="Every document to everybody (the default).")
    @click.option("--share", type=click.FloatRange(0, 1, min_open=True), help="This share of the documents to each.")
    @click.option("--per-document", type=click.IntRange(1), help="So many annotators to each document.")
    @click.option("--seed", type=int, default=0, show_default=True, help="Makes the plan the same again.")
    @click.option("--documents", "query", default="", help="Only documents with these words, as in the document list.")
    @click.option(
        "--status",
        "statuses",
        multiple=True,
        type=STATUS,
        help="Only documents with this status; new: begun by nobody.",
    )
    @click.option("--dry-run", is_flag=True, help="Say what would be assigned; assign nothing.")
    @reports
    def assign(
        terminal: Terminal,
        project: str,
        annotators: str,
        is_all: bool,
        share: float | None,
        per_document: int | None,
        seed: int,
        query: str,
        statuses: tuple[str, ...],
        dry_run: bool,
    ) -> int:
        """Assign documents to annotators, balanced; what is assigned already stays. Says how far everybody is."""
        from annotator.workflows.assigning import AssignRequest
        from annotator.workflows.project import Project

        way = _way(is_all=is_all, share=share, per_document=per_document)
        names = names_of(annotators)
        request = AssignRequest(names, way, seed, query, tuple(Status(status) for status in statuses))
        with Project.open(project, read_only=dry_run or not names) as opened:
            plan = opened.assign(request, is_dry_run=dry_run) if names else None
            work = opened.work_done()
        terminal.result(_plain_assignment(plan, work), _assignment_in_words(plan, work, is_dry_run=dry_run))
        return DONE

    @cli.command()
    @click.argument("project")
    @click.argument("out", type=click.Path(path_type=Path))
    @click.option("--annotator", required=True, help="Whose documents.")
    @reports
    def handout(terminal: Terminal, project: str, out: Path, annotator: str) -> int:
        """Write an annotator's documents to OUT, a project of its own without anybody else's labels."""
        from annotator.workflows.project import Project

        with Project.open(project) as opened, terminal.progress("Handing out") as progress:
            report = opened.hand_out(annotator, out, progress)
        terminal.result(
            {"path": str(report.path), "annotator": annotator, "documents": report.documents, "edits": report.edits},
            f"Handed {report.documents} documents out to {annotator}: {report.path}",
        )
        return DONE

    @cli.command()
    @click.argument("project")
    @click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
    @reports
    def collect(terminal: Terminal, project: str, files: tuple[Path, ...]) -> int:
        """Take back what was labelled in FILES that were handed out; twice collected changes nothing."""
        from annotator.workflows.project import Project

        with Project.open(project) as opened, terminal.progress("Collecting") as progress:
            reports = opened.collect(files, progress)
        return _tell_collected(terminal, reports)


def _way(*, is_all: bool, share: float | None, per_document: int | None) -> Way:
    from annotator.domain.assigning import Everything, PerDocument, Share

    if sum((is_all, share is not None, per_document is not None)) > 1:
        raise click.UsageError("choose one of --all, --share and --per-document")
    if share is not None:
        return Share(share)
    return Everything() if per_document is None else PerDocument(per_document)


def _plain_assignment(plan: Plan | None, work: Sequence[WorkDone]) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "annotators": [
            {
                "annotator": one.annotator,
                "assigned": one.assigned,
                "done": one.done,
                "in_progress": one.in_progress,
                "skipped": one.skipped,
                "flagged": one.flagged,
                "seconds_per_document": one.seconds_each,
            }
            for one in work
        ]
    }
    if plan is not None:
        plain["documents"] = plan.documents
        plain["added"] = [{"document": document, "annotator": name} for document, name in plan.added]
        plain["loads"] = plan.loads
        plain["shared"] = [{"a": one, "b": other, "documents": n} for (one, other), n in plan.shared.items()]
    return plain


def _assignment_in_words(plan: Plan | None, work: Sequence[WorkDone], *, is_dry_run: bool) -> str:
    lines = []
    if plan is not None:
        verb = "Would assign" if is_dry_run else "Assigned"
        lines.append(f"{verb} {len(plan.added)} of {plan.documents} documents anew: {plan.in_words}")
    lines += [_work_in_words(one) for one in work]
    return "\n".join(lines or ["Nothing is assigned, and nobody has labelled anything yet"])


def _work_in_words(one: WorkDone) -> str:
    queue = "no queue" if one.assigned is None else f"{one.assigned} assigned"
    pace = "" if one.seconds_each is None else f", {one.seconds_each / 60:.1f} min each"
    return f"  {one.annotator:20} {queue}, {one.done} done, {one.in_progress} in progress{pace}"


def _tell_collected(terminal: Terminal, reports: Sequence[Collected]) -> int:
    for one in reports:
        for fork in one.forked:
            terminal.warn(
                f"{one.path}: {fork.document}: not taken: {one.annotator} went on with it in the project, too; "
                "export both and compare them"
            )
        for strange in one.unknown_labels:
            terminal.warn(f"{one.path}: {strange.document}: not taken: the scheme has no label {strange.label}")
        if one.refused:
            terminal.warn(f"refused: {one.refused}")
    plain = [
        {
            "path": one.path,
            "annotator": one.annotator,
            "documents": one.documents,
            "edits": one.edits,
            "forked": [{"document": fork.document} for fork in one.forked],
            "unknown_labels": [
                {"document": strange.document, "label": strange.label} for strange in one.unknown_labels
            ],
            "refused": one.refused or None,
        }
        for one in reports
    ]
    lines = [
        f"{one.path}: {one.edits} edits in {one.documents} documents by {one.annotator}"
        for one in reports
        if not one.refused
    ]
    terminal.result({"files": plain}, "\n".join(lines))
    if all(one.refused for one in reports):
        return FAILED
    return DONE if all(one.is_whole for one in reports) else LEFT_OUT
