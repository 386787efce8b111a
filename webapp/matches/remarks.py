"""Facts that warn about one expert for one request. They rule nobody out: people decide.

Each kind is found by a function of an expert and a mission that reads nothing by itself, so that
the experts of a whole page are read at once: one query for each table, however many they are.
"""

import enum
import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from webapp.core.actor import Actor
from webapp.core.words.vocabularies import CefrLevel, LanguageNeed
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts import standing_queries
from webapp.experts.models import Availability, Expert, NoteKind
from webapp.experts.rules import needs_confirming
from webapp.experts.standing_tables import Approval
from webapp.matches import commitments, rules
from webapp.matches.models import Match
from webapp.platform_settings.models import PlatformSettings
from webapp.platform_settings.queries import get_settings

# Who comes home from one absence a few days before the next one seldom goes. How long a rest
# between two missions should be, administrators say.
NEAR = timedelta(days=7)
# A mission that is put off by a few weeks would outlast an approval that ends sooner after it.
# What experts say of the coming months holds for so long.
SAID_FOR = timedelta(days=91)
APPROVAL_MARGIN = timedelta(days=30)


class RemarkKind(enum.StrEnum):
    """What a remark warns of, in the order in which remarks stand on a page."""

    SAID_YES = "said yes to another mission"
    UNAVAILABLE = "unavailable"
    SCOPE = "approved for some missions only"
    DELICATE = "delicate jurisdiction"
    MISSIONS = "as many missions as wanted"
    NOTICE = "short notice"
    CERTIFICATE = "certificate runs out"
    APPROVAL = "approval ends"
    UNAVAILABLE_NEAR = "unavailable near the mission"
    BOOKED_NEAR = "booked near the mission"
    LANGUAGE = "useful language lacking"
    NOT_FREE = "said not to be free"
    NOT_CONFIRMED = "profile not confirmed"


# What concerns the expert's own choice. The others are coordinators' matters.
FOR_EXPERT = frozenset(
    {
        RemarkKind.SAID_YES,
        RemarkKind.UNAVAILABLE,
        RemarkKind.NOTICE,
        RemarkKind.CERTIFICATE,
        RemarkKind.UNAVAILABLE_NEAR,
    }
)


@dataclass(frozen=True)
class Remark:
    """A fact that warns; `wording.py` puts it into words for each of its readers."""

    kind: RemarkKind
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Mission:
    """What remarks compare an expert with."""

    start: date
    end: date
    useful: Sequence[tuple[str, CefrLevel]] = ()
    jurisdiction: str | None = None

    def holds(self, start: date, end: date, margin: timedelta = timedelta(0)) -> bool:
        """Tell whether some day from `start` to `end` is one of the mission or within `margin`."""
        return start <= self.end + margin and end >= self.start - margin


def on_notice(expert: Expert, mission: Mission, today: date) -> Iterator[Remark]:
    """Warn of a mission that begins sooner than the expert asks for."""
    days = (mission.start - today).days
    if expert.notice_days is not None and days < expert.notice_days:
        facts = {"notice": expert.notice_days, "days": days, "start": mission.start}
        yield Remark(RemarkKind.NOTICE, facts)


def on_delicate_jurisdiction(expert: Expert, mission: Mission) -> Iterator[Remark]:
    """Warn of a mission to where the expert goes only when asked first."""
    if any(row.code == mission.jurisdiction for row in expert.noted(NoteKind.SENSITIVE)):
        yield Remark(RemarkKind.DELICATE, {"jurisdiction": mission.jurisdiction})


def on_most_missions(expert: Expert, mission: Mission, booked: int) -> Iterator[Remark]:
    """Warn of one mission more in a year than the expert wants; `booked` are of that year."""
    if expert.most_missions is not None and booked >= expert.most_missions:
        facts = {"most": expert.most_missions, "booked": booked, "year": mission.start.year}
        yield Remark(RemarkKind.MISSIONS, facts)


def on_certificates(expert: Expert, mission: Mission) -> Iterator[Remark]:
    """Warn of each certificate that has run out by the last day, unless it was renewed."""
    ended = [row for row in expert.trainings if row.expires and row.expires < mission.end]
    valid = {row.title.casefold() for row in expert.trainings if row not in ended}
    for row in sorted(ended, key=lambda row: row.expires or date.min, reverse=True):
        if row.title.casefold() not in valid:
            yield Remark(RemarkKind.CERTIFICATE, {"title": row.title, "day": row.expires})


def on_other_missions(
    others: Iterable[Match], mission: Mission, rest: timedelta
) -> Iterator[Remark]:
    """Warn of other missions that the expert has said yes to, and of a rest that is too short."""
    for match in others:
        start, end = rules.days_of(match)
        if start is None or end is None:
            continue
        facts = {
            "reference": match.request.reference,
            "state": match.state,
            "start": start,
            "end": end,
            "rest": rest.days,
        }
        if mission.holds(start, end):
            yield Remark(RemarkKind.SAID_YES, facts)
        elif match.state in rules.BOOKED and mission.holds(start, end, rest):
            yield Remark(RemarkKind.BOOKED_NEAR, facts)


def on_unavailable_days(expert: Expert, mission: Mission) -> Iterator[Remark]:
    """Warn of days on which the expert is not available, on the mission's days or close by."""
    for row in expert.unavailable:
        facts = {"start": row.start, "end": row.end}
        if mission.holds(row.start, row.end):
            yield Remark(RemarkKind.UNAVAILABLE, facts)
        elif mission.holds(row.start, row.end, NEAR):
            yield Remark(RemarkKind.UNAVAILABLE_NEAR, facts)


