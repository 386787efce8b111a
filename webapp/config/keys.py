"""The secrets of an installation: each of its own, given in the environment or made once as a file.

`SECRET_KEY` signs sessions and encrypts what is kept for an hour, and can be changed at any time:
those before it are still accepted as long as they are listed. `PASSWORD_SALT` goes into each stored
password and `TOTP_KEY` into each second factor, so these two stay as long as the accounts do.
`AUDIT_KEY` signs the audit log: with a new one the log would look forged.
"""

import base64
import contextlib
import os
import re
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from webapp.config.environment import ConfigurationError, Environment

SECRET_FILE, SALT_FILE, TOTP_FILE, AUDIT_FILE = (
    "secret-key", "password-salt", "totp-key", "audit-key"
)  # fmt: skip
SHORTEST = 32
# Of a million keys of 32 random hexadecimal digits, some ten have fewer different ones.
FEWEST_DIFFERENT = 8
# What stands in examples, and what the fingers find on a keyboard.
PLACEHOLDERS = re.compile(
    r"change|me\b|secret|password|example|default|insecure|please|replace|platform|rssrp|your|key"
    r"|qwertyuiop|asdfghjkl|zxcvbnm",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Keys:
    """The secrets of an installation; `former` keys are accepted as well, newest first."""

    secret: str
    former: tuple[str, ...]
    salt: str
    totp: str
    audit: str

    @property
    def recovery_codes(self) -> bytes:
        """Return the key of recovery codes: they are second factors, too, and stay with them."""
        derive = HKDF(SHA256(), length=32, salt=None, info=b"recovery codes").derive
        return base64.urlsafe_b64encode(derive(self.totp.encode()))


def read_keys(environment: Environment, instance: Path) -> Keys:
    """Return the secrets, and make those that the installation does not have yet.

    Raises ConfigurationError for one that is missing a part, or that somebody could guess.
    """
    given, path = environment.given("SECRET_KEY"), instance / SECRET_FILE
    # Before salts were of their own, passwords were hashed with the key.
    has_passwords = given is not None or path.exists()
    if given is None:
        source, accepted = str(path), _stored(path, _random())
    else:
        source, accepted = "SECRET_KEY", [given, *environment.words("SECRET_KEY_FALLBACKS")]
    for key in accepted:
        _refuse_guessable(key, source)
    salt = _other(environment, "PASSWORD_SALT", instance / SALT_FILE,
                  accepted[-1] if has_passwords else _random())  # fmt: skip
    if len(salt) < SHORTEST:
        raise ConfigurationError(f"PASSWORD_SALT must have at least {SHORTEST} characters")
    totp = _other(environment, "TOTP_KEY", instance / TOTP_FILE, _random())
    _refuse_guessable(totp, "TOTP_KEY")
    audit = _other(environment, "AUDIT_KEY", instance / AUDIT_FILE, _random())
    _refuse_guessable(audit, "AUDIT_KEY")
    return Keys(accepted[0], tuple(accepted[1:]), salt, totp, audit)


def rotate(environment: Environment, instance: Path, *, forget: bool) -> int:
    """Put a new key before the others of the file, or in their place; return how many are accepted.

    Raises ConfigurationError if the key does not come from the file.
    """
    if environment.given("SECRET_KEY") is not None:
        raise ConfigurationError(
            "SECRET_KEY comes from the environment: give it a new value there, and the old one in"
            " SECRET_KEY_FALLBACKS"
        )
    path = instance / SECRET_FILE
    before = [] if forget else _stored(path, _random())
    accepted = [_random(), *before]
    with _temporary(path, accepted) as new:
        os.replace(new, path)
    return len(accepted)


def refuse_others(environment: Environment, keys: Keys) -> None:
    """Refuse to go on where the environment gives other secrets than `keys`.

    Raises ConfigurationError. Sessions may be signed by a newer key, if this one is accepted.
    """
    former = environment.words("SECRET_KEY_FALLBACKS")
    for name, accepted, key in (
        ("SECRET_KEY", former, keys.secret),
        ("PASSWORD_SALT", [], keys.salt),
        ("TOTP_KEY", [], keys.totp),
        ("AUDIT_KEY", [], keys.audit),
    ):
        if environment.given(name) not in (None, key, *accepted):
            raise ConfigurationError(f"{name} in the environment is not the one of the backup")


def store(instance: Path, keys: Keys) -> None:
    """Let the installation have these secrets from its next start on."""
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, lines in (
        (SECRET_FILE, [keys.secret, *keys.former]),
        (SALT_FILE, [keys.salt]),
        (TOTP_FILE, [keys.totp]),
        (AUDIT_FILE, [keys.audit]),
    ):
        with _temporary(instance / name, lines) as new:
            os.replace(new, instance / name)


def _random() -> str:
    return secrets.token_urlsafe(48)


def _other(environment: Environment, name: str, path: Path, first: str) -> str:
    given = environment.given(name)
    return _stored(path, first)[0] if given is None else given


def _stored(path: Path, first: str) -> list[str]:
    """Return the lines of the file, which begins with the one line `first` if it is not there."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _temporary(path, [first]) as new, contextlib.suppress(FileExistsError):
            # Made whole or not at all; of several processes that try, one succeeds.
            os.link(new, path)
    return path.read_text(encoding="ascii").split() or [""]


@contextlib.contextmanager
def _temporary(path: Path, lines: Sequence[str]) -> Iterator[str]:
    """Give the name of a file beside `path`, which its owner alone can read."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}-")
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write("\n".join(lines) + "\n")
            file.flush()
            os.fsync(file.fileno())
        yield name
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)


def _refuse_guessable(key: str, source: str) -> None:
    """Refuse a key that is short, that repeats itself, or that consists of words of examples."""
    if len(key) < SHORTEST:
        raise ConfigurationError(f"{source}: a key must have at least {SHORTEST} characters")
    repeats = key in (key + key)[1:-1]
    in_order = sum(abs(ord(a) - ord(b)) <= 1 for a, b in pairwise(key)) > len(key) // 2
    too_few = len(set(key)) < FEWEST_DIFFERENT
    if repeats or in_order or too_few or len(PLACEHOLDERS.sub("", key)) < SHORTEST // 2:
        raise ConfigurationError(
            f"{source}: this key could be guessed; `openssl rand -base64 48` makes a good one"
        )
