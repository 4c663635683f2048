"""Build one edition into a directory: a filter's choice, planned as pages and published."""

import dataclasses
import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct
from msgspec.structs import replace

from newsrepo.commons.union import Union
from newsrepo.credit import stories
from newsrepo.credit.origin import Pasts
from newsrepo.editions import names, site
from newsrepo.editions.context import Context, Library
from newsrepo.editions.manifest import GENERATOR, HERE, Manifest, Pins, Source
from newsrepo.editions.page import Page
from newsrepo.editions.publish import Memory, Published, Texts, publish
from newsrepo.editions.shards import Share, Whole
from newsrepo.editions.theme import Theme
from newsrepo.errors import UnableError
from newsrepo.filters import FilterError, select
from newsrepo.filters.faults import Problem, shown
from newsrepo.filters.gate import guard
from newsrepo.gitstore.files import Lock, hold_folder
from newsrepo.gitstore.snapshot import Snapshot
from newsrepo.ids import ContingentId, FilterId, Oid
from newsrepo.ledger import Ledger
from newsrepo.location import Finding, Severity
from newsrepo.records import types as t
from newsrepo.records.text import MAX_TEXT
from newsrepo.scores import Trust, trusted

if TYPE_CHECKING:
    from newsrepo.editions.assembly import Assembly
    from newsrepo.editions.search import Finder

Progress = Callable[[int, int], None]

OWN_TEMPLATES = "laid out by templates of its publisher\u2019s own"


class Shelf(Library, Protocol):
    """A commons that pages can be made from: its view, its files, its texts and where they came from."""

    @property
    def snapshot(self) -> Snapshot: ...

    @property
    def findings(self) -> tuple[Finding, ...]: ...

    @property
    def carried(self) -> tuple[tuple[str, Oid, str], ...]: ...

    def texts(self, oids: Iterable[Oid], limit: int = ..., /) -> Iterator[tuple[Oid, bytes]]: ...


class EditionResult(Struct, frozen=True):
    """What building did. ``items`` are printed stories, ``pages`` all files but the manifest."""

    filter: FilterId
    out: Path
    title: str
    items: int
    pages: int
    written: int
    deleted: int
    warnings: tuple[Finding, ...] = ()

    @property
    def unchanged(self) -> int:
        return self.pages - self.written


def build_edition(
    commons: Shelf,
    filter_id: FilterId,
    out: Path,
    *,
    today: date,
    state: Path | None = None,
    cut: str = "",
    past: Pasts | None = None,
    assembly: "Assembly | None" = None,
    ledger: Ledger | None = None,
    share: Share | None = None,
    theme: Theme | None = None,
    jobs: int = 1,
    force: bool = False,
    progress: Progress | None = None,
) -> EditionResult:
    """Bring ``out`` up to date with the edition that ``filter_id`` makes of the commons on ``today``.

    ``state`` is a folder where what was built is remembered from run to run; None remembers nothing, and
    does not wait for the disk.
    ``past`` tells the revisions of works, whose texts are then all at hand; without it none are shown.
    ``assembly`` is what the commons put to the vote, of this very view; without it no statement is printed.
    ``ledger`` is what became of public questions on ``today``, of this very view; without it none is shown.
    ``cut`` says in words what this clone lacks, so that nobody else could make the same; empty: nothing.
    ``theme`` lays the pages out; without it, the one that comes with the program does.
    With a ``share`` only that part of the pages is made, for ``build --merge``.
    Works that cannot be read are left out and named in ``warnings``. Raises FilterError for a filter with
    faults and for a contingent whose name could be taken for the commons', UnableError when the directory
    cannot be written (it is then as it was) and LockedError while another run builds into it.
    """
    source = commons.files.get(f"filters/{filter_id}.yaml")

    head = _head(
        commons,
        today,
        filter=filter_id,
        filter_version=source[1] if source else None,
        genesis=assembly.genesis if assembly else "",
        follows=assembly.follows if assembly else (),
        epochs=tuple(epoch.id for epoch in assembly.chain.epochs) if assembly else (),
        cut=cut,
    )
    if theme is not None and theme.own:
        head = replace(head, templates=theme.own, unverifiable=head.unverifiable or OWN_TEMPLATES)
    context = dataclasses.replace(
        prepare(commons, filter_id, today, past, assembly, ledger),
        made=head,
        finder=_finder(commons, filter_id, state),
    )
    if t.Format.PRINT in context.filter.edition.formats:
        from newsrepo.editions.newsprint import newspaper  # with what runs programs

        kept = None if state is None else state / "print" / filter_id.replace("/", ".")
        context = dataclasses.replace(context, paper=newspaper(context, commons.texts, kept))
    pages = site.plan(context, theme)
    head = replace(head, without=_without(context, pages))
    done = _publish(
        pages,
        out,
        _texts(commons, pages),
        head,
        share=share,
        state=state,
        jobs=jobs,
        force=force,
        progress=progress,
    )
    return EditionResult(
        filter=filter_id,
        out=out,
        title=context.filter.edition.title or context.filter.title,
        items=len(context.selection.items),
        pages=len(done.files),
        written=len(done.written),
        deleted=len(done.deleted),
        warnings=(*_unreadable(commons), *site.warnings(context)),
    )


