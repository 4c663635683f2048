"""Two versions side by side as one page that needs nothing beside it: no script, no file, no address."""

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from newsrepo.credit.passages import Comparison, Fate, Passage
from newsrepo.editions import names
from newsrepo.editions.style import squeezed, style_sheet
from newsrepo.editions.theme import TOP, Theme, default_theme
from newsrepo.records import types as t

MARKER = b'<meta name="generator" content="newsrepo diff">'
"""Stands in every such page, so that one may be written over another and over nothing else."""

LABELS = {
    Fate.SAME: "Unchanged",
    Fate.CHANGED: "Changed",
    Fate.MOVED: "Moved",
    Fate.DROPPED: "Dropped",
    Fate.ADDED: "Added",
}


class Side(NamedTuple):
    """One of the two versions. ``cite`` is its id with its version."""

    title: str
    lang: str
    cite: str


class Field(NamedTuple):
    """A field of the front matter that differs."""

    name: str
    old: str
    new: str


class _Row(NamedTuple):
    fate: str
    label: str
    whole: str
    old: Markup
    new: Markup


def comparison_page(
    old: Side, new: Side, fields: Sequence[Field], body: Comparison, told: str, theme: Theme | None = None
) -> bytes:
    """The page, in the look of editions. Equal arguments make equal bytes."""
    theme = theme or default_theme()
    look = theme.sources["diff.css"].decode()
    style = style_sheet(theme.style, t.Theme()).decode() + squeezed(look)
    html = theme.html(
        "diff",
        style=Markup(f"<style>{style}</style>"),  # noqa: S704 - the theme's own sheet, which holds no text of others
        style_hash=b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        old=old,
        new=new,
        old_dir=names.direction(old.lang or "en"),
        new_dir=names.direction(new.lang or "en"),
        fields=fields,
        rows=[_row(theme, passage) for passage in body.passages],
        told=told,
    )
    return str.replace(html, TOP, "").encode()


def _row(theme: Theme, passage: Passage) -> _Row:
    label = LABELS[passage.fate]
    if passage.fate is Fate.MOVED:
        label = f"{label}, passage {passage.old_at} before, {passage.new_at} now"
    if passage.fate is Fate.CHANGED and not passage.pieces:
        label = "Beside each other"  # two languages: nobody compared the words
    if passage.fate is Fate.SAME:
        return _Row(passage.fate.value, label, passage.new, Markup(), Markup())
    old, new = _side(theme, passage, Fate.DROPPED), _side(theme, passage, Fate.ADDED)
    return _Row(passage.fate.value, label, "", old, new)


def _side(theme: Theme, passage: Passage, mine: Fate) -> Markup:
    text = passage.old if mine is Fate.DROPPED else passage.new
    pieces = [(p.fate.value, p.text) for p in passage.pieces if p.fate in (Fate.SAME, mine)]
    return theme.html("diff_side", pieces=pieces or [(Fate.SAME.value, text)])
