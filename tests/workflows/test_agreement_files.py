"""Agreement as files that other programs read, and the review of a real project."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from annotator.store import ProjectStore
from annotator.workflows.agreeing import AgreementRequest
from annotator.workflows.agreement_files import as_csv, as_html, as_json, as_latex
from annotator.workflows.agreement_review import Review, review_agreement
from annotator.workflows.project import Project
from tests.workflows.test_agreeing import ANN, BOB, PARIS, ROME, project_of, record


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Annotators of whom one has a name like a formula, labels with what LaTeX takes for commands."""
    with project_of(
        tmp_path,
        record("d1", "ann_&_co", (ANN, "A_B"), (PARIS, "GPE"), (ROME, "GPE")),
        record("d1", "=bob", (ANN, "A_B"), (PARIS, "ORG"), (BOB, "A_B")),
        record("d2", "ann_&_co", (PARIS, "GPE"), (ANN, "A_B")),
        record("d2", "=bob", (PARIS, "ORG"), (ANN, "A_B")),
    ) as made:
        yield made


@pytest.fixture
def review(project: Project) -> Review:
    with ProjectStore.open(project.location) as store:
        return review_agreement(store, AgreementRequest(samples=20))


def test_csv_has_a_row_for_each_figure_and_no_formula(review: Review) -> None:
    report = review.report
    rows = list(csv.DictReader(io.StringIO(as_csv(report))))
    figures = len(report.measures) + sum(len(one.measures) for one in report.labels)
    figures += sum(len(one.measures) for one in report.pairs)
    assert len(rows) == figures
    assert {row["of"] for row in rows if row["scope"] == "pair"} == {"'=bob | ann_&_co"}
    exact = next(row for row in rows if row["scope"] == "all" and row["measure"] == "pooled_span_f1_exact")
    assert float(exact["value"]) == pytest.approx(report.measures[2].value or -1)
    assert all(row["value"] or row["undefined_because"] for row in rows)


def test_json_is_that_of_the_command(review: Review) -> None:
    assert set(json.loads(as_json(review.report))) >= {"documents", "measures", "pairs", "labels", "confusion"}


def test_latex_has_no_command_in_names(review: Review) -> None:
    text = as_latex(review.report)
    assert r"ann\_\&\_co" in text
    assert text.count(r"\begin{table}") == text.count(r"\end{table}") == 3
    assert r"A\_B & 0.800" in text


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, _attributes: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_names_all_that_a_reader_must_know(review: Review) -> None:
    page = as_html(review.report, "Agreement", "Made by Annotator on 2026-01-01.")
    reader = _Tags()
    reader.feed(page)
    assert reader.open == []
    for words in ("2 documents", "ann_&amp;_co", "Hripcsak", "without a match", "By label", "n counts"):
        assert words in page


def test_the_review_tells_where_annotators_differ(review: Review) -> None:
    assert (review.kinds.agreed, review.kinds.label, review.kinds.missing) == (2, 2, 2)
    assert [(one.id, one.spans) for one in review.documents] == [("d1", 6), ("d2", 4)]
    hardest = review.strings[0]
    assert (hardest.words, hardest.differences, set(hardest.labels)) == ("Paris", 4, {"GPE", "ORG"})
    (period,) = review.periods
    assert period.documents == 2
    assert period.value.value == pytest.approx(2 * 2 / 10)