def _head(commons: Shelf, today: date, *, cut: str = "", **more: Any) -> Manifest:
    """A manifest but for its files: what all that is made of this commons on that day has in common."""
    snapshot = commons.snapshot
    pins = None
    if isinstance(snapshot, Union):
        plan = snapshot.plan
        pins = Pins(plan.terms, plan.stale, plan.only)
    return Manifest(
        generator=GENERATOR,
        today=today,
        sources=_sources(snapshot),
        pins=pins,
        content=commons.key,
        unverifiable=_unverifiable(snapshot, cut),
        files={},
        **more,
    )


def _finder(commons: Shelf, filter_id: FilterId, state: Path | None) -> "Finder | None":
    """Where the search of an edition that has one keeps its indexes; None without the tool."""
    if t.Format.SEARCH not in commons.filters[filter_id].edition.formats:
        return None
    from newsrepo.editions.search import Finder, tool

    folder = None if state is None else state / "search" / filter_id.replace("/", ".")
    return Finder(folder, commons.texts) if tool() else None


def _without(context: Context, pages: Iterable[Page]) -> tuple[str, ...]:
    """The extras for want of which this edition lacks a part, by name, in order."""
    wanted = {chosen.value for chosen in context.filter.edition.formats}
    lost = {"map"} if context.sketched.fault is not None else set()
    if "search" in wanted and not any(page.path.startswith("search/") for page in pages):
        lost.add("search")
    if context.paper is not None and not context.paper.pdf:
        lost.add("print")
    return tuple(sorted(lost))


def build_root(
    commons: Shelf,
    outs: Mapping[FilterId, Path],
    root: Path,
    *,
    today: date,
    cut: str = "",
    share: Share | None = None,
    state: Path | None = None,
) -> bool:
    """Bring the page at ``root`` that lists the editions built into ``outs`` up to date; say if it changed.

    Raises UnableError when it cannot be written.
    """
    listed = [
        site.Listed(
            PurePosixPath(os.path.relpath(out, root), "index.html").as_posix(),
            prepare(commons, filter_id, today),
        )
        for filter_id, out in sorted(outs.items())
    ]

    pages = site.plan_root(commons.charter, listed)
    head = _head(commons, today, filter=None, filter_version=None, editions=tuple(sorted(outs)), cut=cut)
    done = _publish(pages, root, commons.texts, head, share=share, state=state)
    return bool(done.written)


def _texts(commons: Shelf, pages: Iterable[Page]) -> Texts:
    """The texts of a commons. One too large stops a build, but an earlier revision is only left empty."""
    once = {oid for page in pages if page.path.startswith(names.REVISIONS) for oid in page.needs}
    once -= {work.version for work in commons.works.values()}
    if not once:
        return commons.texts

    def texts(oids: Iterable[Oid]) -> Iterator[tuple[Oid, bytes]]:
        for old, some in groupby(oids, once.__contains__):
            if old:
                yield from ((blob.oid, blob.data or b"") for blob in commons.snapshot.read(some, MAX_TEXT))
            else:
                yield from commons.texts(some)

    return texts


def prepare(
    commons: Shelf,
    filter_id: FilterId,
    today: date,
    past: Pasts | None = None,
    assembly: "Assembly | None" = None,
    ledger: Ledger | None = None,
) -> Context:
    """What the edition of ``filter_id`` is made from on ``today``. Raises FilterError."""
    chosen = commons.filters[filter_id]
    _refuse_usurper(commons, ContingentId(filter_id.partition("/")[0]))
    return Context(
        commons=commons,
        filter_id=filter_id,
        filter=chosen,
        selection=select(commons, filter_id, today),
        stories=stories(commons.works),
        today=today,
        voices=_voices(trusted(chosen, commons.contingents)),
        read=lambda oids: _kept_texts(commons, oids),
        past=past,
        assembly=assembly,
        ledger=ledger,
    )


