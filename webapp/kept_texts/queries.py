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

    token: str
    path: str
    fields: rules.Fields
    at: datetime
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
            ~is_old(now),
        )
    ).first()
    return _read(row, secrets=secrets, now=now) if row else None


def find_latest(
    session: Session, account_id: int, path: str, *, secrets: Sequence[str], now: datetime
) -> Kept | None:
    """Return what this account typed last on a page and has not saved, if it can be read."""
    latest = next(iter(list_of_page(session, account_id, path, now)), None)
    return _read(latest, secrets=secrets, now=now) if latest else None


def _read(row: KeptText, *, secrets: Sequence[str], now: datetime) -> Kept | None:
    lifetime = rules.lifetime_of(without_session=row.without_session)
    text = ciphers.decrypt(
        row.ciphertext,
        secrets=secrets,
        purpose=rules.purpose_for(row.account_id),
        now=now,
        lifetime=lifetime,
    )
    if text is None:
        return None
    fields = [(name, value) for name, value in json.loads(text)]
    return Kept(
        token=rules.token_of(row.id, secrets),
        path=row.path,
        fields=fields,
        at=row.created_at,
        until=row.created_at + lifetime,
        without_session=row.without_session,
    )


def list_of_page(session: Session, account_id: int, path: str, now: datetime) -> Sequence[KeptText]:
    """Return what this account wrote on a page while it was signed in, and has not saved, latest
    first."""
    return session.scalars(
        sa.select(KeptText)
        .where(
            KeptText.account_id == account_id,
            KeptText.path == path,
            KeptText.without_session.is_(False),
            ~is_old(now),
        )
        .order_by(KeptText.id.desc())
    ).all()


def list_under(session: Session, account_id: int, address: str, now: datetime) -> list[KeptText]:
    """Return what this account wrote while it was signed in on pages whose addresses begin so, and
    has not saved: the last of each page, latest first."""
    rows = session.scalars(
        sa.select(KeptText)
        .where(
            KeptText.account_id == account_id,
            KeptText.path.startswith(address, autoescape=True),
            KeptText.without_session.is_(False),
            ~is_old(now),
        )
        .order_by(KeptText.id.desc())
    )
    latest: dict[str, KeptText] = {}
    for row in rows:
        latest.setdefault(row.path, row)
    return list(latest.values())


def is_old(now: datetime) -> sa.ColumnElement[bool]:
    """Find what was kept for longer than it may be."""
    return sa.or_(
        KeptText.created_at <= now - rules.TYPED_LIFETIME,
        sa.and_(KeptText.without_session, KeptText.created_at <= now - rules.SENT_LIFETIME),
    )


def is_any_old(session: Session, now: datetime) -> bool:
    """Tell whether something was kept for longer than it may be."""
    old = sa.select(KeptText.id).where(is_old(now))
    return session.scalars(old.limit(1)).first() is not None
