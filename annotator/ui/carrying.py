"""What a span or the document carries besides its label, by keys: attributes, notes, parts, relations, document labels,
the reason of a skip.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from annotator.domain import carrying
from annotator.domain.edits import Edit
from annotator.domain.labels import Attribute
from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.spans import Relation, Span
from annotator.ui.choosing import Choice, Chooser, Writer
from annotator.ui.values import Carrier, value_choices
from annotator.workflows.clock import new_id

if TYPE_CHECKING:
    from annotator.ui.commands import Commands
    from annotator.ui.main_window import MainWindow

MOST_TITLE = 40
REASONS_KEY = "skip/reasons"
MOST_REASONS = 8


class Carrying:
    """One method for each key; a fault is one sentence at the bottom and nothing changes."""

    def __init__(self, window: MainWindow, commands: Commands) -> None:
        self._window = window
        self._commands = commands
        self._head_id: str | None = None

    def choose_attributes(self) -> None:
        """Offer the values that the relation that was chosen, or the current span, may carry."""
        doc, relation_id = self._doc(), self._window.canvas.current_relation_id
        if doc is not None and relation_id is not None:
            self._choose_values(Carrier(relation_id, is_relation=True), "relation")
        elif (span := self._current()) is not None:
            self._choose_values(Carrier(span.id), "label")

    def _choose_values(self, carrier: Carrier, noun: str) -> None:
        session = self._window.session
        if session is None or (held := carrier.find(session.doc)) is None:
            return
        if not carrying.attributes_for(session.scheme, held):
            self._window.say(f"The scheme has no attribute for this {noun}: add one in the scheme editor.")
            return
        title = _short(session.doc, held) if isinstance(held, Span) else _ends(session.doc, held)
        self._choose(f"Values of {title}", partial(self._value_choices, carrier), stays_open=True)

    def _value_choices(self, carrier: Carrier) -> list[Choice]:
        session = self._window.session
        held = carrier.find(session.doc) if session is not None else None
        if session is None or held is None:
            return []
        attributes = carrying.attributes_for(session.scheme, held)
        return list(value_choices(held.attributes, attributes, partial(self._toggle, carrier), self._writer(carrier)))

    def _toggle(self, carrier: Carrier, attribute: Attribute, value: str) -> None:
        self._try(lambda doc: carrier.toggled(doc, attribute, value))

    def _writer(self, carrier: Carrier) -> Callable[[Attribute, str], None]:
        def write(attribute: Attribute, text: str) -> None:
            keep = lambda words: self._try(lambda doc: carrier.written(doc, attribute, words))  # noqa: E731
            self._write(attribute.name, text, keep)

        return write

    def choose_document_labels(self) -> None:
        """Offer the document labels."""
        if (session := self._window.session) is None or session.key is None:
            return
        if not session.scheme.document_labels:
            self._window.say("The scheme has no document labels: add some in the scheme editor.")
            return
        is_single = session.scheme.has_single_document_label
        self._choose("Labels of this document", self._document_choices, stays_open=not is_single)

    def write_note(self) -> None:
        """Write a note on the current span; without one on the document."""
        doc, span_id = self._doc(), self._window.canvas.current_span_id
        if doc is None:
            return
        span = doc.spans.find(span_id or "")
        title = f"Note on {_short(doc, span)}" if span else "Note on this document"
        self._write(title, span.note if span else doc.note, partial(self._keep_note, span_id if span else None))

    def write_document_note(self) -> None:
        """Write a note on the document."""
        if (doc := self._doc()) is not None:
            self._write("Note on this document", doc.note, partial(self._keep_note, None))

    def relate(self) -> None:
        """Begin a relation at the current span, or end at it the one that was begun."""
        span, doc = self._current(), self._doc()
        if span is None or doc is None:
            return
        session = self._window.session
        if session is None or not session.scheme.relation_labels:
            self._window.say("The scheme has no relations: add some in the scheme editor.")
            return
        head = doc.spans.find(self._head_id or "")
        if head is None or head.id == span.id:
            self._head_id = span.id
            self._window.say(f"A relation from {_short(doc, span)}: go to the other span and press L; Esc drops it.")
            return
        self._head_id = None
        self.join(head.id, span.id)

    def join(self, head_id: str, child_id: str) -> None:
        """Offer the relations that may go from one span to another; the only one is made at once."""
        doc, session = self._doc(), self._window.session
        if doc is None or session is None:
            return
        head, child = doc.spans.find(head_id), doc.spans.find(child_id)
        if head is None or child is None:
            return
        labels = carrying.relation_labels_for(session.scheme, head, child)
        if not labels:
            names = [session.scheme.name_of(one.label, one.layer) for one in (head, child)]
            self._window.say(f"No relation of the scheme goes from {names[0]} to {names[1]}.", is_bad=True)
        elif len(labels) == 1 and not carrying.relations_between(doc, head_id, child_id):
            self._relate_as(head_id, child_id, labels[0].id)
        else:
            title = f"{_short(doc, head)} → {_short(doc, child)}"
            self._choose(title, partial(self._relation_choices, head_id, child_id), stays_open=False)

    def add_part(self) -> None:
        """Add the selected words, or the cursor's token, to the span that was current last."""
        canvas = self._window.canvas
        span_id = self._commands.last_current
        if span_id is None or canvas.current_span_id is not None or canvas.target_range is None:
            self._window.say("Make the span current, then select the words to add, then press +.")
            return
        target = canvas.target_range
        if self._try(lambda doc: carrying.add_part(doc, span_id, target)):
            canvas.set_current_span(span_id, reveal=False)

    def go_to_part(self) -> None:
        """Choose the next part of the current span: the keys for edges act on it then."""
        span, doc = self._current(), self._doc()
        if span is None or doc is None:
            return
        if not span.fragments:
            self._window.say("The span is in one piece: select further words and press + to add them.")
            return
        part = self._window.canvas.go_to_next_part()
        words = _words(doc, span.parts[part]) if part is not None else ""
        which = f"Part {part + 1} of {len(span.parts)}: “{words}”" if part is not None else "The whole span"
        self._window.say(f"{which}; the keys for edges act on it.")

    def remove_part(self) -> None:
        """Take the chosen part of the current span away; the last one when none was chosen."""
        if (span := self._current()) is not None:
            part = self._window.canvas.current_part
            char = span.parts[part][0] if part is not None else None
            self._try(lambda doc: carrying.remove_part(doc, span.id, char))

    def skip_with_reason(self) -> None:
        """Skip the document and say why; reasons given before are offered."""
        if self._doc() is None:
            return
        self._choose("Why is this document skipped?", self._reason_choices, stays_open=False)

    def drop_relation(self) -> None:
        """Forget a relation that was begun."""
        self._head_id = None

    def _document_choices(self) -> list[Choice]:
        session = self._window.session
        if session is None or session.key is None:
            return []
        return [
            Choice(
                label.name,
                partial(self._toggle_document_label, label.id),
                is_on=label.id in session.doc.cats,
                about=label.description,
            )
            for label in session.scheme.document_labels
        ]

    def _toggle_document_label(self, label_id: str) -> None:
        session = self._window.session
        if session is not None:
            self._try(lambda doc: carrying.toggle_document_label(doc, session.scheme, label_id))

    def _relation_choices(self, head_id: str, child_id: str) -> list[Choice]:
        doc, session = self._doc(), self._window.session
        head, child = (doc.spans.find(head_id), doc.spans.find(child_id)) if doc else (None, None)
        if doc is None or session is None or head is None or child is None:
            return []
        given = {one.label for one in carrying.relations_between(doc, head_id, child_id)}
        return [
            Choice(
                label.name,
                partial(self._relate_as, head_id, child_id, label.id),
                is_on=label.id in given,
                about=label.description,
            )
            for label in carrying.relation_labels_for(session.scheme, head, child)
        ]

    def _relate_as(self, head_id: str, child_id: str, label: str) -> None:
        self._try(lambda doc: carrying.toggle_relation(doc, head_id, child_id, label, new_id()))

    def _reason_choices(self) -> list[Choice]:
        again = [Choice(reason, partial(self._skip, reason)) for reason in self._reasons()]
        return [*again, Choice("Another reason…", self._write_reason)]

    def _write_reason(self) -> None:
        self._write("Why is this document skipped?", "", self._skip)

    def _skip(self, reason: str) -> None:
        words = " ".join(reason.split())
        if words:
            kept = [words, *(one for one in self._reasons() if one != words)][:MOST_REASONS]
            self._window.settings.set_value(REASONS_KEY, "\n".join(kept))
        self._commands.mark_and_go_on(Status.SKIPPED, words)

    def _reasons(self) -> list[str]:
        return [one for one in self._window.settings.value(REASONS_KEY, "").split("\n") if one]

    def _keep_note(self, span_id: str | None, text: str) -> None:
        self._try(lambda doc: carrying.write_note(doc, span_id, text))

    def _current(self) -> Span | None:
        doc = self._doc()
        span = doc.spans.find(self._window.canvas.current_span_id or "") if doc else None
        if doc is not None and span is None:
            self._window.say("No span is current: Tab goes to the next one, or click one.")
        return span

    def _doc(self) -> AnnotatedDocument | None:
        session = self._window.session
        return session.doc if session is not None and session.key is not None else None

    def _try(self, make: Callable[[AnnotatedDocument], Edit]) -> bool:
        session = self._window.session
        return session is not None and self._commands.try_edit(lambda: make(session.doc)) is not None

    def _choose(self, title: str, choices: Callable[[], list[Choice]], *, stays_open: bool) -> None:
        Chooser(title, choices, self._window.looks.theme, self._window, stays_open=stays_open).place()

    def _write(self, title: str, text: str, keep: Callable[[str], object]) -> None:
        writer = Writer(title, text, self._window)
        writer.written.connect(keep)
        writer.place()


def _short(doc: AnnotatedDocument, span: Span) -> str:
    return f"“{_cut(' … '.join(_words(doc, part) for part in span.parts))}”"


def _ends(doc: AnnotatedDocument, relation: Relation) -> str:
    spans = (doc.spans.find(span_id) for span_id in (relation.head, relation.child))
    return " → ".join(_short(doc, span) for span in spans if span is not None)


def _words(doc: AnnotatedDocument, part: tuple[int, int]) -> str:
    return _cut(" ".join(doc.document.text[slice(*part)].split()))


def _cut(words: str) -> str:
    return words if len(words) <= MOST_TITLE else words[: MOST_TITLE - 1] + "…"
