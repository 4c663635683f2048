"""Imports a Markdown site (Jekyll, Hugo, Eleventy or plain front matter) as articles of a contingent.

Same folder and options, same bytes out. Nothing of the site is run, and nothing outside its folder is read.
"""

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsrepo.errors import UnableError, UsageError
from newsrepo.ids import ContingentId, Kind
from newsrepo.importers import fields as f
from newsrepo.importers.article import Converter
from newsrepo.importers.model import Files, Imported, Options
from newsrepo.importers.pictures import File, Pictures
from newsrepo.importers.posts import Post, find_posts
from newsrepo.importers.reading import Folder
from newsrepo.importers.site import Settings, address, known_addresses, normal, read_settings, usual_pattern
from newsrepo.location import Finding, Location, Severity
from newsrepo.records import parse, write

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Imported", "Options", "import_site"]

_LINKED = re.compile(r"[\"'(](/[^\s\"'()<>]{1,300})")


def import_site(
    source: Path,
    owner: ContingentId,
    options: Options,
    progress: "Callable[[int, int], None] | None" = None,
) -> Imported:
    """Everything that ``source`` holds in the way of articles, as files under ``articles/OWNER/``.

    ``progress`` is told before each post how many are done, and of how many. Writes nothing. Raises
    UsageError for a folder that is none and for options that are not what they should be, UnableError
    when the folder cannot be read.
    """
    if options.url is not None and re.fullmatch(r"https?://[^\s/?#]+[^\s?#]*", options.url) is None:
        raise UsageError(f"{options.url!r} is not the address of a site", "write it with https://")
    if options.lang is not None and f.language(options.lang) == "und" != options.lang:
        raise UsageError(f"{options.lang!r} is not a language tag", "write en, de, pt-BR or the like")
    folder = Folder(source)
    settings, findings = read_settings(folder)
    counts: dict[str, int] = {}
    found = find_posts(folder, owner)
    posts = found.posts
    if found.passed:
        counts["texts without front matter"] = len(found.passed)
    findings = [*folder.findings, *findings, *found.findings]
    url = (options.url or settings.url).rstrip("/")
    paths, addresses = _addresses(posts, settings, options)
    if posts and not url:
        fact = "where the site stood is not known, so no address is credited"
        findings.append(_note("import-address", fact, "say it with --url"))
    if posts and options.license is None:
        fact = "no licence was stated, so every article is withheld"
        hint = "state the one that the authors have given, or ask them for one"
        findings.append(_note("import-unlicensed", fact, hint))
    languages = (options.lang or "", settings.lang)
    if posts and f.language(*languages) == "und":
        fact = "the language is not known where a post does not name it: 'und' stands there"
        findings.append(_note("import-language", fact, "say it with --lang"))
    host = urlsplit(url).netloc.lower()
    pictures = Pictures(folder, frozenset([host] if host else []), settings.base, options.media_limit)
    converter = Converter(owner, options, settings, url, posts, paths, addresses, pictures)
    loaders: dict[str, Callable[[], bytes]] = {}
    for index, post in enumerate(posts):
        if progress is not None:
            progress(index, len(posts))
        made = converter.article(index)
        findings += made.findings
        for key, count in made.counts.items():
            counts[key] = counts.get(key, 0) + count
        path = f"articles/{post.id}/index.md"
        data = write(made.article)
        faults = parse(Kind.ARTICLE, data, path).findings
        if faults:
            findings.append(
                Finding(
                    "import-refused",
                    Location(post.path),
                    f"not imported, since it would break a rule ({faults[0].rule}: {faults[0].message})",
                    faults[0].hint,
                )
            )
            counts["refused"] = counts.get("refused", 0) + 1
            continue
        counts["articles"] = counts.get("articles", 0) + 1
        loaders[path] = partial(_same, data)
        for name, picture in made.files.items():
            counts["pictures"] = counts.get("pictures", 0) + 1
            loaders[f"articles/{post.id}/{name}"] = partial(_picture, folder, picture)
    ordered = tuple(sorted(findings, key=lambda finding: finding.order))
    return Imported(Files(loaders), ordered, {key: counts[key] for key in sorted(counts)}, found.passed)


def _note(rule: str, message: str, hint: str) -> Finding:
    return Finding(rule, Location("."), message, hint, Severity.WARNING)


def _same(data: bytes) -> bytes:
    return data


def _picture(folder: Folder, picture: File) -> bytes:
    import hashlib

    data = folder.read(picture.path, picture.size)
    if hashlib.sha256(data).hexdigest() != picture.sha256:
        raise UnableError(f"{picture.path!r} changed while it was imported", "import again")
    return data


def _addresses(
    posts: tuple[Post, ...], settings: Settings, options: Options
) -> tuple[list[str], dict[str, int]]:
    """The path at which each post stood, and from every known address the post that it means."""
    dated = [post.dated for post in posts]
    if options.permalink:
        pattern = f"/{options.permalink.lstrip('/')}"
    else:
        linked = [m[1] for post in posts for m in _LINKED.finditer(post.front.body)]
        pattern = usual_pattern(settings, dated, linked)
    known = known_addresses(pattern, dated)
    paths = []
    for index, post in enumerate(posts):
        fields = post.front.fields
        set_ = f.name(fields.get("permalink")) or f.name(fields.get("url"))
        fixed = set_ if set_.startswith("/") and "{" not in set_ else ""
        if ":" in fixed:
            fixed = address(fixed, post.dated)
        paths.append(fixed or address(pattern, post.dated))
        known[normal(paths[-1])] = index
        for old in f.listed(fields, "redirect_from", "aliases", "alias"):
            if isinstance(old, str) and old.startswith("/"):
                known.setdefault(normal(old), index)
    return paths, known
