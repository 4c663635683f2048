"""Which items of a source come in, under which ids, and which are there already.

Every record that an import writes keeps what its source calls it under ``extra: origin:``, so that a second
run knows it again, whatever became of its title, its place or its text meanwhile.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from msgspec import Struct

from newsrepo.ids import MAX_SLUG, ArticleId, ContingentId, is_name
from newsrepo.importers import fields as f
from newsrepo.importers.classic import Attachment, Library
from newsrepo.importers.items import MAIL, Item, Source, web, words
from newsrepo.location import Finding, Location, Severity
from newsrepo.records.scalars import Moment

MAX_ITEMS = 1_000_000


class Choice(Struct, frozen=True, kw_only=True):
    """What only the user can say. Without a licence everything is withheld, and none is ever claimed.

    ``kinds`` are the kinds of item that come in; ``drafts``: also what was never published; ``undated``: the
    day of items without one; ``media_creator`` and ``media_license`` hold for all pictures and recordings.
    """

    license: str | None = None
    lang: str = ""
    kinds: frozenset[str] = frozenset(["post"])
    drafts: bool = False
    comments: bool = True
    undated: Moment | None = None
    media_limit: int = 1_000_000
    media_creator: str | None = None
    media_license: str | None = None


class Known(Struct, frozen=True, kw_only=True):
    """What is there already: paths and digests by origin, and the ``YYYY/SLUG`` that are taken."""

    articles: Mapping[str, tuple[str, str]] = {}
    comments: Mapping[str, str] = {}
    article_names: frozenset[str] = frozenset()
    comment_names: frozenset[str] = frozenset()


class Place(Struct, frozen=True):
    """What becomes of one item: its key, its article's id, and the digest of the one there, if one is."""

    key: str
    id: ArticleId
    moment: Moment
    there: str = ""


class _Seen(Struct, frozen=True):
    file: str
    line: int
    title: str
    digest: str


