"""Colours can be read: contrast after WCAG 2.2."""

from __future__ import annotations

import pytest

from annotator.domain.labels import HUES
from annotator.ui.theme import DARK, HIGH_CONTRAST, LIGHT, THEMES, Theme, contrast

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


def test_high_contrast_has_more_contrast_than_the_others() -> None:
    assert contrast(HIGH_CONTRAST.text, HIGH_CONTRAST.page) > max(contrast(t.text, t.page) for t in (LIGHT, DARK))


def test_every_label_hue_has_colours_of_its_own() -> None:
    assert len({LIGHT.tint(hue) for hue in HUES}) == len({DARK.ink(hue) for hue in HUES}) == 12
    assert LIGHT.tint(256) == LIGHT.tint(255)
