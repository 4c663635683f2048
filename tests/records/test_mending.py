"""Mending undoes damage of form byte for byte, touches nothing else, and refuses where it would have to guess."""

import unicodedata

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from record_strategies import of_record

from newsrepo.ids import Kind
from newsrepo.records import parse, write
from newsrepo.records import types as t
from newsrepo.records.mending import MENDS, SIGNED, mend
from newsrepo.records.shape import MARKDOWN, TYPES

ALL = frozenset(MENDS)
PARTS = [
    b"---\n",
    b"--- \n",
    b"\r",
    b"\r\n",
    b"\n",
    b"\xef\xbb\xbf",
    b"e\xcc\x81",
    b"\xff",
    b"title: A",
    b": ",
]
PARTS += [b"media:\n- file: quay.png\n", b"<<<<<<< a\n", b">>>>>>> b\n", b"ratings:\n", b"# x", b">\xcc\xb8"]
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
ARTICLE = """\
---
title: The quay   # as it is called
date: 2026-05-03

lang: en
license: 'CC0-1.0'
media:
  # the view from the office
  - file: quay.png
    alt: A quay
  - {alt: Cranes, file: "cranes.png"}
---
Caf\u00e9 and cranes.
"""
HASHES = {"quay.png": "ab" * 32, "cranes.png": "cd" * 32}


def mended(text: str | bytes, *rules: str, kind: Kind = Kind.ARTICLE) -> tuple[str, list[str]]:
    data = text if isinstance(text, bytes) else text.encode()
    made = mend(kind, data, "x", frozenset(rules or ALL), HASHES)
    assert bool(made.done) == (made.data != data)
    return made.data.decode("utf-8", "replace"), [refused.why for refused in made.refused]


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=SLOW)
@given(st.data(), st.sampled_from(sorted(set(TYPES) - SIGNED)))
def test_damage_of_form_is_undone_to_the_byte(data: st.DataObject, kind: Kind) -> None:
    sound = write(data.draw(of_record(TYPES[kind])))
    assume(not parse(kind, sound, "x").findings)
    text = sound.decode()
    if data.draw(st.booleans()):
        decomposed = unicodedata.normalize("NFD", text)
        text = decomposed if unicodedata.normalize("NFC", decomposed) == text else text
    if kind in MARKDOWN and data.draw(st.booleans()):
        text = text.replace("---\n", "---  \t\n", 1)
    text = text.replace("\n", data.draw(st.sampled_from(["\n", "\r\n", "\r"])))
    text = data.draw(st.sampled_from(["", "\ufeff"])) + text
    made = mend(kind, text.encode(), "x", ALL - {"not-canonical"}, {})
    assert made.data == sound
    assert mend(kind, made.data, "x", ALL - {"not-canonical"}, {}).done == ()


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.lists(st.sampled_from(PARTS), max_size=20),
    st.sampled_from(sorted(TYPES)),
)
def test_whatever_the_bytes_no_fault_is_brought_in(parts: list[bytes], kind: Kind) -> None:
    data = b"".join(parts)
    made = mend(kind, data, "x", ALL, HASHES)
    before = [(f.rule, f.message) for f in parse(kind, data, "x").findings]
    for found in parse(kind, made.data, "x").findings:
        before.remove((found.rule, found.message))
    again = mend(kind, made.data, "x", ALL, HASHES)
    assert (again.data, again.done) == (made.data, ())


def test_a_sound_file_is_never_changed() -> None:
    sound = ARTICLE.replace("quay.png\n", f"quay.png\n    sha256: {'ab' * 32}\n")
    sound = sound.replace('"cranes.png"', f'"cranes.png", sha256: {"cd" * 32}')
    assert parse(Kind.ARTICLE, sound.encode(), "x").findings == ()
    assert mended(sound)[0] == sound


def test_a_hash_goes_behind_the_name_and_comments_stay() -> None:
    made, refused = mended(ARTICLE, "media-hash")
    assert made.split("\n")[8:12] == [
        "  - file: quay.png",
        f"    sha256: {'ab' * 32}",
        "    alt: A quay",
        f'  - {{alt: Cranes, file: "cranes.png", sha256: {"cd" * 32}}}',
    ]
    assert "# as it is called" in made
    assert parse(Kind.ARTICLE, made.encode(), "x").record is not None
    assert refused == []


@pytest.mark.parametrize(
    ("text", "rule", "why"),
    [
        ("---\ntitle: a\rb\n---\nText\n", "carriage-return", "stand alone among line feeds"),
        ("---\ntitle: a\ufeffb\n---\nText\n", "byte-order-mark", "within the text"),
        ("--- title: a\n---\nText\n", "front-matter-marker", "not only blank"),
        (b"---\r\ntitle: \xff\r\n---\r\n", "carriage-return", "not UTF-8"),
        (ARTICLE.replace("quay.png", "gone.png"), "media-hash", "'gone.png' is not beside the text"),
        (f"<<<<<<< ours\r\n{ARTICLE}>>>>>>> theirs\r\n", "carriage-return", "conflict marks"),
    ],
)
def test_what_would_be_a_guess_is_refused(text: str | bytes, rule: str, why: str) -> None:
    made, refused = mended(text, rule)
    assert (
        made.encode("utf-8", "replace")
        == (text if isinstance(text, str) else text.decode("utf-8", "replace")).encode()
    )
    assert why in refused[0]


def test_ratings_are_written_anew_unless_that_loses_a_comment() -> None:
    rating = (
        "- {article: abc/2026/one, version: '"
        + "0" * 40
        + "', date: 2026-05-04, values: {a: 1}, note: 'see #4'}\n"
    )
    loose = f"ratings:\n{rating}"
    record = parse(Kind.RATINGS, loose.encode(), "x").record
    assert isinstance(record, t.Ratings)
    assert mended(loose, kind=Kind.RATINGS)[0].encode() == write(record) != loose.encode()
    noted = f"ratings: # mine\n{rating}"
    made, refused = mended(noted, "not-canonical", kind=Kind.RATINGS)
    assert made == noted
    assert "comments" in refused[0]


@pytest.mark.parametrize("kind", [*sorted(SIGNED), Kind.SOURCE, Kind.SIGNATURE, Kind.MEDIA])
def test_what_is_bound_by_its_bytes_is_left(kind: Kind) -> None:
    made, refused = mended("\ufeffa: b\r\n", "carriage-return", "byte-order-mark", kind=kind)
    assert made == "\ufeffa: b\r\n"
    assert all("exact bytes" in why for why in refused)
