"""Makes articles and comments of the items of a feed or an export, one at a time, in their order."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from msgspec import Struct

from newsrepo.ids import ContingentId, Kind
from newsrepo.importers import fields as f
from newsrepo.importers.classic import as_shown, paragraphs
from newsrepo.importers.items import MAIL, Enclosure, Item, Remark, Source, urlsplit_netloc, web, words
from newsrepo.importers.links import Shown
from newsrepo.importers.pictures import file_name
from newsrepo.importers.planning import Choice, Known, Place, Plan, address_key, free
from newsrepo.importers.shelf import Shelf, Taken
from newsrepo.importers.snippets import picture as picture_markdown
from newsrepo.importers.snippets import target
from newsrepo.importers.webtext import Asked, markdown_of
from newsrepo.location import Finding, Location, Severity
from newsrepo.records import parse, write
from newsrepo.records import types as t
from newsrepo.records.markup import Target, classify

MAX_MEDIA = 200


class Step(Struct, frozen=True, kw_only=True):
    """What became of one item: the files to write, pictures first, and those that are there already.

    ``same`` are as they were brought; of ``changed`` the source has another text now than when it was.
    """

    files: Mapping[str, Callable[[], bytes]] = {}
    same: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


class Import:
    """One run over a source: first the plan, then the steps. Writes nothing itself."""

    def __init__(
        self, source: Source, owner: ContingentId, choice: Choice, known: Known, shelf: Shelf | None = None
    ) -> None:
        """Goes through the source once, and raises what it raises."""
        self.source = source
        self.owner = owner
        self.choice = choice
        self.known = known
        self.shelf = shelf
        self.plan = Plan(owner, choice, known)
        self.plan.read(source)
        self.findings = self.plan.findings
        self.counts = self.plan.counts
        self.comment_names = set(known.comment_names)
        self.urls_shown: set[str] = set()
        if self.plan.places:
            self._about_all()

    def tell(
        self,
        rule: str,
        file: str,
        line: int,
        fact: str,
        hint: str = "",
        severity: Severity = Severity.WARNING,
    ) -> None:
        self.findings.append(Finding(rule, Location(file, max(1, line)), fact, hint, severity))

    def _about_all(self) -> None:
        if self.choice.license is None:
            hint = "state the one that the authors have given, or ask them for one: --license"
            self.tell("import-unlicensed", ".", 1, "no licence was stated, so everything is withheld", hint)
        if f.language(self.choice.lang, self.source.lang) == "und":
            fact = "the language is not known where an item does not name it: 'und' stands there"
            self.tell("import-language", ".", 1, fact, "say it with --lang")

    def steps(self) -> Iterator[Step]:
        """One step for each item of the source; those that stay out have an empty one."""
        for number, item in enumerate(self.source.items(lambda _finding: None)):
            place = self.plan.places.get(number)
            yield _Making(self, item, place).run() if place is not None else Step()
        self._unused()

    def _unused(self) -> None:
        for url, spot in self.plan.spots.items():
            if url not in self.urls_shown:
                fact = (
                    f"the attachment {url[:120]!r} was left out: no article that came in shows it or owns it"
                )
                self.findings.append(Finding("import-left-out", spot, fact, "", Severity.NOTE))
                self.plan.count("left:attachment of nothing")

    @property
    def ordered(self) -> tuple[Finding, ...]:
        return tuple(sorted(self.findings, key=lambda finding: finding.order))


class _Making:
    """One article and its comments."""

    def __init__(self, whole: Import, item: Item, place: Place) -> None:
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
            said = self._comments()
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
        files.update(self._comments())
        return Step(files=files)

    # -- the article -------------------------------------------------------------------------------------

    @property
    def lang(self) -> str:
        return f.language(self.item.lang, self.whole.choice.lang, self.whole.source.lang)

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
            status=t.Status.USABLE if choice.license and published else t.Status.WITHHELD,
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

    # -- comments ----------------------------------------------------------------------------------------

    def _comments(self) -> dict[str, Callable[[], bytes]]:
        item, whole = self.item, self.whole
        found: list[tuple[Remark, str, str]] = []
        ids: dict[str, str] = {}
        for remark in item.remarks:
            refused = remark.refused or ("" if whole.choice.comments else "comments were not asked for")
            moment = remark.moment or self.place.moment
            key = f"{self.place.key}#comment-{remark.number}"
            if not refused and remark.number in ids:
                refused = "another comment has its number"
            if refused:
                self.tell(
                    "import-left-out", remark.line, f"a comment was left out: {refused}", "", Severity.NOTE
                )
                whole.plan.count("left:comment")
                continue
            path = whole.known.comments.get(key)
            if path is None:
                year = f"{moment.day.year:04}"
                stem = self.place.id.rpartition("/")[2][:60].rstrip("-")
                slug = free(f"{year}/", f"{stem}-{f.slug(remark.number) or 'comment'}", whole.comment_names)
                whole.comment_names.add(f"{year}/{slug}")
                path = f"comments/{whole.owner}/{year}/{slug}.md"
                found.append((remark, key, path))
            ids[remark.number] = f"comment:{path.removeprefix('comments/').removesuffix('.md')}"
            whole.plan.count("comments")
        files: dict[str, Callable[[], bytes]] = {}
        for remark, key, path in found:
            data = self._comment(remark, key, ids)
            faults = parse(Kind.COMMENT, data, path).findings if data else ()
            if not data or faults:
                fact = f"{faults[0].rule}: {faults[0].message}" if faults else "it has no text"
                self.tell(
                    "import-left-out", remark.line, f"a comment was left out: {fact}", "", Severity.NOTE
                )
                whole.plan.count("left:comment")
                whole.counts["comments"] -= 1
                continue
            files[path] = partial(_same, data)
        return files

    def _comment(self, remark: Remark, key: str, ids: Mapping[str, str]) -> bytes:
        asked = Asked(
            picture=lambda url, _alt, _caption, _line: Shown(link=web(url)),
            link=lambda url, line: "" if url.lower().startswith("mailto:") else self.link(url, line),
            tell=self.tell,
        )
        text = markdown_of(paragraphs(remark.html), self.item.base, remark.line, asked)
        text, gone = MAIL.subn("(mail address left out)", text)
        if gone:
            self.whole.plan.count("mail addresses left out", gone)
        body = f.clean(text).strip("\n")
        if not body.strip():
            return b""
        usable = self.whole.choice.license and self.item.state == "publish"
        return write(
            t.Comment(
                on=str(self.place.id),
                date=remark.moment or self.place.moment,
                authors=(remark.person,) if remark.person else (),
                lang=self.lang,
                reply_to=ids.get(remark.parent),
                status=t.Status.USABLE if usable else t.Status.WITHHELD,
                extra={"origin": {"id": key}},
                body=f"{body}\n",
            )
        )


def _line(text: str) -> str | None:
    return f.shorten(f.name(words(text)), 2000) or None


def _same(data: bytes) -> bytes:
    return data
