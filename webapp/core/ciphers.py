"""Encrypting what only the platform itself may read, with a key of its own for each purpose."""

import base64
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def _cipher(secret: str, purpose: str) -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def encrypt(text: str, *, secret: str, purpose: str, now: datetime) -> bytes:
    """Return `text` so that only who knows the secret and the purpose can read or make it."""
    data = text.encode("utf-8", "replace")
    return _cipher(secret, purpose).encrypt_at_time(data, int(now.timestamp()))


def decrypt(
    data: bytes, *, secret: str, purpose: str, now: datetime, lifetime: timedelta
) -> str | None:
    """Return the text, or None if it was made for something else, changed, or is too old."""
    try:
        text = _cipher(secret, purpose).decrypt_at_time(
            data, int(lifetime.total_seconds()), int(now.timestamp())
        )
    except InvalidToken:
        return None
    return text.decode()
