"""A query taken apart for one work: what each clause is of it, which decide, and the query without one."""

from collections.abc import Iterator
from fractions import Fraction

from newsrepo.filters.evaluate import Evaluator
from newsrepo.filters.query.syntax import (
    EVERYTHING,
    And,
    Comparison,
    Node,
    Not,
    Or,
    Query,
    Unrated,
    conjunction,
    disjunction,
)
from newsrepo.filters.verdicts.account import Clause, Truth
from newsrepo.ids import ArticleId

Path = tuple[int, ...]
"""The way from the root of a query to one of its nodes: the number of the part at each step."""


def truth(evaluator: Evaluator, node: Node, work: ArticleId) -> Truth:
    """What a part of a query is of one work."""
    alone = frozenset([work])
    if evaluator.true(node, alone):
        return Truth.TRUE
    return Truth.FALSE if evaluator.true(Not(node), alone) else Truth.UNKNOWN


def clauses(evaluator: Evaluator, query: Query, work: ArticleId) -> tuple[Clause, ...]:
    """Every clause of the query, left to right, with what it is of the work."""
    decide = _deciding(evaluator, query.root, (), work)
    columns = [column for _, column in query.leaves()]
    found = []
    for (path, node), column in zip(leaves(query.root), columns, strict=True):
        asks = isinstance(node, Comparison | Unrated)
        found.append(
            Clause(
                text=f"-{node}" if _negated(query.root, path) else str(node),
                column=column,
                truth=_turned(truth(evaluator, node, work), times=_negations(query.root, path)),
                decides=path in decide,
                axis=node.axis.axis if isinstance(node, Comparison | Unrated) else None,
                value=_value(evaluator, node, work) if asks else None,
            )
        )
    return tuple(found)


def _value(evaluator: Evaluator, node: Node, work: ArticleId) -> Fraction | None:
    return evaluator.compared(node, work) if isinstance(node, Comparison) else None


def _turned(found: Truth, times: int) -> Truth:
    if times % 2 == 0 or found is Truth.UNKNOWN:
        return found
    return Truth.FALSE if found is Truth.TRUE else Truth.TRUE


def _negations(root: Node, path: Path) -> int:
    count, node = 0, root
    for step in path:
        count += isinstance(node, Not)
        node = parts(node)[step]
    return count


def _negated(root: Node, path: Path) -> bool:
    return _negations(root, path) % 2 == 1


def parts(node: Node) -> tuple[Node, ...]:
    """The parts of a node; none of a leaf."""
    if isinstance(node, And | Or):
        return node.parts
    return (node.part,) if isinstance(node, Not) else ()


def leaves(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Every leaf with the way to it, left to right."""
    inner = parts(node)
    if not inner and not isinstance(node, And):
        yield path, node
    for n, part in enumerate(inner):
        yield from leaves(part, (*path, n))


def _deciding(evaluator: Evaluator, node: Node, path: Path, work: ArticleId) -> frozenset[Path]:
    """The leaves on which the truth of a node rests.

    All parts of an *and* that is true, the first that is not of any other; of an *or* the other way round.
    """
    inner = [(n, part) for n, part in enumerate(parts(node))]
    if isinstance(node, Not):
        return _deciding(evaluator, node.part, (*path, 0), work)
    if not isinstance(node, And | Or):
        return frozenset([path])
    found = {n: truth(evaluator, part, work) for n, part in inner}
    whole = truth(evaluator, node, work)
    every = whole is Truth.TRUE if isinstance(node, And) else whole is not Truth.TRUE
    chosen = [(n, part) for n, part in inner if every or found[n] is whole]
    if not every:
        chosen = chosen[:1]
    return frozenset().union(*(_deciding(evaluator, part, (*path, n), work) for n, part in chosen))


def without(node: Node, path: Path) -> Node:
    """The query with the part at ``path`` dropped; what is left of nothing finds everything."""
    return _without(node, path) or EVERYTHING


def _without(node: Node, path: Path) -> Node | None:
    if not path:
        return None
    inner = list(parts(node))
    changed = _without(inner[path[0]], path[1:])
    if isinstance(node, Not):
        return None if changed is None else Not(changed)
    inner[path[0] : path[0] + 1] = [] if changed is None else [changed]
    if not inner:
        return None
    return conjunction(tuple(inner)) if isinstance(node, And) else disjunction(tuple(inner))


def replaced(node: Node, path: Path, leaf: Node) -> Node:
    """The query with the leaf at ``path`` replaced."""
    if not path:
        return leaf
    if isinstance(node, Not):
        return Not(replaced(node.part, path[1:], leaf))
    inner = list(parts(node))
    inner[path[0]] = replaced(inner[path[0]], path[1:], leaf)
    return And(tuple(inner)) if isinstance(node, And) else Or(tuple(inner))
