"""Named selects of drafts; nobody but their expert finds them."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.errors import NotFoundError
from webapp.core.words.translation import _
from webapp.curricula.models import CurriculumDraft
from webapp.experts.models import Expert

# Whoever has not gone on with it in so long has forgotten it.
KEPT = timedelta(days=30)


def find(session: Session, expert: Expert) -> CurriculumDraft | None:
    """Return the draft of an expert's own curriculum, if there is one."""
    return session.scalars(
        sa.select(CurriculumDraft).where(CurriculumDraft.expert_id == expert.id)
    ).one_or_none()


def get(session: Session, expert: Expert) -> CurriculumDraft:
    """Return the draft of an expert's own curriculum."""
    draft = find(session, expert)
    if draft is None:
        raise NotFoundError(_("There is no draft any more. Its pieces were taken or dropped."))
    return draft


def is_any_old(session: Session, now: datetime) -> bool:
    """Tell whether a draft was kept long enough."""
    old = sa.select(CurriculumDraft.id).where(CurriculumDraft.read_at <= now - KEPT)
    return session.scalar(old.limit(1)) is not None
