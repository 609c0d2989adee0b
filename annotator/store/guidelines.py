"""Versions of the guideline (rows are only ever added) and pinned examples."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, and_, case, delete, func, insert, or_, select

from annotator.domain.guidelines import CONTEXT_CHARS, Guideline, Pin
from annotator.domain.spans import Span
from annotator.store.rows import span_from_row
from annotator.store.tables import annotation_set, annotator, document, guideline, pin, span


@dataclass(frozen=True, slots=True)
class PinnedPlace:
    """A pin with what is there now. ``before`` and ``after``: some text around the pinned words.

    ``here``: the spans of its annotator's set that have its id or lie on its words (of the newest suggestions while the
    set is not begun), and the words of each.
    """

    pin: Pin
    document_id: str
    title: str
    before: str
    after: str
    here: tuple[Span, ...]
    surfaces: tuple[str, ...]


def versions(connection: Connection) -> list[Guideline]:
    """Every version, the newest first."""
    statement = (
        select(guideline, annotator.c.name)
        .join(annotator, annotator.c.id == guideline.c.annotator_id)
        .order_by(guideline.c.version.desc())
    )
    return [Guideline(row.version, row.body, row.name, row.created_at) for row in connection.execute(statement)]


def find_newest(connection: Connection) -> Guideline | None:
    """The guideline that holds now, or None."""
    statement = (
        select(guideline, annotator.c.name)
        .join(annotator, annotator.c.id == guideline.c.annotator_id)
        .order_by(guideline.c.version.desc())
        .limit(1)
    )
    row = connection.execute(statement).one_or_none()
    return None if row is None else Guideline(row.version, row.body, row.name, row.created_at)


def add_version(connection: Connection, body: str, annotator_id: int, at: str) -> int:
    """Write a new version; returns its number."""
    made = connection.execute(
        insert(guideline)
        .values(
            version=select(func.coalesce(func.max(guideline.c.version), 0) + 1).scalar_subquery(),
            body=body,
            annotator_id=annotator_id,
            created_at=at,
        )
        .returning(guideline.c.version)
    )
    return int(made.scalar_one())


def add_pin(connection: Connection, added: Pin, annotator_id: int) -> Pin:
    """Write a pin; returns it with its id."""
    made = connection.execute(
        insert(pin)
        .values(
            document_id=added.key,
            annotator_id=annotator_id,
            span_id=added.span_id,
            start_char=added.start,
            end_char=added.end,
            surface=added.surface,
            label_id=added.label,
            layer=added.layer,
            rule=added.rule,
            is_positive=added.is_positive,
            note=added.note,
            created_at=added.at,
        )
        .returning(pin.c.id)
    )
    return replace(added, id=int(made.scalar_one()))


def remove_pin(connection: Connection, pin_id: int) -> None:
    """Take a pin away; nothing happens when it is gone already."""
    connection.execute(delete(pin).where(pin.c.id == pin_id))


def pins_on(connection: Connection, key: int, annotator_id: int) -> list[Pin]:
    """The pins of one annotator in one document, in the order of the text."""
    statement = (
        select(pin, annotator.c.name)
        .join(annotator, annotator.c.id == pin.c.annotator_id)
        .where(pin.c.document_id == key, pin.c.annotator_id == annotator_id)
        .order_by(pin.c.start_char, pin.c.id)
    )
    return [_pin_from_row(row) for row in connection.execute(statement)]


def places(connection: Connection) -> list[PinnedPlace]:
    """Every pin with what is there now, the positive ones first, then by document and place."""
    here = _spans_here(connection)
    first = case((pin.c.start_char > CONTEXT_CHARS, pin.c.start_char - CONTEXT_CHARS), else_=0)
    statement = (
        select(
            pin,
            annotator.c.name,
            document.c.external_id,
            document.c.display_title,
            func.substr(document.c.text, first + 1, pin.c.start_char - first).label("before"),
            func.substr(document.c.text, pin.c.end_char + 1, CONTEXT_CHARS).label("after"),
        )
        .join(annotator, annotator.c.id == pin.c.annotator_id)
        .join(document, document.c.id == pin.c.document_id)
        .order_by(pin.c.is_positive.desc(), document.c.position, pin.c.start_char, pin.c.id)
    )
    return [
        PinnedPlace(
            pin=_pin_from_row(row),
            document_id=row.external_id,
            title=row.display_title,
            before=row.before,
            after=row.after,
            here=tuple(span_from_row(one) for one in here.get(row.id, ())),
            surfaces=tuple(one.surface for one in here.get(row.id, ())),
        )
        for row in connection.execute(statement)
    ]


def _spans_here(connection: Connection) -> dict[int, list[Row[Any]]]:
    """For each pin the spans that have its id or lie on its words."""
    own = annotation_set.alias("own")
    owner = case((own.c.document_id.is_not(None), pin.c.annotator_id), else_=document.c.suggested_by)
    is_here = or_(
        span.c.span_id == pin.c.span_id,
        and_(span.c.start_char == pin.c.start_char, span.c.end_char == pin.c.end_char),
    )
    statement = (
        select(pin.c.id.label("pin_id"), span)
        .select_from(pin)
        .join(document, document.c.id == pin.c.document_id)
        .outerjoin(own, and_(own.c.document_id == pin.c.document_id, own.c.annotator_id == pin.c.annotator_id))
        .join(span, and_(span.c.document_id == pin.c.document_id, span.c.annotator_id == owner, is_here))
    )
    found: dict[int, list[Row[Any]]] = {}
    for row in connection.execute(statement):
        found.setdefault(row.pin_id, []).append(row)
    return found


def _pin_from_row(row: Row[Any]) -> Pin:
    return Pin(
        key=row.document_id,
        annotator=row.name,
        span_id=row.span_id,
        start=row.start_char,
        end=row.end_char,
        surface=row.surface,
        label=row.label_id,
        layer=row.layer,
        is_positive=row.is_positive,
        rule=row.rule,
        note=row.note,
        at=row.created_at,
        id=row.id,
    )
