"""Doubts in words. No Qt."""

from __future__ import annotations

from annotator.domain.alternatives import NOTHING
from annotator.domain.doubts import Choice, Doubt, DoubtKind
from annotator.domain.labels import LabelScheme
from annotator.ui.canvas.style import score_text

MOST_CHOICES = 2


def count_in_words(count: int) -> str:
    """``no doubts``, ``1 doubt``, ``3 doubts``."""
    return "1 doubt" if count == 1 else f"{count:,} doubts" if count else "no doubts"


def choices_in_words(doubt: Doubt, scheme: LabelScheme) -> str:
    """What the place could be: ``GPE .54 · NORP .35``; without any, ``not labelled``."""
    shown = [_choice_in_words(one, scheme) for one in doubt.choices[:MOST_CHOICES]]
    return " · ".join(shown) if shown else "not labelled"


def in_words(doubt: Doubt, scheme: LabelScheme) -> str:
    """Why the place is doubtful and what to do, in a sentence; empty where the article shows it."""
    proposal = doubt.find_proposal()
    name = scheme.name_of(proposal.label, proposal.layer) if proposal else ""
    match doubt.kind:
        case DoubtKind.UNSURE:
            return ""
        case DoubtKind.CLASH:
            known = [one for one in doubt.choices if one.count]
            return "Labelled before: " + ", ".join(_choice_in_words(one, scheme) for one in known)
        case DoubtKind.REPEAT:
            return f"{name} elsewhere in this article: A adds it, X dismisses the doubt"
        case _ if proposal is not None and proposal.count:
            return f"Labelled {name} before: A adds it, X dismisses the doubt"
        case _ if proposal is not None:
            return f"Nearly suggested as {_choice_in_words(proposal, scheme)}: A adds it, X dismisses the doubt"
        case _:
            return "Capitalised and not suggested: a label key adds it, X dismisses the doubt"


def _choice_in_words(choice: Choice, scheme: LabelScheme) -> str:
    """A label and how sure the pipeline is of it, or how often it was chosen before."""
    name = "none" if choice.label == NOTHING else scheme.name_of(choice.label, choice.layer)
    if choice.count:
        return f"{name} ×{choice.count:,}"
    return name if choice.share is None else f"{name} {score_text(choice.share)}"