def on_approval(expert: Expert, mission: Mission) -> Iterator[Remark]:
    """Warn of an approval of the nominating authority that ends soon after the mission."""
    if expert.approved_until and expert.approved_until - mission.end <= APPROVAL_MARGIN:
        yield Remark(RemarkKind.APPROVAL, {"day": expert.approved_until})


def on_scope(approvals: Iterable[Approval], mission: Mission) -> Iterator[Remark]:
    """Warn of what the nominating authority has approved the expert for, in its own words.

    An approval for everything that covers the mission says that no other one limits it.
    """
    there = [row for row in approvals if mission.holds(row.starts, row.last_day)]
    days = (mission.start, mission.end)
    if any(not row.scope and all(map(row.holds_on, days)) for row in there):
        return
    for scope in dict.fromkeys(row.scope for row in there if row.scope):
        yield Remark(RemarkKind.SCOPE, {"scope": scope})


def on_languages(expert: Expert, mission: Mission) -> Iterator[Remark]:
    """Warn of languages that would be useful and that the expert has not at the level asked for.

    What is accepted for what is the matcher's to say, as it is where a language is required.
    """
    for language, needed in mission.useful:
        has = level_in(expert, language)
        if has is None or not has.reaches(needed):
            yield Remark(
                RemarkKind.LANGUAGE,
                {"language": language, "needed": needed.value, "has": has and has.value},
            )


def level_in(expert: Expert, language: str) -> CefrLevel | None:
    """Return an expert's best level in a language or in one that the matcher accepts for it."""
    from matcher import best_level

    best = best_level({row.language: row.level.value for row in expert.languages}, language)
    return CefrLevel(best) if best else None


def on_availability(expert: Expert, mission: Mission) -> Iterator[Remark]:
    """Warn of an expert who has said not to be free in the three months of the mission."""
    said, at = expert.availability, expert.availability_at
    if said in {None, Availability.FREE} or at is None:
        return
    if mission.holds(at.date(), at.date() + SAID_FOR):
        yield Remark(RemarkKind.NOT_FREE, {"said": said, "day": at.date()})


def on_confirmation(expert: Expert, now: datetime, months: int) -> Iterator[Remark]:
    """Warn of a profile that its owner has not confirmed for so many months, or ever."""
    if needs_confirming(expert, now, months):
        confirmed = expert.last_confirmed_at
        yield Remark(RemarkKind.NOT_CONFIRMED, {"day": confirmed and confirmed.date()})


def find_remarks(
    expert: Expert,
    others: Iterable[Match],
    mission: Mission,
    now: datetime,
    settings: PlatformSettings,
    booked: int = 0,
    approvals: Iterable[Approval] = (),
) -> list[Remark]:
    """Return all remarks about one expert for one mission, weightiest first.

    `booked` is how many missions the expert has been given in the same year, and `approvals` are
    those of the present authority that hold on its days.
    """
    found = itertools.chain(
        on_delicate_jurisdiction(expert, mission),
        on_most_missions(expert, mission, booked),
        on_notice(expert, mission, now.date()),
        on_certificates(expert, mission),
        on_other_missions(others, mission, timedelta(days=settings.rest_days)),
        on_unavailable_days(expert, mission),
        on_scope(approvals, mission),
        on_approval(expert, mission),
        on_languages(expert, mission),
        on_availability(expert, mission),
        on_confirmation(expert, now, settings.dormant_after_months),
    )
    order = list(RemarkKind)
    return sorted(found, key=lambda remark: order.index(remark.kind))


def list_remarks(
    session: Session,
    actor: Actor,
    request: ExpertiseRequest,
    people: Collection[Expert],
    now: datetime,
    days: rules.Days | None = None,
    missions: Mapping[int, int] | None = None,
) -> dict[int, list[Remark]]:
    """Return, by expert, the remarks for a request on its days, or on those of a mission for it
    that is moved; none once the last of them is past.

    Of several people the parts of their profiles are best read before (`queries.list_with_parts`).
    `missions` are those that begin in the year of the days, by expert, where they were counted
    already. Nothing is remarked of other requests that the actor asks for.
    """
    start, end = days or request.mission_days
    if start is None or end is None or end < now.date():
        return {}
    useful = [
        (row.language, row.level) for row in request.languages if row.need is LanguageNeed.USEFUL
    ]
    mission = Mission(start, end, useful, request.jurisdiction)
    settings = get_settings(session)
    rest = timedelta(days=settings.rest_days)
    expert_ids = [expert.id for expert in people]
    others: dict[int, list[Match]] = {}
    for match in commitments.list_said_yes(
        session, actor, expert_ids, mission.start - rest, mission.end + rest, besides=request.id
    ):
        others.setdefault(match.expert_id, []).append(match)
    if missions is None:
        missions = commitments.count_missions(
            session, actor, expert_ids, mission.start.year, besides=request.id
        )
    approvals = standing_queries.list_holding(session, expert_ids, mission.start, mission.end)
    return {
        expert.id: find_remarks(
            expert,
            others.get(expert.id, ()),
            mission,
            now,
            settings,
            missions.get(expert.id, 0),
            approvals.get(expert.id, ()),
        )
        for expert in people
    }


def list_about(session: Session, actor: Actor, match: Match, now: datetime) -> list[Remark]:
    """Return the remarks about a match, on the days that it has now, while its request looks for
    experts or it holds days."""
    if match.request.state not in rules.MATCHABLE and match.state not in rules.BOOKED:
        return []
    found = list_remarks(session, actor, match.request, [match.expert], now, rules.days_of(match))
    return found.get(match.expert_id, [])


def list_for_expert(session: Session, actor: Actor, match: Match, now: datetime) -> list[Remark]:
    """Return those remarks about a match that concern the expert's own choice."""
    return [
        remark for remark in list_about(session, actor, match, now) if remark.kind in FOR_EXPERT
    ]
