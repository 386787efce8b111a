"""Settings: the secret is never short nor shared, and cookies are as safe as the transport."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests import factories
from tests.databases import environment, writing
from tests.pages import Pages
from webapp.config import ROOT, ConfigurationError, instance_folder, secret_key, settings
from webapp.core.roles import Role


@pytest.mark.parametrize("given", ["", "short", "x" * 31])
def test_a_short_secret_is_refused(given: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="at least 32"):
        settings({"SECRET_KEY": given, "INSTANCE": str(tmp_path)})


def test_a_process_with_a_short_secret_does_not_start(instance: Path, database_url: str) -> None:
    given = {**environment(instance, database_url), "SECRET_KEY": "password"}
    made = subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        cwd=ROOT, env=given, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode != 0
    assert "ConfigurationError" in made.stderr


def test_a_secret_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    old_mask = os.umask(0)
    try:
        first = secret_key({}, folder)
    finally:
        os.umask(old_mask)
    assert len(first) >= 32
    assert secret_key({}, folder) == first
    assert stat.S_IMODE((folder / "secret-key").stat().st_mode) == 0o600
    assert secret_key({}, tmp_path / "another") != first


@pytest.mark.parametrize("content", ["", "cut off"])
def test_a_secret_file_that_was_cut_off_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "secret-key").write_text(content)
    with pytest.raises(ConfigurationError):
        secret_key({}, tmp_path)


def test_processes_that_start_at_once_have_one_secret(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from webapp.config import secret_key;"
        "print(secret_key({}, pathlib.Path(sys.argv[1])))"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "new")], cwd=ROOT,
                         stdout=subprocess.PIPE, text=True)
        for _ in range(6)
    ]  # fmt: skip
    said = {process.communicate(timeout=60)[0].strip() for process in started}
    assert len(said) == 1
    assert len(said.pop()) >= 32


def test_the_instance_is_a_folder_of_ones_own_choice(tmp_path: Path) -> None:
    assert instance_folder({"INSTANCE": str(tmp_path)}) == tmp_path
    assert instance_folder({}) == ROOT / "instance"
    assert instance_folder({"INSTANCE": "relative"}).is_absolute()


def cookies_of(app: Flask) -> list[str]:
    """Return the cookies that a signed-in person is given."""
    with writing(app) as session:
        person = factories.account(session, Role.EXPERT)
    client = app.test_client()
    base = "https://localhost" if app.config["BEHIND_TLS"] else "http://localhost"
    page = client.get("/login", base_url=base)
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post(
        "/login",
        base_url=base,
        headers={"Referer": f"{base}/login"},
        data={"email": person.email, "password": factories.PASSWORD, "csrf_token": token},
    )
    assert answer.status_code == 302, answer.text
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    return cookies


def test_cookies_cannot_be_read_by_scripts_nor_sent_along_from_elsewhere(app: Flask) -> None:
    for cookie in cookies_of(app):
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


def test_behind_tls_cookies_are_bound_to_host_and_transport(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch, instance: Path
) -> None:
    tls = settings({"BEHIND_TLS": "1", "INSTANCE": str(instance), "SECRET_KEY": "x" * 40})
    app = make_app(**{name: tls[name] for name in tls if name.startswith("SESSION_COOKIE")},
                   BEHIND_TLS=True, WTF_CSRF_SSL_STRICT=tls["WTF_CSRF_SSL_STRICT"])  # fmt: skip
    for cookie in cookies_of(app):
        assert cookie.startswith("__Host-")
        assert "Secure" in cookie
    policy = app.test_client().get("/privacy").headers["Strict-Transport-Security"]
    assert "max-age=63072000" in policy


def test_without_tls_nothing_promises_it(pages: Pages) -> None:
    assert "Strict-Transport-Security" not in pages.get("/privacy").response.headers


def test_debug_is_off_whatever_the_settings_say_nothing_of(app: Flask) -> None:
    assert not app.debug
