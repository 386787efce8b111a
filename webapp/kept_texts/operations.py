"""Keeping texts, and deleting them when they are saved or too old."""

import json
from collections.abc import Sequence
from datetime import datetime
from secrets import token_urlsafe

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core import ciphers
from webapp.core.portions import delete_some
from webapp.kept_texts import queries, rules
from webapp.kept_texts.models import KeptText


def keep(
    session: Session,
    account_id: int,
    path: str,
    fields: rules.Fields,
    *,
    secrets: Sequence[str],
    now: datetime,
    without_session: bool = False,
) -> str:
    """Keep what was sent to `path` and return the token by which it is found again."""
    delete_old(session, now)
    ciphertext = ciphers.encrypt(
        json.dumps(fields, ensure_ascii=False),
        secrets=secrets,
        purpose=rules.purpose_for(account_id),
        now=now,
    )
    row = KeptText(
        account_id=account_id,
        # The token follows from the number, which the row has when it is written.
        token_hash=ciphers.hash_of(token_urlsafe(24)),
        path=path,
        ciphertext=ciphertext,
        created_at=now,
        without_session=without_session,
    )
    session.add(row)
    session.flush()
    token = rules.token_of(row.id, secrets)
    row.token_hash = ciphers.hash_of(token)
    session.flush()
    if not without_session:
        _delete_beyond_limit(session, account_id)
    return token


def _delete_beyond_limit(session: Session, account_id: int) -> None:
    """Delete the oldest of too many: nobody can fill the database, and the latest is not lost.

    Those that come without a session are few by their limit, and drive out no other.
    """
    own = sa.and_(KeptText.account_id == account_id, KeptText.without_session.is_(False))
    latest = sa.select(KeptText.id).where(own).order_by(KeptText.id.desc())
    session.execute(
        sa.delete(KeptText).where(own, KeptText.id.not_in(latest.limit(rules.MOST_PER_ACCOUNT)))
    )


def delete(session: Session, account_id: int, token: str) -> None:
    """Delete what is kept under `token` for this account, if anything is."""
    session.execute(
        sa.delete(KeptText).where(
            KeptText.token_hash == ciphers.hash_of(token), KeptText.account_id == account_id
        )
    )


def delete_old(session: Session, now: datetime) -> None:
    """Delete what was kept for longer than it may be."""
    delete_some(session, KeptText, queries.is_old(now))


def forget_under(session: Session, *addresses: str, account_id: int | None = None) -> None:
    """Delete what was typed on pages whose addresses begin so, by one account or by all."""
    here = sa.or_(
        sa.false(), *(KeptText.path.startswith(one, autoescape=True) for one in addresses)
    )
    whose = sa.true() if account_id is None else KeptText.account_id == account_id
    session.execute(sa.delete(KeptText).where(here, whose))
