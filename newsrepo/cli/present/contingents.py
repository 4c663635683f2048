"""Contingents for a reader: a line each with what is wrong below, one in full, and what is to be trusted."""

from collections.abc import Iterator
from typing import Any

from newsrepo.cli.present.encode import quote, terminal
from newsrepo.cli.present.findings import counted
from newsrepo.cli.present.out import Out
from newsrepo.cli.present.sync import aligned, trouble_lines, troubles
from newsrepo.gitstore.addresses import shown as shown_address
from newsrepo.porcelain.admission import Offer
from newsrepo.porcelain.book import Candidate, Entered
from newsrepo.porcelain.contingents import Known, Member, Shown, fingerprints
from newsrepo.porcelain.pins import Terms, bare, place_of
from newsrepo.records import types as t


def as_json(out: Out, known: Known) -> None:
    out.json(
        "contingents",
        {
            "contingents": [_member(member) for member in known.members],
            "candidates": [_candidate(candidate) for candidate in known.candidates],
        },
    )


def _terms(terms: Terms) -> dict[str, Any]:
    return {
        "home": shown_address(terms.url) if terms.url else None,
        "branch": terms.branch or None,
        "keys": [key.text or None for key in fingerprints(terms.keys)],
    }


def _member(member: Member) -> dict[str, Any]:
    seen = member.seen
    return {
        "id": member.id,
        "name": member.name,
        "here": member.here,
        **_terms(member.terms),
        "moved_by_signature": member.moved,
        "tip": seen.commit if seen else None,
        "age_in_days": member.days,
        "fetched_at": (seen.fetched_at or None) if seen else None,
        "tried_at": (seen.tried_at or None) if seen else None,
        "stale": member.stale,
        "articles": member.articles,
        "ratings": member.ratings,
        "claims": _terms(member.claims) if member.claims else None,
        "rewritten": [{"old": r.old, "new": r.new, "when": r.when} for r in member.rewritten],
        "trouble": troubles(member.trouble),
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {
        "id": candidate.id,
        "name": candidate.name,
        "agreed": candidate.agreed,
        "listed": [_entry(entry) for entry in candidate.entries],
    }


def _entry(entry: Entered) -> dict[str, Any]:
    return {"by": entry.by, **_terms(entry.terms)}


def as_text(out: Out, known: Known) -> None:
    for line, member in zip(aligned([_cells(m) for m in known.members]), known.members, strict=True):
        out.line(line)
        out.line(f"  {_where(member)}")
        for line in trouble_lines(member.trouble):
            out.line(f"  {line}")
    if known.candidates:
        out.line()
        out.line("candidates, from others' address books:")
        for line in aligned([_candidate_cells(candidate) for candidate in known.candidates]):
            out.line(f"  {line}")
    out.word(summary(known))


def _cells(member: Member) -> list[str]:
    return [
        member.id,
        terminal(member.name),
        ", ".join([counted(member.articles, "article"), counted(member.ratings, "rating")]),
        "" if member.here else age(member),
    ]


def _where(member: Member) -> str:
    """Where a contingent is at home, at which tip, and by which key; on a line of its own, for it is long."""
    tip = f" at {member.seen.commit[:8]}" if member.seen and member.seen.commit else ""
    place = "at home here" if member.here else terminal(place_of(member.terms)) + tip
    return f"{place}, {keys(member.terms)}"


def keys(terms: Terms) -> str:
    """The keys by the beginnings of their fingerprints."""
    return " ".join(key.short for key in fingerprints(terms.keys)) or "no key"


def age(member: Member) -> str:
    """How old the last good tip is, and since when its home has not answered."""
    if member.days is None:
        return "never reached" if member.seen else "never asked"
    days = counted(member.days, "day") if member.days > 0 else "today"
    if member.stale and member.seen:
        return f"{days}, silent since {member.seen.fetched_at[:10]}"
    return days


def _candidate_cells(candidate: Candidate) -> list[str]:
    homes = dict.fromkeys(place_of(entry.terms) for entry in candidate.entries)
    by = ", ".join(entry.by for entry in candidate.entries)
    return [
        candidate.id,
        terminal(candidate.name),
        terminal(" or ".join(homes)),
        f"listed by {by}",
        "" if candidate.agreed else "who do not agree",
    ]


def summary(known: Known) -> str:
    """The closing line."""
    trouble = sum(bool(member.trouble) for member in known.members)
    parts = [counted(len(known.members), "contingent")]
    parts += [f"{trouble} in trouble"] if trouble else []
    parts += [counted(len(known.candidates), "candidate")] if known.candidates else []
    if any(member.seen is None and not member.here for member in known.members):
        parts.append("`newsrepo sync` fetches what is not here yet")
    return ", ".join(parts)


def shown_as_json(out: Out, shown: Shown) -> None:
    out.json(
        "contingents show",
        {
            "id": shown.id,
            "registered": _member(shown.member) if shown.member else None,
            "listed": [_entry(entry) for entry in shown.entries],
        },
    )


def shown_as_text(out: Out, shown: Shown) -> None:
    member, record = shown.member, shown.page.record
    rows = [["id", shown.id]]
    if record is not None:
        rows += _described(record)
    if member is None:
        rows.append(["standing", "a candidate: in others' address books only"])
    else:
        rows += _standing(member)
    for line in aligned(rows):
        out.line(line)
    if member is not None:
        for line in trouble_lines(member.trouble):
            out.line(line)
    for line in _hearsay(shown):
        out.line(line)
    if member is None:
        out.word(f"to admit it: newsrepo contingents pin {shown.id}")


def _described(record: t.Contingent) -> list[list[str]]:
    rows = [["name", terminal(record.name)]]
    rows += [["about", terminal(record.about)]] if record.about else []
    rows += [["promises", ", ".join(promise.value for promise in record.promises)]] if record.promises else []
    if record.vouches:
        vouched = (f"{who} ({weight})" for who, weight in sorted(record.vouches.items()))
        rows.append(["vouches for", terminal(", ".join(vouched))])
    rows += [["writers", terminal(", ".join(record.writers))]] if record.writers else []
    return rows


def _standing(member: Member) -> list[list[str]]:
    rows = [["home", "here: the branch that is checked out" if member.here else _home(member)]]
    rows += [["key", key.text or f"unusable: {key.fault}"] for key in fingerprints(member.terms.keys)]
    seen = member.seen
    if seen is not None:
        rows.append(["last tip", f"{seen.commit}, {age(member)}" if seen.commit else age(member)])
        rows.append(["last asked", seen.tried_at or "never"])
    published = [counted(member.articles, "article"), counted(member.ratings, "rating")]
    rows.append(["published", ", ".join(published)])
    if member.claims is not None:
        rows.append(["its home claims", f"{terminal(place_of(member.claims))}, {keys(member.claims)}"])
    rows += [["rewritten", f"{r.old[:12]}..{r.new[:12]}, seen {r.when[:10]}"] for r in member.rewritten]
    return rows


def _home(member: Member) -> str:
    moved = ", moved there by a signature of its key" if member.moved else ""
    return terminal(place_of(member.terms)) + moved


def _hearsay(shown: Shown) -> Iterator[str]:
    """How others' books have it, those that say the same on one line."""
    groups: list[tuple[Terms, list[str]]] = []
    for entry in shown.entries:
        group = next((g for g in groups if g[0].agrees(entry.terms)), None)
        if group is None:
            groups.append((entry.terms, [entry.by]))
        else:
            group[1].append(entry.by)
    for terms, by in groups:
        same = shown.member is not None and shown.member.terms.agrees(terms)
        what = "the same" if same else f"{terminal(place_of(terms))}, {keys(terms)}"
        yield f"in the books of {', '.join(by)}: {what}"


def offer_lines(offer: Offer) -> Iterator[str]:
    """What would be trusted, the old beside the new."""
    record = offer.record
    yield f"{offer.page.id}, by {terminal(offer.source)}:"
    rows = _described(record)
    rows.append(["home", terminal(place_of(offer.terms))])
    rows += [["key", _key(key.text, key.fault)] for key in fingerprints(offer.terms.keys)]
    if not offer.terms.keys:
        rows.append(["key", "none: it cannot sign a later move, so you will be asked each time"])
    if offer.old is not None:
        rows.append(["home until now", terminal(place_of(offer.old))])
        gone = [key for key in offer.old.keys if not bare([key]) <= bare(offer.terms.keys)]
        rows += [["key no more", _key(key.text, key.fault)] for key in fingerprints(gone)]
    for line in aligned(rows):
        yield f"  {line}"
    for who, name in offer.alike:
        other = f"{who}, {quote(name)}" if who else f"the commons itself, {quote(name)}"
        yield f"  look twice: it could be taken for {other}"


def _key(text: str, fault: str) -> str:
    return text or f"unusable: {terminal(fault)}"
