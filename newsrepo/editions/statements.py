"""The pages of what the commons put to the vote: each text that was decided, its dissents beside it.

A carried and certified text is the only thing in an edition that speaks for the commons. It and the dissents
are set in one and the same way, by one template, so that none can be made to look larger than another.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from markupsafe import Markup

from newsrepo.editions import markdown, names
from newsrepo.editions.assembly import Assembly, Put, Text
from newsrepo.editions.edition import Edition
from newsrepo.editions.page import Page
from newsrepo.editions.parts import Named, digest, joined
from newsrepo.editions.results import (
    Result,
    Who,
    brought,
    count_words,
    page_of,
    result,
    sentence_text,
    signed_by,
    state_text,
    vote_of,
)
from newsrepo.ids import ArticleId, Oid, owner
from newsrepo.records import body_text

INDEX = "statements/index.html"
LOST = (
    "The text that was voted on is not at hand: "
    "what stands in its place was changed after the vote was opened."
)
UNREADABLE = "This text cannot be shown."


class Voice(NamedTuple):
    """One text of a vote as it is set: the one that was voted on, or a dissent.

    ``oid`` is empty where the text is not at hand.
    """

    label: str
    title: str
    lang: str
    who: Who | None
    did: str
    day: str
    day_text: str
    oid: str


def statement_pages(edition: Edition) -> Iterator[Page]:
    """A page for every vote that is decided, and one that lists all."""
    assembly = edition.ctx.assembly
    if assembly is None or not assembly.put:
        return
    yield _index(edition, assembly)
    for put in assembly.put:
        if put.is_final:
            yield _page(edition, put)


# --- one statement ---------------------------------------------------------------------------------


def voices(edition: Edition, put: Put) -> tuple[Voice, ...]:
    """The text that was voted on, then the dissents by who wrote them."""
    decided = put.judged.decided
    if decided is None:
        return ()
    terms = decided.opened.record
    label = f"{edition.commons_name}, by {count_words(decided)}" if put.judged.carried else "The text"
    title = terms.title if put.judged.carried else edition.harmless(terms.title, put.statement)
    said = put.text.record.date if put.text is not None else terms.opens
    found = [
        _voice(edition, label, title, terms.lang, owner(put.statement), "proposed it", said.date, put.text)
    ]
    for who, text in put.dissents:
        record = text.record
        named = edition.harmless(record.title, "") if record.title else ""
        did = vote_of(decided, who)
        found.append(
            _voice(
                edition,
                "Dissent",
                named or edition.name_of(who),
                record.lang,
                who,
                did,
                record.date.date,
                text,
            )
        )
    return tuple(found)


def _voice(
    edition: Edition, label: str, title: str, lang: str, who: str, did: str, day: date, text: Text | None
) -> Voice:
    return Voice(
        label,
        title,
        lang,
        signed_by(edition, who),
        did,
        day.isoformat(),
        names.day_text(day),
        text.oid if text is not None else "",
    )


def _page(edition: Edition, put: Put) -> Page:
    told = result(edition, put)
    said = voices(edition, put)
    talk = edition.talks.link(put.statement)
    key = digest(edition.base, b"statement", repr((told, said, talk)).encode())
    needs = tuple(dict.fromkeys(Oid(voice.oid) for voice in said if voice.oid))
    return Page(told.path, key, needs, lambda blobs: _render(edition, told, said, talk, blobs))


def _render(
    edition: Edition, told: Result, said: Sequence[Voice], talk: Named | None, blobs: Mapping[Oid, bytes]
) -> bytes:
    main = edition.theme.html(
        "statement",
        r=told,
        voices=spoken(edition, said, blobs, names.prefix(told.path)),
        talk=talk,
        short=lambda digits: digits[:12],
    )
    return edition.page(told.path, "voting", told.title, main, description=told.sentence)


def spoken(
    edition: Edition, said: Sequence[Voice], blobs: Mapping[Oid, bytes], way: str, *, plain: bool = False
) -> Markup:
    """All voices of a vote, one after the other, each by the same template; ``plain`` is for feeds."""
    return joined(
        edition.theme.html(
            "voice_entry" if plain else "voice",
            v=voice,
            number=number,
            dir=names.direction(voice.lang),
            body=_body(edition, voice, blobs, way, number),
            lost="" if voice.oid else LOST,
        )
        for number, voice in enumerate(said)
    )


def _body(edition: Edition, voice: Voice, blobs: Mapping[Oid, bytes], way: str, number: int) -> Markup | None:
    written = body_text(blobs[Oid(voice.oid)]) if voice.oid else None
    if written is None:
        return None

    def resolve(target: ArticleId, version: str) -> markdown.Resolved:  # noqa: ARG001 - a vote names no version
        here = target in edition.places
        return markdown.Resolved(f"{way}{names.article_page(target)}" if here else "")

    made = markdown.render(written, None, resolve, ids=f"v{number}", top=3)
    return made.html if not made.fault else Markup("<p>{}</p>").format(UNREADABLE)


# --- all of them -----------------------------------------------------------------------------------


class Listed(NamedTuple):
    """A vote as the list shows it; ``href`` is empty while it is not decided."""

    href: str
    title: str
    lang: str
    dir: str
    words: str
    proposer: Who


class Part(NamedTuple):
    title: str
    note: str
    entries: tuple[Listed, ...]


def _index(edition: Edition, assembly: Assembly) -> Page:
    final = sorted((put for put in assembly.put if put.is_final), key=closed, reverse=True)
    parts = (
        Part(
            "Carried",
            "",
            tuple(_listed(edition, put) for put in final if put.judged.carried),
        ),
        Part(
            "Not carried",
            "They speak for those who proposed them.",
            tuple(_listed(edition, put) for put in final if not put.judged.carried),
        ),
        Part(
            "Not decided",
            "Nobody can say yet that these speak for anybody but those who proposed them.",
            tuple(_listed(edition, put) for put in assembly.put if not put.is_final),
        ),
    )
    split = tuple((one.epoch.id, one.epoch.opening) for one in assembly.chain.split)
    facts = (parts, split, assembly.chain.commons)
    key = digest(edition.base, b"statements", repr(facts).encode())

    def render(_: object) -> bytes:
        main = edition.theme.html(
            "statements",
            commons=edition.commons_name,
            parts=[part for part in parts if part.entries],
            split=[epoch for epoch, _ in split],
            genesis=assembly.chain.commons,
        )
        return edition.page(INDEX, "listing", "Statements", main)

    return Page(INDEX, key, (), render)


def closed(put: Put) -> tuple[str, str]:
    """When voting on a statement ended, by its opening, and its id; for putting them in order."""
    decided = put.judged.decided
    return (str(decided.opened.record.closes) if decided is not None else "", put.statement)


def _listed(edition: Edition, put: Put) -> Listed:
    terms = put.judged.counts[0].opened.record
    decided = put.judged.decided
    if decided is not None:
        terms = decided.opened.record
    carried = put.judged.carried
    words = state_text(put)
    if put.is_final and decided is not None:
        did = brought(terms, carried=decided.verdict.carried)
        words = f"{sentence_text(decided.sentence)} {did}".rstrip()
    return Listed(
        page_of(put.statement) if put.is_final else "",
        terms.title if carried else edition.harmless(terms.title, put.statement),
        terms.lang,
        names.direction(terms.lang),
        words,
        signed_by(edition, owner(put.statement)),
    )
