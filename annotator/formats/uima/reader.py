"""Reads CAS files: XMI with the type system beside it, and UIMA's JSON, by dkpro-cassis.

Text, tokens and sentences, annotations as spans, relations, slots and chains as relations. Decision 0024 says how.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import SpanSet
from annotator.domain.text import Document, Json
from annotator.formats.encoding import with_newlines
from annotator.formats.shapes import Parsed, ReadOptions, Record, Rejected, Remark, Source
from annotator.formats.uima.arrows import FIRST, TARGET, Arrows
from annotator.formats.uima.loading import CasFault, Load, Loaded, read_whole
from annotator.formats.uima.names import INITIAL_VIEW
from annotator.formats.uima.placing import Found, is_arrow, place
from annotator.formats.uima.structures import Structure, Structures
from annotator.formats.uima.texts import (
    About,
    about,
    is_about_all,
    is_sentence,
    is_token,
    restored,
    says_more,
    tokens_of,
)

EXTRA = "uima"
"""Under this key a document keeps what of a CAS has no place here (`Document.extra`)."""


POINTS = "points"


class CasReader:
    """Reads one CAS a file."""

    def __init__(self, load: Load) -> None:
        self._load = load

    def read(self, source: Source, options: ReadOptions) -> Iterator[Record]:
        """A document for each view that has a text; ``_InitialView``, if it has one, is the first."""
        try:
            loaded = self._load(source, read_whole(source))
            yield from documents_of(loaded, source.path, options)
        except CasFault as fault:
            yield Rejected(source.path, fault.line, str(fault))


def documents_of(loaded: Loaded, path: str, options: ReadOptions) -> Iterator[Record]:
    """What a CAS says. Raises `CasFault` when it has no text."""
    if loaded.guessed:
        names = ", ".join(loaded.guessed[:3]) + (" …" if len(loaded.guessed) > 3 else "")
        yield Remark(path, 1, f"no type system describes all of it; features are guessed from their use ({names})")
    structures = Structures(loaded.back)
    views = [one for one in loaded.cas.views if _text_of(one)]
    if not views:
        raise CasFault(_why_no_text(loaded.cas.views))
    views.sort(key=lambda one: one.sofa.sofaID != INITIAL_VIEW)
    for number, view in enumerate(views):
        suffix = f"#{view.sofa.sofaID}" if number else ""
        yield from _records(view, loaded, structures, path, suffix, options)
    if len(views) > 1:
        yield Remark(path, 1, f"it has {len(views)} views with a text; each is a document of its own")


def _text_of(view: Any) -> str:
    """The text of a view; of bytes, if it says that they are text."""
    sofa = view.sofa
    if sofa.sofaString is not None:
        return str(sofa.sofaString)
    content = getattr(sofa.sofaArray, "elements", None)
    if not (content and str(sofa.mimeType or "").startswith("text/")):
        return ""
    try:
        return bytes(one & 0xFF for one in content).decode("utf-8")
    except (UnicodeDecodeError, TypeError):
        return ""


def _why_no_text(views: list[Any]) -> str:
    for view in views:
        if view.sofa.sofaURI:
            return f"its text is in another file ({view.sofa.sofaURI})"
        if view.sofa.sofaArray is not None:
            return "it is about bytes that are no text"
    return "it has no text"


def _records(
    view: Any, loaded: Loaded, structures: Structures, path: str, suffix: str, options: ReadOptions
) -> Iterator[Record]:
    members = sorted((structures.of(one) for one in view.get_all_fs()), key=lambda one: one.id)
    said = about(one for one in members if is_about_all(one))
    text = restored(structures.text(_text_of(view)), said.own.get("characters"))
    found = Found(text, loaded.misplaced)
    if (reason := _why_not(text, members, options)) is not None:
        yield Rejected(path, 1, reason)
        return
    doc = _document(found, members, said, structures, suffix)
    yield Parsed(path, 1, doc, is_annotated=True)
    for what, count in found.odd.items():
        yield Remark(path, 1, f"{what} ({count})")


def _why_not(text: str, members: list[Structure], options: ReadOptions) -> str | None:
    if not text.strip():
        return "the text has only white space"
    if "\0" in text:
        return "the text has NUL characters"
    is_placed = any(one.is_annotation and not is_about_all(one) for one in members)
    if is_placed and with_newlines(text, options.newlines) != text:
        return "line ends cannot be changed under existing offsets; import with --newlines keep"
    return None


def _document(
    found: Found, members: list[Structure], said: About, structures: Structures, suffix: str
) -> AnnotatedDocument:
    rest = [one for one in members if not is_about_all(one)]
    tokens = [one for one in rest if is_token(one) and found.is_sound(one)]
    sentences = [one for one in rest if is_sentence(one) and found.is_sound(one)]
    relations = _annotate(found, rest, structures, has_tokens=bool(tokens))
    document = Document(
        id=said.string("id", said.id) + suffix if said.id or said.string("id") else suffix,
        text=found.text,
        title=said.string("title", said.title),
        language=said.string("language", said.language),
        meta={**said.meta, **said.object("meta")},
        extra=_extra(said, found),
        tokens=tokens_of(tokens, sentences, found.odd),
        tokenizer=said.string("tokenizer"),
    )
    return AnnotatedDocument(
        document=document,
        annotator=said.string("annotator", said.annotator),
        spans=SpanSet(found.spans.values()),
        relations=relations.relations,
        cats={name: float(value) for name, value in said.object("cats").items() if isinstance(value, int | float)},
        status=said.status,
        note=said.string("note"),
        status_reason=said.string("status_reason"),
    )


def _annotate(found: Found, rest: list[Structure], structures: Structures, *, has_tokens: bool) -> Arrows:
    """Make spans and relations of all that is no token or sentence, or says more than that."""
    annotations = [one for one in rest if one.is_annotation]
    placed = [
        one
        for one in annotations
        if (says_more(one) if is_token(one) else says_more(one) or not has_tokens if is_sentence(one) else True)
    ]
    for one in annotations:
        if (is_token(one) or is_sentence(one)) and not says_more(one) and "id" in one.values:
            found.odd["ids of tokens and sentences are left out"] += 1
    place(found, (one for one in placed if not is_arrow(one)))
    arrows = Arrows(found, structures)
    arrows.number_chains(rest)
    arrows.join(one for one in placed if is_arrow(one))
    arrows.follow(one for one in placed if not is_arrow(one) and not is_token(one))
    for one in rest:
        is_used = bool({FIRST, TARGET} & one.references.keys()) or one.type.startswith("uima.cas.")
        if not one.is_annotation and not is_used:
            found.others.append({"type": one.type, "features": structures.plain_of(one)})
            found.odd[f"structures of the type {one.short}, which are about no place, are kept beside the text"] += 1
    return arrows


def _extra(said: About, found: Found) -> dict[str, Json]:
    extra: dict[str, Json] = dict(said.object("extra"))
    held = extra.pop(EXTRA, None)
    kept = {name: value for name, value in held.items() if name != POINTS} if isinstance(held, dict) else {}
    if found.points:
        kept[POINTS] = found.points
    if found.others:
        kept["structures"] = found.others
    return {**extra, EXTRA: kept} if kept else extra
