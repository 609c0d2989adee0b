"""Rescue files: edits that could not be written to the project, kept beside it and taken back later.

A rescue file is JSON lines, one journal entry a line, in order. It is written when a window must close while
the project cannot be written (full disk, lost network drive); the next opening takes it back by itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, Any

import orjson
from platformdirs import user_data_path

from annotator.domain.codec import edit_from_plain, edit_to_plain
from annotator.domain.edits import apply
from annotator.domain.errors import UserError
from annotator.store import EntryKind, NewEntry, ProjectStore, StaleSet, UnitOfWork
from annotator.workflows import clock

if TYPE_CHECKING:
    from annotator.workflows.project import Project


class RescueFailed(UserError):
    """A rescue file could not be written or taken back."""


def write_rescue(project_location: str, entries: Iterable[NewEntry], folders: Iterable[Path] = ()) -> Path:
    """Write entries into a new rescue file: beside the project, else in the first of ``folders`` that works."""
    lines = b"".join(orjson.dumps(_to_plain(entry)) + b"\n" for entry in entries)
    project = Path(project_location)
    stamp = clock.now().replace(":", "").replace("+0000", "Z")
    name = f"{project.name}.rescue-{stamp}.jsonl"
    faults: list[str] = []
    for folder in (project.parent, *folders, Path.home()):
        try:
            return _write(folder / name, lines)
        except OSError as fault:
            faults.append(f"{folder}: {fault.strerror}")
    raise RescueFailed(
        f"the edits could not be put aside ({'; '.join(faults)})", remedy="free some disk space and try again"
    )


def rescue_folders() -> tuple[Path, ...]:
    """Where rescue files go when the project's own folder cannot be written."""
    return (user_data_path("annotator", appauthor=False), Path(gettempdir()))


def take_back_all(project: Project) -> list[str]:
    """Take back every rescue file of a project; one sentence for each. A file that cannot be is kept."""
    sentences = []
    for path in find_rescues(project.location, rescue_folders()):
        try:
            taken = project.take_back(path)
            sentences.append(f"{taken} edits were taken back from {path.name}.")
        except (UserError, OSError, ValueError, KeyError) as fault:
            sentences.append(f"{path} could not be taken back ({fault}); it is kept.")
    return sentences


def find_rescues(project_location: str, folders: Iterable[Path] = ()) -> list[Path]:
    """Rescue files of this project, oldest first."""
    project = Path(project_location)
    found: list[Path] = []
    for folder in {project.parent, *folders, Path.home()}:
        found += folder.glob(f"{project.name}.rescue-*.jsonl")
    return sorted(found, key=lambda path: path.name)


def take_back(store: ProjectStore, rescue: Path) -> int:
    """Write a rescue file's edits into the project; returns how many were still missing.

    What is in the project already is passed over, so taking back twice changes nothing. The file is renamed
    to ``….taken-back`` afterwards. Raises `StaleSet` when somebody else went on with a document meanwhile.
    """
    plains = [orjson.loads(line) for line in rescue.read_bytes().splitlines() if line]
    with store.writing() as unit:
        taken = sum(_take_entry(unit, plain, rescue) for plain in plains)
    rescue.rename(rescue.with_name(rescue.name + ".taken-back"))
    return taken


def _take_entry(unit: UnitOfWork, plain: dict[str, Any], rescue: Path) -> bool:
    key = unit.find_document(plain["document"])
    if key is None:
        raise RescueFailed(f"the project has no document {plain['document']}", where=str(rescue))
    annotator, seq = plain["annotator"], plain["seq"]
    last_seq = unit.last_seq(key, annotator)
    if seq <= last_seq:
        if any(entry.seq == seq and entry.at == plain["at"] for entry in unit.journal(key, annotator)):
            return False
        raise StaleSet(
            f"{annotator}'s labels on {plain['document']} went on elsewhere",
            where=str(rescue),
            remedy="compare by hand; the rescue file is kept",
        )
    before = unit.load(key, annotator)
    edit = edit_from_plain(plain["edit"])
    applied = apply(before, edit)
    unit.append(
        NewEntry(
            key=key,
            annotator=annotator,
            seq=seq,
            kind=EntryKind(plain["kind"]),
            edit=edit,
            inverse=applied.inverse,
            undoes=plain["undoes"],
            at=plain["at"],
            view=plain["view"],
            before=before,
            after=applied.doc,
            touched=applied.touched,
        )
    )
    return True


def _to_plain(entry: NewEntry) -> dict[str, Any]:
    return {
        "document": entry.before.document.id,
        "annotator": entry.annotator,
        "seq": entry.seq,
        "kind": entry.kind.value,
        "edit": edit_to_plain(entry.edit),
        "undoes": entry.undoes,
        "at": entry.at,
        "view": dict(entry.view),
    }


def _write(path: Path, lines: bytes) -> Path:
    with path.open("xb") as file:
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())
    return path
