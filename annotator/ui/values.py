"""The values that a span or a relation carries, as choices of a popup. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from annotator.domain import carrying
from annotator.domain.edits import Edit
from annotator.domain.labels import Attribute, AttributeKind
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Relation, Span
from annotator.domain.text import Json
from annotator.ui.choosing import Choice

Give = Callable[[Attribute, str], None]


@dataclass(frozen=True, slots=True)
class Carrier:
    """What carries values, by its id: spans and relations may have the same ids."""

    id: str
    is_relation: bool = False

    def find(self, doc: AnnotatedDocument) -> Span | Relation | None:
        """The span or relation, or None when it is gone."""
        return doc.relations.get(self.id) if self.is_relation else doc.spans.find(self.id)

    def toggled(self, doc: AnnotatedDocument, attribute: Attribute, value: str) -> Edit:
        """The edit that gives it a value, or takes it away. Raises a `UserError`."""
        toggle = carrying.toggle_relation_attribute if self.is_relation else carrying.toggle_attribute
        return toggle(doc, self.id, attribute, value)

    def written(self, doc: AnnotatedDocument, attribute: Attribute, text: str) -> Edit:
        """The edit that gives it a text. Raises a `UserError`."""
        write = carrying.write_relation_attribute if self.is_relation else carrying.write_attribute
        return write(doc, self.id, attribute, text)


def value_choices(
    held: Mapping[str, Json], attributes: Iterable[Attribute], toggle: Give, write: Give
) -> Iterator[Choice]:
    """A row for each value of a choice, for each flag and for each text; ``held``: the values that are given."""
    for attribute in attributes:
        value = held.get(attribute.name)
        match attribute.kind:
            case AttributeKind.TEXT:
                text = f"Write… ({value})" if value else "Write…"
                run = partial(write, attribute, str(value or ""))
                yield Choice(text, run, is_on=bool(value), section=attribute.name, about=attribute.description)
            case AttributeKind.FLAG:
                run = partial(toggle, attribute, attribute.name)
                yield Choice(attribute.name, run, value is True, "Flags", attribute.description)
            case AttributeKind.CHOICE:
                for one in attribute.values:
                    run = partial(toggle, attribute, one)
                    yield Choice(one, run, value == one, attribute.name, attribute.description)
