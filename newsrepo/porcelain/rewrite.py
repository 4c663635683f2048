"""``rewrite``: one's own version of an article, with its credit, its text and the kept source in place."""

import hashlib
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from newsrepo import ids
from newsrepo.errors import UsageError
from newsrepo.ids import ArticleId, Kind, Oid
from newsrepo.porcelain.cited import Text, known, text_of
from newsrepo.porcelain.init import valid
from newsrepo.porcelain.new import Made
from newsrepo.porcelain.slugs import clip, slug_of
from newsrepo.porcelain.suggest import near
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records import types as t
from newsrepo.records.paths import path_of
from newsrepo.records.scalars import Moment

if TYPE_CHECKING:
    from newsrepo.commons import Commons

_NAMES = 200
_ANCESTORS = 200


class Original(msgspec.Struct, frozen=True):
    """What a work is to be derived from: the text, and the record in it."""

    text: Text
    record: t.Article
    relation: t.Relation


def original(work: Workspace, what: str, relation: str) -> Original:
    """The version that ``ID`` or ``ID@VERSION`` names, if one may build on it.

    Raises UsageError for an unknown relation or version, a text that holds faults or was withdrawn, and one
    whose licence the charter does not accept; UnableError for a text that is not in view.
    """
    if relation not in set(t.Relation):
        raise UsageError(f"no such relation: {relation!r}", near(relation, t.Relation))
    text = text_of(work, work.here, what)
    if text.record is None:
        raise UsageError(
            f"{text.article} holds faults, so nobody can build on it", "`newsrepo check` names them"
        )
    record = text.record
    if record.status is t.Status.WITHDRAWN:
        raise UsageError(
            f"{text.article} was withdrawn by its contingent",
            f"`newsrepo versions {text.article}` lists its earlier texts",
        )
    accepted = work.here.charter.licenses
    if record.license not in accepted:
        has = f"has the licence {record.license}" if record.license else "has no licence"
        raise UsageError(
            f"{text.article} {has}, so it may not be rewritten here",
            f"the charter accepts {', '.join(accepted)}; ask its authors for one of these, or link to it",
        )
    return Original(text, record, t.Relation(relation))


def rewrite(
    work: Workspace,
    source: Original,
    *,
    today: date,
    changes: str,
    lang: str = "",
    title: str = "",
    slug: str = "",
    authors: Iterable[str] = (),
) -> Made:
    """A new article based on ``source``, dated ``today``, whose text starts as the original's.

    It carries the original's licence, topics, places, pictures and credits, and credits its authors; a quote
    or compilation has the original's text as a quotation. Beside it stand copies of the exact text cited
    and of those that it rests on in turn. Raises UsageError; nothing that exists is ever written over.
    """
    owner, view = work.contingent(), work.here
    old, relation = source.record, source.relation
    lang = lang or old.lang
    if relation is t.Relation.TRANSLATION and lang == old.lang:
        raise UsageError(
            f"a translation of {source.text.article} needs another language than {lang}", "give --lang LANG"
        )
    slug = slug or _slug(source, title, lang)
    id_ = f"{owner}/{today.year:04d}/{slug}"
    try:
        ids.article_id(id_)
    except ids.IdError as error:
        raise UsageError(
            f"--slug: {error}", "lower-case letters and digits, joined by single hyphens"
        ) from None
    quoted = not relation.is_parent
    media = {} if quoted else _media(view, source)
    record = replace(
        old,
        title=title or old.title,
        date=Moment(today),
        authors=tuple(t.Author(name=name) for name in authors),
        lang=lang,
        summary=None if quoted else old.summary,
        based_on=(
            t.Derivation(
                article=source.text.article,
                version=source.text.version,
                relation=relation,
                changes=changes or None,
            ),
        ),
        credits=tuple(credits_of(view, source)),
        media=tuple(m for m in old.media if not quoted and _has(m, media)),
        status=t.Status.USABLE,
        extra={},
        body=_quotation(old.body) if quoted else _without(old, media),
    )
    path = path_of(Kind.ARTICLE, id_)
    folder = path.rpartition("/")[0]
    work.create(
        {
            path: valid(Kind.ARTICLE, record, path),
            **{f"{folder}/sources/{version}.md": data for version, data in ancestry(work, source)},
            **{f"{folder}/{name}": data for name, data in media.items()},
        }
    )
    return Made(Kind.ARTICLE, id_, path, work.root)


