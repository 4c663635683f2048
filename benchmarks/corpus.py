"""A made-up commons of any size, the same each time, and the same articles as a Hugo site."""

import hashlib
import json
import random
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TOPICS = [f"topic-{n}" for n in range(40)]
PLACES = [f"Place {n}" for n in range(30)]
AUTHORS = [f"Author {n}" for n in range(200)]
CONTINGENTS = [f"c{n:02}" for n in range(20)]
AXES = ("newsworthy", "accurate")
GIT_ENV = {
    "GIT_AUTHOR_NAME": "Bench",
    "GIT_AUTHOR_EMAIL": "bench@example.org",
    "GIT_AUTHOR_DATE": "2026-11-20T12:00:00Z",
    "GIT_COMMITTER_NAME": "Bench",
    "GIT_COMMITTER_EMAIL": "bench@example.org",
    "GIT_COMMITTER_DATE": "2026-11-20T12:00:00Z",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "PATH": "/usr/local/bin:/usr/bin:/bin",
}

CHARTER = """\
name: Bench Commons
licenses: [CC0-1.0]
axes:
  newsworthy:
    title: Newsworthy
    min: 0
    max: 5
    neutral: 2
    low: Of no interest.
    high: Everybody should read it.
  accurate:
    title: Accurate
    min: 0
    max: 5
    neutral: 2
    low: Wrong in what matters.
    high: Every claim holds.
rule:
  ratio: 2/3
  of: cast
  compare: at-least
  quorum:
    ratio: 1/2
    compare: more-than
"""


@dataclass(frozen=True)
class Piece:
    """One made-up article."""

    id: str
    title: str
    date: str
    author: str
    topics: tuple[str, str]
    place: str
    summary: str
    body: str
    parent: tuple[str, str, str] | None

    def markdown(self) -> bytes:
        """The article as newsrepo keeps it."""
        lines = [
            "---",
            f"title: {self.title}",
            f"date: {self.date}",
            "authors:",
            f"- {self.author}",
            *([f"- {self.parent[2]}"] if self.parent else []),
            "lang: en",
            f"summary: {self.summary}",
            "topics:",
            *(f"- {topic}" for topic in self.topics),
            "places:",
            f"- {self.place}",
            "license: CC0-1.0",
        ]
        if self.parent:
            lines += [
                "based_on:",
                f"- article: {self.parent[0]}",
                f"  version: {self.parent[1]}",
                "  relation: rewrite",
            ]
        return ("\n".join([*lines, "---", "", self.body])).encode()


