"""Seeded errors: wrong suggestions that an annotator does not know of, restored afterwards, and how many were found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from annotator.domain.edits import Relabel
from annotator.domain.errors import UserError
from annotator.domain.planting import Found, Plant, choose_plants, find_outcome
from annotator.domain.projects import Annotator
from annotator.store import ProjectStore, Reader, UnitOfWork
from annotator.workflows import clock
from annotator.workflows.assigning import refuse_handed_out
from annotator.workflows.progress import Progress, Silent, raise_if_cancelled
from annotator.workflows.sets import append


class PlantingRefused(UserError):
    """Nothing was planted, and why."""


@dataclass(frozen=True, slots=True)
class Detection:
    """How many planted errors an annotator found. ``open``: planted and not restored yet."""

    annotator: str
    found: Counter[Found]
    open: int

    @property
    def rate(self) -> float | None:
        """The share that was detected, of those the annotator decided; None where they decided none."""
        decided = self.found[Found.DETECTED] + self.found[Found.MISSED]
        return self.found[Found.DETECTED] / decided if decided else None


def plant_errors(
    store: ProjectStore, annotator: str, share: float, seed: int, progress: Progress | None = None
) -> list[Plant]:
    """Make one suggestion wrong in ``share`` of the documents of an annotator's queue that they have not begun.

    Without a queue: of all documents. A document is tried once. Raises `PlantingRefused`, `Cancelled`.
    """
    told = progress or Silent()
    with store.writing() as unit:
        refuse_handed_out(unit)
        suggested = {}
        keys = _untouched(unit, annotator)
        for number, key in enumerate(keys):
            raise_if_cancelled(told)
            told.report(number, len(keys), "documents")
            if (found := unit.suggestions(key)) is not None and len(found.spans):
                suggested[key] = list(found.spans)
        plants = choose_plants(suggested, annotator, unit.scheme(), share, seed)
        if not plants:
            raise PlantingRefused(
                f"there is no document with suggestions that {annotator} has not begun and was not tried with",
                remedy="suggest spans, or assign more documents, first",
            )
        unit.ensure_annotator(Annotator(annotator))
        unit.plants().add(plants, clock.now())
    return plants


def restore_errors(store: ProjectStore, annotator: str, progress: Progress | None = None) -> Detection:
    """Take all planted errors of an annotator away: what they accepted, or have not decided, gets the right label.

    What they changed stays as they made it. Returns how many of all that ever was planted were found. Raises
    `Cancelled`; then nothing has changed.
    """
    told = progress or Silent()
    with store.writing() as unit:
        plants = unit.plants().open_of(annotator)
        for number, plant in enumerate(plants):
            raise_if_cancelled(told)
            told.report(number, len(plants), "errors")
            unit.plants().restore(plant, _restored(unit, plant), clock.now())
    return measure_detection(store, annotator)


def measure_detection(store: ProjectStore, annotator: str) -> Detection:
    """How many of the restored errors were found, and how many are still planted."""
    with store.reading() as reader:
        found = Counter(reader.plants().outcomes(annotator))
        return Detection(annotator, found, len(reader.plants().open_of(annotator)))


def _untouched(reader: Reader, annotator: str) -> list[int]:
    queue = reader.team().queue(annotator) or reader.document_keys()
    tried = reader.plants().keys_of(annotator)
    return [key for key in queue if key not in tried and not reader.has_set(key, annotator)]


def _restored(unit: UnitOfWork, plant: Plant) -> Found:
    doc = unit.load(plant.key, plant.annotator) if unit.has_set(plant.key, plant.annotator) else None
    outcome = find_outcome(plant, doc)
    if doc is not None and outcome in (Found.MISSED, Found.UNDECIDED):
        append(unit, plant.key, doc, Relabel(plant.span_id, plant.right, decided=outcome is Found.MISSED))
    return outcome
