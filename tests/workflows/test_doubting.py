"""Doubts as an annotator gets them: from real suggestions, from their own memory only, kept up to date."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from annotator.domain.alternatives import NOTHING, Alternative, with_labels_of_today
from annotator.domain.doubts import Doubt, DoubtKind
from annotator.domain.edits import AddSpan, Decide, Edit, Relabel, RemoveSpan, apply
from annotator.domain.label_groups import LabelGroup
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.scheme_edits import DeleteLabel, MergeLabels, SchemeEdit
from annotator.domain.spans import Span
from annotator.domain.text import Document
from annotator.resources import seeds_path
from annotator.store import ProjectStore
from annotator.workflows import memory, scheme_editing
from annotator.workflows.doubting import DoubtFinder
from annotator.workflows.memory import CorpusMemory
from annotator.workflows.schemes import load_scheme
from annotator.workflows.sets import append, begun_set, load_for_annotator
from annotator.workflows.suggesting import SuggestRequest, suggest

SEED = seeds_path("articles", "000_f5e1c644a45f7c76.txt").read_bytes().decode()
AGAIN = "Later on Dmytro Kuleba spoke. Officials praised Western aid and met Kuleba."


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seed article and another one, as the real pipeline reads them; with the labels of CoNLL in a second file."""
    folder = tmp_path_factory.mktemp("doubts")
    for scheme in ("news", "conll"):
        with ProjectStore.create(folder / f"{scheme}.annotator", load_scheme(scheme)) as store:
            with store.writing() as unit:
                unit.add_document(Document("seed", SEED, language="en"))
                unit.add_document(Document("again", AGAIN, language="en"))
            suggest(store, SuggestRequest("en_core_web_sm"))
    return folder


@pytest.fixture
def store(project: Path, tmp_path: Path) -> Iterator[ProjectStore]:
    copy = tmp_path / "news.annotator"
    copy.write_bytes((project / "news.annotator").read_bytes())
    with ProjectStore.open(copy) as opened:
        yield opened


def opened(store: ProjectStore, key: int, annotator: str = "alice") -> AnnotatedDocument:
    with store.reading() as reader:
        return load_for_annotator(reader, key, annotator)[0]


def finder_of(store: ProjectStore, key: int, doc: AnnotatedDocument) -> DoubtFinder:
    return DoubtFinder(store, CorpusMemory(store, doc.annotator), key, doc)


def found(finder: DoubtFinder) -> tuple[Doubt, ...]:
    while finder.work():
        pass
    assert finder.is_up_to_date
    return finder.doubts


def words(doc: AnnotatedDocument, doubts: tuple[Doubt, ...]) -> dict[str, Doubt]:
    return {doc.document.text[doubt.start : doubt.end]: doubt for doubt in doubts}


def decide(store: ProjectStore, key: int, annotator: str, *edits: Edit) -> None:
    with store.writing() as unit:
        for edit in edits:
            append(unit, key, begun_set(unit, key, annotator), edit)


def test_the_doubts_of_the_seed_article_are_where_its_mistakes_are(store: ProjectStore) -> None:
    doc = opened(store, 1)
    doubts = words(doc, found(finder_of(store, 1, doc)))
    assert doubts.keys() >= {"BEIJING", "Ukrainian", "Western", "West", "Kuleba"}
    assert len(doubts) <= 12
    ukrainian = [(choice.label, round(choice.share or 0, 1)) for choice in doubts["Ukrainian"].choices]
    assert ukrainian[:2] == [("GPE", 0.5), ("NORP", 0.4)]
    assert doubts["BEIJING"].find_proposal() is not None
    assert NOTHING in {choice.label for choice in doubts["Western"].choices} or doubts["Western"].span_id is None


def test_a_decision_in_another_document_makes_a_doubt_for_its_annotator_alone(store: ProjectStore) -> None:
    first = opened(store, 1)
    kuleba = next(span for span in first.spans if first.document.text[span.start : span.end] == "Dmytro Kuleba")
    decide(store, 1, "alice", Relabel(kuleba.id, "ORG"))
    for annotator, kind in (("alice", DoubtKind.CLASH), ("bob", DoubtKind.UNSURE)):
        doc = opened(store, 2, annotator)
        doubt = words(doc, found(finder_of(store, 2, doc)))["Dmytro Kuleba"]
        assert doubt.kind is kind


