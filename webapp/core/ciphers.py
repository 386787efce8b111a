"""What nobody may read in the database: tokens as hashes, texts encrypted for one purpose each.

Of the installation's secrets the first one encrypts, and each of them decrypts: the others were
first until the secret was changed.
"""

import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app


def installed_secrets() -> tuple[str, ...]:
    """Return the secrets of this installation, the newest first."""
    config = current_app.config
    return (config["SECRET_KEY"], *config["SECRET_KEY_FALLBACKS"])


def hash_of(token: str) -> str:
    """Return by what a token is found: whoever reads the database cannot use it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _cipher(secrets: Sequence[str], purpose: str) -> MultiFernet:
    return MultiFernet([Fernet(_key(secret, purpose)) for secret in secrets])


def _key(secret: str, purpose: str) -> bytes:
    derived = HKDF(SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret.encode())
    return base64.urlsafe_b64encode(derived)


def token_of(text: str, *, secret: str, purpose: str) -> str:
    """Return the token that belongs to `text`, which only who knows the secret can make, again."""
    return _key(secret, f"{purpose}: {text}").decode().rstrip("=")


def encrypt(text: str, *, secrets: Sequence[str], purpose: str, now: datetime) -> bytes:
    """Return `text` so that only who knows the first secret and the purpose can read or make it."""
    data = text.encode("utf-8", "replace")
    return _cipher(secrets, purpose).encrypt_at_time(data, int(now.timestamp()))


def decrypt(
    data: bytes, *, secrets: Sequence[str], purpose: str, now: datetime, lifetime: timedelta
) -> str | None:
    """Return the text, or None if it was made for something else, changed, or is too old."""
    try:
        text = _cipher(secrets, purpose).decrypt_at_time(
            data, int(lifetime.total_seconds()), int(now.timestamp())
        )
    except InvalidToken:
        return None
    return text.decode()
