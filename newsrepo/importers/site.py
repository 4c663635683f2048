"""What a site says of itself: its address, name, language, people, and how its posts' addresses are made."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct

from newsrepo.importers.front import FrontError, Value, json_value, split, toml_mapping, yaml_value
from newsrepo.importers.reading import Folder
from newsrepo.location import Finding, Location, Severity

_SETTINGS = (
    "_config.yml",
    "_config.yaml",
    "_config.toml",
    "hugo.toml",
    "hugo.yaml",
    "hugo.yml",
    "hugo.json",
    "config.toml",
    "config.yaml",
    "config.yml",
    "config.json",
    "config/_default/hugo.toml",
    "config/_default/config.toml",
    "config/_default/config.yaml",
    *(
        f"{root}_data/{name}.{kind}"
        for root in ("", "src/", "content/")
        for name in ("site", "metadata", "meta")
        for kind in ("json", "yml", "yaml")
    ),
)
_PEOPLE = re.compile(
    r"(?:^|/)_?data/(?:authors?|people|team|members|contributors|staff)(?:/([^/]+))?\.(?:ya?ml|json|toml)$"
)
_PERSON = re.compile(r"(?:^|/)_?(?:authors|people|team|staff)/([^/]+?)(?:/_?index)?\.(?:md|markdown)$")
_PRESETS = {
    "date": "/:categories/:year/:month/:day/:title.html",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "none": "/:categories/:title.html",
}
_USUAL = (
    "/:year/:month/:day/:slug/",
    "/blog/:year/:month/:day/:slug/",
    "/:year/:month/:slug/",
    "/:year/:slug/",
    "/blog/:slug/",
    "/posts/:slug/",
    "/post/:slug/",
    "/news/:slug/",
    "/articles/:slug/",
    "/:path/",
    "/:slug/",
)


class Settings(Struct, frozen=True):
    """A site's settings as far as an import needs them; empty where they say nothing."""

    url: str = ""
    base: str = ""
    name: str = ""
    lang: str = ""
    permalink: str = ""
    jekyll: bool = False
    names: Mapping[str, str] = {}
    people: Mapping[str, str] = {}


def _document(folder: Folder, path: str, findings: list[Finding]) -> Value:
    """A settings or data file, or an empty text when it cannot be read (which is reported)."""
    data = folder.texts([path]).get(path)
    if data is None:
        return ""
    try:
        text = data.decode("utf-8-sig")
        if path.endswith(".toml"):
            return toml_mapping(text)[0]
        if path.endswith(".json"):
            return json_value(text)
        if path.endswith((".md", ".markdown")):
            front = split(text.replace("\r\n", "\n"))
            return front.fields if front else ""
        return yaml_value(text)
    except (UnicodeDecodeError, FrontError) as error:
        line = error.line if isinstance(error, FrontError) else 1
        fact = str(error) if isinstance(error, FrontError) else "it is not UTF-8"
        findings.append(
            Finding(
                "import-unreadable",
                Location(path, line),
                f"left aside: {fact}",
                "mend it, or say on the command line what it says",
                Severity.WARNING,
            )
        )
        return ""


def _text(fields: Mapping[str, Value], *keys: str) -> str:
    for key in keys:
        value = fields.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""


