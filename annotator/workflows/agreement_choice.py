"""Which sets are compared: whose, of which status, on which layer; and what is left out, with the reason. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from annotator.agreement.report import LeftOut
from annotator.domain.errors import UserError
from annotator.domain.projects import GOLD, Status
from annotator.store import ComparedSet


class UnknownChoice(UserError):
    """Somebody or something was named that is not there."""


@dataclass(frozen=True, slots=True)
class ComparedSets:
    """The sets that count, in the order of documents, and what was left out of the sets of ``annotators``."""

    annotators: tuple[str, ...]
    sets: tuple[ComparedSet, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def keys(self) -> list[int]:
        """The documents, in order."""
        return list(dict.fromkeys(one.key for one in self.sets))


def choose_sets(sets: Sequence[ComparedSet], wanted: Sequence[str]) -> ComparedSets:
    """The sets to compare: of ``wanted``, or else of all people but gold, in documents that two of them annotated.

    Of a person who has finished a document, only what is finished counts; of one who has finished none (labels that
    were imported have no status), all but what was skipped. A pipeline's sets count as they are. Raises
    `UnknownChoice` for a name that nobody has.
    """
    known = sorted({one.annotator for one in sets})
    for name in wanted:
        refuse_unknown(name, known, "annotator with labels in this project")
    names = tuple(dict.fromkeys(wanted)) or tuple(
        sorted({one.annotator for one in sets if not one.is_pipeline and one.annotator != GOLD})
    )
    finishers = {one.annotator for one in sets if one.status is Status.DONE}
    of_names = [one for one in sets if one.annotator in names]
    counted = [one for one in of_names if _counts(one, finishers)]
    unfinished = [one for one in of_names if not _counts(one, finishers)]
    shared = Counter(one.key for one in counted)
    compared = tuple(one for one in counted if shared[one.key] > 1)
    return ComparedSets(names, compared, (*_unfinished(unfinished), *_alone(counted, shared)))


def refuse_unknown(name: str, known: Collection[str], what: str) -> None:
    """Raise `UnknownChoice`, with the nearest names, unless ``name`` is known."""
    if name not in known:
        near = get_close_matches(name, list(known), n=3, cutoff=0.5) or list(known)[:8]
        remedy = f"choose {'one of ' if len(near) > 1 else ''}{', '.join(near)}" if near else "label something first"
        raise UnknownChoice(f"there is no {what} called {name!r}", remedy=remedy)


def _counts(one: ComparedSet, finishers: Collection[str]) -> bool:
    if one.is_pipeline or one.status is Status.DONE:
        return True
    return one.annotator not in finishers and one.status is not Status.SKIPPED


def _unfinished(unfinished: Iterable[ComparedSet]) -> list[LeftOut]:
    left = Counter((one.annotator, one.status) for one in unfinished)
    return [
        LeftOut("sets", f"the status is {status.value!r}", times, annotator)
        for (annotator, status), times in sorted(left.items())
    ]


def _alone(counted: Iterable[ComparedSet], shared: Mapping[int, int]) -> list[LeftOut]:
    alone = Counter(one.annotator for one in counted if shared[one.key] == 1)
    return [
        LeftOut("sets", "no other annotator is counted in the document", times, annotator)
        for annotator, times in sorted(alone.items())
    ]
