"""``why``: the account of one work before one filter, of the commons at hand or of a published edition."""

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from newsrepo.errors import UsageError
from newsrepo.ids import ArticleId, FilterId, Oid
from newsrepo.porcelain.find import named_filter
from newsrepo.porcelain.missing import no_article
from newsrepo.porcelain.workspace import Workspace

if TYPE_CHECKING:
    from newsrepo.commons import Commons
    from newsrepo.editions.manifest import Manifest
    from newsrepo.filters.verdicts import Account

_PAGE = re.compile(r"(?:.*/)?(?:articles|revisions)/([a-z0-9-]+/[0-9]{4}/[a-z0-9-]+)\.html(?:[?#].*)?")


class Tip(msgspec.Struct, frozen=True):
    """A state that a published edition was made from."""

    ref: str
    commit: Oid | None


class Edition(msgspec.Struct, frozen=True):
    """What a published edition says of itself, and whether the commons at hand still says the same.

    ``page`` is the page that was asked about, if the edition has one for this work. ``same`` is whether
    what is at hand is exactly what it was made from, ``same_filter`` whether the filter is.
    """

    directory: str
    generator: str
    tips: tuple[Tip, ...]
    page: str
    same: bool
    same_filter: bool
    unverifiable: str


class Explained(msgspec.Struct, frozen=True):
    """One account, with what a reader needs beside it."""

    account: "Account"
    title: str
    """What the edition is called."""
    section: str
    """The title of the section that it stands in, if any."""
    edition: Edition | None = None


def why(
    work: Workspace,
    what: str,
    *,
    filter: str,  # noqa: A002 - its own name
    today: date,
    at: str = "",
    only: str = "",
) -> Explained:
    """Why a filter prints an article on a day, or does not.

    Raises UsageError when there is no such article or filter, and when the filter has faults FilterError.
    """
    view = work.commons(work.snapshot(at=at, only=only))
    return _explained(work, view, what, named_filter(filter, view), today, None)


def why_printed(work: Workspace, directory: Path, page: str, *, at: str = "") -> Explained:
    """Why a published edition prints what is on a page, or does not: with its own filter and day.

    ``page`` is an address of a page of an article in it, or the article's id. Raises UsageError for a
    directory that holds no edition and for a page that is of no article.
    """
    from newsrepo.editions.manifest import read_manifest

    manifest = read_manifest(directory)
    if manifest is None:
        raise UsageError(
            f"no edition of ours in {str(directory)!r}", "name the directory that holds its manifest.json"
        )
    if manifest.filter is None:
        raise UsageError(
            f"{str(directory)!r} lists editions and is none itself", "name the directory of one of them"
        )
    found = _PAGE.fullmatch(page)
    if found is None and page.endswith((".html", "/")):
        raise UsageError(f"not a page of an article: {page!r}", "such as articles/abc/2026/dock-strike.html")
    what = found[1] if found else page
    view = work.commons(work.snapshot(at=at))
    chosen = named_filter(manifest.filter, view)
    edition = _edition(view, chosen, directory, manifest, what)
    return _explained(work, view, what, chosen, manifest.today, edition)


def _edition(view: "Commons", chosen: FilterId, directory: Path, manifest: "Manifest", what: str) -> Edition:
    page = f"articles/{what}.html"
    file = view.files.get(f"filters/{chosen}.yaml")
    return Edition(
        directory=str(directory),
        generator=manifest.generator,
        tips=tuple(Tip(source.ref, source.commit) for source in manifest.sources),
        page=page if page in manifest.files else "",
        same=manifest.content == view.key,
        same_filter=file is not None and file[1] == manifest.filter_version,
        unverifiable=manifest.unverifiable,
    )


def _explained(
    work: Workspace, view: "Commons", what: str, chosen: FilterId, today: date, edition: Edition | None
) -> Explained:
    from newsrepo.filters.verdicts import account

    wanted = ArticleId(what.removeprefix("article:"))
    if wanted not in view.works:
        raise no_article(work, view, wanted)
    told = account(view, chosen, today, wanted)
    content = view.filters[chosen]
    return Explained(
        account=told,
        title=content.edition.title or content.title,
        section=content.edition.sections[told.section].title if told.section is not None else "",
        edition=edition,
    )
