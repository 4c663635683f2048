"""The edition's style sheet: the theme's own, with the filter's typed settings put before it.

An accent colour is any hex colour; what is used of it is moved towards black or white until it reads on
the page, so that no setting can make a link illegible.
"""

import re

from newsrepo.records import types as t

LIGHT = (0xFD, 0xFB, 0xF7)
DARK = (0x16, 0x17, 0x19)
DEFAULT = "#8c1c13"
CONTRAST = 5.0
"""Wanted ratio of luminance between an accent and its ground; WCAG AA asks 4.5 of small text."""

Colour = tuple[int, int, int]

_FACES = {
    t.Face.SERIF: (
        '"Iowan Old Style","Palatino Linotype",Palatino,"URW Palladio L",P052,Georgia,"Noto Serif",serif'
    ),
    t.Face.SANS: 'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Helvetica Neue",Arial,sans-serif',
}


def parse_colour(text: str) -> Colour:
    """``#8c1c13`` as three numbers from 0 to 255."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _linear(value: int) -> float:
    part = value / 255
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def luminance(colour: Colour) -> float:
    """Relative luminance as WCAG defines it, 0 to 1."""
    red, green, blue = (_linear(value) for value in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable(colour: Colour, ground: Colour) -> Colour:
    """``colour``, moved towards black or white in steps of a 32nd until it reads on ``ground``."""
    goal = 0 if luminance(ground) > 0.5 else 255
    for step in range(33):
        mixed = tuple((value * (32 - step) + goal * step + 16) // 32 for value in colour)
        if contrast((mixed[0], mixed[1], mixed[2]), ground) >= CONTRAST:
            return mixed[0], mixed[1], mixed[2]
    return goal, goal, goal


def _hex(colour: Colour) -> str:
    return "#" + "".join(f"{value:02x}" for value in colour)


_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s*([{};,>])\s*")


def squeezed(sheet: str) -> str:
    """``sheet`` without comments and needless blanks; it must hold no quoted brace, semicolon or colon."""
    bare = _SPACE.sub(r"\1", _COMMENT.sub("", sheet)).replace(": ", ":").replace(";}", "}")
    return bare.strip() + "\n"


def style_sheet(base: str, theme: t.Theme) -> bytes:
    """The theme's sheet ``base`` with the accent and the face of ``theme``."""
    accent = parse_colour(theme.accent or DEFAULT)
    light, dark = _hex(readable(accent, LIGHT)), _hex(readable(accent, DARK))
    settings = f":root{{--accent-light:{light};--accent-dark:{dark};--face:{_FACES[theme.face]}}}\n"
    return (settings + squeezed(base)).encode()


def icon(base: bytes, theme: t.Theme) -> bytes:
    """The theme's icon ``base`` in the edition's own accent, as dark as it must be to bear white."""
    colour = _hex(readable(parse_colour(theme.accent or DEFAULT), LIGHT))
    return base.replace(DEFAULT.encode(), colour.encode())
