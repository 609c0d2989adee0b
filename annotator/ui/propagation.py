"""Propagating from the window: asks where else the current span's label goes, and applies what was chosen.

In the open document it is one edit; over the corpus it is one operation. Each is one step of undo.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from annotator.domain.propagation import Offer, Rules
from annotator.domain.spans import Span
from annotator.ui.dialogs.propagate import Chosen, PropagateSheet, Sources
from annotator.ui.operating import in_words
from annotator.ui.tasks import Task
from annotator.workflows.annotate import AnnotationSession
from annotator.workflows.propagating import DocumentPlaces, edit_of_open, edits_of_corpus, places_in_open

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow


def propagate(window: MainWindow, *, is_everywhere: bool) -> None:
    """Offer the current span's label to all other places of its words; say it when there is none."""
    session = window.session
    if session is None or session.key is None:
        return
    span = session.doc.spans.find(window.canvas.current_span_id or "")
    if (reason := _reason_against(session, span)) or span is None:
        window.say(reason, is_bad=bool(span))
        return
    offer = _offer(session, span)
    here = partial(_places_here, session, session.key, span)
    if not is_everywhere and not here(offer).places:
        window.say(_nothing_in_words(here(offer), session, offer))
        return
    elsewhere = partial(_search_elsewhere, window, session.key) if is_everywhere else None
    sheet = PropagateSheet(offer, session.scheme, Sources(here, elsewhere), window.looks.theme, window)
    sheet.chosen.connect(partial(_apply, window, is_everywhere=is_everywhere))
    sheet.finished.connect(lambda _result: _go_back(window))
    sheet.open()


def _go_back(window: MainWindow) -> None:
    window.activateWindow()
    window.canvas.setFocus()


def _reason_against(session: AnnotationSession, span: Span | None) -> str:
    if span is None:
        return "No span is current: Tab goes to the next one, or click one."
    if span.fragments:
        return "A span in parts cannot be propagated; label its other places by hand."
    label = session.scheme.find_label(span.label, span.layer)
    if label is None or label.split_into:
        return f"{session.scheme.name_of(span.label, span.layer)} cannot be given any more; choose another label first."
    return ""


def _offer(session: AnnotationSession, span: Span) -> Offer:
    surface = session.doc.document.text[span.start : span.end]
    return Offer(surface, span.label, span.layer, Rules.usual(surface))


def _places_here(session: AnnotationSession, key: int, span: Span, offer: Offer) -> DocumentPlaces:
    return places_in_open(key, session.doc, span, offer, session.scheme)


def _search_elsewhere(window: MainWindow, key: int, offer: Offer) -> tuple[Task, Callable[[], list[DocumentPlaces]]]:
    assert window.project is not None
    search = window.project.corpus_search(window.annotator, offer, but=key)
    task = window.tasks.start("Searching", search.run, is_shown=False)
    task.ended.connect(lambda _job_id, outcome: _tell_fault(window, outcome))
    return task, search.take


def _apply(window: MainWindow, chosen: Chosen, *, is_everywhere: bool) -> None:
    session = window.session
    if session is None or session.key is None:
        return
    label = session.scheme.name_of(chosen.offer.label, chosen.offer.layer)
    surface = " ".join(chosen.offer.surface.split())[:40]
    if not is_everywhere:
        places = chosen.places.get(session.key, [])
        if window.commands.try_edit(lambda: edit_of_open(places, chosen.offer)) is not None:
            window.say(f"{len(places):,} more place{'' if len(places) == 1 else 's'} labelled {label}")
        return
    title = f"Label “{surface}” as {label}"
    edits = edits_of_corpus(chosen.places, chosen.offer, open_key=session.key, done=chosen.done)
    window.operator.run(title, edits, then=lambda report: window.say(f"{title}: {in_words(report)}"))


def _tell_fault(window: MainWindow, outcome: object) -> None:
    from annotator.ui.tasks import Crashed, Failed

    if isinstance(outcome, Failed | Crashed):
        window.offers.say_outcome(outcome)


def _nothing_in_words(found: DocumentPlaces, session: AnnotationSession, offer: Offer) -> str:
    surface = " ".join(offer.surface.split())[:40]
    if not found.same:
        return f"“{surface}” stands nowhere else in this article."
    label = session.scheme.name_of(offer.label, offer.layer)
    if found.same == 1:
        return f"The one other “{surface}” in this article has {label} already."
    return f"All {found.same:,} other places of “{surface}” in this article have {label} already."
