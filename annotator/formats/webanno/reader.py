"""Reads WebAnno TSV 3: one file, one document, one annotator's annotations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Origin, Relation, Span, SpanSet
from annotator.domain.text import Document, Json, Tokens
from annotator.formats.encoding import NotText, decode
from annotator.formats.shapes import Parsed, ReadOptions, Record, Rejected, Remark, Source
from annotator.formats.webanno.annotations import Annotation, AnnotationReader, Joint, Link, Read, chains_in
from annotator.formats.webanno.layers import (
    CHAINS,
    LINK_VALUE,
    RELATIONS,
    SPANS,
    TOKEN,
    Layer,
    names_of,
    usual_relation,
)
from annotator.formats.webanno.table import Table, TableFault, table_from

MAX_BYTES = 256 * 1024 * 1024
MOST_LOST = 20
EXTRA, TOKEN_LAYER = "webanno", "Token"
SLOT, CHAIN, LAYER = "webanno:slot", "webanno:chain", "webanno:layer"
"""Attributes that say what kind of relation it is; no feature can be called so."""

_EXPORTED = re.compile(r"(?:.*/)?(?:annotation|annotation_ser|curation|curation_ser)/([^/]+)/([^/]+)")
_NOBODY = "INITIAL_CAS"


class WebannoReader:
    """Reads files of the versions 3.0 to 3.3. Features are attributes, one of them is the label (decision 0022)."""

    def read(self, source: Source, options: ReadOptions) -> Iterator[Record]:  # noqa: ARG002
        """One document. Line ends are line feeds in this format, whatever is wanted."""
        with source.open() as file:
            content = file.read(MAX_BYTES + 1)
        try:
            if len(content) > MAX_BYTES:
                raise NotText(f"the file is larger than {MAX_BYTES // 1024**2} MiB; part it into articles")
            if not content.strip():
                raise NotText("the file is empty")
            table = table_from(_decoded(content))
        except NotText as fault:
            yield Rejected(source.path, 1, str(fault))
            return
        except TableFault as fault:
            yield Rejected(source.path, fault.line, str(fault))
            return
        read = AnnotationReader(table).read()
        if table.mended:
            yield Remark(source.path, 1, table.mended)
        for line, reason in read.lost[:MOST_LOST]:
            yield Rejected(source.path, line, reason)
        if len(read.lost) > MOST_LOST:
            yield Rejected(source.path, 1, f"{len(read.lost) - MOST_LOST} more references lead nowhere")
        building = _Building(table, read)
        doc = building.document(source)
        for what, count in building.remarks.items():
            yield Remark(source.path, 1, f"{what} ({count})")
        yield Parsed(source.path, 1, doc, is_annotated=True)


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = ""
    return text if text and "\0" not in text else decode(content).text


@dataclass(slots=True)
class _Building:
    """A document made of a table. ``remarks``: what it has no place for, and how often."""

    table: Table
    read: Read
    remarks: Counter[str] = field(default_factory=Counter)
    zero: list[Json] = field(default_factory=list)
    joints: list[Json] = field(default_factory=list)
    links: list[Json] = field(default_factory=list)

    def document(self, source: Source) -> AnnotatedDocument:
        """The document. In an exported project folders tell what it is called and whose annotations these are."""
        found = _EXPORTED.fullmatch(source.stem)
        name, annotator = (found[1], "" if found[2] == _NOBODY else found[2]) if found else (source.stem, "")
        spans = SpanSet(self._spans())
        relations = {one.id: one for one in (*self._relations(), *self._slots(), *self._chains())}
        tokens = [unit for unit in self.table.units if unit.is_token]
        starts = {sentence.units[0].line for sentence in self.table.sentences}
        document = Document(
            name,
            self.table.text,
            extra={EXTRA: self._extra()},
            tokens=Tokens(
                (one.start for one in tokens),
                (one.end for one in tokens),
                (number for number, one in enumerate(tokens) if one.line in starts),
            ),
        )
        return AnnotatedDocument(document, annotator, spans, relations)

    def _layer(self, kind: str) -> Layer:
        return next((layer for layer in self.table.layers if layer.type == kind), Layer(SPANS, kind, ("",)))

    def _spans(self) -> Iterator[Span]:
        names = names_of(self.table.layers)
        chains = {id(one): chain for chain in chains_in(self.read.annotations, self.table.layers) for one in chain}
        for one in self.read.annotations:
            layer = self._layer(one.type)
            if one.start == one.end:
                self._keep(one, chains.get(id(one), [one]))
                continue
            if one.type == TOKEN:
                self.remarks["tokens are spans of the layer Token, because relations join them"] += 1
            values = dict(one.values)
            label = values.pop(layer.label_feature, "") or layer.short
            if chains.get(id(one), [one])[-1] is not one:
                values.pop(LINK_VALUE, None)
            attributes = {name: _plain(value) for name, value in values.items()}
            name = TOKEN_LAYER if one.type == TOKEN else names[one.type]
            yield Span(one.key, one.start, one.end, label, name, Origin.IMPORTED, attributes=attributes)

    def _keep(self, one: Annotation, chain: list[Annotation]) -> None:
        self.remarks["annotations of no width are not shown, but kept and written back"] += 1
        entry: dict[str, Json] = {"id": one.key, "type": one.type, "at": one.start, "values": dict(one.values)}
        if len(chain) > 1:
            entry |= {"of": next(other.key for other in chain if other is not one), "place": chain.index(one)}
        self.zero.append(entry)

    def _relations(self) -> Iterator[Relation]:
        for number, joint in enumerate(self.read.joints, 1):
            if _is_shown(joint.head) and _is_shown(joint.child):
                yield self._relation(f"r{number}", joint)
            else:
                ends: dict[str, Json] = {"head": joint.head.key, "child": joint.child.key}
                self.joints.append({"type": joint.type, "values": dict(joint.values), **ends})

    def _relation(self, own_id: str, joint: Joint) -> Relation:
        layer = self._layer(joint.type)
        values = dict(joint.values)
        label = values.pop(layer.label_feature, "") or layer.short
        attributes = {name: _plain(value) for name, value in values.items()}
        if joint.type != usual_relation(joint.base):
            attributes[LAYER] = joint.type if self._is_ambiguous(layer) else layer.short
        return Relation(own_id, joint.head.key, joint.child.key, label, attributes)

    def _is_ambiguous(self, layer: Layer) -> bool:
        return sum(one.short == layer.short for one in self.table.layers) > 1

    def _slots(self) -> Iterator[Relation]:
        for host in self.read.annotations:
            for feature, links in host.slots.items():
                for place, link in enumerate(links):
                    yield from self._slot(host, feature, place, link)

    def _slot(self, host: Annotation, feature: str, place: int, link: Link) -> Iterator[Relation]:
        target = link.target
        if target is not None and _is_shown(host) and _is_shown(target):
            label = link.role or feature
            yield Relation(f"{host.key}.{feature}.{place + 1}", host.key, target.key, label, {SLOT: feature})
            return
        where: dict[str, Json] = {"host": host.key, "feature": feature, "place": place}
        self.links.append({**where, "role": link.role, "target": target.key if target is not None else None})

    def _chains(self) -> Iterator[Relation]:
        for number, chain in enumerate(chains_in(self.read.annotations, self.table.layers), 1):
            shown = [one for one in chain if _is_shown(one)]
            for place, (head, child) in enumerate(pairwise(shown), 1):
                label = head.values.get(LINK_VALUE) or self._layer(head.type).short
                yield Relation(f"c{number}.{place}", head.key, child.key, label, {CHAIN: True})

    def _extra(self) -> dict[str, Json]:
        layers: list[Json] = [[layer.kind, layer.type, *layer.columns] for layer in self.table.layers]
        extra: dict[str, Json] = {"layers": layers}
        ids: list[Json] = [sentence.id for sentence in self.table.sentences]
        extra |= {"sentences": ids} if any(ids) else {}
        for name, kept in (("zero", self.zero), ("relations", self.joints), ("links", self.links)):
            extra |= {name: list(kept)} if kept else {}
        return extra


def _is_shown(one: Annotation) -> bool:
    return one.start < one.end


def _plain(value: str) -> Json:
    """A feature's value: what can only be true or false is so."""
    return {"true": True, "false": False}.get(value, value)


def layers_in(extra: object) -> Iterable[Layer]:
    """The layers that a file declared, as `Document.extra` keeps them."""
    held = extra.get("layers") if isinstance(extra, dict) else None
    for one in held if isinstance(held, list) else ():
        is_one = isinstance(one, list) and len(one) > 2 and all(isinstance(part, str) for part in one)
        if is_one and one[0] in (SPANS, RELATIONS, CHAINS):
            yield Layer(one[0], one[1], tuple(one[2:]))
