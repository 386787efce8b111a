"""Who is told of a step with a match, and on which page it stands for them."""

from typing import Any

from webapp.core.record.disclosure import Named
from webapp.core.record.reasons import Reason, ReasonKind
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.workflows.workflow import Mail, Recipient
from webapp.expertise_requests import operations as requests
from webapp.expertise_requests import telling as request_telling
from webapp.experts import rules as expert_rules
from webapp.experts import telling as profile_telling
from webapp.matches import invitation_links, rules
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import WORKFLOW, MatchStep
from webapp.messages import operations as messages

# Where each is led who is told of a match.
PATHS = {
    Recipient.EXPERT: "/invitations/%(match_id)s",
    Recipient.AUTHORITY: "/releases/%(match_id)s",
    Recipient.COORDINATORS: "/matches/%(match_id)s",
}


def tell(
    work: UnitOfWork, match: Match, name: MatchStep, before: MatchState, reason: Reason | None
) -> None:
    """Tell those whom a step concerns that it was taken."""
    for mail in WORKFLOW[name].tells:
        if not mail.is_sent_from(before):
            continue
        if _have_they_said_so(name, mail, match):
            profile_telling.note_told(work, match.expert, match.request.reference)
        else:
            send(work, match, mail, reason)


def _have_they_said_so(name: MatchStep, mail: Mail[Any], match: Match) -> bool:
    """Tell whether a step notes what an expert without an account has just said, so that nobody has
    to call them to say it."""
    notes_their_word = name in {MatchStep.NOTE_YES, MatchStep.NOTE_NO}
    to_them = notes_their_word and mail.to is Recipient.EXPERT
    return to_them and expert_rules.account_told(match.expert) is None


def send(work: UnitOfWork, match: Match, mail: Mail[Any], reason: Reason | None) -> None:
    """Send one notice of a match to those to whom it goes now, if to anybody."""
    request = match.request
    # Where the request itself has ended, all but the expert and who was asked to release them are
    # told of that and of no match.
    left_roster = reason is not None and reason.kind is ReasonKind.LEFT_ROSTER
    request_ended = work.actor.is_platform and not left_roster
    if request_ended and mail.to not in {Recipient.EXPERT, Recipient.AUTHORITY}:
        return
    if mail.to is Recipient.AUTHORITY and match.release_asked_at is None:
        return
    if mail.to is Recipient.REQUESTER:
        requests.tell(work, request, mail)
        return
    if mail.to is Recipient.EXPERT and expert_rules.account_told(match.expert) is None:
        # Where an answer is awaited, it is a task of its own to ask for it by telephone.
        if mail.asks_reply:
            return
        profile_telling.let_be_called(
            work, match.expert, mail.subject % {"reference": request.reference}
        )
        return
    messages.send(
        work,
        profile_telling.readers_of(
            work,
            match.expert,
            mail.to,
            rules.owners_of_match(match),
            authority_id=match.authority_id,
        ),
        mail,
        facts_of(match),
        path=PATHS[mail.to],
        about=request_telling.about(request),
        reason=reason,
        reply_by=match.reply_by,
        mail_path=invitation_links.make(work, match) if mail.lets_answer else "",
    )


def facts_of(match: Match) -> dict[str, Any]:
    """Return what notices about a match may name, those to the expert the expert alone."""
    return {
        **request_telling.facts_of(match.request),
        "match_id": match.id,
        "expert": Named.of(match.expert),
    }
