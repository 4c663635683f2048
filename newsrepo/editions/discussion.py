"""What is said of a text: beneath it, as far as the filter lets it, and all of it on pages of its own."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from markupsafe import Markup

from newsrepo.commons.model import Work
from newsrepo.editions import names
from newsrepo.editions.edition import Edition
from newsrepo.editions.page import Page
from newsrepo.editions.parts import TOMBSTONE, digest, joined
from newsrepo.editions.remark import Setting, facts, needs
from newsrepo.editions.talk import SHEET, Talk
from newsrepo.ids import ArticleId, Kind, Oid
from newsrepo.records import body_text

INDEX = "discussion/index.html"
MODERATION = "moderation/index.html"
LISTED = 100
"""How many discussions one page of the index lists."""


# --- beneath an article ----------------------------------------------------------------------------


def beneath_facts(edition: Edition, work_id: ArticleId) -> list[object]:
    """All that stands beneath an article, for the key of its page; nothing where nothing was said."""
    talk = edition.talks.of(work_id)
    return [] if talk is None else [*facts(edition, talk, talk.beneath), len(talk.said)]


def beneath_needs(edition: Edition, work_id: ArticleId) -> tuple[Oid, ...]:
    """The texts that are read for what stands beneath an article."""
    talk = edition.talks.of(work_id)
    return () if talk is None else needs(talk.beneath)


def beneath(
    edition: Edition, work: Work, blobs: Mapping[Oid, bytes], way: str, *, revised: bool
) -> Markup | None:
    """The comments that the filter prints beneath an article, and the way to all of them."""
    talk = edition.talks.of(work.id)
    if talk is None:
        return None
    gone = edition.places[work.id].role == TOMBSTONE
    setting = Setting(
        edition,
        talk,
        way,
        frozenset(entry.remark.id for entry in talk.beneath),
        lang=work.lang,
        version=work.version,
        text=None if gone else body_text(blobs[work.version]),
        revisions=f"{way}{names.revisions_page(work.id)}" if revised else "",
    )
    return edition.theme.html(
        "comments",
        items=joined([setting.html(entry, blobs, n) for n, entry in enumerate(talk.beneath, 1)], "\n"),
        words=_counted(talk),
        href=edition.talks.page(work.id),
        moderation=MODERATION if talk.left else "",
    )


def _counted(talk: Talk) -> str:
    many = len(talk.said)
    whole = "1 comment" if many == 1 else f"{many} comments"
    if not talk.left:
        return f"The whole discussion: {whole}"
    return f"The whole discussion: {whole}, {talk.left} of them not printed here"


# --- all of it -------------------------------------------------------------------------------------


class Subject(NamedTuple):
    """What a discussion is on; ``href`` is empty where it has no page, ``lang`` where its title has none."""

    title: str
    href: str
    lang: str


def talks_here(edition: Edition) -> Iterator[Talk]:
    """The discussions that have pages: on works that have one, and on every other record that is there."""
    for record in edition.talks.records:
        if record in edition.places or record not in edition.works:
            talk = edition.talks.of(record)
            if talk is not None:
                yield talk


def discussion_pages(edition: Edition) -> Iterator[Page]:
    """The pages of every discussion, and those that list them."""
    found = list(talks_here(edition))
    subjects = Subjects(edition)
    for talk in found:
        for sheet in range(1, talk.sheets + 1):
            yield _sheet(edition, talk, sheet, subjects.of(talk.record))
    found.sort(key=lambda talk: talk.record)
    found.sort(key=lambda talk: talk.latest, reverse=True)
    many = max(1, -(-len(found) // LISTED))
    for number in range(1, many + 1):
        listed = found[(number - 1) * LISTED : number * LISTED]
        rows = tuple(_row(edition, talk, subjects.of(talk.record)) for talk in listed)
        yield _index(edition, rows, number, many)


class Subjects:
    """What discussions are on, by the names that readers know them by in one edition."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        ledger, assembly = edition.ctx.ledger, edition.ctx.assembly
        self._questions = {question.id: question for question in (ledger.questions if ledger else ())}
        self._put = {put.statement: put for put in (assembly.put if assembly else ())}

    def of(self, record: str) -> Subject:
        edition = self._edition
        work = edition.works.get(ArticleId(record))
        if work is not None:
            return Subject(edition.title_of(work.id), names.article_page(work.id), work.lang)
        kind, _, name = record.partition(":")
        if kind == Kind.CONTINGENT:
            return Subject(edition.name_of(name), edition.contingent_href(name), "")
        if kind == Kind.CHALLENGE:
            return self._asked(record)
        if kind == Kind.ANSWER:
            question, _, who = name.rpartition("/")
            found = self._asked(f"{Kind.CHALLENGE.value}:{question}")
            return found._replace(title=f"{found.title} ({edition.name_of(who)})")
        return self._voted(record)

    def _asked(self, question: str) -> Subject:
        from newsrepo.editions.asked import page_of, title_of

        known = self._questions.get(question)
        if known is None:
            return Subject(question, "", "")
        return Subject(title_of(self._edition, known), page_of(question), known.record.lang)

    def _voted(self, statement: str) -> Subject:
        """A statement that was put to the vote; it has a page once that is decided."""
        put = self._put.get(statement)
        if put is None or put.text is None or not put.text.record.title:
            return Subject(statement, "", "")
        from newsrepo.editions.results import page_of

        title = self._edition.harmless(put.text.record.title, statement)
        return Subject(title, page_of(statement) if put.is_final else "", put.text.record.lang)


