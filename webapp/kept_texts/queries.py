"""Named selects of kept texts."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core import ciphers
from webapp.kept_texts import rules
from webapp.kept_texts.models import KeptText


@dataclass(frozen=True)
class Kept:
    """A kept text as its writer may read it."""

    path: str
    fields: rules.Fields
    until: datetime
    without_session: bool


def find(
    session: Session, account_id: int, token: str, *, secrets: Sequence[str], now: datetime
) -> Kept | None:
    """Return what is kept under `token` for this account; nothing of others and nothing too old."""
    row = session.scalars(
        sa.select(KeptText).where(
            KeptText.token_hash == ciphers.hash_of(token),
            KeptText.account_id == account_id,
            KeptText.created_at > now - rules.LIFETIME,
        )
    ).first()
    if row is None:
        return None
    text = ciphers.decrypt(
        row.ciphertext,
        secrets=secrets,
        purpose=rules.purpose_for(account_id),
        now=now,
        lifetime=rules.LIFETIME,
    )
    if text is None:
        return None
    fields = [(name, value) for name, value in json.loads(text)]
    return Kept(row.path, fields, row.created_at + rules.LIFETIME, row.without_session)


def list_of_page(session: Session, account_id: int, path: str, now: datetime) -> Sequence[KeptText]:
    """Return what this account wrote on a page while it was signed in, and has not saved, latest
    first."""
    return session.scalars(
        sa.select(KeptText)
        .where(
            KeptText.account_id == account_id,
            KeptText.path == path,
            KeptText.without_session.is_(False),
            KeptText.created_at > now - rules.LIFETIME,
        )
        .order_by(KeptText.id.desc())
    ).all()


def is_any_old(session: Session, now: datetime) -> bool:
    """Tell whether something was kept for longer than it may be."""
    old = sa.select(KeptText.id).where(KeptText.created_at <= now - rules.LIFETIME)
    return session.scalars(old.limit(1)).first() is not None
