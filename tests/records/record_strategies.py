"""Hypothesis strategies for every record type, made from the types themselves."""

import unicodedata
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st
from msgspec import inspect as mi
from msgspec import structs

from newsrepo.records import types as t
from newsrepo.records.scalars import Day, Decimal, Moment, Pull, Ratio, Span, Weight
from newsrepo.records.shape import TYPES, describe, front_fields
from newsrepo.records.text import is_clean
from newsrepo.records.write import normal_body

_AWKWARD = st.sampled_from(
    [
        "no",
        "on",
        "Yes",
        "null",
        "~",
        "010",
        "12:30",
        "1_000",
        "1e3",
        ".5",
        "2026-05-03",
        "<<",
        "a: b",
        "a #b",
        "#a",
        "- a",
        "it's",
        '"q"',
        'it\'s "q"',
        "a\\b",
        "{a}",
        "[a]",
        "a, b",
        "?",
        "? a",
        "a?",
        "& b",
        "*x",
        "!t",
        "%",
        "@x",
        "`x`",
        "|",
        ">",
        "---",
        "...",
        "=",
        "0x1f",
        "0o7",
        "a:",
        ":a",
        "שלום",
        "日本語: はい",
        "é",
        "😀 ok",
    ]
)
_CHARS = st.characters(codec="utf-8", exclude_categories=["Cs"])


def texts(min_size: int = 0, max_size: int = 40) -> st.SearchStrategy[str]:
    """Texts that pass the gate, awkward ones among them."""
    free = st.text(_CHARS, min_size=min_size, max_size=max_size).map(
        lambda text: unicodedata.normalize("NFC", text)
    )
    plain = st.text(" abcdeABC019:-_,.#'\"{}[]&*!|>%@`\\?\n\t/=~<", min_size=min_size, max_size=max_size)
    return st.one_of(_AWKWARD, plain, free).filter(lambda text: is_clean(text) and len(text) >= min_size)


_NAME = st.one_of(st.sampled_from(["abc", "lmn", "x", "0e1", "2600", "no", "on", "a-b"]), st.from_regex(
    r"[a-z0-9]{1,8}(-[a-z0-9]{1,4})?", fullmatch=True)).filter(
    lambda n: n not in ("con", "prn", "aux", "nul") and n[:-1] not in ("com", "lpt")
)  # fmt: skip
_DAYS = st.dates(min_value=date(1, 1, 1))
_OIDS = st.one_of(
    st.text("0123456789abcdef", min_size=40, max_size=40),
    st.just("1" * 40),
    st.just("1" * 20 + "e" + "1" * 19),
)
_SHAS = st.text("0123456789abcdef", min_size=64, max_size=64)
_KEYS = st.text("ABCxyz019+/", min_size=8, max_size=20).map(lambda k: f"ssh-ed25519 {k}")
_ARTICLES = st.builds(lambda c, y, s: f"{c}/{y:04d}/{s}", _NAME, st.integers(0, 9999), _NAME)
_BY_WORDS: dict[str, st.SearchStrategy[str]] = {
    "a contingent's id": _NAME,
    "an axis name": _NAME,
    "lower-case letters and digits": _NAME,
    "a rater's id": st.builds(lambda a, b: f"{a}/{b}", _NAME, _NAME),
    "a contingent or a rater": st.one_of(_NAME, st.builds(lambda a, b: f"{a}/{b}", _NAME, _NAME)),
    "an axis, such": st.one_of(_NAME, st.builds(lambda a, b: f"{a}/{b}", _NAME, _NAME)),
    "an article's id": _ARTICLES,
    "a record, such": st.one_of(_ARTICLES, _ARTICLES.map(lambda a: f"comment:{a}")),
    "a comment, such": _ARTICLES.map(lambda a: f"comment:{a}"),
    "a statement, such": st.builds(lambda a, b: f"statement:{a}/{b}", _NAME, _NAME),
    "a full git object id": _OIDS,
    "a SHA-256": _SHAS,
    "an SSH public key": _KEYS,
    "a web address": st.sampled_from(
        ["https://example.org", "http://a.b/c?d=e&f#g", "https://x/{a},[b]: c".replace(" ", "")]
    ),
    "a media file": st.builds(lambda n, e: f"{n}.{e}", _NAME, st.sampled_from(["png", "jpg", "mp4"])),
    "a language code": st.sampled_from(["en", "no", "pt-BR", "zh-Hant-TW"]),
    "an SPDX licence": st.sampled_from(["CC0-1.0", "CC-BY-4.0", "0BSD", "123"]),
    "a colour": st.text("0123456789abcdef", min_size=6, max_size=6).map(lambda c: f"#{c}"),
}
_SCALARS: dict[type, st.SearchStrategy[Any]] = {
    Day: _DAYS.map(Day),
    Moment: st.one_of(
        _DAYS.map(Moment),
        st.datetimes(min_value=datetime(1, 1, 2), timezones=st.just(UTC)).map(  # noqa: DTZ001 # hypothesis wants it naive
            lambda d: Moment(d.date(), d.replace(microsecond=0))
        ),
    ),
    Ratio: st.integers(1, 999).flatmap(lambda d: st.integers(1, d).map(lambda n: Ratio(n, d))),
    Decimal: st.integers(-(10**12) + 1, 10**12 - 1).map(Decimal),
    Weight: st.integers(0, 10**6).map(Weight),
    Pull: st.one_of(
        st.integers(-(10**9), 10**9).map(lambda n: Pull(Decimal(n))),
        st.builds(Span, st.integers(1, 99), st.sampled_from("dwmy")).map(Pull),
    ),
}
EXTRA = st.recursive(
    texts(),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts(), inner, max_size=3)),
    max_leaves=6,
)


