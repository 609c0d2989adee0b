"""Guidelines: what each label means, in Markdown, and pins: spans that are examples of it. Pure.

A section of the guideline whose heading names a label of the scheme is the rule of that label.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from annotator.domain.labels import Label, LabelScheme, Layer
from annotator.domain.spans import Span

CONTEXT_CHARS = 44
"""So many code points are kept on either side of a pinned span."""


@dataclass(frozen=True, slots=True)
class Guideline:
    """One version of the project's guideline; 1 is the first. ``at``: when it was written, ISO 8601 in UTC."""

    version: int
    body: str
    annotator: str
    at: str


@dataclass(frozen=True, slots=True)
class Pin:
    """A span of ``annotator`` that is an example of a label, or (``is_positive`` false) of what it is not.

    ``key`` is the document's key in the store, ``[start, end)`` and ``surface`` the words as they were pinned, in code
    points. ``rule`` is the heading it was pinned under, empty for the label's own section. ``id`` is 0 until written.
    """

    key: int
    annotator: str
    span_id: str
    start: int
    end: int
    surface: str
    label: str
    layer: str
    is_positive: bool = True
    rule: str = ""
    note: str = ""
    at: str = ""
    id: int = 0


class Reason(Enum):
    """Why a pin no longer shows what it was pinned for."""

    GONE = "gone"
    LABEL = "label"
    EDGES = "edges"
    CONTRADICTED = "contradicted"
    MERGED = "merged"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Staleness:
    """A pin that no longer shows what it was pinned for. ``now``: the span as it is, None when it is gone.

    ``successor``: the id of the label that its label was merged into.
    """

    reasons: tuple[Reason, ...]
    now: Span | None = None
    successor: str = ""


def find_staleness(pin: Pin, here: Iterable[Span], known: str | None) -> Staleness | None:
    """Why ``pin`` is stale, None when it is not.

    ``known``: the id of the label that the pinned one is by now; another one, or None when it was deleted, is a reason.
    """
    here = list(here)
    if known == pin.label:
        return _find_change(pin, here)
    changed = _find_change(replace(pin, label=known or pin.label), here)
    if known is None:
        return Staleness((Reason.DELETED,), changed.now if changed else None)
    followed = next((span for span in here if _is_on_words(pin, span) and span.label == known), None)
    reasons = changed.reasons if changed else ()
    return Staleness((Reason.MERGED, *reasons), changed.now if changed else followed, known)


def _find_change(pin: Pin, here: Sequence[Span]) -> Staleness | None:
    """What became of a pin whose label is in the scheme.

    ``here``: the spans of its annotator that have its id or lie on its words. A positive example must still be there
    with its label and edges (under whatever id). A negative one says that the words are not the label: it is stale when
    somebody has decided that they are.
    """
    same = [span for span in here if _is_on_words(pin, span) and (span.label, span.layer) == (pin.label, pin.layer)]
    if not pin.is_positive:
        decided = next((span for span in same if span.decided), None)
        return Staleness((Reason.CONTRADICTED,), decided) if decided else None
    if same:
        return None
    now = next((span for span in here if span.id == pin.span_id), None) or next(iter(here), None)
    if now is None:
        return Staleness((Reason.GONE,))
    reasons = [Reason.LABEL] if (now.label, now.layer) != (pin.label, pin.layer) else []
    reasons += [] if _is_on_words(pin, now) else [Reason.EDGES]
    return Staleness(tuple(reasons), now)


def staleness_in_words(staleness: Staleness, scheme: LabelScheme, text: str, layer: str) -> str:
    """The reason in a few words: "now PERSON, now on “Dmytro Kuleba”". ``text``: the words of the span as it is.

    ``layer``: the pin's.
    """
    now = staleness.now
    name = scheme.name_of(now.label, now.layer) if now is not None else ""
    words = {
        Reason.GONE: "the span is gone",
        Reason.LABEL: f"now {name}",
        Reason.EDGES: f"now on “{text}”",
        Reason.CONTRADICTED: f"it is labelled {name}",
        Reason.MERGED: f"its label was merged into {scheme.name_of(staleness.successor, layer)}",
        Reason.DELETED: "its label was deleted",
    }
    return ", ".join(words[reason] for reason in staleness.reasons)


