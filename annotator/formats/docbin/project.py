"""A folder to train from: ``train.spacy``, ``dev.spacy``, ``test.spacy``, ``config.cfg`` and ``project.yml``.

``python -m spacy train config.cfg --output training`` in the folder is all it takes; with weasel,
``python -m weasel run all``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.formats.docbin import LOSSES
from annotator.formats.docbin.facts import TrainingFacts
from annotator.formats.docbin.writer import HOLDS, DocBinWriter, bytes_of
from annotator.formats.shapes import Loss, WriteOptions
from annotator.formats.spooling import Spool

SHARES = (0.8, 0.1, 0.1)
"""Train, dev and test, when nothing else is asked for."""


class SpacyProjectWriter:
    """Writes the parts, stories kept together, and the config that spaCy makes for what is in them."""

    name = "spacy-project"
    extension = ".spacy"
    loses: tuple[str, ...] = LOSSES
    holds = HOLDS

    def losses(self, doc: AnnotatedDocument, scheme: LabelScheme, options: WriteOptions) -> list[Loss]:
        """As in a single file."""
        return DocBinWriter().losses(doc, scheme, options)

    def write_folder(
        self, docs: Iterable[AnnotatedDocument], folder: Path, scheme: LabelScheme, options: WriteOptions
    ) -> None:
        """Write the folder. Where nothing is labelled there is nothing to train, and no config."""
        facts = TrainingFacts(scheme)
        with Spool() as spool:
            for doc in docs:
                facts.add(doc)
                spool.add(doc)
            parts = spool.parts(options, SHARES)
            for part, numbers in parts.items():
                content = bytes_of(spool.documents(numbers), scheme, sorted(facts.categories))
                (folder / f"{part}.spacy").write_bytes(content)
        if facts.components:
            (folder / "config.cfg").write_text(_config(facts, options.seed), encoding="utf-8", newline="\n")
            (folder / "project.yml").write_text(_project(parts), encoding="utf-8", newline="\n")


def _config(facts: TrainingFacts, seed: int) -> str:
    """spaCy's config for these files, this seed and these lengths of spans."""
    from spacy.util import load_config_from_str

    config = load_config_from_str(_filled_config(_known(facts.language), facts.components), interpolate=False)
    config["paths"]["train"], config["paths"]["dev"] = "train.spacy", "dev.spacy"
    config["system"]["seed"] = seed % 2**32
    if "spancat" in facts.components:
        config["components"]["spancat"]["suggester"]["sizes"] = list(range(1, facts.longest + 1))
    return str(config.to_str(interpolate=False))


@cache
def _filled_config(language: str, components: tuple[str, ...]) -> str:
    """What ``spacy init config`` and ``spacy init fill-config`` make."""
    import tempfile

    from spacy.cli.init_config import fill_config, init_config

    config = init_config(lang=language, pipeline=list(components), optimize="efficiency", silent=True)
    with tempfile.TemporaryDirectory() as folder:
        base, filled = Path(folder) / "base.cfg", Path(folder) / "config.cfg"
        config.to_disk(base, interpolate=False)
        fill_config(filled, base, silent=True)
        return filled.read_text(encoding="utf-8")


def _known(language: str) -> str:
    import spacy

    try:
        spacy.blank(language)
    except ImportError:  # a language that spaCy does not know, or whose tokenizer is not installed
        return "xx"
    return language


def _project(parts: Mapping[str, list[int]]) -> str:
    dev = "dev" if "dev" in parts else "train"
    return _PROJECT.format(dev=dev, test="test" if "test" in parts else dev)


_PROJECT = """\
title: "Training data from Annotator"
description: "Train and evaluate a spaCy pipeline. Texts that are nearly the same are never in two of the files."
vars:
  gpu_id: -1
directories: ["training", "metrics"]
workflows:
  all:
    - train
    - evaluate
commands:
  - name: train
    help: "Train the pipeline"
    script:
      - >-
        python -m spacy train config.cfg --output training
        --paths.train train.spacy --paths.dev {dev}.spacy --gpu-id ${{vars.gpu_id}}
    deps: ["config.cfg", "train.spacy", "{dev}.spacy"]
    outputs: ["training/model-best"]
  - name: evaluate
    help: "Evaluate the best pipeline on {test}.spacy"
    script:
      - >-
        python -m spacy evaluate training/model-best {test}.spacy
        --output metrics/{test}.json --gpu-id ${{vars.gpu_id}}
    deps: ["training/model-best", "{test}.spacy"]
    outputs: ["metrics/{test}.json"]
"""
