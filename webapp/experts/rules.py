"""What may happen to a profile: its steps, who may write it, and what it still lacks."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.core.audit import Actor
from webapp.core.roles import Role
from webapp.core.workflow import Step
from webapp.experts.models import Expert, ExpertState

S = ExpertState
# How the audit log names the opening of a profile, and how each step of the table below begins.
VIEWED = "profile viewed"
STEP = "expert: "
# A profile that nobody has confirmed for this long should be read again by its owner.
CONFIRM_EVERY = timedelta(days=365)

STEPS: dict[str, Step[ExpertState]] = {
    "start screening": Step(frozenset({S.NOMINATED}), S.SCREENING, Role.COORDINATOR),
    "activate": Step(frozenset({S.SCREENING}), S.ACTIVE, Role.COORDINATOR),
    "suspend": Step(frozenset({S.ACTIVE}), S.SUSPENDED, Role.COORDINATOR, frozenset({S.ACTIVE})),
    "reactivate": Step(frozenset({S.SUSPENDED}), S.ACTIVE, Role.COORDINATOR),
}

MEANINGS: dict[ExpertState, str] = {
    S.NOMINATED: "The nomination has arrived; a coordinator will look at it. Not ranked yet.",
    S.SCREENING: "A coordinator is looking at the profile. Not ranked yet.",
    S.ACTIVE: "The profile is ranked for new requests.",
    S.SUSPENDED: "The profile is not ranked until a coordinator reactivates it.",
}


@dataclass(frozen=True)
class Gap:
    """Something that a profile lacks, in which section, and why it matters.

    `what` speaks to the expert; `short` names it in a list for others.
    """

    section: str
    what: str
    why: str
    short: str


@dataclass(frozen=True)
class Completeness:
    """How many of the points that matter a profile covers, and those that it does not."""

    covered: int
    points: int
    gaps: tuple[Gap, ...]


def is_of(actor: Actor, expert: Expert) -> bool:
    """Tell whether the profile tells of this person."""
    return actor.id is not None and actor.id == expert.account_id


def is_own(actor: Actor, expert: Expert) -> bool:
    """Tell whether this person keeps the profile."""
    return Role.EXPERT in actor.roles and is_of(actor, expert)


def steps_from(state: ExpertState) -> list[str]:
    """Return the names of the steps that a coordinator can take from `state`."""
    return [name for name, step in STEPS.items() if step.possible(state)]


def needs_confirming(expert: Expert, now: datetime) -> bool:
    """Tell whether the profile has not been confirmed for too long."""
    confirmed = expert.last_confirmed_at
    return confirmed is None or now - confirmed > CONFIRM_EVERY


def is_empty(expert: Expert) -> bool:
    """Tell whether the profile says nothing of what the expert can do, or has done."""
    return not (
        expert.summary or expert.post or expert.themes or expert.evidence or expert.trainings
    )


def meaning(expert: Expert) -> str:
    """Return what the state of the profile means, and what the ranking can do with it."""
    if expert.state is S.ACTIVE and is_empty(expert):
        return (
            "The profile is active, but it says nothing of what the expert can do, so no request"
            " can find it."
        )
    if expert.state is S.ACTIVE and not (expert.summary or expert.evidence):
        return (
            "The profile is active, but has neither summary nor evidence: there is little to rank"
            " it by, and most requests will pass it over."
        )
    return MEANINGS[expert.state]


def completeness(expert: Expert) -> Completeness:
    """Return what the profile covers of what requests and the ranking ask for."""
    points = [*_about(expert), *_lists(expert)]
    if expert.evidence:
        points.append(_descriptions(expert))
    gaps = tuple(gap for covered, gap in points if not covered)
    return Completeness(len(points) - len(gaps), len(points), gaps)


def _about(expert: Expert) -> list[tuple[bool, Gap]]:
    return [
        (
            bool(expert.post and expert.institution),
            Gap(
                "about",
                "Your post and institution",
                "Requesters read them first when you are proposed.",
                "post and institution",
            ),
        ),
        (
            bool(expert.jurisdiction),
            Gap(
                "about",
                "Your jurisdiction",
                "Some requests cannot take experts of every jurisdiction; without it you may be"
                " left out.",
                "jurisdiction",
            ),
        ),
        (
            bool(expert.summary),
            Gap(
                "about",
                "A summary in your own words",
                "The ranking compares its words with the words of each request.",
                "summary",
            ),
        ),
        (
            expert.max_days is not None,
            Gap(
                "about",
                "How many days you can be away",
                "You are not asked for missions that are longer.",
                "longest mission",
            ),
        ),
    ]


def _lists(expert: Expert) -> list[tuple[bool, Gap]]:
    return [
        (
            bool(expert.themes),
            Gap(
                "themes",
                "Your themes",
                "Requests name themes; yours are compared with them.",
                "themes",
            ),
        ),
        (
            bool(expert.evidence),
            Gap(
                "evidence",
                "Evidence of past work",
                "What you have done counts for more than what you say you can do.",
                "evidence",
            ),
        ),
        (
            bool(expert.languages),
            Gap(
                "languages",
                "Your languages with their levels",
                "Most requests require a language at a level; without it you are ruled out.",
                "languages",
            ),
        ),
    ]


def _descriptions(expert: Expert) -> tuple[bool, Gap]:
    return (
        all(row.description for row in expert.evidence),
        Gap(
            "evidence",
            "A description of each piece of evidence",
            "Two or three sentences on what you did let the ranking find you, and show why.",
            "descriptions of some evidence",
        ),
    )
