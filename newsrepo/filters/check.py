"""What is wrong with a filter: every fault with the field it stands in, for ``check`` to locate."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from newsrepo.commons.model import CommonsView
from newsrepo.filters.faults import Problem, QueryError, nearest, shown
from newsrepo.filters.gate import guard
from newsrepo.filters.names import filters_named, unknown_axis, unknown_contingent, unknown_names
from newsrepo.filters.notes import notes
from newsrepo.filters.query import parse_query
from newsrepo.filters.query.syntax import Comparison, Key, Query, Tag
from newsrepo.ids import ArticleId, FilterId
from newsrepo.location import Severity
from newsrepo.records import types as t
from newsrepo.records.scalars import Span

FADE = "fade"
"""The key of ``order`` that is a length of time and no axis."""


class Prepared(Struct, frozen=True):
    """A filter whose queries were read; ``problems`` that are errors keep it from being evaluated.

    An article that is not there does not: nothing is based on it, and whoever owns it could drop it any day.
    """

    select: Query
    sections: tuple[Query, ...]
    problems: tuple[Problem, ...]


def prepare(view: CommonsView, chosen: t.Filter) -> Prepared:
    """Read a filter's queries and find what makes it impossible to evaluate; circles of ``in:`` excepted."""
    problems: list[Problem] = []

    def read(text: str, field: tuple[str, ...]) -> Query:
        try:
            query = parse_query(text)
        except QueryError as error:
            problems.append(_problem(error, field))
            return Query(parse_query("").root)
        problems.extend(_problem(error, field) for error in unknown_names(view, query))
        return query

    select = read(chosen.select, ("select",))
    sections = tuple(
        read(section.select, ("edition", "sections", str(n), "select"))
        for n, section in enumerate(chosen.edition.sections)
    )
    problems += _order(view, chosen)
    problems += _names(view, chosen)
    if chosen.prior is not None and chosen.prior.millionths < 0:
        fact = f"the prior {chosen.prior} is below 0"
        problems.append(Problem("bad-prior", ("prior",), fact, "write 0.5, or leave it out"))
    return Prepared(select, sections, tuple(problems))


def check_filter(view: CommonsView, filter_id: FilterId) -> tuple[Problem, ...]:
    """Every fault of one of the commons' filters, by field and column. Raises KeyError for an unknown id."""
    chosen = view.filters[filter_id]
    found = [*check_fields(view, chosen), *_circles(view, filter_id), *_logo(view, filter_id, chosen)]
    return tuple(sorted(found, key=_order_of))


def check_fields(view: CommonsView, chosen: t.Filter) -> tuple[Problem, ...]:
    """Every fault that its fields show by themselves: all but circles, which need an id."""
    prepared = prepare(view, chosen)
    found = [*prepared.problems]
    found += _ranges(view, prepared.select, ("select",))
    for n, section in enumerate(prepared.sections):
        found += _ranges(view, section, ("edition", "sections", str(n), "select"))
    found += _trust(view, chosen)
    found += _picks(view, chosen)
    for n, contingent in enumerate(chosen.versions.prefer):
        if contingent not in view.contingents:
            error = unknown_contingent(view, contingent, 0)
            found.append(_problem(error, ("versions", "prefer", str(n))))
    return tuple(sorted(found, key=_order_of))


def _order_of(problem: Problem) -> tuple[tuple[str, ...], int, str, str]:
    return problem.field, problem.column, problem.rule, problem.message


def circle(starts: Iterable[FilterId], queries: Mapping[FilterId, Query]) -> tuple[FilterId, ...]:
    """The first circle of ``in:`` that these filters lead into, closed with its first id; empty if none.

    ``queries`` are the ``select`` of every filter that can be reached. No recursion, however long the chain.
    """
    done: set[FilterId] = set()
    for start in starts:
        trail: dict[FilterId, Iterator[FilterId]] = {}
        here: FilterId | None = start
        while here is not None or trail:
            if here is not None and here in trail:
                ring = list(trail)
                return (*ring[ring.index(here) :], here)
            if here is not None and here in queries and here not in done:
                trail[here] = iter(filters_named([queries[here]]))
            if not trail:
                break
            last = next(reversed(trail))
            here = next(trail[last], None)
            if here is None:
                del trail[last]
                done.add(last)
    return ()


