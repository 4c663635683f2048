"""What a form does not ask, filled in on saving: versions, the hash of a question, of a picture, credits."""

from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import msgspec

from newsrepo.errors import UsageError
from newsrepo.ids import MAX_SLUG, ArticleId, Kind, is_name
from newsrepo.porcelain.rewrite import ancestry, credits_of, original
from newsrepo.porcelain.show import find_path
from newsrepo.porcelain.slugs import slug_of
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records.paths import Place, path_of
from newsrepo.records.shape import to_text

if TYPE_CHECKING:
    from newsrepo.commons import Commons


def pin(
    work: Workspace, place: Place, tree: dict[str, Any], pictures: Mapping[str, bytes]
) -> dict[str, bytes]:
    """Fill in what is missing in ``tree``, the plain values of a form; gives the files to be kept beside it.

    ``pictures`` are what comes with it, by name. What is there already is left, so that an edit of an old
    text still means the version it meant. Raises UsageError or UnableError for a source that cannot be had.
    """
    view = work.here
    if place.kind is Kind.ARTICLE:
        topics = tree.get("topics")
        if isinstance(topics, list):
            tree["topics"] = list(dict.fromkeys(map(_topic, topics)))
        _media(view, place, tree, pictures)
        return _sources(work, place, tree)
    if place.kind is Kind.COMMENT and not tree.get("version"):
        path = find_path(view, str(tree.get("on", "")))
        if path is not None:
            tree["version"] = str(view.files[path].oid)
    elif place.kind is Kind.ANSWER and not tree.get("question"):
        file = view.files.get(path_of(Kind.CHALLENGE, place.id.removeprefix("answer:").rpartition("/")[0]))
        if file is not None:
            ((_, data),) = view.texts([file.oid])
            tree["question"] = sha256(data).hexdigest()
    elif place.kind is Kind.RATINGS:
        for rating in _mappings(tree, "ratings"):
            found = view.works.get(ArticleId(str(rating.get("article", ""))))
            if found is not None and not rating.get("version"):
                rating["version"] = str(found.version)
    return {}


def _topic(text: Any) -> Any:
    """A topic as our files write it; what no slug can be made of stays, and is refused with its reason."""
    try:
        return text if not isinstance(text, str) or is_name(text, MAX_SLUG) else slug_of(text)
    except UsageError:
        return text


def _sources(work: Workspace, place: Place, tree: dict[str, Any]) -> dict[str, bytes]:
    """Copies of the texts that are newly cited, and credit to all that these rest on."""
    folder = place.path.rpartition("/")[0]
    kept: dict[str, bytes] = {}
    for source in _mappings(tree, "based_on"):
        if source.get("version") or not source.get("article"):
            continue
        found = original(work, str(source["article"]), str(source.get("relation", "")))
        source["version"] = str(found.text.version)
        for version, data in ancestry(work, found):
            kept[f"{folder}/sources/{version}.md"] = data
        credits_ = tree.setdefault("credits", [])
        named = {(c.get("name"), c.get("for")) for c in credits_ if isinstance(c, dict)}
        for credit in credits_of(work.here, found):
            plain = msgspec.to_builtins(credit, enc_hook=to_text)
            if (plain.get("name"), plain.get("for")) not in named:
                credits_.append(plain)
        if not credits_:
            del tree["credits"]
    return kept


def _media(view: "Commons", place: Place, tree: dict[str, Any], pictures: Mapping[str, bytes]) -> None:
    folder = place.path.rpartition("/")[0]
    for entry in _mappings(tree, "media"):
        name = str(entry.get("file", "")).rpartition("/")[2]
        if not name:
            continue
        entry["file"] = name
        file = view.files.get(f"{folder}/{name}")
        if name in pictures:
            entry["sha256"] = sha256(pictures[name]).hexdigest()
        elif file is not None and not entry.get("sha256"):
            ((_, data),) = view.texts([file.oid])
            entry["sha256"] = sha256(data).hexdigest()


def _mappings(tree: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = tree.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
