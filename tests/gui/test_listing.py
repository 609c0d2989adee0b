"""What the window reckons without Qt: which document comes next, counts, places, words."""

from __future__ import annotations

from pathlib import Path

from annotator.domain.edits import AddSpan, Batch, Decide, Relabel, RemoveSpan, SetStatus
from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.spans import Span, SpanSet
from annotator.domain.text import Document
from annotator.ui.announcing import edit_in_words
from annotator.ui.empty_page import NextStep, all_done
from annotator.ui.faults import MOST_LOG_BYTES, write_log
from annotator.ui.key_help import KeyTable, in_columns
from annotator.ui.listing import Progress, first_to_open, next_to_do
from annotator.ui.places import Places
from annotator.ui.settings import WindowSettings
from annotator.workflows.project import DocumentRow
from annotator.workflows.schemes import load_scheme


def rows(*statuses: Status) -> list[DocumentRow]:
    return [DocumentRow(key, f"d{key}", f"Title {key}", status, 0, 0, 100) for key, status in enumerate(statuses, 1)]


def test_the_next_document_to_do_is_looked_for_all_the_way_round() -> None:
    listed = rows(Status.NEW, Status.DONE, Status.IN_PROGRESS, Status.SKIPPED, Status.FLAGGED)
    assert next_to_do(listed, after=1) == listed[2]
    assert next_to_do(listed, after=3) == listed[0]
    assert next_to_do(listed, after=99) == listed[0]
    assert next_to_do(rows(Status.NEW, Status.DONE), after=1) is None
    assert next_to_do([], after=1) is None


def test_a_project_opens_where_the_annotator_was_else_where_work_is_left() -> None:
    listed = rows(Status.DONE, Status.NEW, Status.DONE)
    assert first_to_open(listed, "d3") == 3
    assert first_to_open(listed, "gone") == 2
    assert first_to_open(rows(Status.DONE, Status.DONE), "") == 1
    assert first_to_open([], "d1") is None


def test_progress_follows_every_change_of_status() -> None:
    progress = Progress(rows(Status.NEW, Status.NEW, Status.DONE, Status.SKIPPED))
    progress.move(Status.NEW, Status.DONE)
    assert (progress.done, progress.total, progress.left) == (2, 4, 1)
    progress.move(Status.DONE, Status.IN_PROGRESS)
    assert (progress.done, progress.total, progress.left) == (1, 4, 2)


def test_the_last_page_tells_done_from_skipped_and_offers_the_export() -> None:
    assert all_done(300, 300).title == "All 300 documents are done"
    assert all_done(1, 1).title == "The document is done"
    assert "7 of 8" in all_done(7, 8).title
    assert all_done(7, 8).words.startswith("1 is skipped or flagged: choose it")
    assert {all_done(7, 8).step, all_done(8, 8).step} == {NextStep.EXPORT}


def test_places_are_kept_by_project_and_never_name_an_address(tmp_path: Path) -> None:
    settings = WindowSettings(tmp_path / "window.ini")
    places = Places(settings)
    places.keep("postgresql://anna:secret@host/news", "d7", {"top": 120, "cursor": 130, "current": "s1"})
    places.keep(str(tmp_path / "a.annotator"), "d1", {"top": 5})
    settings.save()
    again = Places(WindowSettings(tmp_path / "window.ini"))
    assert again.last_document("postgresql://anna:secret@host/news") == "d7"
    assert again.last_view("postgresql://anna:secret@host/news") == {"top": 120, "cursor": 130}
    assert again.last_document(str(tmp_path / "a.annotator")) == "d1"
    assert again.last_document(str(tmp_path / "b.annotator")) == ""
    assert "secret" not in (tmp_path / "window.ini").read_text(encoding="utf-8")


def test_edits_are_announced_in_a_few_words() -> None:
    span = Span("s1", 0, 13, "PERSON")
    doc = AnnotatedDocument(Document("d", "Dmytro Kuleba met."), "alice", SpanSet([span]))
    scheme = load_scheme("news")
    assert edit_in_words(AddSpan(span), doc, scheme) == "PERSON added, 2 words"
    assert edit_in_words(Relabel("s1", "PERSON"), doc, scheme) == "Dmytro Kuleba, PERSON"
    assert edit_in_words(Batch((RemoveSpan("s2"), SetStatus(Status.IN_PROGRESS))), doc, scheme) == (
        "removed, document in progress"
    )
    assert edit_in_words(Decide(("s1", "s2")), doc, scheme) == "2 suggestions accepted"


def test_key_tables_fill_columns_evenly_and_in_order() -> None:
    tables = [KeyTable(name, (("k", "w"),) * count) for name, count in zip("abcdef", (8, 9, 5, 19, 9, 3), strict=True)]
    columns = in_columns(tables, 3)
    assert [table.title for column in columns for table in column] == list("abcdef")
    assert len(columns) == 3
    assert in_columns([], 3) == []


def test_the_log_of_faults_begins_anew_when_it_is_long(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "faults.log"
    write_log("first", path)
    write_log("second", path)
    assert "first" in path.read_text(encoding="utf-8")
    path.write_text("x" * (MOST_LOG_BYTES + 1), encoding="utf-8")
    write_log("third", path)
    assert "x" not in path.read_text(encoding="utf-8").replace("text", "")
    write_log("nowhere to write", tmp_path / "deep" / "faults.log" / "below a file")