def _is_on_words(pin: Pin, span: Span) -> bool:
    return (span.start, span.end) == (pin.start, pin.end)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a guideline. ``labels``: (label id, layer) of the labels that it names; ``is_exact``: only those."""

    text: str
    labels: tuple[tuple[str, str], ...] = ()
    is_exact: bool = False


def heading_of(text: str, scheme: LabelScheme) -> Heading:
    """What a heading is about. A label is named by its name, id or an alias as a word of its own."""
    plain = " ".join(text.split())
    exact = [_key(layer, label) for layer, label in scheme.labels if _goes_by(label, plain)]
    if exact:
        return Heading(plain, tuple(exact), is_exact=True)
    named = [_key(layer, label) for layer, label in scheme.labels if _is_named(label, plain)]
    return Heading(plain, tuple(named))


def headings_of(body: str, scheme: LabelScheme) -> list[Heading]:
    """The headings of a guideline in order (``# …`` and underlined ones; not those inside code)."""
    return [heading_of(text, scheme) for text in _heading_texts(body)]


def rules_of(headings: Sequence[Heading], label: str, layer: str) -> list[Heading]:
    """The headings that name a label; the one that is its own section first."""
    naming = [heading for heading in headings if (label, layer) in heading.labels]
    return sorted(naming, key=lambda heading: not heading.is_exact)


def home_of(pin: Pin, headings: Sequence[Heading], label: str) -> int | None:
    """The place among ``headings`` under which a pin is shown, None when the guideline has none for it.

    ``label``: the id of the label that the pinned one is by now.
    """
    if pin.rule:
        for place, heading in enumerate(headings):
            if heading.text == pin.rule:
                return place
    rules = rules_of(headings, label, pin.layer)
    return headings.index(rules[0]) if rules else None


def guideline_from_scheme(scheme: LabelScheme) -> str:
    """A first guideline in Markdown: a section for each label with its description."""
    parts = [f"# {scheme.title or scheme.name}"]
    if scheme.description:
        parts.append(scheme.description)
    has_layers = len(scheme.layers) > 1
    for layer in scheme.layers:
        if has_layers and layer.labels:
            parts.append(f"## {layer.name}")
        for label in layer.labels:
            parts.append(f"{'###' if has_layers else '##'} {label.name}")
            parts.append(label.description or "What it is, what it is not, and where it ends.")
    return "\n\n".join(parts) + "\n"


def _key(layer: Layer, label: Label) -> tuple[str, str]:
    return (label.id, layer.name)


def _goes_by(label: Label, text: str) -> bool:
    return text.casefold() in {name.casefold() for name in (label.name, label.id, *label.aliases)}


def _is_named(label: Label, text: str) -> bool:
    names = {label.name, label.id, *label.aliases}
    return any(name and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in names)


_FENCE = re.compile(r"^ {0,3}(```|~~~)")
_HASHES = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$")
_UNDERLINE = re.compile(r"^ {0,3}(?:=+|-+)[ \t]*$")
_MARKUP = re.compile(r"[*`]+|(?<!\w)_+(?=\S)|(?<=\S)_+(?!\w)")


def _heading_texts(body: str) -> list[str]:
    found: list[str] = []
    fence, before = "", ""
    for line in body.splitlines():
        if match := _FENCE.match(line):
            fence = match[1] if not fence else "" if match[1] == fence else fence
        elif not fence and (match := _HASHES.match(line)):
            found.append(match[1])
            line = ""
        elif not fence and before and _UNDERLINE.match(line):
            found.append(before)
            line = ""
        before = line.strip()
    return [_MARKUP.sub("", text) for text in found]
