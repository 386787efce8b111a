"""Named selects of deployments; each answers only what the actor may see."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from webapp.core.actor import Actor
from webapp.core.errors import NotFoundError
from webapp.core.paging import Page, get_page
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.core.words.search import finds
from webapp.core.words.translation import _
from webapp.core.workflows.workflow import Recipient
from webapp.deployments import signals
from webapp.deployments.models import Deployment, DeploymentState
from webapp.deployments.rules import Missing
from webapp.deployments.workflow import BEGUN, COMING, OVER, WAITS_FOR, WORKFLOW, DeploymentStep
from webapp.expertise_requests import queries as requests
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.expertise_requests.queries import WITHOUT_TEXTS
from webapp.experts.models import Expert, ExpertState, UnavailablePeriod
from webapp.matches import rules
from webapp.matches.models import BookedDay, Match, MatchState
from webapp.matches.queries import WITHOUT_WHAT_WAS_SEEN
from webapp.matches.ranking.facets import claims
from webapp.matches.rules import is_of_authority
from webapp.matches.workflow import OPEN

Period = tuple[date, date]
# Days are held in these states for a mission that may come.
HELD = rules.BOOKED - {MatchState.SELECTED}
# So many experts have a row on a page of the calendar.
ROWS = 15


def list_of_expert(session: Session, actor: Actor, expert_id: int) -> Sequence[Deployment]:
    """Return an expert's deployments for a coordinator, first day first.

    Those for requests that the actor asks for are left out.
    """
    return session.scalars(
        _with_parts()
        .where(Match.expert_id == expert_id, sa.not_(requests.is_asking(actor)))
        .order_by(Deployment.start, Deployment.id)
    ).all()


def count_missions(session: Session, actor: Actor, expert_ids: Collection[int]) -> dict[int, int]:
    """Return, by expert, how many missions of all years a coordinator may see that take place or
    did; experts without any are left out."""
    rows = session.execute(
        sa.select(Match.expert_id, sa.func.count())
        .select_from(Deployment)
        .join(Deployment.match)
        .join(Match.request)
        .where(
            Match.expert_id.in_(expert_ids),
            Deployment.state != DeploymentState.CANCELLED,
            sa.not_(requests.is_asking(actor)),
        )
        .group_by(Match.expert_id)
    )
    return dict(rows.all())


def list_visible(session: Session, actor: Actor, first: date, last: date) -> Sequence[Deployment]:
    """Return the deployments of these days by the first of them: for coordinators all for which
    they do not ask, for everybody those they are part of."""
    return session.scalars(
        _visible(actor).where(_meets(first, last)).order_by(Deployment.start, Deployment.id)
    ).all()


def list_cancelled(session: Session, actor: Actor, first: date, last: date) -> Sequence[Deployment]:
    """Return those of the deployments of these days that do not take place."""
    return session.scalars(
        _visible(actor)
        .where(_meets(first, last), Deployment.state == DeploymentState.CANCELLED)
        .order_by(Deployment.start, Deployment.id)
    ).all()


def list_missions_of(
    session: Session, actor: Actor, expert_ids: Collection[int], first: date, last: date
) -> dict[int, list[Deployment]]:
    """Return what these experts are sent on in a time as far as the actor may see it, by expert."""
    rows = session.scalars(
        _visible(actor)
        .where(Match.expert_id.in_(expert_ids), *_takes_days(first, last))
        .order_by(Deployment.start, Deployment.id)
    )
    found: dict[int, list[Deployment]] = {}
    for row in rows:
        found.setdefault(row.match.expert_id, []).append(row)
    return found


@dataclass(frozen=True)
class Chosen:
    """Of whom the calendar has rows: of those on a mission, and perhaps of other active experts,
    narrowed to a word of name or institution, a theme, where they come from, and a request that
    considers them."""

    words: str = ""
    theme: str | None = None
    jurisdiction: str | None = None
    request_id: int | None = None
    with_free: bool = False


def list_rows(
    session: Session, actor: Actor, chosen: Chosen, first: date, last: date, number: int
) -> Page[Expert]:
    """Return a page of whom the calendar of some months shows: by the first day of their mission,
    or by name where others stand among them."""
    begins = sa.func.min(Deployment.start).label("begins")
    sent = (
        _visible(actor)
        .with_only_columns(Match.expert_id, begins, maintain_column_froms=True)
        .where(*_takes_days(first, last))
        .group_by(Match.expert_id)
        .subquery()
    )
    is_sent = sent.c.expert_id.is_not(None)
    is_shown = sa.or_(is_sent, Expert.state == ExpertState.ACTIVE) if chosen.with_free else is_sent
    order = (Expert.search_text,) if chosen.with_free else (sent.c.begins, Expert.search_text)
    rows = (
        sa.select(Expert)
        .outerjoin(sent, sent.c.expert_id == Expert.id)
        .where(is_shown, *_narrowing(actor, chosen))
        .order_by(*order, Expert.id)
    )
    return get_page(session, rows, number, size=ROWS)


def _narrowing(actor: Actor, chosen: Chosen) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if chosen.words:
        found.append(finds(chosen.words, Expert.search_text))
    if chosen.theme:
        found.append(claims(chosen.theme))
    if chosen.jurisdiction:
        found.append(Expert.jurisdiction == chosen.jurisdiction)
    if chosen.request_id:
        considered = _considered(actor).where(Match.request_id == chosen.request_id)
        found.append(Expert.id.in_(considered.with_only_columns(Match.expert_id)))
    return found


def list_considering(session: Session, actor: Actor) -> Sequence[ExpertiseRequest]:
    """Return the open requests that consider somebody and for which the actor does not ask, oldest
    first."""
    considering = _considered(actor).with_only_columns(Match.request_id)
    return session.scalars(
        sa.select(ExpertiseRequest)
        .where(ExpertiseRequest.id.in_(considering), ExpertiseRequest.state.in_(rules.MATCHABLE))
        .options(*WITHOUT_TEXTS)
        .order_by(ExpertiseRequest.id)
    ).all()


def _considered(actor: Actor) -> sa.Select[Match]:
    """Select the matches that have not ended, for requests for which the actor does not ask."""
    return (
        sa.select(Match)
        .join(Match.request)
        .where(Match.state.in_(OPEN), sa.not_(requests.is_asking(actor)))
    )


def _takes_days(first: date, last: date) -> tuple[sa.ColumnElement[bool], ...]:
    return _meets(first, last), Deployment.state != DeploymentState.CANCELLED


def _meets(first: date, last: date) -> sa.ColumnElement[bool]:
    return sa.and_(Deployment.start <= last, Deployment.end >= first)


def list_unfinished(session: Session, begun_by: date) -> Sequence[Deployment]:
    """Return the missions of which something is left to do and that begin by a day, for SEESAC."""
    return session.scalars(
        _with_parts(whole=False)
        .where(Deployment.state.in_(WAITS_FOR), Deployment.start <= begun_by)
        .order_by(Deployment.start, Deployment.id)
    ).all()


def find_day_to_show(session: Session, actor: Actor, today: date) -> date:
    """Return a day of the deployment under way or next, else of the last one, else today."""
    rows = _visible(actor).with_only_columns(
        sa.func.min(Deployment.start).filter(Deployment.end >= today),
        sa.func.max(Deployment.start),
        maintain_column_froms=True,
    )
    coming, last = session.execute(rows).one()
    return max(coming, today) if coming and coming <= today else coming or last or today


def list_days_off(
    session: Session, expert_ids: Collection[int], first: date, last: date
) -> dict[int, list[Period]]:
    """Return when these experts are not available in a time, by expert; for coordinators."""
    rows = session.execute(
        sa.select(UnavailablePeriod.expert_id, UnavailablePeriod.start, UnavailablePeriod.end)
        .where(
            UnavailablePeriod.expert_id.in_(expert_ids),
            UnavailablePeriod.start <= last,
            UnavailablePeriod.end >= first,
        )
        .order_by(UnavailablePeriod.start)
    )
    return _by_expert(rows)


def list_days_held(
    session: Session, actor: Actor, expert_ids: Collection[int], first: date, last: date
) -> dict[int, list[Period]]:
    """Return the days held for experts who are approved and not selected yet, by expert.

    Those held for requests that the actor asks for are left out.
    """
    begins, ends = sa.func.min(BookedDay.day), sa.func.max(BookedDay.day)
    rows = session.execute(
        sa.select(BookedDay.expert_id, begins, ends)
        .join(BookedDay.match)
        .join(Match.request)
        .where(
            BookedDay.expert_id.in_(expert_ids),
            Match.state.in_(HELD),
            sa.not_(requests.is_asking(actor)),
        )
        .group_by(BookedDay.expert_id, BookedDay.match_id)
        .having(begins <= last, ends >= first)
        .order_by(begins)
    )
    return _by_expert(rows)


def _by_expert(rows: Iterable[sa.Row[int, date, date]]) -> dict[int, list[Period]]:
    found: dict[int, list[Period]] = {}
    for number, start, end in rows:
        found.setdefault(number, []).append((start, end))
    return found


def get(session: Session, actor: Actor, deployment_id: int) -> Deployment:
    """Return a deployment that this person may see; raises NotFoundError for any other."""
    found = session.scalars(_visible(actor).where(Deployment.id == deployment_id)).one_or_none()
    if found is None:
        raise NotFoundError(_("There is no such mission."))
    return found


def find_of_match(session: Session, match_id: int) -> Deployment | None:
    """Return the mission of a match, which has at most one; whoever may see the match may ask."""
    return session.scalars(
        sa.select(Deployment).where(Deployment.match_id == match_id)
    ).one_or_none()


def find_uncancelled(session: Session, match_id: int) -> Deployment | None:
    """Return the mission of a match, whose days are those of the match as long as it is not
    cancelled; whoever may see the match may ask."""
    mission = find_of_match(session, match_id)
    return None if mission and mission.state is DeploymentState.CANCELLED else mission


def list_departed(session: Session, *, match_ids: Collection[int], only_back: bool) -> set[int]:
    """Return which of these matches have an expert who has departed, whatever became of it; or only
    those of whom the mission is over."""
    return set(
        session.scalars(
            sa.select(Deployment.match_id).where(
                Deployment.match_id.in_(match_ids),
                Deployment.state.in_(OVER if only_back else BEGUN),
            )
        )
    )


# What an authority is told of a mission itself; of the end alone it may have known nothing.
_HEARD = [
    WORKFLOW.action(name)
    for name in WORKFLOW
    if name is not DeploymentStep.CANCEL
    and any(mail.to is Recipient.AUTHORITY for mail in WORKFLOW[name].tells)
]


def is_authority_told(session: Session, deployment: Deployment) -> bool:
    """Tell whether the authority of a mission's expert was ever told of the mission itself."""
    heard = sa.select(AuditEvent.id).where(
        AuditEvent.subject == Deployment.__tablename__,
        AuditEvent.subject_id == deployment.id,
        AuditEvent.action.in_(_HEARD),
    )
    return session.scalar(heard.limit(1)) is not None


