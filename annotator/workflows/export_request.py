"""What is asked of an export: which labels, which documents, where to; and why that cannot be had."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from annotator.domain.errors import UserError
from annotator.domain.labels import LabelScheme
from annotator.domain.projects import GOLD, Annotator, AnnotatorKind, Status
from annotator.formats.registry import all_formats
from annotator.formats.shapes import Format
from annotator.workflows.project import only_human


class ExportRefused(UserError):
    """Nothing was written, and why."""


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """``out``: a file, or a folder that gets a file named after the project.

    Whose labels: ``annotator`` (a pipeline's name too), or ``is_gold``, or ``is_all``; without any of these,
    the only human annotator's. ``statuses``: only documents with these; empty: all that were begun. ``labels``: only
    spans with these (names); empty: all. ``has_pseudonyms``: data, names of files, manifest and card
    call people A1, A2, …; what stands in texts, notes and metadata is not touched.
    """

    out: Path
    format: str
    annotator: str | None = None
    is_gold: bool = False
    is_all: bool = False
    statuses: tuple[Status, ...] = ()
    labels: tuple[str, ...] = ()
    on_loss: Literal["report", "refuse"] = "report"
    tag_scheme: Literal["IOB2", "IOB1", "BIOES", "BILOU"] = "IOB2"
    split: tuple[float, float, float] | None = None
    seed: int = 0
    has_pseudonyms: bool = False
    is_dry_run: bool = False


def refuse_parts(request: ExportRequest, format_: Format) -> None:
    """Raise `ExportRefused` when parts for training are asked of a format that has none."""
    if request.split is not None and not format_.has_splits:
        able = ", ".join(one.name for one in all_formats() if one.has_splits and one.make_writer)
        raise ExportRefused(
            f"the format {format_.name!r} has no parts for training", remedy=f"choose one of {able}, or do not split"
        )


def wanted_labels(scheme: LabelScheme, names: Collection[str]) -> frozenset[tuple[str, str]] | None:
    """Layer and id of the labels with these names; None when all are wanted. Raises `ExportRefused`."""
    if not names:
        return None
    known = {label.name for _, label in scheme.labels}
    if unknown := sorted(set(names) - known):
        raise ExportRefused(
            f"there is no label {unknown[0]!r} in the scheme", remedy=f"choose among {', '.join(sorted(known))}"
        )
    return frozenset((layer.name, label.id) for layer, label in scheme.labels if label.name in names)


def chosen_annotators(annotators: list[Annotator], request: ExportRequest) -> list[str]:
    """Whose labels to export, in order; empty when nobody has labelled anything yet."""
    names = [one.name for one in annotators]
    humans = [one.name for one in annotators if one.kind is AnnotatorKind.HUMAN]
    if request.annotator is not None:
        if request.annotator not in names:
            raise ExportRefused(
                f"there is no annotator {request.annotator!r}",
                remedy=f"choose one of {', '.join(names)}" if names else "label something first",
            )
        return [request.annotator]
    if request.is_gold:
        if GOLD not in names:
            raise ExportRefused("nothing is adjudicated yet", remedy="export an annotator's labels instead")
        return [GOLD]
    if request.is_all or not humans:
        return humans
    if only := only_human(annotators):
        return [only]
    raise ExportRefused(
        f"{len(humans)} annotators have labels here", remedy=f"choose one of {', '.join(humans)}, or all"
    )


def target_of(out: Path, project_name: str, format_: Format) -> Path:
    """What to write: ``out`` itself, or a file (or folder) named after the project in the folder ``out``."""
    if format_.is_folder:
        target = _folder_target(out, f"{project_name}-{format_.name}")
    elif out.is_dir() or not out.suffix or str(out).endswith(os.sep):
        target = out / f"{project_name}{format_.extension}"
    else:
        target = out
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise ExportRefused(
            f"the folder cannot be made ({fault.strerror})", where=str(target.parent), remedy="choose another one"
        ) from fault
    return target


def _folder_target(out: Path, name: str) -> Path:
    """``out`` when it is new or empty or an earlier export; else a folder called ``name`` in it."""
    if out.is_file():
        raise ExportRefused("this is a file, and the format writes a folder", where=str(out), remedy="name a folder")
    for target in (out, out / name):
        if not target.exists() or manifest_path(target).exists() or not any(target.iterdir()):
            return target
    raise ExportRefused(
        "the folder has other files in it", where=str(out / name), remedy="choose another folder, or empty this one"
    )


def manifest_path(target: Path) -> Path:
    """Where the manifest of what is written to ``target`` goes."""
    return target.with_name(f"{target.name}.manifest.json")
