"""The data card of an export: what it is, who made it by which rules, what it has, what was lost. Markdown and JSON.

The headings follow Datasheets for Datasets (Gebru et al. 2021) and Data Statements (Bender and Friedman 2018) as far as
a project knows the answers; what only people know (licence, consent, intended use) is left open, visibly.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import orjson

from annotator.domain.disagreements import GIVEN
from annotator.domain.guidelines import Guideline
from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.formats.manifest import scheme_sha256
from annotator.formats.shapes import Loss
from annotator.workflows.proving import Proof, proof_to_plain

F1_DEFINITION = (
    "exact span F1 of each pair over the documents both labelled (same start, end, layer and label; micro-averaged)"
)
OPEN_QUESTIONS = ("Licence of the texts", "How the texts were chosen", "Consent and personal data", "Intended use")

_Key = tuple[int, int, str, str]


@dataclass(slots=True)
class CardFacts:
    """What is counted while documents are written, under the names that they are written with.

    ``is_compared``: whether several people's labels are exported, so that their spans are kept to compare them.
    """

    is_compared: bool = True
    documents: Counter[str] = field(default_factory=Counter)
    spans: Counter[str] = field(default_factory=Counter)
    by_status: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    models: Counter[str] = field(default_factory=Counter)
    relations: Counter[str] = field(default_factory=Counter)
    cats: Counter[str] = field(default_factory=Counter)
    tokens: int = 0
    characters: int = 0
    _sets: dict[str, dict[str, frozenset[_Key]]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, doc: AnnotatedDocument) -> None:
        """Count one annotation set."""
        who = doc.annotator or "nobody"
        if doc.document.id not in self._sets:
            self.tokens += len(doc.document.tokens)
            self.characters += len(doc.document.text)
            self.languages[doc.document.language or "unknown"] += 1
        self.documents[who] += 1
        self.spans[who] += len(doc.spans)
        self.by_status[doc.status.value] += 1
        self.models.update(span.pipeline for span in doc.spans if span.pipeline)
        self.relations.update(relation.label for relation in doc.relations.values())
        self.cats.update(label for label, value in doc.cats.items() if value >= GIVEN)
        spans = doc.spans if self.is_compared else ()
        self._sets[doc.document.id][who] = frozenset((one.start, one.end, one.layer, one.label) for one in spans)

    @property
    def distinct_documents(self) -> int:
        """How many texts there are, however many labelled each."""
        return len(self._sets)

    def agreement(self) -> Iterator[dict[str, Any]]:
        """`F1_DEFINITION`, by pair. Where neither marked anything there is none, and it says so."""
        if not self.is_compared:
            return
        counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
        for sets in self._sets.values():
            for one, other in combinations(sorted(sets), 2):
                found = counts[one, other]
                found[0] += 1
                found[1] += 2 * len(sets[one] & sets[other])
                found[2] += len(sets[one]) + len(sets[other])
        for (one, other), (documents, twice_same, marked) in sorted(counts.items()):
            value = twice_same / marked if marked else None
            yield {
                "a": one,
                "b": other,
                "documents": documents,
                "f1": value,
                "undefined_because": "" if marked else "neither marked anything",
            }


@dataclass(frozen=True, slots=True)
class Card:
    """All that a card says."""

    title: str
    created: str
    tool: str
    format: str
    scheme: LabelScheme
    guideline: Guideline | None
    by_label: Mapping[str, int]
    losses: Sequence[Loss]
    loses: Sequence[str]
    files: Sequence[str]
    proof: Proof
    facts: CardFacts

    def as_plain(self) -> dict[str, Any]:
        """The card as JSON values."""
        facts = self.facts
        return {
            "title": self.title,
            "created": self.created,
            "tool": self.tool,
            "format": self.format,
            "files": list(self.files),
            "documents": facts.distinct_documents,
            "tokens": facts.tokens,
            "characters": facts.characters,
            "languages": dict(sorted(facts.languages.items())),
            "by_status": dict(sorted(facts.by_status.items())),
            "annotators": [
                {"name": name, "documents": count, "spans": facts.spans[name]}
                for name, count in sorted(facts.documents.items())
            ],
            "spans": sum(self.by_label.values()),
            "by_label": dict(sorted(self.by_label.items())),
            "relations": self._named(facts.relations, {one.id: one.name for one in self.scheme.relation_labels}),
            "document_labels": self._named(facts.cats, {one.id: one.name for one in self.scheme.document_labels}),
            "scheme": {
                "name": self.scheme.name,
                "sha256": scheme_sha256(self.scheme),
                "labels": [
                    {"layer": layer.name, "name": label.name, "description": label.description}
                    for layer, label in self.scheme.labels
                ],
            },
            "guideline": self._guideline_plain(),
            "models": dict(sorted(facts.models.items())),
            "agreement": {"measure": F1_DEFINITION, "pairs": list(facts.agreement())},
            "losses": self._losses_plain(),
            "format_cannot_hold": list(self.loses),
            "proof": {key: value for key, value in proof_to_plain(self.proof).items() if key != "differences"},
            "to_be_filled_in": list(OPEN_QUESTIONS),
        }

    def as_json(self) -> bytes:
        """The card as a JSON file."""
        return orjson.dumps(self.as_plain(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)

    def as_markdown(self) -> bytes:
        """The card to read."""
        return ("\n".join(_markdown(self, self.as_plain())) + "\n").encode()

    def _guideline_plain(self) -> dict[str, Any] | None:
        if self.guideline is None:
            return None
        digest = hashlib.sha256(self.guideline.body.encode()).hexdigest()
        return {"version": self.guideline.version, "at": self.guideline.at, "sha256": digest}

    def _losses_plain(self) -> list[dict[str, Any]]:
        counts = Counter((loss.kind.value, loss.reason) for loss in self.losses)
        return [{"what": kind, "reason": reason, "count": count} for (kind, reason), count in sorted(counts.items())]

    @staticmethod
    def _named(counts: Mapping[str, int], names: Mapping[str, str]) -> dict[str, int]:
        return dict(sorted((names.get(label, label), count) for label, count in counts.items()))


def _markdown(card: Card, plain: Mapping[str, Any]) -> Iterator[str]:
    yield f"# {card.title}"
    yield ""
    yield f"Exported {card.created} by {card.tool} as `{card.format}`: {', '.join(f'`{one}`' for one in card.files)}."
    yield ""
    yield "## What it holds"
    yield ""
    yield (
        f"{plain['documents']:,} documents, {plain['tokens']:,} tokens, {plain['characters']:,} characters; "
        f"languages: {_counts(plain['languages'])}; status: {_counts(plain['by_status'])}."
    )
    yield ""
    yield from _table(("label", "spans", "description"), _label_rows(card, plain))
    for title, key in (("Relations", "relations"), ("Document labels", "document_labels")):
        if plain[key]:
            yield f"{title}: {_counts(plain[key])}."
            yield ""
    yield "## Who labelled it, and by which rules"
    yield ""
    yield from _table(
        ("annotator", "documents", "spans"),
        [(one["name"], f"{one['documents']:,}", f"{one['spans']:,}") for one in plain["annotators"]],
    )
    yield f"Scheme `{card.scheme.name}` (SHA-256 `{plain['scheme']['sha256'][:16]}…`). {_guideline_words(plain)}"
    models = _counts(plain["models"])
    yield f"Suggested by a model and decided by a person: {models}." if models else "No model suggested spans."
    yield ""
    yield "## Agreement"
    yield ""
    yield from _agreement_lines(plain["agreement"])
    yield "## What was lost"
    yield ""
    yield from _loss_lines(card, plain)
    yield "## To be filled in"
    yield ""
    yield from (f"- {question}: …" for question in OPEN_QUESTIONS)


def _label_rows(card: Card, plain: Mapping[str, Any]) -> list[tuple[str, ...]]:
    descriptions = {label.name: label.description for _, label in card.scheme.labels}
    return [(label, f"{count:,}", descriptions.get(label, "")) for label, count in plain["by_label"].items()]


def _guideline_words(plain: Mapping[str, Any]) -> str:
    guideline = plain["guideline"]
    if guideline is None:
        return "There is no written guideline in the project."
    return f"Guideline version {guideline['version']} of {guideline['at']} (SHA-256 `{guideline['sha256'][:16]}…`)."


def _agreement_lines(agreement: Mapping[str, Any]) -> Iterator[str]:
    if not agreement["pairs"]:
        yield "Not measured: no document in this export was labelled by two people."
        yield ""
        return
    yield f"Measured as {agreement['measure']}."
    yield ""
    yield from _table(
        ("pair", "documents", "F1"),
        [
            (f"{one['a']} – {one['b']}", f"{one['documents']:,}",
             one["undefined_because"] if one["f1"] is None else f"{one['f1']:.3f}")
            for one in agreement["pairs"]
        ],
    )  # fmt: skip


def _loss_lines(card: Card, plain: Mapping[str, Any]) -> Iterator[str]:
    yield f"{card.proof.in_words[0].upper()}{card.proof.in_words[1:]}."
    yield ""
    if plain["losses"]:
        rows = [(one["what"], f"{one['count']:,}", one["reason"]) for one in plain["losses"]]
        yield from _table(("what", "how many", "why"), rows)
    else:
        yield "Nothing was left out."
        yield ""
    if card.loses:
        yield from (f"- {sentence}" for sentence in card.loses)
        yield ""


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if not rows:
        return
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(map(_cell, row))} |" for row in rows)
    yield ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())
