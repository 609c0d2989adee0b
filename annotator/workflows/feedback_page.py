"""Feedback as a page for the annotator (HTML) and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from html import escape
from typing import Any

from annotator.workflows.feedback import Example, Feedback, Group, LabelShare


def feedback_to_plain(feedback: Feedback) -> dict[str, Any]:
    """The JSON object of the command."""
    return {
        "annotator": feedback.annotator,
        "documents": feedback.documents,
        "right": feedback.right,
        "differing": feedback.differing,
        "kinds": {kind.value: times for kind, times in feedback.kinds.most_common()},
        "labels": [asdict(one) | {"recall": _share(one.right, one.of_gold)} for one in feedback.labels],
        "groups": [asdict(group) | {"kind": group.kind.value} for group in feedback.groups],
    }


def feedback_html(feedback: Feedback, heading: str, *, style: str = "", has_links: bool = False) -> str:
    """The page. ``has_links``: each example links to ``document:KEY-START-END``, for the window."""
    total = feedback.right + feedback.differing
    kinds = ", ".join(f"{times:,} {kind.value}" for kind, times in feedback.kinds.most_common()) or "nothing"
    body = [
        f"<h1>{escape(heading)}</h1>",
        f"<p>{feedback.documents:,} documents, {total:,} places: {feedback.right:,} as in gold, "
        f"{feedback.differing:,} otherwise ({escape(kinds)}).</p>",
        "<h2>Labels</h2>",
        _labels(feedback.labels),
        *(_group(group, has_links=has_links) for group in feedback.groups),
    ]
    return f"<html><head><meta charset='utf-8'><style>{style}</style></head><body>{''.join(body)}</body></html>"


def feedback_in_words(feedback: Feedback) -> str:
    """The same for a terminal, without examples."""
    lines = [
        f"{feedback.annotator}: {feedback.right} places as in gold, {feedback.differing} otherwise, "
        f"in {feedback.documents} documents"
    ]
    lines += [f"  {one.label:20} {one.right} of {one.of_gold} found; {one.of_theirs} marked" for one in feedback.labels]
    lines += [
        f"  {group.times:5} × {group.kind.value}: {group.theirs} instead of {group.gold}" for group in feedback.groups
    ]
    return "\n".join(lines)


def _labels(labels: Sequence[LabelShare]) -> str:
    heads = ("", "found", "of", "marked")
    rows = ((escape(one.label), f"{one.right:,}", f"{one.of_gold:,}", f"{one.of_theirs:,}") for one in labels)
    return _table(heads, rows)


def _group(group: Group, *, has_links: bool) -> str:
    words = f"{group.theirs} instead of {group.gold}: {group.times:,} × {group.kind.value}"
    examples = "".join(f"<li>{_example(one, has_links=has_links)}</li>" for one in group.examples)
    return f"<h3>{escape(words)}</h3><ul>{examples}</ul>"


def _example(one: Example, *, has_links: bool) -> str:
    before, words, after = (escape(" ".join(part.split())) for part in (one.before, one.words, one.after))
    marked = f"<a href='document:{one.key}-{one.start}-{one.end}'>{words}</a>" if has_links else f"<b>{words}</b>"
    why = f" ({escape(one.reason)})" if one.reason else ""
    return f"… {before} {marked} {after} …<br>{escape(one.theirs)} → {escape(one.gold)}{why}"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f"<th align='right'>{one}</th>" for one in heads)
    body = "".join("<tr>" + "".join(f"<td align='right'>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table cellpadding='4'><tr>{head}</tr>{body}</table>"


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
