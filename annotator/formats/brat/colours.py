"""Colours of visual.conf as hues of labels, and back (OKLCH: B. Ottosson, "A perceptual color space", 2020). Pure."""

from __future__ import annotations

import math
import re

from annotator.domain.labels import HUES

LIGHTNESS, CHROMA = 0.86, 0.09
"""Of the background of a label that is written: words on it stay readable."""

_LEAST_CHROMA = 0.02
_HEX = re.compile(r"#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")
_NAMED = {
    "aqua": "#00ffff", "blue": "#0000ff", "brown": "#a52a2a", "coral": "#ff7f50", "crimson": "#dc143c",
    "cyan": "#00ffff", "darkblue": "#00008b", "darkgreen": "#006400", "darkorange": "#ff8c00", "darkred": "#8b0000",
    "fuchsia": "#ff00ff", "gold": "#ffd700", "green": "#008000", "indigo": "#4b0082", "khaki": "#f0e68c",
    "lavender": "#e6e6fa", "lightblue": "#add8e6", "lightcyan": "#e0ffff", "lightgreen": "#90ee90",
    "lightpink": "#ffb6c1", "lightyellow": "#ffffe0", "lime": "#00ff00", "magenta": "#ff00ff", "maroon": "#800000",
    "navy": "#000080", "olive": "#808000", "orange": "#ffa500", "orchid": "#da70d6", "pink": "#ffc0cb",
    "plum": "#dda0dd", "purple": "#800080", "red": "#ff0000", "salmon": "#fa8072", "skyblue": "#87ceeb",
    "teal": "#008080", "tomato": "#ff6347", "turquoise": "#40e0d0", "violet": "#ee82ee", "yellow": "#ffff00",
}  # fmt: skip


def find_hue(colour: str) -> int | None:
    """The label hue nearest to a colour; None for a grey or what is no colour."""
    found = _HEX.fullmatch(_NAMED.get(colour.lower(), colour))
    if found is None:
        return None
    digits = found[1] if len(found[1]) == 6 else "".join(char * 2 for char in found[1])
    red, green, blue = (_linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    if math.hypot(a, b) < _LEAST_CHROMA:
        return None
    hue = math.degrees(math.atan2(b, a)) % 360
    return min(HUES, key=lambda one: (min(abs(one - hue), 360 - abs(one - hue)), one))


def colour_of(hue: int) -> str:
    """A light colour of this hue, as ``#rrggbb``."""
    a, b = CHROMA * math.cos(math.radians(hue)), CHROMA * math.sin(math.radians(hue))
    long = (LIGHTNESS + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (LIGHTNESS - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (LIGHTNESS - 0.0894841775 * a - 1.2914855480 * b) ** 3
    channels = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(255 * _encoded(min(max(one, 0.0), 1.0))):02x}" for one in channels)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _encoded(channel: float) -> float:
    return channel * 12.92 if channel <= 0.0031308 else float(1.055 * channel ** (1 / 2.4) - 0.055)
