"""What spaCy is to learn from a corpus: which components it needs, in which language."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.formats.docbin.carried import with_whole_tokens
from annotator.formats.docbin.writer import SPANS_KEY, cats_of, groups_of
from annotator.formats.flat import flatten

MOST_TOKENS = 12
"""Spans longer than this are not suggested to the span categorizer: every length costs as much as the text is long."""


@dataclass(slots=True)
class TrainingFacts:
    """Counted document by document."""

    scheme: LabelScheme
    categories: set[str] = field(default_factory=set)
    _languages: Counter[str] = field(default_factory=Counter)
    _entities: int = 0
    _only_in_groups: int = 0
    _longest: int = 0
    _with_cats: int = 0
    _with_one_cat: int = 0

    def add(self, doc: AnnotatedDocument) -> None:
        """One more document."""
        doc = with_whole_tokens(doc)
        kept = flatten(doc, self.scheme).kept
        self._languages[doc.document.language or self.scheme.language] += 1
        self._entities += len(kept)
        for span, covered in groups_of(doc)[SPANS_KEY]:
            self._only_in_groups += span.id not in kept
            self._longest = max(self._longest, len(covered))
        if cats := cats_of(doc, self.scheme):
            self.categories |= cats.keys()
            self._with_cats += 1
            given = [value for value in cats.values() if value]
            self._with_one_cat += given == [1.0]

    @property
    def language(self) -> str:
        """The language that most documents are in; "xx" when spaCy has to do with any."""
        known = [name for name, _ in sorted(self._languages.items(), key=lambda one: (-one[1], one[0])) if name]
        return known[0] if known else "xx"

    @property
    def components(self) -> tuple[str, ...]:
        """Names of spaCy's components: ``ner`` for spans that share no token, ``spancat`` where some do, ``textcat``
        where every labelled document has one label, else ``textcat_multilabel``.
        """
        found = ["ner"] if self._entities else []
        found += ["spancat"] if self._only_in_groups else []
        if self.categories:
            is_exclusive = self._with_one_cat == self._with_cats and len(self.categories) > 1
            found.append("textcat" if is_exclusive else "textcat_multilabel")
        return tuple(found)

    @property
    def longest(self) -> int:
        """How many tokens the longest span of the default layer has, at most `MOST_TOKENS`."""
        return min(self._longest, MOST_TOKENS)
