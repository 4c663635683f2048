"""The page of one public question: the question, its answers beside it, and what was changed between them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from newsrepo.credit.passages import compare
from newsrepo.editions import markdown, names
from newsrepo.editions.asked import INDEX, Row, When, Who, page_of, row, title_of, when, who
from newsrepo.editions.comparison import passages_html
from newsrepo.editions.discussion import Subjects
from newsrepo.editions.edition import Edition
from newsrepo.editions.page import Page
from newsrepo.editions.parts import Named, digest, joined
from newsrepo.editions.sidebyside import LARGEST
from newsrepo.ids import ArticleId, ContingentId, Kind, Oid
from newsrepo.ledger import Entry, Question, Reply, State
from newsrepo.ledger.words import VERDICTS, bound_words
from newsrepo.records import body_text, parse
from newsrepo.records import types as t
from newsrepo.records.markup import article_links

LABELS = {
    t.AnswerKind.ANSWER: "Answer",
    t.AnswerKind.PARTIAL: "Answer in part",
    t.AnswerKind.DECLINE: "Declined",
}
MOST = 100
"""How many of those who were asked, and of the records that it is about, the page of a question names."""

_FIELDS = ("title", "to", "date", "due", "about", "lang")


class Opinion(NamedTuple):
    """What one contingent says of an answer, and where it says why."""

    who: Who
    words: str
    asker: bool
    href: str


class Said(NamedTuple):
    """A question or an answer as it is set; ``oid`` is empty where there is no text to show.

    ``note`` says what is wrong with what the answer binds, ``changed`` leads to the differences.
    """

    label: str
    who: Who
    lang: str
    dir: str
    day: When
    oid: str
    reason: str = ""
    note: str = ""
    changed: str = ""
    opinions: tuple[Opinion, ...] = ()


class Change(NamedTuple):
    """A text of the question that an answer binds, and that it has no more."""

    anchor: str
    oid: Oid
    whose: tuple[Who, ...]


class Told(NamedTuple):
    """All that the page of a question tells, its texts by their ids."""

    path: str
    id: str
    title: str
    about: tuple[Named, ...]
    question: Said
    answers: tuple[Said, ...]
    rows: tuple[Row, ...]
    more: int
    changes: tuple[Change, ...]
    uninvited: tuple[Who, ...]
    withdrawn: bool
    talk: Named | None


def challenge_page(
    edition: Edition,
    question: Question,
    entries: Sequence[Entry],
    uninvited: Sequence[Reply],
    subjects: Subjects,
) -> Page:
    """The page of a question with what became of it for each of those who were asked.

    ``subjects`` are what records are called in the edition.
    """
    told = _told(edition, question, entries, uninvited, subjects)
    key = digest(edition.base, b"challenge", repr((told, _links(edition, question, entries))).encode())
    needs = [
        told.question.oid,
        *(said.oid for said in told.answers),
        *(change.oid for change in told.changes),
    ]
    wanted = tuple(dict.fromkeys([*(Oid(oid) for oid in needs if oid), question.oid]))
    return Page(told.path, key, wanted, lambda blobs: _render(edition, question, told, blobs))


def _links(edition: Edition, question: Question, entries: Sequence[Entry]) -> tuple[str, ...]:
    """The articles that the texts link to and that have pages here."""
    texts = [question.record.body, *(entry.reply.record.body for entry in entries if entry.reply)]
    linked = {article for text in texts for article in article_links(text)}
    return tuple(sorted(article for article in linked if article in edition.places))


def _told(
    edition: Edition,
    question: Question,
    entries: Sequence[Entry],
    uninvited: Sequence[Reply],
    subjects: Subjects,
) -> Told:
    record = question.record
    changes = tuple(_changes(edition, question, entries))
    anchors = {who.id: change.anchor for change in changes for who in change.whose}
    return Told(
        page_of(question.id),
        question.id,
        title_of(edition, question),
        tuple(_about(edition, ref, subjects) for ref in record.about[:MOST]),
        Said(
            "The question",
            who(edition, question.by),
            record.lang,
            names.direction(record.lang),
            when(record.date.date),
            question.oid,
        ),
        tuple(_answer(edition, entry, anchors) for entry in entries if entry.answered_on is not None),
        tuple(row(edition, entry) for entry in entries[:MOST]),
        max(len(entries) - MOST, 0),
        changes,
        tuple(who(edition, reply.who) for reply in uninvited),
        record.status is t.PublicStatus.WITHDRAWN,
        edition.talks.link(question.id),
    )


def _about(edition: Edition, ref: str, subjects: Subjects) -> Named:
    """A record that the question is about, by its title, with its page if it has one."""
    if ref in edition.works and ref not in edition.places:
        return Named(edition.title_of(ArticleId(ref)), "")
    subject = subjects.of(ref)
    return Named(subject.title, subject.href)


def _answer(edition: Edition, entry: Entry, anchors: Mapping[str, str]) -> Said:
    if entry.reply is None:
        raise ValueError(f"{entry.to} has not answered {entry.question.id}")
    record = entry.reply.record
    return Said(
        LABELS[record.kind],
        who(edition, entry.to),
        record.lang,
        names.direction(record.lang),
        when(record.date.date),
        entry.reply.oid,
        record.reason or "",
        _note(entry),
        anchors.get(entry.to, ""),
        tuple(_opinions(edition, entry)),
    )


def _note(entry: Entry) -> str:
    words = bound_words(entry.bound) if entry.state is not State.WITHDRAWN else ""
    if not words and entry.too_early:
        words = "this answer is dated before its question"
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def _opinions(edition: Edition, entry: Entry) -> Iterator[Opinion]:
    record = f"answer:{entry.question.id.removeprefix('challenge:')}/{entry.to}"
    talk = edition.talks.of(record)
    for opinion in entry.opinions:
        there = talk is not None and opinion.comment in talk.at
        yield Opinion(
            who(edition, opinion.who),
            VERDICTS[opinion.verdict],
            opinion == entry.asker,
            edition.talks.address(talk, opinion.comment) if there and talk is not None else "",
        )


def _changes(edition: Edition, question: Question, entries: Sequence[Entry]) -> Iterator[Change]:
    """The earlier texts that answers bind, each once, in the order of the answers."""
    if question.record.status is t.PublicStatus.WITHDRAWN:
        return
    whose: dict[Oid, list[ContingentId]] = {}
    for entry in entries:
        if entry.reply is not None and entry.state is State.CHANGED:
            oid = question.earlier.get(entry.reply.record.question)
            if oid is not None:
                whose.setdefault(oid, []).append(entry.to)
    for number, (oid, answered) in enumerate(whose.items(), 1):
        yield Change(f"changed-{number}", oid, tuple(who(edition, one) for one in answered))


# --- rendering -------------------------------------------------------------------------------------


class Shown(NamedTuple):
    """One change as it is set: the fields that differ, and the passages."""

    anchor: str
    whose: tuple[Who, ...]
    fields: str
    note: str
    passages: Markup


def _render(edition: Edition, question: Question, told: Told, blobs: Mapping[Oid, bytes]) -> bytes:
    way = names.prefix(told.path)
    said = [told.question, *told.answers]
    voices = joined(
        edition.theme.html(
            "challenge_voice",
            v=voice,
            number=number,
            body=_body(edition, voice, blobs, way, number),
            withdrawn=told.withdrawn and number == 0,
        )
        for number, voice in enumerate(said)
    )
    main = edition.theme.html(
        "challenge",
        t=told,
        index=INDEX,
        lang=told.question.lang,
        dir=told.question.dir,
        voices=voices,
        rows=joined([edition.theme.html("challenge_state", r=one) for one in told.rows], "\n"),
        changes=[_shown(edition, question, change, blobs) for change in told.changes],
    )
    return edition.page(told.path, "voting", told.title, main)


def _body(edition: Edition, voice: Said, blobs: Mapping[Oid, bytes], way: str, number: int) -> Markup | None:
    written = body_text(blobs[Oid(voice.oid)]) if voice.oid else None
    if not written or not written.strip():
        return None

    def resolve(target: ArticleId, version: str) -> markdown.Resolved:  # noqa: ARG001 - a question names none
        return markdown.Resolved(f"{way}{names.article_page(target)}" if target in edition.places else "")

    made = markdown.render(written, None, resolve, ids=f"v{number}", top=3)
    return made.html if not made.fault else Markup("<p>{}</p>").format("This text cannot be shown.")


def _shown(edition: Edition, question: Question, change: Change, blobs: Mapping[Oid, bytes]) -> Shown:
    old = parse(Kind.CHALLENGE, blobs[change.oid], "challenge.md").record
    new = parse(Kind.CHALLENGE, blobs[question.oid], "challenge.md").record
    fields, note, passages = "", "", Markup()
    if not isinstance(old, t.Challenge) or not isinstance(new, t.Challenge):
        note = "The earlier text cannot be read."
    else:
        fields = ", ".join(name for name in _FIELDS if getattr(old, name) != getattr(new, name))
        if len(old.body) + len(new.body) > LARGEST:
            note = "The texts are too long to be compared here."
        elif old.body == new.body:
            note = "The text itself is the same."
        else:
            passages = passages_html(edition.theme, compare(old.body, new.body), old.lang, new.lang)
    return Shown(change.anchor, change.whose, fields, note, passages)
