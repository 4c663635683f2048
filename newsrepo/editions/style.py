"""The edition's style sheet: the theme's own, with the filter's typed settings put before it.

An accent colour is any hex colour; what is used of it is moved towards black or white until it reads on
the page, so that no setting can make a link illegible.
"""

import re
from collections.abc import Iterable

from newsrepo.records import types as t
from newsrepo.records.colours import LEAST, Colour, contrast, parse_colour

LIGHT = (0xFD, 0xFB, 0xF7)
DARK = (0x16, 0x17, 0x19)
_PANELS = ((0xF3, 0xEF, 0xE6), (0x20, 0x22, 0x26))
"""What the sheet sets boxes on, by day and by night, where a theme names none; links stand there too."""

NIGHT_INK = "#e9e6e0"
DEFAULT = "#8c1c13"
CONTRAST = 5.0
"""Wanted ratio of luminance between an accent and its ground; WCAG AA asks 4.5 of small text."""

_FACES = {
    t.Face.SERIF: (
        '"Iowan Old Style","Palatino Linotype",Palatino,"URW Palladio L",P052,Georgia,"Noto Serif",serif'
    ),
    t.Face.SANS: 'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Helvetica Neue",Arial,sans-serif',
    t.Face.SLAB: 'Rockwell,"Rockwell Nova","Roboto Slab","DejaVu Serif","Sitka Small","Noto Serif",serif',
    t.Face.MONO: 'ui-monospace,"Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono","Noto Sans Mono",monospace',
}


def readable(colour: Colour, *grounds: Colour) -> Colour:
    """``colour``, moved towards black or white in steps of a 32nd until it reads on all of ``grounds``."""
    goal = 0 if _least((0, 0, 0), grounds) >= _least((255, 255, 255), grounds) else 255
    for step in range(33):
        red, green, blue = ((value * (32 - step) + goal * step + 16) // 32 for value in colour)
        if _least((red, green, blue), grounds) >= CONTRAST:
            return red, green, blue
    return goal, goal, goal


def _least(colour: Colour, grounds: Iterable[Colour]) -> float:
    """The contrast of a colour with that ground on which it reads worst."""
    return min(contrast(colour, ground) for ground in grounds)


def _hex(colour: Colour) -> str:
    return "#" + "".join(f"{value:02x}" for value in colour)


_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s*([{};,>])\s*")


def squeezed(sheet: str) -> str:
    """``sheet`` without comments and needless blanks; it must hold no quoted brace, semicolon or colon."""
    bare = _SPACE.sub(r"\1", _COMMENT.sub("", sheet)).replace(": ", ":").replace(";}", "}")
    return bare.strip() + "\n"


def accents(theme: t.Theme) -> str:
    """The accent and the faces of ``theme`` as properties of the root, legible on its grounds."""
    accent = parse_colour(theme.accent or DEFAULT)
    light = (parse_colour(theme.light.ground), _panel(theme.light)) if theme.light else (LIGHT, _PANELS[0])
    dark = (parse_colour(theme.dark.ground), _panel(theme.dark)) if theme.dark else (DARK, _PANELS[1])
    by_day, by_night = _hex(readable(accent, *light)), _hex(readable(accent, *dark))
    return (
        f":root{{--accent-light:{by_day};--accent-dark:{by_night}"
        f";--face:{_FACES[theme.face]};--headings:{_FACES[theme.headings or theme.face]}}}\n"
    )


def _mixed(ground: Colour, ink: Colour, of_ink: int) -> Colour:
    """``of_ink`` hundredths of ``ink`` in ``ground``."""
    red, green, blue = (
        (a * (100 - of_ink) + b * of_ink + 50) // 100 for a, b in zip(ground, ink, strict=True)
    )
    return red, green, blue


def _panel(pair: t.Pair) -> Colour:
    """The ground, tinted with as much of the ink as leaves the ink legible on it."""
    ground, ink = parse_colour(pair.ground), parse_colour(pair.ink)
    tints = (_mixed(ground, ink, share) for share in (5, 3, 2, 1))
    return next((tint for tint in tints if contrast(ink, tint) >= LEAST), ground)


def _pair(pair: t.Pair) -> str:
    """The colours of a scheme that follow from its ground and its ink; all text reads on ground and panel."""
    ground, ink, panel = parse_colour(pair.ground), parse_colour(pair.ink), _panel(pair)
    shades = (_mixed(ground, ink, share) for share in range(66, 100, 3))
    soft = next((shade for shade in shades if _least(shade, (ground, panel)) >= LEAST), ink)
    named = (
        ("ground", ground),
        ("ink", ink),
        ("soft", soft),
        ("rule", _mixed(ground, ink, 24)),
        ("panel", panel),
    )
    return ":root{" + ";".join(f"--{name}:{_hex(colour)}" for name, colour in named) + "}"


def _grounds(theme: t.Theme) -> str:
    """What overrides the sheet's own colours on a screen; on paper everything is black on white."""
    sheet = f"@media screen{{{_pair(theme.light)}}}\n" if theme.light else ""
    if theme.dark:
        sheet += f"@media screen and (prefers-color-scheme:dark){{{_pair(theme.dark)}}}\n"
    elif theme.light:
        night = t.Pair(ground=_hex(DARK), ink=NIGHT_INK)
        sheet += f"@media screen and (prefers-color-scheme:dark){{{_pair(night)}}}\n"
    return sheet


def style_sheet(base: str, theme: t.Theme) -> bytes:
    """The theme's sheet ``base`` with the colours and the faces of ``theme``."""
    return (accents(theme) + squeezed(base) + _grounds(theme)).encode()


def icon(base: bytes, theme: t.Theme) -> bytes:
    """The theme's icon ``base`` in the edition's own accent, as dark as it must be to bear white."""
    # On white, whatever the ground of the pages: the icon stands in the bar of a browser.
    colour = _hex(readable(parse_colour(theme.accent or DEFAULT), LIGHT))
    return base.replace(DEFAULT.encode(), colour.encode())
