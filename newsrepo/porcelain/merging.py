"""``build --merge``: parts that several machines made become the editions that one would have made."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from newsrepo.errors import UsageError
from newsrepo.porcelain.outputs import refuse_directory, refuse_foreign
from newsrepo.porcelain.sealing import Sign, Signer
from newsrepo.porcelain.workspace import Workspace

if TYPE_CHECKING:
    from newsrepo.editions.shards import Whole

Progress = Callable[[int, int], None]


class Joined(NamedTuple):
    """One edition that was put together; ``filter`` is empty for the page that lists several."""

    filter: str
    out: str
    pages: int
    written: int
    deleted: int


class Merged(NamedTuple):
    """What merging did: of how many parts, and every edition as it stands now."""

    parts: int
    editions: tuple[Joined, ...]


def merge(
    work: Workspace,
    folders: Sequence[str],
    *,
    out: Path | None,
    start: Path,
    home: Path | None = None,
    sign: Sign | None = None,
    progress: Progress | None = None,
) -> Merged:
    """Put together what ``build --shard`` left in ``folders``, all parts once, in any order, into ``out``.

    Relative paths start from ``start``. What the parts say of themselves is not believed further than it can
    be checked: every page must have the hash, and all pages the plan, that the manifests name. Raises
    UsageError where a part is missing, comes twice or is of another edition, and for a folder that is not
    ours to write into; UnableError for a damaged part. Nothing is then written for that edition.
    """
    from newsrepo.editions.build import put_together
    from newsrepo.editions.shards import joined, read_part

    if not folders:
        raise UsageError("name the folders with the parts", "such as: newsrepo build --merge part-1 part-2")
    places = [Path(os.path.abspath(start / folder)) for folder in folders]
    target = work.root / "site" if out is None else Path(os.path.abspath(start / out))
    _refuse_part(target, places)
    refuse_directory(target, work.repository, home)
    signer = Signer.of(work, sign, start) if sign is not None else None
    parts = [read_part(place) for place in places]
    root = joined(parts)
    wholes: list[tuple[str, Path, Whole]] = []
    for name in root.head.editions:
        inside = _inside(name)
        whole = joined([read_part(place / inside) for place in places])
        if whole.head.filter != name:
            raise UsageError(f"the parts in {str(inside)!r} are of {whole.head.filter}, not of {name}", "")
        wholes.append((name, target / inside, whole))
    rooted = root.head.filter is None
    refuse_foreign([where for _, where, _ in wholes] or [target], shelf=target if rooted else None)
    wholes.append((root.head.filter or "", target, root))
    state = work.repository.state_dir / "editions"
    done = []
    for chosen, where, whole in wholes:
        made = put_together(whole, where, state=state, progress=progress)
        done.append(Joined(chosen, str(where), len(made.files), len(made.written), len(made.deleted)))
    if signer is not None:
        signer.seal(where for _, where, _ in wholes)
    return Merged(len(parts), tuple(done))


def _inside(name: str) -> Path:
    """Where the edition of a filter lies in a site. Raises UsageError for what no filter is called."""
    from newsrepo.ids import IdError, filter_id

    try:
        return Path(*filter_id(name).split("/"))
    except IdError as error:
        raise UsageError(f"a part lists an edition that cannot be: {error}", "make the parts anew") from None


def _refuse_part(target: Path, places: Sequence[Path]) -> None:
    real = os.path.realpath(target)
    for place in places:
        if os.path.realpath(place) == real:
            raise UsageError(f"{str(place)!r} holds a part: it cannot be the output too", "choose another -o")
