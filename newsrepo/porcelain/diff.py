"""``diff``: two versions passage by passage, and what differs in what they say of themselves."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from newsrepo.errors import UsageError
from newsrepo.porcelain.cited import Text, text_of
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records import types as t

if TYPE_CHECKING:
    from newsrepo.credit.passages import Comparison


class Changed(msgspec.Struct, frozen=True):
    """A field of the front matter that differs; empty where it is absent."""

    name: str
    old: str
    new: str


class Diffed(msgspec.Struct, frozen=True):
    """Two versions compared. Of two languages only the places are compared, not the words."""

    old: Text
    new: Text
    fields: tuple[Changed, ...]
    body: "Comparison"

    @property
    def languages(self) -> tuple[str, str] | None:
        """The two languages, where they are two."""
        one, other = self.old.lang.partition("-")[0], self.new.lang.partition("-")[0]
        return (self.old.lang, self.new.lang) if one and other and one != other else None


def diff(work: Workspace, old: str, new: str, *, at: str = "") -> Diffed:
    """Compare what two of ``ID`` or ``ID@VERSION`` name. Raises as ``cited.text_of``."""
    view = work.commons(work.snapshot(at=at))
    return between(text_of(work, view, old), text_of(work, view, new))


def between(old: Text, new: Text) -> Diffed:
    """Compare two texts."""
    from newsrepo.credit.passages import Comparison, abreast, compare

    made = Diffed(old, new, fields(old.record, new.record), Comparison((), 0))
    body = abreast(old.body, new.body) if made.languages else compare(old.body, new.body)
    return msgspec.structs.replace(made, body=body)


def fields(old: t.Article | None, new: t.Article | None) -> tuple[Changed, ...]:
    """The fields that differ, in the format's own order; none where one side holds no record."""
    if old is None or new is None:
        return ()
    pairs = ((name, getattr(old, name), getattr(new, name)) for name in old.__struct_fields__)
    return tuple(
        Changed(name, _text(before), _text(after))
        for name, before, after in pairs
        if name != "body" and before != after
    )


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case tuple():
            return "; ".join(map(_text, value))
        case dict():
            return "; ".join(f"{key}: {_text(value[key])}" for key in sorted(value))
        case t.Author():
            return value.name
        case t.Derivation():
            return f"{value.relation.value} of {value.article}@{value.version[:8]}"
        case t.Credit():
            return ", ".join(part for part in (value.name, value.what, value.url) if part)
        case t.Media():
            pinned = f"@{value.sha256[:8]}" if value.sha256 else ""
            said = (f"{value.file or value.url}{pinned}", value.alt, value.creator, value.license)
            return ", ".join(part for part in said if part)
        case _:
            return str(value)


def page(found: Diffed, told: str) -> bytes:
    """The comparison as one page that needs nothing beside it; ``told`` sums it up in a sentence."""
    from newsrepo.editions.comparison import Field, Side, comparison_page

    sides = [Side(s.title or s.article, s.lang, f"{s.article}@{s.version}") for s in (found.old, found.new)]
    fields_ = [Field(field.name, field.old, field.new) for field in found.fields]
    return comparison_page(sides[0], sides[1], fields_, found.body, told)


def write_page(path: Path, data: bytes, verb: str = "diff") -> None:
    """Write the page of ``verb``, over an earlier one but over no other file. Raises UsageError."""
    from newsrepo.gitstore.files import write_atomic, write_new

    if not os.path.lexists(path):
        write_new(path, data)
        return
    marker = f'<meta name="generator" content="newsrepo {verb}">'.encode()
    if path.is_symlink() or not path.is_file() or marker not in path.read_bytes()[:1000]:
        raise UsageError(
            f"{str(path)!r} is there and was not written by `newsrepo {verb}`", "name another file"
        )
    write_atomic(path, data)
