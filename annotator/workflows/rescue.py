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

from annotator.domain.codec import edit_to_plain
from annotator.domain.errors import UserError
from annotator.store import NewEntry, ProjectStore
from annotator.workflows import clock
from annotator.workflows.taking_back import RescueFailed, TakenBack, TakingBack

__all__ = ["RescueFailed", "TakenBack", "find_rescues", "rescue_folders", "take_back", "take_back_all", "write_rescue"]

if TYPE_CHECKING:
    from annotator.workflows.project import Project


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
            sentences.append(_in_words(project.take_back(path), path))
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


def take_back(store: ProjectStore, rescue: Path) -> TakenBack:
    """Write a rescue file's edits into the project.

    What is in the project already is passed over, so taking back twice changes nothing. The file is renamed
    to ``….taken-back`` afterwards. Raises `StaleSet` when somebody else went on with a document meanwhile.
    """
    plains = [orjson.loads(line) for line in rescue.read_bytes().splitlines() if line]
    with store.writing() as unit:
        taken = TakingBack(unit, rescue).take(plains)
    rescue.rename(_taken(rescue))
    return taken


def _taken(rescue: Path) -> Path:
    return rescue.with_name(rescue.name + ".taken-back")


def _in_words(taken: TakenBack, rescue: Path) -> str:
    words = f"{_edits(taken.edits)} taken back from {rescue.name}."
    if taken.left_out:
        document_id, reason = taken.left_out[0]
        words = f"{words[:-1]}, {_edits(len(taken.left_out))} left out ({document_id}: {reason}) and kept in "
        words += f"{_taken(rescue).name}."
    return words


def _edits(count: int) -> str:
    return "1 edit was" if count == 1 else f"{count:,} edits were"


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