class Plan:
    """What becomes of each item, by its number in the source; those that do not come in have none."""

    def __init__(self, owner: ContingentId, choice: Choice, known: Known) -> None:
        self.places: dict[int, Place] = {}
        self.addresses: dict[str, ArticleId] = {}
        self.files: dict[str, str] = {}
        self.counts: dict[str, int] = {}
        self.findings: list[Finding] = []
        self.library = Library(())
        self.spots: dict[str, Location] = {}
        self.size = 0
        self._owner = owner
        self._choice = choice
        self._known = known
        self._names = set(known.article_names)
        self._seen: dict[str, list[_Seen]] = {}

    def read(self, source: Source) -> None:
        """Go through the source once."""
        attachments: list[Attachment] = []
        for number, item in enumerate(source.items(self.findings.append)):
            self.size = number + 1
            if self.size > MAX_ITEMS:
                self._tell(
                    "import-unreadable",
                    item,
                    f"more than {MAX_ITEMS} items: the rest was not read",
                    "",
                    "error",
                )
                break
            for what in item.counts:
                self.count(what)
            if item.kind == "attachment":
                url = item.enclosures[0].url if item.enclosures else ""
                if url:
                    alt = item.enclosures[0].alt
                    attachments.append(Attachment(item.number, url, alt, words(item.summary), item.parent))
                    self.spots.setdefault(url, Location(item.file, item.line))
                    for page in (item.link, *item.others):
                        self.files.setdefault(address_key(page), url)
                self.count("attachments")
                continue
            place = self._place(item)
            if place is None:
                continue
            self.places[number] = place
            for each in (item.link, *item.others):
                if web(each):
                    self.addresses.setdefault(address_key(each), place.id)
        self.library = Library(attachments)

    def count(self, what: str, much: int = 1) -> None:
        self.counts[what] = self.counts.get(what, 0) + much

    def _tell(self, rule: str, item: Item, fact: str, hint: str, severity: str = "note") -> None:
        place = Location(item.file, item.line)
        self.findings.append(Finding(rule, place, fact, hint, Severity(severity)))

    def _left(self, item: Item, why: str, hint: str, what: str) -> None:
        shown = f.name(item.title)[:60] or item.key[:60]
        self._tell("import-left-out", item, f"{shown!r} was left out: {why}", hint)
        self.count(f"left:{what}")

    def _place(self, item: Item) -> Place | None:
        key = self._key(item)  # of all items, so that what they are called does not hang on what was chosen
        if key is None:
            return None
        if item.kind not in self._choice.kinds:
            hint = "--pages brings it in" if item.kind == "page" else f"--type {item.kind} brings it in"
            self._left(
                item,
                f"it is no post but of the kind {item.kind[:40]!r}",
                hint,
                f"of the kind {item.kind[:40]}",
            )
            return None
        if item.state != "publish":
            if item.state == "auto-draft":
                self._left(item, "it is an empty beginning that WordPress saved by itself", "", "auto-draft")
                return None
            if not self._choice.drafts:
                self._left(
                    item,
                    f"it was not published ({item.state[:40]})",
                    "--drafts brings it in, withheld",
                    item.state[:40],
                )
                return None
        moment = item.moment or self._choice.undated
        if moment is None:
            fact = f"its date {item.dated[:60]!r} cannot be read" if item.dated else "it has no date"
            rule = "import-bad-date" if item.dated else "import-undated"
            self._tell(
                rule,
                item,
                f"{f.name(item.title)[:60]!r} was not imported: {fact}",
                "give such items a day: --undated YYYY-MM-DD",
                "error",
            )
            self.count("left:without a date")
            return None
        found = self._known.articles.get(key)
        if found is not None:
            path, digest = found
            return Place(
                key,
                ArticleId(path.removeprefix("articles/").removesuffix("/index.md")),
                moment,
                digest or "?",
            )
        return Place(key, self._name(item, key, moment), moment)

    def _key(self, item: Item) -> str | None:
        """What the source calls the item, made to differ where two that differ are called the same."""
        key = origin(item.key) if item.key.strip() else origin(f"{item.title} {item.dated}")
        title, digest = f.name(item.title), item.digest
        others = self._seen.setdefault(key, [])
        for other in others:
            if other.digest == digest or other.file != item.file or other.title == title:
                same = "the same stands" if other.digest == digest else "another state of it stands"
                self._left(item, f"{same} in {other.file} on line {other.line}", "", "met twice")
                return None
        others.append(_Seen(item.file, item.line, title, digest))
        if len(others) == 1:
            return key
        self._tell(
            "import-same-id",
            item,
            f"{item.key[:80]!r} names another item on line {others[0].line} too; both came in",
            "",
            "warning",
        )
        return f"{key} ({len(others)})"

    def _name(self, item: Item, key: str, moment: Moment) -> ArticleId:
        tail = item.link.rstrip("/").rpartition("/")[2].partition("?")[0]
        tail = tail.rpartition(".")[0] or tail
        usual = (
            f"{item.kind}-{item.number}"
            if item.number
            else f"item-{hashlib.sha256(key.encode()).hexdigest()[:8]}"
        )
        tail = tail if re.search(r"[A-Za-z]{3}", tail) else f.shorten(words(item.html[:400]), 50)
        wanted = next(
            s for s in (f.slug(item.slug), f.slug(item.title), f.slug(tail), f.slug(usual), "item") if s
        )
        year = f"{moment.day.year:04}"
        slug = free(f"{year}/", wanted, self._names)
        if slug != wanted:
            self._tell(
                "import-slug-taken",
                item,
                f"{wanted!r} of {year} is taken; this one becomes {slug!r}",
                "",
                "warning",
            )
        self._names.add(f"{year}/{slug}")
        return ArticleId(f"{self._owner}/{year}/{slug}")


def free(before: str, wanted: str, taken: set[str]) -> str:
    """``wanted``, numbered where that name is taken."""
    slug, number = wanted, 1
    while f"{before}{slug}" in taken or not is_name(slug, MAX_SLUG):
        number += 1
        slug = f"{wanted[: MAX_SLUG - 7].rstrip('-')}-{number}"
    return slug


def origin(key: str) -> str:
    """What a source calls something, as the record keeps it: short, and without a mail address."""
    text = f.name(key)
    if len(text) > 300 or MAIL.search(text):
        return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
    return text


def address_key(url: str) -> str:
    """An address in the form in which two that lead to one page are equal."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url
    path = parts.path.removesuffix("index.html").removesuffix("index.php").rstrip("/")
    host = parts.netloc.lower().removeprefix("www.")
    return f"{host}{path}?{parts.query}" if parts.query else f"{host}{path}"


Progress = Callable[[int, int], None]
"""Hears how many items are done, and of how many."""
