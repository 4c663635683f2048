"""What is behind the browser editor: it reads and writes one contingent's texts, and every save is a commit.

Requests come from a browser: no path, text or picture is believed. Whatever is saved has been checked first
as it would stand, and is written in its canonical form.
"""

import json
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from newsrepo import records
from newsrepo.editor import protocol as p
from newsrepo.editor.texts import Faulty, field_at, record_of, shown, told, tree_of
from newsrepo.errors import NewsrepoError, UnableError
from newsrepo.gitstore.committing import commit, refuse_underway, signer
from newsrepo.gitstore.files import Lock
from newsrepo.gitstore.overlay import OverlaySnapshot
from newsrepo.ids import Kind, Oid
from newsrepo.location import Finding, Severity
from newsrepo.porcelain.editing_paths import fit, owned
from newsrepo.porcelain.editing_pins import pin
from newsrepo.porcelain.pull import check_change
from newsrepo.porcelain.workspace import Workspace, write_files
from newsrepo.records.paths import MEDIA_TYPES, Place, place

if TYPE_CHECKING:
    from newsrepo.commons import Commons

_PICTURE: Final = 8 << 20
"""Bytes of one picture that the editor is shown, or takes."""

_FOLDERS: Final = {"articles": Kind.ARTICLE, "challenges": Kind.CHALLENGE, "comments": Kind.COMMENT}


