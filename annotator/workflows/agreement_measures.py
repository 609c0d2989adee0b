"""The names of all figures that a project can be asked for, and their definitions."""

from __future__ import annotations

from annotator.agreement.coding import CODING
from annotator.agreement.report import Definition
from annotator.agreement.span_measures import SPANS
from annotator.agreement.unitizing import UNITIZING

MATCHED, DOCUMENT, TOKEN_LABEL = "matched_label_", "document_label_", "token_label_"
LABEL_SETS = "document_labels_krippendorff_alpha_masi"
OF_UNITS = ("alpha_u_1995", "u_alpha_2016")
OF_ALIGNMENTS = ("gamma", "gamma_cat")
GAMMA_UNITS, GAMMA_ANNOTATORS = 30_000, 5
"""With more spans or annotators gamma takes long, and is measured only if it is named."""

TOO_MUCH_FOR_GAMMA = "It takes long here: name it (--measure gamma) to have it measured."

_ORDERED = (
    "krippendorff_alpha_ordinal", "krippendorff_alpha_interval", "gwet_ac2_linear", "gwet_ac2_quadratic",
)  # fmt: skip
_OF_SETS = "krippendorff_alpha_masi"
NOMINAL = tuple(name for name, one in CODING.items() if not one.is_by_category and name not in (*_ORDERED, _OF_SETS))
BY_CATEGORY = tuple(name for name, one in CODING.items() if one.is_by_category)
_OF_TOKENS = ("percent_agreement", "cohen_kappa", "fleiss_kappa", "krippendorff_alpha_nominal")

MEASURES = (
    *SPANS,
    *OF_UNITS,
    *OF_ALIGNMENTS,
    *(MATCHED + name for name in NOMINAL),
    *(DOCUMENT + name for name in NOMINAL),
    *(TOKEN_LABEL + name for name in _OF_TOKENS),
)
"""What is measured if nothing is asked for by name, in the order of reports."""

ON_REQUEST = (
    LABEL_SETS,
    *(MATCHED + name for name in _ORDERED),
    *(DOCUMENT + name for name in _ORDERED),
)
"""What is measured only if it is named: it makes sense of some schemes only."""

TOKEN_WARNING = (
    "token_label_… counts tokens that nobody marked as agreement; as most are such, it is high whatever annotators do. "
    "Publish F1, alpha of unitizing or gamma instead."
)
_ALIGNED = (
    "spans of all annotators are aligned so that the disorder is the least (exactly, or a warning says in how many "
    "documents not); place and label weigh the same; chance shifts the spans of each annotator within a text. "
    "Intervals hold what is expected by chance fixed."
)
_GAMMA = {
    "gamma": Definition(
        "gamma", "Gamma", f"1 - observed by expected disorder of the best alignment; {_ALIGNED}",
        "spans in documents that two annotated",
        "Mathet, Widlöcher & Métivier 2015, Computational Linguistics 41(3), 437–479",
    ),
    "gamma_cat": Definition(
        "gamma_cat", "Gamma-cat", f"As gamma, but of the labels of aligned spans only, the nearer the more; {_ALIGNED}",
        "spans in documents that two annotated", "Mathet 2017, Computational Linguistics 43(3), 661–681",
    ),
}  # fmt: skip

NO_RATINGS = {
    MATCHED: "No two annotators marked the same text.",
    DOCUMENT: "Nobody gave a document label.",
    TOKEN_LABEL: "There are no tokens.",
}
_SAYS = {
    MATCHED: "labels of spans with the same ends (what only one annotator marked is dropped, and counted)",
    DOCUMENT: "document labels",
    TOKEN_LABEL: f"the label of each token, or none ({TOKEN_WARNING})",
}


def is_ordered(name: str) -> bool:
    """Whether a figure asks for the order of categories."""
    return name.endswith(_ORDERED)


def define(name: str) -> Definition:
    """The definition of a figure. Raises KeyError for a name that is in neither `MEASURES` nor `ON_REQUEST`."""
    if name in SPANS:
        one = SPANS[name]
        return Definition(name, one.title, one.definition, one.counts, one.citation)
    if name in _GAMMA:
        return _GAMMA[name]
    if name in UNITIZING:
        return UNITIZING[name]
    if name == LABEL_SETS:
        rated = CODING[_OF_SETS]
        words = f"Of all labels of a document together: {rated.definition}"
        return Definition(name, rated.title, words, rated.counts, rated.citation)
    prefix = next(one for one in NO_RATINGS if name.startswith(one))
    rated = CODING[name.removeprefix(prefix)]
    words = f"Of {_SAYS[prefix]}: {rated.definition}"
    return Definition(name, rated.title, words, rated.counts, rated.citation)
