"""How Decap CMS reaches a forge from the page alone: its settings for GitHub, GitLab and Forgejo."""

from typing import Any
from urllib.parse import urlsplit

from newsrepo.errors import UsageError


def settings(
    forge: str, host: str, path: str, branch: str, *, app: str = "", login: str = ""
) -> dict[str, Any]:
    """The backend of an editor that sends what is written to ``path`` on ``host``, for its ``branch``.

    ``app`` is the id of the application that whoever keeps the commons registered with the forge; ``login``
    is the address of the helper that GitHub needs. Saves are drafts on branches of their own and become
    requests, from a fork where the writer may not push and the forge's backend knows forks. Raises
    UsageError where what the forge needs is missing.
    """
    backend: dict[str, Any] = {"repo": path, "branch": branch}
    if forge == "github":
        backend |= {"name": "github", "open_authoring": True, **_login(login)}
        if host != "github.com":
            backend["api_root"] = f"https://{host}/api/v3"
    else:
        if not app:
            raise UsageError(
                f"--editor at {host} needs the id of an application that you register there",
                "see docs/editor.md; then say --editor-app ID",
            )
        backend |= {"app_id": app, "base_url": f"https://{host}"}
        if forge == "gitlab":
            backend |= {"name": "gitlab", "auth_type": "pkce", "api_root": f"https://{host}/api/v4"}
        else:
            backend |= {"name": "forgejo", "open_authoring": True, "api_root": f"https://{host}/api/v1"}
    return {
        "backend": backend,
        "publish_mode": "editorial_workflow",
        "slug": {"encoding": "ascii", "clean_accents": True},
    }


def _login(address: str) -> dict[str, str]:
    """Where GitHub's helper is. Without one Decap would send people to a company's; so it is asked for."""
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise UsageError(
            "--editor at GitHub needs the https address of a login helper that you run or trust",
            "see docs/editor.md; then say --editor-login https://login.example.org/auth",
        )
    return {"base_url": f"https://{parts.netloc}", "auth_endpoint": parts.path.strip("/") or "auth"}
