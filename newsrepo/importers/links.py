"""Points the links and pictures of an imported text at where their targets stand in the commons."""

import re
from collections.abc import Callable
from typing import NamedTuple

from msgspec import Struct

from newsrepo.importers.snippets import target
from newsrepo.importers.traced import Edit, Event, Traced, events
from newsrepo.records.markup import MARKDOWN


class Shown(Struct, frozen=True):
    """What becomes of a picture: ``file`` beside the text (there or missing), a link, or its words only."""

    file: str = ""
    link: str = ""


Picture = Callable[[str, str, int], Shown]
"""From address, alt text and offset of a picture to what becomes of it."""

Link = Callable[[str, int], str]
"""From address and offset of a link to its new address; empty when only the words can stay."""


class _Open(NamedTuple):
    event: Event
    inner_end: int
    words: list[str]


def rewrite(traced: Traced, picture: Picture, link: Link) -> Traced:
    """The text with every destination given anew."""
    text = traced.text
    edits: list[Edit] = []
    open_: list[_Open] = []
    gone: set[str] = set()
    for event in events(text):
        if event.phase == "Start" and event.kind in ("Link", "Image"):
            open_.append(_Open(event, event.start + (1 if event.kind == "Link" else 2), []))
            continue
        if not open_:
            continue
        if event.phase == "End" and event.kind in ("Link", "Image"):
            done = open_.pop()
            if open_:
                open_[-1] = open_[-1]._replace(inner_end=max(open_[-1].inner_end, done.event.end))
                open_[-1].words.extend(done.words)
            edits += _redirect(text, done, picture, link, bool(open_), gone)
            continue
        top = open_[-1]
        open_[-1] = top._replace(inner_end=max(top.inner_end, event.end))
        if event.kind in ("Text", "Code"):
            top.words.append(str(event.data))
        elif event.kind in ("SoftBreak", "HardBreak"):
            top.words.append(" ")
    return traced.edit([*edits, *_definitions(text, gone)])


def _redirect(
    text: str, done: _Open, picture: Picture, link: Link, nested: bool, gone: set[str]
) -> list[Edit]:
    event = done.event
    how, dest = event.data["link_type"], event.data["dest_url"]
    inner = event.start + (1 if event.kind == "Link" else 2)
    words = text[inner : done.inner_end]
    if event.kind == "Image":
        alt = "".join(done.words).strip()
        shown = picture(dest, alt, event.start)
        if shown.file:
            new = shown.file
        elif shown.link and not nested:
            return [Edit(event.start, event.end, f"[{words.strip() or 'Picture'}]({target(shown.link)})")]
        else:
            return [Edit(event.start, event.end, words)]
        if how == "Inline":
            return _destination(text, event, done.inner_end, new)
        return [Edit(event.start, event.end, f"![{words}]({new})")]
    if how == "Email":
        return []
    new = link(dest, event.start)
    if how == "Autolink":
        if new == dest:
            return []
        if not new:
            return [Edit(event.start, inner, "&lt;")]
        return [Edit(event.start, event.end, f"[{text[inner : event.end - 1]}]({target(new)})")]
    if not new:
        if how == "Inline":
            return [Edit(event.start, inner, ""), Edit(done.inner_end, event.end, "")]
        gone.add(str(event.data["id"]).casefold())
        return [Edit(event.start, inner, ""), Edit(done.inner_end, event.end, "")]
    if new == dest:
        return []
    if how == "Inline":
        return _destination(text, event, done.inner_end, new)
    return [Edit(done.inner_end, event.end, f"]({target(new)})")]


_DESTINATION = re.compile(r"\]\(\s*(<(?:[^<>\\\n]|\\.)*>|[^\s<][^\s]*)?")


def _destination(text: str, event: Event, inner_end: int, new: str) -> list[Edit]:
    """Replace only the address of an inline link, so that its words can be edited too."""
    found = _DESTINATION.match(text, inner_end, event.end)
    if found is None or found[1] is None:
        return [Edit(inner_end, event.end, f"]({target(new)})")]
    stop = min(found.end(1), event.end - 1)
    return [Edit(found.start(1), stop, target(new))]


def _definitions(text: str, gone: set[str]) -> list[Edit]:
    """Take out the definitions of links that no longer lead anywhere."""
    if not gone:
        return []
    data = text.encode()
    return [
        Edit(len(data[: d["span"]["start"]].decode()), len(data[: d["span"]["end"]].decode()), "")
        for label, d in MARKDOWN.reference_definitions(text).items()
        if label.casefold() in gone
    ]
