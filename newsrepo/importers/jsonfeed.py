"""JSON Feed 1 and 1.1, read an item at a time, so that what stands before a fault is not lost with it."""

import json
import re
from collections.abc import Iterator
from typing import IO, Any
from urllib.parse import urljoin

from newsrepo.importers.decoding import Told, decoded
from newsrepo.importers.items import Enclosure, Item, as_html, moment, person, web, words
from newsrepo.records import types as t

MAX_CHARACTERS = 256 << 20
_BLANK = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder(strict=False)


class _TornError(ValueError):
    def __init__(self, at: int, fact: str) -> None:
        super().__init__(fact)
        self.at = at


class Document:
    """One feed; what it says of itself is known once its items were read."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.name = self.url = self.lang = ""
        self._people: tuple[t.Author, ...] = ()

    def items(self, file: IO[bytes], told: Told) -> Iterator[Item]:
        """The items that can be read; of the others the lines are told."""
        pieces: list[str] = []
        size = 0
        for piece in decoded(file, told):
            size += len(piece)
            if size > MAX_CHARACTERS:
                told(
                    "import-unreadable", 1, f"not imported: larger than {MAX_CHARACTERS >> 20} Mi characters"
                )
                return
            pieces.append(piece)
        text = "".join(pieces)
        found: list[tuple[int, Any]] = []
        about: dict[str, Any] = {}
        try:
            _read(text, about, found)
        except _TornError as torn:
            fact = f"{torn}; what stands from here on was left out"
            told("import-unreadable", text.count("\n", 0, torn.at) + 1, fact)
        self._about(about)
        if "jsonfeed.org" not in _text(about, "version") and not found:
            told("import-unreadable", 1, "not imported: it is no JSON Feed")
            return
        line = 1
        last = 0
        for number, (at, entry) in enumerate(found):
            line += text.count("\n", last, at)
            last = at
            if isinstance(entry, dict):
                yield self._item(entry, line)
            else:
                told("import-unreadable", line, f"item {number + 1} is no object; it was left out")

    def _about(self, about: dict[str, Any]) -> None:
        self.name = words(_text(about, "title"))
        self.url = web(_text(about, "home_page_url"))
        self.lang = _text(about, "language")
        self._people = _people(about)

    def _item(self, entry: dict[str, Any], line: int) -> Item:
        link = _text(entry, "url") or ""
        if self.url and link:
            link = _join(self.url, link)
        other = web(_text(entry, "external_url"))
        base = link or self.url
        text = _text(entry, "content_html") or as_html(_text(entry, "content_text"))
        summary = _text(entry, "summary")
        written = _text(entry, "date_published") or _text(entry, "date_modified")
        tags = entry.get("tags")
        pictures = [_text(entry, key) for key in ("image", "banner_image")]
        attached = entry.get("attachments")
        beside = [
            Enclosure(url=url, caption=words(_text(each, "title")))
            for each in (attached if isinstance(attached, list) else [])
            if isinstance(each, dict) and (url := web(_join(base, _text(each, "url"))))
        ]
        beside = [*(Enclosure(url=url) for p in pictures if p and (url := web(_join(base, p)))), *beside]
        key = entry.get("id")
        return Item(
            file=self.file,
            line=line,
            key=str(key).strip() if isinstance(key, str | int | float) and str(key).strip() else link,
            title=_text(entry, "title"),
            link=link or other,
            others=(_text(entry, "id"),),
            moment=moment(_text(entry, "date_published")) or moment(_text(entry, "date_modified")),
            dated=written,
            people=_people(entry) or self._people,
            topics=tuple(
                (tag.strip(), "")
                for tag in (tags if isinstance(tags, list) else [])
                if isinstance(tag, str) and tag.strip()
            ),
            summary=as_html(summary) if text else "",
            html=text or as_html(summary),
            html_line=line,
            base=base,
            only_summary=bool(summary) and not text,
            lang=_text(entry, "language"),
            enclosures=tuple({each.url: each for each in reversed(beside)}.values())[::-1],
            credits=(t.Credit(name=other[:200], url=other, what="the page that it is about"),)
            if other and link and other != link
            else (),
        )


def _read(text: str, about: dict[str, Any], items: list[tuple[int, Any]]) -> None:
    """Read the outermost object value by value. Raises _TornError where it can be read no further."""
    at = _skip(text, 0)
    if text[at : at + 1] != "{":
        raise _TornError(at, "it is no JSON object")
    at = _skip(text, at + 1)
    while text[at : at + 1] != "}":
        key, at = _value(text, at)
        at = _skip(text, at)
        if not isinstance(key, str) or text[at : at + 1] != ":":
            raise _TornError(at, "a key and a colon were expected")
        at = _skip(text, at + 1)
        if key == "items" and text[at : at + 1] == "[":
            at = _skip(text, at + 1)
            while text[at : at + 1] != "]":
                start = at
                entry, at = _value(text, at)
                items.append((start, entry))
                at = _next(text, at, "]")
            at += 1
        else:
            about[key], at = _value(text, at)
        at = _next(text, at, "}")


def _value(text: str, at: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, at)
    except json.JSONDecodeError as error:
        raise _TornError(error.pos, f"no JSON: {error.msg.lower()}") from None
    except RecursionError:
        raise _TornError(at, "values stand too deep in one another") from None
    except ValueError:
        raise _TornError(at, "a number has too many digits") from None


def _skip(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at


def _next(text: str, at: int, end: str) -> int:
    """After a value: past the comma, or at the end of the list or object."""
    at = _skip(text, at)
    if text[at : at + 1] == ",":
        return _skip(text, at + 1)
    if text[at : at + 1] != end:
        raise _TornError(at, "a comma was expected")
    return at


def _text(value: dict[str, Any], key: str) -> str:
    found = value.get(key)
    return found.strip() if isinstance(found, str) else ""


def _people(value: dict[str, Any]) -> tuple[t.Author, ...]:
    some = value.get("authors")
    listed = some if isinstance(some, list) and some else [value.get("author")]
    found = [person(_text(each, "name"), _text(each, "url")) for each in listed if isinstance(each, dict)]
    return tuple({who.name: who for who in found if who is not None}.values())


def _join(base: str, url: str) -> str:
    try:
        return urljoin(base, url)
    except ValueError:
        return ""
