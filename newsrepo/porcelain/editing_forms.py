"""What the editor's forms offer of the commons as it stands, and the configuration made of it."""

from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from newsrepo.editor import page
from newsrepo.editor.forms import Asked, Choice, Ground, collections
from newsrepo.ids import ContingentId, Kind
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records import types as t
from newsrepo.records.paths import path_of

if TYPE_CHECKING:
    from newsrepo.commons import Commons

_SHOWN = 400


def ground(work: Workspace, today: date | None, *, pinned: bool) -> Ground:
    """What there is to choose from; with a day also that month's ratings, where somebody rates here.

    Raises UsageError where nobody says for whom one writes.
    """
    owner, view = work.writer(), work.here
    me = view.contingents.get(owner)
    usable = [w for w in view.works.values() if w.status is not t.Status.WITHDRAWN]
    works = tuple(Choice(f"{w.title} ({w.id})", w.id) for w in usable)
    versions = {str(w.id): str(w.version) for w in usable}
    put = [file for file in view.files.values() if file.place.kind is Kind.CHALLENGE]
    versions |= {file.place.id: str(file.oid) for file in put}
    questions = [
        Choice(f"{asked.title} (question to {', '.join(asked.to)})", file.place.id)
        for file in put
        if isinstance(asked := view.record(file.place.path), t.Challenge)
    ]
    return Ground(
        contingent=owner,
        name=me.name if me is not None else owner,
        lang=(me.lang if me is not None else None) or view.charter.lang,
        licenses=view.charter.licenses,
        contingents=tuple(Choice(f"{c.name} ({id_})", id_) for id_, c in view.contingents.items()),
        works=works,
        records=(*works, *questions),
        asked=tuple(_asked(view, owner)),
        axes={str(axis): facts for axis, facts in view.axes.items()},
        pinned=pinned,
        versions=versions,
        month=_month(work, owner, today) if today is not None else "",
    )


def _month(work: Workspace, owner: ContingentId, today: date) -> str:
    """The file of this month's ratings; empty where nobody of the contingent rates in this clone."""
    from newsrepo.porcelain.rate import month_path

    if not work.knows_rater:
        return ""
    rater = work.rater()
    return month_path(rater, today) if rater.startswith(f"{owner}/") else ""


def _asked(view: "Commons", owner: ContingentId) -> list[Asked]:
    """The questions to a contingent that it has not answered, in order of id."""
    found = []
    for path, file in view.files.items():
        if file.place.kind is not Kind.CHALLENGE:
            continue
        record = view.record(path)
        id_ = file.place.id.removeprefix("challenge:")
        if (
            not isinstance(record, t.Challenge)
            or owner not in record.to
            or record.status is t.PublicStatus.WITHDRAWN
            or path_of(Kind.ANSWER, f"{id_}/{owner}") in view.files
        ):
            continue
        ((_, data),) = view.texts([file.oid])
        text = " ".join(record.body.split())
        short = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
        found.append(Asked(id_, record.title, id_.partition("/")[0], short, sha256(data).hexdigest()))
    return found


def local_config(work: Workspace, today: date, api: str) -> bytes:
    """``config.yml`` for the editor on this machine."""
    settings: dict[str, Any] = {
        "backend": {"name": "proxy", "proxy_url": api, "branch": work.repository.branch},
        "publish_mode": "simple",
        # Any letters: what the editor makes of a title is made a name of ours on saving.
        "slug": {"encoding": "unicode", "clean_accents": True},
    }
    return page.config(settings, collections(ground(work, today, pinned=True)))
