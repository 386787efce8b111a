"""Settings: what is unsafe is refused in words, and cookies are as safe as the transport."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests import factories
from tests.databases import environment, writing
from tests.pages import Pages
from webapp.config import ROOT, ConfigurationError, instance_folder, settings
from webapp.core.roles import Role

KEY = "c2l4dHkgZm91ciBjaGFyYWN0ZXJzIG9mIG5vdGhpbmc"
# All that an installation in real use must be told.
PRODUCTION = {
    "SECRET_KEY": KEY,
    "PLATFORM_URL": "https://platform.example.org",
    "BEHIND_TLS": "1",
    "TRUSTED_PROXIES": "1",
    "MAIL_SERVER": "mail.example.org",
    "MAIL_DEFAULT_SENDER": "platform@example.org",
}


@pytest.mark.parametrize("name", ["taken", "taken/folder", "n" * 300])
def test_what_can_be_no_folder_is_refused_in_a_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "taken").write_text("something else", "utf-8")
    with pytest.raises(ConfigurationError, match="INSTANCE must name a folder"):
        settings({**PRODUCTION, "INSTANCE": str(tmp_path / name)})


def test_what_production_needs_is_enough(tmp_path: Path) -> None:
    found = settings({**PRODUCTION, "INSTANCE": str(tmp_path)})
    assert found["PLATFORM_HOSTS"] == {"platform.example.org"}


# What is not behind TLS itself holds real people all the same if its database is elsewhere.
DATABASE_ELSEWHERE = {
    "PLATFORM_URL": "http://127.0.0.1:8000", "BEHIND_TLS": "0",
    "DATABASE_URL": "postgresql://u:p@db.example.org/d?sslmode=verify-full",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"BEHIND_TLS": ""}, "BEHIND_TLS"),
        ({"BEHIND_TLS": "yes"}, "BEHIND_TLS"),
        ({"PLATFORM_URL": ""}, "PLATFORM_URL"),
        ({"PLATFORM_URL": "http://platform.example.org"}, "PLATFORM_URL"),
        ({"PLATFORM_URL": "http://platform.example.org", "BEHIND_TLS": "0"}, "PLATFORM_URL"),
        ({"PLATFORM_URL": "platform.example.org"}, "PLATFORM_URL"),
        ({"PLATFORM_URL": "https://"}, "PLATFORM_URL"),
        ({"PLATFORM_URL": "https://[1"}, "PLATFORM_URL"),
        ({"PLATFORM_URL": "https://platform.example.org:port"}, "PLATFORM_URL"),
        ({"PLATFORM_URL": "https://platform.example.org/under"}, "PLATFORM_URL"),
        ({"PLATFORM_URL": "https://someone@platform.example.org"}, "PLATFORM_URL"),
        ({"MAIL_SERVER": ""}, "MAIL_SERVER"),
        ({"MAIL_DEFAULT_SENDER": ""}, "MAIL_DEFAULT_SENDER"),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
        ({"MAIL_PORT": "smtp"}, "MAIL_PORT"),
        ({"MAIL_PORT": "0"}, "MAIL_PORT"),
        ({"MAIL_USE_TLS": "true"}, "MAIL_USE_TLS"),
        ({"MAIL_PASSWORD": "hidden"}, "MAIL_USE_TLS"),
        ({"MAIL_PASSWORD": "hidden", "MAIL_USE_TLS": "0"}, "MAIL_USE_TLS"),
        ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES"),
        ({"TRUSTED_PROXIES": "0"}, "TRUSTED_PROXIES"),
        ({"TRUSTED_PROXIES": ""}, "TRUSTED_PROXIES"),
        ({"PLATFORM_URL": "https://p exa.example.org"}, "PLATFORM_URL"),
        ({"PLATFORM_URL": "https://*.example.org"}, "PLATFORM_URL"),
        ({"PLATFORM_URL": "https://.example.org"}, "PLATFORM_URL"),
        ({"MAIL_DEFAULT_SENDER": "platform"}, "MAIL_DEFAULT_SENDER"),
        ({"MAIL_DEFAULT_SENDER": "p@example.org\nBcc: q@example.org"}, "MAIL_DEFAULT_SENDER"),
        ({"AUDIT_HEAD_MAIL": "keeper@example.org nobody"}, "AUDIT_HEAD_MAIL"),
        ({"TRUSTED_PROXIES": "9" * 5000}, "TRUSTED_PROXIES"),
        ({"PORT": "²"}, "PORT"),
        ({"SESSION_IDLE_MINUTES": "an hour"}, "SESSION_IDLE_MINUTES"),
        ({"DATABASE_URL": "somewhere"}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:///:memory:"}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:///file::memory:?uri=true"}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:///file:data?mode=memory&uri=true"}, "DATABASE_URL"),
        ({"DATABASE_URL": "mysql://u:hidden@localhost/d"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://u:hidden@localhost"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://u:hidden@localhost:port/d"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://u:hidden@db.example.org/d"}, "sslmode"),
        ({"DATABASE_URL": "postgresql://u:hidden@db.example.org/d?sslmode=require"}, "sslmode"),
        ({"DATABASE_URL": "postgresql:///d?host=/run,db.example.org"}, "sslmode"),
        ({"DATABASE_URL": "postgresql:///d", "PGHOST": "db.example.org"}, "sslmode"),
        ({"DATABASE_URL": "postgresql://localhost/d", "PGHOSTADDR": "10.0.0.1"}, "sslmode"),
        ({"DATABASE_URL": "postgresql:///d", "PGSERVICE": "main"}, "sslmode"),
        ({"DATABASE_URL": "postgresql:///d?service=main"}, "sslmode"),
        ({**DATABASE_ELSEWHERE, "MAIL_SERVER": ""}, "MAIL_SERVER"),
        ({**DATABASE_ELSEWHERE, "FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
        ({"FLASK_DEBUG": " "}, "FLASK_DEBUG"),
        ({"FLASK_DEBUG": "\t"}, "FLASK_DEBUG"),
        ({"TRUSTED_HOSTS": "*"}, "TRUSTED_HOSTS"),
        ({"TRUSTED_HOSTS": "box .example.org"}, "TRUSTED_HOSTS"),
        ({"TRUSTED_HOSTS": "box.example.org:443"}, "TRUSTED_HOSTS"),
        ({"TRUSTED_HOSTS": "https://box.example.org"}, "TRUSTED_HOSTS"),
        ({"PLATFORM_URL": "", "BEHIND_TLS": "0", "TRUSTED_HOSTS": "box"}, "TRUSTED_HOSTS"),
    ],
)
def test_what_is_wrong_or_unsafe_is_refused_in_a_sentence_that_names_it(
    changed: dict[str, str], named: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match=named) as refused:
        settings({**PRODUCTION, "INSTANCE": str(tmp_path), **changed})
    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////srv/platform.sqlite",
        "postgresql:///d",
        "postgresql+psycopg://u:p@127.0.0.1:5433/d",
        "postgresql://u@/d?host=/run/postgresql",
        "postgresql://u:p@db.example.org/d?sslmode=verify-full",
        "postgresql://u:p@db.example.org/d?sslmode=verify-ca",
    ],
)
def test_a_database_here_or_one_that_proves_whose_it_is_is_used(url: str, tmp_path: Path) -> None:
    settings({**PRODUCTION, "INSTANCE": str(tmp_path), "DATABASE_URL": url})


def test_the_demo_is_opened_by_a_name_since_passkeys_belong_to_names(tmp_path: Path) -> None:
    found = settings({"INSTANCE": str(tmp_path), "PORT": "8001"})
    assert found["PLATFORM_URL"] == "http://localhost:8001"


def test_without_tls_only_this_machine_is_asked_for(tmp_path: Path) -> None:
    for url in ("http://127.0.0.1:8001", "http://localhost:8001/", "http://[::1]:8001"):
        here = {"INSTANCE": str(tmp_path), "TRUSTED_HOSTS": "127.0.0.2"}
        found = settings({"PLATFORM_URL": url, **here})
        assert found["PLATFORM_HOSTS"] == {"127.0.0.1", "localhost", "::1", "127.0.0.2"}


def test_further_hosts_are_served_behind_tls(tmp_path: Path) -> None:
    found = settings({**PRODUCTION, "INSTANCE": str(tmp_path), "TRUSTED_HOSTS": "Box, 192.0.2.7"})
    assert found["PLATFORM_HOSTS"] == {"platform.example.org", "box", "192.0.2.7"}


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        (["-c", "import wsgi"], {"SECRET_KEY": "password"}),
        (["-c", "import webapp.worker"], {"PLATFORM_URL": "https://platform.example.org"}),
        (["-m", "flask", "--app", "wsgi", "install"], {"MAIL_PORT": "smtp"}),
        (["-m", "gunicorn", "-c", "python:webapp.gunicorn_conf", "wsgi:app"],
         {"BEHIND_TLS": "1"}),
        (["-m", "gunicorn", "-c", "python:webapp.gunicorn_conf", "wsgi:app"],
         {"WEB_WORKERS": "many"}),
    ],
)  # fmt: skip
def test_no_process_starts_with_wrong_settings_and_each_says_why_in_one_line(
    command: list[str], wrong: dict[str, str], instance: Path, database_url: str
) -> None:
    made = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT, env={**environment(instance, database_url), **wrong},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert made.returncode != 0
    said = made.stderr.strip().splitlines()
    assert len(said) == 1
    assert said[0].startswith("The platform cannot start: ")
    assert next(iter(wrong)) in said[0]


def test_the_table_of_settings_names_what_is_read_and_nothing_else() -> None:
    table = (ROOT / "docs" / "production.md").read_text("utf-8").split("## Settings")[1]
    rows = re.findall(r"^\| (`[A-Z_`, ]+`) \|", table.split("## Keys")[0], re.MULTILINE)
    told = {name for row in rows for name in re.findall("[A-Z_]+", row)}
    sources = [*(ROOT / "webapp" / "config").glob("*.py"), ROOT / "webapp" / "gunicorn_conf.py"]
    ways = "text|raw|words|flag|number|minutes|given|get|choice|mail_addresses|mail_sender"
    reading = rf"\.(?:{ways})\(\s*['\"]([A-Z_]+)['\"]"
    read = {name for path in sources for name in re.findall(reading, path.read_text("utf-8"))}
    # They are read by way of a variable.
    others = {"AUDIT_KEY", "DATABASE_URL", "MAIL_SERVER", "PASSWORD_SALT", "TOTP_KEY"}
    assert told == read | others


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
    tls = settings({**PRODUCTION, "INSTANCE": str(instance)})
    app = make_app(**{name: tls[name] for name in tls if name.startswith("SESSION_COOKIE")},
                   BEHIND_TLS=True, WTF_CSRF_SSL_STRICT=tls["WTF_CSRF_SSL_STRICT"])  # fmt: skip
    for cookie in cookies_of(app):
        assert cookie.startswith("__Host-")
        assert "Secure" in cookie


def test_behind_tls_every_answer_asks_for_it_errors_and_files_too(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app(BEHIND_TLS=True)
    asked = {
        "/privacy": 200,
        "/no-such-page": 404,
        "/static/css/theme.css": 200,
        "/static/no-such-file": 404,
        "/healthz": 200,
        "/requests": 302,
    }
    client = app.test_client()
    answers = {path: client.get(path, base_url="https://localhost") for path in asked}
    assert {path: one.status_code for path, one in answers.items()} == asked
    answers["too much"] = client.post("/login", data={"email": "x" * 2_000_000})
    assert answers["too much"].status_code == 413
    answers["no such method"] = client.delete("/privacy")
    for path, answer in answers.items():
        assert "max-age=63072000" in answer.headers["Strict-Transport-Security"], path
        answer.close()


def test_without_tls_nothing_promises_it(pages: Pages) -> None:
    assert "Strict-Transport-Security" not in pages.get("/privacy").response.headers