def _string(info: mi.StrType, words: str) -> st.SearchStrategy[str]:
    for start, strategy in _BY_WORDS.items():
        if words.startswith(start):
            return strategy
    single = texts(info.min_length or 0)
    if info.pattern is not None:
        return single.map(lambda s: " ".join(s.split())).filter(bool)
    return single


def of_type(info: mi.Type) -> st.SearchStrategy[Any]:
    """Values of one field type."""
    info, words = describe(info)
    if isinstance(info, mi.StrType):
        return _string(info, words)
    if isinstance(info, mi.IntType):
        return st.integers(info.ge, info.le)
    if isinstance(info, mi.BoolType):
        return st.booleans()
    if isinstance(info, mi.EnumType):
        return st.sampled_from(list(info.cls))
    if isinstance(info, mi.CustomType):
        return _SCALARS[info.cls]
    if isinstance(info, mi.StructType):
        return of_record(info.cls)
    if isinstance(info, mi.VarTupleType):
        return st.lists(of_type(info.item_type), max_size=3).map(tuple)
    if isinstance(info, mi.DictType):
        return st.dictionaries(of_type(info.key_type), of_type(info.value_type), max_size=3)
    return EXTRA


def of_record(cls: type[Any]) -> st.SearchStrategy[Any]:
    """Records of one type, most of which also keep the rules within one file."""
    if cls is t.Axis:
        marks = st.lists(st.integers(-1000, 1000), min_size=3, max_size=3).map(sorted)
        words = texts(1).map(lambda s: " ".join(s.split())).filter(bool)
        return st.builds(
            lambda title, m, low, high: t.Axis(
                title=title, min=m[0], neutral=m[1], max=m[2], low=low, high=high
            ),
            words, marks, words, words,
        )  # fmt: skip
    fields: dict[str, st.SearchStrategy[Any]] = {}
    for field in front_fields(cls):
        value = of_type(field.type)
        if not field.required:
            default = field.default if field.default_factory is mi.NODEFAULT else field.default_factory()
            value = st.one_of(st.just(default), value)
        fields[field.name] = value
    if cls is t.Media:
        fields["url"] = st.none()
        fields["file"] = _BY_WORDS["a media file"]
        fields["sha256"] = _SHAS
    if "body" in cls.__struct_fields__:
        fields["body"] = texts().map(lambda s: normal_body(f"{s}."))
    if cls is t.Ratings:
        return st.lists(of_record(t.Rating), max_size=5).map(
            lambda rs: t.Ratings(ratings=tuple(sorted(rs, key=lambda r: (r.article, r.version, r.date))))
        )
    records = st.fixed_dictionaries(fields).map(lambda values: cls(**values))
    return records.map(_in_order) if cls is t.Opening else records


def _in_order(opening: t.Opening) -> t.Opening:
    """An opening that keeps the rules: somebody may vote, each key has one holder, the threshold fits."""
    names = list(dict.fromkeys(["abc", *(v.voter for v in opening.roll)]))
    tellers = list(dict.fromkeys(["abc", *(teller.teller for teller in opening.tellers)]))
    return structs.replace(
        opening,
        roll=tuple(
            t.Voter(voter=name, votes=1, keys=(f"ssh-ed25519 A{at}",)) for at, name in enumerate(names)
        ),
        tellers=tuple(t.Teller(teller=name, keys=(f"ssh-ed25519 B{at}",)) for at, name in enumerate(tellers)),
        threshold=len(tellers),
        opens=min(opening.opens, opening.closes),
        closes=max(opening.opens, opening.closes),
    )


RECORDS = st.sampled_from(sorted(TYPES)).flatmap(
    lambda kind: of_record(TYPES[kind]).map(lambda record: (kind, record))
)
