"""What a shell may complete: ids that stand here or in others' homes, read off the paths alone."""

from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

import typer

from newsrepo.ids import IdError, article_id, contingent_id, filter_id


def articles(ctx: typer.Context, incomplete: str) -> list[str]:
    """Article ids that begin so."""
    return [i for i in _ids(ctx, "articles/*/*/*/index.md", 1, incomplete) if _is(article_id, i)]


def filters(ctx: typer.Context, incomplete: str) -> list[str]:
    """Filter ids that begin so."""
    return [i for i in _ids(ctx, "filters/*/*.yaml", 0, incomplete) if _is(filter_id, i)]


def contingents(ctx: typer.Context, incomplete: str) -> list[str]:
    """Contingent ids that begin so."""
    return [i for i in _ids(ctx, "contingents/*.yaml", 0, incomplete) if _is(contingent_id, i)]


def statements(ctx: typer.Context, incomplete: str) -> list[str]:
    """Statements that begin so, without the prefix."""
    return [i for i in _ids(ctx, "statements/*/*/statement.md", 1, incomplete) if _is_two_parts(i)]


def challenges(ctx: typer.Context, incomplete: str) -> list[str]:
    """Challenges that begin so, without the prefix."""
    return [i for i in _ids(ctx, "challenges/*/*/challenge.md", 1, incomplete) if _is_two_parts(i)]


def choices(ctx: typer.Context, incomplete: str) -> list[str]:  # noqa: ARG001 - the signature is typer's
    """What a ballot may say."""
    from newsrepo.records.types import Choice

    return [choice for choice in Choice if choice.startswith(incomplete)]


def records(ctx: typer.Context, incomplete: str) -> list[str]:
    """Whatever ``show`` takes that begins so."""
    return [*articles(ctx, incomplete), *filters(ctx, incomplete), *contingents(ctx, incomplete)]


def rules(ctx: typer.Context, incomplete: str) -> list[str]:  # noqa: ARG001 - the signature is typer's
    """Rules that begin so."""
    from newsrepo.errors import NewsrepoError
    from newsrepo.porcelain.explain import rules as known

    try:
        return [rule.id for rule in known() if rule.id.startswith(incomplete)]
    except (NewsrepoError, OSError):
        return []


def relations(ctx: typer.Context, incomplete: str) -> list[str]:  # noqa: ARG001 - the signature is typer's
    """What one may make of an article, as far as it begins so."""
    from newsrepo.records.types import Relation

    return [relation for relation in Relation if relation.startswith(incomplete)]


def comment_kinds(ctx: typer.Context, incomplete: str) -> list[str]:  # noqa: ARG001 - the signature is typer's
    """The kinds of comments that begin so."""
    from newsrepo.records.types import CommentKind

    return [kind for kind in CommentKind if kind.startswith(incomplete)]


def answer_kinds(ctx: typer.Context, incomplete: str) -> list[str]:  # noqa: ARG001 - the signature is typer's
    """The kinds of answers that begin so."""
    from newsrepo.records.types import AnswerKind

    return [kind for kind in AnswerKind if kind.startswith(incomplete)]


def verdicts(ctx: typer.Context, incomplete: str) -> list[str]:  # noqa: ARG001 - the signature is typer's
    """What one may say of an answer, as far as it begins so."""
    from newsrepo.records.types import Verdict

    return [verdict for verdict in Verdict if verdict.startswith(incomplete)]


def states(ctx: typer.Context, incomplete: str) -> list[str]:  # noqa: ARG001 - the signature is typer's
    """The states of a challenge that begin so."""
    from newsrepo.ledger import State

    return [state for state in State if state.startswith(incomplete)]


def _paths(ctx: typer.Context, pattern: str) -> list[str]:
    """The paths in view that match, in order; none where there is no commons that can be read."""
    from newsrepo.errors import NewsrepoError
    from newsrepo.porcelain.workspace import Workspace

    top = ctx.find_root()
    try:
        work = Workspace.discover(Path(top.params.get("chdir") or "."))
        if work.homes:
            return [path for path in work.here.files if PurePosixPath(path).match(pattern)]
        return sorted(str(path.relative_to(work.root)) for path in work.root.glob(pattern))
    except (NewsrepoError, OSError):
        return []


def _ids(ctx: typer.Context, pattern: str, drop: int, incomplete: str) -> Iterator[str]:
    """Ids by path, without their first folder and the last ``drop`` parts."""
    for path in _paths(ctx, pattern):
        parts = str(PurePosixPath(path).with_suffix("")).split("/")[1:]
        name = "/".join(parts[: len(parts) - drop])
        if name.startswith(incomplete):
            yield name


def _is(parse: Callable[[str], str], text: str) -> bool:
    try:
        parse(text)
    except IdError:
        return False
    return True


def _is_two_parts(identifier: str) -> bool:
    from newsrepo.ids import Kind
    from newsrepo.records.paths import path_of

    try:
        path_of(Kind.STATEMENT, identifier)
    except ValueError:
        return False
    return True
