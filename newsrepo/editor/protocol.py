"""What Decap's proxy backend asks of the program behind it: every request as a typed value, or a refusal.

The actions and their parameters are those of Decap CMS 3's ``proxy`` backend, without the editorial workflow:
a save is a commit, so there are no unpublished entries.
"""

import base64
import binascii
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

MAX_REQUEST: Final = 48 << 20
"""Bytes of one request: a text and some pictures, in base64."""

_Path = Annotated[str, Meta(min_length=1, max_length=400)]
_Text = Annotated[str, Meta(max_length=4 << 20)]


class RefusedError(Exception):
    """What was asked is not done; ``status`` is HTTP's, the message is for the person at the editor."""

    def __init__(self, message: str, status: int = 422) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


class Named(Struct, frozen=True):
    """A file of which only the path counts."""

    path: _Path


class Folder(Struct, frozen=True):
    """``entriesByFolder``."""

    folder: _Path


class Files(Struct, frozen=True):
    """``entriesByFiles``."""

    files: Annotated[tuple[Named, ...], Meta(max_length=2000)]


class DataFile(Struct, frozen=True):
    """One text to be saved."""

    path: _Path
    raw: _Text


class Asset(Struct, frozen=True):
    """One picture to be saved beside it, in base64."""

    path: _Path
    content: str
    encoding: str

    def data(self) -> bytes:
        """Its bytes. Raises RefusedError."""
        if self.encoding != "base64":
            raise RefusedError(f"the picture {self.path!r} does not come in base64")
        try:
            return base64.b64decode(self.content, validate=True)
        except (binascii.Error, ValueError):
            raise RefusedError(f"the picture {self.path!r} did not arrive whole") from None


class Persist(Struct, frozen=True, rename="camel"):
    """``persistEntry``: texts and pictures of one save."""

    data_files: Annotated[tuple[DataFile, ...], Meta(min_length=1, max_length=1)]
    assets: Annotated[tuple[Asset, ...], Meta(max_length=50)] = ()


class Media(Struct, frozen=True, rename="camel"):
    """``getMedia``."""

    media_folder: Annotated[str, Meta(max_length=400)] = ""


class _Envelope(Struct, frozen=True):
    action: Annotated[str, Meta(max_length=60)]
    params: msgspec.Raw = msgspec.Raw(b"{}")


class Info(Struct, frozen=True):
    """``info``: what is behind the address."""


class Unpublished(Struct, frozen=True):
    """``unpublishedEntries``: there are none."""


class Preview(Struct, frozen=True):
    """``getDeployPreview``: there is none."""


class Upload(Struct, frozen=True):
    """``persistMedia``: a picture for no text in particular."""


class Delete(Struct, frozen=True):
    """``deleteFile`` and ``deleteFiles``."""


class Entry(Named, frozen=True):
    """``getEntry``."""


class Picture(Named, frozen=True):
    """``getMediaFile``."""


Request = Info | Folder | Files | Entry | Persist | Media | Picture | Upload | Delete | Unpublished | Preview

_ACTIONS: dict[str, type[Request]] = {
    "info": Info,
    "entriesByFolder": Folder,
    "entriesByFiles": Files,
    "getEntry": Entry,
    "persistEntry": Persist,
    "getMedia": Media,
    "getMediaFile": Picture,
    "persistMedia": Upload,
    "deleteFile": Delete,
    "deleteFiles": Delete,
    "unpublishedEntries": Unpublished,
    "getDeployPreview": Preview,
}


def read(body: bytes) -> Request:
    """The request that a body holds. Raises RefusedError for whatever is none, and for none of ours."""
    try:
        envelope = msgspec.json.decode(body, type=_Envelope)
        kind = _ACTIONS.get(envelope.action)
        if kind is None:
            raise RefusedError(f"unknown action {envelope.action[:60]!r}")
        return msgspec.json.decode(envelope.params, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RefusedError(f"this is no request that the editor sends: {error}", 400) from None