def reachable(view: CommonsView, first: tuple[FilterId, ...]) -> dict[FilterId, Query]:
    """The ``select`` of these filters and of all that they build on by ``in:``; unreadable ones left out."""
    found: dict[FilterId, Query] = {}
    todo = list(first)
    while todo:
        name = todo.pop()
        chosen = view.filters.get(name)
        if chosen is None or name in found:
            continue
        try:
            found[name] = parse_query(chosen.select)
        except QueryError:
            continue  # reported where that filter itself is checked or evaluated
        todo += filters_named([found[name]])
    return found


def circle_problem(ring: tuple[FilterId, ...], column: int = 0) -> Problem:
    """The fault of a filter that leads into the circle, at the column of the ``in:`` that does."""
    path = " -> ".join(ring[:6]) + (" -> …" if len(ring) > 6 else "")
    fact = f"filters build on each other in a circle: {path}"
    return Problem("filter-cycle", ("select",), fact, "take one in: out of the circle", column)


def _circles(view: CommonsView, filter_id: FilterId) -> Iterator[Problem]:
    queries = reachable(view, (filter_id,))
    own = queries.get(filter_id)
    if own is None or not circle([filter_id], queries):
        return
    for leaf, column in own.leaves():
        if isinstance(leaf, Tag) and leaf.key is Key.IN:
            ring = circle([FilterId(leaf.value)], queries)
            if ring:
                yield circle_problem(ring, column)
                return


def _ranges(view: CommonsView, query: Query, field: tuple[str, ...]) -> Iterator[Problem]:
    """A warning for each comparison with a number outside the axis, which no score can reach."""
    for leaf, column in query.leaves():
        axis = view.axes.get(leaf.axis.axis) if isinstance(leaf, Comparison) else None
        if not isinstance(leaf, Comparison) or axis is None:
            continue
        if not axis.min <= leaf.number.fraction <= axis.max:
            yield Problem(
                "out-of-range",
                field,
                f"{leaf.number} is outside {leaf.axis.axis}: {leaf} is the same for every rated work",
                f"values on {leaf.axis.axis} go from {axis.min} to {axis.max}",
                column,
                Severity.WARNING,
            )


def _order(view: CommonsView, chosen: t.Filter) -> Iterator[Problem]:
    for key, pull in sorted(chosen.order.items()):
        is_span = isinstance(pull.value, Span)
        if key == FADE:
            if not is_span:
                fact = f"fade is {pull}, not a length of time"
                yield Problem("bad-order", ("order", key), fact, "write it as fade: 3d")
        elif key not in view.axes:
            yield _problem(unknown_axis(view, key, 0), ("order", key))
        elif is_span:
            yield Problem(
                "bad-order",
                ("order", key),
                f"{pull} is a length of time, and {key} is an axis",
                "give an axis a number, such as 0.5; only fade takes a length of time",
            )


def _names(view: CommonsView, chosen: t.Filter) -> Iterator[Problem]:
    """What would be printed at the head of the edition and of its feeds."""
    name = guard(view)
    if name is None:
        return
    sections = [
        (("edition", "sections", str(n), "title"), s.title) for n, s in enumerate(chosen.edition.sections)
    ]
    settings = chosen.edition
    heads = [
        (("title",), chosen.title),
        (("edition", "title"), settings.title),
        (("edition", "theme", "motto"), settings.theme.motto),
    ]
    for field, title in [*heads, *sections]:
        if title and name.takes(title):
            fact = f"{shown(title)} could be taken for the name of the commons, {shown(view.charter.name)}"
            hint = "nobody speaks for all: choose a title of your own"
            yield Problem("speaks-for-all", field, fact, hint)


PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif")
"""The endings that a logo may have: pictures of dots alone, which can carry no script."""


def logo_fault(view: CommonsView, owner: str, logo: t.Logo) -> tuple[str, str]:
    """Which field of a logo keeps it from being printed, and why; both empty if nothing does."""
    work = view.works.get(ArticleId(logo.article))
    if logo.article.partition("/")[0] != owner:
        return "article", f"{logo.article} is not an article of {owner}"
    if work is None or work.status is not t.Status.USABLE:
        return "article", f"no such article is printed: {logo.article}"
    if not logo.file.endswith(PICTURES):
        return "file", f"{shown(logo.file)} is no picture of dots"
    entry = next((entry for entry in work.media if entry.file == logo.file), None)
    if entry is None:
        return "file", f"{logo.article} lists no file {shown(logo.file)} under `media`"
    if entry.sha256 != logo.sha256:
        return "sha256", f"{logo.article} pins {shown(logo.file)} to another hash"
    return "", ""


def _logo(view: CommonsView, filter_id: FilterId, chosen: t.Filter) -> Iterator[Problem]:
    logo = chosen.edition.theme.logo
    field, fact = logo_fault(view, filter_id.partition("/")[0], logo) if logo else ("", "")
    if field:
        hint = "name a picture of one of your own articles, by the hash that stands there"
        yield Problem("bad-logo", ("edition", "theme", "logo", field), fact, hint)


def _trust(view: CommonsView, chosen: t.Filter) -> Iterator[Problem]:
    asked: dict[str, int] = {}
    first: dict[str, str] = {}
    for key, weight in sorted(chosen.trust.items()):
        contingent, slash, _ = key.partition("/")
        if contingent not in view.contingents:
            yield _problem(unknown_contingent(view, contingent, 0), ("trust", key))
        if slash:
            first.setdefault(contingent, key)
            asked[contingent] = asked.get(contingent, 0) + weight.millionths
    for contingent, sum_asked in sorted(asked.items()):
        own = chosen.trust.get(contingent)
        limit = own.millionths if own is not None else 1_000_000
        if sum_asked > limit:
            yield Problem(
                "trust-over-total",
                ("trust", contingent if own is not None else first[contingent]),
                f"the raters of {contingent} are given more together than {contingent} has: each counts less",
                f"give {contingent} more, or its raters less",
                severity=Severity.WARNING,
            )


def _picks(view: CommonsView, chosen: t.Filter) -> Iterator[Problem]:
    for field in ("include", "exclude", "lead"):
        for n, article in enumerate(getattr(chosen, field)):
            at = (field, str(n))
            work = view.works.get(ArticleId(article))
            if work is None:
                hint = nearest(article, view.works, "write the whole id, as in abc/2026/dock-strike")
                fact = f"no such article: {shown(article)}"
                yield Problem("unknown-article", at, fact, hint, article=article)
            elif field != "exclude" and work.status is not t.Status.USABLE:
                yield Problem(
                    "unprintable-pick",
                    at,
                    f"{article} is {work.status}, so it is not printed",
                    "take it out; only usable works are printed",
                    severity=Severity.WARNING,
                )
    yield from _same_story(view, chosen)


def _same_story(view: CommonsView, chosen: t.Filter) -> Iterator[Problem]:
    stories = notes(view).stories
    leading: dict[str, str] = {}
    for n, article in enumerate(chosen.lead):
        work = view.works.get(ArticleId(article))
        if work is None or article in leading.values():
            continue
        root = stories.root_of(work.id)
        if root in leading:
            yield Problem(
                "same-story-lead",
                ("lead", str(n)),
                f"{article} belongs to the same story as {leading[root]}, which leads it",
                "one version of a story leads: take one of them out",
                severity=Severity.WARNING,
            )
        leading.setdefault(root, article)


def _problem(error: QueryError, field: tuple[str, ...]) -> Problem:
    grave = Severity.WARNING if error.article else Severity.ERROR
    return Problem(error.rule, field, error.fact, error.hint, error.column, grave, error.article)
