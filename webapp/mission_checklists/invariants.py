"""What must be true of checklists in every sound database."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.files.stored_files import find_changed
from webapp.deployments.models import Deployment
from webapp.experts.models import Expert
from webapp.experts.standing_tables import ProfileMerge
from webapp.matches.models import Match
from webapp.mission_checklists.models import Item, ItemFile


def files_of_missions_are_whole(session: Session) -> Iterator[str]:
    """Each file is what was sent."""
    yield from find_changed(session, ItemFile)


def experts_sign_themselves(session: Session) -> Iterator[str]:
    """Who signed the consent to the risk of a mission is its expert, perhaps by the account of a
    profile that was joined with this one since."""
    joined = sa.select(ProfileMerge.account_id).where(
        ProfileMerge.expert_id == Expert.id, ProfileMerge.account_id.is_not(None)
    )
    rows = session.execute(
        sa.select(Item.deployment_id)
        .join(Deployment, Deployment.id == Item.deployment_id)
        .join(Match, Match.id == Deployment.match_id)
        .join(Expert, Expert.id == Match.expert_id)
        .where(
            Item.text_version.is_not(None),
            Expert.account_id.is_not(None),
            Item.changed_by != Expert.account_id,
            Item.changed_by.not_in(joined.correlate(Expert)),
        )
    )
    for (number,) in rows:
        yield f"the consent to deployment {number} was signed by somebody else than its expert"
