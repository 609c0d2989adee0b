"""The corpus memory: blind, decided spans only, the open document as it is in the window, true after every change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.domain.edits import AddSpan, Batch, Decide, Edit, Relabel, RemoveSpan, SetStatus
from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.spans import Origin, Span
from annotator.domain.text import Document
from annotator.store import ProjectStore
from annotator.workflows import memory as memory_module
from annotator.workflows.annotate import AnnotationSession
from annotator.workflows.memory import CorpusMemory, LabelCount, Subject, Unlabelled
from annotator.workflows.operations import DocumentEdit, perform
from annotator.workflows.progress import Cancelled, Silent
from annotator.workflows.saving import Saver
from tests.store.making import SCHEME, write

TEXTS = (
    "Washington met Washington in New York. The Washington’s Washington Post.",
    "WASHINGTON. Washington, D.C. and New\nYork, Washingtonians.",
    "Washington slept. Washington.",
)


def span(text: str, words: str, label: str, number: int = 0, **more: object) -> Span:
    """The span on the ``number``-th place of these words."""
    start = -1
    for _ in range(number + 1):
        start = text.index(words, start + 1)
    return replace(Span(f"{words}-{number}", start, start + len(words), label), **more)  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ProjectStore]:
    with ProjectStore.create(tmp_path / "p.annotator", SCHEME) as made:
        with made.writing() as unit:
            for number, text in enumerate(TEXTS, 1):
                unit.add_document(Document(f"d{number}", text))
        yield made


def own(store: ProjectStore, key: int, *edits: Edit, annotator: str = "alice") -> AnnotatedDocument:
    with store.reading() as reader:
        before = reader.load(key, annotator)
    return write(store, before, *edits, key=key)


def bare(key: int = 3, annotator: str = "alice") -> AnnotatedDocument:
    return AnnotatedDocument(Document(f"d{key}", TEXTS[key - 1]), annotator)


def subject(surface: str = "Washington", doc: AnnotatedDocument | None = None, key: int = 3) -> Subject:
    return Subject(key, doc or bare(key), surface)


def first_two(store: ProjectStore) -> None:
    one, two = TEXTS[0], TEXTS[1]
    own(
        store,
        1,
        AddSpan(span(one, "Washington", "PERSON", 0)),
        AddSpan(span(one, "Washington", "GPE", 1)),
        AddSpan(span(one, "The Washington’s", "GPE")),
        AddSpan(span(one, "Washington Post", "ORG")),
        AddSpan(span(one, "New York", "GPE")),
    )
    own(store, 2, AddSpan(span(two, "Washington", "GPE", 0)), AddSpan(span(two, "New\nYork", "GPE")))


def test_the_exact_string_and_its_forms_are_counted_by_label(store: ProjectStore) -> None:
    first_two(store)
    told = CorpusMemory(store, "alice").recall(subject())
    assert told.exact == (LabelCount("GPE", "entities", 2), LabelCount("PERSON", "entities", 1))
    assert told.forms == (LabelCount("GPE", "entities", 3), LabelCount("PERSON", "entities", 1))
    assert told.has_other_forms
    assert told.surfaces == (("Washington", 3), ("The Washington’s", 1))


def test_white_space_between_words_makes_no_other_string(store: ProjectStore) -> None:
    first_two(store)
    told = CorpusMemory(store, "alice").recall(subject("New York"))
    assert told.exact == (LabelCount("GPE", "entities", 2),)
    assert not told.has_other_forms


def test_neither_others_nor_suggestions_count(store: ProjectStore) -> None:
    text = TEXTS[0]
    own(store, 1, AddSpan(span(text, "Washington", "PERSON")), annotator="bob")
    own(store, 1, AddSpan(span(text, "Washington", "ORG", decided=False)))
    with store.writing() as unit:
        suggested = span(TEXTS[1], "Washington", "GPE", origin=Origin.PIPELINE, decided=False)
        unit.put_suggestions(2, "p", "p 1", [suggested])
    assert CorpusMemory(store, "alice").recall(subject()).forms == ()
    own(store, 1, Decide(("Washington-0",)))
    assert CorpusMemory(store, "alice").recall(subject()).exact == (LabelCount("ORG", "entities", 1),)


def test_the_open_document_counts_as_it_is_in_the_window(store: ProjectStore) -> None:
    text = TEXTS[2]
    saved = own(store, 3, AddSpan(span(text, "Washington", "GPE")))
    memory = CorpusMemory(store, "alice")
    assert memory.recall(subject(doc=saved)).exact == (LabelCount("GPE", "entities", 1),)
    relabelled = replace(saved, spans=saved.spans.changed([span(text, "Washington", "ORG")]))
    assert memory.recall(subject(doc=relabelled)).exact == (LabelCount("ORG", "entities", 1),)
    more = replace(saved, spans=relabelled.spans.changed([span(text, "Washington", "ORG", 1)]))
    assert memory.recall(subject(doc=more)).exact == (LabelCount("ORG", "entities", 2),)
    none = replace(saved, spans=more.spans.changed([], ["Washington-0", "Washington-1"]))
    assert memory.recall(subject(doc=none)).exact == ()


def test_a_span_in_parts_counts_by_its_words(store: ProjectStore) -> None:
    text = TEXTS[0]
    parts = ((text.index("New"), text.index("New") + 3), (text.index("Post"), text.index("Post") + 4))
    split = Span("split", parts[0][0], parts[1][1], "ORG", fragments=parts)
    own(store, 1, AddSpan(split))
    told = CorpusMemory(store, "alice").recall(subject("New Post"))
    assert told.forms == (LabelCount("ORG", "entities", 1),)


def test_what_no_span_touches_in_done_documents_is_unlabelled(store: ProjectStore) -> None:
    first_two(store)
    memory = CorpusMemory(store, "alice")
    assert memory.count_unlabelled(subject()) == Unlabelled(0, is_complete=True)  # nothing is done yet
    own(store, 2, SetStatus(Status.DONE))
    own(store, 1, SetStatus(Status.DONE))
    # "WASHINGTON" is another string, "Washingtonians" another word, "Washington Post" is under a span
    assert memory.count_unlabelled(subject()).count == 0
    own(store, 1, RemoveSpan("Washington Post-0"))
    assert memory.count_unlabelled(subject()).count == 1
    assert memory.count_unlabelled(subject("WASHINGTON")).count == 1
    own(store, 2, AddSpan(span(TEXTS[1], "WASHINGTON", "GPE")))
    assert memory.count_unlabelled(subject("WASHINGTON")).count == 0
    assert memory.count_unlabelled(subject("D.C.")).count == 1


def test_unlabelled_occurrences_of_the_open_document_count_once_it_is_done(store: ProjectStore) -> None:
    memory = CorpusMemory(store, "alice")
    open_doc = replace(bare(), spans=bare().spans.changed([span(TEXTS[2], "Washington", "GPE")]))
    assert memory.count_unlabelled(subject(doc=open_doc)).count == 0
    assert memory.count_unlabelled(subject(doc=replace(open_doc, status=Status.DONE))).count == 1
    own(store, 3, SetStatus(Status.DONE))  # on the disk it is done and empty: the window knows better
    assert memory.count_unlabelled(subject(doc=open_doc)).count == 0


@pytest.mark.parametrize("words", ["東京", "👍🏽", "café", "ไทย", "서울"])
def test_no_unlabelled_occurrence_is_missed_whatever_the_script(store: ProjectStore, words: str) -> None:
    with store.writing() as unit:
        key = unit.add_document(Document("d4", f"Ann 私は{words}とภาษา{words} in {words}, 대{words}에서"))
    own(store, key, SetStatus(Status.DONE))
    expected = memory_module._occurrences(f"Ann 私は{words}とภาษา{words} in {words}, 대{words}에서", words)
    assert len(expected) >= 1
    assert CorpusMemory(store, "alice").count_unlabelled(subject(words)).count == len(expected)


def test_unlabelled_is_found_in_decomposed_letters_and_typographic_apostrophes(store: ProjectStore) -> None:
    with store.writing() as unit:
        key = unit.add_document(Document("d4", "cafe\u0301 and O’Neil"))
    own(store, key, SetStatus(Status.DONE))
    memory = CorpusMemory(store, "alice")
    assert memory.count_unlabelled(subject("café")).count == 1
    assert memory.count_unlabelled(subject("O'Neil")).count == 1


def test_more_done_documents_than_are_counted_are_said_to_be_more(
    store: ProjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory_module, "MOST_DONE_DOCUMENTS", 1)
    own(store, 1, SetStatus(Status.DONE))
    own(store, 2, SetStatus(Status.DONE))
    assert CorpusMemory(store, "alice").count_unlabelled(subject()) == Unlabelled(4, is_complete=False)


class Stopped(Silent):
    def is_cancelled(self) -> bool:
        return True


def test_counting_and_listing_stop_when_asked(store: ProjectStore) -> None:
    own(store, 1, SetStatus(Status.DONE))
    memory = CorpusMemory(store, "alice")
    with pytest.raises(Cancelled):
        memory.count_unlabelled(subject(), Stopped())
    with pytest.raises(Cancelled):
        memory.places(subject(), Stopped())
    assert memory.count_unlabelled(subject()).count == 4


def test_places_come_with_the_rarest_label_first_and_the_unlabelled_last(store: ProjectStore) -> None:
    first_two(store)
    own(store, 2, SetStatus(Status.DONE))
    own(store, 2, RemoveSpan("Washington-0"))
    open_doc = replace(bare(), spans=bare().spans.changed([span(TEXTS[2], "Washington", "GPE")]))
    places = CorpusMemory(store, "alice").places(subject(doc=open_doc))
    assert [(place.key, place.words, place.label) for place in places] == [
        (1, "Washington", "PERSON"),
        (3, "Washington", "GPE"),
        (1, "Washington", "GPE"),
        (1, "The Washington’s", "GPE"),
        (2, "Washington", None),
    ]
    assert (places[0].before, places[0].after[:5]) == ("", " met ")
    assert places[1].span_id == "Washington-0"


KEYS = st.sampled_from((1, 2, 3))
CHANGES = st.lists(
    st.tuples(KEYS, st.sampled_from(("add", "relabel", "remove", "undecide")), st.sampled_from(("GPE", "ORG"))),
    max_size=8,
)


def change(doc: AnnotatedDocument, kind: str, label: str, number: int) -> Edit:
    """A change that is possible in ``doc``."""
    held = next(iter(doc.spans), None)
    if kind == "add" or held is None:
        start = doc.document.text.index("Washington")
        return AddSpan(Span(f"n{number}", start, start + 10, label))
    match kind:
        case "relabel":
            return Relabel(held.id, label)
        case "remove":
            return RemoveSpan(held.id)
        case _:
            return Decide((held.id,), decided=not held.decided)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHANGES, st.sampled_from((1, 1_000)))
def test_what_is_remembered_is_what_is_there_after_any_change(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, str, str]], heavy: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(memory_module, "HEAVY_SPANS", heavy)
        path = tmp_path_factory.mktemp("memory") / "p.annotator"
        with ProjectStore.create(path, SCHEME) as store:
            with store.writing() as unit:
                for number, text in enumerate(TEXTS, 1):
                    unit.add_document(Document(f"d{number}", text))
            memory = CorpusMemory(store, "alice")
            docs = {key: bare(key) for key in (1, 2, 3)}
            for number, (key, kind, label) in enumerate(changes):
                docs[key] = own(store, key, change(docs[key], kind, label, number))
                expected = Counter(
                    span.label
                    for doc in docs.values()
                    for span in doc.spans
                    if span.decided and doc.document.text[span.start : span.end] == "Washington"
                )
                told = memory.recall(subject(doc=docs[key], key=key)).exact
                assert {one.label: one.count for one in told} == dict(expected)


def test_operations_and_undo_are_remembered(store: ProjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_module, "HEAVY_SPANS", 1)
    first_two(store)
    memory = CorpusMemory(store, "alice")
    memory.warm()
    before = memory.recall(subject())
    report = perform(store, "alice", "Relabel", [DocumentEdit(1, Batch((Relabel("Washington-0", "ORG"),)))])
    assert memory.recall(subject()).exact[-1] == LabelCount("ORG", "entities", 1)
    session = AnnotationSession(store, Saver(store), "alice")
    session.undo_whole(report.operation.id)
    session.saver.close()
    assert memory.recall(subject()) == before
