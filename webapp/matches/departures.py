"""Whose mission has begun, which higher packages know, and what can be done with a match then."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from webapp.core.actor import Actor
from webapp.core.roles import Role
from webapp.matches import rules, signals
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import ENDED, MatchStep


def list_departed(
    session: Session, match_ids: Collection[int], *, only_back: bool = False
) -> set[int]:
    """Return which of these matches have an expert who is on the mission, or was on it; or, if
    asked, who is back from it."""
    answers = signals.departed.send(session, match_ids=match_ids, only_back=only_back)
    return set().union(*(numbers for _receiver, numbers in answers))


def has_departed(session: Session, match: Match) -> bool:
    """Tell whether the expert of a match is on its mission, or was on it."""
    return match.id in list_departed(session, [match.id])


def has_been_there(session: Session, match: Match) -> bool:
    """Tell whether a match has ended whose expert was on the mission already."""
    return match.state in ENDED and has_departed(session, match)


def list_possible_steps(
    session: Session, match: Match, actor: Actor, role: Role, *, four_eyes: bool = False
) -> list[MatchStep]:
    """Return what this person can do in this role with the match now, in the table's order: what
    is done stays, so who has departed is neither taken back nor taken up again."""
    names = rules.possible_steps(match, actor, role, four_eyes=four_eyes)
    ends = rules.END_A_SELECTION if match.state is MatchState.SELECTED else frozenset()
    stays = ends | {MatchStep.RECONSIDER}
    if stays.isdisjoint(names) or not has_departed(session, match):
        return names
    return [name for name in names if name not in stays]
