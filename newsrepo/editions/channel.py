"""A feed before it has a form: its entries with their texts, the same for Atom and JSON.

An entry's id is made from the commons' name and the article's id, so that it stays the same wherever the
edition is put. Without an ``edition.url`` no absolute address is known.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from newsrepo.editions import names
from newsrepo.editions.chain import Chain, Chains
from newsrepo.editions.edition import Edition
from newsrepo.editions.metadata import modified
from newsrepo.editions.prose import text
from newsrepo.editions.revisions import Pasts
from newsrepo.ids import ArticleId, Oid
from newsrepo.records import body_text

if TYPE_CHECKING:
    from newsrepo.editions.sayings import Saying

_KEPT = 256
"""How many entries' texts are kept for the next feed that holds them."""


class Channel(NamedTuple):
    """One feed: where it lies, what stands for the same on paper, and what it holds, newest first.

    ``id`` names it in every edition of the commons' works, or, for parts of an edition, in this one.
    """

    path: str
    id: str
    title: str
    about: str
    author: str
    page: str
    works: tuple[ArticleId, ...]
    said: "tuple[Saying, ...]" = ()

    def entries(self, edition: Edition) -> "list[ArticleId | Saying]":
        """Articles and statements as one list, newest first; each of the two is in that order."""
        dated: list[tuple[str, ArticleId | Saying]]
        dated = [(names.stamp(edition.works[w].date), w) for w in self.works]
        dated += [(saying.stamp, saying) for saying in self.said]
        return [entry for _, entry in sorted(dated, key=lambda pair: pair[0], reverse=True)]


class Contents:
    """What entries say of works, for all feeds of one edition."""

    def __init__(self, edition: Edition, chains: Chains, pasts: Pasts) -> None:
        self.edition = edition
        self._chains = chains
        self._pasts = pasts
        self._made: dict[ArticleId, str] = {}

    def chain(self, work_id: ArticleId) -> Chain:
        """The whole credit of a work, as its page has it."""
        return self._chains.of(work_id)

    def modified(self, work_id: ArticleId) -> str:
        """When a work was last revised, or its date."""
        return modified(self.edition.works[work_id], self._pasts.of(work_id))

    def updated(self, channel: Channel) -> str:
        """When the latest entry of a feed changed; of an empty one, the edition's day."""
        stamps = [self.modified(work) for work in channel.works] + [s.stamp for s in channel.said]
        return max(stamps, default=f"{self.edition.ctx.today.isoformat()}T00:00:00Z")

    def html(self, work_id: ArticleId, blobs: Mapping[Oid, bytes]) -> str:
        """The full text of an entry, with its pictures, its whole credit and the line that says who signs."""
        made = self._made.get(work_id)
        if made is None:
            if len(self._made) >= _KEPT:
                self._made.clear()
            body = body_text(blobs[self.edition.works[work_id].version])
            made = self._made[work_id] = self._html(work_id, body) if body is not None else ""
        return made

    def _html(self, work_id: ArticleId, body: str) -> str:
        edition = self.edition
        work = edition.works[work_id]
        shown = text(edition, work, body, edition.url)
        chain = self.chain(work_id)
        return str(
            edition.theme.html(
                "entry",
                lead=shown.lead,
                body=shown.body,
                rest=shown.rest,
                lang=work.lang,
                dir=names.direction(work.lang),
                fault=shown.fault,
                signature=edition.signed(work.owner),
                lines=[(line, f"{edition.url}{line.href}" if line.href else "") for _, line in chain.lines],
                more=chain.more,
                credits=work.credits,
            )
        )


def newest(works: Sequence[ArticleId], most: int) -> tuple[ArticleId, ...]:
    """The newest of ``works``, which are given oldest first."""
    return tuple(works[: -most - 1 : -1])
