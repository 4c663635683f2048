"""The forms of the browser editor, as Decap CMS takes them: made from the record types, field by field.

What a person cannot know by heart has no field, and is filled in when the form is saved: which version of a
text is meant, the hash of a question, the hash of a picture.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import NODEFAULT, Struct
from msgspec import inspect as mi

from newsrepo.ids import ContingentId, Kind
from newsrepo.records import types as t
from newsrepo.records.paths import path_of
from newsrepo.records.scalars import Day, Moment
from newsrepo.records.shape import BODY, TYPES, describe, front_fields, struct_type

Form = dict[str, Any]

MANY: Final = 500
"""So many records are offered to choose from; among more one gives the id."""


class Choice(Struct, frozen=True, order=True):
    """A record that can be named: how it is called, and its id."""

    label: str
    value: str


class Asked(Struct, frozen=True):
    """A question that waits for the contingent's answer."""

    id: str
    title: str
    by: str
    text: str
    hash: str


class Ground(Struct, frozen=True):
    """What the forms offer, of the commons as it stands.

    ``pinned`` says whether what is behind the editor fills in versions, hashes and copies: our own does, a
    forge does not. Then a choice carries the version that stands, of those in ``versions``, for the page's
    own script to write it, and there are no forms that need more. ``month`` is a file of ratings by this
    contingent's rater; empty: there is none.
    """

    contingent: ContingentId
    name: str
    lang: str
    licenses: tuple[str, ...]
    contingents: tuple[Choice, ...]
    works: tuple[Choice, ...]
    records: tuple[Choice, ...]
    asked: tuple[Asked, ...]
    axes: Mapping[str, t.Axis]
    pinned: bool
    versions: Mapping[str, str]
    month: str = ""


_LABELS: Final = {
    "about": "About which records",
    "alt": "What it shows, for those who cannot see it",
    "article": "Article",
    "authors": "Authors",
    "based_on": "Based on other articles",
    "body": "Text",
    "caption": "Caption",
    "changes": "What you changed",
    "creator": "Made by",
    "credits": "Outside sources",
    "date": "Date",
    "due": "Answer wanted by",
    "file": "File",
    "for": "Used for",
    "kind": "Kind",
    "lang": "Language",
    "license": "Licence",
    "media": "Pictures and other media",
    "name": "Name",
    "note": "Note",
    "on": "On",
    "pinned": "Pinned: guides the discussion",
    "places": "Places",
    "quote": "Passage that you mean",
    "ratings": "Ratings",
    "reason": "Reason",
    "relation": "What you made of it",
    "reply_to": "In reply to the comment",
    "source": "Where it is from",
    "status": "Status",
    "summary": "Summary",
    "title": "Title",
    "to": "To",
    "topics": "Topics",
    "url": "Web address",
    "values": "Values",
    "verdict": "Of an answer: does it answer?",
}
_HINTS: Final = {
    (Kind.ARTICLE, "title"): "The address of the article is made from it, once.",
    (Kind.ARTICLE, "topics"): "Words joined by hyphens, with commas between: labour, port-history",
    (Kind.ARTICLE, "places"): "With commas between.",
    (Kind.ARTICLE, "status"): "A text that was published is withdrawn, never deleted: a note stays.",
    (
        Kind.ARTICLE,
        "based_on",
    ): "Whose text you rewrote, translated, quoted. Its exact version is kept beside yours.",
    (Kind.CHALLENGE, "body"): "Ask one thing, so that it can be answered. An answer is to these very words.",
    (Kind.COMMENT, "quote"): "Copied from the text; it is found again when the text is revised.",
    (Kind.ANSWER, "kind"): "One may decline, with a reason.",
}
_SINGULAR: Final = {
    "authors": "author",
    "based_on": "article",
    "credits": "source",
    "media": "picture",
    "ratings": "rating",
}
_ORDER: Final = {
    Kind.ARTICLE: (
        "title",
        "summary",
        BODY,
        "authors",
        "topics",
        "places",
        "date",
        "lang",
        "license",
        "media",
    ),
    Kind.COMMENT: ("on", BODY, "quote", "authors", "date", "lang", "kind"),
    Kind.CHALLENGE: ("title", "to", BODY, "due", "about", "date", "lang"),
    Kind.ANSWER: ("kind", BODY, "reason", "date", "lang"),
    Kind.RATINGS: (),
}
"""What is asked first; all else follows as the format has it."""

_NOT_ASKED: Final = {
    Kind.ARTICLE: {"extra"},
    Kind.COMMENT: {"extra", "version", "status"},
    Kind.CHALLENGE: {"extra"},
    Kind.ANSWER: {"extra", "question", "status"},
    Kind.RATINGS: set[str](),
}
_WITHIN: Final = {"version", "sha256", "poster", "duration"}
"""Of what stands within a record: what is worked out, or what only a pen should write."""

