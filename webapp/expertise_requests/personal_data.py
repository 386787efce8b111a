"""What requests keep about their writers: a request is an authority's, a draft is a person's."""

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from webapp.core.record.personal_data import Fate, Rows, Rule, Whose, of_account
from webapp.core.words.translation import _
from webapp.expertise_requests.models import (
    ActedOn,
    ExcludedJurisdiction,
    ExpertiseRequest,
    FieldComment,
    RequestFile,
    RequestMessage,
    RequestState,
    RequestTheme,
    RequiredLanguage,
    TermsOfReference,
)
from webapp.expertise_requests.naming import names_own

_NUMBER = "It is the number of a row."
_OF_REQUEST = {"id": _NUMBER, "request_id": _NUMBER}
_AUTHORITY = _(
    "A request is a document of the authority for which you wrote it; without your account it"
    " names you no more."
)
_OWN = of_account(ExpertiseRequest.requester_id)


def _drafts(whose: Whose) -> sa.ColumnElement[bool]:
    return sa.and_(_OWN(whose), ExpertiseRequest.state == RequestState.DRAFT)


def _sent(whose: Whose) -> sa.ColumnElement[bool]:
    return sa.and_(_OWN(whose), ExpertiseRequest.state != RequestState.DRAFT)


def _named_in(whose: Whose) -> sa.ColumnElement[bool]:
    """Find the requests in which the person is written as the focal point."""
    return names_own(ExpertiseRequest.focal_point, whose.accounts)


def _authorised_in(whose: Whose) -> sa.ColumnElement[bool]:
    """Find the requests in which the person is written as the authorised contact."""
    return names_own(ExpertiseRequest.authorised_contact, whose.accounts)


def _none(_whose: Whose) -> sa.ColumnElement[bool]:
    # Whole names are looked for, in any order and script (`operations.forget_named`).
    return sa.false()


def _of_request(column: InstrumentedAttribute[int]) -> Rows:
    return lambda whose: column.in_(sa.select(ExpertiseRequest.id).where(_OWN(whose)))


_TEXTS = {
    "id": _("number"), "state": _("state"), "state_since": _("since"),
    "created_at": _("begun on"), "submitted_at": _("sent on"),
    "read_at": _("first read by SEESAC on"), "reply_by": _("answer awaited by"),
    "title": _("title"), "background": _("background"), "objectives": _("objectives"),
    "outputs": _("outputs"), "tasks": _("tasks"), "audience": _("audience"),
    "expert_background": _("background wanted"), "existing": _("what exists"),
    "costs": _("costs"), "security": _("security"),
    "security_office": _("security, for SEESAC alone"), "follow_up": _("follow-up"),
    "rank_wanted": _("rank wanted"), "years_wanted": _("years wanted"),
    "audience_women": _("women taking part"), "audience_men": _("men taking part"),
    "days_needed": _("days needed"),
    "names_by": _("names by"), "asked_by": _("who asks"), "office": _("UNDP office"),
    "authorised_contact": _("authorised contact"), "pays_travel": _("who pays travel"),
    "pays_accommodation": _("who pays accommodation"),
    "pays_allowance": _("who pays the daily allowance"),
    "pays_insurance": _("who pays insurance"),
    "pays_interpretation": _("who pays interpretation"), "pays_venue": _("who pays the venue"),
    "help_kind": _("kind of help"), "urgency": _("urgency"), "focal_point": _("focal point"),
    "jurisdiction": _("jurisdiction"), "place": _("place"), "start": _("from"),
    "end": _("until"), "moved_start": _("mission moved to, from"),
    "moved_end": _("mission moved to, until"), "flexibility": _("flexibility"),
    "experts_needed": _("number of experts"), "interpretation": _("interpretation"),
    "tor_version": _("version of the terms of reference"),
}  # fmt: skip
_NOT_GIVEN = {
    "requester_id": _NUMBER, "organisation_id": _NUMBER,
    "handled_by": "It is another person.",
    "people_forgotten_at": "After that it tells of nobody.",
    "form_token": "It tells a form from others.",
    "version": "It counts changes of the row.",
    "search_text": "It is the title once more, folded for the search.",
}  # fmt: skip

