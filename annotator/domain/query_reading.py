"""Reads what a person types to find places: words, /regex/, label:GPE, score:<.6. Pure.

Terms side by side must all hold; a minus before one turns it round. A fault is one sentence that says what to type.
Nothing is looked up here but names: `bind` makes ids of the label names of a scheme.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import Annotator, AnnotatorKind, Status
from annotator.domain.queries import (
    LABELLED,
    STATES,
    SUGGESTION,
    UNLABELLED,
    Condition,
    Field,
    OneOf,
    Query,
    QueryInvalid,
    Regex,
    ScoreRange,
    TextTerm,
    Words,
)
from annotator.domain.query_text import Piece, pieces, quoted
from annotator.domain.spans import Origin

_SAMPLES = {
    Field.LABEL: "label:GPE",
    Field.LAYER: "layer:entities",
    Field.TEXT: 'text:"New York"',
    Field.FOLDED: 'folded:"the Kremlin"',
    Field.BY: "by:alice",
    Field.ORIGIN: "origin:pipeline",
    Field.SCORE: "score:<.6",
    Field.NOTE: "note:doubtful",
    Field.STATUS: "status:done",
    Field.IS: "is:suggestion",
}


def parse(text: str) -> Query:
    """Read a query. Raises `QueryInvalid`."""
    reading = _Reading()
    previous: Piece | None = None
    for piece in pieces(text):
        is_bare = not (piece.field or piece.quote or piece.is_negated)
        follows = is_bare and previous is not None and not (previous.field or previous.quote or previous.is_negated)
        reading.take(piece, follows=follows)
        previous = piece
    return reading.query()


class _Reading:
    """A query being read."""

    def __init__(self) -> None:
        self._texts: list[TextTerm] = []
        self._absent: list[TextTerm] = []
        self._conditions: list[Condition] = []
        self._excluded: list[Condition] = []

    def take(self, piece: Piece, *, follows: bool) -> None:
        if not piece.is_closed:
            raise _unclosed(piece)
        if not piece.field:
            self._take_text(piece, follows=follows)
            return
        condition = _condition(piece)
        if piece.is_negated:
            self._excluded.append(condition)
        else:
            _merge(self._conditions, condition)

    def _take_text(self, piece: Piece, *, follows: bool) -> None:
        term = _text_term(piece)
        last = self._texts[-1] if self._texts else None
        if follows and isinstance(term, Words) and isinstance(last, Words):
            self._texts[-1] = replace(last, words=f"{last.words} {term.words}")
        else:
            (self._absent if piece.is_negated else self._texts).append(term)

    def query(self) -> Query:
        found = Query(tuple(self._texts), tuple(self._conditions), tuple(self._absent), tuple(self._excluded))
        if found.absent and not (found.texts or found.conditions or found.excluded):
            raise QueryInvalid("this says only what must not be there", remedy="type what to find, too")
        if found.wants_unlabelled and not found.texts:
            raise QueryInvalid("is:unlabelled finds words that have no label", remedy="type the words, too")
        return found


def _merge(conditions: list[Condition], added: Condition) -> None:
    """A field asked for twice may have either value."""
    for place, held in enumerate(conditions):
        if isinstance(held, OneOf) and isinstance(added, OneOf) and held.field is added.field:
            conditions[place] = replace(held, values=tuple(dict.fromkeys((*held.values, *added.values))))
            return
    conditions.append(added)


def _unclosed(piece: Piece) -> QueryInvalid:
    if piece.quote == "/":
        return QueryInvalid(
            "the regular expression does not end", remedy='close it with /, or put the text in quotes: "and/or"'
        )
    return QueryInvalid("the quotation does not end", remedy='close it with "')


def _text_term(piece: Piece) -> TextTerm:
    (value,) = piece.values
    if piece.quote == "/":
        if piece.flags not in ("", "i"):
            raise QueryInvalid(f"/…/{piece.flags} is not known", remedy="only i may follow: /new york/i ignores case")
        check_regex(value)
        return Regex(value, piece.flags == "i")
    if not value.strip():
        raise QueryInvalid("there is nothing between the quotation marks", remedy='type words there: "New York"')
    return Words(" ".join(value.split()), is_whole=bool(piece.quote))


def check_regex(pattern: str) -> None:
    """Raise `QueryInvalid` unless Python can compile the pattern and it means one thing."""
    if not pattern:
        raise QueryInvalid("the regular expression is empty", remedy="type one between the strokes: /colou?r/")
    if (doubtful := _doubtful_in_sets(pattern)) is not None:
        raise QueryInvalid(
            f"{doubtful} inside […] may get another meaning in regular expressions", remedy=f"write \\{doubtful}"
        )
    try:
        re.compile(pattern, re.MULTILINE)
    except re.error as fault:
        where = "" if fault.pos is None else f" (character {fault.pos + 1})"
        raise QueryInvalid(
            f"the regular expression is not right: {fault.msg}{where}",
            remedy="correct it, or put the text in quotation marks",
        ) from fault
    except (OverflowError, RecursionError) as fault:
        raise QueryInvalid("the regular expression is too large", remedy="make it simpler") from fault


def _doubtful_in_sets(pattern: str) -> str | None:
    """What Python's `re` warns of inside a set: ``[[``, ``--``, ``&&``, ``~~``, ``||``."""
    set_start = -1
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            at += 2
            continue
        if set_start < 0 and char == "[":
            set_start = at + 1
            at += 2 if pattern.startswith("^", at + 1) else 1
            set_start = at
            if pattern.startswith("[", at):
                return "["
            at += 1 if pattern.startswith("]", at) else 0
            continue
        if set_start >= 0 and char == "]":
            set_start = -1
        elif set_start >= 0 and char in "-&~|" and pattern.startswith(char, at + 1):
            return char
        at += 1
    return None


