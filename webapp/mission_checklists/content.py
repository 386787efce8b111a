"""What missions need: one table, from which checklists, their readers and their dates follow.

What the expert signs before a mission that leads away from home stands here too, with its version.
"""

import enum
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from webapp.core.words.language import in_language
from webapp.core.words.translation import Message, _
from webapp.core.words.vocabularies import HelpKind
from webapp.expertise_requests.models import Payer
from webapp.expertise_requests.waiting import Side
from webapp.mission_checklists.models import NeedKind


class Where(enum.Enum):
    """Which missions need a thing, by where they take place."""

    ANYWHERE = "anywhere"
    AWAY = "where the expert travels"
    ABROAD = "where the expert goes to another jurisdiction"
    REMOTE = "where the expert works from home"


@dataclass(frozen=True, kw_only=True)
class Need:
    """A thing that missions need: whose it is, and so long before the first day it is due.

    Only missions of the kinds of help in `helps` need it, if some are named. A mission is not
    cleared without what is `compulsory`; of that, what is `firm` cannot be passed over by SEESAC.
    What is meant `for_days` is seen to anew when a mission gets other days, and what is meant
    `for_terms` when it comes under other terms of reference. `after` is what comes first. `read_by`
    are the sides that read its file: all but what would tell of somebody's health can have one.
    What has one seldom is ticked off by one press on the page of the mission.
    """

    kind: NeedKind
    side: Side
    lead: timedelta
    hint: Message
    where: Where = Where.AWAY
    helps: Collection[HelpKind] = ()
    compulsory: bool = True
    firm: bool = False
    for_days: bool = True
    for_terms: bool = False
    after: NeedKind | None = None
    read_by: frozenset[Side] = frozenset()
    has_file_mostly: bool = True


OFFICE, EXPERT, REQUESTER, AUTHORITY = Side.OFFICE, Side.EXPERT, Side.REQUESTER, Side.AUTHORITY
NEEDS = (
    Need(
        kind=NeedKind.RELEASE, side=AUTHORITY, lead=timedelta(days=21), where=Where.ANYWHERE,
        hint=_("The signed letter that releases the expert for these days."),
        read_by=frozenset({OFFICE, AUTHORITY}),
    ),
    Need(
        kind=NeedKind.CONSENT, side=EXPERT, lead=timedelta(days=14), firm=True, for_terms=True,
        hint=_("The expert reads what the risk is and signs it. Nobody else can do that for them."),
        read_by=frozenset({OFFICE, EXPERT}),
    ),
    Need(
        kind=NeedKind.INVITATION, side=REQUESTER, lead=timedelta(days=28), where=Where.ABROAD,
        hint=_("The host's letter, by which a visa can be asked for."), compulsory=False,
        read_by=frozenset({OFFICE, EXPERT, REQUESTER}),
    ),
    Need(
        kind=NeedKind.VISA, side=EXPERT, lead=timedelta(days=10), where=Where.ABROAD,
        hint=_("Asked for and there. SEESAC notes where none is needed."),
        after=NeedKind.INVITATION,
        read_by=frozenset({OFFICE, EXPERT}), has_file_mostly=False,
    ),
    Need(
        kind=NeedKind.INSURANCE, side=OFFICE, lead=timedelta(days=14),
        hint=_("For illness, accident and the way home, on all days."),
        read_by=frozenset({OFFICE, EXPERT}),
    ),
    # A certificate would tell of somebody's health, so there is no file.
    Need(
        kind=NeedKind.MEDICAL, side=EXPERT, lead=timedelta(days=14),
        hint=_("Fit to travel, and vaccinated where that is asked for. Please send no papers."),
    ),
    Need(
        kind=NeedKind.TICKETS, side=OFFICE, lead=timedelta(days=7), after=NeedKind.RELEASE,
        hint=_("There and back, booked and sent to the expert."),
        read_by=frozenset({OFFICE, EXPERT}),
    ),
    Need(
        kind=NeedKind.BRIEFING, side=OFFICE, lead=timedelta(days=5),
        hint=_("The expert knows the state of security there, and whom to call at any hour."),
        read_by=frozenset({OFFICE, EXPERT}), has_file_mostly=False,
    ),
    Need(
        kind=NeedKind.HOST, side=REQUESTER, lead=timedelta(days=7), compulsory=False,
        hint=_("Somebody meets the expert, and rooms are booked."),
        read_by=frozenset({OFFICE, EXPERT, REQUESTER}), has_file_mostly=False,
    ),
    Need(
        kind=NeedKind.MATERIALS, side=EXPERT, lead=timedelta(days=7), where=Where.ANYWHERE,
        helps=(HelpKind.TRAINER, HelpKind.SPEAKER), compulsory=False, for_days=False,
        hint=_("Slides or papers, early enough to be translated."),
        read_by=frozenset({OFFICE, EXPERT, REQUESTER}),
    ),
    Need(
        kind=NeedKind.ACCESS, side=REQUESTER, lead=timedelta(days=10), where=Where.ANYWHERE,
        helps=(HelpKind.ADVISER, HelpKind.ASSESSOR), compulsory=False,
        hint=_("What the expert has to read and see is open to them on these days."),
        read_by=frozenset({OFFICE, EXPERT, REQUESTER}), has_file_mostly=False,
    ),
    Need(
        kind=NeedKind.CONNECTION, side=REQUESTER, lead=timedelta(days=3), where=Where.REMOTE,
        hint=_("Both sides have heard and seen each other once."),
        read_by=frozenset({OFFICE, EXPERT, REQUESTER}), has_file_mostly=False,
    ),
)  # fmt: skip
BY_KIND = {need.kind: need for need in NEEDS}
# Whoever gives these kinds of help stays at home: visitors come, or a line is enough.
AT_HOME = frozenset({HelpKind.REMOTE, HelpKind.STUDY_VISIT})

