"""Comments at single fields of a returned request: what is open, what was said, when it goes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.unit_of_work import UnitOfWork
from webapp.expertise_requests.content import RANKED, in_order
from webapp.expertise_requests.models import ExpertiseRequest, FieldComment

# Themes are one field of the text, and in the form the list of the main one stands for them.
PLACES = {"themes": RANKED[0]}


def add(work: UnitOfWork, request: ExpertiseRequest, comments: Mapping[str, str]) -> None:
    """Write comments at the fields of a request, by their names; empty ones are none."""
    for field, text in comments.items():
        if text:
            work.session.add(
                FieldComment(
                    request_id=request.id,
                    field=field,
                    text=text,
                    written_at=work.now,
                    written_by=work.actor.id,
                )
            )
    work.session.flush()


def settle(work: UnitOfWork, request: ExpertiseRequest) -> None:
    """Take the comments off their fields, because the request is sent again."""
    work.session.execute(
        sa.update(FieldComment)
        .where(FieldComment.request_id == request.id, FieldComment.settled_at.is_(None))
        .values(settled_at=work.now)
    )


def list_open(session: Session, request: ExpertiseRequest) -> list[FieldComment]:
    """Return the comments that are to be acted on, in the order of the form."""
    rows = session.scalars(
        sa.select(FieldComment).where(
            FieldComment.request_id == request.id, FieldComment.settled_at.is_(None)
        )
    )
    return _sorted(rows.all())


def list_by_moment(
    session: Session, request: ExpertiseRequest
) -> dict[datetime, list[FieldComment]]:
    """Return all comments that were ever written at fields of a request, by their moment."""
    rows = session.scalars(
        sa.select(FieldComment)
        .where(FieldComment.request_id == request.id)
        .order_by(FieldComment.written_at)
    )
    return {moment: _sorted(list(found)) for moment, found in groupby(rows, _moment)}


def _moment(comment: FieldComment) -> datetime:
    return comment.written_at


def _sorted(comments: Sequence[FieldComment]) -> list[FieldComment]:
    places = {name: place for place, name in enumerate(in_order())}
    return sorted(comments, key=lambda one: places[one.field])