def get_of_official(session: Session, actor: Actor, deployment_id: int) -> Deployment:
    """Return the mission for which this person's authority let its official go; NotFoundError for
    any other."""
    found = session.scalars(_with_parts().where(Deployment.id == deployment_id)).one_or_none()
    if found is None or not is_of_authority(actor, found.match):
        raise NotFoundError(_("There is no such mission."))
    return found


def list_of_officials(session: Session, actor: Actor) -> Sequence[Deployment]:
    """Return the missions for which this person's authority let officials go, and that are not over
    or cancelled, next first."""
    if Role.NOMINATING_AUTHORITY not in actor.roles or actor.organisation_id is None:
        return []
    return session.scalars(
        _with_parts()
        .where(Match.authority_id == actor.organisation_id, Deployment.state.in_(COMING))
        .order_by(Deployment.start, Deployment.id)
    ).all()


def list_missing(session: Session, deployment: Deployment) -> list[Missing]:
    """Return what a planned mission still needs before it can be cleared."""
    if deployment.state is not DeploymentState.PLANNED:
        return []
    answers = signals.preparing.send(deployment, session=session)
    return [one for _receiver, missing in answers for one in missing]


def list_of_request(
    session: Session, actor: Actor, request: ExpertiseRequest
) -> Sequence[Deployment]:
    """Return the missions for a request that this person may see, cancelled ones last."""
    return session.scalars(
        _visible(actor)
        .where(Match.request_id == request.id)
        .order_by(Deployment.state == DeploymentState.CANCELLED, Deployment.start, Deployment.id)
    ).all()


