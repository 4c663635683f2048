"""Whether every character of a paper has a face that shows it, and where not: as findings, story by story."""

from collections.abc import Iterator, Mapping, Sequence

from newsrepo.editions.paper.faces import Choice, Faces
from newsrepo.editions.paper.nodes import text_of
from newsrepo.editions.paper.stock import Left, Sheet, Story, shortfalls
from newsrepo.location import Finding, Location

_OWN = "\u201c\u201d\u2018\u2019\u00b7\u2026/\u2013\u20140123456789"


def letters_of(sheet: Sheet) -> set[str]:
    """Every character that the edition says of itself, and those that we set around it."""
    words = (sheet.title, sheet.about, sheet.signature, sheet.commons, sheet.filter, *sheet.sections, _OWN)
    return set("".join(words))


def faces_of(sheet: Sheet, faces: Faces) -> tuple[dict[str, Choice], list[Finding]]:
    """The faces for what the edition says of itself, and for each fault a finding at its filter."""
    choice = faces.choose(letters_of(sheet), sheet.lang)
    place = Location(f"filters/{sheet.filter}.yaml")
    return {"": choice, sheet.lang: choice}, list(_faults(choice, place))


def missing_in(path: str, letters: Mapping[str, set[str]], faces: Faces) -> list[Finding]:
    """What no face shows of the texts at ``path``, given as their characters by language."""
    return [
        fault
        for lang, some in sorted(letters.items())
        for fault in _faults(faces.choose(some, lang), Location(path))
    ]


def printable(
    sheet: Sheet,
    stories: Sequence[Story],
    faces: Faces,
    chosen: dict[str, Choice],
    also: Mapping[str, set[str]],
) -> tuple[list[Story], list[Finding], list[Left]]:
    """The stories that can be set, with the faces for their languages put into ``chosen``.

    ``also`` are characters by language that stand in the paper beside them, and have faces.
    """
    kept: list[Story] = []
    findings: list[Finding] = []
    left: list[Left] = []
    letters: dict[str, set[str]] = {lang: set(some) for lang, some in also.items() if lang}
    for story in stories:
        place = Location(story.path)
        findings += shortfalls(story)
        if story.fault:
            left.append(Left(story.id, story.title, story.fault))
            continue
        own = set("".join(_words(story)))
        faults = list(_faults(faces.choose(own, story.lang), place))
        if faults:
            findings += faults
            left.append(Left(story.id, story.title, "no face for some of its characters"))
            continue
        letters.setdefault(story.lang, set()).update(own)
        kept.append(story)
    everything = set[str]().union(*letters.values(), *also.values())
    for lang, own in letters.items():
        chosen[lang] = faces.choose(own | letters_of(sheet) if lang == sheet.lang else own, lang)
    chosen[""] = faces.choose(everything | letters_of(sheet), "")
    return kept, findings, left


def _words(story: Story) -> Iterator[str]:
    yield from (story.title, story.kicker, story.byline, story.signature, story.day, story.summary)
    yield from (story.url, story.license, *(line.text for line in story.credits))
    for picture in story.pictures:
        yield from (picture.alt, picture.caption, picture.credit)
    yield from text_of(story.body)


def _faults(choice: Choice, place: Location) -> Iterator[Finding]:
    for missing in choice.missing:
        shown = " ".join(f"U+{ord(char):04X}" for char in missing.characters[:8])
        more = len(missing.characters) - 8
        rest = f" and {more} more" if more > 0 else ""
        yield Finding(
            "no-glyph",
            place,
            f"no font at hand shows {missing.script}: {shown}{rest}",
            f"install one (on Debian: apt install {missing.package}) or name its folder with --fonts",
        )
