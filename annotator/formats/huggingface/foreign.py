"""Rows of other people's data sets as records like those of JSONL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from annotator.domain.labels import HUES, Label, LabelScheme, Layer
from annotator.domain.spans import DEFAULT_LAYER
from annotator.formats.huggingface import LABELS, TAGS, TEXTS, TOKENS
from annotator.formats.huggingface.names import names_for
from annotator.formats.huggingface.tags import OUTSIDE, Tagged, labels_of, spans_of
from annotator.formats.jsonl.record_fields import Plain, RecordFault
from annotator.formats.shapes import Source
from annotator.formats.tally import Tally

_IGNORED_TAG = -100
_IDS = ("id", "guid", "doc_id", "document_id")


class NothingToTake(ValueError):
    """The table has no column that Annotator can take; the message says which it would."""


class NoNames(RecordFault):
    """Numbers for labels, and nobody says what they mean."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns are what; a name is empty where there is none. ``names``: of class labels, by column and number."""

    text: str
    tokens: str
    tags: str
    label: str
    names: Mapping[str, list[str]]
    tally: Tally

    @classmethod
    def of(cls, first: Plain, metadata: Mapping[bytes, bytes], source: Source, tally: Tally) -> Columns:
        """As the first row and the names of the columns show. Raises `NothingToTake`."""
        tokens = _first_of(TOKENS, first, list)
        tags = _first_of(TAGS, first, list) if tokens else ""
        text = _first_of(TEXTS, first, str)
        label = "" if tags else _first_of(LABELS, first, (str, int, list))
        if not (tokens and tags) and not text:
            raise NothingToTake(
                f"of its columns ({', '.join(map(str, first))}) none can be taken: there must be {' or '.join(TOKENS)} "
                f"with {', '.join(TAGS[:-1])} or {TAGS[-1]}, or {' or '.join(TEXTS)}"
            )
        names = {column: names_for(column, metadata, source) for column in first}
        return cls(text, tokens if tags else "", tags, label, names, tally)

    @property
    def has_labels(self) -> bool:
        """Whether a row without a label says that there is none."""
        return bool(self.tags or self.label)

    def scheme(self, name: str) -> LabelScheme | None:
        """The labels that the names of classes are, in their order; None where the file names none."""
        spans = labels_of(self.names.get(self.tags, ())) if self.tags else []
        cats = self.names.get(self.label, []) if self.label else []
        if not spans and not cats:
            return None
        return LabelScheme(name, layers=(Layer(DEFAULT_LAYER, _labels(spans)),), document_labels=_labels(cats))

    def record_of(self, row: Plain, number: int) -> Plain:
        """The row as a record. Raises `RecordFault`."""
        plain = self._from_tokens(row, number) if self.tokens else {"text": row.get(self.text), "spans": _spans_in(row)}
        if self.label and row.get(self.label) is not None:
            plain["cats"] = dict.fromkeys(self._labels(row[self.label]), 1.0)
        return plain | self._about(row, number)

    def _from_tokens(self, row: Plain, number: int) -> Plain:
        words, tags = row.get(self.tokens), row.get(self.tags)
        if not isinstance(words, list) or not isinstance(tags, list):
            raise RecordFault(f"{self.tokens} or {self.tags} is not a list")
        if len(words) != len(tags):
            raise RecordFault(f"there are {len(words)} tokens and {len(tags)} tags")
        pairs = [(str(word), self._name(self.tags, tag)) for word, tag in zip(words, tags, strict=True)]
        pairs = [(word, tag) for word, tag in pairs if word.strip()]
        text, starts = self._text_of([word for word, _ in pairs], row, number)
        tokens = [{"start": at, "end": at + len(word)} for at, (word, _) in zip(starts, pairs, strict=True)]
        spans = list(spans_of([tag for _, tag in pairs]))
        repaired = sum(one.is_repaired for one in spans)
        self.tally.add("a tag that continues nothing begins a span", number, repaired)
        return {"text": text, "tokens": tokens, "spans": [_plain_span(one, tokens) for one in spans]}

    def _text_of(self, words: list[str], row: Plain, number: int) -> tuple[str, list[int]]:
        """The text, and where its words begin: the row's own text if the words stand there in order."""
        given = row.get(self.text) if self.text else None
        if isinstance(given, str):
            if (starts := _find_places(words, given)) is not None:
                return given, starts
            what = f"the tokens do not stand in the column {self.text}: the text is made of the tokens"
            self.tally.add(what, number)
        starts, length = [], 0
        for word in words:
            starts.append(length)
            length += len(word) + 1
        return " ".join(words), starts

    def _labels(self, value: Any) -> list[str]:
        return [self._name(self.label, one) for one in (value if isinstance(value, list) else [value])]

    def _name(self, column: str, value: Any) -> str:
        """The label behind a value of this column. Raises `RecordFault`."""
        if isinstance(value, str):
            return value
        if value is None or value == _IGNORED_TAG:
            return OUTSIDE
        if isinstance(value, bool) or not isinstance(value, int):
            raise RecordFault(f"{column} has {value!r}, which is neither a name nor a number")
        names = self.names.get(column)
        if not names:
            raise NoNames(
                f"the column {column} has numbers without names; put a dataset_info.json or a README.md that names "
                f"them (dataset_info, features, {column}, class_label, names) beside the file"
            )
        if not 0 <= value < len(names):
            raise RecordFault(f"{column} has {value}, and there are names for 0 to {len(names) - 1} only")
        return names[value]

    def _about(self, row: Plain, number: int) -> Plain:
        """The id, and the other columns as metadata."""
        given = next((name for name in _IDS if isinstance(row.get(name), (str, int))), "")
        used = {self.text, self.tokens, self.tags, self.label, given}
        meta: Plain = {}
        for column, value in row.items():
            if column in used or value is None or (column in ("spans", "entities") and not self.tokens):
                continue
            if isinstance(value, (list, dict)):
                self.tally.add(f"the column {column} is not taken", number)
            else:
                meta[column] = self._meta_value(column, value)
        return {"id": row[given] if given else None, "meta": meta}

    def _meta_value(self, column: str, value: Any) -> Any:
        names = self.names.get(column) or []
        if type(value) is int and 0 <= value < len(names):
            return names[value]
        return value if isinstance(value, (str, int, float, bool)) else str(value)


def _labels(names: Iterable[str]) -> tuple[Label, ...]:
    return tuple(Label(name, name, hue=HUES[at % len(HUES)]) for at, name in enumerate(dict.fromkeys(names)) if name)


def _first_of(names: Iterable[str], row: Plain, kind: type | tuple[type, ...]) -> str:
    return next((name for name in names if isinstance(row.get(name), kind)), "")


def _find_places(words: list[str], text: str) -> list[int] | None:
    starts, covered = [], 0
    for word in words:
        at = text.find(word, covered)
        if at < 0 or text[covered:at].strip():
            return None
        starts.append(at)
        covered = at + len(word)
    return starts


def _plain_span(one: Tagged, tokens: list[dict[str, int]]) -> Plain:
    return {"start": tokens[one.first]["start"], "end": tokens[one.end - 1]["end"], "label": one.label}


def _spans_in(row: Plain) -> list[Plain]:
    """Spans that are given by offsets."""
    for name in ("spans", "entities"):
        entries = row.get(name)
        if isinstance(entries, list) and all(
            isinstance(one, dict) and {"start", "end", "label"} <= one.keys() for one in entries
        ):
            return [{key: value for key, value in one.items() if value is not None} for one in entries]
    return []