def _condition(piece: Piece) -> Condition:
    field = _field(piece)
    if piece.quote == "/":
        raise QueryInvalid(
            f"{field}: takes no regular expression", remedy=f"type /…/ by itself, and {_SAMPLES[Field.LABEL]} beside it"
        )
    if not any(value.strip() for value in piece.values):
        raise QueryInvalid(f"{field}: needs a value", remedy=f"type {_SAMPLES[field]}, say")
    if field is Field.SCORE:
        return _score(piece.values[0])
    return OneOf(field, tuple(dict.fromkeys(_VALUES.get(field, _as_typed)(value) for value in piece.values)))


def _field(piece: Piece) -> Field:
    try:
        return Field(piece.field.casefold())
    except ValueError:
        raise QueryInvalid(
            f"{piece.field}: is nothing to search by",
            remedy=f"use {', '.join(f'{one}:' for one in Field)}, or put the text in quotation marks",
        ) from None


_COMPARISON = re.compile(r"(<=|>=|≤|≥|<|>)\s*(\d*\.?\d+)(%?)")
_BETWEEN = re.compile(r"(\d*\.?\d+)(%?)\s*[-–]\s*(\d*\.?\d+)(%?)")


def _score(value: str) -> ScoreRange:
    if (between := _BETWEEN.fullmatch(value)) is not None:
        return ScoreRange(_share(between[1], between[2]), _share(between[3], between[4]))
    if (compared := _COMPARISON.fullmatch(value)) is None:
        raise QueryInvalid(f"score:{value} is not a range of scores", remedy="type score:<.6 or score:.4-.7")
    sign, share = compared[1], _share(compared[2], compared[3])
    if sign in ("<", "<=", "≤"):
        return ScoreRange(high=share, includes_high=sign != "<")
    return ScoreRange(low=share, includes_low=sign != ">")


def _share(number: str, percent: str) -> float:
    share = float(number) / (100 if percent else 1)
    if share > 1:
        raise QueryInvalid(f"the score {number} is above 1", remedy="scores go from 0 to 1: type score:<.6")
    return share


