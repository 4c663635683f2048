"""``new``: a valid file for an article, comment, challenge, answer, contingent or filter, never over one."""

from collections.abc import Callable, Iterable
from datetime import date
from hashlib import sha256
from pathlib import Path

import msgspec

from newsrepo import ids
from newsrepo.errors import UsageError
from newsrepo.ids import Kind
from newsrepo.porcelain.init import valid
from newsrepo.porcelain.show import find_path
from newsrepo.porcelain.slugs import clip, slug_of
from newsrepo.porcelain.suggest import near
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records import types as t
from newsrepo.records.paths import path_of
from newsrepo.records.scalars import Day, Moment, ScalarError, Weight


class Made(msgspec.Struct, frozen=True):
    """A new file: what it is, its id as one would type it, and where it stands."""

    kind: Kind
    id: str
    path: str
    root: Path


def article(
    work: Workspace,
    *,
    title: str,
    today: date,
    lang: str = "",
    slug: str = "",
    summary: str = "",
    authors: Iterable[str] = (),
    topics: Iterable[str] = (),
    places: Iterable[str] = (),
    license: str = "",  # noqa: A002 - the format's own word
    body: str = "",
) -> Made:
    """A new article of the clone's contingent, dated ``today``, under the first licence of the charter.

    Raises UsageError.
    """
    owner = work.writer()
    lang = lang or _lang(work, owner)
    record = t.Article(
        title=title,
        date=Moment(today),
        authors=tuple(t.Author(name=name) for name in authors),
        lang=lang,
        summary=summary or None,
        topics=tuple(topics),
        places=tuple(places),
        license=license or next(iter(work.here.charter.licenses), None),
        body=_body(body),
    )
    slug = slug or slug_of(title, lang)
    _check(lambda: ids.article_id(f"{owner}/{today.year:04d}/{slug}"), "--slug")
    return _create(work, Kind.ARTICLE, f"{owner}/{today.year:04d}/{slug}", record)


def comment(
    work: Workspace,
    *,
    on: str = "",
    today: date,
    lang: str = "",
    slug: str = "",
    kind: str = "comment",
    reply_to: str = "",
    pinned: bool = False,
    quote: str = "",
    verdict: str = "",
    authors: Iterable[str] = (),
    body: str = "",
) -> Made:
    """A comment on a record, at the version that stands now unless ``on`` names another of an article.

    ``on`` may be left out where ``reply_to`` says which comment it answers. ``quote`` is a passage of that
    version. ``verdict`` says of an answer whether it answers. Raises UsageError.
    """
    from newsrepo.porcelain.quoting import about, passage

    owner = work.writer()
    _fit(kind, verdict, pinned=pinned, reply_to=reply_to)
    subject = about(work, on, reply_to)
    if kind == t.CommentKind.SUMMARY and not any(r.comment.on == subject.record for r in work.here.remarks):
        raise UsageError(f"nobody has commented on {subject.record}", "a summary is of a discussion")
    if verdict and subject.record.startswith("answer:") and subject.record.endswith(f"/{owner}"):
        raise UsageError(
            f"{subject.record} is your own answer: what you say of it counts for nothing",
            "leave --verdict out; others say whether it answers",
        )
    record = t.Comment(
        on=subject.record,
        version=subject.version,
        date=Moment(today),
        authors=tuple(t.Author(name=name) for name in authors),
        lang=lang or _lang(work, owner),
        kind=t.CommentKind(kind),
        reply_to=reply_to or None,
        pinned=pinned,
        quote=passage(subject, quote) if quote else None,
        verdict=t.Verdict(verdict) if verdict else None,
        body=_body(body),
    )
    if not slug:
        last = subject.record.rpartition("/")[2].rpartition(":")[2]
        slug = _free(work, owner, today.year, clip(f"on-{last}", 74))
    _check(lambda: ids.article_id(f"{owner}/{today.year:04d}/{slug}"), "--slug")
    return _create(work, Kind.COMMENT, f"comment:{owner}/{today.year:04d}/{slug}", record)


