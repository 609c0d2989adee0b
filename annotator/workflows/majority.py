"""Gold by majority, for the impatient: all documents in one operation, what no majority says stays open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from annotator.domain.adjudicating import Case, State
from annotator.workflows.adjudicating import Adjudication, Docket, agreed_decisions, majority_decisions
from annotator.workflows.progress import Progress


@dataclass(frozen=True, slots=True)
class MajorityReport:
    """What became gold. Counts are of places: ``agreed`` all said, ``settled`` was decided before.

    ``undecided``: (document id, case); ``left_out``: (document id, reason) of documents that were not changed.
    """

    documents: int
    annotators: tuple[str, ...]
    agreed: int
    settled: int
    decided: int
    undecided: tuple[tuple[str, Case], ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    weights: dict[str, float] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether every place is decided."""
        return not self.undecided and not self.left_out


def adjudicate_by_majority(
    adjudication: Adjudication,
    by: str,
    *,
    is_weighted: bool = False,
    is_dry_run: bool = False,
    only_survey: bool = False,
    progress: Progress | None = None,
) -> MajorityReport:
    """Decide every open place that a majority decides; ``by`` stands as who decided.

    ``is_weighted``: annotators weigh as much as they are reliable. ``only_survey``: decide nothing, only count.
    """
    dockets = adjudication.dockets(progress)
    weights = adjudication.reliabilities(dockets) if is_weighted else None
    judged, left = ([], _open(dockets)) if only_survey else majority_decisions(dockets, by, weights)
    agreed = agreed_decisions(dockets)
    left_out: tuple[tuple[str, str], ...] = ()
    if not is_dry_run:
        title = f"Gold by majority of {len(dockets)} documents"
        left_out = adjudication.decide(title, [*agreed, *judged], dockets, progress).left_out
    return MajorityReport(
        len(dockets),
        tuple(sorted({name for docket in dockets for case in docket.cases for name in case.place.answers})),
        len(agreed),
        sum(case.state is State.SETTLED for docket in dockets for case in docket.cases),
        len(judged),
        tuple((docket.gold.document.id, case) for docket, case in left),
        left_out,
        weights or {},
    )


def _open(dockets: Sequence[Docket]) -> list[tuple[Docket, Case]]:
    return [(docket, case) for docket in dockets for case in docket.open_cases]
