"""``import``: what an importer made of another site, written into the commons over nothing."""

import os
import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from newsrepo.errors import UsageError
from newsrepo.gitstore.files import Lock
from newsrepo.location import Finding, Severity
from newsrepo.porcelain.workspace import Workspace, write_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from newsrepo.importers.items import Source
    from newsrepo.records.scalars import Moment


class Brought(msgspec.Struct, frozen=True):
    """What an import wrote. ``same`` were there already; ``kept`` differ from what would be written.

    Of feeds and exports ``kept`` are the articles that have changed at their source since they were brought.
    ``report`` and ``passed`` (texts that are no posts) speak of the folder that was imported.
    """

    written: tuple[str, ...]
    same: tuple[str, ...]
    kept: tuple[str, ...]
    report: tuple[Finding, ...]
    counts: "Mapping[str, int]"
    passed: tuple[str, ...]
    dry_run: bool

    @property
    def complete(self) -> bool:
        """Whether every post that was found could be brought in."""
        return not any(finding.severity is Severity.ERROR for finding in self.report)


def import_markdown(
    work: Workspace,
    source: Path,
    *,
    license: str = "",  # noqa: A002 - the format's own word
    lang: str = "",
    url: str = "",
    permalink: str = "",
    dry_run: bool = False,
    progress: "Callable[[int, int], None] | None" = None,
) -> Brought:
    """Import a Markdown site in the folder ``source`` as articles of the clone's contingent.

    Running it again writes what is missing, and leaves every file alone that was changed since. Raises
    UsageError for a folder that is not one and for a licence that the charter does not accept.
    """
    from newsrepo.importers.markdown import import_site
    from newsrepo.importers.model import Options

    owner = work.writer()
    if not source.is_dir():
        raise UsageError(f"{str(source)!r} is not a folder", "name the folder of the site's sources")
    charter = work.here.charter
    if license and license not in charter.licenses:
        raise UsageError(
            f"this commons does not accept the licence {license!r}",
            f"it accepts {', '.join(charter.licenses)}; only its authors can put a work under one of them",
        )
    options = Options(
        license=license or None,
        lang=lang or None,
        url=url or None,
        permalink=permalink or None,
        media_limit=charter.media_limit,
    )
    imported = import_site(source, owner, options, progress)
    if not (imported.files or imported.findings):
        raise UsageError(
            f"there is no Markdown text in {str(source)!r}", "name the folder that holds the site's .md files"
        )
    with Lock(work.repository.state_dir / "write.lock"):
        written, same, kept = _write(work.root, imported.files, dry_run=dry_run, progress=progress)
    return Brought(
        tuple(written),
        tuple(same),
        tuple(kept),
        imported.findings,
        dict(imported.counts),
        imported.passed,
        dry_run,
    )