def _called(value: Value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        found = _text(value, "full_name", "fullname", "name", "display_name", "title", "label")
        return found or " ".join(filter(None, [_text(value, "first_name"), _text(value, "last_name")]))
    return ""


def _people(folder: Folder, findings: list[Finding]) -> dict[str, str]:
    people: dict[str, str] = {}
    for path in folder.paths:
        match = _PEOPLE.search(path)
        person = match[1] if match else None
        single = None if match else _PERSON.search(path)
        if not match and not single:
            continue
        found = _document(folder, path, findings)
        if person or single:
            name = _called(found)
            key = person or (single[1] if single else "")
            if name and not key.startswith("_"):
                people[key] = name
        elif isinstance(found, dict):
            people |= {key: name for key, value in found.items() if (name := _called(value))}
        elif isinstance(found, list):
            for entry in found:
                key = _text(entry, "id", "slug", "username", "key", "name") if isinstance(entry, dict) else ""
                if key and (name := _called(entry)):
                    people[key] = name
    return people


def read_settings(folder: Folder) -> tuple[Settings, list[Finding]]:
    """The settings found in a site's usual places; what cannot be read is reported and left aside."""
    findings: list[Finding] = []
    fields: dict[str, Value] = {}
    for path in _SETTINGS:
        if path in folder.sizes:
            found = _document(folder, path, findings)
            if isinstance(found, dict):
                fields = {**found, **fields}
    url = _text(fields, "url", "baseURL", "baseUrl", "base_url", "siteUrl")
    base = _text(fields, "baseurl", "pathPrefix")
    if not re.match(r"https?://", url) and re.match(r"https?://", base):
        url, base = base, ""
    permalink = _text(fields, "permalink")
    jekyll = any(path.startswith("_config.") for path in folder.paths) or any(
        "_posts/" in path for path in folder.paths
    )
    names = {
        f"{scope}.{key}": value
        for key, value in fields.items()
        if isinstance(value, str)
        for scope in ("site", "metadata", "meta")
    }
    names.update({"site.baseurl": "", "baseurl": "", "site.url": url, "site.pathPrefix": ""})
    settings = Settings(
        url=url.rstrip("/") if re.match(r"https?://[^\s/]+", url) else "",
        base=base.rstrip("/") if base.startswith("/") else "",
        name=_text(fields, "title", "name", "site_name"),
        lang=_text(fields, "lang", "languageCode", "defaultContentLanguage", "language", "locale"),
        permalink=_PRESETS.get(permalink, permalink) if "{" not in permalink else "",
        jekyll=jekyll,
        names=names,
        people=_people(folder, findings),
    )
    return settings, findings


class Dated(Struct, frozen=True):
    """What an address can be made of."""

    path: str
    slug: str
    days: tuple[date, ...]
    categories: tuple[str, ...] = ()


def address(pattern: str, post: Dated, day: date | None = None) -> str:
    """The path that ``pattern`` gives to a post."""
    when = day or post.days[0]
    stem = re.sub(r"\.[A-Za-z]+$", "", post.path)
    stem = re.sub(r"^(?:src/)?(?:content/)?", "", stem)
    stem = re.sub(r"/index$", "", stem)
    values = {
        "year": f"{when.year:04}",
        "month": f"{when.month:02}",
        "day": f"{when.day:02}",
        "i_month": str(when.month),
        "i_day": str(when.day),
        "short_year": f"{when.year % 100:02}",
        "y_day": f"{when.timetuple().tm_yday:03}",
        "title": post.slug,
        "slug": post.slug,
        "slugorfilename": post.slug,
        "filename": post.slug,
        "section": stem.partition("/")[0],
        "sections": stem.rpartition("/")[0],
        "categories": "/".join(post.categories),
        "path": stem,
    }
    made = re.sub(r":([a-z_]+)", lambda m: values.get(m[1], m[0]), pattern)
    return re.sub(r"/{2,}", "/", f"/{made}")


def normal(path: str) -> str:
    """An address path in the form in which two that lead to one page are equal."""
    path = path.partition("#")[0].partition("?")[0]
    return re.sub(r"(?:/index)?(?:\.html?)?/*$", "", path) or "/"


def usual_pattern(settings: Settings, posts: Sequence[Dated], linked: Iterable[str]) -> str:
    """The pattern of the posts' addresses: as set, else the one that most links between posts agree with."""
    if settings.permalink:
        return settings.permalink
    wanted: dict[str, int] = {}
    for path in linked:
        key = normal(path)
        wanted[key] = wanted.get(key, 0) + 1
    default = _PRESETS["date"] if settings.jekyll else "/:path/"
    best, hits = default, 1
    for pattern in dict.fromkeys([default, *_USUAL]):
        made = {normal(address(pattern, post, day)) for post in posts for day in post.days}
        found = sum(count for key, count in wanted.items() if key in made)
        if found > hits:
            best, hits = pattern, found
    return best


def known_addresses(pattern: str, posts: Sequence[Dated]) -> dict[str, int]:
    """From the normal form of every address that can only mean one post to that post's index."""
    found: dict[str, int] = {}
    doubtful: set[str] = set()
    for each in dict.fromkeys([pattern, *(p for p in _USUAL if ":year" in p)]):
        for index, post in enumerate(posts):
            for day in post.days:
                key = normal(address(each, post, day))
                if found.setdefault(key, index) != index:
                    doubtful.add(key)
    return {key: index for key, index in found.items() if key not in doubtful}
