"""``derivation-cycle``: works are based on each other in a circle, so that none can have been first."""

from collections.abc import Iterator

from newsrepo.checks.model import Fault, Rule, Scope
from newsrepo.ids import ArticleId


def _find(scope: Scope) -> Iterator[Fault]:
    works = scope.commons.works
    edges = {
        work.id: [(ArticleId(d.article), at) for at, d in enumerate(work.based_on) if d.article in works]
        for work in works.values()
        if work.based_on
    }
    for ring in _rings(edges):
        members = set(ring)
        for name in ring:
            at = next(at for target, at in edges[name] if target in members)
            path = " -> ".join(ring[:6]) + (" -> …" if len(ring) > 6 else f" -> {ring[0]}")
            yield Fault(
                works[name].path,
                f"works are based on each other in a circle: {path}",
                "remove the source that came later",
                ("based_on", at, "article"),
            )


def _rings(edges: dict[ArticleId, list[tuple[ArticleId, int]]]) -> Iterator[list[ArticleId]]:
    """The strongly connected parts that hold a circle, by Tarjan's algorithm without recursion."""
    order: dict[ArticleId, int] = {}
    low: dict[ArticleId, int] = {}
    stack: list[ArticleId] = []
    on_stack: set[ArticleId] = set()
    for start in sorted(edges):
        if start in order:
            continue
        trail: list[tuple[ArticleId, Iterator[tuple[ArticleId, int]]]] = []
        todo: ArticleId | None = start
        while todo is not None or trail:
            if todo is not None:
                order[todo] = low[todo] = len(order)
                stack.append(todo)
                on_stack.add(todo)
                trail.append((todo, iter(edges.get(todo, ()))))
                todo = None
            here, rest = trail[-1]
            for target, _ in rest:
                if target not in order:
                    todo = target
                    break
                if target in on_stack:
                    low[here] = min(low[here], order[target])
            if todo is not None:
                continue
            trail.pop()
            if trail:
                low[trail[-1][0]] = min(low[trail[-1][0]], low[here])
            if low[here] == order[here]:
                part = []
                while True:
                    member = stack.pop()
                    on_stack.discard(member)
                    part.append(member)
                    if member == here:
                        break
                if len(part) > 1 or any(target == here for target, _ in edges.get(here, ())):
                    yield sorted(part)


RULE = Rule("derivation-cycle", "Works are based on each other in a circle.", _find)
