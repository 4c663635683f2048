"""Hostile words for every field and every kind of text, in one commons: what all that is published has to bear."""

import hashlib
import struct
import zlib
from dataclasses import dataclass

from bad_input_desk import Content, chunk, more, png

from newsrepo.gitstore.snapshot import blob_id
from newsrepo.records.text import MAX_TEXT
from tests.support import CHARTER

MARKER = "Marker words."
"""Stands in every text: a page that lacks it has lost more than the attack."""

TRACKER = "tracker.example"


@dataclass(frozen=True)
class Text:
    """One row: its number, what it tries, the text, the rules that ``check`` names, the words that must show."""

    number: int
    sentence: str
    body: str
    rules: str = ""
    shown: str = MARKER


TEXTS = [
    Text(53, "a script", "<script>alert(1)</script>", "raw-html", "<script>alert(1)</script>"),
    Text(53, "a script in the middle of a line", "a <script src=//tracker.example/x.js></script> b", "raw-html"),
    Text(53, "a script that a sanitiser might put together", "<scr<script>ipt>alert(1)</scr</script>ipt>", "raw-html"),
    Text(53, "a script after a comment that does not end", "<!--><script>alert(1)</script>", "raw-html"),
    Text(53, "a handler", "<b onmouseover=alert(1)>b</b>", "raw-html"),
    Text(54, "a link that is a script", "[x](javascript:alert(1))", "forbidden-link"),
    Text(54, "the same in capitals, and with an entity", "[x](JaVaScRiPt&colon;alert(1))", "forbidden-link"),
    Text(54, "the same with a tab", "[x](<java\tscript:alert(1)>)", "forbidden-link"),
    Text(54, "the same as an entity", "[x](java&#9;script:alert(1))", "forbidden-link"),
    Text(54, "the same by reference", "[x]\n\n[x]: javascript:alert(1)", "forbidden-link"),
    Text(54, "the same in angle brackets", "<javascript:alert(1)>", "forbidden-link"),
    Text(54, "data, files and other schemes", "[a](data:text/html,x) [b](file:///etc/passwd) [c](vbscript:x)", "forbidden-link"),
    Text(55, "a picture from elsewhere", f"![x](https://{TRACKER}/p.gif)", "remote-image"),
    Text(55, "the same without a scheme", f"![x](//{TRACKER}/p.gif)", "remote-image"),
    Text(55, "a picture that is data", "![x](data:image/gif;base64,R0lGODlhAQABAAAAACw=)", "remote-image"),
    Text(56, "a picture set in HTML", f"<img srcset='https://{TRACKER}/p.gif 2x' src=x onerror=alert(1)>", "raw-html"),
    Text(56, "a style sheet", f"<style>@import 'https://{TRACKER}/x.css'</style>", "raw-html"),
    Text(56, "a style", f"<p style='background:url(https://{TRACKER}/p)'>x</p>", "raw-html"),
    Text(56, "a frame and a form", f"<iframe src=https://{TRACKER}></iframe><form action=https://{TRACKER}><input>", "raw-html"),
    Text(57, "a drawing with a handler", "<svg onload=alert(1)><a xlink:href=javascript:alert(1)></svg>", "raw-html"),
    Text(58, "a link without a scheme", "[x](//host.example/x)", "link-without-scheme"),
    Text(58, "the same with backslashes", "[x](\\\\\\\\host.example/x)", "link-without-scheme"),
    Text(59, "the end of a CDATA section", "Words ]]> and <![CDATA[ more", "", "]]>"),
    Text(60, "20,000 brackets", "[" * 20_000),
    Text(60, "5,000 quotes in one another", ">" * 5_000 + " x", "text-too-complex"),
    Text(60, "half-open links", "[a](b" * 15_000),
    Text(60, "lists in lists", "\n".join("  " * n + "- x" for n in range(400)), "text-too-complex"),
    Text(60, "stars", "*a_ " * 20_000),
]  # fmt: skip

TITLES = {
    49: ["'[/foo]'", "'[link=https://e.example]x[/link]'", "':warning: [red]'", "'{{ 7*7 }} {% raw %}'"],
    51: ["'::error::pwned'", "'##[error]pwned'", "'a %0A::error::pwned'"],
    53: ["'<script>alert(1)</script>'", "'\" onmouseover=\"alert(1)'", "'</title><script>x</script>'"],
    59: ["']]> & <b>'"],
    67: [
        '\'=HYPERLINK("https://e.example","x")\'',
        "'@SUM(A1)'",
        "'+1+1'",
        "'-1+1'",
        "'\uff1dHYPERLINK(1)'",
    ],
}
"""Titles that are allowed, being plain text, by the number of their case; as YAML."""


