"""Statements as entries of a feed: signed by the commons with its count, printed by a contingent."""

from collections.abc import Mapping
from typing import NamedTuple

from markupsafe import Markup

from newsrepo.editions.edition import Edition
from newsrepo.editions.results import count_words, page_of, sentence_text
from newsrepo.editions.statements import Voice, closed, spoken, voices
from newsrepo.ids import Oid


class Saying(NamedTuple):
    """A carried, certified statement. ``stamp`` is when voting closed, though no later than the edition."""

    statement: str
    path: str
    title: str
    lang: str
    signature: str
    sentence: str
    stamp: str
    opening: str
    voices: tuple[Voice, ...]

    @property
    def facts(self) -> tuple[object, ...]:
        """Everything that an entry shows, its texts by their ids."""
        return tuple(self)

    @property
    def needs(self) -> tuple[Oid, ...]:
        return tuple(Oid(voice.oid) for voice in self.voices if voice.oid)

    def content(self, edition: Edition, blobs: Mapping[Oid, bytes]) -> Markup:
        """The text and its dissents, one like the other, and who prints them."""
        return edition.theme.html(
            "statement_entry",
            sentence=self.sentence,
            voices=spoken(edition, self.voices, blobs, edition.url, plain=True),
            signature=edition.signature,
        )


def sayings(edition: Edition) -> tuple[Saying, ...]:
    """Every statement that speaks for the commons, by the day on which voting closed, the latest first."""
    assembly = edition.ctx.assembly
    found = []
    for put in sorted(assembly.carried if assembly else (), key=closed, reverse=True):
        decided = put.judged.decided
        if decided is None:
            continue
        terms = decided.opened.record
        day = min(terms.closes.date, edition.ctx.today)
        found.append(
            Saying(
                put.statement,
                page_of(put.statement),
                terms.title,
                terms.lang,
                f"{edition.commons_name}, by {count_words(decided)}",
                sentence_text(decided.sentence),
                f"{day.isoformat()}T00:00:00Z",
                decided.opened.sha256,
                voices(edition, put),
            )
        )
    return tuple(found)
