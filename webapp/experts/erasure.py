"""What erasing does to a profile besides the rules of personal data."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from webapp.core.unit_of_work import UnitOfWork
from webapp.experts import operations, signals
from webapp.experts.models import Expert
from webapp.experts.revisions import rank_anew
from webapp.experts.workflow import ExpertStep
from webapp.kept_texts import operations as kept_texts


def erase(work: UnitOfWork, expert: Expert) -> None:
    """Take an expert off the roster for good; the rows go by the rules of personal data."""
    operations.take(work.on_behalf(), expert, ExpertStep.ERASE)


def forget_texts(work: UnitOfWork, expert: Expert) -> None:
    """Let what was quoted of a profile go whose texts were taken out of the tables."""
    rank_anew(work.session, expert)
    signals.texts_changed.send(expert, work=work)


def forget_typed(session: Session, expert_ids: Iterable[int]) -> None:
    """Delete what coordinators have typed of these profiles, and not saved."""
    kept_texts.forget_under(session, *(f"/roster/{number}/" for number in expert_ids))