def blob(data: bytes) -> str:
    """The git object id of a file's bytes."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def pieces(count: int, seed: int = 1) -> Iterator[Piece]:
    """Made-up articles of 300 to 600 words from a vocabulary of 20,000."""
    chance = random.Random(seed)
    letters = "etaoinshrdlucmfwypvbgkq"
    words = ["".join(chance.choices(letters, k=chance.randint(2, 10))) for _ in range(20_000)]
    last: tuple[str, str, str] | None = None
    for number in range(count):
        contingent = CONTINGENTS[number % len(CONTINGENTS)]
        year = 2017 + number * 10 // count
        day = f"{year}-{1 + number % 12:02}-{1 + number % 28:02}"
        paragraphs = []
        for part in range(chance.randint(5, 8)):
            text = " ".join(chance.choices(words, k=chance.randint(55, 75)))
            if part == 2:
                text += (
                    f" **{chance.choice(words)}** and [{chance.choice(words)}](https://example.org/{number})"
                )
            paragraphs.append(f"## {text[:30].title()}\n\n{text}." if part == 3 else text.capitalize() + ".")
        piece = Piece(
            id=f"{contingent}/{year}/story-{number:06}",
            title=" ".join(chance.choices(words, k=6)).capitalize(),
            date=day,
            author=AUTHORS[number % len(AUTHORS)],
            topics=(TOPICS[number % 40], TOPICS[(number * 7 + 3) % 40])
            if number % 40 != (number * 7 + 3) % 40
            else (TOPICS[number % 40], TOPICS[(number + 1) % 40]),
            place=PLACES[number % 30],
            summary=" ".join(chance.choices(words, k=20)).capitalize() + ".",
            body="\n\n".join(paragraphs) + "\n",
            parent=last if number % 20 == 19 else None,
        )
        last = (piece.id, blob(piece.markdown()), piece.author)
        yield piece


def marks(number: int, raters: int) -> list[tuple[str, str, int]]:
    """Who rates article ``number``, on which axis, how: ``raters`` ratings spread over all contingents."""
    found = []
    for k in range(raters):
        contingent = CONTINGENTS[(number * 3 + k) % len(CONTINGENTS)]
        found.append((f"{contingent}/r{k % 5}", AXES[k % 2], (number * 7 + k * 11) % 6))
    return found


def write_commons(root: Path, count: int, raters: int = 6) -> list[Piece]:
    """Write and commit a commons of ``count`` articles with ``raters`` ratings each; return the articles."""
    root.mkdir(parents=True)
    (root / "newsrepo.yaml").write_text(CHARTER)
    first = CONTINGENTS[0]
    for folder in ("contingents", f"filters/{first}", "statements"):
        (root / folder).mkdir(parents=True)
    (root / "statements/roll.yaml").write_text("voters: []\n")
    for contingent in CONTINGENTS:
        (root / f"contingents/{contingent}.yaml").write_text(f"name: Contingent {contingent}\n")
    trust = ", ".join(f"{c}: {1 if n % 2 else 0.5}" for n, c in enumerate(CONTINGENTS))
    (root / f"filters/{first}/all.yaml").write_text(
        f"title: Everything\ntrust: {{{trust}}}\nselect: newsworthy>=0\n"
        "order: {newsworthy: 1, accurate: 0.5, fade: 30d}\n"
        "edition: {title: Everything, url: 'https://example.org/all/', sections: "
        "[{title: First, select: 'topic:topic-1'}, {title: Second, select: 'topic:topic-2'}]}\n"
    )
    made = []
    books: dict[str, list[str]] = {}
    for number, piece in enumerate(pieces(count)):
        data = piece.markdown()
        folder = root / "articles" / piece.id
        folder.mkdir(parents=True)
        (folder / "index.md").write_bytes(data)
        if piece.parent:
            (folder / "sources").mkdir()
            (folder / "sources" / f"{piece.parent[1]}.md").write_bytes(made[-1].markdown())
        made.append(piece)
        for rater, axis, value in marks(number, raters):
            books.setdefault(rater, []).append(
                f"  - {{article: {piece.id}, version: {blob(data)}, date: 2026-11-05, values: {{{axis}: {value}}}}}"
            )
    for rater, lines in books.items():
        folder = root / "ratings" / rater
        folder.mkdir(parents=True)
        (folder / "2026-11.yaml").write_text("ratings:\n" + "\n".join(sorted(lines)) + "\n")
    commit(root)
    return made


def commit(root: Path) -> None:
    """Commit everything with a fixed identity and date."""
    for command in (
        ["init", "-q", "-b", "main"],
        ["config", "gc.auto", "0"],
        ["add", "-A"],
        ["commit", "-q", "-m", "bench"],
        ["gc", "-q"],
    ):
        subprocess.run(["git", *command], cwd=root, check=True, env=GIT_ENV)


def write_hugo(root: Path, made: list[Piece], raters: int = 6) -> None:
    """The same pages for Hugo: articles, stories, topics, places, authors, contingents, months, feeds."""
    (root / "content/articles").mkdir(parents=True)
    (root / "content/stories").mkdir(parents=True)
    children: dict[str, list[str]] = {}
    for piece in made:
        if piece.parent:
            children.setdefault(piece.parent[0], []).append(piece.id)
    for number, piece in enumerate(made):
        ratings = [{"by": who, "axis": axis, "value": value} for who, axis, value in marks(number, raters)]
        front = {
            "title": piece.title,
            "date": piece.date,
            "summary": piece.summary,
            "authors": [piece.author, *([piece.parent[2]] if piece.parent else [])],
            "topics": list(piece.topics),
            "places": [piece.place],
            "contingents": [piece.id.partition("/")[0]],
            "months": [piece.date[:7]],
            "params": {
                "ratings": ratings,
                "parent": piece.parent[0] if piece.parent else "",
                "ident": piece.id,
            },
        }
        target = root / "content/articles" / f"{piece.id}.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(front, indent=1) + "\n\n" + piece.body)
    for parent, ids in children.items():
        target = root / "content/stories" / f"{parent}.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps({"title": parent, "params": {"versions": [parent, *ids]}}) + "\n")
    for name, text in HUGO.items():
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


_ITEM = """\
{{ define "item" }}<article><h3><a href="{{ .RelPermalink }}">{{ .Title }}</a></h3>
<p class="meta"><time datetime="{{ .Date.Format "2006-01-02" }}">{{ .Date.Format "2 January 2006" }}</time>
{{ range .Params.authors }}{{ . }} {{ end }}</p>
<p>{{ .Summary }}</p><p class="sign">The {{ index .Params.contingents 0 }} contingent of Bench Commons</p></article>{{ end }}
"""
_HEAD = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ .Title }}</title><link rel="stylesheet" href="/style.css">
<link rel="alternate" type="application/atom+xml" href="/index.xml"></head><body>
<header><a href="/">Everything</a><nav><a href="/topics/">Topics</a> <a href="/months/">Archive</a></nav></header>
<main>{{ block "main" . }}{{ end }}</main><footer><p>The c00 contingent of Bench Commons</p></footer></body></html>
"""
_LIST = """\
{{ define "main" }}<h1>{{ .Title }}</h1>{{ $p := .Paginate .Pages 50 }}
{{ range $p.Pages }}{{ template "item" . }}{{ end }}
<nav>{{ if $p.HasPrev }}<a href="{{ $p.Prev.URL }}">Newer</a>{{ end }}
{{ if $p.HasNext }}<a href="{{ $p.Next.URL }}">Older</a>{{ end }}</nav>{{ end }}
"""
_TERMS = """\
{{ define "main" }}<h1>{{ .Title }}</h1><ul>{{ range .Data.Terms.Alphabetical }}
<li><a href="{{ .Page.RelPermalink }}">{{ .Page.Title }}</a> {{ .Count }}</li>{{ end }}</ul>{{ end }}
"""
_HOME = """\
{{ define "main" }}<h1>Everything</h1>{{ $a := where .Site.RegularPages "Section" "articles" }}
{{ range first 1 $a }}{{ template "item" . }}{{ end }}
<h2>First</h2>{{ range first 10 (index .Site.Taxonomies.topics "topic-1").Pages }}{{ template "item" . }}{{ end }}
<h2>Second</h2>{{ range first 10 (index .Site.Taxonomies.topics "topic-2").Pages }}{{ template "item" . }}{{ end }}
<h2>More</h2>{{ range first 60 $a }}{{ template "item" . }}{{ end }}{{ end }}
"""
_SINGLE = """\
{{ define "main" }}<article><h1>{{ .Title }}</h1>
<p class="meta">{{ range .Params.authors }}<a href="/authors/{{ . | urlize }}/">{{ . }}</a> {{ end }}
<time datetime="{{ .Date.Format "2006-01-02" }}">{{ .Date.Format "2 January 2006" }}</time></p>
<p class="sign">The {{ index .Params.contingents 0 }} contingent of Bench Commons</p><p class="summary">{{ .Summary }}</p>
{{ .Content }}
{{ with .Params.parent }}<p>A rewrite of <a href="/articles/{{ . }}/">{{ . }}</a></p>{{ end }}
<table><tr><th>By</th><th>Axis</th><th>Value</th></tr>{{ range .Params.ratings }}
<tr><td>{{ .by }}</td><td>{{ .axis }}</td><td>{{ .value }}</td></tr>{{ end }}</table>
<ul>{{ range .Params.topics }}<li><a href="/topics/{{ . }}/">{{ . }}</a></li>{{ end }}
{{ range .Params.places }}<li><a href="/places/{{ . | urlize }}/">{{ . }}</a></li>{{ end }}</ul></article>{{ end }}
"""
_STORY = """\
{{ define "main" }}<h1>{{ .Title }}</h1><ul>{{ range .Params.versions }}
<li><a href="/articles/{{ . }}/">{{ . }}</a></li>{{ end }}</ul>{{ end }}
"""
_RSS = """\
<feed xmlns="http://www.w3.org/2005/Atom"><title>{{ .Title }}</title>
{{ range first 50 (where .Site.RegularPages "Section" "articles") }}<entry><title>{{ .Title }}</title>
<id>{{ .Permalink }}</id><updated>{{ .Date.Format "2006-01-02T15:04:05Z" }}</updated>
<content type="html">{{ .Content | html }}</content></entry>{{ end }}</feed>
"""
HUGO = {
    "hugo.toml": """\
baseURL = "https://example.org/all/"
title = "Everything"
disableKinds = []
[taxonomies]
topic = "topics"
place = "places"
author = "authors"
contingent = "contingents"
month = "months"
[outputs]
home = ["html", "rss"]
section = ["html"]
taxonomy = ["html"]
term = ["html"]
""",
    "static/style.css": "body { max-width: 65ch; margin: auto }\n" * 150,
    "layouts/_default/baseof.html": _HEAD,
    "layouts/_default/list.html": _LIST + _ITEM,
    "layouts/_default/terms.html": _TERMS,
    "layouts/_default/single.html": _SINGLE,
    "layouts/stories/single.html": _STORY,
    "layouts/index.html": _HOME + _ITEM,
    "layouts/index.rss.xml": _RSS,
    "layouts/404.html": '{{ define "main" }}<h1>Not found</h1>{{ end }}',
}
