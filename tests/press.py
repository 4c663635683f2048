"""A small press in memory: commons made of a few works, raters and filters, to test scores and filters."""

import hashlib
from collections.abc import Iterable, Mapping

from support import article, commons

from newsrepo.commons import Commons
from newsrepo.ids import ArticleId, Oid

CHARTER = """\
name: The Test Commons
licenses: [CC0-1.0]
axes:
  newsworthy: {title: Newsworthy, min: 0, max: 5, neutral: 2, low: nobody need know, high: all must know}
  accurate: {title: Accurate, min: -2, max: 2, neutral: 0, low: wrong, high: right}
rule: {ratio: 2/3, of: cast, compare: at-least, quorum: {ratio: 1/2, compare: more-than}}
"""

Given = tuple[str, str, dict[str, int]]
"""Rater, work, values by axis; a work written ``id@old`` means another version than the one in view."""


def blob(data: bytes) -> Oid:
    """The id git gives to these bytes."""
    return Oid(hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest())


def based_on(source: str, relation: str = "rewrite") -> str:
    """Front matter of a work that is based on another one; the version is not looked at here."""
    return f"based_on:\n- {{article: {source}, version: {'0' * 40}, relation: {relation}}}\n"


def press(
    works: Mapping[str, str] | Iterable[str] = (),
    ratings: Iterable[Given] = (),
    filters: Mapping[str, str] | None = None,
    contingents: Mapping[str, str] | None = None,
    charter: str = CHARTER,
) -> Commons:
    """A commons: ``works`` by id (their whole text, or a plain one), ratings, filters, contingents as YAML.

    Every contingent that is named anywhere has a file; ``contingents`` adds lines to it.
    """
    texts = {w: article(w) for w in works} if not isinstance(works, Mapping) else dict(works)
    files: dict[str, str | bytes] = {"newsrepo.yaml": charter}
    versions = {w: blob(text.encode()) for w, text in texts.items()}
    names = {w.partition("/")[0] for w in texts} | set(contingents or {})
    for work, text in texts.items():
        files[f"articles/{work}/index.md"] = text
    by_rater: dict[str, list[str]] = {}
    for rater, target, values in ratings:
        names.add(rater.partition("/")[0])
        work, _, old = target.partition("@")
        version = hashlib.sha1(old.encode()).hexdigest() if old else versions[ArticleId(work)]
        pairs = ", ".join(f"{axis}: {value}" for axis, value in sorted(values.items()))
        by_rater.setdefault(rater, []).append(
            f"- {{article: {work}, version: {version}, date: 2026-05-04, values: {{{pairs}}}}}"
        )
    for rater, lines in by_rater.items():
        files[f"ratings/{rater}/2026-05.yaml"] = "ratings:\n" + "\n".join(sorted(lines)) + "\n"
    for name, text in (filters or {}).items():
        files[f"filters/{name}.yaml"] = f"title: {name}\n{text}"
        names.add(name.partition("/")[0])
    for name in names:
        files[f"contingents/{name}.yaml"] = f"name: {name}\n" + (contingents or {}).get(name, "")
    made = commons(files)
    faults = [f for f in made.findings if f.severity == "error"]
    if faults:
        raise AssertionError(faults)
    return made
