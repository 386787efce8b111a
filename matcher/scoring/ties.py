"""What decides between equals, so that no name or number always comes first."""

from __future__ import annotations

import hashlib


def tie_key(request_id: str, expert_id: str) -> bytes:
    """What decides between equal scores: a hash of both ids, so that no name or number always comes
    first."""
    return hashlib.sha256(f"{request_id}\x00{expert_id}".encode("utf-8", "replace")).digest()