_SAID: Final = frozenset(["lang", "article", "on", "about", "reply_to"])
"""The texts whose form is told beside the field, and not only where it is wrong."""

_NEED_PINS: Final = {"media"}
"""What no form can ask for where nothing of ours is behind it to work out a hash."""

_MOMENT: Final = {"widget": "datetime", "format": "YYYY-MM-DDTHH:mm:ssZ", "picker_utc": True}
_DAY: Final = {
    "widget": "datetime",
    "date_format": "YYYY-MM-DD",
    "time_format": False,
    "format": "YYYY-MM-DD",
}
_JS_END: Final = re.compile(r"\(\?!\\n\)")


def collections(ground: Ground) -> list[Form]:
    """The forms, in the order in which the editor lists them."""
    who = ground.contingent
    found = [
        _folder(
            "articles",
            "Articles",
            "Article",
            Kind.ARTICLE,
            f"articles/{who}",
            "{{year}}/{{slug}}/index",
            ground,
        ),
        _folder(
            "challenges",
            "Questions",
            "Question",
            Kind.CHALLENGE,
            f"challenges/{who}",
            "{{slug}}/challenge",
            ground,
        ),
    ]
    if ground.asked:
        found.append(_answers(ground))
    comments = _folder(
        "comments", "Comments", "Comment", Kind.COMMENT, f"comments/{who}", "{{year}}/{{slug}}", ground
    )
    found.append({**comments, "slug": "on-{{fields.on}}", "identifier_field": "on", "summary": "{{on}}"})
    if ground.month and ground.pinned:
        found.append(_ratings(ground))
    return found


def _folder(name: str, label: str, one: str, kind: Kind, folder: str, path: str, ground: Ground) -> Form:
    made: Form = {
        "name": name,
        "label": label,
        "label_singular": one,
        "folder": folder,
        "path": path,
        "extension": "md",
        "format": "yaml-frontmatter",
        "create": True,
        "delete": False,
        "media_folder": "",
        "public_folder": "",
        "editor": {"preview": False},
        "fields": list(_fields(kind, ground)),
    }
    if kind is not Kind.COMMENT:
        made["summary"] = "{{title}} · {{date}}" if kind is Kind.CHALLENGE else "{{title}}"
    return made


def _answers(ground: Ground) -> Form:
    """One form a question, since an answer has its place beneath what it answers."""
    files = []
    for asked in ground.asked:
        fields = list(_fields(Kind.ANSWER, ground))
        hash_ = {"name": "question", "label": "Question", "widget": "hidden", "default": asked.hash}
        next(f for f in fields if f["name"] == BODY)["hint"] = f"The question: {asked.text}"
        files.append(
            {
                "name": asked.id.replace("/", "-"),
                "label": f"{asked.title} ({asked.by})",
                "file": path_of(Kind.ANSWER, f"{asked.id}/{ground.contingent}"),
                "fields": [hash_, *fields],
            }
        )
    return {
        "name": "answers",
        "label": "Answers",
        "description": f"Questions to {ground.name} that wait for an answer.",
        "format": "yaml-frontmatter",
        "editor": {"preview": False},
        "files": files,
    }


def _ratings(ground: Ground) -> Form:
    return {
        "name": "ratings",
        "label": "Ratings",
        "editor": {"preview": False},
        "files": [
            {
                "name": "month",
                "label": ground.month.rpartition("/")[2].removesuffix(".yaml"),
                "file": ground.month,
                "fields": list(_fields(Kind.RATINGS, ground)),
            }
        ],
    }


def _fields(kind: Kind, ground: Ground) -> Iterator[Form]:
    """A record's fields, in the order in which they are asked."""
    cls = TYPES[kind]
    fields = [f for f in front_fields(cls) if f.encode_name not in _NOT_ASKED[kind]]
    if not ground.pinned:
        fields = [f for f in fields if f.encode_name not in _NEED_PINS]
    made = {field.encode_name: _field(kind, field, ground) for field in fields}
    if any(f.name == BODY for f in struct_type(cls).fields):
        must = kind is not Kind.ANSWER  # one may decline with a reason alone
        text = {"name": BODY, "label": _LABELS[BODY], "widget": "markdown", "required": must}
        made[BODY] = {**text, **_hint(kind, BODY)}
    first = [name for name in _ORDER[kind] if name in made]
    for name in dict.fromkeys([*first, *made]):
        yield made[name]


