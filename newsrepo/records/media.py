"""Facts about media files, read from their first bytes: never decoded, never trusted for their name."""

import re
import struct
from hashlib import sha256

from msgspec import Struct

MAX_PIXELS = 50_000_000
"""The largest picture, in pixels, that an edition may show."""

_HEAD = 1 << 16


class MediaFacts(Struct, frozen=True):
    """What a media file is. ``format`` is png, jpeg, webp, gif, mp4, webm, ogg, mp3, vtt or empty; width and
    height are 0 where the format has none or the header does not say."""

    sha256: str
    size: int
    format: str
    width: int = 0
    height: int = 0


class MediaFault(Struct, frozen=True):
    """What is wrong with a media file."""

    rule: str
    message: str
    hint: str


FORMAT_OF_ENDING = {
    "png": "png",
    "jpg": "jpeg",
    "jpeg": "jpeg",
    "webp": "webp",
    "gif": "gif",
    "mp4": "mp4",
    "webm": "webm",
    "ogg": "ogg",
    "mp3": "mp3",
    "vtt": "vtt",
}
PICTURES = frozenset(["png", "jpeg", "webp", "gif"])

_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|svg|\?xml|script|head|body|!--)", re.IGNORECASE)


def sniff(data: bytes) -> str:
    """The format that the first bytes show, ``markup`` for HTML, XML and SVG, or empty."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "gif"
    if data[4:8] == b"ftyp":
        return "mp4"
    if data.startswith(b"\x1a\x45\xdf\xa3"):
        return "webm" if b"webm" in data[:256] else ""
    if data.startswith(b"OggS"):
        return "ogg"
    if re.match(rb"(?:\xef\xbb\xbf)?WEBVTT(?:[ \t\r\n]|\Z)", data):
        return "vtt"
    if _MARKUP.match(data[:1024]):
        return "markup"
    if data.startswith(b"ID3") or _is_mpeg_audio(data):
        return "mp3"
    return ""


def _is_mpeg_audio(data: bytes) -> bool:
    """Whether the data begins with the frame header of MPEG audio, layer III."""
    if len(data) < 4 or data[0] != 0xFF or data[1] & 0xE6 != 0xE2:
        return False
    version, rate, frequency = data[1] >> 3 & 3, data[2] >> 4, data[2] >> 2 & 3
    return version != 1 and rate not in (0, 15) and frequency != 3


def media_facts(data: bytes, path: str) -> tuple[MediaFacts, list[MediaFault]]:
    """The facts of a media file's bytes, and its faults against the ending of ``path``. Never raises."""
    digest = sha256(data).hexdigest()
    found = sniff(data)
    ending = path.rpartition(".")[2].lower()
    expected = FORMAT_OF_ENDING.get(ending, "")
    if not data:
        fault = MediaFault("empty-media", "the file is empty", "put the real file in its place")
        return MediaFacts(digest, 0, ""), [fault]
    if found == "markup":
        fault = MediaFault(
            "content-does-not-match",
            f"the file ends in .{ending} but holds HTML, XML or SVG",
            "put the real file in its place; active content is not published",
        )
        return MediaFacts(digest, len(data), ""), [fault]
    if found != expected:
        what = f"holds {found.upper()}" if found else "does not begin like one"
        fault = MediaFault(
            "content-does-not-match",
            f"the file ends in .{ending} but {what}",
            f"name it .{_ENDING_OF.get(found, found)}" if found else "put the real file in its place",
        )
        return MediaFacts(digest, len(data), found), [fault]
    if found not in PICTURES:
        return MediaFacts(digest, len(data), found), []
    size = picture_size(data, found)
    if size is None or 0 in size:
        fault = MediaFault(
            "truncated-media",
            "the picture's header is broken off or damaged",
            "put a whole file in its place",
        )
        return MediaFacts(digest, len(data), found), [fault]
    facts = MediaFacts(digest, len(data), found, *size)
    faults = []
    if size[0] * size[1] > MAX_PIXELS:
        faults.append(
            MediaFault(
                "too-many-pixels",
                f"the picture measures {size[0]} x {size[1]}, more than {MAX_PIXELS // 1_000_000} megapixels",
                "scale it down",
            )
        )
    if _ends_early(data, found):
        faults.append(
            MediaFault(
                "truncated-media", "the picture breaks off before its end", "put a whole file in its place"
            )
        )
    return facts, faults


_ENDING_OF = {"jpeg": "jpg"}


def _ends_early(data: bytes, found: str) -> bool:
    """Whether the mark that ends such a file is missing; what may follow the mark is not our matter."""
    if found == "png":
        return b"IEND\xaeB`\x82" not in data
    if found == "jpeg":
        return b"\xff\xd9" not in data[-_HEAD:]
    if found == "gif":
        return b"\x3b" not in data[-_HEAD:]
    return int.from_bytes(data[4:8], "little") + 8 > len(data)


def picture_size(data: bytes, found: str) -> tuple[int, int] | None:
    """Width and height from the header, or None when it is broken off."""
    try:
        if found == "png":
            return _png_size(data)
        if found == "jpeg":
            return _jpeg_size(data)
        if found == "gif":
            width, height = struct.unpack_from("<HH", data, 6)
            return (width, height)
        return _webp_size(data)
    except struct.error:
        return None


def _png_size(data: bytes) -> tuple[int, int] | None:
    if data[12:16] != b"IHDR":
        return None
    width, height = struct.unpack_from(">II", data, 16)
    return (width, height)


# Start-of-frame markers: every SOFn but DHT (c4), JPG (c8) and DAC (cc).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE = frozenset([0x01, *range(0xD0, 0xD9)])


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at < len(data):
        if data[at] != 0xFF:
            return None
        while at < len(data) and data[at] == 0xFF:
            at += 1
        if at >= len(data):
            return None
        marker = data[at]
        at += 1
        if marker in _BARE:
            continue
        if marker in (0xD9, 0xDA):
            return None
        (length,) = struct.unpack_from(">H", data, at)
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 3)
            return (width, height)
        if length < 2:
            return None
        at += length
    return None


def _webp_size(data: bytes) -> tuple[int, int] | None:
    chunk = data[12:16]
    if chunk == b"VP8X":
        if len(data) < 30:
            return None
        return (
            int.from_bytes(data[24:27], "little") + 1,
            int.from_bytes(data[27:30], "little") + 1,
        )
    if chunk == b"VP8 ":
        if data[23:26] != b"\x9d\x01\x2a":
            return None
        width, height = struct.unpack_from("<HH", data, 26)
        return (width & 0x3FFF, height & 0x3FFF)
    if chunk == b"VP8L":
        if data[20:21] != b"\x2f":
            return None
        (bits,) = struct.unpack_from("<I", data, 21)
        return ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    return None
