"""The sample project: made from ``seeds/``, pre-annotated, and, without a window, carried to training data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from annotator.domain.projects import Status
from annotator.domain.text import Document
from annotator.resources import seeds_path
from annotator.store import ProjectStore
from annotator.workflows.export_request import ExportRequest
from annotator.workflows.exporting import ExportReport, export
from annotator.workflows.progress import Progress, raise_if_cancelled
from annotator.workflows.schemes import load_scheme
from annotator.workflows.suggesting import SuggestRequest, accept, suggest

SAMPLE_NAME = "sample"
FORMATS = ("jsonl", "conll2003", "spacy")


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """What the headless demo did, and the files it wrote."""

    project: Path
    documents: int
    accepted: int
    reports: tuple[ExportReport, ...]

    def as_json(self) -> dict[str, Any]:
        """The summary as one JSON object."""
        return {
            "project": str(self.project),
            "documents": self.documents,
            "accepted": self.accepted,
            "files": [str(path) for report in self.reports for path in report.files],
            "manifests": [str(report.manifest) for report in self.reports],
        }

    def as_text(self) -> str:
        """The summary for a person."""
        lines = [
            f"Sample project {self.project}",
            f"{self.documents} documents, {self.accepted} suggestions accepted in this run",
        ]
        for report in self.reports:
            lines += [f"wrote {path} ({report.spans} spans)" for path in report.files]
            lines.append(f"wrote {report.manifest}")
        return "\n".join(lines)


def sample_folder() -> Path:
    """Where the sample project is kept by default."""
    return user_data_path("annotator", appauthor=False) / "sample"


def make_demo(folder: Path, progress: Progress) -> Path:
    """Make the sample project in ``folder`` (or reuse it) and let spaCy suggest spans; returns its file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{SAMPLE_NAME}.annotator"
    is_new = not path.exists()
    with ProjectStore.create(path, load_scheme("news")) if is_new else ProjectStore.open(path) as store:
        _add_seeds(store)
        suggest(store, SuggestRequest(), progress)
    raise_if_cancelled(progress)
    return path


def finish_demo(project: Path, annotator: str, progress: Progress) -> DemoSummary:
    """Accept every suggestion, mark every document done, and export it in every format."""
    with ProjectStore.open(project) as store:
        accepted = accept(store, annotator, status=Status.DONE, progress=progress)
        reports = tuple(_export(store, project, annotator, name, progress) for name in FORMATS)
        with store.reading() as reader:
            documents = len(reader.document_keys())
    return DemoSummary(project, documents, accepted.spans, reports)


def _export(store: ProjectStore, project: Path, annotator: str, name: str, progress: Progress) -> ExportReport:
    return export(store, project.stem, ExportRequest(project.parent, name, annotator), progress)


def _add_seeds(store: ProjectStore) -> None:
    """Add the sample articles that are not there yet."""
    sources = tomllib.loads(seeds_path("sources.toml").read_text(encoding="utf-8"))
    with store.writing() as unit:
        for article in sources["articles"]:
            if unit.find_document(article["id"]) is None:
                unit.add_document(_document(article), source=f"seeds/{article['id']}.txt")


def _document(article: dict[str, Any]) -> Document:
    content = seeds_path("articles", f"{article['id']}.txt").read_bytes()
    return Document(
        id=article["id"],
        text=content.decode("utf-8"),  # bytes, so that line ends stay as they are
        title=article["title"],
        language=article["language"],
        meta={key: article[key] for key in ("source", "licence", "attribution") if article[key]},
    )