def _field(kind: Kind, field: mi.Field, ground: Ground) -> Form:
    name = field.encode_name
    made: Form = {"name": name, "label": _LABELS.get(name, name), **_widget(name, field.type, ground)}
    made.update(_hint(kind, name))
    must = field.required or (kind is Kind.ARTICLE and name == "license")
    made["required"] = must
    if name == "lang":
        made["default"] = ground.lang
    elif name == "license" and ground.licenses and kind is Kind.ARTICLE:
        made["default"] = ground.licenses[0]
    elif name == "date":
        made["default"] = "{{now}}"
    elif made["widget"] == "list":
        made["default"] = []
    elif (
        made["widget"] == "select" and not field.required and field.default is not NODEFAULT and field.default
    ):
        made["default"] = str(field.default)
    elif must and made["widget"] == "boolean":
        made["default"] = False
    return made


def _hint(kind: Kind, name: str) -> Form:
    hint = _HINTS.get((kind, name))
    return {"hint": hint} if hint else {}


def _widget(name: str, info: mi.Type, ground: Ground) -> Form:
    """How a field is filled in."""
    bounds = _bounds(info)
    inner, words = describe(info)
    if isinstance(inner, mi.VarTupleType):
        return _list(name, inner.item_type, ground)
    if isinstance(inner, mi.DictType):
        axes = [_mark(axis, facts) for axis, facts in sorted(ground.axes.items())]
        return {"widget": "object", "fields": axes}
    if isinstance(inner, mi.EnumType):
        return {
            "widget": "select",
            "options": [{"label": str(v).capitalize(), "value": str(v)} for v in inner.cls],
        }
    if isinstance(inner, mi.BoolType):
        return {"widget": "boolean"}
    if isinstance(inner, mi.CustomType) and inner.cls in (Day, Moment):
        return dict(_DAY if inner.cls is Day else _MOMENT)
    chosen = _chosen(name, ground)
    if chosen:
        return {"widget": "select", "options": [{"label": c.label, "value": c.value} for c in chosen]}
    if name == "file":
        return {"widget": "file", "choose_url": False, "media_library": {"config": {"multiple": False}}}
    made: Form = {"widget": "text" if bounds.get("max_length") == 2000 and name != "url" else "string"}
    if bounds.get("pattern"):
        made["pattern"] = [_JS_END.sub("", bounds["pattern"]), words or "see the hint"]
        if name in _SAID:
            made["hint"] = words
    return made


def _list(name: str, item: mi.Type, ground: Ground) -> Form:
    inner, _ = describe(item)
    if isinstance(inner, mi.StructType):
        fields = [f for f in front_fields(inner.cls) if f.encode_name not in _WITHIN]
        within = [_inner(f, ground) for f in fields]
        made: Form = {"widget": "list", "fields": within, "summary": _summary(fields), "collapsed": False}
        return {**made, "label_singular": _SINGULAR.get(name, name)}
    chosen = _chosen(name, ground)
    if chosen:
        options = [{"label": c.label, "value": c.value} for c in chosen]
        return {"widget": "select", "multiple": True, "options": options}
    return {"widget": "list"}


def _inner(field: mi.Field, ground: Ground) -> Form:
    """A field of what stands within a record."""
    name = field.encode_name
    made: Form = {"name": name, "label": _LABELS.get(name, name), **_widget(name, field.type, ground)}
    made["required"] = field.required
    if name == "date":
        made["default"] = "{{now}}"
    return made


def _summary(fields: Sequence[mi.Field]) -> str:
    return f"{{{{fields.{fields[0].encode_name}}}}}"


def _mark(axis: str, facts: t.Axis) -> Form:
    return {
        "name": axis,
        "label": f"{facts.title} ({axis})",
        "hint": f"{facts.min}: {facts.low} · {facts.max}: {facts.high}",
        "widget": "number",
        "value_type": "int",
        "min": facts.min,
        "max": facts.max,
        "required": False,
    }


def _chosen(name: str, ground: Ground) -> tuple[Choice, ...]:
    """The records that a field may name; none where there are too many to choose from, or it names none."""
    offered = {
        "article": ground.works,
        "on": ground.records,
        "about": ground.records,
        "to": tuple(c for c in ground.contingents if c.value != ground.contingent),
        "license": tuple(Choice(one, one) for one in ground.licenses),
    }.get(name, ())
    if len(offered) > MANY:
        return ()
    if name in ("article", "on") and not ground.pinned:
        return tuple(Choice(c.label, f"{c.value}@{ground.versions[c.value]}") for c in offered)
    return offered


def _bounds(info: mi.Type) -> dict[str, Any]:
    """Pattern and length of a text, however it is wrapped."""
    found: dict[str, Any] = {}
    for part in _parts(info):
        if isinstance(part, mi.StrType):
            found = {"pattern": part.pattern, "max_length": part.max_length}
    return found


def _parts(info: mi.Type) -> Iterable[mi.Type]:
    yield info
    if isinstance(info, mi.Metadata):
        yield from _parts(info.type)
    elif isinstance(info, mi.UnionType):
        for part in info.types:
            yield from _parts(part)
