"""``dangling-id``: a record names another that does not exist."""

from collections.abc import Iterator

from newsrepo.checks.absent import absent
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
    for name, chosen in scope.commons.filters.items():
        for field, named in (("include", chosen.comments.include), ("exclude", chosen.comments.exclude)):
            for at, comment in enumerate(named):
                if comment not in ids:
                    yield _fault(scope, f"filters/{name}.yaml", comment, ("comments", field, at))
    for file, record in scope.records(Kind.CHALLENGE):
        if isinstance(record, t.Challenge):
            for at, about in enumerate(record.about):
                if about not in ids:
                    yield _fault(scope, file.place.path, about, ("about", at))


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _fault(scope: Scope, path: str, wanted: str, keys: tuple[str | int, ...]) -> Fault:
    told = absent(scope, wanted)
    return Fault(path, told.message, told.hint, keys, rule=told.rule, severity=told.severity)


RULE = Rule(
    "dangling-id",
    "A record names another that does not exist.",
    _find,
    others=("gone-record", "unseen-record"),
)
