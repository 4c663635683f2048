"""The editor's server answers the browser that has its key, on this machine, and nobody else."""

import json

import pytest
import yaml
from editor_talk import Browser

from newsrepo.editor.protocol import MAX_REQUEST

INFO = b'{"action": "info", "params": {}}'
EVIL = "http://evil.example"


def test_the_key_lets_a_browser_in_once_and_is_then_a_cookie(browser: Browser) -> None:
    status, _, headers = browser.go("GET", f"/admin/?key={browser.server.key}", Cookie=None)
    assert (status, headers["Location"]) == (303, "/admin/")
    assert headers["Set-Cookie"] == f"{browser.cookie}; Path=/; HttpOnly; SameSite=Strict"
    status, body, headers = browser.go("GET", "/admin/")
    assert status == 200
    assert b"noindex" in body
    assert b"<script>" not in body  # no script but from files
    assert "connect-src 'self' blob:;" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert json.loads(browser.go("POST", "/api/v1", INFO)[1])["type"] == "newsrepo"


@pytest.mark.parametrize("cookie", [None, "", "x=y", "newsrepo-editor-1=k", "{name}=wrong", "{name}=é"])
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/admin/"), ("GET", "/admin/config.yml"), ("POST", "/api/v1")]
)
def test_nothing_is_told_without_the_key(
    browser: Browser, method: str, path: str, cookie: str | None
) -> None:
    given = cookie.format(name=browser.server.cookie) if cookie is not None else None
    status, body, _ = browser.go(method, path, INFO if method == "POST" else b"", Cookie=given)
    assert (status, list(json.loads(body))) == (403, ["error"])


@pytest.mark.parametrize(
    "host", [None, "evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:80"]
)
def test_a_foreign_name_for_our_address_gets_nothing(browser: Browser, host: str | None) -> None:
    origin = f"http://{host}"
    assert browser.go("GET", f"/admin/?key={browser.server.key}", Host=host, Cookie=None)[0] == 403
    assert browser.go("GET", "/admin/config.yml", Host=host)[0] == 403
    assert browser.go("POST", "/api/v1", INFO, Host=host, Origin=origin)[0] == 403


@pytest.mark.parametrize("origin", [None, "null", EVIL, "https://127.0.0.1", "http://127.0.0.1"])
def test_another_sites_page_cannot_save(browser: Browser, origin: str | None) -> None:
    assert browser.go("POST", "/api/v1", INFO, Origin=origin)[0] == 403
    assert browser.go("OPTIONS", "/api/v1", Origin=origin or EVIL)[0] == 501  # no preflight is ever granted


def test_a_form_of_another_page_is_no_request(browser: Browser) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", None):
        assert browser.go("POST", "/api/v1", INFO, Content_Type=kind)[0] == 415
    assert browser.go("POST", "/elsewhere", INFO)[0] == 404
    assert browser.go("POST", "/api/v1", b"{")[0] == 400


@pytest.mark.parametrize("length", [None, "", "-1", "1e3", str(MAX_REQUEST + 1), "9" * 30])
def test_how_much_there_is_must_be_said_and_be_bearable(browser: Browser, length: str | None) -> None:
    assert browser.go("POST", "/api/v1", Content_Length=length)[0] in (411, 413)


def test_a_body_without_end_is_not_read(browser: Browser) -> None:
    assert browser.go("POST", "/api/v1", INFO, Transfer_Encoding="chunked")[0] == 411


@pytest.mark.parametrize("path", ["/admin/../newsrepo.yaml", "/newsrepo.yaml", "/admin/%2e%2e/x", "/admin/x"])
def test_only_the_editors_own_files_are_served(browser: Browser, path: str) -> None:
    assert browser.go("GET", path)[0] == 404


def test_the_forms_are_made_of_the_records(browser: Browser) -> None:
    config = yaml.safe_load(browser.go("GET", "/admin/config.yml")[1])
    assert config["backend"] == {"name": "proxy", "proxy_url": "/api/v1", "branch": "main"}
    forms = {form["name"]: form for form in config["collections"]}
    assert list(forms) == ["articles", "challenges", "answers", "comments", "ratings"]
    asked = {f["name"]: f for f in forms["articles"]["fields"]}
    assert set(asked) == {
        "title", "summary", "body", "authors", "topics", "places", "date", "lang", "license", "media",
        "based_on", "credits", "status",
    }  # fmt: skip
    assert [f["name"] for f in asked["based_on"]["fields"]] == ["article", "relation", "changes"]
    assert asked["license"]["options"] == [{"label": "CC0-1.0", "value": "CC0-1.0"}]
    (question,) = forms["answers"]["files"]
    assert question["file"] == "challenges/lmn/who-paid/answers/abc.md"
    assert "Who paid for it?" in next(f for f in question["fields"] if f["name"] == "body")["hint"]
    (month,) = forms["ratings"]["files"]
    values = next(f for f in month["fields"][0]["fields"] if f["name"] == "values")
    assert [(v["name"], v["min"], v["max"]) for v in values["fields"]] == [
        ("accurate", -2, 2),
        ("newsworthy", 0, 5),
    ]
    assert not any(form.get("delete") for form in forms.values())