def _fit(kind: str, verdict: str, *, pinned: bool, reply_to: str) -> None:
    """Raise UsageError for words that nobody knows, and for a pin where it would mean nothing."""
    if kind not in set(t.CommentKind):
        raise UsageError(f"no such kind of comment: {kind!r}", f"one of: {', '.join(t.CommentKind)}")
    if verdict and verdict not in set(t.Verdict):
        raise UsageError(f"no such verdict: {verdict!r}", f"one of: {', '.join(t.Verdict)}")
    if pinned and (kind != t.CommentKind.QUESTION or reply_to):
        raise UsageError(
            "--pinned is for a question that begins a thread", "give --kind question, and no --reply-to"
        )


def challenge(
    work: Workspace,
    *,
    title: str,
    to: Iterable[str],
    today: date,
    about: Iterable[str] = (),
    due: str = "",
    lang: str = "",
    slug: str = "",
    body: str = "",
) -> Made:
    """A public question of the clone's contingent to others, asked ``today``. Raises UsageError.

    ``due`` is the last day for an answer, as YYYY-MM-DD.
    """
    owner = work.writer()
    view = work.here
    asked = tuple(dict.fromkeys(to))
    for who in asked:
        if who not in view.contingents:
            raise UsageError(f"--to {who!r}: no such contingent", near(who, view.contingents, "contingents"))
        if who == owner:
            raise UsageError(f"--to {who!r}: that is you", "ask somebody else; of oneself one may just write")
    concerned = tuple(dict.fromkeys(one.partition("@")[0] for one in about))
    for named in concerned:
        if find_path(view, named) is None:
            raise UsageError(f"--about {named!r}: no such record", "write its id as in abc/2026/dock-strike")
    try:
        last = Day.parse(due) if due else None
    except ScalarError as error:
        raise UsageError(f"--due: {error.message}", error.hint) from None
    lang = lang or _lang(work, owner)
    record = t.Challenge(
        title=title,
        to=asked,
        date=Day(today),
        due=last,
        about=concerned,
        lang=lang,
        body=_body(body),
    )
    id_ = f"{owner}/{slug or slug_of(title, lang)}"
    _check(lambda: _placed(Kind.CHALLENGE, id_), "--slug")
    return _create(work, Kind.CHALLENGE, f"challenge:{id_}", record)


def answer(
    work: Workspace,
    *,
    question: str,
    today: date,
    kind: str = "answer",
    reason: str = "",
    lang: str = "",
    body: str = "",
) -> Made:
    """The clone's contingent's answer to a question, bound to the text of it that is at hand.

    Raises UsageError.
    """
    owner = work.writer()
    view = work.here
    id_ = question.removeprefix("challenge:")
    path = find_path(view, f"challenge:{id_}")
    if path is None:
        known = (file.place.id for file in view.files.values() if file.place.kind is Kind.CHALLENGE)
        raise UsageError(f"no such question: {question!r}", near(f"challenge:{id_}", known, "challenges"))
    asked = view.record(path)
    if not isinstance(asked, t.Challenge):
        raise UsageError(f"{path} cannot be read", f"`newsrepo check {path}` says why")
    if owner not in asked.to:
        raise UsageError(
            f"challenge:{id_} is to {', '.join(asked.to)}, and not to {owner}",
            f"write a comment: newsrepo new comment challenge:{id_}",
        )
    if asked.status is t.PublicStatus.WITHDRAWN:
        raise UsageError(f"challenge:{id_} was withdrawn: nobody owes an answer")
    if kind not in set(t.AnswerKind):
        raise UsageError(f"no such kind of answer: {kind!r}", f"one of: {', '.join(t.AnswerKind)}")
    if kind != t.AnswerKind.ANSWER and not reason:
        raise UsageError(f"--kind {kind} needs a reason", "say it with --reason")
    ((_, data),) = view.texts([view.files[path].oid])
    record = t.Answer(
        date=Day(today),
        question=sha256(data).hexdigest(),
        kind=t.AnswerKind(kind),
        reason=reason or None,
        lang=lang or _lang(work, owner),
        body=_body(body),
    )
    return _create(work, Kind.ANSWER, f"answer:{id_}/{owner}", record)


