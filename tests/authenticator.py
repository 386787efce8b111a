"""A passkey in software: what it answers is said byte by byte, also what no good one would say.

Source: W3C Web Authentication Level 2, 6.1 and 7.
"""

import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """A key pair and how often it has signed; without `verifies` it asks for no finger or code."""

    verifies: bool = True
    origin: str = "http://localhost"
    number: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    count: int = 0
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def _said(self, extra: bytes = b"", flags: int = 0) -> bytes:
        self.count += 1
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(b"localhost").digest() + struct.pack(">BI", flags, self.count) + extra

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(said).encode()

    def _answer(self, **response: bytes) -> str:
        number = bytes_to_base64url(self.number)
        signed = {name: bytes_to_base64url(value) for name, value in response.items()}
        return json.dumps({"id": number, "rawId": number, "type": "public-key", "response": signed})

    def create(self, options: dict[str, Any]) -> str:
        """Return what a new passkey answers to these options of a page."""
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        extra = bytes(16) + struct.pack(">H", len(self.number)) + self.number + cbor2.dumps(public)
        attested = {"fmt": "none", "attStmt": {}, "authData": self._said(extra, HAS_KEY)}
        return self._answer(
            attestationObject=cbor2.dumps(attested),
            clientDataJSON=self._client("webauthn.create", options),
        )

    def get(self, options: dict[str, Any]) -> str:
        """Return what the passkey signs of these options of a page."""
        client, said = self._client("webauthn.get", options), self._said()
        signature = self.key.sign(said + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(authenticatorData=said, clientDataJSON=client, signature=signature)
