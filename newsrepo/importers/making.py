"""Makes an article of one item of a feed or an export."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct

from newsrepo.ids import Kind
from newsrepo.importers import fields as f
from newsrepo.importers.classic import as_shown
from newsrepo.importers.items import Enclosure, Item, urlsplit_netloc, web, words
from newsrepo.importers.links import Shown
from newsrepo.importers.pictures import file_name
from newsrepo.importers.planning import Place, address_key
from newsrepo.importers.remarks import comments_of
from newsrepo.importers.shelf import Taken
from newsrepo.importers.snippets import picture as picture_markdown
from newsrepo.importers.snippets import target
from newsrepo.importers.webtext import Asked, markdown_of
from newsrepo.location import Severity
from newsrepo.records import parse, write
from newsrepo.records import types as t
from newsrepo.records.markup import Target, classify

if TYPE_CHECKING:
    from newsrepo.importers.bringing import Import

MAX_MEDIA = 200


class Step(Struct, frozen=True, kw_only=True):
    """What became of one item: the files to write, pictures first, and those that are there already.

    ``same`` are as they were brought; of ``changed`` the source has another text now than when it was.
    """

    files: Mapping[str, Callable[[], bytes]] = {}
    same: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


class Making:
    """One item on its way to an article."""

    """One article and its comments."""

    def __init__(self, whole: "Import", item: Item, place: Place) -> None:
        self.whole = whole
        self.item = item
        self.place = place
        self.names: dict[str, str] = {}
        self.taken: dict[str, Taken] = {}
        self.media: dict[str, t.Media] = {}
        self.linked: set[str] = set()

    def tell(
        self, rule: str, line: int, fact: str, hint: str = "", severity: Severity = Severity.WARNING
    ) -> None:
        self.whole.tell(rule, self.item.file, line, fact, hint, severity)

    def run(self) -> Step:
        item, place = self.item, self.place
        whole = self.whole
        path = f"articles/{place.id}/index.md"
        whole.plan.count("articles")
        if place.there:
            there = whole.known.articles[place.key][0]
            self._mark_shown()
            said = comments_of(self)
            if place.there in (item.digest, "?"):
                return Step(files=said, same=(there,))
            fact = f"it has changed at its source since it was imported; {there} was left as it is"
            self.tell("import-changed", item.line, fact, "revise it by hand, or delete it and import again")
            return Step(files=said, changed=(there,))
        article = self._article()
        data = write(article)
        faults = parse(Kind.ARTICLE, data, path).findings
        if faults:
            self.tell(
                "import-refused",
                item.line,
                f"not imported, since it would break a rule ({faults[0].rule}: {faults[0].message})",
                faults[0].hint,
                Severity.ERROR,
            )
            whole.plan.count("refused")
            whole.counts["articles"] -= 1
            return Step()
        files: dict[str, Callable[[], bytes]] = {}
        for name, taken in self.taken.items():
            whole.plan.count("pictures")
            files[f"articles/{place.id}/{name}"] = taken.read
        files[path] = partial(_same, data)  # last, so that an article that is there is there whole
        files.update(comments_of(self))
        return Step(files=files)

    # -- the article -------------------------------------------------------------------------------------

    @property
    def lang(self) -> str:
        return f.language(self.item.lang, self.whole.choice.lang, self.whole.source.lang)

    @property
    def status(self) -> t.Status:
        """Withheld where nobody stated a licence or it was never published; its comments likewise."""
        usable = self.whole.choice.license and self.item.state == "publish"
        return t.Status.USABLE if usable else t.Status.WITHHELD

    def _article(self) -> t.Article:
        item, choice = self.item, self.whole.choice
        body = self._body()
        published = item.state == "publish"
        if not published:
            self.tell(
                "import-draft",
                item.line,
                f"not published there ({item.state[:40]}): withheld",
                "",
                Severity.NOTE,
            )
        if item.only_summary:
            where = f" at {item.link[:200]}" if web(item.link) else ""
            self.tell(
                "import-summary-only", item.line, f"the feed holds only a summary; the text stands{where}", ""
            )
        return t.Article(
            title=self._title(body),
            date=self.place.moment,
            authors=item.people,
            lang=self.lang,
            summary=self._summary(),
            topics=self._topics(),
            license=choice.license,
            credits=self._credits(),
            media=tuple(self.media.values())[:MAX_MEDIA],
            status=self.status,
            extra={"origin": {"digest": item.digest, "id": self.place.key}},
            body=body,
        )

    def _title(self, body: str) -> str:
        title = f.name(self.item.title)
        if not title:
            first = next((row for row in body.split("\n") if row.strip() and not row.startswith("!")), "")
            title = f.shorten(words(f.words(first)) or self.place.id.rpartition("/")[2], 80)
            self.tell(
                "import-untitled",
                self.item.line,
                f"no title; {title[:60]!r} was taken",
                "change it if it is wrong",
            )
        if len(title) > 300:
            self.tell("import-shortened", self.item.line, "the title was cut to 300 characters")
        return f.shorten(title, 300)

    def _summary(self) -> str | None:
        text = words(self.item.summary)
        if len(text) > 2000:
            self.tell("import-shortened", self.item.line, "the summary was cut to 2000 characters")
        return f.shorten(text, 2000) or None

    def _topics(self) -> tuple[str, ...]:
        topics = []
        for word, own in self.item.topics:
            slug = f.slug(words(word)) or f.slug(own)
            if slug:
                topics.append(slug)
            elif word:
                self.tell(
                    "import-topic",
                    self.item.line,
                    f"the topic {word[:60]!r} cannot be written in a to z and digits; left out",
                    "add a topic that says the same",
                )
        return f.unique(topics)

    def _credits(self) -> tuple[t.Credit, ...]:
        item, source = self.item, self.whole.source
        url = web(item.link)
        name = (
            f.shorten(f.name(item.site or words(source.name)), 200)
            or urlsplit_netloc(url)
            or urlsplit_netloc(source.url)
        )
        what = "first published here" if item.state == "publish" else "written here"
        first = (t.Credit(name=name, url=url or None, what=what),) if name else ()
        return (*first, *item.credits)

    # -- its text ----------------------------------------------------------------------------------------

    def _body(self) -> str:
        item = self.item
        library = self.whole.plan.library
        text = item.html
        if item.number or item.classic:
            text = as_shown(item, library, self.tell)
        asked = Asked(picture=self.picture, link=self.link, tell=self.tell)
        body = f.clean(markdown_of(text, item.base, item.html_line, asked)).strip("\n")
        shown = set(self.media)
        lead = library.get(item.lead)
        beside = [Enclosure(url=lead.url, alt=lead.alt, caption=lead.caption)] if lead else []
        beside += [
            Enclosure(url=each.url, alt=each.alt, caption=each.caption) for each in library.of(item.number)
        ]
        for number, each in enumerate([*beside, *item.enclosures]):
            name = self._beside(each)
            if lead and number == 0 and name and name not in shown:
                body = picture_markdown(name, each.alt) + "\n\n" + body
        if len(self.media) > MAX_MEDIA:
            self.tell(
                "import-shortened",
                item.line,
                f"only {MAX_MEDIA} of {len(self.media)} media entries were kept",
            )
        return f"{body}\n" if body.strip() else ""

    def _file(self, url: str, alt: str, caption: str) -> str:
        """The name beside the text of a picture that is at hand; empty when it is not, or cannot be taken."""
        whole, choice = self.whole, self.whole.choice
        whole.urls_shown.add(url)
        found = whole.shelf.find(url) if whole.shelf is not None else None
        if isinstance(found, str):
            self.tell(
                "import-unsupported-picture", self.item.line, f"{url[:120]!r} is only linked to: {found}"
            )
        if not isinstance(found, Taken):
            return ""
        name = file_name(found.path, found.kind, self.names)
        self.taken[name] = found
        entry = t.Media(
            file=name,
            sha256=found.sha256,
            alt=_line(alt),
            caption=_line(caption),
            creator=choice.media_creator,
            license=choice.media_license,
            source=web(url) or None,
        )
        self.media.setdefault(name, entry)
        return name

    def _beside(self, each: Enclosure) -> str:
        """Keep what belongs to the item but stands not in its text: as a file, else by its address."""
        choice = self.whole.choice
        name = self._file(each.url, each.alt or each.caption, each.caption)
        if not name and web(each.url) and each.url not in self.linked:
            entry = t.Media(
                url=each.url,
                alt=_line(each.alt or each.caption),
                caption=_line(each.caption),
                creator=choice.media_creator,
                license=choice.media_license,
            )
            self.media.setdefault(each.url, entry)
        return name

    def picture(self, url: str, alt: str, caption: str, line: int) -> Shown:
        url = url if web(url) else target(url)
        name = self._file(url, alt or caption, caption)
        if name:
            return Shown(file=name)
        if not web(url):
            hint = "it has no address of the web"
            self.tell("import-remote-picture", line, f"the picture {url[:80]!r} was left out", hint)
            return Shown()
        self.linked.add(url)
        fact = f"the picture {url[:120]!r} lies elsewhere; a link stands in its place"
        self.tell("import-remote-picture", line, fact, "bring its file along: --media DIR")
        return Shown(link=url)

    def link(self, url: str, line: int) -> str:
        kind = classify(url)
        if kind is Target.MAIL:
            return url
        if kind is Target.FRAGMENT:
            self.whole.plan.count("links within a text, kept as words")
            return ""
        if kind is not Target.WEB:
            mended = target(url)
            if classify(mended) is not Target.WEB:
                fact = f"the link {url[:80]!r} leads to no page of the web; its words were kept"
                self.tell("import-link", line, fact, "link to a web page")
                return ""
            url = mended
        key = address_key(url)
        found = self.whole.plan.addresses.get(key)
        if found is not None:
            self.whole.plan.count("links between articles")
            return f"article:{found}"
        return self.whole.plan.files.get(key, url)

    def _mark_shown(self) -> None:
        """An article that is there already owns its attachments, though nothing is made of its text."""
        library = self.whole.plan.library
        lead = library.get(self.item.lead)
        owned = [*library.of(self.item.number), *([lead] if lead else [])]
        self.whole.urls_shown.update(each.url for each in owned)
        self.whole.urls_shown.update(re.findall(r"https?://[^\s\"'<>]+", self.item.html))


def _line(text: str) -> str | None:
    return f.shorten(f.name(words(text)), 2000) or None


def _same(data: bytes) -> bytes:
    return data
