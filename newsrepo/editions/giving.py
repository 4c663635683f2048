"""The credit of an article ready to paste: what it says, and one encoder for each of three forms.

Everything in it was written by strangers and is going to stand on other people's pages. So each form has one
way in, and what comes out reads back as the words that went in: Markdown with its marks escaped, HTML with
its entities, plain text without characters that hide or turn others.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape
from typing import NamedTuple
from urllib.parse import quote

from newsrepo.editions import names
from newsrepo.editions.chain import Chain, Credit
from newsrepo.editions.edition import Edition
from newsrepo.editions.markdown import HIDDEN
from newsrepo.ids import ArticleId

_MARKS = re.compile(r"([\\`*_{}\[\]<>&#|~!$^])")
_ENDS = re.compile(r"[()<>\s\"'\\*`\[\]]")
_STARTS = re.compile(r"([0-9]*)[-+=:.)]")


class Line(NamedTuple):
    """One line of credit: words of ours, then what is credited, who made it, and what is to be said of it."""

    words: str
    title: str
    url: str
    by: tuple[str, ...]


class Giving(NamedTuple):
    """The credit of one article; ``url`` may be empty. The first of ``lines`` is the article itself."""

    lines: tuple[Line, ...]
    more: bool


def giving(edition: Edition, work_id: ArticleId, chain: Chain, url: str) -> Giving:
    """The credit to give for a work: its own line, those of all that it rests on, and its outside sources."""
    work = edition.works[work_id]
    people = ", ".join(author.name for author in work.authors)
    by = [f"by {people}" if people else "", edition.signed(work.owner)]
    by += [names.moment_text(work.date), work.license, f"{work_id}@{work.version}"]
    lines = [Line("", work.title, url, tuple(filter(None, by)))]
    lines += [_rests_on(edition, credit) for _, credit in chain.lines]
    for source in work.credits:
        facts = (f"for {source.what}" if source.what else "", source.license or "")
        lines.append(Line("Source:", source.name, source.url or "", tuple(filter(None, facts))))
    for medium in work.media:
        facts = (medium.creator or "", medium.license or "")
        title = medium.caption or medium.alt or medium.file or medium.url or ""
        what = f"Picture {medium.file}:" if medium.file else "Elsewhere:"
        lines.append(Line(what, title, medium.source or medium.url or "", tuple(filter(None, facts))))
    return Giving(tuple(lines), chain.more)


def _rests_on(edition: Edition, credit: Credit) -> Line:
    people = f"by {credit.authors}" if credit.authors else ""
    by = tuple(filter(None, (people, credit.by, credit.cite)))
    url = f"{edition.url}{credit.href}" if edition.url and credit.href else ""
    return Line(credit.words, credit.title, url, by)


MORE = "It rests on more than fits here; its page tells where to find all of it."


@lru_cache(maxsize=1 << 12)  # names, licences and signatures come again on every page
def bare(text: str) -> str:
    """``text`` on one line, without characters that hide or turn others."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join(HIDDEN.sub("", text).split())


@lru_cache(maxsize=1 << 12)
def in_markdown(text: str) -> str:
    """``text`` as Markdown that reads as these very words, also at the beginning of a line."""
    marked = _MARKS.sub(r"\\\1", bare(text))
    start = _STARTS.match(marked)
    return f"{start[1]}\\{marked[start.end(1) :]}" if start else marked


def address(url: str) -> str:
    """``url`` as Markdown and plain text can hold it whole: without brackets and blanks that would end it."""
    return _ENDS.sub(lambda m: quote(m[0], safe=""), HIDDEN.sub("", url))


def as_markdown(credit: Giving) -> str:
    """The credit as Markdown: a paragraph and a list of what stands behind it."""
    first, *rest = [_markdown_line(line) for line in credit.lines]
    if credit.more:
        rest.append(MORE)
    behind = "".join(f"- {line}\n" for line in rest)
    return f"{first}\n{behind and chr(10)}{behind}"


def _markdown_line(line: Line) -> str:
    title = in_markdown(line.title)
    linked = f"[{title}]({address(line.url).replace('&', '&amp;')})" if line.url else f"*{title}*"
    words = f"{in_markdown(line.words)} " if line.words else ""
    return f"{words}{', '.join((linked, *map(in_markdown, line.by)))}."


def as_html(credit: Giving) -> str:
    """The credit as HTML."""
    first, *rest = [_html_line(line) for line in credit.lines]
    if credit.more:
        rest.append(MORE)
    behind = "".join(f"<li>{line}</li>\n" for line in rest)
    return f"<p>{first}</p>\n" + (f"<ul>\n{behind}</ul>\n" if behind else "")


def _html_line(line: Line) -> str:
    title = f"<cite>{escape(bare(line.title))}</cite>"
    linked = f'<a href="{escape(address(line.url))}">{title}</a>' if line.url else title
    return f"{escape(_before(line))}{', '.join((linked, *(escape(bare(by)) for by in line.by)))}."


def as_plain(credit: Giving) -> str:
    """The credit as plain text, a line each."""
    lines = list(_plain_lines(credit))
    if credit.more:
        lines.append(MORE)
    return "\n".join(lines) + "\n"


def _plain_lines(credit: Giving) -> Iterator[str]:
    for line in credit.lines:
        said = f'{_before(line)}"{bare(line.title)}", {", ".join(map(bare, line.by))}.'
        yield f"{said} {address(line.url)}" if line.url else said


def _before(line: Line) -> str:
    return f"{line.words} " if line.words else ""
