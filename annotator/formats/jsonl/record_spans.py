"""Tokens, spans and relations of a JSON record, Annotator's and Prodigy's. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from operator import le, lt
from reprlib import repr as shortened
from typing import Any

from annotator.domain.edits import shape_of
from annotator.domain.errors import UserError
from annotator.domain.spans import DEFAULT_LAYER, Origin, Relation, Span
from annotator.domain.text import Tokens
from annotator.formats.jsonl.record_fields import (
    Plain,
    RecordFault,
    dict_of,
    free_id,
    id_of,
    is_number,
    kept,
    one_of,
    string_of,
)
from annotator.formats.jsonl.record_writing import place_of

_TOKEN_KEYS = frozenset({"id", "text", "start", "end", "ws", "sent_start"})
_PLACE_KEYS = frozenset({"start", "end", "token_start", "token_end", "text"})
_SPAN_KEYS = _PLACE_KEYS | frozenset(
    {"id", "label", "layer", "attributes", "note", "origin", "score", "pipeline", "decided", "fragments"}
)
_RELATION_KEYS = frozenset({"id", "head", "child", "label", "attributes", "head_span", "child_span"})
WORD_LAYER, WORD_LABEL = "words", "WORD"
"""What the words get that Prodigy's relations join and that have no label of their own."""
_ORIGINS = {origin.value: origin for origin in Origin}
_IMPORTED = Origin.IMPORTED.value


def tokens_from_plain(plains: list[Any], text: str) -> Tokens:
    """Tokens in the order of the text; they may leave gaps, but not overlap."""
    return _find_sound_tokens(plains, text) or _tokens_one_by_one(plains, text)


def _find_sound_tokens(plains: list[Any], text: str) -> Tokens | None:
    """The tokens, if nothing is wrong with them; looked at by columns, which takes a fifth of the time."""
    try:
        starts, ends = [plain["start"] for plain in plains], [plain["end"] for plain in plains]
        given = [plain.get("text") for plain in plains]
        sentences = [number for number, plain in enumerate(plains) if plain.get("sent_start") in (True, 1)]
    except (KeyError, TypeError, AttributeError):
        return None
    if not starts or set(map(type, starts)) | set(map(type, ends)) != {int}:
        return None
    is_in_order = starts[0] >= 0 and all(map(lt, starts, ends)) and all(map(le, ends, starts[1:]))
    if not is_in_order or ends[-1] > len(text):
        return None
    if any(isinstance(said, str) and said != text[starts[at] : ends[at]] for at, said in enumerate(given)):
        return None
    return Tokens(starts, ends, sentences)


def _tokens_one_by_one(plains: list[Any], text: str) -> Tokens:
    """The tokens, or a fault that names the first that is wrong."""
    starts: list[int] = []
    ends: list[int] = []
    sentences: list[int] = []
    for number, plain in enumerate(plains):
        start, end = _offsets(plain, text, f"token {number}")
        if ends and start < ends[-1]:
            raise RecordFault(f"token {number} begins before the one before it ends")
        if plain.get("sent_start") in (True, 1):
            sentences.append(number)
        starts.append(start)
        ends.append(end)
    return Tokens(starts, ends, sentences)


def token_extra(plains: list[Any]) -> Plain:
    """Keys of tokens that Annotator does not know (Prodigy's ``disabled``), by the place of the token."""
    found = {}
    for plain in plains:
        if not _TOKEN_KEYS.issuperset(plain):
            unknown = {key: plain[key] for key in plain.keys() - _TOKEN_KEYS}
            found[place_of(plain["start"], plain["end"])] = dict(sorted(unknown.items()))
    return kept(found)


def spans_from_plain(plains: list[Any], text: str) -> list[Span]:
    """The spans, each with an id of its own."""
    spans: dict[str, Span] = {}
    taken = {str(plain.get("id")) for plain in plains if isinstance(plain, dict)}
    for number, plain in enumerate(plains):
        span = _span_from_plain(plain, number, text, taken)
        if span.id in spans:
            raise RecordFault(f"two spans have the id {shortened(span.id)}")
        spans[span.id] = span
    return list(spans.values())


def _span_from_plain(plain: Any, number: int, text: str, taken: set[str]) -> Span:
    what = f"span {number}"
    start, end = _offsets(plain, text, what)
    return Span(
        id=id_of(plain, what) or free_id(f"s{number}", taken),
        start=start,
        end=end,
        label=_label_of(plain, what),
        layer=string_of(plain, "layer") or DEFAULT_LAYER,
        origin=_origin_of(plain, what),
        decided=plain.get("decided") is not False,
        score=_score_of(plain, what),
        pipeline=string_of(plain, "pipeline"),
        attributes=_span_attributes(plain),
        note=string_of(plain, "note"),
        fragments=_fragments_of(plain, start, end, what),
    )


def _origin_of(plain: Plain, what: str) -> Origin:
    given = plain.get("origin", _IMPORTED)
    found = _ORIGINS.get(given) if isinstance(given, str) else None
    return found or Origin(one_of(given, list(_ORIGINS), f"the origin of {what}"))


def _fragments_of(plain: Plain, start: int, end: int, what: str) -> tuple[tuple[int, int], ...]:
    given = plain.get("fragments")
    if given is None:
        return ()
    try:
        shape = shape_of([(int(first), int(last)) for first, last in given], where="")
    except (UserError, TypeError, ValueError) as fault:
        raise RecordFault(f"the fragments of {what} are not [start, end] in order and apart") from fault
    if (shape["start"], shape["end"]) != (start, end):
        raise RecordFault(f"the fragments of {what} do not begin at {start} and end at {end}")
    fragments: tuple[tuple[int, int], ...] = shape["fragments"]
    return fragments


