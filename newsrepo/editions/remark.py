"""One comment as HTML, beneath a text or in the whole discussion, and the digest of what it shows."""

import re
from collections.abc import Container, Mapping

from markupsafe import Markup

from newsrepo.editions import markdown, names
from newsrepo.editions.edition import Edition
from newsrepo.editions.talk import WORDS, Talk, anchor
from newsrepo.ids import ArticleId, Oid, owner
from newsrepo.ledger.choice import ROOM, Clause
from newsrepo.ledger.quoting import Found, Passages, State
from newsrepo.ledger.threads import Entry, Lost
from newsrepo.records import body_text
from newsrepo.records import types as t

DEEPEST = 4
"""How deep answers are set in; what lies deeper names what it answers all the same."""

LABELS = {
    t.CommentKind.COMMENT: "",
    t.CommentKind.QUESTION: "Question",
    t.CommentKind.SUMMARY: "Summary",
}
_LOST = {
    Lost.NOT: "",
    Lost.MISSING: "in reply to a comment that is not here",
    Lost.ELSEWHERE: "in reply to a comment on something else",
    Lost.CIRCLE: "one of several that say they answer each other",
}
_NOW = 400
"""How much is shown of what stands in the place of a quoted passage, in characters."""

_LINK = re.compile(r"\]\([^()\n]*\)")
_MARKS = re.compile(r"[*_`#>\[\]|~\\]+")
_BLANKS = re.compile(r"\s+")


def needs(entries: tuple[Entry, ...]) -> tuple[Oid, ...]:
    """The texts of comments."""
    return tuple(entry.remark.version for entry in entries)


def facts(edition: Edition, talk: Talk, entries: tuple[Entry, ...]) -> list[object]:
    """Everything that comments show and that is not in their own files, for a key."""
    found: list[object] = []
    for entry in entries:
        remark = entry.remark
        found.append((remark.id, remark.version, entry.depth, entry.parent, entry.lost.value))
        found.append(edition.signs(owner(remark.id)))
        if remark.links:
            found.append([link in edition.places for link in remark.links])
        if entry.parent:
            found.append((edition.signs(owner(entry.parent)), edition.talks.address(talk, entry.parent)))
    return found


class Setting:
    """Where comments are set: a page, with the text that they are on where it is at hand.

    ``here`` are the comments that stand on the page; ``revisions`` is where the text's changes are shown.
    """

    def __init__(
        self,
        edition: Edition,
        talk: Talk,
        way: str,
        here: Container[str],
        *,
        lang: str = "",
        version: str = "",
        text: str | None = None,
        revisions: str = "",
    ) -> None:
        self._edition = edition
        self._talk = talk
        self._way = way
        self._here = here
        self._lang = lang
        self._version = version
        self._revisions = revisions
        self._passages = None if text is None else Passages(text)

    def html(
        self, entry: Entry, blobs: Mapping[Oid, bytes], number: int, clause: Clause | None = None
    ) -> Markup:
        """One comment; ``number`` tells it from others on the page, ``clause`` says why it is not printed."""
        remark = entry.remark
        comment = remark.comment
        edition = self._edition
        withdrawn = comment.status is t.Status.WITHDRAWN
        who = owner(remark.id)
        body, notice = self._body(blobs[remark.version], number) if not withdrawn else (Markup(), "")
        found = self._quoted(comment) if comment.quote and not withdrawn else None
        earlier = bool(comment.version and self._version and comment.version != self._version)
        return edition.theme.html(
            "comment",
            id=anchor(remark.id),
            cite=remark.id,
            depth=min(entry.depth, DEEPEST),
            kind=comment.kind.value,
            label=LABELS[comment.kind],
            authors="" if withdrawn else self._authors(comment),
            owner_href=edition.contingent_href(who),
            signature=edition.signed(who),
            day=str(comment.date),
            day_text=names.moment_text(comment.date),
            reply=self._reply(entry),
            reply_text=edition.name_of(owner(entry.parent)) if entry.parent else "",
            reply_away=bool(entry.parent) and entry.parent not in self._here,
            lost=_LOST[entry.lost],
            quote="" if found is None else comment.quote,
            quote_lang=self._lang or comment.lang,
            quote_dir=names.direction(self._lang or comment.lang),
            passage="" if found is None else _passage(found),
            now=_plain(found.text) if found is not None and found.state is State.CHANGED else "",
            earlier=earlier,
            revisions=self._revisions if earlier else "",
            lang=comment.lang,
            dir=names.direction(comment.lang),
            withdrawn=withdrawn,
            notice=notice,
            body=body,
            clause="" if clause is None else words(edition, clause, remark.id),
        )

    def _authors(self, comment: t.Comment) -> str:
        return ", ".join(filter(None, (self._edition.harmless(a.name, "") for a in comment.authors)))

    def _body(self, data: bytes, number: int) -> tuple[Markup, str]:
        written = body_text(data)
        if written is None:
            return Markup(), "This comment cannot be read; the commons\u2019 own check says why."
        made = markdown.render(written, None, self._resolve, ids=f"c{number}", top=3)
        return made.html, f"This comment is too complex to be shown: {made.fault}." if made.fault else ""

    def _resolve(self, target: ArticleId, version: str) -> markdown.Resolved:  # noqa: ARG002 - shown as it stands
        inside = target in self._edition.places
        return markdown.Resolved(f"{self._way}{names.article_page(target)}" if inside else "")

    def _reply(self, entry: Entry) -> str:
        if not entry.parent:
            return ""
        if entry.parent in self._here:
            return f"#{anchor(entry.parent)}"
        return f"{self._way}{self._edition.talks.address(self._talk, entry.parent)}"

    def _quoted(self, comment: t.Comment) -> Found:
        if self._passages is None or not comment.quote:
            return Found(State.UNSOUGHT)
        return self._passages.find(comment.quote)


def words(edition: Edition, clause: Clause, remark: str) -> str:
    """Why a comment is printed beneath its text, or not."""
    return WORDS[clause].format(who=edition.name_of(owner(remark)), room=ROOM)


def _passage(found: Found) -> str:
    """What became of a quoted passage, where there is something to say."""
    return {
        State.GONE: "This passage does not stand in the text any more.",
        State.CHANGED: "The passage was changed. It now reads:",
    }.get(found.state, "")


def _plain(text: str) -> str:
    """A piece of Markdown without its marks, cut where it is long."""
    text = _BLANKS.sub(" ", _MARKS.sub("", _LINK.sub("", text[: 4 * _NOW]))).strip()
    return text if len(text) <= _NOW else f"{text[:_NOW].rsplit(' ', 1)[0]} \u2026"
