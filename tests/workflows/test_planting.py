"""Seeded errors: the annotator sees them as suggestions, they are restored, and what was found is counted."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from annotator.domain.edits import Decide, RemoveSpan, SetStatus
from annotator.domain.planting import Found, Plant
from annotator.domain.projects import Status
from annotator.domain.spans import Origin, Span
from annotator.domain.text import Document, tokenize_simply
from annotator.store import ProjectStore
from annotator.workflows.collecting import collect
from annotator.workflows.handing_out import hand_out
from annotator.workflows.planting import PlantingRefused, measure_detection, plant_errors, restore_errors
from annotator.workflows.project import Project
from annotator.workflows.schemes import load_scheme

TEXT = "Ann met Bob in Paris."
SPANS = ((0, 3, "PERSON", 0.95), (8, 11, "PERSON", 0.99), (15, 20, "GPE", 0.5))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Ten documents with suggestions; of Paris the pipeline is not sure."""
    made = tmp_path / "p.annotator"
    with ProjectStore.create(made, load_scheme("news")) as store, store.writing() as unit:
        for number in range(10):
            text = f"{TEXT} {number}"
            key = unit.add_document(Document(f"d{number}", text))
            unit.put_tokens(key, tokenize_simply(text), "simple 1", "en")
            spans = [
                Span(f"s{at}", start, end, label, origin=Origin.PIPELINE, decided=False, score=score, pipeline="p 1")
                for at, (start, end, label, score) in enumerate(SPANS)
            ]
            unit.put_suggestions(key, "p", "p 1", spans)
    return made


def seen(path: Path, plant: Plant, annotator: str) -> tuple[str, bool]:
    """Label of the planted span as an annotator sees it, and whether it is decided."""
    with Project.open(path) as project:
        held = project.load(plant.key, annotator).spans.find(plant.span_id)
    assert held is not None
    return held.label, held.decided


def test_errors_are_planted_in_a_share_of_documents_and_only_for_that_annotator(path: Path) -> None:
    with ProjectStore.open(path) as store:
        plants = plant_errors(store, "ann", 0.3, 1)
    assert len({plant.key for plant in plants}) == len(plants) == 3
    for plant in plants:
        assert plant.span_id in ("s0", "s1")  # of s2 the pipeline is not sure enough
        assert plant.right != plant.wrong
        assert seen(path, plant, "ann") == (plant.wrong, False)
        assert seen(path, plant, "bob") == (plant.right, False)


def test_equal_seeds_plant_the_same_and_no_document_twice(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.annotator"
    copy.write_bytes(path.read_bytes())
    with ProjectStore.open(path) as store, ProjectStore.open(copy) as other:
        assert plant_errors(store, "ann", 0.4, 7) == (first := plant_errors(other, "ann", 0.4, 7))
        second = plant_errors(store, "ann", 1.0, 7)
        assert not {plant.key for plant in first} & {plant.key for plant in second}
        with pytest.raises(PlantingRefused):
            plant_errors(store, "ann", 1.0, 7)


def work(path: Path, plants: list[Plant]) -> None:
    """ann accepts the first error, removes the second, begins the third, and does not see the fourth."""
    with Project.open(path) as project:
        session = project.session("ann")
        for number, plant in enumerate(plants[:3]):
            session.open(plant.key)
            if number == 0:
                session.perform(Decide((plant.span_id,)), {})
            elif number == 1:
                session.perform(RemoveSpan(plant.span_id), {})
            session.perform(SetStatus(Status.IN_PROGRESS), {})


def test_what_was_accepted_is_missed_and_all_is_restored(path: Path) -> None:
    with ProjectStore.open(path) as store:
        plants = plant_errors(store, "ann", 0.4, 3)
    work(path, plants)
    with ProjectStore.open(path) as store:
        assert measure_detection(store, "ann").open == 4
        done = restore_errors(store, "ann")
        assert done.found == Counter([Found.MISSED, Found.DETECTED, Found.UNDECIDED, Found.UNSEEN])
        assert (done.rate, done.open) == (0.5, 0)
        assert restore_errors(store, "ann") == done
    assert seen(path, plants[0], "ann") == (plants[0].right, True)
    assert seen(path, plants[2], "ann") == (plants[2].right, False)
    assert seen(path, plants[3], "ann") == (plants[3].right, False)
    with Project.open(path) as project:
        assert plants[1].span_id not in project.load(plants[1].key, "ann").spans


def test_errors_go_with_a_hand_out_unmarked_and_are_restored_after_it_came_back(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "ann.annotator"
    with ProjectStore.open(path) as store:
        plants = plant_errors(store, "ann", 0.4, 3)
        hand_out(store, "ann", file)
    with ProjectStore.open(file) as handed, handed.reading() as reader:
        assert reader.plants().open_of("ann") == []
        shown = reader.suggestions(plants[0].key)
        assert shown is not None
        held = shown.spans.find(plants[0].span_id)
        assert held is not None
        assert held.label == plants[0].wrong
    work(file, plants)
    with ProjectStore.open(path) as store:
        assert [one.refused for one in collect(store, [file])] == [""]
        assert restore_errors(store, "ann").rate == 0.5
    assert seen(path, plants[0], "ann") == (plants[0].right, True)
