"""Colours can be read: contrast after WCAG 2.2."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import dist

import pytest

from annotator.domain.labels import HUES
from annotator.ui.theme import DARK, HIGH_CONTRAST, LIGHT, THEMES, Theme, contrast

# What red-green blind people see: linear RGB after Machado, Oliveira and Fernandes 2009, full severity.
NO_BLINDNESS = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
PROTANOPIA = ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998))
DEUTERANOPIA = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881))
Matrix = tuple[tuple[float, float, float], ...]

EACH = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)


@EACH
@pytest.mark.parametrize("hue", HUES)
def test_ink_and_text_can_be_read_on_every_tint(theme: Theme, hue: int) -> None:
    assert contrast(theme.ink(hue), theme.tint(hue)) >= 4.5
    assert contrast(theme.ink(hue), theme.page) >= 4.5
    assert contrast(theme.text, theme.tint(hue)) > 10


@EACH
def test_words_of_the_window_can_be_read(theme: Theme) -> None:
    for ground in (theme.page, theme.panel):
        assert contrast(theme.dim, ground) >= 4.5
        assert min(contrast(colour, ground) for colour in (theme.text, theme.accent, theme.good, theme.bad)) >= 4.5
    assert contrast(theme.text, theme.selection) >= 7


@EACH
def test_a_progress_bar_stands_out_from_its_groove(theme: Theme) -> None:
    assert contrast(theme.groove, theme.accent) >= 3


def test_high_contrast_has_more_contrast_than_the_others() -> None:
    assert contrast(HIGH_CONTRAST.text, HIGH_CONTRAST.page) > max(contrast(t.text, t.page) for t in (LIGHT, DARK))


def test_every_label_hue_has_colours_of_its_own() -> None:
    assert len({LIGHT.tint(hue) for hue in HUES}) == len({DARK.ink(hue) for hue in HUES}) == 12
    assert LIGHT.tint(256) == LIGHT.tint(255)


@EACH
@pytest.mark.parametrize("blindness", [NO_BLINDNESS, PROTANOPIA, DEUTERANOPIA], ids=["none", "protan", "deutan"])
def test_labels_made_one_after_the_other_differ_for_red_green_blind_people_too(theme: Theme, blindness: Matrix) -> None:
    for one, other in pairwise(HUES):
        seen = [oklab(seen_by(blindness, theme.ink(hue))) for hue in (one, other)]
        assert dist(*seen) > 0.08, (one, other)


def seen_by(blindness: Matrix, colour: str) -> list[float]:
    """A colour as linear RGB, as somebody with this blindness sees it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return [min(max(sumprod(row, linear), 0.0), 1.0) for row in blindness]


def oklab(linear: list[float]) -> tuple[float, float, float]:
    """Linear RGB in OKLab, in which distances are as they look (B. Ottosson 2020)."""
    rows = ((0.4122214708, 0.5363325363, 0.0514459929), (0.2119034982, 0.6806995451, 0.1073969566),
        (0.0883024619, 0.2817188376, 0.6299787005))  # fmt: skip
    long, middle, short = (sumprod(row, linear) ** (1 / 3) for row in rows)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def sumprod(row: Sequence[float], values: Sequence[float]) -> float:
    return sum(one * other for one, other in zip(row, values, strict=True))
