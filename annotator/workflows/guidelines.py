"""The guideline of a project: its versions, its pinned examples and whether they still hold, Markdown files in and out.

A guideline and its pins belong to the project, not to an annotation set: they are not in the journal, and undo does not
touch them. Each version stays; a pin is taken away by pinning again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from annotator.domain.errors import UserError
from annotator.domain.folding import surface_of
from annotator.domain.guidelines import Guideline, Pin, find_staleness, staleness_in_words
from annotator.domain.labels import LabelScheme
from annotator.domain.migrating import find_known
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span
from annotator.store import PinnedPlace, ProjectStore, Reader, UnitOfWork
from annotator.workflows import clock

MOST_BYTES = 4_000_000


class GuidelineUnreadable(UserError):
    """A file that is no Markdown text, or that cannot be read or written."""


@dataclass(frozen=True, slots=True)
class Example:
    """A pinned span in its context. ``stale`` says in words why it no longer holds; empty while it does.

    ``now``: the span as it is, where it went on; pinning again takes that. ``label``: the id of the label that the
    pinned one is by now.
    """

    pin: Pin
    document_id: str
    title: str
    before: str
    after: str
    stale: str = ""
    now: Span | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class GuidelineView:
    """All that is shown of a guideline; ``guideline`` is None while there is none."""

    guideline: Guideline | None
    examples: tuple[Example, ...]


class Pinned(Enum):
    """What pinning came to."""

    ADDED = "added"
    TAKEN_AWAY = "taken away"
    TURNED = "turned"


@dataclass(frozen=True, slots=True)
class PinReport:
    """What pinning came to. ``is_contradicted``: an example of what is not the label has the label, decided."""

    outcome: Pinned
    pin: Pin
    is_contradicted: bool = False


class Guidelines:
    """The guideline of one project. Every method raises a `UserError` of the store."""

    def __init__(self, store: ProjectStore) -> None:
        self._store = store

    def view(self, scheme: LabelScheme) -> GuidelineView:
        """The newest version and every example with whether it still holds."""
        with self._store.reading() as reader:
            return GuidelineView(reader.find_guideline(), _examples(reader, scheme))

    def versions(self) -> list[Guideline]:
        """Every version, the newest first."""
        with self._store.reading() as reader:
            return reader.guidelines()

    def save(self, body: str, annotator: str) -> Guideline:
        """Keep ``body`` as a new version; the newest one when it says just that already."""
        with self._store.writing() as unit:
            newest = unit.find_guideline()
            if newest is not None and newest.body == body:
                return newest
            at = clock.now()
            return Guideline(unit.add_guideline(body, annotator, at), body, annotator, at)

    def pin(
        self, key: int, doc: AnnotatedDocument, span_id: str, *, is_positive: bool = True, rule: str = ""
    ) -> PinReport:
        """Pin a span of ``doc``, or take the pin away that is there already; the other kind of pin is turned.

        Raises `UserError` when the span is gone.
        """
        span = doc.spans.find(span_id)
        if span is None:
            raise UserError("this span is not there any more")
        made = _pin_of(key, doc, span, is_positive=is_positive, rule=rule)
        with self._store.writing() as unit:
            held = [one for one in unit.pins_on(key, doc.annotator) if _is_same_example(one, made)]
            for one in held:
                unit.remove_pin(one.id)
            if any(one.is_positive == is_positive and (not rule or one.rule == rule) for one in held):
                return PinReport(Pinned.TAKEN_AWAY, made)
            return PinReport(
                Pinned.TURNED if held else Pinned.ADDED,
                unit.add_pin(made),
                is_contradicted=not is_positive and span.decided,
            )

    def pin_again(self, example: Example) -> bool:
        """Pin a stale example as it is now; false when its span is gone (then the pin stays as it is)."""
        if example.now is None:
            return False
        with self._store.writing() as unit:
            unit.remove_pin(example.pin.id)
            unit.add_pin(_as_it_is(unit, example.pin, example.now))
        return True

    def remove(self, pin_id: int) -> None:
        """Take a pin away."""
        with self._store.writing() as unit:
            unit.remove_pin(pin_id)


def read_markdown(path: Path) -> str:
    """The text of a Markdown file. Raises `GuidelineUnreadable`."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise GuidelineUnreadable("the file is larger than 4 MB", where=str(path), remedy="choose a Markdown file")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as fault:
        raise GuidelineUnreadable(
            "the file is not UTF-8 text", where=str(path), remedy="save it as UTF-8 and import it again"
        ) from fault
    except OSError as fault:
        raise GuidelineUnreadable(f"the file cannot be read ({fault.strerror})", where=str(path)) from fault


def write_markdown(path: Path, body: str) -> None:
    """Write the guideline as a Markdown file, whole or not at all. Raises `GuidelineUnreadable`."""
    temporary = path.with_name(f".{path.name}.part")
    try:
        temporary.write_text(body, encoding="utf-8", newline="\n")
        temporary.replace(path)
    except OSError as fault:
        temporary.unlink(missing_ok=True)
        raise GuidelineUnreadable(f"the file cannot be written ({fault.strerror})", where=str(path)) from fault


def _examples(reader: Reader, scheme: LabelScheme) -> tuple[Example, ...]:
    return tuple(_example(place, scheme) for place in reader.pinned_places())


def _example(place: PinnedPlace, scheme: LabelScheme) -> Example:
    pin = place.pin
    layer = scheme.find_layer(pin.layer)
    known = find_known(layer.labels, pin.label) if layer is not None else None
    stale = find_staleness(pin, place.here, known)
    words, now = "", None
    if stale is not None:
        now = stale.now
        text = place.surfaces[place.here.index(now)] if now is not None else ""
        words = staleness_in_words(stale, scheme, " ".join(text.split()), pin.layer)
    return Example(pin, place.document_id, place.title, place.before, place.after, words, now, known or pin.label)


def _pin_of(key: int, doc: AnnotatedDocument, span: Span, *, is_positive: bool, rule: str) -> Pin:
    return Pin(
        key=key,
        annotator=doc.annotator,
        span_id=span.id,
        start=span.start,
        end=span.end,
        surface=surface_of(doc.document.text, replace(span, fragments=())),
        label=span.label,
        layer=span.layer,
        is_positive=is_positive,
        rule=rule,
        at=clock.now(),
    )


def _is_same_example(one: Pin, other: Pin) -> bool:
    """Whether two pins are about the same words and label (the span may have another id by now)."""
    return (one.start, one.end, one.label, one.layer) == (other.start, other.end, other.label, other.layer)


def _as_it_is(unit: UnitOfWork, pin: Pin, now: Span) -> Pin:
    text = unit.load_document(pin.key).text
    return replace(
        pin,
        span_id=now.id,
        start=now.start,
        end=now.end,
        surface=text[now.start : now.end],
        label=now.label,
        layer=now.layer,
        # A rule of another label is no rule of this one.
        rule=pin.rule if now.label == pin.label else "",
        at=clock.now(),
    )