# A changed text is another version: what was signed before stays signed as it was.
RISK_VERSION = "2026-11-30"
_SECURITY_READ = _(
    "I know that the journey, the place and the work can be dangerous. I have read what SEESAC"
    " says of the security there, and could ask about it."
)
_NOTHING_OF_SECURITY = _(
    "I know that the journey, the place and the work can be dangerous, and that SEESAC has not said"
    " anything of the security there yet. I could ask about it."
)
_INSURED_BY_SEESAC = _(
    "I know that SEESAC insures me for the days of the mission, and that I can read what the"
    " insurance covers before I leave."
)
_INSURANCE_OPEN = _(
    "I know that it is not settled yet who pays for my insurance for the days of the mission, and"
    " that I can read who does, and what it covers, before I leave."
)
_INSURED_OTHERWISE = _(
    "I know that SEESAC does not pay for my insurance for the days of the mission, but this side:"
    " %(payer)s. I can read what it covers before I leave."
)
# What is read where SEESAC says something of security, and pays for the insurance.
RISK_TEXT = (
    _("I know from the terms of reference what I am asked to do, where, and on which days."),
    _SECURITY_READ,
    _(
        "I go of my own free will. Until I leave I can take this back without giving a reason, and"
        " it does no harm to my place on the roster."
    ),
    _INSURED_BY_SEESAC,
    _("I follow what those who answer for security there tell me, and can come home at any time."),
)


@dataclass(frozen=True)
class RiskRead:
    """The text of the risk as somebody has read it: its version, its language, and the digest of
    its words there, since a translation can be mended without another version."""

    version: str
    language: str
    digest: str


@dataclass(frozen=True)
class RiskKnown:
    """What the text of the risk of a mission goes by: whether SEESAC has said anything of security
    there, and who pays for the insurance."""

    security: bool = True
    insurer: Payer = Payer.SEESAC


def risk_in(language: str, known: RiskKnown) -> str:
    """Return the text of the risk in a language, a line for each of its sentences."""
    otherwise = {
        _SECURITY_READ: _SECURITY_READ if known.security else _NOTHING_OF_SECURITY,
        _INSURED_BY_SEESAC: _insured_by(known.insurer),
    }
    with in_language(language):
        return "\n".join(str(otherwise.get(line, line)) for line in RISK_TEXT)


def _insured_by(payer: Payer) -> Message:
    if payer is Payer.SEESAC:
        return _INSURED_BY_SEESAC
    if payer is Payer.TO_BE_AGREED:
        return _INSURANCE_OPEN
    return _INSURED_OTHERWISE % {"payer": payer}


def risk_to_read(language: str, known: RiskKnown) -> RiskRead:
    """Return what the text of the risk in a language is known by now."""
    digest = hashlib.sha256(risk_in(language, known).encode()).hexdigest()
    return RiskRead(RISK_VERSION, language, digest)
