"""Media facts from headers alone, against files that a real library made and against hostile ones."""

import hashlib
import io
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsrepo.ids import Kind
from newsrepo.records import blob_id, parse

Image = pytest.importorskip("PIL.Image")


def picture(kind: str, size: tuple[int, int] = (37, 21), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind, **options)
    return out.getvalue()


def rules(data: bytes, path: str) -> list[str]:
    return [finding.rule for finding in parse(Kind.MEDIA, data, path).findings]


@pytest.mark.parametrize(
    ("data", "path", "found"),
    [
        (picture("PNG"), "a.png", "png"),
        (picture("JPEG"), "a.jpg", "jpeg"),
        (picture("JPEG", progressive=True), "a.jpeg", "jpeg"),
        (picture("GIF"), "a.gif", "gif"),
        (picture("WEBP"), "a.webp", "webp"),
        (picture("WEBP", lossless=True), "a.webp", "webp"),
        (picture("WEBP", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0"), "a.webp", "webp"),
    ],
)
def test_pictures(data: bytes, path: str, found: str) -> None:
    parsed = parse(Kind.MEDIA, data, path)
    assert parsed.findings == ()
    assert parsed.media is not None
    assert (parsed.media.format, parsed.media.width, parsed.media.height) == (found, 37, 21)
    assert parsed.media.sha256 == hashlib.sha256(data).hexdigest()
    assert parsed.media.size == len(data)


@pytest.mark.parametrize(
    ("data", "path"),
    [
        (b"\0\0\0\x18ftypisom" + b"\0" * 12, "a.mp4"),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm", "a.webm"),
        (b"OggS" + b"\0" * 30, "a.ogg"),
        (b"ID3\x04" + b"\0" * 10, "a.mp3"),
        (b"\xff\xfb\x90\x64" + b"\0" * 10, "a.mp3"),
        (b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n", "a.vtt"),
    ],
)
def test_sound_video_and_captions(data: bytes, path: str) -> None:
    parsed = parse(Kind.MEDIA, data, path)
    assert parsed.findings == ()
    assert parsed.media is not None
    assert parsed.media.format == path[2:]


@pytest.mark.parametrize(
    "data", [b"<!doctype html><p>", b"  <svg onload=x>", b"<?xml version='1'?>", b"\xef\xbb\xbf<html>"]
)
@pytest.mark.parametrize("path", ["a.png", "a.vtt", "a.mp3"])
def test_markup_in_disguise(data: bytes, path: str) -> None:
    """Security cases 57 and 65."""
    assert rules(data, path) == ["content-does-not-match"]


def test_wrong_ending() -> None:
    (finding,) = parse(Kind.MEDIA, picture("JPEG"), "a.png").findings
    assert finding.rule == "content-does-not-match"
    assert finding.hint == "name it .jpg"
    assert rules(b"hello", "a.png") == ["content-does-not-match"]
    assert rules(b"", "a.png") == ["empty-media"]


def test_bomb_is_seen_in_the_header() -> None:
    """Security case 64."""
    data = picture("PNG")
    data = data[:16] + struct.pack(">II", 60_000, 60_000) + data[24:]
    assert rules(data, "a.png") == ["too-many-pixels"]


@pytest.mark.parametrize(
    ("kind", "path"), [("PNG", "a.png"), ("JPEG", "a.jpg"), ("GIF", "a.gif"), ("WEBP", "a.webp")]
)
def test_broken_off(kind: str, path: str) -> None:
    """Security case 66: wherever it breaks, it is told and nothing raises."""
    whole = picture(kind)
    for cut in range(1, len(whole) - 2):
        assert rules(whole[:cut], path) in (["truncated-media"], ["content-does-not-match"]), cut


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["PNG", "JPEG", "GIF", "WEBP"]), st.integers(0, 400), st.binary(max_size=8))
def test_damage_never_raises(kind: str, at: int, put: bytes) -> None:
    whole = picture(kind)
    data = whole[:at] + put + whole[at + len(put) :]
    parse(Kind.MEDIA, data, {"JPEG": "a.jpg"}.get(kind, f"a.{kind.lower()}"))


def test_kept_sources_are_believed_because_they_hash() -> None:
    data = b"---\ntitle: A\ndate: 2026-05-03\nlang: en\n---\n\nText.\n"
    assert blob_id(b"") == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
    assert blob_id(b"", 64) == "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813"
    for digits in (40, 64):
        path = f"articles/a/2026/b/sources/{blob_id(data, digits)}.md"
        parsed = parse(Kind.SOURCE, data, path)
        assert parsed.findings == ()
        assert parsed.record is not None
        assert rules_of(data + b" ", path) == ["source-does-not-hash"]
    assert (
        parse(Kind.SOURCE, b"junk\r\n", f"x/sources/{blob_id(b'junk' + bytes([13, 10]))}.md").findings == ()
    )


def rules_of(data: bytes, path: str) -> list[str]:
    return [finding.rule for finding in parse(Kind.SOURCE, data, path).findings]
