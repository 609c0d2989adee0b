"""Assigning documents to annotators, and how far each of them is. A plan can be looked at before it is carried out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from annotator.domain.assigning import Everything, PerDocument, Plan, Share, Way, plan_assignments
from annotator.domain.errors import UserError
from annotator.domain.history import active_seconds
from annotator.domain.projects import Annotator, AnnotatorKind, Status
from annotator.store import ProjectStore, Reader, Team
from annotator.workflows import clock


class AssignmentRefused(UserError):
    """Nothing was assigned, and why."""


@dataclass(frozen=True, slots=True)
class AssignRequest:
    """``annotators``: names; new ones are added. ``query``: words as in the filter of the document list.

    ``statuses``: only documents that somebody has with one of these; NEW: documents that nobody has begun.
    """

    annotators: tuple[str, ...]
    way: Way = field(default_factory=Everything)
    seed: int = 0
    query: str = ""
    statuses: tuple[Status, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkDone:
    """How far an annotator is. ``assigned`` is None without a queue: then all documents are theirs.

    ``done``, ``in_progress``, ``skipped``, ``flagged``: documents, of the queue where there is one.
    ``seconds_each``: time at work per document that was edited, as the history counts it (`active_seconds`); None
    where nothing was edited twice.
    """

    annotator: str
    assigned: int | None
    done: int
    in_progress: int
    skipped: int
    flagged: int
    seconds_each: float | None


def preview_assignment(store: ProjectStore, request: AssignRequest) -> Plan:
    """What `assign` would do. Raises a `UserError`."""
    with store.reading() as reader:
        return _plan(reader, request)


def assign(store: ProjectStore, request: AssignRequest) -> Plan:
    """Assign documents; what is assigned already stays. Raises a `UserError`, and then nothing was assigned."""
    with store.writing() as unit:
        plan = _plan(unit, request)
        for name in plan.annotators:
            unit.ensure_annotator(Annotator(name))
        keys = {row.id: row.key for row in unit.listing("")}
        unit.team().assign(((keys[id_], name) for id_, name in plan.added), _origin(request), clock.now())
    return plan


def work_done(store: ProjectStore) -> list[WorkDone]:
    """How far everybody is who has labelled something or was assigned something, by name."""
    with store.reading() as reader:
        team, statuses = reader.team(), reader.team().statuses()
        queues: dict[str, set[int]] = {}
        for one in team.assignments():
            queues.setdefault(one.annotator, set()).add(one.key)
        return [_work_of(team, name, queues.get(name), statuses.get(name, {})) for name in sorted({*statuses, *queues})]


def refuse_handed_out(reader: Reader) -> None:
    """Raise unless this is a project of its own: a file that was handed out has no team."""
    if to := reader.team().find_owner():
        raise AssignmentRefused(
            f"this file was handed out to {to}", remedy="assign, hand out and collect in the project it came from"
        )


def _plan(reader: Reader, request: AssignRequest) -> Plan:
    refuse_handed_out(reader)
    pipelines = {one.name for one in reader.annotators() if one.kind is AnnotatorKind.PIPELINE}
    if taken := sorted(pipelines.intersection(request.annotators)):
        raise AssignmentRefused(f"{taken[0]!r} is a pipeline", remedy="name people, or choose another name")
    rows = reader.listing("", query=request.query)
    wanted = _keys_with(reader.team(), [row.key for row in rows], request.statuses)
    held = [(one.document_id, one.annotator) for one in reader.team().assignments()]
    chosen = [row.id for row in rows if row.key in wanted]
    return plan_assignments(chosen, [name.strip() for name in request.annotators], held, request.way, request.seed)


def _keys_with(team: Team, keys: Collection[int], statuses: Collection[Status]) -> set[int]:
    if not statuses:
        return set(keys)
    found = [(key, status) for of_one in team.statuses().values() for key, status in of_one.items()]
    chosen = {key for key, status in found if status in statuses}
    begun = {key for key, status in found if status is not Status.NEW}
    return chosen | (set(keys) - begun) if Status.NEW in statuses else chosen


def _origin(request: AssignRequest) -> str:
    match request.way:
        case Everything():
            return "all"
        case Share(share):
            return f"share {share:g}, seed {request.seed}"
        case PerDocument(annotators):
            return f"{annotators} per document, seed {request.seed}"


def _work_of(team: Team, name: str, queue: Collection[int] | None, statuses: dict[int, Status]) -> WorkDone:
    counted = [status for key, status in statuses.items() if queue is None or key in queue]
    return WorkDone(
        annotator=name,
        assigned=None if queue is None else len(queue),
        done=counted.count(Status.DONE),
        in_progress=counted.count(Status.IN_PROGRESS),
        skipped=counted.count(Status.SKIPPED),
        flagged=counted.count(Status.FLAGGED),
        seconds_each=_seconds_each(team.edit_times(name)),
    )


def _seconds_each(times: dict[int, list[str]]) -> float | None:
    worked = [
        active_seconds([datetime.fromisoformat(at).timestamp() for at in of_one])
        for of_one in times.values()
        if len(of_one) > 1
    ]
    return sum(worked) / len(worked) if worked else None