RULES = (
    Rule(
        table=ExpertiseRequest, title=_("Your drafts"), rows=_drafts,
        given=_TEXTS, withheld=_NOT_GIVEN, fate=Fate.DELETED,
    ),
    Rule(
        table=ExpertiseRequest, title=_("Your requests"), rows=_sent,
        given=_TEXTS, withheld=_NOT_GIVEN, fate=Fate.KEPT, because=_AUTHORITY,
    ),
    Rule(
        table=ExpertiseRequest, title=_("Requests that name you as the focal point"),
        rows=_named_in, erased=_none, given={"id": _("number"), "focal_point": _("focal point")},
        withheld=_NOT_GIVEN | dict.fromkeys(_TEXTS, "It stands among the writer's own requests."),
        fate=Fate.EMPTIED, emptied={"focal_point": ""}, because=_AUTHORITY,
    ),
    Rule(
        table=ExpertiseRequest, title=_("Requests that name you as the authorised contact"),
        rows=_authorised_in,
        erased=_none,
        given={"id": _("number"), "authorised_contact": _("authorised contact")},
        withheld=_NOT_GIVEN | dict.fromkeys(_TEXTS, "It stands among the writer's own requests."),
        fate=Fate.EMPTIED, emptied={"authorised_contact": ""}, because=_AUTHORITY,
    ),
    Rule(
        table=RequestTheme, title=_("Themes of your requests"),
        rows=_of_request(RequestTheme.request_id),
        given={"request_id": _("request"), "theme_code": _("theme"), "position": _("order")},
        withheld={"id": _NUMBER}, fate=Fate.KEPT, because=_AUTHORITY,
    ),
    Rule(
        table=RequiredLanguage, title=_("Languages of your requests"),
        rows=_of_request(RequiredLanguage.request_id),
        given={
            "request_id": _("request"), "language": _("language"), "level": _("level"),
            "required": _("required"), "one_is_enough": _("one of them is enough"),
        },
        withheld={"id": _NUMBER}, fate=Fate.KEPT, because=_AUTHORITY,
    ),
    Rule(
        table=ExcludedJurisdiction, title=_("Jurisdictions that your requests exclude"),
        rows=_of_request(ExcludedJurisdiction.request_id),
        given={"request_id": _("request"), "code": _("jurisdiction")},
        withheld={"id": _NUMBER}, fate=Fate.KEPT, because=_AUTHORITY,
    ),
    Rule(
        table=TermsOfReference, title=_("Terms of reference of your requests"),
        rows=_of_request(TermsOfReference.request_id),
        given={
            "request_id": _("request"), "version": _("version"), "accepted_at": _("accepted on"),
            "content": _("text"),
        },
        withheld={"id": _NUMBER, "accepted_by": "It may be another person."},
        fate=Fate.KEPT, because=_AUTHORITY,
    ),
    Rule(
        table=ActedOn, title=_("Requests on which you have acted"),
        rows=of_account(ActedOn.account_id),
        given={"request_id": _("request"), "side": _("role")},
        withheld={"account_id": _NUMBER}, fate=Fate.KEPT,
        because=_("Nobody acts on a request for both sides, in whatever role they come back."),
    ),
    Rule(
        table=RequestFile, title=_("Files that you added to requests"),
        rows=of_account(RequestFile.added_by),
        given={
            "request_id": _("request"), "name": _("name"), "kind": _("kind"), "size": _("size"),
            "added_at": _("added on"), "for_invited": _("read by invited experts"),
        },
        withheld={
            "id": _NUMBER, "added_by": _NUMBER, "digest": "It tells whether the content changed.",
            "content": "It is a document of the authority, and can be saved from the request.",
        },
        fate=Fate.KEPT, because=_AUTHORITY,
    ),
    Rule(
        table=FieldComment, title=_("Comments that you wrote at fields of requests"),
        rows=of_account(FieldComment.written_by),
        given={
            "request_id": _("request"), "field": _("field"), "written_at": _("written on"),
            "text": _("text"), "settled_at": _("acted on at"),
        },
        withheld={"id": _NUMBER, "written_by": _NUMBER},
        fate=Fate.EMPTIED, emptied={"text": ""},
        because=_("That something was written, and when, belongs to the story of the request."),
    ),
    Rule(
        table=RequestMessage, title=_("Messages that you wrote about requests"),
        rows=of_account(RequestMessage.written_by),
        given={
            "request_id": _("request"), "written_at": _("written on"), "text": _("text"),
        },
        withheld={
            "id": _NUMBER, "written_by": _NUMBER,
            "from_office": "It tells the side on which it was written.",
            "settled_at": "It tells what another side did with it.",
        },
        fate=Fate.EMPTIED, emptied={"text": ""},
        because=_("That something was written, and when, belongs to the story of the request."),
    ),
)  # fmt: skip
