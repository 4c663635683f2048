"""Resolves the template calls of Liquid, Nunjucks and Hugo that other site builders put into texts.

What a call would have printed is put in its place where that can be known from the call itself or from the
site's files; everything else is taken out and reported. No template is ever run.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping

from msgspec import Struct

from newsrepo.importers.snippets import link, picture
from newsrepo.importers.traced import Edit, Traced, events

MAX_CALL = 4000


class Site(Struct, frozen=True):
    """What calls may ask about: names in scope, people by id, posts by source path, pictures by name."""

    names: Mapping[str, str]
    person: Callable[[str], str]
    post: Callable[[str], str | None]
    portrait: Callable[[str], str | None]


class Note(Struct, frozen=True):
    """Something met in a text: the rule, where, the fact and the way out."""

    rule: str
    offset: int
    message: str
    hint: str = ""


_HINT = "write the text that it printed in its place"
_URL_FILTERS = frozenset(
    [
        "url",
        "relative_url",
        "absolute_url",
        "absurl",
        "relurl",
        "asset_url",
        "asset",
        "htmlbaseurl",
        "uri_escape",
    ]
)
_SAME_FILTERS = frozenset(
    ["safe", "escape", "strip", "trim", "strip_html", "markdownify", "raw", "upcase", "capitalize", "h", "e"]
)
_DROPPED_BLOCKS = frozenset(
    ["comment", "for", "tablerow", "capture", "macro", "javascript", "schema", "style"]
)
_LANG = re.compile(r"[A-Za-z0-9_+#.-]{1,30}")
_STRING = re.compile(r"\"([^\"]*)\"|'([^']*)'")
_PAIR = re.compile(r"([A-Za-z_][\w-]*)\s*[=:]\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s,\"']+))")
_END_HIGHLIGHT = re.compile(r"\{\{[<%] ?/ ?highlight ?[>%]\}\}")
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg|avif|bmp)(?:[?#].*)?$", re.IGNORECASE)


def _pipes(text: str) -> list[str]:
    """Split at the bars that stand outside quotation marks."""
    parts = [""]
    quote = ""
    for char in text:
        if char == "|" and not quote:
            parts.append("")
            continue
        if char == quote:
            quote = ""
        elif not quote and char in "\"'":
            quote = char
        parts[-1] += char
    return parts


class _Resolver:
    def __init__(self, traced: Traced, site: Site) -> None:
        self.traced = traced
        self.text = traced.text
        self.site = site
        self.edits: list[Edit] = []
        self.notes: list[Note] = []
        self._code: list[tuple[int, int]] | None = None
        self._unclosed: set[str] = set()

    def in_code(self, offset: int) -> bool:
        if self._code is None:
            self._code = [
                (e.start, e.end)
                for e in events(self.text)
                if e.kind == "Code" or (e.kind == "CodeBlock" and e.phase == "Start")
            ]
        at = bisect_right(self._code, (offset, len(self.text))) - 1
        return at >= 0 and offset < self._code[at][1]

    def note(self, at: int, what: str) -> None:
        shown = self.text[at : at + 60].partition("\n")[0]
        self.notes.append(Note("import-template", at, f"{what}: {shown!r}", _HINT))

    def unknown(self, start: int, end: int, what: str = "template call left out") -> None:
        """A call that we cannot resolve: kept where it is an example in code, taken out elsewhere."""
        if self.in_code(start):
            self.note(start, "template call kept, since it stands in code")
        else:
            self.note(start, what)
            self.edits.append(Edit(start, end, ""))

    def put(self, start: int, end: int, text: str) -> None:
        self.edits.append(Edit(start, end, text))

    def run(self) -> None:
        at = 0
        closed = {"%}": True, "}}": True, ">}}": True, "%}}": True}
        while (at := self.text.find("{", at)) >= 0:
            opener = self.text[at : at + 3]
            if opener in ("{{<", "{{%"):
                close = ">}}" if opener == "{{<" else "%}}"
            elif opener.startswith("{{"):
                close = "}}"
            elif opener.startswith("{%"):
                close = "%}"
            else:
                at += 1
                continue
            end = self.text.find(close, at + 2) if closed[close] else -1
            closed[close] = end >= 0
            if end < 0 or end - at > MAX_CALL:
                at += 2
                continue
            end += len(close)
            inner = self.text[at + len(close) : end - len(close)].strip("- \t\n\r~")
            if close == "%}":
                at = self.tag(at, end, inner)
            elif close == "}}":
                self.expression(at, end, inner)
                at = end
            else:
                at = self.shortcode(at, end, inner)

    def find_end(self, name: str, at: int) -> tuple[int, int] | None:
        """Where the tag that ends ``name`` opens and closes."""
        if name in self._unclosed:
            return None
        depth = 1
        tags = re.compile(rf"\{{%[-~]?\s{{0,20}}(end)?{re.escape(name)}\b[^%{{}}]{{0,400}}%\}}")
        for match in tags.finditer(self.text, at):
            # What stands in `raw` is no template, so there the first end counts.
            depth += -1 if match[1] else int(name != "raw")
            if depth == 0:
                return match.span()
        self._unclosed.add(name)
        return None

    def tag(self, start: int, end: int, inner: str) -> int:
        name, _, rest = inner.partition(" ")
        if name == "raw":
            found = self.find_end("raw", end)
            self.put(start, end, "")
            if found is None:
                return end
            self.put(*found, "")
            return found[1]
        if name in _DROPPED_BLOCKS:
            found = self.find_end(name, end)
            stop = found[1] if found else end
            if name == "comment":
                self.put(start, stop, "")
            else:
                self.unknown(start, stop, "template block left out")
            return stop
        if name == "highlight":
            found = self.find_end(name, end)
            if found is not None:
                lang = _LANG.match(rest.strip())
                self.fence(start, end, found, lang[0] if lang else "")
                return found[1]
        if name.startswith(("image", "picture", "figure", "img", "include")) and self.image(start, end, rest):
            return end
        if name in ("link", "post_url"):
            words = rest.strip().strip("\"'")
            self.put(start, end, self.site.post(words) or f"/{words}")
            return end
        if name in ("youtube", "vimeo", "embed", "include") and self.embed(start, end, name, rest):
            return end
        self.unknown(start, end, "template tag left out")
        return end

    def fence(self, start: int, end: int, found: tuple[int, int], lang: str) -> None:
        inner = self.text[end : found[0]]
        ticks = "`" * max(3, 1 + max((len(m) for m in re.findall(r"`+", inner)), default=0))
        self.put(start, end, f"{ticks}{lang}" + ("" if inner.startswith("\n") else "\n"))
        self.put(*found, ("" if inner.endswith("\n") else "\n") + ticks)

    def image(self, start: int, end: int, rest: str) -> bool:
        """``"path" "alt"``, ``"path" "class" "alt"``, or ``src= alt= caption=``."""
        named = {m[1].lower(): m[2] or m[3] or m[4] or "" for m in _PAIR.finditer(rest)}
        src = next(
            (
                named[key]
                for key in ("src", "url", "path", "file", "image", "image_path", "image_url", "link")
                if key in named and _PICTURE.search(named[key])
            ),
            None,
        )
        if src is not None:
            alt = named.get("alt") or named.get("alt_text") or named.get("title") or ""
            self.put(start, end, picture(src, alt, named.get("caption", "")))
            return True
        first = _STRING.match(rest.strip())
        src = (first[1] or first[2] or "") if first else ""
        if first is None or not _PICTURE.search(src):
            return False
        after = rest.strip()[first.end() :].strip(" ,")
        # An alt text may itself hold quotation marks, so the last mark ends it, not the next one.
        parts = re.split(r"[\"']\s*,?\s+[\"'](?=\S)", after, maxsplit=1)
        if len(parts) == 2 and re.fullmatch(r"[\"'][\w -]*", parts[0]):
            after = parts[1]
        alt = after.strip()
        if len(alt) > 1 and alt[0] in "\"'" and alt[-1] == alt[0]:
            alt = alt[1:-1]
        elif alt[-1:] in ('"', "'"):
            alt = alt[:-1]
        self.put(start, end, picture(src, alt.strip()))
        return True

    def embed(self, start: int, end: int, name: str, rest: str) -> bool:
        named = {m[1].lower(): m[2] or m[3] or m[4] or "" for m in _PAIR.finditer(rest)}
        bare = _STRING.match(rest.strip())
        key = named.get("id") or named.get("video_id") or ((bare[1] or bare[2]) if bare else "")
        title = named.get("title", "")
        if re.match(r"https?://", key):
            self.put(start, end, link(key, title))
            return True
        if not re.fullmatch(r"[A-Za-z0-9_-]{3,40}", key):
            return False
        if "youtube" in name or "youtube" in rest:
            self.put(start, end, link(f"https://www.youtube.com/watch?v={key}", title or "Video on YouTube"))
            return True
        if "vimeo" in name or "vimeo" in rest:
            self.put(start, end, link(f"https://vimeo.com/{key}", title or "Video on Vimeo"))
            return True
        return False

    def expression(self, start: int, end: int, inner: str) -> None:
        head, *filters = _pipes(inner)
        head = head.strip()
        literal = re.fullmatch(r"\"([^\"]*)\"|'([^']*)'", head)
        if literal:
            value: str | None = literal[1] or literal[2] or ""
        else:
            value = self.site.names.get(head)
        for step in filters:
            if value is None:
                break
            value = self.apply(value, step.strip())
        if value is None:
            self.unknown(start, end)
        else:
            self.put(start, end, value)

    def apply(self, value: str, step: str) -> str | None:
        name, _, argument = step.partition(":") if ":" in step else step.partition("(")
        name = name.strip().lower()
        quoted = _STRING.search(argument)
        words = (quoted[1] or quoted[2] or "") if quoted else self.site.names.get(argument.strip(" ()"), "")
        if name in _URL_FILTERS or name in _SAME_FILTERS:
            return value
        if name == "prepend":
            return words + value
        if name == "append":
            return value + words
        if name == "default":
            return value or words
        if name in ("embed", "youtube", "video", "oembed"):
            return link(value, words)
        if re.search(r"photo|portrait|avatar|headshot", name):
            found = self.site.portrait(value)
            return picture(found, self.site.person(value)) if found else None
        if re.search(r"author|team|person|people|member", name):
            return self.site.person(value)
        return None

    def shortcode(self, start: int, end: int, inner: str) -> int:
        if inner.startswith("/*") and inner.endswith("*/"):
            body = inner[2:-2]
            opener = self.text[start : start + 3]
            self.put(start, end, f"{opener}{body}{opener[2].replace('<', '>')}}}}}")
            return end
        name, _, rest = inner.partition(" ")
        if name.startswith("/"):
            self.put(start, end, "")
            return end
        if name == "highlight":
            found = None if "<" in self._unclosed else _END_HIGHLIGHT.search(self.text, end)
            if found:
                lang = _LANG.match(rest.strip(" \"'"))
                self.fence(start, end, found.span(), lang[0] if lang else "")
                return found.end()
            self._unclosed.add("<")
        words = rest.strip().strip("\"'`")
        if name in ("ref", "relref"):
            self.put(start, end, self.site.post(words) or words)
        elif name in ("figure", "img", "image", "picture") and self.image(start, end, rest):
            pass
        elif name in ("youtube", "vimeo"):
            if not self.embed(start, end, name, rest if "=" in rest else f'"{words}"'):
                self.unknown(start, end)
        elif name in ("tweet", "x", "gist", "instagram"):
            named = {m[1]: m[2] or m[3] or m[4] for m in _PAIR.finditer(rest)}
            parts = (
                [named["user"], named["id"]]
                if {"user", "id"} <= set(named)
                else words.replace('"', "").split()
            )
            self.social(start, end, name, parts)
        else:
            self.unknown(start, end, "shortcode left out")
        return end

    def social(self, start: int, end: int, name: str, parts: list[str]) -> None:
        if not parts or not all(re.fullmatch(r"[A-Za-z0-9_.-]{1,60}", part) for part in parts):
            self.unknown(start, end)
        elif name == "gist" and len(parts) > 1:
            self.put(start, end, link(f"https://gist.github.com/{parts[0]}/{parts[1]}", "Gist"))
        elif name == "instagram":
            self.put(start, end, link(f"https://www.instagram.com/p/{parts[0]}/", "Post on Instagram"))
        else:
            user = parts[0] if len(parts) > 1 else "i/web"
            self.put(start, end, link(f"https://x.com/{user}/status/{parts[-1]}", "Post on X"))


def resolve(traced: Traced, site: Site) -> tuple[Traced, list[Note], int]:
    """The text without template calls, what was left out, and how many calls were resolved or taken out."""
    resolver = _Resolver(traced, site)
    resolver.run()
    return traced.edit(resolver.edits), resolver.notes, len(resolver.edits)


_ATTRIBUTES = re.compile(r"[ \t]*\{:[^{}\n]{0,200}\}|(?<=[^\s{])[ \t]*\{#[\w-]{1,100}\}[ \t]*$", re.MULTILINE)


def attributes(traced: Traced) -> Traced:
    """The text without the attribute lists of kramdown and the like (``{: .wide}``, ``{#id}``)."""
    found = list(_ATTRIBUTES.finditer(traced.text)) if "{:" in traced.text or "{#" in traced.text else []
    if not found:
        return traced
    probe = _Resolver(traced, Site({}, str, lambda _: None, lambda _: None))
    return traced.edit([Edit(*m.span(), "") for m in found if not probe.in_code(m.end() - 1)])
