"""The secrets of an installation: each of its own, given in the environment or made once as a file.

`SECRET_KEY` signs sessions and encrypts what is typed and not saved. It can be changed at any time:
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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from zxcvbn import zxcvbn

from webapp.config.environment import ConfigurationError, Environment

SECRET_FILE, SALT_FILE, TOTP_FILE, AUDIT_FILE = (
    "secret-key", "password-salt", "totp-key", "audit-key"
)  # fmt: skip
# What makes a key where none is made by itself.
COMMAND = "openssl rand -base64 48"
WRITTEN, HEXADECIMAL = re.compile(r"[A-Za-z0-9_+/=-]*"), re.compile(r"[0-9a-f]+|[0-9A-F]+")
# So long are 32 bytes in base64, and in hexadecimal digits.
SHORTEST, SHORTEST_HEXADECIMAL = 43, 64
# Of a hundred million keys of 64 random hexadecimal digits, none has fewer different ones.
FEWEST_DIFFERENT = 8
# A part that is so long comes twice in one key of some millions.
REPEATED = 8
# Of a longer key the estimate of guesses sees only so much.
ESTIMATED, LIKE_RANDOM = 72, 0.92


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
        source, accepted = str(path), _stored(path, _random)
    else:
        source, accepted = "SECRET_KEY", [given, *environment.words("SECRET_KEY_FALLBACKS")]
    for key in accepted:
        refuse_guessable(key, source)
    salt = _other(environment, "PASSWORD_SALT", instance / SALT_FILE,
                  (lambda: accepted[-1]) if has_passwords else _random)  # fmt: skip
    refuse_guessable(salt, "PASSWORD_SALT")
    totp = _other(environment, "TOTP_KEY", instance / TOTP_FILE, _random)
    refuse_guessable(totp, "TOTP_KEY")
    audit = _other(environment, "AUDIT_KEY", instance / AUDIT_FILE, _random)
    refuse_guessable(audit, "AUDIT_KEY")
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
    before = [] if forget else _stored(path, _random)
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
    key = secrets.token_urlsafe(48)
    # One in a hundred thousand looks as if it could be guessed.
    return key if _find_fault(key) is None else _random()


def _other(environment: Environment, name: str, path: Path, first: Callable[[], str]) -> str:
    given = environment.given(name)
    return _stored(path, first)[0] if given is None else given


def _stored(path: Path, first: Callable[[], str]) -> list[str]:
    """Return the lines of the file; one that is not there is made, with the line of `first`."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _temporary(path, [first()]) as new, contextlib.suppress(FileExistsError):
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


def refuse_guessable(key: str, source: str) -> None:
    """Refuse what no generator of random keys has written; raises ConfigurationError.

    `source` is where the key comes from. What it is refused for is said, and never the key itself.
    """
    if fault := _find_fault(key):
        raise ConfigurationError(f"{source}: {fault}; `{COMMAND}` makes a good one")


def _find_fault(key: str) -> str | None:
    if not WRITTEN.fullmatch(key):
        return "a key has no blanks, and only letters, digits and - _ + / ="
    of_digits = HEXADECIMAL.fullmatch(key) is not None
    shortest = SHORTEST_HEXADECIMAL if of_digits else SHORTEST
    if len(key) < shortest:
        return f"a key has at least {shortest} characters, 32 bytes at random"
    if _repeats(key) or _is_in_order(key):
        return "this key could be guessed"
    of_words = not of_digits and (not _is_mixed(key) or _has_words(key))
    if of_words or len(set(key)) < FEWEST_DIFFERENT:
        return "this key could be guessed, as one of words could"
    return None


def _repeats(key: str) -> bool:
    """Tell whether a part of the key comes twice."""
    parts = [key[start : start + REPEATED] for start in range(len(key) - REPEATED + 1)]
    return len(set(parts)) < len(parts)


def _is_in_order(key: str) -> bool:
    """Tell whether most characters follow each other as in the alphabet, or are alike."""
    return sum(abs(ord(a) - ord(b)) <= 1 for a, b in pairwise(key)) > len(key) // 2


def _is_mixed(key: str) -> bool:
    """Tell whether capital and small letters, digits and signs follow each other as at random.

    There two in five are small letters and two in three neighbours are of different kinds; in words
    most are small letters and few neighbours differ.
    """
    kinds = [(one.isupper(), one.islower(), one.isdigit()) for one in key]
    changes = sum(one != other for one, other in pairwise(kinds))
    small = sum(map(str.islower, key))
    return 3 * changes > len(key) and 0 < small <= len(key) * 2 // 3


@cache
def _has_words(key: str) -> bool:
    """Tell whether words, names, years or patterns make a key easier to guess than its length says.

    Of 1,500 random keys none took fewer than 95 of 100 guesses that their length allows, counted as
    powers of ten; sentences of seven words with capitals and digits take 60 to 88.
    """
    seen = key[:ESTIMATED]
    return float(zxcvbn(seen)["guesses_log10"]) < len(seen) * LIKE_RANDOM
