"""One commons as read from one snapshot: all that the floors above may ask, answered lazily by the index."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, partial
from types import MappingProxyType
from typing import Protocol, TypeVar

from msgspec.structs import force_setattr, replace

from newsrepo.commons import facts, words
from newsrepo.commons.groups import File, Head, group_of
from newsrepo.commons.index import Index, load_faults, load_files
from newsrepo.commons.model import Remark, Work
from newsrepo.commons.prints import keep, prints, recall, remembered
from newsrepo.commons.ratings import Ratings
from newsrepo.commons.search import search
from newsrepo.commons.store import Store
from newsrepo.commons.union import Home, Terms, Union, labelled
from newsrepo.errors import UnableError
from newsrepo.gitstore.snapshot import READ_LIMIT, Snapshot, Tip
from newsrepo.ids import ArticleId, AxisId, ContingentId, FilterId, Kind, Oid
from newsrepo.location import Finding, Location, Severity
from newsrepo.records import MediaFacts, parse
from newsrepo.records import types as t
from newsrepo.records.claims import is_signed
from newsrepo.records.text import MAX_TEXT

T = TypeVar("T")
R = TypeVar("R", bound=t.Record)


class Elsewhere(Protocol):
    """What this clone knows of homes beyond those that speak in a view."""

    def unfetched(self, own: Snapshot) -> tuple[ContingentId, ...]:
        """The contingents whose home is not here, by these files, and was never reached; in order of id."""

    def ever(self, owner: ContingentId) -> frozenset[str]:
        """Every path of a contingent's at any tip of its home that was ever seen, and every article in the
        history of the last; kept in memory."""


class Commons:
    """Implements ``CommonsView``. Equal files give equal answers, whatever the state of the index.

    Any property or method may raise UnableError when the repository cannot be read.
    """

    def __init__(self, snapshot: Snapshot, index: Index, elsewhere: Elsewhere | None = None) -> None:
        self.snapshot = snapshot
        self.index = index
        self._elsewhere = elsewhere

    @property
    def key(self) -> str:
        """Equal keys mean equal content, whatever the machine."""
        return self.snapshot.key

    @property
    def source(self) -> str:
        """The ref that was read; empty for the working tree and for a union, see ``source_of``."""
        return self.snapshot.label

    def _ask(self, question: Callable[[Store, Head], T], /) -> T:
        return self.index.ask(self.snapshot, question)

    # -- files -------------------------------------------------------------------------------------------

    @cached_property
    def files(self) -> Mapping[str, File]:
        """Every well-placed file by path, in order of path."""
        return MappingProxyType({f.place.path: f for f in self._ask(load_files)})

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The path of every regular file in view, well placed or not, in order."""
        return tuple(sorted({*self.files, *(f.location.path for f in self._ask(load_faults))}))

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What was found wrong while reading: odd entries, misplaced files, faults of records; in order."""
        found = [*self._odd(), *(self._here(f) for f in self._ask(load_faults))]
        return tuple(sorted(found, key=lambda finding: finding.order))

    def _odd(self) -> Iterator[Finding]:
        union = self._union
        if union is None:
            yield from self.snapshot.findings
            return
        yield from union.ours_odd
        yield from self._ask(lambda _, head: head.odd)
        yield from (_never_reached(owner) for owner in union.plan.stale)

    def _here(self, finding: Finding) -> Finding:
        return labelled(finding, self.source)

    # -- sources -----------------------------------------------------------------------------------------

    @property
    def _union(self) -> Union | None:
        return self.snapshot if isinstance(self.snapshot, Union) else None

    @property
    def homes(self) -> tuple[Home, ...]:
        """The homes that speak in this view, in order of contingent; none unless it is a union."""
        return self._union.homes if self._union else ()

    @cached_property
    def stale(self) -> tuple[ContingentId, ...]:
        """The contingents whose home was never reached, so that the copy here stands in; in order of id."""
        if self._union is not None:
            return self._union.plan.stale
        return self._elsewhere.unfetched(self.snapshot) if self._elsewhere else ()

    def stood(self, owner: ContingentId, path: str) -> bool:
        """Whether a file stood at any tip of its owner's home that was ever seen, or an article before it."""
        return self._elsewhere is not None and path in self._elsewhere.ever(owner)

    def tip_of(self, owner: ContingentId) -> Tip | None:
        """The commit that speaks for a contingent; None before the first one, and in memory."""
        return next((home.tip for home in self.homes if home.owner == owner), self.snapshot.tip)

    @cached_property
    def _labels(self) -> Mapping[str, tuple[str, ...]]:
        """The sources of each group of files."""
        found: dict[str, tuple[str, ...]] = {}
        for group in self._ask(lambda _, head: head.groups):
            found[group.name] = (*found.get(group.name, ()), group.source or self.source)
        return found

    @cached_property
    def _mixed(self) -> Mapping[str, str]:
        """The source of each file in groups that have several."""

        def question(store: Store, head: Head) -> dict[str, str]:
            groups = [g for g in head.groups if len(self._labels[g.name]) > 1]
            return {
                file.place.path: group.source
                for group in groups
                for file in load_files(store, Head((group,)))
            }

        return self._ask(question)

    def source_of(self, path: str) -> str:
        """Which ref a file of this view was read from: ``abc@3f2a9c1d``; empty for the working tree."""
        if self._union is None:
            return self.source
        labels = self._labels.get(group_of(path), ())
        return labels[0] if len(labels) == 1 else self._mixed.get(path, "")

    @cached_property
    def carried(self) -> tuple[tuple[str, Oid, str], ...]:
        """Every signed record of a vote, with its signature, in every ref in view: (path, blob, source).

        Also those of which the view shows another version, from the ref that speaks for their owner.
        """
        if self._union is not None:
            return self._union.every_carrier()
        return tuple((path, f.oid, self.source) for path, f in self.files.items() if is_signed(path))

    def texts(self, oids: Iterable[Oid], limit: int = READ_LIMIT) -> Iterator[tuple[Oid, bytes]]:
        """The bytes of blobs, streamed, in the order asked. Raises UnableError for one over ``limit``."""
        for blob in self.snapshot.read(oids, limit):
            if blob.data is None:
                raise UnableError(
                    f"object {blob.oid} has {blob.size} bytes, more than {limit}", "make it smaller"
                )
            yield blob.oid, blob.data

    def record(self, path: str) -> t.Record | None:
        """The whole record in a file, with its body; None if there is no such file or no record in it."""
        file = self.files.get(path)
        if file is None or file.place.kind in facts.UNREAD:
            return None
        (blob,) = self.snapshot.read([file.oid], MAX_TEXT)
        return None if blob.data is None else parse(file.place.kind, blob.data, path).record

    def media(self, path: str) -> MediaFacts | None:
        """What a media file is by its own bytes; None if there is no such file or that cannot be said."""
        return next((found for _, found, _ in self.look_at([path])), None)

    def look_at(self, paths: Iterable[str]) -> Iterator[tuple[str, MediaFacts | None, tuple[Finding, ...]]]:
        """What media files are by their own bytes, and what is wrong with these; in the order asked.

        Each blob is read once ever. Paths of anything but media are left out; of a file over 32 MiB nothing
        is known but its size.
        """
        wanted = [f for f in map(self.files.get, paths) if f is not None and f.place.kind is Kind.MEDIA]
        for start in range(0, len(wanted), 100):
            some = wanted[start : start + 100]
            for file, fact in zip(some, self._ask(partial(self._media, some)), strict=True):
                path = file.place.path
                source = self.source_of(path)
                yield path, facts.media(fact), tuple(labelled(f, source) for f in facts.findings(fact, path))

    def _media(self, files: list[File], store: Store, _: Head) -> list[bytes]:
        paths = {file.oid: file.place.path for file in files}
        for oid in store.known(Kind.MEDIA, list(paths)):
            del paths[oid]
        for blob in self.snapshot.read(paths, READ_LIMIT):
            if blob.data is None:
                read = facts.unread([])
            else:
                read = facts.read(Kind.MEDIA, blob.data, paths[blob.oid])
            with store.writing():
                store.add_facts([(Kind.MEDIA, blob.oid, read.data)])
        return list(store.facts(Kind.MEDIA, [file.oid for file in files]))

    # -- records -----------------------------------------------------------------------------------------

    def _records(self, root: str, kind: Kind, cls: type[R]) -> list[tuple[File, R]]:
        """The readable records of a kind, in order of path."""

        def question(store: Store, head: Head) -> list[tuple[File, R]]:
            files = [f for f in load_files(store, head, root) if f.place.kind is kind]
            kept = store.facts(kind, [f.oid for f in files])
            read = ((file, facts.record(fact, cls)) for file, fact in zip(files, kept, strict=True))
            return [(file, record) for file, record in read if record is not None]

        return self._ask(question)

    @cached_property
    def charter_or_none(self) -> t.Charter | None:
        """The charter; None if it is missing or broken."""
        found = self._records("newsrepo.yaml", Kind.CHARTER, t.Charter)
        return found[0][1] if found else None

    @property
    def charter(self) -> t.Charter:
        """The charter. Raises UnableError with the way out if it is missing or broken."""
        charter = self.charter_or_none
        if charter is not None:
            return charter
        if "newsrepo.yaml" not in self.files:
            raise UnableError(
                "there is no charter: newsrepo.yaml is missing", "`newsrepo init` makes a new commons here"
            )
        fault = next((f for f in self.findings if f.location.path == "newsrepo.yaml"), None)
        where = f" ({fault.location}: {fault.message})" if fault else ""
        raise UnableError(
            f"the charter cannot be read{where}",
            "mend newsrepo.yaml; `newsrepo check newsrepo.yaml` lists its faults",
        )

    @cached_property
    def contingents(self) -> Mapping[ContingentId, t.Contingent]:
        """The readable contingents, in order of id. Home and keys are those in force, not as merely said."""
        found = self._records("contingents", Kind.CONTINGENT, t.Contingent)
        said = {ContingentId(file.place.id): record for file, record in _by_id(found)}
        for terms in self._union.plan.terms if self._union else ():
            if terms.owner in said:
                said[terms.owner] = _in_force(said[terms.owner], terms)
        return MappingProxyType(said)

    @cached_property
    def axes(self) -> Mapping[AxisId, t.Axis]:
        """Common axes by bare name, contingents' own as ``abc/line``; in order of name. No charter: none."""
        charter = self.charter_or_none
        axes = {AxisId(name): axis for name, axis in (charter.axes if charter else {}).items()}
        for owner, contingent in self.contingents.items():
            axes |= {AxisId(f"{owner}/{name}"): axis for name, axis in contingent.axes.items()}
        return MappingProxyType(dict(sorted(axes.items())))

    @cached_property
    def filters(self) -> Mapping[FilterId, t.Filter]:
        """The readable filters, in order of id."""
        found = self._records("filters", Kind.FILTER, t.Filter)
        return MappingProxyType(
            {FilterId(file.place.id.removeprefix("filter:")): record for file, record in _by_id(found)}
        )

    @cached_property
    def works(self) -> Mapping[ArticleId, Work]:
        """All readable works, of any status, in order of id."""

        def question(store: Store, head: Head) -> list[tuple[str, tuple[Work, ...]]]:
            groups = head.under("articles")
            return [(g.source or self.source, facts.works(store.part("works", g.key))) for g in groups]

        works: list[Work] = []
        for source, some in self._ask(question):
            if source:
                for work in some:  # just decoded, nobody else has seen them
                    force_setattr(work, "source", source)
            works += some
        works.sort(key=lambda work: work.id)
        return MappingProxyType({work.id: work for work in works})

    @cached_property
    def remarks(self) -> tuple[Remark, ...]:
        """The readable comments, in order of id."""

        def question(store: Store, head: Head) -> list[tuple[File, facts.CommentFact]]:
            files = [f for f in load_files(store, head, "comments") if f.place.kind is Kind.COMMENT]
            kept = store.facts(Kind.COMMENT, [f.oid for f in files])
            read = ((file, facts.comment(fact)) for file, fact in zip(files, kept, strict=True))
            return [(file, found) for file, found in read if found is not None]

        return tuple(
            Remark(
                file.place.id,
                file.oid,
                file.place.path,
                self.source_of(file.place.path),
                found.comment,
                tuple(map(ArticleId, found.links)),
            )
            for file, found in sorted(self._ask(question), key=lambda pair: pair[0].place.id)
        )

    @cached_property
    def ratings(self) -> Ratings:
        """The ratings that count."""
        ranges = {str(axis): (scale.min, scale.max) for axis, scale in self.axes.items()}
        return Ratings(self._ask, self.works, ranges, self.source)

    # -- what floors above work out ----------------------------------------------------------------------

    def prints(self, scheme: str, oids: Iterable[Oid], make: Callable[[str], bytes]) -> dict[Oid, bytes]:
        """What ``make`` says of the body of each of these texts, looked at once ever for each ``scheme``."""
        wanted = tuple(oids)
        return self._ask(lambda store, _: prints(store, self.snapshot, scheme, wanted, make))

    def remembered(self, name: str, make: Callable[[], bytes]) -> bytes:
        """What ``make`` answers, kept under ``name`` as long as nothing under ``articles/`` changes: it may
        rest on nothing else."""
        return self._ask(lambda store, head: remembered(store, head, name, make))

    def kept(self, role: str, key: str, make: Callable[[], bytes]) -> bytes:
        """What ``make`` answers, kept under ``key``, from which it must follow; of each role the latest."""
        return self.index.kept(role, key, make)

    def recall(self, name: str) -> bytes | None:
        """What was kept under ``name`` for just this view; None if nothing is."""
        return self._ask(lambda store, _: recall(store, name, self.key))

    def keep(self, name: str, answer: bytes) -> None:
        """Keep what follows from this view alone, as long as it is among the latest of its kind, which is the
        first word of ``name``."""
        self._ask(lambda store, _: keep(store, name, self.key, answer))

    # -- search ------------------------------------------------------------------------------------------

    @cached_property
    def _by_version(self) -> dict[Oid, list[ArticleId]]:
        found: dict[Oid, list[ArticleId]] = {}
        for work in self.works.values():
            found.setdefault(work.version, []).append(work.id)
        return found

    def search(self, text: str, *, phrase: bool) -> frozenset[ArticleId]:
        """The works whose title, summary or text hold each of the words, or the words in this order.

        Case and accents do not matter; of scripts without spaces any run of letters is found. No word: none.
        """
        expression = words.expression(text, phrase=phrase)
        if expression is None:
            return frozenset()
        by_version = self._by_version
        texts = {version: self.works[ids[0]] for version, ids in by_version.items()}
        versions = self._ask(lambda store, _: search(store, self.snapshot, texts, expression))
        return frozenset(work for version in versions for work in by_version[version])


def _by_id(found: list[tuple[File, R]]) -> list[tuple[File, R]]:
    return sorted(found, key=lambda pair: pair[0].place.id)


def _in_force(said: t.Contingent, terms: Terms) -> t.Contingent:
    return replace(said, home=terms.home, branch=terms.branch, keys=terms.keys)


def _never_reached(owner: ContingentId) -> Finding:
    return Finding(
        "never-reached",
        Location(f"contingents/{owner}.yaml"),
        f"the home of {owner} was never reached: what stands here of theirs is this clone's own copy",
        f"fetch it: newsrepo sync {owner}",
        Severity.NOTE,
    )


def open_commons(snapshot: Snapshot, index: Index, elsewhere: Elsewhere | None = None) -> Commons:
    """The commons that a snapshot holds; nothing is read before it is asked for.

    Without ``elsewhere`` nobody knows of any home beyond the view.
    """
    return Commons(snapshot, index, elsewhere)