def test_labels_are_counted_by_words_in_every_document_but_one(store: ProjectStore) -> None:
    doc = opened(store, 1)
    decide(store, 1, "alice", Decide(tuple(span.id for span in doc.spans)))
    china = sum(SEED[span.start : span.end] == "China" and span.label == "GPE" for span in doc.spans)
    for heavy in (500, 2):  # a frequent string is counted once and remembered
        with patch.object(memory, "HEAVY_SPANS", heavy):
            known = CorpusMemory(store, "alice")
            assert known.labels_elsewhere(["china", "nobody"], 2) == {"china": {("entities", "GPE"): china}}
            assert known.labels_elsewhere(["china"], 1) == {}
            assert CorpusMemory(store, "bob").labels_elsewhere(["china"], 2) == {}


def test_doubts_follow_edits_and_what_was_rejected_is_not_missed(store: ProjectStore) -> None:
    doc = opened(store, 1)
    finder = finder_of(store, 1, doc)
    west = words(doc, found(finder))["West"]
    assert west.span_id is not None
    done = apply(doc, RemoveSpan(west.span_id))
    finder.change(done.doc, done.touched)
    assert not finder.is_up_to_date
    assert "West" not in words(done.doc, found(finder))
    decided = apply(done.doc, Decide(tuple(span.id for span in done.doc.spans)))
    finder.change(decided.doc, decided.touched)
    assert all(doubt.span_id is None for doubt in found(finder))


def test_rejections_are_remembered_after_reopening(store: ProjectStore) -> None:
    west = words(opened(store, 1), found(finder_of(store, 1, opened(store, 1))))["West"]
    decide(store, 1, "alice", RemoveSpan(west.span_id or ""))
    doc = opened(store, 1)
    assert "West" not in words(doc, found(finder_of(store, 1, doc)))


def test_to_who_began_without_suggestions_they_are_what_may_be_missed(store: ProjectStore) -> None:
    with store.writing() as unit:
        bare = unit.load(1, "carol")
        append(unit, 1, bare, AddSpan(Span("c", 0, 7, "GPE")))
    doc = opened(store, 1, "carol")
    doubts = words(doc, found(finder_of(store, 1, doc)))
    assert "Qin Gang" in doubts
    proposal = doubts["Qin Gang"].find_proposal()
    assert proposal is not None
    assert (proposal.label, doubts["Qin Gang"].span_id) == ("PERSON", None)


def test_an_edit_before_everything_is_found_is_not_lost(store: ProjectStore) -> None:
    doc = opened(store, 1)
    finder = finder_of(store, 1, doc)
    finder.work()
    done = apply(doc, Decide(tuple(span.id for span in doc.spans)))
    finder.change(done.doc, done.touched)
    assert all(doubt.span_id is None for doubt in found(finder))


def test_labels_that_are_one_in_the_scheme_share_their_score_and_others_raise_no_doubt(project: Path) -> None:
    with ProjectStore.open(project / "conll.annotator") as store:
        doc = opened(store, 1)
        doubts = words(doc, found(finder_of(store, 1, doc)))
        assert {span.label for span in doc.spans} <= {"PER", "ORG", "LOC", "MISC"}
        assert "March" not in doubts, "the pipeline knows it to be a date"
        assert "Thursday" not in doubts
        with store.reading() as reader:
            chosen = {(one.start, one.end, one.label) for one in reader.suggested(1)}
            assert not chosen & {(one.start, one.end, one.label) for one in reader.alternatives(1)}


def choices_of(store: ProjectStore, key: int) -> set[str]:
    return {choice.label for doubt in found(finder_of(store, key, opened(store, key))) for choice in doubt.choices}


@pytest.mark.parametrize(
    "edit", [MergeLabels(LabelGroup.of_layer(), ("ORG",), "GPE"), DeleteLabel(LabelGroup.of_layer(), "ORG")]
)
def test_no_doubt_names_a_label_that_was_merged_or_deleted(store: ProjectStore, edit: SchemeEdit) -> None:
    before = choices_of(store, 1)
    assert {"ORG", "GPE"} <= before
    scheme_editing.perform(store, "alice", edit)
    assert choices_of(store, 1) == before - {"ORG"}
    with store.reading() as reader:
        assert any(one.label == "ORG" for one in reader.alternatives(1)), "what the pipeline said stays for an undo"


def test_alternatives_that_came_to_be_one_share_their_scores() -> None:
    found = (Alternative(0, 4, "LOC", 0.25), Alternative(0, 4, "GPE", 0.5), Alternative(0, 4, "", 0.125))
    labels = {"LOC": "LOC", "GPE": "LOC"}
    assert with_labels_of_today(found, lambda _, label: labels.get(label)) == (
        Alternative(0, 4, "LOC", 0.75),
        Alternative(0, 4, "", 0.125),
    )
    assert with_labels_of_today(found[:1], lambda *_: None) == ()