def _slug(source: Original, title: str, lang: str) -> str:
    """From a title that is new, else from the original's: with its language or what was made of it."""
    own = source.text.article.rpartition("/")[2]
    if source.relation is t.Relation.TRANSLATION:
        return clip(f"{clip(own, 72)}-{lang.partition('-')[0].lower()}")
    if title and title != source.record.title:
        return slug_of(title, lang)
    return own if source.relation is t.Relation.REWRITE else clip(f"{clip(own, 67)}-{source.relation.value}")


def credits_of(view: "Commons", source: Original) -> Iterator[t.Credit]:
    """The original's own credits, its authors, and the works behind it: no link of a chain is lost."""
    old, article = source.record, source.text.article
    yield from old.credits
    named = {credit.what for credit in old.credits}
    if old.authors and article not in named:
        yield t.Credit(name=_names(old.authors), license=old.license, what=article)
    for behind in old.based_on:
        if behind.article in named or behind.article == article:
            continue
        now = view.works.get(ArticleId(behind.article))
        contingent = view.contingents.get(ids.owner(behind.article))
        fallback = contingent.name if contingent else ids.owner(behind.article)
        name = _names(now.authors) if now and now.authors else fallback
        yield t.Credit(name=name, license=(now.license or None) if now else None, what=behind.article)


def ancestry(work: Workspace, source: Original) -> Iterator[tuple[str, bytes]]:
    """The text cited and those that it rests on in turn, nearest first, as far as they are in view.

    So the new work's folder proves its whole chain of credit by itself, whatever becomes of other forks.
    """
    waiting: deque[Text] = deque([source.text])
    seen = {str(source.text.version)}
    while waiting:
        text = waiting.popleft()
        yield text.version, text.data
        for behind in text.record.based_on if text.record else ():
            if behind.version not in seen and len(seen) < _ANCESTORS:
                seen.add(behind.version)
                found = known(work, work.here, behind.article).find(Oid(behind.version))
                if found is not None and found.record is not None:
                    waiting.append(found)


def _names(authors: tuple[t.Author, ...]) -> str:
    """Names in one line of at most 200 characters; what does not fit is counted."""
    for number in range(len(authors), 0, -1):
        rest = len(authors) - number
        line = ", ".join(a.name for a in authors[:number]) + (f" and {rest} more" if rest else "")
        if len(line) <= _NAMES:
            return line
    return authors[0].name


def _media(view: "Commons", source: Original) -> dict[str, bytes]:
    """The original's files by name, as far as they are there and are what its text pins."""
    folder = path_of(Kind.ARTICLE, source.text.article).rpartition("/")[0]
    found: dict[str, bytes] = {}
    limit = view.charter.media_limit
    for entry in source.record.media:
        for name, pinned in ((entry.file, entry.sha256), (entry.poster, None)):
            file = view.files.get(f"{folder}/{name}") if name else None
            if name is None or file is None:
                continue
            (blob,) = view.snapshot.read([file.oid], limit)
            data = blob.data
            if data is None:
                continue
            if pinned is None or hashlib.sha256(data).hexdigest() == pinned:
                found[name] = data
    return found


def _has(entry: t.Media, files: Mapping[str, bytes]) -> bool:
    return all(name is None or name in files for name in (entry.file, entry.poster))


def _without(old: t.Article, files: Mapping[str, bytes]) -> str:
    """The original's text, pictures that are not to be had replaced by what they show."""
    body = old.body
    for entry in old.media:
        if entry.file and not _has(entry, files):
            picture = rf"!\[([^\]\n]*)\]\((?:\./)?{re.escape(entry.file)}(?:[ \t]+\"[^\"\n]*\")?\)"
            body = re.sub(picture, r"\1", body)
    return body


def _quotation(body: str) -> str:
    """A text as a block quotation; its pictures stay with the original."""
    lines = re.sub(r"!\[([^\]\n]*)\]\([^)\n]*\)", r"\1", body).strip("\n").split("\n")
    quoted = "\n".join(f"> {line}".rstrip() for line in lines)
    return f"{quoted}\n" if body.strip() else ""
