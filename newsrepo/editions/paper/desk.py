"""What the template is handed: a plan laid out as plain data, and the files that the data names."""

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from newsrepo.editions.paper import fit
from newsrepo.editions.paper.faces import Choice
from newsrepo.editions.paper.nodes import Child
from newsrepo.editions.paper.press import Press
from newsrepo.editions.paper.sheets import Kind, Size
from newsrepo.editions.paper.stock import Picture, Sheet, Story, Texts, breakable, breakable_node, clean, cut
from newsrepo.editions.paper.verdict import Verdict
from newsrepo.location import Finding, Location, Severity

PICTURED = 1_400
"""The room from which on a shortened story keeps its picture."""


class Desk:
    """Lays out plans as data, and keeps the files that the data names in one folder."""

    def __init__(
        self,
        press: Press,
        sheet: Sheet,
        kind: Kind,
        size: Size,
        chosen: Mapping[str, Choice],
        stories: Sequence[Story],
        texts: Texts,
        verdict: Verdict | None,
        unseen: int,
        beyond: int,
    ) -> None:
        self.press = press
        self.sheet = sheet
        self.kind = kind
        self.size = size
        self.faces = {lang: list(choice.families) for lang, choice in chosen.items()}
        self.stories = stories
        self.texts = texts
        self.verdict = verdict
        self.unseen = unseen
        self.beyond = beyond
        self._spoilt: dict[str, str] = {}
        self._made: dict[tuple[int, int | None], dict[str, Any]] = {}
        self._files: set[str] = set()

    def data(self, plan: fit.Plan) -> dict[str, Any]:
        sheet, size = self.sheet, self.size
        told = [self._story(number, room) for number, room in enumerate(plan)]
        parts = list(self._parts(told))
        left = self.stories[len(plan) :]
        cut_short = sum(room is not None for room in plan)
        shown = left[: 14 if self.size.columns == 3 else 8]
        return {
            "kind": self.kind.value,
            "width": size.width, "height": size.height, "margin": size.margin,
            "columns": size.columns, "size": size.letters,
            "title": clean(sheet.title), "about": clean(sheet.about), "lang": sheet.lang, "dir": sheet.dir,
            "day": sheet.day, "signature": clean(sheet.signature), "accent": sheet.accent,
            "url": sheet.url, "short": _short(sheet.url), "qr": self._code(sheet.url, "edition"),
            "faces": self.faces,
            "parts": parts,
            "blank": 0,
            "inside": [
                {name: part["story"][name] for name in ("n", "title", "lang", "dir")}
                for part in parts if part["t"] == "story"
            ],
            "made": self._about(len(plan), cut_short),
            "copying": self._copying(),
            "left": [{"title": breakable(s.title), "lang": s.lang, "dir": s.dir} for s in shown],
            "shortened": cut_short,
            "unseen": self.unseen,
            "left-words": "Left out for want of room",
            "left-more": len(left) - len(shown) + self.beyond,
        }  # fmt: skip

    def _about(self, stories: int, cut_short: int) -> list[str]:
        sheet = self.sheet
        number = "1 story" if stories == 1 else f"{stories} stories"
        short = f", {cut_short} of them shortened" if cut_short else ""
        return [
            f"{number}{short}, chosen by the filter {sheet.filter}, which anybody can read and run again.",
            f"No one speaks for all of {sheet.commons}: every piece is signed by who wrote it.",
        ]

    def _copying(self) -> list[str]:
        kinds = sorted({story.license for story in self.stories if story.license})
        free = f" ({', '.join(kinds[:3])})" if kinds else ""
        return [
            f"Everything in it is in the public domain{free}.",
            "Copy it, pin it up, hand it on, change it: nobody need ask.",
            "The commons asks one thing in return: say whom you have it from, along the whole chain.",
        ]

    def _parts(self, told: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """The opener, then every section with its stories, and what has none under a heading of its own."""
        if not told:
            return
        yield {"t": "opener", "story": told[0]}
        groups: dict[str, list[dict[str, Any]]] = {title: [] for title in self.sheet.sections}
        groups[""] = []
        for one in told[1:]:
            groups[one["section"]].append(one)
        named = any(groups[title] for title in self.sheet.sections)
        for title, inside in groups.items():
            if inside and (title or named):
                yield {"t": "bar", "title": title or "More news"}
            for place, one in enumerate(inside):
                ruled = place > 0 or not named
                yield {"t": "story", "story": one, "level": 2 if named else 1, "ruled": ruled}
        if self.verdict is not None:
            yield {"t": "bar", "title": f"Said by {clean(self.sheet.commons)}"}
            yield self.verdict.data()

    def _story(self, number: int, room: int | None) -> dict[str, Any]:
        made = self._made.get((number, room))
        if made is None:
            made = self._made[number, room] = self._told(number, room)
        return made

    def _told(self, number: int, room: int | None) -> dict[str, Any]:
        story = self.stories[number]
        body, is_cut = (story.body, story.is_cut) if room is None else cut(story.body, room)
        pictures: dict[str, dict[str, Any]] = {}
        # A story that has room for little has none for a picture.
        bare = room is not None and room < PICTURED and number > 0
        for key, picture in enumerate(() if bare else story.pictures):
            file = _file(number, key, picture)
            if not self._picture(file, picture):
                continue
            pictures[str(key)] = {
                "file": file, "alt": picture.alt, "caption": breakable(picture.caption),
                "credit": breakable(picture.credit), "width": picture.width,
                "height": picture.height,
            }  # fmt: skip
        return {
            "n": number, "rank": number, "section": story.section,
            "title": breakable(story.title), "lang": story.lang, "dir": story.dir,
            "summary": breakable(story.summary),
            "byline": breakable(story.byline), "signature": story.signature, "day": story.day,
            "kicker": story.kicker,
            "body": [breakable_node(node) for node in body], "cut": is_cut or story.is_cut,
            "pictures": pictures, "placed": sorted(_placed(story.body)),
            "credits": [
                {"text": breakable(line.text), "own": line.own}
                for line in story.credits[: 3 if self.kind is Kind.LEAFLET else None]
            ], "license": story.license, "cite": breakable(f"{story.id}@{story.version[:10]}"),
            "url": story.url, "short": breakable(_short(story.url)),
            "qr": self._code(story.url, f"s{number}"),
        }  # fmt: skip

    def _code(self, url: str, name: str) -> str:
        if not url:
            return ""
        file = f"qr-{name}.svg"
        self._keep(file, lambda: _qr(url))
        return file

    def _picture(self, file: str, picture: Picture) -> bool:
        """Put a picture where the template finds it; whether it can be set."""
        if file not in self._files:
            self._files.add(file)
            for _, data in self.texts([picture.oid]):
                (self.press.folder / file).write_bytes(data)
                reason = self.press.refuses(file)
                if reason:
                    self._spoilt[file] = reason
        return file not in self._spoilt

    def _keep(self, file: str, data: Callable[[], bytes]) -> None:
        if file not in self._files:
            self._files.add(file)
            (self.press.folder / file).write_bytes(data())

    def spoilt(self, stories: int) -> Iterator[Finding]:
        """One finding for every picture of the first ``stories`` that cannot be set."""
        for number, story in enumerate(self.stories[:stories]):
            for key, picture in enumerate(story.pictures):
                reason = self._spoilt.get(_file(number, key, picture))
                if reason is not None:
                    yield Finding(
                        "picture-not-printed",
                        Location(f"{story.path.rpartition('/')[0]}/{picture.name}"),
                        f"the picture cannot be set and is left out: {reason}",
                        "save it again with another program",
                        Severity.WARNING,
                    )


def _file(number: int, key: int, picture: Picture) -> str:
    return f"p{number}-{key}.{picture.format}"


def _placed(body: Iterable[Child]) -> Iterator[str]:
    for node in body:
        if isinstance(node, dict):
            if node["t"] == "pic":
                yield node["s"]
            yield from _placed(node.get("c", ()))


def _short(url: str) -> str:
    return url.partition("//")[2].rstrip("/")


def _qr(url: str) -> bytes:
    """A QR code as SVG: medium error correction, no border beyond what readers need."""
    import segno  # of the extra `print`, and slow to load

    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="svg", border=1, xmldecl=False, svgns=True)
    return out.getvalue()