def _span_attributes(plain: Plain) -> Plain:
    """Attributes, and keys that Annotator does not know; Prodigy's ``"type": "span"`` says nothing."""
    if _SPAN_KEYS.issuperset(plain):
        return dict_of(plain, "attributes")
    unknown = {key: value for key, value in plain.items() if key not in _SPAN_KEYS}
    if unknown.get("type") == "span":
        del unknown["type"]
    return kept(unknown) | dict_of(plain, "attributes")


def _score_of(plain: Plain, what: str) -> float | None:
    score = plain.get("score")
    if score is None:
        return None
    if not is_number(score) or not 0 <= score <= 1:
        raise RecordFault(f"the score of {what} is not a number from 0 to 1")
    return float(score)


def _label_of(plain: Plain, what: str) -> str:
    label = plain.get("label")
    if not isinstance(label, str) or not label:
        raise RecordFault(f"{what} has no label")
    return label


def _offsets(plain: object, text: str, what: str) -> tuple[int, int]:
    if not isinstance(plain, dict):
        raise RecordFault(f"{what} is not an object")
    start, end = plain.get("start"), plain.get("end")
    if type(start) is not int or type(end) is not int:
        raise RecordFault(f"{what} has no whole numbers as start and end")
    if not 0 <= start < end <= len(text):
        raise RecordFault(f"{what} at {start}–{end} does not lie within the text of {len(text)} characters")
    given = plain.get("text")
    if isinstance(given, str) and given != text[start:end]:
        stands = shortened(text[start:end])
        raise RecordFault(f"{what} at {start}–{end} says {shortened(given)}, but {stands} stands there")
    return start, end


def words_of_relations(plains: list[Any], spans: list[Span], tokens: Tokens) -> list[Span]:
    """Spans for the words that Prodigy's relations join and that have no label: they get one that says so."""
    words: dict[tuple[int, int], Span] = {}
    taken = {span.id for span in spans}
    for plain in (one for one in plains if isinstance(one, dict)):
        for role in ("head", "child"):
            if isinstance(plain.get(role), int) and _find_end(plain, role, spans, tokens) is None:
                place = _place_of_end(plain, role, tokens)
                if place is not None and place not in words:
                    span_id = free_id(f"w{place[0]}", taken)
                    taken.add(span_id)
                    words[place] = Span(span_id, *place, WORD_LABEL, WORD_LAYER, Origin.IMPORTED)
    return list(words.values())


def relations_from_plain(plains: list[Any], spans: list[Span], tokens: Tokens) -> Mapping[str, Relation]:
    """The relations by id; both ends must be spans of this record."""
    relations: dict[str, Relation] = {}
    taken = {str(plain.get("id")) for plain in plains if isinstance(plain, dict)}
    for number, plain in enumerate(plains):
        relation = _relation_from_plain(plain, number, spans, taken, tokens)
        if relation.id in relations:
            raise RecordFault(f"two relations have the id {shortened(relation.id)}")
        relations[relation.id] = relation
    return relations


def _relation_from_plain(plain: Any, number: int, spans: list[Span], taken: set[str], tokens: Tokens) -> Relation:
    what = f"relation {number}"
    if not isinstance(plain, dict):
        raise RecordFault(f"{what} is not an object")
    unknown = {key: value for key, value in plain.items() if key not in _RELATION_KEYS}
    return Relation(
        id=id_of(plain, what) or free_id(f"r{number}", taken),
        head=_end_of(plain, "head", spans, tokens, what),
        child=_end_of(plain, "child", spans, tokens, what),
        label=_label_of(plain, what),
        attributes=kept(unknown) | dict_of(plain, "attributes"),
    )


def _end_of(plain: Plain, role: str, spans: list[Span], tokens: Tokens, what: str) -> str:
    found = _find_end(plain, role, spans, tokens)
    if found is None:
        raise RecordFault(f"the {role} of {what} is no labelled span")
    return found.id


def _find_end(plain: Plain, role: str, spans: list[Span], tokens: Tokens) -> Span | None:
    """The span at one end of a relation. Prodigy gives a token there, and mostly the span's place beside it."""
    given = plain.get(role)
    if not isinstance(plain.get(f"{role}_span"), dict):
        named = next((span for span in spans if given is not None and span.id == str(given)), None)
        if named is not None or not isinstance(given, int):
            return named
    place = _place_of_end(plain, role, tokens)
    if place is None:
        return None
    label = (plain.get(f"{role}_span") or {}).get("label")
    there = [span for span in spans if (span.start, span.end) == place]
    there = there or [span for span in spans if not plain.get(f"{role}_span") and span.end == place[1]]
    return next((span for span in there if span.label == label), there[0] if there else None)


def _place_of_end(plain: Plain, role: str, tokens: Tokens) -> tuple[int, int] | None:
    """The place beside it, or that of the token: a relation of a phrase is anchored at the phrase's last token."""
    place, given = plain.get(f"{role}_span"), plain.get(role)
    if isinstance(place, dict):
        start, end = place.get("start"), place.get("end")
        return (start, end) if type(start) is int and type(end) is int else None
    if type(given) is int and 0 <= given < len(tokens):
        return tokens.starts[given], tokens.ends[given]
    return None
