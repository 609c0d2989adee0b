"""What the store never does: half a change, a change over another's, a changed journal."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.domain.edits import AddSpan, Edit, SetAttribute, SetCat, SetNote
from annotator.domain.errors import SurfaceChanged
from annotator.domain.projects import Annotator, AnnotatorKind
from annotator.domain.spans import Origin, Span
from annotator.store import DuplicateDocument, ProjectStore, StaleSet, StoreFault
from annotator.workflows.project import Project
from annotator.workflows.saving import NotSaved, Saver
from tests.store.making import ANN, BOB, SCHEME, document, empty_set, entry_for, load, run_sql, write

PIPELINE = "en_core_web_sm 3.8.0"


def suggestion(span_id: str, start: int, end: int) -> Span:
    return Span(span_id, start, end, "PERSON", origin=Origin.PIPELINE, decided=False, score=0.5, pipeline=PIPELINE)


@pytest.mark.parametrize("statement", ["UPDATE journal SET at = ''", "DELETE FROM journal"])
def test_the_journal_is_append_only_for_everybody(store: ProjectStore, path: Path, statement: str) -> None:
    write(store, empty_set(), AddSpan(ANN))
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        run_sql(path, statement)
    with store.reading() as reader:
        assert [entry.at for entry in reader.journal(1, "alice")] != [""]


def test_an_exception_while_writing_leaves_nothing(store: ProjectStore) -> None:
    with pytest.raises(RuntimeError, match="stop"), store.writing() as unit:
        unit.add_document(document("d2"))
        unit.append(entry_for(empty_set(), AddSpan(ANN)))
        unit.save_scheme(SCHEME)
        raise RuntimeError("stop")
    with store.reading() as reader:
        assert reader.document_keys() == [1]
        assert not reader.has_set(1, "alice")
        assert reader.annotators() == []
        assert reader.problems() == []


@pytest.mark.parametrize("seq", [1, 3])
def test_a_set_that_went_on_elsewhere_is_not_written_over(store: ProjectStore, seq: int) -> None:
    held = write(store, empty_set(), AddSpan(ANN))
    with pytest.raises(StaleSet, match="another window"), store.writing() as unit:
        unit.append(entry_for(held, AddSpan(BOB), seq=seq))
    assert load(store) == held


def test_the_sets_of_two_annotators_do_not_touch(store: ProjectStore) -> None:
    alice = write(store, empty_set(), AddSpan(ANN))
    bob = write(store, empty_set(annotator="bob"), AddSpan(BOB), SetNote("mine"))
    assert (load(store), load(store, annotator="bob")) == (alice, bob)
    assert load(store, annotator="nobody") == empty_set(annotator="nobody")


def test_a_taken_id_is_refused_and_the_rest_can_go_on(store: ProjectStore) -> None:
    with store.writing() as unit:
        with pytest.raises(DuplicateDocument, match="'d1' is taken"):
            unit.add_document(document("d1"))
        unit.add_document(document("d2"))
    with store.reading() as reader:
        assert [row.id for row in reader.listing("alice")] == ["d1", "d2"]


def test_suggestions_are_replaced_and_the_newest_pipeline_counts(store: ProjectStore) -> None:
    for spans in ([suggestion("a", 0, 3), suggestion("b", 8, 11)], [suggestion("c", 0, 3)]):
        with store.writing() as unit:
            unit.put_suggestions(1, "en_core_web_sm", PIPELINE, spans)
            held = unit.suggestions(1)
            assert held is not None
            assert list(held.spans) == spans
    with store.writing() as unit:
        unit.put_suggestions(1, "other", "other 1", [])
    with store.reading() as reader:
        newest = reader.suggestions(1)
        assert newest is not None
        assert (newest.annotator, len(newest.spans)) == ("other", 0)
        assert reader.annotators() == [
            Annotator("en_core_web_sm", AnnotatorKind.PIPELINE), Annotator("other", AnnotatorKind.PIPELINE)
        ]  # fmt: skip
        assert reader.problems() == []


def test_suggestions_leave_the_annotators_set_alone(store: ProjectStore) -> None:
    mine = write(store, empty_set(), AddSpan(ANN))
    with store.writing() as unit:
        unit.put_suggestions(1, "en_core_web_sm", PIPELINE, [suggestion("s1", 8, 11)])
    assert load(store) == mine


def test_a_document_is_unread_until_exactly_this_pipeline_read_it(store: ProjectStore) -> None:
    with store.writing() as unit:
        unit.add_document(document("d2"))
        unit.put_suggestions(1, "en_core_web_sm", PIPELINE, [])
    write(store, empty_set(document("d2")), AddSpan(ANN), key=2)
    with store.reading() as reader:
        assert reader.unread_documents(PIPELINE) == [2]
        assert reader.unread_documents("en_core_web_sm 3.9.0") == [1, 2]


def test_a_text_changed_under_a_span_is_told_on_loading(store: ProjectStore, path: Path) -> None:
    write(store, empty_set(), AddSpan(ANN))
    run_sql(path, "UPDATE document SET text = 'Eve' || substr(text, 4)")
    with pytest.raises(SurfaceChanged, match="drawn on 'Ann', but 'Eve' stands there"):
        load(store)


def test_stats_count_without_a_warning(store: ProjectStore, path: Path) -> None:
    with store.writing() as unit:
        unit.add_document(document("d2"))
        unit.put_suggestions(1, "en_core_web_sm", PIPELINE, [suggestion("a", 0, 3)])
    write(store, empty_set(), AddSpan(ANN), AddSpan(BOB))
    with Project.open(path) as project:
        stats = project.stats()
    assert (stats.documents, stats.spans) == (2, 2)
    assert (dict(stats.by_label), dict(stats.by_annotator)) == ({"PERSON": 2}, {"alice": 2})
    assert sum(stats.by_status.values()) == 2


def test_half_a_character_in_a_value_is_kept(store: ProjectStore) -> None:
    expected = write(store, empty_set(), AddSpan(ANN), SetAttribute("s1", "sure", "\ud800"), SetCat("\udc00", 1.0))
    assert load(store) == expected


@pytest.mark.parametrize("edit", [SetNote("\ud800"), AddSpan(replace(ANN, score=1.5))])
def test_what_cannot_be_stored_is_told_and_the_saver_lives(store: ProjectStore, edit: Edit) -> None:
    with pytest.raises(StoreFault, match=r"half of a character|does not take this change"):
        write(store, empty_set(), edit)
    saver = Saver(store, retry_s=60)
    saver.submit(entry_for(empty_set(), edit))
    assert not saver.flush(10)
    assert isinstance(saver.state, NotSaved)
    assert [entry.edit for entry in saver.give_up()] == [edit]
    saver.submit(entry_for(empty_set(), AddSpan(BOB)))
    assert saver.close()
    assert list(load(store).spans) == [BOB]