def import_polis(
    work: Workspace,
    source: Path,
    *,
    license: str = "",  # noqa: A002 - the format's own word
    source_license: str = "",
    lang: str = "",
    axis: str = "agree",
    dry_run: bool = False,
    progress: "Callable[[int, int], None] | None" = None,
) -> Brought:
    """Import the export of a Polis conversation: its statements as articles, its votes as ratings.

    The contingent's file is written if there is none, and declares the axis if it does not. Raises UsageError
    for a folder that holds no export, and where an axis of that name means something else.
    """
    from newsrepo import records
    from newsrepo.ids import Kind
    from newsrepo.importers.polis import Options, import_conversation
    from newsrepo.importers.reading import Folder
    from newsrepo.porcelain.axes import declare

    owner = work.contingent()
    charter = work.here.charter
    if license and license not in charter.licenses:
        raise UsageError(
            f"this commons does not accept the licence {license!r}",
            f"it accepts {', '.join(charter.licenses)}; only its authors can put a work under one of them",
        )
    tip = work.repository.tip()
    imported = import_conversation(
        Folder(source),
        owner,
        Options(
            license=license or None,
            source_license=source_license or None,
            lang=lang or "und",
            axis=axis,
            digits=len(tip.commit) if tip else 40,
        ),
    )
    for path, data in imported.files.items():
        kind = Kind.ARTICLE if path.startswith("articles/") else Kind.RATINGS
        faults = [f for f in records.parse(kind, data, path).findings if f.severity is Severity.ERROR]
        if faults:
            raise UsageError(f"{path}: {faults[0].message}", faults[0].hint)
    with Lock(work.repository.state_dir / "write.lock"):
        declared = declare(work.root, owner, axis, dry_run=dry_run)
        written, same, kept = _write(work.root, imported.files, dry_run=dry_run, progress=progress)
    return Brought(
        (*declared, *written),
        tuple(same),
        tuple(kept),
        imported.findings,
        dict(imported.counts),
        imported.passed,
        dry_run,
    )


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What the user says of a feed or an export: see the options of the same names."""

    license: str = ""
    lang: str = ""
    media: Path | None = None
    media_creator: str = ""
    media_license: str = ""
    undated: str = ""
    drafts: bool = False
    comments: bool = True
    kinds: tuple[str, ...] = ("post",)


def import_wordpress(
    work: Workspace,
    source: Path,
    wish: Wish,
    *,
    dry_run: bool = False,
    progress: "Callable[[int, int], None] | None" = None,
) -> Brought:
    """Import a WordPress export as articles and comments of the clone's contingent.

    Running it again brings what is new, and leaves all that was brought before alone, wherever it stands by
    now. Raises UsageError for what is no such export and for a licence that the charter does not accept.
    """
    from newsrepo.importers.wxr import Export

    return _import_items(work, Export(source), wish, dry_run=dry_run, progress=progress)


def import_feeds(
    work: Workspace,
    source: Path,
    wish: Wish,
    *,
    dry_run: bool = False,
    progress: "Callable[[int, int], None] | None" = None,
) -> Brought:
    """Import a feed, or a folder of feeds, as ``import_wordpress`` does an export. Nothing is fetched."""
    from newsrepo.importers.feeds import Feeds

    feeds = Feeds(source)
    done = _import_items(work, feeds, wish, dry_run=dry_run, progress=progress)
    return msgspec.structs.replace(done, passed=feeds.passed)


def _import_items(
    work: Workspace,
    source: "Source",
    wish: Wish,
    *,
    dry_run: bool,
    progress: "Callable[[int, int], None] | None",
) -> Brought:
    from newsrepo.importers import fields
    from newsrepo.importers.bringing import Import
    from newsrepo.importers.planning import Choice
    from newsrepo.importers.shelf import Shelf
    from newsrepo.porcelain.origins import known

    owner = work.writer()
    charter = work.here.charter
    if wish.media_license and re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,59}", wish.media_license) is None:
        raise UsageError(f"{wish.media_license!r} is no licence id", "write an SPDX id, such as CC-BY-4.0")
    if wish.license and wish.license not in charter.licenses:
        raise UsageError(
            f"this commons does not accept the licence {wish.license!r}",
            f"it accepts {', '.join(charter.licenses)}; only its authors can put a work under one of them",
        )
    if wish.lang and fields.language(wish.lang) != wish.lang:
        raise UsageError(f"{wish.lang!r} is not a language tag", "write en, de, pt-BR or the like")
    choice = Choice(
        license=wish.license or None,
        lang=wish.lang,
        kinds=frozenset(wish.kinds),
        drafts=wish.drafts,
        comments=wish.comments,
        undated=_day(wish.undated),
        media_limit=charter.media_limit,
        media_creator=fields.name(wish.media_creator) or None,
        media_license=wish.media_license or None,
    )
    shelf = Shelf(wish.media, charter.media_limit) if wish.media is not None else None
    written: list[str] = []
    same: list[str] = []
    kept: list[str] = []
    with Lock(work.repository.state_dir / "write.lock"):
        run = Import(source, owner, choice, known(work.root, owner), shelf)
        for number, step in enumerate(run.steps(), 1):
            for path, load in step.files.items():
                for told, paths in zip(
                    (written, same, kept), _put(work.root, path, load, dry_run), strict=True
                ):
                    told += paths
            same += step.same
            kept += step.changed
            if progress is not None:
                progress(number, max(number, run.plan.size))
    return Brought(
        tuple(written), tuple(same), tuple(kept), run.ordered, dict(sorted(run.counts.items())), (), dry_run
    )


def _day(text: str) -> "Moment | None":
    from newsrepo.records.scalars import Moment, ScalarError

    try:
        return Moment.parse(text) if text else None
    except ScalarError as error:
        raise UsageError(error.message, error.hint) from None


def _write(
    root: Path,
    files: "Mapping[str, bytes]",
    *,
    dry_run: bool,
    progress: "Callable[[int, int], None] | None",
) -> tuple[list[str], list[str], list[str]]:
    """Write what is missing. Returns the paths written, those that stood so already, those that differ."""
    written: list[str] = []
    same: list[str] = []
    kept: list[str] = []
    for number, path in enumerate(sorted(files), 1):
        for told, paths in zip(
            (written, same, kept), _put(root, path, partial(files.__getitem__, path), dry_run), strict=True
        ):
            told += paths
        if progress is not None:
            progress(number, len(files))
    return written, same, kept


def _put(
    root: Path, path: str, load: "Callable[[], bytes]", dry_run: bool
) -> tuple[list[str], list[str], list[str]]:
    """Write one file if nothing stands there: it is then in the first list, else in that of its state."""
    target = root / path
    if not os.path.lexists(target):
        if not dry_run:
            write_files(root, {path: load()})
        return [path], [], []
    if not target.is_symlink() and target.is_file() and target.read_bytes() == load():
        return [], [path], []
    return [], [], [path]
