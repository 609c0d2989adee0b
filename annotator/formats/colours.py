"""Label hues as the colours that other tools write, and back. Pure."""

from __future__ import annotations

import math
import re

from annotator.domain.labels import HUES

_HEX = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")
LIGHTNESS, CHROMA = 0.78, 0.12


def hex_of_hue(hue: int, lightness: float = LIGHTNESS, chroma: float = CHROMA) -> str:
    """A pastel colour of this hue (OKLCH degrees; B. Ottosson, "A perceptual color space", 2020) as ``#rrggbb``."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    return "#" + "".join(f"{_to_byte(one):02x}" for one in linear)


def find_hue(colour: str) -> int | None:
    """The label hue that is nearest to a colour as ``#rrggbb`` or ``#rgb``; None for greys and what is no colour."""
    found = _HEX.fullmatch(colour.strip())
    if found is None:
        return None
    digits = found[1] if len(found[1]) == 6 else "".join(one * 2 for one in found[1])
    red, green, blue = (_to_linear(int(digits[at : at + 2], 16)) for at in (0, 2, 4))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    if math.hypot(a, b) < 0.02:
        return None
    hue = math.degrees(math.atan2(b, a)) % 360
    return min(HUES, key=lambda one: min(abs(one - hue), 360 - abs(one - hue)))


def _to_byte(linear: float) -> int:
    clipped = min(max(linear, 0.0), 1.0)
    return round(255 * (12.92 * clipped if clipped <= 0.0031308 else 1.055 * clipped ** (1 / 2.4) - 0.055))


def _to_linear(byte: int) -> float:
    value = byte / 255
    return float(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)
