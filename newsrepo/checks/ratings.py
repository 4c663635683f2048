"""``rating-out-of-range`` and its kin: ratings of nothing, on no scale, beyond its ends, in the wrong file.

All in one pass, since ratings may be many: what is kept of a file is only what may turn out to be wrong.
"""

from collections.abc import Iterator

from newsrepo.checks.absent import absent
from newsrepo.checks.model import Fault, Rule, Scope
from newsrepo.checks.unseen import unseen
from newsrepo.ids import AxisId, Kind, Oid
from newsrepo.location import Severity
from newsrepo.records import parse, write
from newsrepo.records import types as t

_Cited = dict[Oid, list[tuple[str, int, str]]]


def _find(scope: Scope) -> Iterator[Fault]:
    ids = scope.ids
    current = frozenset(work.version for work in scope.commons.works.values())
    cited: _Cited = {}
    for file, data in scope.texts(Kind.RATINGS):
        path = file.place.path
        record = parse(Kind.RATINGS, data, path).record
        if not isinstance(record, t.Ratings):
            continue  # the reader has told why
        month = path.rpartition("/")[2].removesuffix(".yaml")
        for at, rating in enumerate(record.ratings):
            if rating.article not in ids:
                told = absent(scope, rating.article)
                keys = ("ratings", at, "article")
                yield Fault(path, told.message, told.hint, keys, rule=told.rule, severity=told.severity)
            elif rating.version not in current:
                cited.setdefault(Oid(rating.version), []).append((path, at, rating.article))
            if str(rating.date)[:7] != month:
                yield Fault(
                    path,
                    f"a rating of {rating.date} stands in the file of {month}",
                    f"move it to {path.rpartition('/')[0]}/{str(rating.date)[:7]}.yaml",
                    ("ratings", at, "date"),
                    rule="wrong-month",
                    severity=Severity.WARNING,
                )
            yield from _values(scope, path, at, rating)
        if write(record) != data:
            yield Fault(
                path,
                "the ratings are not in canonical form: one line each, ordered by article",
                "`newsrepo rate` writes the file anew",
                rule="not-canonical",
                severity=Severity.WARNING,
            )
    yield from _versions(scope, cited)


def _values(scope: Scope, path: str, at: int, rating: t.Rating) -> Iterator[Fault]:
    axes = scope.commons.axes
    for name, value in rating.values.items():
        axis = axes.get(AxisId(name))
        keys = ("ratings", at, "values", name)
        if axis is None:
            hint = scope.close(name, axes, "declare it in the contingent's file")
            yield Fault(path, f"there is no axis {name!r}", hint, keys, rule="unknown-axis")
        elif not axis.min <= value <= axis.max:
            yield Fault(
                path,
                f"{value} is not between {axis.min} and {axis.max}, the ends of {name!r}",
                f"write a whole number from {axis.min} to {axis.max}",
                keys,
            )


def _versions(scope: Scope, cited: _Cited) -> Iterator[Fault]:
    known = scope.knows(cited.keys())
    for version in sorted(cited.keys() - known):
        for path, at, article in cited[version]:
            told = unseen(scope, article, version)
            keys = ("ratings", at, "version")
            yield Fault(path, told.message, told.hint, keys, rule=told.rule, severity=told.severity)


RULE = Rule(
    "rating-out-of-range",
    "A rating is beyond the ends of its scale.",
    _find,
    others=("unknown-axis", "wrong-month", "not-canonical"),
)
