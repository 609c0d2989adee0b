"""Guidelines and pins on the disk: versions stay, pins toggle, what became of a pinned span is seen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.domain.edits import Decide, Relabel, RemoveSpan, ResizeSpan
from annotator.domain.label_groups import LabelGroup
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.scheme_edits import DeleteLabel, MergeLabels, RenameLabel
from annotator.domain.spans import Origin, Span
from annotator.domain.text import Document, tokenize_simply
from annotator.store import ProjectStore
from annotator.workflows import scheme_editing
from annotator.workflows.annotate import AnnotationSession
from annotator.workflows.guidelines import (
    Example,
    GuidelineUnreadable,
    Pinned,
    read_markdown,
    write_markdown,
)
from annotator.workflows.project import Project
from annotator.workflows.saving import Saver
from annotator.workflows.schemes import load_scheme

TEXT = "👍🏽 Minister Dmytro Kuleba met Qin Gang in the old capital, which lies far to the north of here."
KULEBA = TEXT.index("Kuleba")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "p.annotator"
    with ProjectStore.create(made, load_scheme("news")) as store, store.writing() as unit:
        key = unit.add_document(Document("a", TEXT, title="The visit"))
        unit.put_tokens(key, tokenize_simply(TEXT), "simple 1", "en")
        span = Span("p0", KULEBA, KULEBA + 6, "PERSON", origin=Origin.PIPELINE, decided=False, pipeline="p 1")
        unit.put_suggestions(key, "p", "p 1", [span])
    return made


@pytest.fixture
def project(path: Path) -> Iterator[Project]:
    with Project.open(path) as opened:
        yield opened


@pytest.fixture
def session(project: Project) -> Iterator[AnnotationSession]:
    made = project.session("alice")
    made.open(1)
    yield made
    made.saver.close()


def examples(project: Project) -> tuple[Example, ...]:
    return project.guidelines.view(project.scheme()).examples


def test_every_version_stays_and_the_same_text_is_no_new_one(project: Project, path: Path) -> None:
    assert project.guidelines.view(project.scheme()).guideline is None
    project.guidelines.save("# One\n", "alice")
    project.guidelines.save("# Two 👍🏽\n", "bob")
    assert project.guidelines.save("# Two 👍🏽\n", "alice").version == 2
    project.close()
    with Project.open(path) as again:
        assert [(one.version, one.body, one.annotator) for one in again.guidelines.versions()] == [
            (2, "# Two 👍🏽\n", "bob"),
            (1, "# One\n", "alice"),
        ]


def test_pinning_again_takes_a_pin_away(project: Project, session: AnnotationSession) -> None:
    guidelines = project.guidelines
    assert guidelines.pin(1, session.doc, "p0").outcome is Pinned.ADDED
    (example,) = examples(project)
    assert (example.before[-7:], example.pin.surface, example.after[:4]) == ("Dmytro ", "Kuleba", " met")
    assert (example.title, example.stale) == ("The visit", "")
    assert guidelines.pin(1, session.doc, "p0", is_positive=False).outcome is Pinned.TURNED
    assert [one.pin.is_positive for one in examples(project)] == [False]
    assert guidelines.pin(1, session.doc, "p0", is_positive=False).outcome is Pinned.TAKEN_AWAY
    assert examples(project) == ()
    assert not session.can_undo


def test_a_pin_moves_to_another_rule_and_leaves_the_first(project: Project, session: AnnotationSession) -> None:
    project.guidelines.pin(1, session.doc, "p0", rule="PERSON")
    project.guidelines.pin(1, session.doc, "p0", rule="Titles of persons")
    assert [one.pin.rule for one in examples(project)] == ["Titles of persons"]


def test_a_pinned_suggestion_is_fresh_before_anybody_began_the_document(
    project: Project, session: AnnotationSession
) -> None:
    project.guidelines.pin(1, session.doc, "p0")
    assert session.is_untouched
    assert [one.stale for one in examples(project)] == [""]


def change(session: AnnotationSession, *edits: object) -> AnnotatedDocument:
    for edit in edits:
        session.perform(edit, {})  # type: ignore[arg-type]
    assert session.saver.flush()
    return session.doc


def test_what_became_of_a_pinned_span_is_said(project: Project, session: AnnotationSession) -> None:
    project.guidelines.pin(1, session.doc, "p0")
    change(session, Relabel("p0", "GPE"), ResizeSpan("p0", KULEBA - 7, KULEBA + 6))
    assert [one.stale for one in examples(project)] == ["now GPE, now on “Dmytro Kuleba”"]
    change(session, RemoveSpan("p0"))
    assert [one.stale for one in examples(project)] == ["the span is gone"]
    session.undo()
    session.undo()
    session.undo()
    assert session.saver.flush()
    assert [one.stale for one in examples(project)] == [""]


def test_a_stale_pin_is_pinned_again_as_its_span_is_now(project: Project, session: AnnotationSession) -> None:
    project.guidelines.pin(1, session.doc, "p0", rule="PERSON")
    change(session, Relabel("p0", "GPE"))
    (stale,) = examples(project)
    assert project.guidelines.pin_again(stale)
    (example,) = examples(project)
    assert (example.stale, example.pin.label, example.pin.rule) == ("", "GPE", "")
    change(session, RemoveSpan("p0"))
    (gone,) = examples(project)
    assert not project.guidelines.pin_again(gone)
    project.guidelines.remove(gone.pin.id)
    assert examples(project) == ()


def test_a_negative_pin_is_contradicted_by_a_decision(project: Project, session: AnnotationSession) -> None:
    report = project.guidelines.pin(1, session.doc, "p0", is_positive=False)
    assert not report.is_contradicted
    change(session, Decide(("p0",)))
    assert [one.stale for one in examples(project)] == ["it is labelled PERSON"]
    change(session, Relabel("p0", "GPE"))
    assert [one.stale for one in examples(project)] == [""]


def test_a_pin_of_a_merged_label_says_so_stands_with_its_successor_and_is_pinned_again(
    project: Project, session: AnnotationSession
) -> None:
    project.guidelines.pin(1, session.doc, "p0")
    merge = MergeLabels(LabelGroup.of_layer(), ("PERSON",), "ORG")
    session.operate_by(lambda store: scheme_editing.perform(store, "alice", merge))
    (stale,) = examples(project)
    assert (stale.stale, stale.label) == ("its label was merged into ORG", "ORG")
    session.operate_by(
        lambda store: scheme_editing.perform(store, "alice", RenameLabel(LabelGroup.of_layer(), "ORG", "PERSON"))
    )
    assert [one.stale for one in examples(project)] == ["its label was merged into PERSON"]
    assert project.guidelines.pin_again(stale)
    assert [(one.stale, one.pin.label) for one in examples(project)] == [("", "ORG")]


def test_a_pin_of_a_deleted_label_says_so_until_the_deletion_is_undone(
    project: Project, session: AnnotationSession
) -> None:
    project.guidelines.pin(1, session.doc, "p0", is_positive=False)
    delete = DeleteLabel(LabelGroup.of_layer(), "PERSON")
    report = session.operate_by(lambda store: scheme_editing.perform(store, "alice", delete))
    assert [one.stale for one in examples(project)] == ["its label was deleted"]
    session.undo_whole(report.operation.id)
    assert [one.stale for one in examples(project)] == [""]


def test_pins_survive_a_restart_and_others_see_them(path: Path, session: AnnotationSession, project: Project) -> None:
    project.guidelines.pin(1, session.doc, "p0")
    with ProjectStore.open(path) as store:
        bob = AnnotationSession(store, Saver(store), "bob")
        bob.saver.close()
    with Project.open(path) as again:
        assert [one.pin.annotator for one in examples(again)] == ["alice"]


def test_markdown_files_go_in_and_out_unchanged(tmp_path: Path) -> None:
    file = tmp_path / "guideline.md"
    write_markdown(file, "# Ärger\n\nÜber “names”.\n")
    assert read_markdown(file) == "# Ärger\n\nÜber “names”.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["guideline.md"]
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(GuidelineUnreadable, match="not UTF-8"):
        read_markdown(file)
    with pytest.raises(GuidelineUnreadable, match="cannot be read"):
        read_markdown(tmp_path / "none.md")
    with pytest.raises(GuidelineUnreadable, match="cannot be written"):
        write_markdown(tmp_path / "none" / "guideline.md", "x")