def _as_typed(value: str) -> str:
    return value


def _origin(value: str) -> str:
    return _known(value.casefold(), [one.value for one in Origin], Field.ORIGIN)


def _status(value: str) -> str:
    return _known(value.casefold().replace("-", " ").replace("_", " "), [one.value for one in Status], Field.STATUS)


def _state(value: str) -> str:
    spelt = {"labeled": LABELLED, "unlabeled": UNLABELLED, "suggested": SUGGESTION}
    return _known(spelt.get(value.casefold(), value.casefold()), STATES, Field.IS)


def _known(value: str, known: Collection[str], field: Field) -> str:
    if value not in known:
        typed = [f"{field}:{quoted(one)}" for one in known]
        raise QueryInvalid(f"{field}:{value} is not known", remedy=f"type {', '.join(typed[:-1])} or {typed[-1]}")
    return value


_VALUES: dict[Field, Callable[[str], str]] = {Field.ORIGIN: _origin, Field.STATUS: _status, Field.IS: _state}


def bind(
    query: Query, scheme: LabelScheme, annotators: Collection[Annotator], *, myself: str, may_see_all: bool = False
) -> Query:
    """The query with the names of labels as ids. Raises `QueryInvalid` for names that there are not, and for other
    people's labels unless ``may_see_all``.
    """

    def bound(condition: Condition) -> Condition:
        if not isinstance(condition, OneOf):
            return condition
        match condition.field:
            case Field.LABEL:
                ids = [id_ for name in condition.values for id_ in _label_ids(scheme, name)]
                return replace(condition, values=tuple(dict.fromkeys(ids)))
            case Field.LAYER:
                names = (
                    _known_as_typed(name, [one.name for one in scheme.layers], "layer") for name in condition.values
                )
                return replace(condition, values=tuple(names))
            case Field.BY:
                people = _seen(annotators, myself, may_see_all=may_see_all)
                return replace(condition, values=tuple(_person(name, annotators, people) for name in condition.values))
            case _:
                return condition

    return replace(query, conditions=_each(query.conditions, bound), excluded=_each(query.excluded, bound))


def _each(conditions: Iterable[Condition], bound: Callable[[Condition], Condition]) -> tuple[Condition, ...]:
    return tuple(bound(one) for one in conditions)


def _label_ids(scheme: LabelScheme, name: str) -> list[str]:
    wanted = name.casefold()
    by_name = [label.id for _, label in scheme.labels if label.name.casefold() == wanted]
    if by_name:
        return by_name
    found = [
        label.id
        for _, label in scheme.labels
        if wanted in (label.id.casefold(), *(alias.casefold() for alias in label.aliases))
    ]
    if not found:
        names = list(dict.fromkeys(label.name for _, label in scheme.labels))
        raise QueryInvalid(f"there is no label {name!r}", remedy=_choice(names))
    return found


def _known_as_typed(name: str, known: Collection[str], what: str) -> str:
    for one in known:
        if one.casefold() == name.casefold():
            return one
    raise QueryInvalid(f"there is no {what} {name!r}", remedy=_choice(known))


def _seen(annotators: Collection[Annotator], myself: str, *, may_see_all: bool) -> list[str]:
    kept = (one.name for one in annotators if may_see_all or one.kind is AnnotatorKind.PIPELINE)
    return list(dict.fromkeys((myself, *kept)))


def _person(name: str, annotators: Collection[Annotator], seen: Collection[str]) -> str:
    folded = name.casefold()
    if any(one.name.casefold() == folded for one in annotators) and all(one.casefold() != folded for one in seen):
        raise QueryInvalid(
            f"the labels of {name} are not shown to you while you annotate", remedy=f"search without by:{name}"
        )
    return _known_as_typed(name, seen, "annotator")


def _choice(names: Collection[str]) -> str:
    shown = list(names)[:12]
    return f"there are {', '.join(shown)}{' and others' if len(names) > len(shown) else ''}"
