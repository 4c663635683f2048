"""Makes one article of one post: its front matter, its text, its pictures."""

import posixpath
import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from msgspec import Struct

from newsrepo.ids import ContingentId
from newsrepo.importers import fields as f
from newsrepo.importers.links import Shown, rewrite
from newsrepo.importers.markup import to_markdown
from newsrepo.importers.model import Options
from newsrepo.importers.pictures import File, Pictures, file_name
from newsrepo.importers.posts import Post
from newsrepo.importers.site import Settings, normal
from newsrepo.importers.snippets import picture, target
from newsrepo.importers.templates import Note, Site, attributes, resolve
from newsrepo.importers.traced import Traced
from newsrepo.location import Finding, Location, Severity
from newsrepo.records import types as t
from newsrepo.records.markup import Target, classify

_HERO = ("image", "images", "featured_image", "cover", "thumbnail", "banner", "header_image")
_HERO_ALT = ("image_alt", "alt", "imageAlt", "image_description", "featured_image_alt")
_HERO_CAPTION = ("image_caption", "image_figcaption", "caption", "featured_image_caption")
_ELSEWHERE = ("canonical_url", "canonical", "original_url", "tumblr_url", "medium_url", "external_url")
_USED = frozenset(
    [
        *("title", "date", "pubDate", "publishDate", "published", "created", "author", "authors", "draft"),
        *("lang", "language", "locale", "excerpt", "summary", "description", "tags", "topics", "keywords"),
        *("categories", "category", "slug", "permalink", "url", "redirect_from", "aliases", "alias"),
        *_HERO,
        *_HERO_ALT,
        *_HERO_CAPTION,
        *_ELSEWHERE,
    ]
)  # fmt: skip


class Made(Struct, frozen=True):
    """One article, the picture files beside it by name, what was met, and how much of what."""

    article: t.Article
    files: Mapping[str, File]
    findings: list[Finding]
    counts: Mapping[str, int]


class Converter:
    """Knows the whole site, so that texts can point at each other."""

    def __init__(
        self,
        owner: ContingentId,
        options: Options,
        settings: Settings,
        url: str,
        posts: Sequence[Post],
        paths: Sequence[str],
        addresses: Mapping[str, int],
        pictures: Pictures,
    ) -> None:
        self.owner = owner
        self.options = options
        self.settings = settings
        self.url = url
        self.posts = posts
        self.paths = paths
        self.addresses = addresses
        self.pictures = pictures
        self._sources: dict[str, int] = {}
        for index, post in enumerate(posts):
            stem = post.path.rpartition(".")[0]
            for key in (post.path, stem, stem.rpartition("/")[2], post.path.rpartition("/")[2]):
                self._sources.setdefault(key, index)

    def person(self, who: str) -> str:
        """A person's name by the id that the site uses, or the id itself."""
        return self.settings.people.get(who, who)

    def source(self, path: str) -> str | None:
        """The article made of the post at a source path, or with a file name, as ``article:ID``."""
        bare = path.partition("#")[0].strip("/")
        for key in (bare, re.sub(r"^(?:_posts|_drafts|content)/", "", bare), bare.rpartition("/")[2]):
            if key in self._sources:
                return f"article:{self.posts[self._sources[key]].id}"
        return None

    def article(self, index: int) -> Made:
        return _Making(self, index).run()


