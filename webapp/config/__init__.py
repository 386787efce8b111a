"""Settings: read from the environment once, refused where they would be unsafe."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from webapp.config.database import databases, is_elsewhere
from webapp.config.environment import ConfigurationError, Environment
from webapp.config.hosts import hosts, is_this_machine, machine_name, platform_url
from webapp.config.keys import Keys, read_keys, refuse_guessable

__all__ = [
    "DATA",
    "LOG_FORMATS",
    "ROOT",
    "ConfigurationError",
    "Environment",
    "instance_folder",
    "settings",
]

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
# The first one is usual.
LOG_FORMATS = ("lines", "json")


def instance_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder of this installation's database, secret, mail and files."""
    return Path(environ.get("INSTANCE") or ROOT / "instance").absolute()


def _is_no_folder(instance: Path) -> bool:
    """Tell whether a folder can be neither found nor made: what is above it counts, too."""
    try:
        there = next(path for path in (instance, *instance.parents) if path.exists())
    except OSError:  # Such as a name that is too long.
        return True
    return not there.is_dir()


def settings(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return the configuration of the application for this environment.

    Raises ConfigurationError, in one sentence, for what is wrong or would be unsafe.
    """
    environment = Environment(environ)
    instance = instance_folder(environ)
    behind_tls = environment.flag("BEHIND_TLS")
    url = platform_url(environment, behind_tls=behind_tls)
    if _is_no_folder(instance):
        raise ConfigurationError(f"INSTANCE must name a folder, and {instance} is none")
    keys = read_keys(environment, instance)
    # Where the people and things are real, and nothing is tried out.
    production = behind_tls or is_elsewhere(environment, instance)
    if production:
        _refuse_unfit_for_production(environment)
    limit = environment.minutes("SESSION_LIMIT_MINUTES", 12 * 60)
    proxies = environment.number("TRUSTED_PROXIES", 0, 0, 9)
    if behind_tls and not proxies:
        raise ConfigurationError(
            "TRUSTED_PROXIES must be 1 or more where BEHIND_TLS is 1, or everybody has the address"
            " of the proxy: in the log, and where tries are counted"
        )
    return {
        "INSTANCE_FOLDER": str(instance),
        "HOST_NAME": machine_name(environment),
        "SECRET_KEY": keys.secret,
        # A tuple: of a list, Flask-Security would sign with the last and not with the newest.
        "SECRET_KEY_FALLBACKS": keys.former,
        "SQLALCHEMY_ENGINES": databases(environment, instance),
        "AUDIT_KEY": keys.audit,
        # Heads of the audit log, one a day; better on another machine (docs/production.md).
        "AUDIT_HEADS_FILE": environment.text("AUDIT_HEADS_FILE", str(instance / "audit-heads")),
        "AUDIT_HEAD_MAIL": environment.mail_addresses("AUDIT_HEAD_MAIL"),
        "JOBS_FILE": str(instance / "jobs.sqlite"),
        "LOG_FORMAT": environment.choice("LOG_FORMAT", LOG_FORMATS),
        # In milliseconds.
        "SLOW_STATEMENT": environment.number("SLOW_STATEMENT_MS", 500, 1, 60000),
        "SLOW_WRITE": environment.number("SLOW_WRITE_MS", 500, 1, 60000),
        "METRICS_TOKEN": _token(environment),
        "PLATFORM_URL": url.geturl(),
        "PLATFORM_HOSTS": hosts(environment, url),
        "BEHIND_TLS": behind_tls,
        "PRODUCTION": production,
        "TRUSTED_PROXIES": proxies,
        # 1 MB holds every form many times over; nothing is uploaded yet.
        "MAX_CONTENT_LENGTH": 1_000_000,
        "MAX_FORM_MEMORY_SIZE": 1_000_000,
        "SESSION_COOKIE_NAME": "__Host-session" if behind_tls else "session",
        "SESSION_COOKIE_SECURE": behind_tls,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        # After so long without a request, and at the latest so long after the sign-in.
        "SESSION_IDLE": environment.minutes("SESSION_IDLE_MINUTES", 120),
        "SESSION_LIMIT": limit,
        # The session itself is a row; its cookie needs no renewal, so it may be as old as that.
        "PERMANENT_SESSION_LIFETIME": limit,
        "SESSION_REFRESH_EACH_REQUEST": False,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": behind_tls,
        "BOOTSTRAP_SERVE_LOCAL": True,
        **_mail(environment, instance),
        **_sign_in(keys),
    }


def _refuse_unfit_for_production(environment: Environment) -> None:
    """Refuse what is for trying things out where people and things are real."""
    where = "where BEHIND_TLS is 1 or the database is on another machine"
    # Flask takes whatever is set for a yes, a blank as well.
    if (environment.raw("FLASK_DEBUG") or "0").lower() not in {"0", "false", "no"}:
        raise ConfigurationError(f"FLASK_DEBUG must not be set {where}")
    for name in ("MAIL_SERVER", "MAIL_DEFAULT_SENDER"):
        if not environment.text(name):
            raise ConfigurationError(f"{name} must be set {where}, or no mail reaches anybody")


def _token(environment: Environment) -> str:
    token = environment.text("METRICS_TOKEN")
    if token:
        refuse_guessable(token, "METRICS_TOKEN")
    return token


def _mail(environment: Environment, instance: Path) -> dict[str, Any]:
    server = environment.text("MAIL_SERVER")
    is_secret = environment.flag("MAIL_USE_TLS")
    if environment.text("MAIL_PASSWORD") and not is_secret and not is_this_machine(server):
        raise ConfigurationError(
            "MAIL_USE_TLS must be 1 where MAIL_PASSWORD is set and MAIL_SERVER is another machine,"
            " or the password crosses the network in clear"
        )
    return {
        "MAIL_BACKEND": "webapp.messages.smtp" if server else "file",
        "MAIL_SERVER": server,
        "MAIL_PORT": environment.number("MAIL_PORT", 25, 1, 65535),
        "MAIL_USE_TLS": is_secret,
        "MAIL_USERNAME": environment.text("MAIL_USERNAME") or None,
        "MAIL_PASSWORD": environment.text("MAIL_PASSWORD") or None,
        "MAIL_TIMEOUT": 20,
        "MAIL_FILE_PATH": str(instance / "mail"),
        "MAIL_DEFAULT_SENDER": environment.mail_sender(
            "MAIL_DEFAULT_SENDER", "platform@rssrp.example.org"
        ),
    }


def _sign_in(keys: Keys) -> dict[str, Any]:
    """Return Flask-Security's settings; invitations and links by mail are our own."""
    return {
        "SECURITY_PASSWORD_SALT": keys.salt,
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
        # Joined, SQLite would go through the roles of all accounts to load one.
        "SECURITY_JOIN_USER_ROLES": False,
        "SECURITY_STATIC_FOLDER": None,
        # Its commands say that they have changed accounts, but commit nothing: ours are in
        # membership/commands.py.
        "SECURITY_CLI_USERS_NAME": False,
        "SECURITY_CLI_ROLES_NAME": False,
        "SECURITY_API_ENABLED_METHODS": ["session"],
        # Who changes how an account is entered must have signed in a short time ago.
        "SECURITY_FRESHNESS": timedelta(minutes=15),
        "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(0),
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_IMPLEMENTATIONS": {
            "code": "flask_security.twofactor.CodeTfPlugin",
            "webauthn": "webapp.accounts.passkeys.PasskeyAfterPassword",
        },
        # In seconds: the code of now, of the step before and of the next one. By the library's own
        # two minutes nine would be right at any moment, and a clock that is fast would lock out.
        "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "/account/security",
        "SECURITY_TOTP_SECRETS": {"1": keys.totp},
        "SECURITY_TOTP_ISSUER": "RSSRP",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": 10,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [keys.recovery_codes],
        "SECURITY_WEBAUTHN": True,
        "SECURITY_WAN_RP_NAME": "RSSRP",
        "SECURITY_WAN_ALLOW_USER_HINTS": False,
        "SECURITY_WAN_POST_REGISTER_VIEW": "/account/security",
    }
