"""Two versions side by side: as a part of a story's page, and as one page that needs nothing beside it."""

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from markupsafe import Markup

from newsrepo.credit.passages import Comparison, Fate, Passage
from newsrepo.editions import names
from newsrepo.editions.style import squeezed, style_sheet
from newsrepo.editions.theme import TOP, Theme, default_theme
from newsrepo.records import types as t

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


_Pieces = tuple[tuple[str, str], ...]


class _Row(NamedTuple):
    fate: str
    label: str
    old: _Pieces
    new: _Pieces


def passages_html(theme: Theme, body: Comparison, old_lang: str, new_lang: str) -> Markup:
    """All passages, the two sides of each beside each other, differences marked."""
    return theme.html(
        "passages",
        rows=tuple(_rows(body.passages)),
        old_lang=old_lang,
        new_lang=new_lang,
        old_dir=names.direction(old_lang),
        new_dir=names.direction(new_lang),
    )


def comparison_page(
    old: Side, new: Side, fields: Sequence[Field], body: Comparison, told: str, theme: Theme | None = None
) -> bytes:
    """A page of its own, in the look of editions. Equal arguments make equal bytes."""
    theme = theme or default_theme()
    look = theme.sources["diff.css"].decode()
    style = style_sheet(theme.style, t.Theme()).decode() + squeezed(look)
    html = theme.html(
        "diff",
        style=Markup(f"<style>{style}</style>"),  # noqa: S704 - the theme's own, no text of others in it
        style_hash=b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        old=old,
        new=new,
        old_dir=names.direction(old.lang or "en"),
        new_dir=names.direction(new.lang or "en"),
        fields=fields,
        passages=passages_html(theme, body, old.lang or "en", new.lang or "en"),
        told=told,
    )
    return str.replace(html, TOP, "").encode()


def _rows(passages: Iterable[Passage]) -> Iterator[_Row]:
    """Passages as rows; a run that was dropped stands beside the run that was added in its place."""
    runs = [(fate, list(run)) for fate, run in groupby(passages, key=lambda passage: passage.fate)]
    at = 0
    while at < len(runs):
        fate, run = runs[at]
        at += 1
        if fate in (Fate.CHANGED, Fate.MOVED):
            yield from map(_row, run)
            continue
        old = _joined([passage.old for passage in run]) if fate is Fate.DROPPED else ()
        new = _joined([passage.new for passage in run]) if fate is not Fate.DROPPED else ()
        label = LABELS[fate]
        if fate is Fate.DROPPED and at < len(runs) and runs[at][0] is Fate.ADDED:
            new, label = _joined([passage.new for passage in runs[at][1]]), "Replaced"
            at += 1
        yield _Row(fate.value, label, old, new)


def _joined(texts: list[str]) -> _Pieces:
    return ((Fate.SAME.value, "\n\n".join(texts)),)


def _row(passage: Passage) -> _Row:
    """A passage that stands on both sides and differs, or moved."""
    label = LABELS[passage.fate]
    if passage.fate is Fate.MOVED:
        label = f"{label}, passage {passage.old_at} before, {passage.new_at} now"
    elif not passage.pieces:
        label = "Beside each other"  # two languages: nobody compared the words
    if not passage.pieces:
        return _Row(passage.fate.value, label, _joined([passage.old]), _joined([passage.new]))
    pieces = [(piece.fate, (piece.fate.value, piece.text)) for piece in passage.pieces]
    return _Row(
        passage.fate.value,
        label,
        tuple(shown for of, shown in pieces if of is not Fate.ADDED),
        tuple(shown for of, shown in pieces if of is not Fate.DROPPED),
    )
