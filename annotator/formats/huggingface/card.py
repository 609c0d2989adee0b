"""The card of a data set: README.md with front matter that says what is where. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from annotator.formats.huggingface.features import Feature, quoted, yaml_lines

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


@dataclass(frozen=True, slots=True)
class Facts:
    """``documents``: rows by part. ``languages``: those of the documents, in order."""

    documents: Mapping[str, int]
    languages: Sequence[str]
    has_spans: bool
    has_cats: bool


def card(facts: Facts, features: Mapping[str, Feature]) -> str:
    """The whole file. The licence is left open: only who has the texts can know it."""
    return "\n".join([*_front_matter(facts, features), *_body(facts)]) + "\n"


def _front_matter(facts: Facts, features: Mapping[str, Feature]) -> Iterator[str]:
    total = sum(facts.documents.values())
    yield "---"
    if facts.languages:
        yield "language:"
        yield from (f"- {quoted(one)}" for one in facts.languages)
    tasks = ["token-classification"] if facts.has_spans or not facts.has_cats else []
    tasks += ["text-classification"] if facts.has_cats else []
    yield "task_categories:"
    yield from (f"- {one}" for one in tasks)
    yield "size_categories:"
    yield f"- {next((name for most, name in _SIZES if total < most), 'n>1M')}"
    yield "configs:"
    yield "- config_name: default"
    yield "  data_files:"
    for part in facts.documents:
        yield f"  - split: {part}"
        yield f"    path: data/{part}-*"
    yield "dataset_info:"
    yield "  features:"
    yield from yaml_lines(features, "  ")
    yield "---"


def _body(facts: Facts) -> Iterator[str]:
    yield "# Data set"
    yield ""
    yield "Written by Annotator. `datasets.load_dataset(folder)` loads it."
    yield ""
    yield from (f"- {part}: {count:,} documents" for part, count in facts.documents.items())
    yield ""
    yield "Texts that are nearly the same are in one part. Offsets are Unicode code points into `text`. The column"
    yield "`ner_tags` has the longest of spans that share a token, `spans` has all. `meta`, `extra` and `attributes`"
    yield "are JSON."
    yield ""
    yield "## Licence"
    yield ""
    yield "Not stated. Say here, and as `license` above, on what terms the texts and the labels may be used."
