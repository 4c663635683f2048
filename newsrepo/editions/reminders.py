"""The ledger of questions as an Atom feed: all of it in an edition, what is owed at the command line."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from xml.etree import ElementTree as ET

from newsrepo.editions.xmlout import xml_text

_ATOM = "http://www.w3.org/2005/Atom"


class Reminder(NamedTuple):
    """One entry of the feed. ``key`` names it for good; ``href`` is absolute, or empty."""

    key: str
    title: str
    text: str
    author: str
    day: date
    href: str = ""


def feed(
    commons: str,
    key: str,
    title: str,
    author: str,
    reminders: Iterable[Reminder],
    today: date,
    href: str = "",
) -> bytes:
    """An Atom feed, the latest change first. Equal arguments make equal bytes.

    Ids follow from the name of the commons and the keys. ``href`` is where the feed will lie, if known.
    """
    entries = sorted(reminders, key=lambda one: one.key)
    entries.sort(key=lambda one: one.day, reverse=True)
    root = ET.Element("feed", {"xmlns": _ATOM})
    _put(root, "id", _urn(commons, key))
    _put(root, "title", title)
    _put(root, "updated", _stamp(max((one.day for one in entries), default=today)))
    _put(_put(root, "author"), "name", author)
    if href:
        _put(root, "link", rel="self", type="application/atom+xml", href=href)
    for one in entries:
        entry = _put(root, "entry")
        _put(entry, "id", _urn(commons, one.key))
        _put(entry, "title", one.title)
        _put(entry, "updated", _stamp(one.day))
        _put(_put(entry, "author"), "name", one.author)
        if one.href:
            _put(entry, "link", rel="alternate", type="text/html", href=one.href)
        _put(entry, "content", one.text, type="text")
    ET.indent(root, " ")
    body: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'.encode()


def _put(parent: ET.Element, tag: str, value: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, tag, {name: xml_text(text) for name, text in attributes.items()})
    if value:
        element.text = xml_text(value)
    return element


def _urn(commons: str, key: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"newsrepo ledger\n{commons}\n{key}").urn


def _stamp(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
