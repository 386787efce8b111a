"""Nothing is written about an expert who was erased."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests import factories
from webapp.core import clock
from webapp.core.errors import ConflictError
from webapp.core.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.experts import approvals, joining
from webapp.experts.approvals import Wanted
from webapp.experts.models import Expert
from webapp.experts.standing_workflow import ApprovalStep
from webapp.membership import operations as membership
from webapp.my_data import operations as my_data

Act = Callable[[UnitOfWork, Expert], Any]
WRITTEN: dict[str, Act] = {
    "a consent by telephone": lambda work, expert: joining.note_consent(
        work, expert, Grounds(ReasonKind.BY_TELEPHONE)
    ),
    "an approval": lambda work, expert: approvals.grant(
        work, expert, ApprovalStep.RECORD,
        Wanted(clock.today(), clock.today() + timedelta(days=9), "for Ana", "letter about Ana"),
    ),
    "how they are reached": lambda work, expert: joining.set_standing(
        work, expert, None, "ana@example.org", "+382 1234567", seen_version=expert.version
    ),
    "an account": membership.invite_expert,
}  # fmt: skip


def _erase(session: Session, expert: Expert) -> None:
    assert expert.account
    my_data.erase(factories.work(session, expert.account), expert.account)


@pytest.mark.parametrize("what", WRITTEN)
def test_nothing_is_written_about_somebody_who_was_erased(session: Session, what: str) -> None:
    office = factories.account(session, Role.COORDINATOR)
    expert = factories.expert(session)
    _erase(session, expert)
    with pytest.raises(ConflictError, match="erased"):
        WRITTEN[what](factories.work(session, office), expert)
    assert not any((expert.consented_at, expert.contact_email, expert.telephone))