def _refuse_usurper(commons: Shelf, owner: ContingentId) -> None:
    """Raise FilterError where the signature line of an edition could be taken for a word of the commons."""
    name, known = guard(commons), commons.contingents.get(owner)
    if name is None or known is None or not name.takes(known.name):
        return
    fact = f"{shown(known.name)} could be taken for the name of the commons, {shown(commons.charter.name)}"
    hint = f"nobody speaks for all: give contingents/{owner}.yaml a name of your own"
    raise FilterError(f"contingent {owner}", (Problem("speaks-for-all", ("name",), fact, hint),))


def _kept_texts(commons: Shelf, oids: Collection[Oid]) -> Iterator[tuple[Oid, bytes]]:
    """Kept sources by id, those too large to be a text left out."""
    for blob in commons.snapshot.read(oids, MAX_TEXT):
        if blob.data is not None:
            yield blob.oid, blob.data


def _publish(
    pages: Sequence[Page],
    out: Path,
    texts: Texts,
    head: Manifest,
    *,
    share: Share | None = None,
    state: Path | None = None,
    jobs: int = 1,
    force: bool = False,
    progress: Progress | None = None,
) -> Published:
    if share is not None:
        head = replace(head, shard=share.mark(pages))
        pages = share.pages(pages)
    tools = {page.path: page.derived for page in pages if page.derived}
    name = hashlib.sha256(os.fsencode(out.absolute())).hexdigest()[:24]
    locks = state or out.parent
    for folder in (locks, out):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UnableError(
                f"cannot make the folder {str(folder)!r}: {error.strerror}", "nothing was built"
            ) from error
    # The lock names its holder; the folder is held against builds from elsewhere, or by another name.
    with Lock(locks / f"{name}.lock"), hold_folder(out):
        return publish(
            in_publishing_order(pages),
            out,
            texts=texts,
            manifest=lambda files: head.listing(files, tools).encode(),
            memory=Memory(state / f"{name}.pages" if state else None),
            jobs=jobs,
            force=force,
            durable=state is not None,
            progress=progress,
        )


def put_together(whole: Whole, out: Path, *, state: Path, progress: Progress | None = None) -> Published:
    """Bring ``out`` up to date with the edition that parts make. Raises UnableError where one is damaged."""
    return _publish(whole.pages, out, _no_texts, whole.head, state=state, progress=progress)


def _no_texts(_: Iterable[Oid]) -> Iterator[tuple[Oid, bytes]]:
    return iter(())


def in_publishing_order(pages: Iterable[Page]) -> list[Page]:
    """Pages so ordered that what others link to comes first: files, texts, lists, and last the front."""
    return sorted(pages, key=lambda page: (_rank(page.path), page.path))


_ORDER = {
    "cited": 0,
    "revisions": 0,
    "articles": 1,
    "stories": 2,
    "index.html": 9,
    "feed.xml": 8,
    "feed.json": 8,
    "sitemap.xml": 8,
}


def _rank(path: str) -> int:
    if not path.endswith((".html", ".xml", ".json")):
        return 0
    return _ORDER.get(path.partition("/")[0], 5)


def _unreadable(commons: Shelf) -> tuple[Finding, ...]:
    """One warning for all files that no edition can print, at the first of them."""
    faults = {f.location.path: f for f in reversed(commons.findings) if f.severity is Severity.ERROR}
    if not faults:
        return ()
    first = faults[min(faults)]
    many = len(faults) > 1
    message = (
        f"{len(faults)} files cannot be read and are left out, this one first"
        if many
        else ("this file cannot be read and is left out")
    )
    return (
        Finding(
            "unreadable-files",
            first.location,
            message,
            "`newsrepo check` names every fault",
            Severity.WARNING,
        ),
    )


def _voices(trust: Trust) -> frozenset[ContingentId]:
    voices = (*trust.direct, *trust.inherited)
    return frozenset([v.contingent for v in voices] + [single.contingent for single in trust.singles])


def _sources(snapshot: Snapshot) -> tuple[Source, ...]:
    """The ref that one stands on, then every home that decides what is in view, in order of contingent."""
    own = snapshot.tip
    homes = snapshot.plan.homes if isinstance(snapshot, Union) else ()
    return (
        Source(HERE, own.commit if own else None, own.tree if own else None),
        *(Source(home.label, home.tip.commit, home.tip.tree) for home in homes),
    )


def _unverifiable(snapshot: Snapshot, cut: str) -> str:
    if snapshot.tip is None or snapshot.dirty:
        return "made from files that were not committed"
    return f"made from {cut}" if cut else ""
