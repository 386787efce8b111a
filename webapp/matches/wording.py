"""What there is to remark about an expert, and what somebody has in hand, in words."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from webapp.accounts import queries as accounts
from webapp.core.roles import Role
from webapp.core.words.formats import period_name
from webapp.core.words.translation import Deferred, Message, _, _n
from webapp.core.words.vocabularies import jurisdiction_name, language_name
from webapp.matches import queries, rules, unanswered
from webapp.matches.models import MatchState
from webapp.matches.remarks import Remark, RemarkKind
from webapp.matches.summaries import summary_of
from webapp.platform_settings.queries import get_settings


def most_missions_sentence(facts: Mapping[str, Any]) -> Message:
    """Say that an expert has as many missions in a year as their profile allows."""
    return _(
        "Most missions a year by the profile: %(most)s. Booked in %(year)s: %(booked)s.", **facts
    )


def _days(number: int) -> Message:
    return _n("%(num)s day", "%(num)s days", number)


def _between(facts: Mapping[str, Any]) -> Deferred:
    return Deferred(period_name, facts["start"], facts["end"])


def notice_sentence(facts: Mapping[str, Any]) -> Message:
    """Say what notice an expert asks for, and what is left of it."""
    notice = _days(facts["notice"])
    if facts["days"] < 1:
        return _(
            "Asks for notice of %(notice)s; the first day is %(start)s.",
            notice=notice,
            start=facts["start"],
        )
    return _(
        "Asks for notice of %(notice)s; the mission begins in %(days)s.",
        notice=notice,
        days=_days(facts["days"]),
    )


def _notice_to_expert(facts: Mapping[str, Any]) -> Message:
    notice = _days(facts["notice"])
    if facts["days"] < 1:
        return _(
            "Your profile asks for notice of %(notice)s; the first day is %(start)s.",
            notice=notice,
            start=facts["start"],
        )
    return _(
        "Your profile asks for notice of %(notice)s; the mission begins in %(days)s.",
        notice=notice,
        days=_days(facts["days"]),
    )


def _useful_language(facts: Mapping[str, Any]) -> Message:
    name = Deferred(language_name, facts["language"])
    if not facts["has"]:
        return _(
            "%(language)s at %(needed)s would be useful; the profile has none.",
            language=name,
            needed=facts["needed"],
        )
    return _(
        "%(language)s at %(needed)s would be useful; the profile has %(has)s.",
        language=name,
        needed=facts["needed"],
        has=facts["has"],
    )


def _not_confirmed(facts: Mapping[str, Any]) -> Message:
    if facts["day"] is None:
        return _("The profile was never confirmed.")
    return _("The profile was last confirmed on %(day)s, which is long ago.", day=facts["day"])


Sentence = Callable[[Mapping[str, Any]], Message]


_REMARKS: dict[RemarkKind, Sentence] = {
    RemarkKind.SAID_YES: lambda facts: _(
        "Said yes to %(reference)s too, %(period)s (%(state)s).",
        reference=facts["reference"],
        period=_between(facts),
        state=facts["state"],
    ),
    RemarkKind.UNAVAILABLE: lambda facts: _(
        "Not available on days of this mission: %(period)s.", period=_between(facts)
    ),
    RemarkKind.SCOPE: lambda facts: _(
        "The nominating authority's approval is limited. It is given for: %(scope)s",
        scope=facts["scope"],
    ),
    RemarkKind.DELICATE: lambda facts: _(
        "Asks to be consulted before being proposed for work in %(jurisdiction)s.",
        jurisdiction=Deferred(jurisdiction_name, facts["jurisdiction"]),
    ),
    RemarkKind.MISSIONS: most_missions_sentence,
    RemarkKind.NOTICE: notice_sentence,
    RemarkKind.CERTIFICATE: lambda facts: _(
        "Certificate valid only until %(day)s: %(title)s", day=facts["day"], title=facts["title"]
    ),
    RemarkKind.APPROVAL: lambda facts: _(
        "The nominating authority's approval ends on %(day)s.", day=facts["day"]
    ),
    RemarkKind.UNAVAILABLE_NEAR: lambda facts: _(
        "Not available within a week of this mission: %(period)s.", period=_between(facts)
    ),
    RemarkKind.BOOKED_NEAR: lambda facts: _(
        "Booked for %(reference)s, %(period)s: less than the usual rest of %(rest)s lies between.",
        reference=facts["reference"],
        rest=_days(facts["rest"]),
        period=_between(facts),
    ),
    RemarkKind.LANGUAGE: _useful_language,
    RemarkKind.NOT_FREE: lambda facts: _(
        "Said on %(day)s of the three months that follow: %(said)s.",
        day=facts["day"],
        said=facts["said"],
    ),
    RemarkKind.NOT_CONFIRMED: _not_confirmed,
}


# What the expert reads names no other request: its requester is nobody's to learn of from us.
_REMARKS_TO_EXPERT: dict[RemarkKind, Sentence] = {
    RemarkKind.SAID_YES: lambda facts: _(
        "You have said yes to another mission on some of these days: %(period)s. You may say yes to"
        " both, but only one of them can be approved.",
        period=_between(facts),
    ),
    RemarkKind.UNAVAILABLE: lambda facts: _(
        "Your profile says that you are not available on days of this mission: %(period)s.",
        period=_between(facts),
    ),
    RemarkKind.NOTICE: _notice_to_expert,
    RemarkKind.CERTIFICATE: lambda facts: _(
        "Your certificate is valid only until %(day)s: %(title)s",
        day=facts["day"],
        title=facts["title"],
    ),
    RemarkKind.UNAVAILABLE_NEAR: lambda facts: _(
        "Your profile says that you are not available within a week of this mission: %(period)s.",
        period=_between(facts),
    ),
}


def remark_sentence(remark: Remark) -> Message:
    """Return a remark as a coordinator reads it."""
    return _REMARKS[remark.kind](remark.facts)


def remark_to_expert(remark: Remark) -> Message:
    """Return a remark as the expert reads it whom it is about."""
    return _REMARKS_TO_EXPERT[remark.kind](remark.facts)


def in_hands(session: Session, account_id: int) -> Iterator[Message]:
    """Tell which invitations and missions an expert has, and what becomes of them."""
    for match in queries.in_hands_of(session, account_id):
        facts = {
            "reference": match.request.reference,
            "period": Deferred(period_name, *rules.days_of(match)),
            "state": match.state,
        }
        if match.state is MatchState.INVITED:
            yield _(
                "%(reference)s (%(period)s): an invitation that only this person can answer."
                " Coordinators see it among what they wait for.",
                **facts,
            )
        else:
            yield _(
                "%(reference)s (%(period)s): a mission of this expert (%(state)s). Coordinators"
                " decide about it.",
                **facts,
            )


def releases_in_hands(session: Session, account_id: int) -> Iterator[Message]:
    """Tell which releases nobody else of an authority could answer."""
    acting = accounts.list_acting(session, Role.NOMINATING_AUTHORITY)
    for match in unanswered.list_in_release(session, account_id):
        # Who of the others is considered for the request themselves is not told here.
        if [one.id for one in rules.list_who_release(match, acting)] == [account_id]:
            yield _(
                "%(reference)s: the release of an official, about which nobody else of the"
                " authority can answer. After that coordinators ask it by letter.",
                reference=match.request.reference,
            )


def approvals_in_hands(session: Session, account_id: int) -> Iterator[Message]:
    """Tell of a coordinator who alone can approve whom the other one puts forward."""
    here = accounts.list_able(session, Role.COORDINATOR)
    others = [one for one in here if one.id != account_id]
    if get_settings(session).four_eyes and len(here) == 2 and len(others) == 1:
        yield _(
            "The approval of experts: %(name)s would be the only coordinator, and with “Two people"
            " for each match” nobody could approve whom they put forward.",
            name=others[0].name,
        )


def why_nobody_approves(session: Session) -> Message | None:
    """Warn that of two people for each match there are not two."""
    here = accounts.list_able(session, Role.COORDINATOR)
    if len(here) > 1:
        return None
    if not here:
        return _(
            "No coordinator has finished joining at present, so nobody approves experts. Whoever"
            " was invited, or needs a second factor, counts from then on."
        )
    return _(
        "%(name)s is the only coordinator at present who has finished joining. With two people for"
        " each match nobody could approve whom they put forward, until another one has joined and"
        " set up a second factor.",
        name=here[0].name,
    )


def init_app(app: Flask) -> None:
    """Give the templates of this package its words."""
    app.jinja_env.filters.update(remark_sentence=remark_sentence, remark_to_expert=remark_to_expert)
    app.jinja_env.globals["summary_of"] = summary_of
