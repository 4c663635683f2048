"""What the whole commons said lately, as a paper prints it: the text whole, the dissents as large."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from newsrepo.editions import markdown, names
from newsrepo.editions.edition import Edition
from newsrepo.editions.paper.nodes import Node, text_of, tree
from newsrepo.editions.paper.stock import Texts, clean, cleaned, size_of
from newsrepo.editions.results import result
from newsrepo.editions.statements import Voice, closed, voices
from newsrepo.ids import Oid
from newsrepo.records import body_text

DAYS = 92
"""For how many days after its vote closed a text is news."""

MOST = 12_000
"""A text and its dissents with more narrow letters than this are not for paper; they stand on their page."""


class Said(Struct, frozen=True):
    """One text of a vote."""

    label: str
    title: str
    lang: str
    dir: str
    who: str
    body: tuple[Node, ...]


class Verdict(Struct, frozen=True):
    """A certified and carried statement: its text, then the dissents; ``words`` say how it was decided."""

    path: str
    voices: tuple[Said, ...]
    words: str

    def letters(self) -> Mapping[str, set[str]]:
        """The characters of each language in it; those of our own words under the empty name."""
        found: dict[str, set[str]] = {"": set(self.words)}
        for said in self.voices:
            texts = (said.title, *text_of(said.body))
            found.setdefault(said.lang, set()).update("".join(texts))
            found[""].update(said.label + said.who)
        return found

    def data(self) -> dict[str, Any]:
        """As the template is handed it."""
        fields = ("label", "title", "lang", "dir", "who")
        return {
            "t": "statement",
            "words": self.words,
            "voices": [
                {**{name: getattr(said, name) for name in fields}, "body": list(said.body)}
                for said in self.voices
            ],
        }


def verdict_of(edition: Edition, texts: Texts) -> Verdict | None:
    """The newest statement that was carried and certified in the last quarter of a year, if there is one.

    None also where one of its texts is not at hand: half of it would be worse than nothing.
    """
    assembly, today = edition.ctx.assembly, edition.ctx.today
    carried = [put for put in assembly.put if put.is_final and put.judged.carried] if assembly else []
    for put in sorted(carried, key=closed, reverse=True)[:1]:
        decided = put.judged.decided
        if decided is None or not 0 <= (today - decided.opened.record.closes.date).days <= DAYS:
            continue
        said = voices(edition, put)
        if not all(voice.oid for voice in said):
            continue
        blobs = dict(texts([Oid(voice.oid) for voice in said]))
        made = [_said(voice, body_text(blobs.get(Oid(voice.oid), b""))) for voice in said]
        whole = [one for one in made if one is not None]
        if len(whole) == len(made) and sum(size_of(n) for one in whole for n in one.body) <= MOST:
            path = f"statements/{put.statement.removeprefix('statement:')}/statement.md"
            return Verdict(path, tuple(whole), clean(result(edition, put).sentence))
    return None


def _said(voice: Voice, written: str | None) -> Said | None:
    rendered = markdown.render(written, ids="v") if written is not None else None
    if rendered is None or rendered.fault:
        return None
    who = f"{voice.who.signature} {voice.did}".strip() if voice.who is not None else ""
    return Said(
        clean(voice.label),
        clean(voice.title),
        voice.lang,
        names.direction(voice.lang),
        clean(", ".join(filter(None, (who, voice.day_text)))),
        tuple(cleaned(node) for node in tree(rendered.html)),
    )