def list_team(session: Session, actor: Actor, deployment: Deployment) -> Sequence[Deployment]:
    """Return the missions of the others who go for the same request, cancelled ones last."""
    found = list_of_request(session, actor, deployment.match.request)
    return [mission for mission in found if mission is not deployment]


def list_standing(session: Session, request: ExpertiseRequest) -> Sequence[Deployment]:
    """Return the missions of the team of a request, of all who go or went, by number."""
    of_expert = contains_eager(Deployment.match).contains_eager(Match.expert)
    return session.scalars(
        _with_parts()
        .options(of_expert.selectinload(Expert.pending_identity))
        .where(Match.request_id == request.id, Deployment.state != DeploymentState.CANCELLED)
        .order_by(Deployment.id)
    ).all()


def has_somebody_fallen_out(session: Session, deployment: Deployment) -> bool:
    """Tell whether another was to go for the same request, and does not go."""
    request, gone = deployment.match.request_id, DeploymentState.CANCELLED
    others = _with_parts().where(Match.request_id == request, Deployment.id != deployment.id)
    return session.scalars(others.where(Deployment.state == gone)).first() is not None


def _visible(actor: Actor) -> sa.Select[Deployment]:
    """Return the missions that this person may see, on whichever side of them they stand.

    Whoever asks sees their own as a requester, whatever other roles they have: those of colleagues
    are nothing to them, as to requesters who are no coordinators (decision 42).
    """
    as_expert = sa.and_(sa.literal(Role.EXPERT in actor.roles), Expert.account_id == actor.id)
    as_office = sa.and_(
        sa.literal(Role.COORDINATOR in actor.roles), sa.not_(requests.is_asking(actor))
    )
    return _with_parts().where(sa.or_(as_expert, requests.is_own(actor), as_office))


def _with_parts(*, whole: bool = True) -> sa.Select[Deployment]:
    """Select missions with match, request and expert; lists of many need not have them whole."""
    of_match, of_request = (WITHOUT_WHAT_WAS_SEEN, WITHOUT_TEXTS) if not whole else ((), ())
    return (
        sa.select(Deployment)
        .join(Deployment.match)
        .join(Match.expert)
        .join(Match.request)
        .options(
            contains_eager(Deployment.match).contains_eager(Match.expert),
            contains_eager(Deployment.match).options(
                *of_match, contains_eager(Match.request).options(*of_request)
            ),
        )
    )
