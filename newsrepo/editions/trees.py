"""The page of a story: all its versions drawn as a tree and set in columns, none of them as the true one."""

from collections.abc import Iterator, Mapping

from markupsafe import Markup

from newsrepo.editions import names
from newsrepo.editions.chain import Chains
from newsrepo.editions.columns import columns, table
from newsrepo.editions.edition import Edition
from newsrepo.editions.nesting import DEEPEST, nested
from newsrepo.editions.page import Page
from newsrepo.editions.parts import LEAD, OTHER, TOMBSTONE, digest
from newsrepo.editions.relations import kind_words, role_mark, story_versions
from newsrepo.editions.revisions import Pasts
from newsrepo.editions.sidebyside import couples, sides
from newsrepo.ids import ArticleId, Oid, owner


def story_pages(edition: Edition, chains: Chains, pasts: Pasts) -> Iterator[Page]:
    """A page for every printed story that has more than one version in view."""
    done: set[ArticleId] = set()
    for item in edition.ctx.selection.items:
        root = edition.ctx.stories.root_of(item.work)
        if root in done:
            continue
        done.add(root)
        versions = story_versions(edition, root)
        if len(versions) > 1:
            yield _story(edition, chains, pasts, root, versions)


def _story(
    edition: Edition, chains: Chains, pasts: Pasts, root: ArticleId, versions: tuple[ArticleId, ...]
) -> Page:
    tree = tuple(_tree(edition, root))
    path = names.story_page(root)
    facts = tuple(
        (
            edition.facts_of(work_id),
            depth,
            role_mark(edition, work_id),
            tuple(a.href for a in edition.author_links(edition.works[work_id])),
            _is_revised(edition, pasts, work_id),
        )
        for depth, work_id in tree
    )
    beside = columns(edition, [work_id for _, work_id in tree])
    shown = sum(1 for _, w in tree if w in edition.places and edition.places[w].role != TOMBSTONE)
    found = couples(edition, chains, [work_id for _, work_id in tree])
    signed = [edition.signs(owner(couple.source)) for couple in found]  # of a source that is gone, too
    key = digest(edition.base, b"story", repr((path, len(versions), facts, beside, found, signed)).encode())

    def render(blobs: Mapping[Oid, bytes]) -> bytes:
        first = edition.works[root if root in edition.places else versions[0]]
        main = edition.theme.html(
            "story",
            count=len(versions),
            title=first.title,
            lang=first.lang,
            dir=names.direction(first.lang),
            steps=tuple(nested((depth, _version(edition, pasts, work_id)) for depth, work_id in tree)),
            table=table(edition, beside, shown, blobs) if beside else None,
            sides=tuple(sides(edition, found, blobs)),
        )
        return edition.page(path, "listing sides", first.title, main)

    needs = dict.fromkeys(column.version for column in beside)
    needs.update(dict.fromkeys(oid for couple in found for oid in (couple.old, couple.new)))
    return Page(path, key, tuple(needs), render)


def _tree(edition: Edition, root: ArticleId) -> Iterator[tuple[int, ArticleId]]:
    """The versions of a story with their depth, each after what it is based on, children by date and id."""
    waiting = [(0, root)]
    while waiting:
        depth, work_id = waiting.pop()
        yield depth, work_id
        children = sorted(
            edition.ctx.stories.children(work_id),
            key=lambda w: (edition.works[w].date.at, w),
            reverse=True,
        )
        waiting.extend((min(depth + 1, DEEPEST), child) for child in children)


def _is_revised(edition: Edition, pasts: Pasts, work_id: ArticleId) -> bool:
    return work_id in edition.places and pasts.of(work_id) is not None


def _version(edition: Edition, pasts: Pasts, work_id: ArticleId) -> Markup:
    work = edition.works[work_id]
    place = edition.places.get(work_id)
    if place is None:
        return edition.theme.html(
            "unseen", words=kind_words(work), mark=role_mark(edition, work_id), by=edition.signed(work.owner)
        )
    values = {
        "selected": place.role in (LEAD, OTHER),
        "words": kind_words(work),
        "mark": role_mark(edition, work_id),
        "href": names.article_page(work_id),
        "title": work.title,
        "lang": work.lang,
        "dir": names.direction(work.lang),
        "summary": work.summary if place.role != TOMBSTONE else "",
        "changes": (work.parent.changes or "") if work.parent else "",
        "byline": edition.byline(work),
        "revised": names.revisions_page(work_id) if pasts.of(work_id) else "",
    }
    return edition.theme.html("version", v=values)
