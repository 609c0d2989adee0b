"""The effort benchmark on three documents of each corpus: real pipeline, real window, real events, real database."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.benchmarks.effort import ANNOTATORS, Bench, Run, measure, open_window, prepare
from tests.benchmarks.effort_gold import CORPORA, Corpus
from tests.benchmarks.effort_keys import KeyAnnotator, routes_of
from tests.benchmarks.effort_moves import Arrows, Hints, Tabs
from tests.benchmarks.effort_plan import Kind
from tests.benchmarks.effort_tally import comparison, table
from tests.benchmarks.effort_ways import EffortFault

GOLD = Path(__file__).resolve().parents[1] / "data" / "gold"

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture(scope="module", params=CORPORA, ids=lambda corpus: corpus.name)
def prepared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """An excerpt of a corpus with the suggestions of the bundled pipeline."""
    corpus: Corpus = request.param
    return prepare(corpus, corpus.read(GOLD), tmp_path_factory.mktemp("effort"))


@pytest.fixture
def bench(prepared: Bench, tmp_path: Path) -> Bench:
    """The same in a file of its own."""
    path = tmp_path / prepared.path.name
    shutil.copy(prepared.path, path)
    return replace(prepared, path=path)


@pytest.fixture
def without_doubts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The annotator uses neither N, which may stop beside what is missing, nor B, which may make several steps."""
    monkeypatch.setitem(
        ANNOTATORS, "keys", lambda window: KeyAnnotator(window, (Tabs(), Arrows(), Hints()), snaps=False)
    )


@pytest.mark.usefixtures("without_doubts")
def test_keys_alone_make_the_gold_with_one_key_for_each_correction_and_token(bench: Bench, tmp_path: Path) -> None:
    tally = measure(bench, "keys", tmp_path).tally
    assert (tally.documents, tally.accept_keys) == (3, 3)
    assert {act.correction.kind for act in tally.acts} == {Kind.RELABEL, Kind.DELETE, Kind.RESIZE, Kind.ADD}
    for act in tally.acts:
        match act.correction.kind:
            case Kind.RELABEL | Kind.DELETE:
                assert act.correcting == 1
            case Kind.ADD:
                assert act.correcting == act.tokens
            case _:
                is_relabelled = act.correction.suggested.label != act.correction.wanted.label
                assert act.correcting <= act.tokens + is_relabelled


def test_the_mouse_alone_makes_the_gold_with_two_clicks_and_one_for_each_edge(bench: Bench, tmp_path: Path) -> None:
    tally = measure(bench, "mouse", tmp_path).tally
    assert (tally.documents, tally.accept_keys) == (3, 3)
    for act in tally.acts:
        if act.correction.kind is Kind.RESIZE:
            span, gold = act.correction.suggested, act.correction.wanted
            dragged = (span.start != gold.start) + (span.end != gold.end)
            assert act.total == 1 + dragged + (span.label != gold.label)
        else:
            assert act.total == 2


def test_a_document_that_is_not_the_gold_stops_the_benchmark(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KeyAnnotator, "correct", lambda _self, _gold: iter(()))
    with pytest.raises(EffortFault, match="stored and gold differ"):
        measure(bench, "keys", tmp_path)


def test_what_the_window_does_is_what_was_reckoned_on_paper(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ANNOTATORS, "keys", lambda window: KeyAnnotator(window, (Tabs(), Arrows())))
    run = measure(bench, "keys", tmp_path, has_what_if=True)
    assert [act.total for act in run.what_if[0].acts] == [act.total for act in run.tally.acts]
    _assert_printed(run)


def _assert_printed(run: Run) -> None:
    printed = table(run.tally)
    assert f"{run.tally.per_correction:.2f}" in printed
    assert all(f"{kind.value} " in printed for kind in Kind)
    assert all(tally.name in comparison(run.what_if) for tally in run.what_if)


@pytest.mark.usefixtures("without_doubts")
def test_hints_bring_the_cursor_to_any_missed_word_in_three_keys(bench: Bench, tmp_path: Path) -> None:
    tally = measure(bench, "keys", tmp_path).tally
    assert all(act.reaching <= 3 for act in tally.of(Kind.ADD))


def test_the_annotator_knows_every_way_about_that_the_window_has(bench: Bench, tmp_path: Path) -> None:
    with open_window(bench.path, tmp_path) as window:
        routes = {route.name for route in routes_of(window)}
    assert routes == {"tab", "arrows", "hints", "doubts"}


def test_going_on_by_itself_makes_the_gold_with_fewer_keys(bench: Bench, tmp_path: Path) -> None:
    other = replace(bench, path=bench.path.with_name("other.annotator"))
    shutil.copy(bench.path, other.path)
    staying = measure(bench, "keys", tmp_path).tally
    (tmp_path / "on").mkdir()
    going_on = measure(other, "going-on", tmp_path / "on").tally
    assert len(going_on.acts) == len(staying.acts)
    assert going_on.keys < staying.keys


def test_walking_through_doubts_makes_the_gold_with_fewer_keys(
    bench: Bench, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    other = replace(bench, path=bench.path.with_name("other.annotator"))
    shutil.copy(bench.path, other.path)
    keys = measure(bench, "keys", tmp_path).tally.keys
    request.getfixturevalue("without_doubts")
    assert keys < measure(other, "keys", tmp_path).tally.keys
