"""CoNLL through a project: imported, exported in every tag scheme, read back; conlleval counts what the project has."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from annotator.domain.labels import LabelScheme
from annotator.store import ProjectStore
from annotator.workflows.export_request import ExportRequest
from annotator.workflows.exporting import export
from annotator.workflows.import_request import ImportRequest
from annotator.workflows.importing import guess_format_of, import_documents
from tests.formats.conlleval import phrases

DATA = Path(__file__).parents[1] / "data" / "formats" / "conll"


@pytest.fixture
def store(tmp_path: Path) -> ProjectStore:
    return ProjectStore.create(tmp_path / "p.annotator", LabelScheme("open", is_extensible=True))


def labels_in(store: ProjectStore) -> Counter[str]:
    with store.reading() as reader:
        scheme = reader.scheme()
        docs = [doc for _, doc in reader.sets(annotators=["imported"])]
    return Counter(scheme.name_of(span.label, span.layer) for doc in docs for span in doc.spans)


@pytest.mark.parametrize("scheme", ["IOB2", "IOB1", "BIOES"])
@pytest.mark.parametrize("name", ["uner_en_pud.iob2", "wikigold.conll.txt"])
def test_conlleval_counts_what_the_project_holds(store: ProjectStore, tmp_path: Path, name: str, scheme: str) -> None:
    with store:
        report = import_documents(store, ImportRequest((str(DATA / name),)))
        assert report.rejected == []
        request = ExportRequest(tmp_path / "out.conll", "conll2003", tag_scheme=scheme)  # type: ignore[arg-type]
        written = export(store, "p", request)
        assert written.proof.holds
        assert written.left_out == []
        counts = labels_in(store)
    assert report.spans == sum(counts.values())
    assert phrases((tmp_path / "out.conll").read_text(encoding="utf-8")) == counts


@pytest.mark.parametrize(
    ("name", "format_name"),
    [
        ("en_pud.conllu", "conllu"),
        ("GUM_news_crane.conll", "conll2012"),
        ("ontonotes.v4_gold_conll", "conll2012"),
    ],
)
def test_what_was_imported_is_exported_as_it_was(
    store: ProjectStore, tmp_path: Path, name: str, format_name: str
) -> None:
    with store:
        import_documents(store, ImportRequest((str(DATA / name),)))
        written = export(store, "p", ExportRequest(tmp_path / "out.x", format_name))
        assert written.proof.holds
    assert (tmp_path / "out.x").read_bytes().rstrip() == (DATA / name).read_bytes().rstrip()


def test_parts_of_speech_and_chunks_stay_with_their_words(store: ProjectStore, tmp_path: Path) -> None:
    lines = [
        "EU NNP B-NP B-ORG",
        "rejects VBZ B-VP O",
        "German JJ B-NP B-MISC",
        "call NN I-NP O",
        "",
        "Peter NNP B-NP B-PER",
    ]
    (tmp_path / "in.conll").write_text("\n".join(["-DOCSTART- -X- -X- O", "", *lines, ""]), encoding="utf-8")
    with store:
        import_documents(store, ImportRequest((str(tmp_path / "in.conll"),)))
        assert export(store, "p", ExportRequest(tmp_path / "out.conll", "conll2003")).proof.holds
    written = (tmp_path / "out.conll").read_text(encoding="utf-8").split("\n")
    assert written == ["-DOCSTART- -X- (in) O", "", *lines, "", ""]


def test_the_import_dialog_names_the_format_by_what_is_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Ann went home.\n", encoding="utf-8")
    (tmp_path / "b.xyz").write_text("Ann went home.\n", encoding="utf-8")
    assert guess_format_of(tmp_path / "a.txt") == "Plain text"
    assert guess_format_of(DATA / "wikigold.conll.txt") == "CoNLL-2003 columns"
    assert guess_format_of(DATA / "en_pud.conllu") == "CoNLL-U of Universal Dependencies"
    assert [guess_format_of(tmp_path / name) for name in ("b.xyz", "missing.txt")] == ["", ""]
