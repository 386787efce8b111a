"""What matches keep about the experts who were considered."""

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from webapp.core.record.personal_data import Fate, Rule, Whose, of_account, of_expert
from webapp.core.words.translation import _
from webapp.matches import rules
from webapp.matches.models import (
    BookedDay,
    InvitationLink,
    Match,
    RankingLook,
    ReleaseLetter,
    ReleaseLetterFile,
    SeenPlace,
)

_NUMBER = "It is the number of a row."
_COUNTED = _(
    "Decisions and missions of the past stay to be counted, without your name and without a word of"
    " your profile."
)


def _nobody(whose: Whose) -> dict[str, str | None]:
    return rules.identity_of_nobody(whose.pseudonym)


def _of_own_matches(
    match_id: InstrumentedAttribute[int],
) -> Callable[[Whose], sa.ColumnElement[bool]]:
    return lambda whose: match_id.in_(sa.select(Match.id).where(of_expert(Match.expert_id)(whose)))


RULES = (
    Rule(
        table=Match, title=_("Requests for which you were considered"),
        rows=of_expert(Match.expert_id),
        given={
            "request_id": _("request"), "state": _("state"), "state_since": _("since"),
            "created_at": _("begun on"), "invited_at": _("invited on"),
            "proposed_at": _("proposed on"),
            "release_asked_at": _("release asked for on"),
            "released_start": _("released from"), "released_end": _("released until"),
            "reply_by": _("answer awaited by"), "score": _("score"), "rank": _("place"),
            "ranked_among": _("of how many"), "explanation": _("why, as it was seen"),
            "identity": _("who you were then"),
            "out_of_turn": _("how you stood where that needed a reason"),
            "said_to_requester": _("what SEESAC said of you to the requester"),
            "summary_written": _("summary that SEESAC wrote of you for the requester"),
            "summary_language": _("language of that summary"),
        },
        withheld={
            "id": _NUMBER, "expert_id": _NUMBER, "authority_id": _NUMBER, "reason_id": _NUMBER,
            "choice_reason_id": _NUMBER, "unreleased_reason_id": _NUMBER,
            "roster_revision": "It counts changes of the roster.",
            "put_forward_by": "It is another person.", "version": "It counts changes of the row.",
        },
        fate=Fate.EMPTIED,
        emptied={"identity": _nobody, "said_to_requester": "", "summary_written": ""},
        because=_COUNTED,
    ),
    Rule(
        table=RankingLook, title=_("Rankings at which you looked last"),
        rows=of_account(RankingLook.account_id),
        given={"request_id": _("request"), "at": _("looked at on")},
        withheld={"id": _NUMBER, "account_id": _NUMBER},
        fate=Fate.DELETED,
    ),
    Rule(
        table=SeenPlace, title=_("Places at which a coordinator saw you on a ranking"),
        rows=of_expert(SeenPlace.expert_id),
        given={"place": _("place")},
        withheld={
            "look_id": "It leads to a request for which the person may never be asked.",
            "expert_id": _NUMBER,
        },
        fate=Fate.DELETED,
    ),
    Rule(
        table=ReleaseLetter, title=_("Letters by which your authority released you"),
        rows=_of_own_matches(ReleaseLetter.match_id),
        given={
            "number": _("number"), "dated": _("of the day"), "conditions": _("conditions"),
            "released_start": _("released from"), "released_end": _("released until"),
            "written_at": _("written on"),
        },
        withheld={
            "id": _NUMBER, "match_id": _NUMBER, "organisation_id": _NUMBER,
            "written_by": "It is another person.",
        },
        fate=Fate.DELETED,
    ),
    Rule(
        table=ReleaseLetterFile, title=_("The signed letters by which you were released"),
        rows=lambda whose: ReleaseLetterFile.letter_id.in_(
            sa.select(ReleaseLetter.id).where(_of_own_matches(ReleaseLetter.match_id)(whose))
        ),
        given={"name": _("name"), "kind": _("kind"), "size": _("size")},
        withheld={
            "letter_id": _NUMBER, "digest": "It tells whether the content changed.",
            "content": "It is a document of the authority, which gives a copy of it.",
        },
        fate=Fate.DELETED,
    ),
    Rule(
        table=InvitationLink, title=_("Links sent to you to answer an invitation"),
        rows=_of_own_matches(InvitationLink.match_id),
        given={"email": _("e-mail address"), "expires_at": _("good until")},
        withheld={"id": _NUMBER, "match_id": _NUMBER, "token_hash": "It lets somebody answer."},
        fate=Fate.DELETED,
    ),
    Rule(
        table=BookedDay, title=_("Days that missions take"), rows=of_expert(BookedDay.expert_id),
        given={"day": _("day")}, withheld={"expert_id": _NUMBER, "match_id": _NUMBER},
        fate=Fate.KEPT, because=_COUNTED,
    ),
)  # fmt: skip
