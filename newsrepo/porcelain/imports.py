"""``import``: what an importer made of another site, written into the commons over nothing."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from newsrepo.errors import UsageError
from newsrepo.gitstore.files import Lock
from newsrepo.location import Finding, Severity
from newsrepo.porcelain.workspace import Workspace, write_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Brought(msgspec.Struct, frozen=True):
    """What an import wrote. ``same`` were there already; ``kept`` differ from what would be written.

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
        target = root / path
        if not os.path.lexists(target):
            if not dry_run:
                write_files(root, {path: files[path]})
            written.append(path)
        elif not target.is_symlink() and target.is_file() and target.read_bytes() == files[path]:
            same.append(path)
        else:
            kept.append(path)
        if progress is not None:
            progress(number, len(files))
    return written, same, kept