EVIL = "\"'><script>alert(1)</script><img src=//tracker.example/p.gif onerror=alert(1)> javascript:alert(1)"
"""What breaks out of an attribute or an element where one forgets to escape."""


def everywhere() -> dict[str, Content]:
    """Records with EVIL in every field that takes free words."""
    evil = "'" + EVIL.replace("'", "''") + "'"
    commons = evil[:-1] + " of all'"  # else everything would seem to speak in its name
    axis = f"{{title: {evil}, min: 0, max: 5, neutral: 2, low: {evil}, high: {evil}}}"
    picture = png(3, 2)
    known = hashlib.sha256(picture).hexdigest()
    text = more(
        evil,
        f"{MARKER} ![{EVIL}](a.png '{EVIL}')\n\n[{EVIL}](article:abc/2026/good)\n\n```{EVIL}\n{EVIL}\n```\n\n# {EVIL}\n\n[^{EVIL}]",
        f"summary: {evil}\nauthors: [{{name: {evil}, url: 'https://e.example/?a=1&lt=2'}}]\nplaces: [{evil}]\n"
        f"credits: [{{name: {evil}, url: 'https://e.example/a&quot;b', for: {evil}}}]\n"
        f"media: [{{file: a.png, sha256: {known}, alt: {evil}, caption: {evil}, creator: {evil}, license: CC0-1.0}}]\n"
        f"extra: {{{evil}: {evil}}}\n",
    )
    version = blob_id(text.encode())
    return {
        "newsrepo.yaml": CHARTER.replace("name: The Test Commons", f"name: {commons}"),
        "contingents/abc.yaml": f"name: {evil}\nabout: {evil}\naxes:\n  line: {axis}\n",
        "articles/abc/2026/everywhere/index.md": text,
        "articles/abc/2026/everywhere/a.png": picture,
        f"articles/lmn/2026/derived/sources/{version}.md": text,
        "articles/lmn/2026/derived/index.md": more(
            "Derived",
            MARKER,
            f"based_on: [{{article: abc/2026/everywhere, version: {version}, relation: rewrite, changes: {evil}}}]\n",
        ),
        "comments/lmn/2026/evil.md": f"---\non: abc/2026/everywhere\ndate: 2026-04-21\nauthors: [{evil}]\nlang: en\n---\n\n{EVIL}\n",
        "ratings/abc/ann/2026-04.yaml": (
            f"ratings:\n  - {{article: abc/2026/everywhere, version: {version}, date: 2026-04-21, "
            f"values: {{abc/line: 5, newsworthy: 5}}, note: {evil}}}\n"
        ),
        "filters/abc/daily.yaml": (
            f"title: {evil}\nabout: {evil}\ntrust: {{abc: 1}}\norder: {{newsworthy: 1, abc/line: 1}}\n"
            f"edition: {{title: {evil}, about: {evil}, url: 'https://example.org/', "
            f"sections: [{{title: {evil}, select: 'newsworthy>=1'}}]}}\n"
        ),
    }


def key(number: int) -> str:
    return f"text-{number}"


def words(quoted: str) -> str:
    return quoted[1:-1]


GIANT = "articles/abc/2026/giant/index.md"
VAST = "articles/abc/2026/vast"


def vast() -> bytes:
    """A sound picture of a hundred megapixels in few bytes."""
    side = 10_000
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
    rows = zlib.compress(bytes((side // 8 + 1) * side), 1)
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def giants() -> dict[str, Content]:
    """A text of one paragraph, as long as a text may be, and a picture of a hundred megapixels."""
    picture = vast()
    media = f"media: [{{file: vast.png, sha256: {hashlib.sha256(picture).hexdigest()}, alt: Much of it, license: CC0-1.0}}]\n"
    front = more("The giant", "")
    body = f"{MARKER} " + "word " * ((MAX_TEXT - len(front) - 60) // 5) + "The giant ends."
    return {
        GIANT: more("The giant", body),
        f"{VAST}/index.md": more("The vast", f"{MARKER} ![Much of it](vast.png)\n\nThe vast ends.", media),
        f"{VAST}/vast.png": picture,
    }


def hostile_files() -> dict[str, Content]:
    """Every hostile text and title, EVIL in every field, and the giants."""
    files: dict[str, Content] = {
        f"articles/abc/2026/{key(n)}/index.md": more(
            f"Text {n}", f"{MARKER}\n\n{text.body}\n\nText {n} ends."
        )
        for n, text in enumerate(TEXTS)
    }
    for number, titles in TITLES.items():
        for n, title in enumerate(titles):
            files[f"articles/abc/2026/title-{number}-{n}/index.md"] = more(
                title,
                f"{MARKER} {number} {n}",
                f"summary: {title}\ntopics: [labour]\nplaces: [{title}]\nauthors: [{title}]\n",
            )
    return files | everywhere() | giants()