class _Making:
    def __init__(self, site: Converter, index: int) -> None:
        self.site = site
        self.post = site.posts[index]
        self.path = site.paths[index]
        self.fields = self.post.front.fields
        self.findings: list[Finding] = []
        self.counts: dict[str, int] = {}
        self.names: dict[str, str] = {}  # name beside the text -> path in the site
        self.files: dict[str, File] = {}
        self.alts: dict[str, str] = {}
        self.captions: dict[str, str] = {}
        self.shown: set[str] = set()  # names that pictures of the text have
        self.traced = Traced("")

    def count(self, what: str, much: int = 1) -> None:
        if much:
            self.counts[what] = self.counts.get(what, 0) + much

    def tell(
        self,
        rule: str,
        line: int,
        message: str,
        hint: str,
        col: int = 1,
        severity: Severity = Severity.WARNING,
    ) -> None:
        self.findings.append(Finding(rule, Location(self.post.path, line, col), message, hint, severity))

    def line_of(self, *keys: str) -> int:
        return next((self.post.front.lines[key] for key in keys if key in self.post.front.lines), 1)

    def run(self) -> Made:
        for key in sorted(set(self.fields) - _USED):
            self.count(f"key:{key}" if re.fullmatch(r"[\w-]{1,40}", key) else "other keys")
        body = self.body()
        self.count("missing pictures", sum(found.rule == "import-missing-picture" for found in self.findings))
        media = tuple(
            t.Media(
                file=name,
                sha256=file.sha256,
                alt=f.shorten(self.alts.get(name, ""), 2000) or None,
                caption=f.shorten(self.captions.get(name, ""), 2000) or None,
            )
            for name, file in self.files.items()
        )
        options = self.site.options
        article = t.Article(
            title=self.title(),
            date=self.post.moment,
            authors=self.authors(),
            lang=f.language(
                *(f.name(self.fields.get(key)) for key in ("lang", "language", "locale")),
                options.lang or "",
                self.site.settings.lang,
            ),
            summary=self.summary(),
            topics=self.topics(),
            license=options.license,
            credits=self.credits(),
            media=media,
            status=t.Status.WITHHELD if self.post.draft or options.license is None else t.Status.USABLE,
            body=body,
        )
        if self.post.draft:
            self.tell("import-draft", 1, "a draft: imported as withheld", "", severity=Severity.NOTE)
        return Made(article, self.files, self.findings, self.counts)

    # -- front matter ------------------------------------------------------------------------------------

    def title(self) -> str:
        title = f.name(self.fields.get("title"))
        if re.search(r"<[A-Za-z/]|&[#\w]+;|\{[{%]", title):
            title = f.words(title)
        if not title:
            heading = re.search(r"^#{1,2}\s+(.+?)\s*#*$", self.post.front.body, re.MULTILINE)
            title = f.words(heading[1]) if heading else self.post.dated.slug.replace("-", " ").capitalize()
            self.tell("import-untitled", 1, f"no title; {title[:60]!r} was taken", "change it if it is wrong")
        if len(title) > 300:
            self.tell("import-shortened", self.line_of("title"), "the title was cut to 300 characters", "")
        return f.shorten(title, 300)

    def summary(self) -> str | None:
        for key in ("excerpt", "summary", "description"):
            text = f.words(self.fields.get(key))
            if text:
                if len(text) > 2000:
                    self.tell(
                        "import-shortened", self.line_of(key), "the summary was cut to 2000 characters", ""
                    )
                return f.shorten(text, 2000)
        return None

    def authors(self) -> tuple[t.Author, ...]:
        found: dict[str, t.Author] = {}
        for value in f.listed(self.fields, "authors", "author"):
            url = None
            if isinstance(value, dict):
                who = f.name(value.get("name")) or f.name(value.get("title")) or f.name(value.get("id"))
                address = f.name(value.get("url")) or f.name(value.get("link"))
                url = address if re.fullmatch(r"https?://[^\s/?#]+\S*", address) else None
            else:
                who = f.name(value)
            name = f.shorten(f.name(self.site.person(who)), 200)
            if name:
                found.setdefault(name, t.Author(name=name, url=url if url and len(url) <= 2000 else None))
        self.count("authors", len(found))
        return tuple(found.values())

    def topics(self) -> tuple[str, ...]:
        topics = []
        for keys in (("tags", "topics", "keywords"), ("categories", "category")):
            for value in f.listed(self.fields, *keys):
                word = f.name(value)
                slug = f.slug(word)
                if slug:
                    topics.append(slug)
                elif word:
                    self.tell(
                        "import-topic",
                        self.line_of(*keys),
                        f"the tag {word[:60]!r} cannot be written in a to z and digits; left out",
                        "add a topic that says the same",
                    )
        return f.unique(topics)

    def credits(self) -> tuple[t.Credit, ...]:
        found: dict[str, t.Credit] = {}
        if self.site.url:
            host = urlsplit(self.site.url).netloc
            name = f.name(self.site.options.name or self.site.settings.name) or host
            url = self.site.url + target(self.path)
            found[url] = t.Credit(name=f.shorten(name, 200), url=url, what="first published here")
        for key in _ELSEWHERE:
            url = f.name(self.fields.get(key))
            if re.fullmatch(r"https?://[^\s/?#]+\S*", url) and len(url) <= 2000:
                found.setdefault(
                    url, t.Credit(name=urlsplit(url).netloc[:200], url=url, what="also published here")
                )
        return tuple(found.values())

    # -- text --------------------------------------------------------------------------------------------

    def body(self) -> str:
        front = self.post.front
        scope = {
            f"{prefix}{key}": value
            for key, value in self.fields.items()
            if isinstance(value, str)
            for prefix in ("page.", "")
        }
        names = {**scope, **self.site.settings.names, "page.url": self.path}
        site = Site(
            names=names,
            person=self.site.person,
            post=self.site.source,
            portrait=self.site.pictures.portrait,
        )
        traced, notes, calls = resolve(Traced(front.body, front.body_line), site)
        self.notes(traced, notes, front.body)
        traced = attributes(traced)
        before = traced
        traced, notes, elements = to_markdown(traced)
        self.notes(before, notes)
        self.count("template calls", calls)
        self.count("HTML elements", elements)
        self.traced = traced
        first = len(self.findings)
        hero = self.hero()
        told = len(self.findings)
        traced = rewrite(traced, self.picture, self.link)
        text = _tidy(traced.text)
        if hero in self.shown:
            del self.findings[first:told]  # the text shows it too, and what is wrong with it is told there
        elif hero:
            text = picture(hero, self.alts.get(hero, "")) + "\n\n" + text.lstrip("\n")
        return f.clean(text).strip("\n") + "\n" if text.strip() else ""

    def notes(self, traced: Traced, notes: Sequence[Note], source: str | None = None) -> None:
        """Tell notes whose offsets count in ``traced``, or in the text as it was before any repair."""
        where = traced if source is None else Traced(source, self.post.front.body_line)
        for note in notes:
            line, col = where.place(note.offset)
            self.tell(note.rule, line, note.message, note.hint, col)

    def hero(self) -> str:
        """The name beside the text of the picture that the front matter shows above it."""
        for key in _HERO:
            value = self.fields.get(key)
            value = value[0] if isinstance(value, list) and value else value
            alt = caption = ""
            if isinstance(value, dict):
                alt, caption = f.name(value.get("alt")), f.name(value.get("caption"))
                value = next((value[k] for k in ("path", "src", "url", "file", "image") if k in value), "")
            url = f.name(value)
            if not re.search(r"\.[A-Za-z]{3,4}(?:[?#].*)?$", url):
                continue
            alt = alt or next((w for k in _HERO_ALT if (w := f.words(self.fields.get(k)))), "")
            caption = caption or next((w for k in _HERO_CAPTION if (w := f.words(self.fields.get(k)))), "")
            shown = self.look(url, alt, self.line_of(key), 1)
            if shown.file and caption:
                self.captions.setdefault(shown.file, caption)
            if shown.file and alt:
                self.alts.setdefault(shown.file, alt)
            return shown.file
        return ""

    def picture(self, url: str, alt: str, offset: int) -> Shown:
        shown = self.look(url, alt, *self.traced.place(offset))
        if shown.file:
            self.shown.add(shown.file)
        return shown

    def look(self, url: str, alt: str, line: int, col: int) -> Shown:
        """What becomes of a picture shown at a place."""
        pictures = self.site.pictures
        if url.startswith("//"):
            url = f"https:{url}"
        if not url.strip():
            return Shown()
        if pictures.is_remote(url):
            fact = f"the picture {url[:80]!r} lies elsewhere; a link stands in its place"
            if classify(url) is not Target.WEB:
                self.tell("import-remote-picture", line, f"the picture {url[:80]!r} was left out", "", col)
                return Shown()
            self.tell("import-remote-picture", line, fact, "bring the file if its licence allows", col)
            return Shown(link=url)
        path = pictures.find(url, self.post.path)
        if path is None:
            self.tell(
                "import-missing-picture",
                line,
                f"the picture {pictures.local(url)[:120]!r} is not in the folder",
                "put it there and import again, or take it out of the article",
                col,
            )
            name = pictures.local(url).lstrip("/")
            ending = name.rpartition(".")[2].lower()
            return Shown(file=file_name(name, ending if ending in _KINDS else "jpg", self.names))
        found = pictures.read(path)
        if isinstance(found, str):
            self.tell(
                "import-unsupported-picture",
                line,
                f"the picture {path[:120]!r} was left out: {found}",
                "convert it to PNG or WebP",
                col,
            )
            return Shown()
        name = file_name(path, found.kind, self.names)
        self.files[name] = found
        if alt.strip() and name not in self.alts:
            self.alts[name] = f.clean(" ".join(alt.split()))
        return Shown(file=name)

    def link(self, url: str, offset: int) -> str:
        if url.startswith("//"):
            url = f"https:{url}"
        kind = classify(url)
        if kind in (Target.ARTICLE, Target.MAIL) or (
            kind is Target.WEB and self.site.pictures.is_remote(url)
        ):
            return url
        if kind is Target.FRAGMENT:
            self.count("links within a text, kept as words")
            return ""
        if kind is Target.FORBIDDEN:
            mended = target(url)
            if classify(mended) is Target.WEB:
                return mended
            line, col = self.traced.place(offset)
            fact = f"the link {url[:80]!r} is not https, http or mailto; its words were kept"
            self.tell("import-link", line, fact, "link to a web page", col)
            return ""
        path = self.site.pictures.local(url)
        if not path.startswith("/"):
            found = self.site.source(
                posixpath.normpath(posixpath.join(posixpath.dirname(self.post.path), path))
            )
            if found:
                return found
            path = posixpath.normpath(posixpath.join(self.path, path) if path else self.path)
        index = self.site.addresses.get(normal(path))
        if index is not None:
            self.count("links between articles")
            return f"article:{self.site.posts[index].id}"
        if self.site.url:
            _, mark, rest = url.partition("#")
            return f"{self.site.url}{target(path)}{mark}{rest}"
        line, col = self.traced.place(offset)
        fact = f"the link {url[:80]!r} leads to no article of the import; its words were kept"
        self.tell("import-link", line, fact, "say where the site stood with --url", col)
        return ""


_KINDS = frozenset(["png", "jpg", "jpeg", "gif", "webp"])


def _tidy(text: str) -> str:
    """Without blanks at line ends and runs of empty lines; a text with fenced code is left as it is."""
    if "```" in text or "~~~" in text:
        return text
    rows = [row.rstrip() + ("  " if row.endswith("  ") and row.strip() else "") for row in text.split("\n")]
    return re.sub(r"\n{3,}(?! {4}|\t)", "\n\n", "\n".join(rows))
