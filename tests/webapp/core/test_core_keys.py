"""The secrets of an installation: never guessable nor shared, and each can be kept or changed."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests import factories
from tests.databases import SECRET
from tests.pages import Pages
from webapp.config import ROOT, ConfigurationError, settings
from webapp.config.environment import Environment
from webapp.config.keys import Keys, read_keys, rotate
from webapp.core.roles import Role

KEY, OLDER = (
    "c2l4dHkgZm91ciBjaGFyYWN0ZXJzIG9mIG5vdGhpbmc",
    "QW4gb2xkZXIga2V5IHRoYXQgd2FzIGluIHVzZSBiZWZvcmU",
)
HEXADECIMAL = "7f1c9be04d8a35266ed0b7c4f39215a8c6d14e7b90a3f85d2b6c01e9d47a8f53"
FILES = {"secret-key", "password-salt", "totp-key", "audit-key"}


def keys(folder: Path, **environ: str) -> Keys:
    """Return the keys of the installation in `folder`."""
    return read_keys(Environment(environ), folder)


def test_keys_are_made_once_each_of_its_own_and_only_their_owner_can_read_them(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "new"
    old_mask = os.umask(0)
    try:
        first = keys(folder)
    finally:
        os.umask(old_mask)
    assert len({first.secret, first.salt, first.totp, keys(tmp_path / "another").secret}) == 4
    assert keys(folder) == first
    assert {path.name for path in folder.iterdir()} == FILES
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "guessable",
    [
        "",
        "short",
        KEY[:31],
        "x" * 64,
        "abcdefgh" * 8,
        "0123456789abcdef" * 2,
        "abcdefghijklmnopqrstuvwxyz0123456789",
        "changeme-changeme-changeme-changeme-1",
        "please-change-me-this-is-a-secret-key!",
        "qwertyuiopasdfghjklzxcvbnm1234567890",
        "0000000000000000000000000000000000001a2b3",
        "zq5zzq57qzq5z7q5zzq5qz75zq5qqz5zq57zqz5q",
        "correct horse battery staple correct horse",
        "correct-horse-battery-staple-and-one-more-word",
        "Correct-Horse-Battery-Staple-Correct-Horse-Battery",
        "CorrectHorseBatteryStapleAndNoWordThatComesAgain",
        "The-quick-brown-Fox-jumps-over-13-lazy-Dogs-today",
        "Ovo-je-tajni-kljuc-platforme-Beograd-2026-Jelena9",
        "IchHeisseMeierUndWohneInDerBerlinerStrasse123x",
        "My1Very2Long3And4Secret5Pass6Phrase7For8The9Server",
        KEY[:40] + " cd",
        KEY[:40] + "ä34",
        f"{KEY[:24]}{KEY[:24]}",
        HEXADECIMAL[:63],
    ],
)
@pytest.mark.parametrize(
    "name",
    [
        "SECRET_KEY", "SECRET_KEY_FALLBACKS", "PASSWORD_SALT", "TOTP_KEY", "AUDIT_KEY",
        "METRICS_TOKEN",
    ],
)  # fmt: skip
def test_a_key_that_could_be_guessed_is_refused(guessable: str, name: str, tmp_path: Path) -> None:
    if name in {"SECRET_KEY_FALLBACKS", "METRICS_TOKEN"} and not guessable:
        return  # Nothing is no key.
    with pytest.raises(ConfigurationError, match=r"KEY|SALT|TOKEN") as refused:
        settings({"INSTANCE": str(tmp_path), "SECRET_KEY": KEY, name: guessable})
    assert not guessable or guessable not in str(refused.value)
    assert "`openssl rand -base64 48` makes a good one" in str(refused.value)


@pytest.mark.parametrize("good", [KEY, OLDER, f"{KEY}=", HEXADECIMAL, HEXADECIMAL.upper()])
def test_a_key_of_32_bytes_at_random_is_taken_however_it_is_written(
    good: str, tmp_path: Path
) -> None:
    assert keys(tmp_path, SECRET_KEY=good).secret == good


@pytest.mark.parametrize("name", sorted(FILES))
@pytest.mark.parametrize("content", ["", "cut off"])
def test_a_file_that_was_cut_off_is_refused(tmp_path: Path, name: str, content: str) -> None:
    keys(tmp_path)
    (tmp_path / name).write_text(content)
    with pytest.raises(ConfigurationError):
        settings({"INSTANCE": str(tmp_path)})


@pytest.mark.thorough
def test_processes_that_start_at_once_have_the_same_keys(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from webapp.config import keys, environment;"
        "print(keys.read_keys(environment.Environment({}), pathlib.Path(sys.argv[1])))"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "new")], cwd=ROOT,
                         stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]  # fmt: skip
    said = {process.communicate(timeout=300)[0].strip() for process in started}
    assert len(said) == 1
    assert {path.name for path in (tmp_path / "new").iterdir()} == FILES


def test_an_installation_from_before_the_salt_keeps_its_passwords(tmp_path: Path) -> None:
    """They were hashed with the key."""
    (tmp_path / "secret-key").write_text(KEY)
    assert keys(tmp_path).salt == KEY
    rotate(Environment({}), tmp_path, forget=False)
    assert keys(tmp_path).salt == KEY
    in_environment = tmp_path / "environment"
    assert keys(in_environment, SECRET_KEY=KEY, SECRET_KEY_FALLBACKS=OLDER).salt == OLDER
    assert keys(in_environment, SECRET_KEY=KEY).salt == OLDER
    assert keys(in_environment, SECRET_KEY=KEY, PASSWORD_SALT=KEY).salt == KEY


def test_a_new_key_goes_before_the_others_until_they_are_forgotten(tmp_path: Path) -> None:
    first = keys(tmp_path)
    assert rotate(Environment({}), tmp_path, forget=False) == 2
    second = keys(tmp_path)
    assert second.former == (first.secret,)
    assert second.secret not in {first.secret, first.salt}
    assert (second.salt, second.totp) == (first.salt, first.totp)
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    assert rotate(Environment({}), tmp_path, forget=True) == 1
    assert keys(tmp_path).former == ()
    assert {path.name for path in tmp_path.iterdir()} == FILES


@pytest.mark.thorough
def test_sessions_and_open_forms_live_on_when_the_key_is_changed(
    app: Flask, world: factories.World, make_app: Callable[..., Flask]
) -> None:
    before = Pages(app).sign_in(world.first(Role.REQUESTER))
    form = before.get("/requests/new").form("Save as draft")
    for former, status in (((SECRET,), 302), ((), 401)):
        later = make_app(SECRET_KEY=KEY, SECRET_KEY_FALLBACKS=former)
        client = later.test_client()
        cookie = before.client.get_cookie("session")
        assert cookie is not None
        client.set_cookie("session", cookie.value)
        answer = client.post(form.action, data={**form.values, "title": "Written before"})
        assert answer.status_code == status


def test_a_key_from_the_environment_is_changed_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="SECRET_KEY_FALLBACKS"):
        rotate(Environment({"SECRET_KEY": KEY}), tmp_path, forget=False)
    assert not list(tmp_path.iterdir())
