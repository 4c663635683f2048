"""``missing-media`` and its kin: files that are not there, changed, too big or uncredited."""

from collections.abc import Iterator

from newsrepo.checks.model import Fault, File, Rule, Scope
from newsrepo.commons.model import Work
from newsrepo.ids import Kind
from newsrepo.records import parse
from newsrepo.records import types as t
from newsrepo.records.scalars import MILLION

_PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif")
_LIMIT_WITHOUT_CHARTER = MILLION


def _find(scope: Scope) -> Iterator[Fault]:
    listed: dict[str, tuple[Work, int, t.Media]] = {}
    spoken: set[str] = set()
    for work in scope.commons.works.values():
        folder = work.path.rpartition("/")[0]
        for at, media in enumerate(work.media):
            if media.file:
                listed[f"{folder}/{media.file}"] = (work, at, media)
            if media.poster:
                spoken.add(f"{folder}/{media.poster}")
            if scope.wants(work.path):
                yield from _entry(scope, work.path, ("media", at), media, work.status)
    for file, partial in scope.partials(Kind.ARTICLE):
        article = partial.record
        if isinstance(article, t.Article) and "status" not in partial.unknown:
            for at, media in enumerate(article.media):
                keys = partial.keys(("media", at))
                yield from _entry(scope, file.place.path, keys, media, article.status)
    yield from _files(scope, listed, spoken)


def _entry(
    scope: Scope, path: str, keys: tuple[str | int, ...], media: t.Media, status: t.Status
) -> Iterator[Fault]:
    folder, name = path.rpartition("/")[0], media.file or media.url or ""
    files = scope.commons.files
    for field, file in (("file", media.file), ("poster", media.poster)):
        if file and f"{folder}/{file}" not in files:
            yield Fault(
                path,
                f"the file {file!r} is not there",
                "put it beside the text, or remove the entry",
                (*keys, field),
            )
    if status is t.Status.WITHDRAWN:
        return
    if not media.alt and _is_picture(name):
        yield Fault(
            path,
            f"the picture {name!r} has no alt text",
            "add `alt:` with what one would tell somebody who cannot see it",
            keys,
            rule="missing-alt",
        )
    lacks = [word for word, value in (("creator", media.creator), ("license", media.license)) if not value]
    if lacks:
        yield Fault(
            path,
            f"{name!r} has no {' and no '.join(lacks)}",
            "credit whoever made it: add " + " and ".join(f"`{word}:`" for word in lacks),
            keys,
            rule="missing-credit",
        )


def _is_picture(name: str) -> bool:
    return name.lower().partition("?")[0].endswith(_PICTURES)


def _files(scope: Scope, listed: dict[str, tuple[Work, int, t.Media]], spoken: set[str]) -> Iterator[Fault]:
    charter = scope.commons.charter_or_none
    limit = charter.media_limit if charter else _LIMIT_WITHOUT_CHARTER
    small: list[File] = []
    for file in scope.of(Kind.MEDIA):
        path = file.place.path
        if file.size > limit:
            yield _too_large(path, file.size, limit)
        else:
            small.append(file)
        index = path.rpartition("/")[0] + "/index.md"
        if (
            path not in listed
            and path not in spoken
            and file.place.id.rpartition("/")[0] in scope.commons.works
        ):
            yield Fault(
                path,
                f"{index} has no entry for this file under `media`",
                "add one with its sha256, creator and licence, or remove the file",
                rule="unlisted-media",
            )
    blobs = scope.commons.snapshot.read([file.oid for file in small], limit)
    for file, blob in zip(small, blobs, strict=True):
        path = file.place.path
        if blob.data is None:
            yield _too_large(path, blob.size, limit)
            continue
        parsed = parse(Kind.MEDIA, blob.data, path)
        for finding in parsed.findings:
            yield Fault(path, finding.message, finding.hint, rule=finding.rule, severity=finding.severity)
        entry = listed.get(path)
        if (
            entry is not None
            and parsed.media is not None
            and entry[2].sha256 not in (None, parsed.media.sha256)
        ):
            yield Fault(
                entry[0].path,
                f"{entry[2].file!r} is not the file that the entry names: "
                f"its SHA-256 is {parsed.media.sha256}",
                "bring the file back, or write its SHA-256 if the change was meant",
                ("media", entry[1], "sha256"),
                rule="changed-media",
            )


def _too_large(path: str, size: int, limit: int) -> Fault:
    return Fault(
        path,
        f"the file has {size} bytes, more than the charter's {limit}",
        "make it smaller, or give its address under `url:` instead of the file",
        rule="media-too-large",
    )


RULE = Rule(
    "missing-media",
    "A picture or other file that an article lists is not there.",
    _find,
    others=("missing-alt", "missing-credit", "unlisted-media", "changed-media", "media-too-large"),
)
