"""Settings: read from the environment once, refused where they would be unsafe."""

import base64
import contextlib
import os
import secrets
import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data"


class ConfigurationError(RuntimeError):
    """The platform cannot start with these settings."""


def instance_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder of this installation's database, secret, mail and files."""
    return Path(environ.get("INSTANCE") or ROOT / "instance").absolute()


def secret_key(environ: Mapping[str, str], instance: Path) -> str:
    """Return the secret that signs sessions: from SECRET_KEY, or made once for the installation.

    It is never a default: a file readable by its owner alone is made where none is given.
    """
    given = environ.get("SECRET_KEY")
    if given is None:
        path = instance / "secret-key"
        if not path.exists():
            _make_secret(path)
        given = path.read_text(encoding="ascii")
    if len(given) < 32:
        raise ConfigurationError("the secret must have at least 32 characters")
    return given


def _make_secret(path: Path) -> None:
    """Make the file whole or not at all; of several processes that try, one succeeds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # The temporary file can be read by its owner alone, and so can its link.
    with tempfile.NamedTemporaryFile(
        "w", dir=path.parent, prefix="secret-", encoding="ascii"
    ) as new:
        new.write(secrets.token_urlsafe(48))
        new.flush()
        with contextlib.suppress(FileExistsError):
            os.link(new.name, path)


def _database(url: str) -> dict[str, Any]:
    # An error would otherwise write the parameters of its statement into the log, and with them
    # what people have typed.
    options = {"url": url, "hide_parameters": True}
    if url.startswith("sqlite"):
        return options
    # A connection that a restart of the server has cut is replaced before it is used, and a server
    # that does not answer is given up before people give up.
    return {**options, "pool_pre_ping": True, "connect_args": {"connect_timeout": 3}}


def _minutes(environ: Mapping[str, str], name: str, usual: float) -> timedelta:
    given = environ.get(name)
    try:
        found = timedelta(minutes=float(given) if given else usual)
    except (ValueError, OverflowError) as error:
        raise ConfigurationError(f"{name} must be a number of minutes") from error
    if found < timedelta(seconds=1):
        raise ConfigurationError(f"{name} must be long enough to do something")
    return found


def settings(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return the configuration of the application for this environment."""
    instance = instance_folder(environ)
    url = environ.get("DATABASE_URL") or f"sqlite:///{instance / 'platform.sqlite'}"
    behind_tls = environ.get("BEHIND_TLS") == "1"
    secret = secret_key(environ, instance)
    mail_server = environ.get("MAIL_SERVER")
    limit = _minutes(environ, "SESSION_LIMIT_MINUTES", 12 * 60)
    return {
        "INSTANCE_FOLDER": str(instance),
        "SECRET_KEY": secret,
        "SQLALCHEMY_ENGINES": {"default": _database(url)},
        "JOBS_FILE": str(instance / "jobs.sqlite"),
        "PLATFORM_URL": environ.get("PLATFORM_URL")
        or f"http://127.0.0.1:{environ.get('PORT', '8000')}",
        "BEHIND_TLS": behind_tls,
        # 1 MB holds every form many times over; nothing is uploaded yet.
        "MAX_CONTENT_LENGTH": 1_000_000,
        "MAX_FORM_MEMORY_SIZE": 1_000_000,
        "SESSION_COOKIE_NAME": "__Host-session" if behind_tls else "session",
        "SESSION_COOKIE_SECURE": behind_tls,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        # After so long without a request, and at the latest so long after the sign-in.
        "SESSION_IDLE": _minutes(environ, "SESSION_IDLE_MINUTES", 120),
        "SESSION_LIMIT": limit,
        # The session itself is a row; its cookie needs no renewal, so it may be as old as that.
        "PERMANENT_SESSION_LIFETIME": limit,
        "SESSION_REFRESH_EACH_REQUEST": False,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": behind_tls,
        "BOOTSTRAP_SERVE_LOCAL": True,
        "MAIL_BACKEND": "smtp" if mail_server else "file",
        "MAIL_SERVER": mail_server or "",
        "MAIL_PORT": int(environ.get("MAIL_PORT", "25")),
        "MAIL_USE_TLS": environ.get("MAIL_USE_TLS") == "1",
        "MAIL_USERNAME": environ.get("MAIL_USERNAME"),
        "MAIL_PASSWORD": environ.get("MAIL_PASSWORD"),
        "MAIL_TIMEOUT": 20,
        "MAIL_FILE_PATH": str(instance / "mail"),
        "MAIL_DEFAULT_SENDER": environ.get("MAIL_DEFAULT_SENDER", "platform@rssrp.example.org"),
        **_sign_in(secret),
    }


def _derived(secret: str, purpose: bytes) -> bytes:
    """Return 32 bytes for one purpose; who knows them knows neither the secret nor the others."""
    return HKDF(SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())


def _sign_in(secret: str) -> dict[str, Any]:
    """Return Flask-Security's settings; invitations and links by mail are our own."""
    totp_key = _derived(secret, b"secrets of second factors").hex()
    codes_key = base64.urlsafe_b64encode(_derived(secret, b"recovery codes"))
    return {
        "SECURITY_PASSWORD_SALT": secret,
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_PASSWORD_LENGTH_MIN": 12,
        "SECURITY_PASSWORD_NORMALIZE_FORM": "NFKD",
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_LOGOUT_CSRF": True,
        "SECURITY_POST_LOGIN_VIEW": "/",
        "SECURITY_POST_LOGOUT_VIEW": "/",
        "SECURITY_REGISTERABLE": False,
        "SECURITY_RECOVERABLE": False,
        "SECURITY_CHANGEABLE": False,
        "SECURITY_TRACKABLE": False,
        "SECURITY_FLASH_MESSAGES": False,
        "SECURITY_DEFAULT_REMEMBER_ME": False,
        "SECURITY_JOIN_USER_ROLES": True,
        "SECURITY_STATIC_FOLDER": None,
        "SECURITY_API_ENABLED_METHODS": ["session"],
        # Who changes how an account is entered must have signed in a short time ago.
        "SECURITY_FRESHNESS": timedelta(minutes=15),
        "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(0),
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "/account/security",
        "SECURITY_TOTP_SECRETS": {"1": totp_key},
        "SECURITY_TOTP_ISSUER": "RSSRP",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": 10,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [codes_key],
        "SECURITY_WEBAUTHN": True,
        "SECURITY_WAN_RP_NAME": "RSSRP",
        "SECURITY_WAN_ALLOW_USER_HINTS": False,
        "SECURITY_WAN_POST_REGISTER_VIEW": "/account/security",
    }