class Desk:
    """Answers the requests of one editor. ``discover`` gives the workspace anew, ``now`` the moment.

    Raises what ``ready`` raises.
    """

    def __init__(
        self,
        discover: Callable[[], Workspace],
        now: Callable[[], datetime],
        log: Callable[[str], None] | None = None,
    ) -> None:
        self._discover = discover
        self._now = now
        self._log = log
        self._seen: dict[str, Oid] = {}
        self._turn = threading.Lock()
        self._open: list[Workspace] = []
        with self._turn:
            work = self._workspace()
            ready(work)
            self.owner = work.writer()
            self._close()

    def answer(self, body: bytes) -> Any:
        """What a request is answered with, fit for JSON. Raises p.RefusedError with words for the person."""
        request = p.read(body)
        with self._turn:
            try:
                return self._do(request)
            except Faulty as error:
                raise p.RefusedError(error.told()) from None
            except NewsrepoError as error:
                hint = f" ({error.hint})" if error.hint else ""
                raise p.RefusedError(f"{error.message}{hint}") from None
            finally:
                self._close()

    def _workspace(self) -> Workspace:
        """The workspace as it is now, until the request is answered."""
        self._open.append(self._discover())
        return self._open[-1]

    def _close(self) -> None:
        while self._open:
            self._open.pop().repository.close()

    def _do(self, request: p.Request) -> Any:
        match request:
            case p.Persist():
                return self._save(request)
            case p.Folder():
                return list(self._entries(request.folder))
            case p.Files():
                view = self._view()
                return [self._entry(view, file.path, note=False) for file in request.files]
            case p.Entry():
                return self._entry(self._view(), request.path, note=True)
            case p.Media():
                return list(self._pictures(request.media_folder))
            case p.Picture():
                return self._picture(self._view(), request.path)
            case p.Upload():
                raise p.RefusedError("a picture belongs to an article: add it from within the article's form")
            case p.Delete():
                raise p.RefusedError("nothing is deleted here: set the status to Withdrawn, and say why")
            case p.Info():
                return {"repo": self.owner, "publish_modes": ["simple"], "type": "newsrepo"}
            case p.Unpublished():
                return []
            case p.Preview():
                return None

    # -- reading -----------------------------------------------------------------------------------------

    def _view(self) -> "Commons":
        """The working tree as it is now."""
        work = self._workspace()
        return work.commons(work.snapshot(alone=True))

    def _place(self, path: str) -> Place:
        found = owned(fit(path), self.owner)
        if found is None:
            raise p.RefusedError(f"{path[:100]!r} is no text of {self.owner}'s", 403)
        return found

    def _entries(self, folder: str) -> Iterator[Any]:
        """All texts of a folder of the contingent's, of the kind that the folder is for."""
        root, _, rest = folder.rstrip("/").partition("/")
        kind = _FOLDERS.get(root)
        if kind is None or rest != self.owner:
            raise p.RefusedError(f"{folder[:100]!r} is no folder of {self.owner}'s", 403)
        view = self._view()
        wanted = [
            file for file in view.files.values() if file.place.kind is kind and file.place.owner == self.owner
        ]
        for file, (oid, data) in zip(wanted, view.texts([file.oid for file in wanted]), strict=True):
            yield _entry(file.place.path, shown(kind, data, file.place.path), oid)

    def _entry(self, view: "Commons", path: str, *, note: bool) -> Any:
        """One text, or that there is none; with ``note`` it is remembered which was seen, for the save."""
        where = self._place(path)
        file = view.files.get(where.path)
        if file is None:
            if note:
                self._seen.pop(where.path, None)
            return _entry(path, self._draft(view, where), None)
        if note:
            self._seen[where.path] = file.oid
        ((oid, data),) = view.texts([file.oid])
        return _entry(where.path, shown(where.kind, data, where.path), oid)

    def _draft(self, view: "Commons", where: Place) -> str | None:
        """What the form of a text begins with whose place is known before it is written."""
        if where.kind is Kind.RATINGS:
            return "ratings: []\n"
        if where.kind is not Kind.ANSWER:
            return None
        me = view.contingents.get(self.owner)
        lang = (me.lang if me is not None else None) or view.charter.lang
        front = {"date": self._now().date().isoformat(), "kind": "answer", "lang": lang}
        return f"---\n{json.dumps(front)}\n---\n"

    def _pictures(self, folder: str) -> Iterator[Any]:
        view = self._view()
        start = fit(f"{folder}/index.md").removesuffix("index.md")
        for path in view.files:
            if path.startswith(start) and place_of_picture(path, self.owner) is not None:
                yield self._picture(view, path)

    def _picture(self, view: "Commons", path: str) -> Any:
        found = place_of_picture(path, self.owner)
        file = view.files.get(path) if found is not None else None
        if file is None:
            raise p.RefusedError(f"there is no picture {path[:100]!r}", 404)
        ((oid, data),) = view.texts([file.oid], _PICTURE)
        return {
            "id": oid,
            "name": path.rpartition("/")[2],
            "path": path,
            "content": b64encode(data).decode("ascii"),
            "encoding": "base64",
        }

    # -- writing -----------------------------------------------------------------------------------------

    def _save(self, request: p.Persist) -> Any:
        (data,) = request.data_files
        where = self._place(data.path)
        work = self._workspace()
        ready(work)
        with Lock(work.repository.state_dir / "write.lock", wait=5):
            before = work.here.files.get(where.path)
            if before is not None and self._seen.get(where.path) != before.oid:
                raise p.RefusedError(
                    f"{where.path} changed since it was opened here: copy your text, open it again, put it in"
                )
            pictures = {name: asset.data() for asset in request.assets if (name := _name(asset.path))}
            for name, held in pictures.items():
                if len(held) > _PICTURE:
                    raise p.RefusedError(f"the picture {name!r} has more than {_PICTURE >> 20} MiB")
            tree = tree_of(where.kind, data.raw)
            files = pin(work, where, tree, pictures)
            files[where.path] = records.write(record_of(where.kind, tree, where.path))
            folder = where.path.rpartition("/")[0]
            files |= {f"{folder}/{name}": held for name, held in pictures.items()}
            self._check(work, files)
            made = self._commit(work, where, files, new=before is None)
        self._seen[where.path] = records.blob_id(files[where.path], len(made))  # type: ignore[assignment]
        if self._log is not None:
            self._log(f"{where.path}: {made[:10]}")
        return {"message": "saved", "commit": made}

    def _check(self, work: Workspace, files: Mapping[str, bytes]) -> None:
        """Refuse what ``check`` would find an error in, were it written."""
        for path in files:
            found = place(path)
            if isinstance(found, Finding):
                raise p.RefusedError(told(found))
        overlay = OverlaySnapshot(work.snapshot(alone=True), files, work.repository.algorithm)
        checked = check_change(work, overlay, "", tuple(sorted(files)))
        errors = [f for f in checked.findings if f.severity is Severity.ERROR]
        if errors:
            raise p.RefusedError("; ".join(told(f, _field(files, f)) for f in errors[:5]))

    def _commit(self, work: Workspace, where: Place, files: Mapping[str, bytes], *, new: bool) -> Oid:
        repository = work.repository
        there = {path for path in files if path in work.here.files}
        write_files(work.root, {path: files[path] for path in files if path not in there})
        write_files(work.root, {path: files[path] for path in there}, new=False)
        head = repository.head()
        digits = len(head) if head else 40 if repository.algorithm == "sha1" else 64
        oids = {path: Oid(records.blob_id(data, digits)) for path, data in files.items()}
        verb = "Add" if new else "Revise"
        message = f"Rate as {where.id}" if where.kind is Kind.RATINGS else f"{verb} {where.id}"
        return commit(
            repository, oids, repository.branch, message, signer(repository), int(self._now().timestamp())
        )


def ready(work: Workspace) -> None:
    """Raise UnableError or UsageError where a save could not become a commit."""
    work.writer()
    signer(work.repository)
    refuse_underway(work.repository)
    if not work.repository.branch:
        raise UnableError("no branch is checked out, so a save would belong to none", "git switch main")


def place_of_picture(path: str, owner: str) -> Place | None:
    """The place of a picture of this contingent's; None for all else."""
    found = place(path)
    if isinstance(found, Finding) or found.kind is not Kind.MEDIA or found.owner != owner:
        return None
    return found


def _name(path: str) -> str:
    """A picture's own name: wherever the editor thinks that it belongs, it goes beside the text."""
    name = path.rpartition("/")[2]
    if name.rpartition(".")[2].lower() not in MEDIA_TYPES:
        raise p.RefusedError(f"{name[:100]!r} is no picture, sound or video that may be published")
    return name


def _field(files: Mapping[str, bytes], finding: Finding) -> str:
    data = files.get(finding.location.path, b"") if finding.location.path.endswith((".md", ".yaml")) else b""
    return field_at(data.decode("utf-8", "replace").split("\n"), finding.location.line)


def _entry(path: str, data: str | None, oid: Oid | None) -> Any:
    return {"data": data, "file": {"path": path, "id": oid}}