def contingent(
    work: Workspace,
    *,
    id: str,  # noqa: A002 - the format's own word
    name: str,
    about: str = "",
    home: str = "",
    url: str = "",
    lang: str = "",
) -> Made:
    """A contingent's file: one's own, or an entry in one's address book. Raises UsageError."""
    _check(lambda: ids.contingent_id(id), "id")
    record = t.Contingent(
        name=name, about=about or None, home=home or None, url=url or None, lang=lang or None
    )
    return _create(work, Kind.CONTINGENT, id, record)


def filter_(
    work: Workspace,
    *,
    name: str,
    title: str,
    about: str = "",
    trust: Iterable[str] = (),
    select: str = "",
    limit: int | None = None,
) -> Made:
    """A filter of the clone's contingent; it trusts that contingent unless told whom. Raises UsageError.

    ``trust`` are texts ``WHO`` or ``WHO=WEIGHT``, WHO a contingent or one of its raters.
    """
    owner = work.writer()
    _check(lambda: ids.filter_id(f"{owner}/{name}"), "name")
    weights = dict(_trust(entry) for entry in trust) or {owner: Weight(1_000_000)}
    for who in weights:
        trusted = ids.ContingentId(who.partition("/")[0])
        if trusted not in work.here.contingents:
            raise UsageError(
                f"--trust {who!r}: no such contingent: {trusted!r}",
                f"write its file first: newsrepo new contingent {trusted}",
            )
    if select:
        from newsrepo.filters import unknown_names
        from newsrepo.porcelain.find import pointing, read_query

        query = read_query(select)
        with pointing(select):
            for unknown in unknown_names(work.here, query):
                raise unknown
    record = t.Filter(
        title=title,
        about=about or None,
        trust=weights,
        select=select,
        limit=limit,
    )
    return _create(work, Kind.FILTER, f"filter:{owner}/{name}", record)


def _trust(entry: str) -> tuple[str, Weight]:
    who, _, weight = entry.partition("=")
    try:
        return who, Weight.parse(weight or "1")
    except ScalarError as error:
        raise UsageError(f"--trust {entry!r}: {error.message}", error.hint) from None


def _create(work: Workspace, kind: Kind, id_: str, record: t.Record) -> Made:
    path = path_of(kind, id_)
    work.create({path: valid(kind, record, path)})
    return Made(kind, id_, path, work.root)


def _placed(kind: Kind, id_: str) -> str:
    try:
        return path_of(kind, id_)
    except ValueError as error:
        raise ids.IdError(str(error)) from None


def _lang(work: Workspace, owner: str) -> str:
    """The language of a new text where none is given: the contingent's, else the commons' own."""
    mine = work.here.contingents.get(ids.ContingentId(owner))
    return (mine.lang if mine else None) or work.here.charter.lang


def _body(text: str) -> str:
    text = text.replace("\r\n", "\n").strip("\n")
    return f"{text}\n" if text else ""


def _free(work: Workspace, owner: str, year: int, slug: str) -> str:
    """``slug``, with a number where it is taken."""
    taken = {p.name for p in (work.root / "comments" / owner / f"{year:04d}").glob("*.md")}
    number = 1
    candidate = slug
    while f"{candidate}.md" in taken:
        number += 1
        candidate = f"{slug}-{number}"
    return candidate


def _check(parse: Callable[[], str], what: str) -> None:
    try:
        parse()
    except ids.IdError as error:
        raise UsageError(
            f"{what}: {error}", "lower-case letters and digits, joined by single hyphens"
        ) from None
