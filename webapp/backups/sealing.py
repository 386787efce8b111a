"""The keys of an installation, sealed by a passphrase.

The passphrase becomes a key by scrypt, which makes each guess cost 64 MB and a good part of a
second. The seal is bound to the manifest of its backup: who does not know the passphrase can change
neither, and cannot put the keys of one backup beside the database of another.
"""

import json
import os
from dataclasses import asdict

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from webapp.config.keys import Keys

SHORTEST = 12
_SALT, _NONCE = 16, 12
_COST = 2**16


class SealError(RuntimeError):
    """The passphrase is another one, or something was changed."""


def seal(keys: Keys, passphrase: str, manifest: bytes) -> bytes:
    """Return the keys so that only who knows the passphrase can read or make them."""
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    text = json.dumps(asdict(keys)).encode()
    return salt + nonce + AESGCM(_key(passphrase, salt)).encrypt(nonce, text, manifest)


def unseal(sealed: bytes, passphrase: str, manifest: bytes) -> Keys:
    """Return the keys. Raises SealError if they were not sealed with these."""
    salt, nonce = sealed[:_SALT], sealed[_SALT : _SALT + _NONCE]
    try:
        text = AESGCM(_key(passphrase, salt)).decrypt(nonce, sealed[_SALT + _NONCE :], manifest)
    except (InvalidTag, ValueError) as error:
        raise SealError(
            "the passphrase is not the one of this backup, or its manifest or keys were changed"
        ) from error
    held = json.loads(text)
    return Keys(**{**held, "former": tuple(held["former"])})


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=_COST, r=8, p=1).derive(passphrase.encode())
