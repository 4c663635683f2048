"""The text around a signature: two marker lines and base64 between them, in the one form OpenSSH writes."""

from binascii import Error, a2b_base64, b2a_base64

from newsrepo.signing.refusal import Reason, RefusedError

BEGIN = b"-----BEGIN SSH SIGNATURE-----\n"
END = b"-----END SSH SIGNATURE-----\n"
COLUMNS = 70
LINE_BYTES = COLUMNS * 3 // 4
"""How many bytes of a signature stand in one full line, with a remainder: see ``line_of``."""

MAX_ARMOURED = 4096
"""No signature of ours comes near this many bytes."""

_AGAIN = "sign anew, or put back the file as `ssh-keygen -Y sign` wrote it"


def armour(blob: bytes) -> bytes:
    """``blob`` as OpenSSH writes it: base64 in lines of 70 characters, LF at the end of each."""
    text = b2a_base64(blob, newline=False)
    lines = [text[at : at + COLUMNS] for at in range(0, len(text), COLUMNS)]
    return BEGIN + b"\n".join(lines) + b"\n" + END


def unarmour(text: bytes) -> bytes:
    """The bytes in the armour. Only what ``armour`` gives is accepted. Raises RefusedError."""
    try:
        blob = a2b_base64(text[len(BEGIN) : -len(END)])
    except (Error, ValueError):
        raise _fault(text) from None
    if len(text) > MAX_ARMOURED or armour(blob) != text:
        raise _fault(text)
    return blob


def line_of(offset: int) -> int:
    """The line of the armoured text in which the byte of the blob at ``offset`` stands."""
    return 2 + offset * 4 // 3 // COLUMNS


def _fault(text: bytes) -> RefusedError:
    """What is wrong with an armour that is not the one form."""
    if len(text) > MAX_ARMOURED:
        return RefusedError(
            Reason.TOO_LARGE, f"the signature has {len(text)} bytes, more than {MAX_ARMOURED}", _AGAIN
        )
    if b"\r" in text:
        return RefusedError(
            Reason.CHANGED_LINE_ENDINGS,
            "the line endings were changed: lines must end in LF alone",
            "put back the signed files as they were, and set `* -text` for them in .gitattributes",
            text.count(b"\n", 0, text.index(b"\r")) + 1,
        )
    if not text.startswith(BEGIN):
        return RefusedError(Reason.MISSING_ARMOUR, f"the first line is not {BEGIN.decode().rstrip()}", _AGAIN)
    if b"\n" + END[:-1] not in text:
        last = max(1, text.count(b"\n") + (not text.endswith(b"\n")))
        return RefusedError(Reason.UNCLOSED_ARMOUR, "the signature has no end line", _AGAIN, last)
    body, _, after = text[len(BEGIN) - 1 :].partition(b"\n" + END[:-1])
    body = body[1:]
    end = 2 + body.count(b"\n") + bool(body)
    if after != b"\n":
        if not after:
            return RefusedError(Reason.UNCLOSED_ARMOUR, "the end line has no line feed", _AGAIN, end)
        return RefusedError(Reason.TRAILING_TEXT, "something stands after the end line", _AGAIN, end)
    try:
        blob = a2b_base64(body, strict_mode=False)
    except (Error, ValueError):
        return _not_base64(body)
    if b2a_base64(blob, newline=False) != body.replace(b"\n", b""):
        return _not_base64(body)
    lines = body.split(b"\n")
    wrong = next((n for n, line in enumerate(lines[:-1], 2) if len(line) != COLUMNS), len(lines) + 1)
    return RefusedError(
        Reason.ARMOUR_WRAPPING, f"the base64 is not in lines of {COLUMNS} characters", _AGAIN, wrong
    )


def _not_base64(body: bytes) -> RefusedError:
    lines = body.split(b"\n")
    wrong = next((n for n, line in enumerate(lines, 2) if not _is_base64(line)), len(lines) + 1)
    return RefusedError(
        Reason.ARMOUR_BASE64, "the text between the markers is not plain base64", _AGAIN, wrong
    )


def _is_base64(line: bytes) -> bool:
    return line.rstrip(b"=").isascii() and not line.rstrip(b"=").translate(None, _ALPHABET)


_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
