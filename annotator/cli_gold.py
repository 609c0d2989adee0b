"""Commands about gold: ``adjudicate``, by majority for the impatient, and ``feedback`` to who labelled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from annotator.domain.planting import Found
from annotator.domain.rulings import BY_MAJORITY
from annotator.terminal import DONE, LEFT_OUT, Terminal, names_of

if TYPE_CHECKING:
    from annotator.domain.adjudicating import Case
    from annotator.domain.labels import LabelScheme
    from annotator.domain.rulings import Said
    from annotator.workflows.majority import MajorityReport

Reports = Callable[[Callable[..., Any]], Callable[..., Any]]
SHOWN = 20


def add_gold_commands(cli: click.Group, reports: Reports) -> None:
    """Give the command line its commands about gold."""

    @cli.command()
    @click.argument("project")
    @click.option("--majority", is_flag=True, help="Make gold what more than half of the annotators say.")
    @click.option("--weighted", is_flag=True, help="Weigh annotators by how reliable they are (three or more).")
    @click.option("--annotators", default="", help="Names, separated by commas; without any, all people but gold.")
    @click.option("--layer", default="", help="Only this layer; without it, all layers and document labels.")
    @click.option("--by", default=BY_MAJORITY, show_default=True, help="Who is to stand as having decided.")
    @click.option("--dry-run", is_flag=True, help="Say what would be decided; change nothing.")
    @reports
    def adjudicate(
        terminal: Terminal,
        project: str,
        majority: bool,
        weighted: bool,
        annotators: str,
        layer: str,
        by: str,
        dry_run: bool,
    ) -> int:
        """Decide where annotators differ. Without --majority: how much is open; nothing is changed.

        What all annotators say becomes gold at once. What no majority says stays open, and is named.
        """
        from annotator.workflows.adjudicating import AdjudicationRequest
        from annotator.workflows.majority import adjudicate_by_majority
        from annotator.workflows.project import Project

        if weighted and not majority:
            raise click.UsageError("--weighted goes with --majority")
        names = names_of(annotators)
        is_dry = dry_run or not majority
        with Project.open(project, read_only=is_dry) as opened, terminal.progress("Adjudicating") as progress:
            adjudication = opened.adjudication(AdjudicationRequest(names, layer))
            report = adjudicate_by_majority(
                adjudication, by, is_weighted=weighted, is_dry_run=is_dry, only_survey=not majority, progress=progress
            )
            scheme = opened.scheme()
        terminal.result(_plain(report, scheme, is_dry_run=is_dry), _in_words(report, scheme, is_dry_run=is_dry))
        return DONE if report.is_whole or not majority else LEFT_OUT

    @cli.command()
    @click.argument("project")
    @click.argument("out", type=click.Path(path_type=Path), required=False)
    @click.option("--annotator", required=True, help="Whose labels are held against gold.")
    @reports
    def feedback(terminal: Terminal, project: str, out: Path | None, annotator: str) -> int:
        """Tell an annotator where they differ from gold, by kind and label, with examples; OUT: as a page (HTML)."""
        from annotator.workflows.feedback_page import feedback_html, feedback_in_words, feedback_to_plain
        from annotator.workflows.file_names import write_whole
        from annotator.workflows.project import Project

        with Project.open(project, read_only=True) as opened, terminal.progress("Comparing with gold") as progress:
            found = opened.feedback(annotator, progress)
        if out is not None:
            write_whole(out, feedback_html(found, f"Feedback for {annotator}"))
        terminal.result(feedback_to_plain(found) | {"file": str(out) if out else None}, feedback_in_words(found))
        return DONE


def add_seeding_command(cli: click.Group, reports: Reports) -> None:
    """Give the command line ``seed-errors``."""

    @cli.command("seed-errors")
    @click.argument("project")
    @click.option("--annotator", required=True, help="Who is tried; they are not told.")
    @click.option("--share", type=click.FloatRange(0, 1, min_open=True), help="Plant an error in so many documents.")
    @click.option("--seed", type=int, default=0, show_default=True, help="Makes the choice the same again.")
    @click.option("--restore", is_flag=True, help="Take all of them away again, and say how many were found.")
    @reports
    def seed_errors(
        terminal: Terminal, project: str, annotator: str, share: float | None, seed: int, restore: bool
    ) -> int:
        """Make suggestions wrong in a share of an annotator's documents, to see whether they look.

        Without --share and --restore: how many were found so far.
        """
        from annotator.workflows.project import Project

        if restore and share is not None:
            raise click.UsageError("--share plants and --restore takes away: give one of them")
        is_reading = share is None and not restore
        with (
            Project.open(project, read_only=is_reading) as opened,
            terminal.progress("Seeding errors") as progress,
        ):
            planted = opened.plant_errors(annotator, share, seed, progress) if share is not None else []
            done = opened.restore_errors(annotator, progress) if restore else opened.measure_detection(annotator)
        plain = {
            "annotator": annotator,
            "planted": len(planted),
            "open": done.open,
            **{outcome.value: done.found[outcome] for outcome in Found},
            "detection_rate": done.rate,
        }
        rate = (
            "nothing of it was decided yet" if done.rate is None else f"detected {done.rate:.0%} of what they decided"
        )
        counts = ", ".join(f"{done.found[outcome]} {outcome.value}" for outcome in Found)
        words = f"{annotator}: {len(planted)} planted now, {done.open} open; restored: {counts}; {rate}"
        terminal.result(plain, words)
        return DONE


def _plain(report: MajorityReport, scheme: LabelScheme, *, is_dry_run: bool) -> dict[str, Any]:
    return {
        "documents": report.documents,
        "annotators": list(report.annotators),
        "agreed": report.agreed,
        "decided": report.decided,
        "settled": report.settled,
        "undecided": [_plain_case(document, case, scheme) for document, case in report.undecided],
        "left_out": [{"document": document, "reason": reason} for document, reason in report.left_out],
        "weights": report.weights,
        "dry_run": is_dry_run,
    }


def _plain_case(document: str, case: Case, scheme: LabelScheme) -> dict[str, Any]:
    place = case.place
    return {
        "document": document,
        "start": place.start,
        "end": place.end,
        "layer": place.layer or None,
        "kind": place.kind.value,
        "state": case.state.value,
        "answers": {
            name: [{"start": one.start, "end": one.end, "label": _name(scheme, one, place.layer)} for one in said]
            for name, said in place.answers.items()
        },
    }


def _name(scheme: LabelScheme, said: Said, layer: str) -> str:
    return scheme.name_of(said.label, layer) if layer else said.label


def _in_words(report: MajorityReport, scheme: LabelScheme, *, is_dry_run: bool) -> str:
    would = " (nothing was changed)" if is_dry_run else ""
    lines = [
        f"{report.documents} documents of {', '.join(report.annotators)}: {report.agreed} places agreed, "
        f"{report.settled} settled before, {report.decided} decided by majority, "
        f"{len(report.undecided)} open{would}"
    ]
    if report.weights:
        lines.append("weights: " + ", ".join(f"{name} {value:.3f}" for name, value in report.weights.items()))
    lines += _open_in_words(report, scheme)
    lines += [f"left out: {document}: {reason}" for document, reason in report.left_out]
    return "\n".join(lines)


def _open_in_words(report: MajorityReport, scheme: LabelScheme) -> Sequence[str]:
    lines = []
    for document, case in report.undecided[:SHOWN]:
        place = case.place
        answers = "; ".join(
            f"{name}: {' + '.join(_name(scheme, one, place.layer) for one in said) or 'nothing'}"
            for name, said in place.answers.items()
        )
        lines.append(f"open: {document} {place.start}–{place.end} ({place.kind.value}): {answers}")
    if len(report.undecided) > SHOWN:
        lines.append(f"… and {len(report.undecided) - SHOWN} more (--json names all)")
    return lines
