"""Replies that make no thread, quotations that nobody wrote, and mail addresses in records."""

import pytest
from test_rules import ONE, V1, check, commons, post, told

from newsrepo.gitstore.snapshot import blob_id
from newsrepo.location import Severity
from newsrepo.records.personal import MOST, mail_addresses


def comment(body: str = "Hm.\n", on: str = "abc/2026/one", **fields: str) -> str:
    lines = {"on": on, "date": "2026-05-02", "lang": "en", **fields}
    return "---\n" + "".join(f"{k}: {v}\n" for k, v in lines.items()) + f"---\n\n{body}"


def at(name: str) -> str:
    return f"comments/lmn/2026/{name}.md"


def test_replies_that_make_no_thread() -> None:
    files = commons(
        **{
            "articles/abc/2026/two/index.md": post("Two.\n"),
            at("a"): comment(),
            at("b"): comment(on="abc/2026/two", reply_to="comment:lmn/2026/a"),
            at("c"): comment(reply_to="comment:lmn/2026/d"),
            at("d"): comment(reply_to="comment:lmn/2026/c"),
            at("e"): comment(kind="question", pinned="true", reply_to="comment:lmn/2026/a"),
            at("f"): comment(pinned="true"),
            at("g"): comment(kind="question", pinned="true"),
            at("h"): comment(on="contingent:abc", kind="summary"),
            at("i"): comment(kind="summary"),
        }
    )
    found = check(files)
    assert told(found) == [
        ("stray-reply", f"{at('b')}:5:11"),
        ("reply-circle", f"{at('c')}:5:11"),
        ("idle-pin", f"{at('e')}:6:9"),
        ("idle-pin", f"{at('f')}:5:9"),
        ("lone-summary", f"{at('h')}:5:7"),
    ]
    assert {finding.severity for finding in found} == {Severity.WARNING}
    assert check(files, ["articles"]) == ()


def test_a_quotation_stands_in_the_version_that_it_names_whatever_became_of_it() -> None:
    now = post("New *text* altogether.\n")
    quoting = {
        "now": comment(quote="new TEXT", version=blob_id(now.encode())),
        "dropped": comment(quote="New text", version=V1),
        "unpinned": comment(quote="New text"),
        "elsewhere": comment(quote="anything at all", version="f" * 40),
    }
    files = commons(
        **{"articles/abc/2026/one/index.md": now, "articles/abc/2026/kept/index.md": ONE},
        **{at(name): text for name, text in quoting.items()},
    )
    assert [row for row in told(check(files)) if "quote" in row[0]] == [
        ("quote-not-found", f"{at('dropped')}:5:8"),
        ("unpinned-quote", f"{at('unpinned')}:5:8"),
    ]


def test_comments_picked_by_hand_exist() -> None:
    picked = "title: F\ntrust: {abc: 1}\ncomments:\n  include: [comment:lmn/2026/a]\n  exclude: [comment:lmn/2026/b]\n"
    found = check(commons(**{"filters/abc/f.yaml": picked, at("a"): comment()}))
    assert told(found) == [("dangling-id", "filters/abc/f.yaml:5:13")]


def test_mail_addresses_are_told_of_in_any_field_of_any_record_and_not_repeated() -> None:
    rating = f"ratings:\n  - {{article: abc/2026/one, version: {V1}, date: 2026-05-02, values: {{newsworthy: 3}}, note: by ann@dockers.org}}\n"
    files = commons(
        **{
            "contingents/lmn.yaml": "name: LMN\nabout: Wé are ann@dockers.org\n",
            "ratings/abc/ann/2026-05.yaml": rating,
            at("a"): comment("Hm.\n\n<mailto:bo@dockers.co.uk>\n"),
        }
    )
    found = [f for f in check(files) if f.rule == "personal-data"]
    assert told(tuple(found)) == [
        ("personal-data", f"{at('a')}:9:9"),
        ("personal-data", "contingents/lmn.yaml:2:15"),
        ("personal-data", f"ratings/abc/ann/2026-05.yaml:2:{rating.index('ann@') - 8}"),
    ]
    assert {f.severity for f in found} == {Severity.WARNING}
    assert "a…@dockers.org" in found[1].message
    assert "ann@" not in "".join(f.message + f.hint for f in found)


@pytest.mark.parametrize(
    "text",
    [
        "git@forge.org:abc/news.git",
        "ssh://git@forge.org/abc",
        "https://ann@dockers.org/x",
        "@ann@dockers.org",
        "quay@2x.png",
        "ann@example.org",
        "ann@mail.example",
        "12+ann@users.noreply.github.com",
        "abc/2026/dock-strike@3f2a9c1d.",
        "a@b",
        "at 5 @ noon",
    ],
)
def test_what_only_looks_like_a_mail_address_is_passed_over(text: str) -> None:
    assert list(mail_addresses(text.encode())) == []


def test_addresses_without_end_are_told_of_up_to_a_number_and_in_time() -> None:
    assert len(list(mail_addresses(b"ann@dockers.org " * 60_000))) == MOST
    assert list(mail_addresses(b"a@" * 100_000)) == []
