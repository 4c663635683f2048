"""``dangling-id``: a record names another that does not exist."""

from collections.abc import Iterator
from difflib import get_close_matches

from newsrepo.checks.model import Fault, Rule, Scope
from newsrepo.ids import Kind
from newsrepo.records import types as t


def _find(scope: Scope) -> Iterator[Fault]:
    ids = scope.ids
    for work in scope.commons.works.values():
        for at, source in enumerate(work.based_on):
            # The text itself may be kept although its home is out of reach; then the id needs no file here.
            if (
                source.article not in ids
                and f"{_folder(work.path)}/sources/{source.version}.md" not in scope.commons.files
            ):
                yield _fault(scope, work.path, source.article, ("based_on", at, "article"))
    for remark in scope.commons.remarks:
        if remark.comment.on not in ids:
            yield _fault(scope, remark.path, remark.comment.on, ("on",))
        reply = remark.comment.reply_to
        if reply is not None and reply not in ids:
            yield _fault(scope, remark.path, reply, ("reply_to",))
    for file, record in scope.records(Kind.CHALLENGE):
        if isinstance(record, t.Challenge):
            for at, about in enumerate(record.about):
                if about not in ids:
                    yield _fault(scope, file.place.path, about, ("about", at))


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _fault(scope: Scope, path: str, wanted: str, keys: tuple[str | int, ...]) -> Fault:
    return Fault(path, f"there is no {wanted}", nearest(scope, wanted), keys)


def nearest(scope: Scope, wanted: str) -> str:
    """A hint that names the id that was most likely meant."""
    # Only ids that share the owner or the last word are compared: a commons may hold very many.
    owner, _, last = wanted.partition("/")[0], "", wanted.rpartition("/")[2]
    near = sorted(i for i in scope.ids if i.endswith(f"/{last}") or i.partition("/")[0] == owner)[:2000]
    close = get_close_matches(wanted, near, n=1, cutoff=0.8)
    return (
        f"did you mean {close[0]} ?" if close else "name a record that exists; `newsrepo find` lists articles"
    )


RULE = Rule("dangling-id", "A record names another that does not exist.", _find)
