"""Who approves an expert where the platform asks for four eyes: not who put them forward."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from webapp.accounts import queries as accounts
from webapp.accounts.models import Account
from webapp.core.actor import Actor
from webapp.core.record.disclosure import Named
from webapp.core.roles import Role
from webapp.core.words.translation import Deferred, Message, _
from webapp.core.workflows.workflow import why_not_theirs
from webapp.matches import candidates, rules
from webapp.matches.models import Match
from webapp.matches.workflow import WORKFLOW, MatchStep
from webapp.platform_settings.queries import get_settings

TO_APPROVE = WORKFLOW[MatchStep.APPROVE].sources


def is_for_others(session: Session, actor: Actor, match: Match) -> bool:
    """Tell whether a match could be approved now, and not by this person, who chose the expert."""
    waits = match.state in TO_APPROVE and rules.put_forward(match, actor)
    return waits and get_settings(session).four_eyes


def who_can(session: Session, actor: Actor, match: Match) -> Message:
    """Return who can approve an expert whom this person has put forward."""
    others = _list_who_can(session, actor, match)
    if not others:
        return _("Nobody else who is here can: an administrator can let in another coordinator.")
    names = [Named.of(one) for one in others]
    return _("Those who can: %(colleagues)s.", colleagues=Deferred(_one_after_another, names))


def _list_who_can(session: Session, actor: Actor, match: Match) -> Sequence[Account]:
    owners = rules.owners_of_match(match)
    colleagues = accounts.list_able(session, Role.COORDINATOR)
    considered = candidates.list_requests_by(session, [one.id for one in colleagues])
    return [
        one
        for one in colleagues
        if one.id != actor.id
        and not why_not_theirs(one.as_actor(), owners)
        and match.request_id not in considered.get(one.id, ())
    ]


def _one_after_another(names: Sequence[Named]) -> str:
    return ", ".join(map(str, names))
