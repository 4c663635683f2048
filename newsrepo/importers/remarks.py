"""Makes comments of the readers' comments on an item, as threads, and without anybody's mail address."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from newsrepo.ids import Kind
from newsrepo.importers import fields as f
from newsrepo.importers.classic import paragraphs
from newsrepo.importers.items import MAIL, Remark, web
from newsrepo.importers.links import Shown
from newsrepo.importers.planning import free
from newsrepo.importers.webtext import Asked, markdown_of
from newsrepo.location import Severity
from newsrepo.records import parse, write
from newsrepo.records import types as t

if TYPE_CHECKING:
    from newsrepo.importers.making import Making


def comments_of(making: "Making") -> dict[str, Callable[[], bytes]]:
    """The comments that are new, by path. Those that stay out are told of by line."""
    whole, place = making.whole, making.place
    ids: dict[str, str] = {}
    files: dict[str, Callable[[], bytes]] = {}
    for remark in making.item.remarks:
        refused = remark.refused or ("" if whole.choice.comments else "comments were not asked for")
        if not refused and remark.number in ids:
            refused = "another comment has its number"
        body = "" if refused else _body(making, remark)
        if not refused and not body:
            refused = "it has no text"
        if refused:
            _left(making, remark, refused)
            continue
        key = f"{place.key}#comment-{remark.number}"
        path = whole.known.comments.get(key)
        if path is None:
            path = _path(making, remark)
            comment = t.Comment(
                on=str(place.id),
                date=remark.moment or place.moment,
                authors=(remark.person,) if remark.person else (),
                lang=making.lang,
                reply_to=ids.get(remark.parent),  # of those before it, so that none answers itself
                status=making.status,
                extra={"origin": {"id": key}},
                body=body,
            )
            data = write(comment)
            faults = parse(Kind.COMMENT, data, path).findings
            if faults:
                _left(making, remark, f"it would break a rule ({faults[0].rule}: {faults[0].message})")
                continue
            files[path] = partial(_same, data)
        ids[remark.number] = f"comment:{path.removeprefix('comments/').removesuffix('.md')}"
        whole.plan.count("comments")
    return files


def _left(making: "Making", remark: Remark, why: str) -> None:
    making.tell("import-left-out", remark.line, f"a comment was left out: {why}", "", Severity.NOTE)
    making.whole.plan.count("left:comment")


def _path(making: "Making", remark: Remark) -> str:
    """A free path: named after the article and the comment's number at its source."""
    whole = making.whole
    year = f"{(remark.moment or making.place.moment).day.year:04}"
    stem = making.place.id.rpartition("/")[2][:60].rstrip("-")
    slug = free(f"{year}/", f"{stem}-{f.slug(remark.number, 15) or 'comment'}", whole.comment_names)
    whole.comment_names.add(f"{year}/{slug}")
    return f"comments/{whole.owner}/{year}/{slug}.md"


def _body(making: "Making", remark: Remark) -> str:
    asked = Asked(
        picture=lambda url, _alt, _caption, _line: Shown(link=web(url)),
        link=lambda url, line: "" if url.lower().startswith("mailto:") else making.link(url, line),
        tell=making.tell,
    )
    text = markdown_of(paragraphs(remark.html), making.item.base, remark.line, asked)
    text, gone = MAIL.subn("(mail address left out)", text)
    if gone:
        making.whole.plan.count("mail addresses left out", gone)
    body = f.clean(text).strip("\n")
    return f"{body}\n" if body.strip() else ""


def _same(data: bytes) -> bytes:
    return data