def _sheet(edition: Edition, talk: Talk, sheet: int, subject: Subject) -> Page:
    path = edition.talks.page(talk.record, sheet)
    shown = talk.said[(sheet - 1) * SHEET : sheet * SHEET]
    entries = tuple(one.entry for one in shown)
    text = edition.talks.text_of(talk.record)
    work = edition.works.get(ArticleId(talk.record))
    about = edition.facts_of(work.id) if work is not None else repr((talk.record, text)).encode()
    role = edition.places[work.id].role if work is not None else ""
    key = digest(
        edition.base,
        b"discussion",
        about,
        repr((path, subject, role, len(talk.said), talk.left, [one.clause.value for one in shown])).encode(),
        repr(facts(edition, talk, entries)).encode(),
    )
    wanted = (*((text,) if text is not None else ()), *needs(entries))

    def render(blobs: Mapping[Oid, bytes]) -> bytes:
        data = blobs[text] if text is not None else None
        way = names.prefix(path)
        setting = Setting(
            edition,
            talk,
            way,
            frozenset(entry.remark.id for entry in entries),
            lang=subject.lang,
            version=text or "",
            text=None if data is None or role == TOMBSTONE else body_text(data),
        )
        items = [
            setting.html(one.entry, blobs, n, None if work is None or one.clause.prints else one.clause)
            for n, one in enumerate(shown, 1)
        ]
        main = edition.theme.html(
            "discussion",
            subject=subject,
            dir=names.direction(subject.lang) if subject.lang else "auto",
            words=_told(talk, on_article=work is not None),
            items=joined(items, "\n"),
            moderation=MODERATION,
            earlier=edition.talks.page(talk.record, sheet - 1) if sheet > 1 else "",
            later=edition.talks.page(talk.record, sheet + 1) if sheet < talk.sheets else "",
            sheet=sheet,
            sheets=talk.sheets,
        )
        return edition.page(path, "listing", f"Discussion: {subject.title}", main, way=way)

    return Page(path, key, tuple(dict.fromkeys(wanted)), render)


def _told(talk: Talk, *, on_article: bool) -> str:
    many = len(talk.said)
    whole = "The one comment" if many == 1 else f"All {many} comments"
    if not on_article:
        return f"{whole}, whoever wrote them."
    if not talk.left:
        return f"{whole}, whoever wrote them; this edition prints all of them beneath the text."
    return (
        f"{whole}, whoever wrote them. This edition prints {len(talk.beneath)} of them beneath the text; "
        "each of the others says why it is not among them."
    )


class Row(NamedTuple):
    title: str
    href: str
    lang: str
    dir: str
    words: str
    day: str
    day_text: str


def _index(edition: Edition, rows: tuple[Row, ...], number: int, many: int) -> Page:
    path = INDEX if number == 1 else names.numbered(INDEX, number)
    key = digest(edition.base, b"discussions", repr((path, many, rows)).encode())

    def render(_: object) -> bytes:
        main = edition.theme.html(
            "discussions",
            rows=rows,
            moderation=MODERATION,
            newer=(INDEX if number == 2 else names.numbered(INDEX, number - 1)) if number > 1 else "",
            older=names.numbered(INDEX, number + 1) if number < many else "",
        )
        return edition.page(path, "listing", "Discussion", main)

    return Page(path, key, (), render)


def _row(edition: Edition, talk: Talk, subject: Subject) -> Row:
    many = len(talk.said)
    last = max(one.entry.remark.comment.date.day for one in talk.said)
    return Row(
        subject.title,
        edition.talks.page(talk.record),
        subject.lang,
        names.direction(subject.lang) if subject.lang else "auto",
        "1 comment" if many == 1 else f"{many} comments",
        last.isoformat(),
        names.day_text(last),
    )
