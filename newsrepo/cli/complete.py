"""What a shell may complete: ids that stand in the working tree, read off the paths alone."""

from collections.abc import Callable, Iterator
from pathlib import Path

import typer

from newsrepo.ids import IdError, article_id, contingent_id, filter_id


def articles(ctx: typer.Context, incomplete: str) -> list[str]:
    """Article ids that begin so."""
    root = _root(ctx)
    return [i for i in _ids(root, "articles/*/*/*/index.md", 1, incomplete) if _is(article_id, i)]


def filters(ctx: typer.Context, incomplete: str) -> list[str]:
    """Filter ids that begin so."""
    return [i for i in _ids(_root(ctx), "filters/*/*.yaml", 0, incomplete) if _is(filter_id, i)]


def contingents(ctx: typer.Context, incomplete: str) -> list[str]:
    """Contingent ids that begin so."""
    return [i for i in _ids(_root(ctx), "contingents/*.yaml", 0, incomplete) if _is(contingent_id, i)]


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


def _root(ctx: typer.Context) -> Path | None:
    from newsrepo.errors import NewsrepoError
    from newsrepo.gitstore.repository import Repository

    top = ctx.find_root()
    try:
        return Repository.discover(Path(top.params.get("chdir") or ".")).root
    except NewsrepoError:
        return None


def _ids(root: Path | None, pattern: str, drop: int, incomplete: str) -> Iterator[str]:
    """Ids by path, without their first folder and the last ``drop`` parts."""
    if root is None:
        return
    try:
        paths = sorted(str(path.relative_to(root).with_suffix("")) for path in root.glob(pattern))
    except OSError:
        return
    for path in paths:
        parts = path.split("/")[1:]
        name = "/".join(parts[: len(parts) - drop])
        if name.startswith(incomplete):
            yield name


def _is(parse: Callable[[str], str], text: str) -> bool:
    try:
        parse(text)
    except IdError:
        return False
    return True
